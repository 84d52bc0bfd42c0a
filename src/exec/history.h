/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The history: who had which group when. SQLite, in /var/lib/ioward; only added to. Losing it hurts nobody's devices, so
 * nothing that acts on the machine fails because of it. */
#ifndef IOWARD_EXEC_HISTORY_H
#define IOWARD_EXEC_HISTORY_H

#include <ioward/claim.h>

struct iow_history_file;

/* iow_history_open - as iow_journal_open(); created if it is not there */
int iow_history_open(const char *path, struct iow_history_file **ret, struct iow_explain *reterr);

/* iow_history_open_read - for those who only look: makes none, and changes nothing in it. No file: no entries. Errors: also
 * -IOW_EACCES */
int iow_history_open_read(const char *path, struct iow_history_file **ret, struct iow_explain *reterr);
struct iow_history_file *iow_history_close(struct iow_history_file *history);

enum iow_history_kind {
    IOW_HISTORY_CLAIMED,
    IOW_HISTORY_RELEASED,
    IOW_HISTORY_ROLLED_BACK,
    IOW_HISTORY_PENDING,
    IOW_HISTORY_OPEN,      /* something could not be put back */
    IOW_HISTORY_FORGOTTEN, /* given up: nothing was put back */
    IOW_HISTORY__COUNT
};

/* iow_history_kind_name - "claimed", "released", "rolled-back", "pending", "open", "forgotten" */
const char *iow_history_kind_name(enum iow_history_kind kind);

struct iow_history_entry {
    uint64_t when_usec; /* since the epoch */
    const char *boot_id;
    enum iow_history_kind kind;
    uint32_t group, uid, by_uid;
    const char *members; /* "0000:01:00.0 0000:01:00.1": those that went to the user */
    const char *command; /* "" none */
    const char *note;    /* why, "" nothing to say: rule ids */
};

int iow_history_add(
    struct iow_history_file *history, const struct iow_history_entry *entry, struct iow_explain *reterr);

/* iow_history_list - the latest entries, oldest first, at most limit of them; in mem */
int iow_history_list(struct iow_history_file *history, uint32_t limit, struct iow_mem *mem,
    const struct iow_history_entry **ret, uint32_t *ret_n, struct iow_explain *reterr);

#endif
