/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal: which claims there are, and how far each step of them is. SQLite, in /run/ioward.
 *
 * Invariants:
 *  1. Before a variable of the machine is touched, the step that says so is committed as intended or undoing,
 *     with who carries it out.
 *  2. A step is done, undone or left only after the machine was looked at.
 *  3. A claim is in the journal from before its first step until each of its steps is undone, left, or was never more
 *     than planned.
 *  4. The journal is of one boot: what another boot left is void, since a reboot puts every driver back.
 *  5. What the journal says is a hint where to look. The machine is what is true.
 * The caller has the lock (lock.h) whenever it writes. A crash of the machine loses the journal and the claims
 * together, so it is written without fsync; a killed process loses nothing that it committed, since what it wrote is
 * the kernel's.
 */
#ifndef IOWARD_EXEC_JOURNAL_H
#define IOWARD_EXEC_JOURNAL_H

#include <ioward/claim.h>

struct iow_journal;

/*
 * iow_journal_open
 * In:      path     ":memory:" for a simulated machine
 *          boot_id  of this boot
 * Errors:  -IOW_EIO (IOW-EXEC-JOURNAL): no database, damaged, of a newer ioward, not writable; with what to do
 */
int iow_journal_open(
    const char *path, const char *boot_id, struct iow_journal **ret, struct iow_explain *reterr);

/*
 * iow_journal_open_read - for those who only look: makes none, and changes nothing in it; SQLite may leave its -wal and
 * -shm files beside it
 * Out:     ret     no file, or one of another boot: a journal without claims
 * Errors:  as iow_journal_open(), and -IOW_EACCES: only root may read it
 */
int iow_journal_open_read(
    const char *path, const char *boot_id, struct iow_journal **ret, struct iow_explain *reterr);
struct iow_journal *iow_journal_close(struct iow_journal *journal);

/* What a transaction is for. */
struct iow_transaction {
    uint32_t uid, by_uid;
    bool bound;
    const char *command; /* cut when it is long */
    struct iow_effort supervisor;
    uint64_t now_usec;
};

/*
 * iow_journal_begin - a claim for each group of a plan, state taking, all steps planned, in one commit. A load belongs to
 * the first group
 * Out:     ret_transaction  number of the transaction, not used before during this boot
 * Errors:  -IOW_EINVAL a step of a group without members; -IOW_EIO (IOW-EXEC-JOURNAL), -IOW_ENOMEM
 */
int iow_journal_begin(struct iow_journal *journal, const struct iow_facts *facts, const struct iow_plan *plan,
    const struct iow_transaction *about, int64_t *ret_transaction, struct iow_explain *reterr);

/* iow_journal_step - a step's new state, in one commit; before: the value found, where the plan could not
 * know it, NULL: as it is */
int iow_journal_step(struct iow_journal *journal, int64_t step, enum iow_step_state state,
    const struct iow_effort *effort, const char *before, enum iow_rule rule, int error,
    struct iow_explain *reterr);

/* iow_journal_state - the state of one claim */
int iow_journal_state(
    struct iow_journal *journal, int64_t claim, enum iow_claim_state state, struct iow_explain *reterr);

/* iow_journal_hold - every claim of a transaction is held, in one commit: all or none of them were taken */
int iow_journal_hold(struct iow_journal *journal, int64_t transaction, struct iow_explain *reterr);

/* iow_journal_end - forgets a claim; -IOW_EINVAL while a step of it is intended, done or undoing */
int iow_journal_end(struct iow_journal *journal, int64_t claim, struct iow_explain *reterr);

/* iow_journal_claims - all claims with their steps, oldest first; in mem */
int iow_journal_claims(struct iow_journal *journal, struct iow_mem *mem, const struct iow_claim **ret,
    uint32_t *ret_n, struct iow_explain *reterr);

#endif
