/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "exec/journal.h"

#include <stdlib.h>
#include <string.h>

#include "base/explain.h"
#include "exec/journal-file.h"
#include "facts/facts.h"

#define COMMAND_BYTES 4096
#define CUT " ..."

/* Numbers as they are in memory, enumerators by their names, addresses as text. A step that concerns no function has
 * the empty text. transactions: the number given last. */
static const char *const schema[] = {
    "CREATE TABLE boot (id TEXT NOT NULL, transactions INTEGER NOT NULL) STRICT",
    "CREATE TABLE claim (id INTEGER PRIMARY KEY, number INTEGER NOT NULL, state TEXT NOT NULL,"
    " iommu_group INTEGER NOT NULL, uid INTEGER NOT NULL, by_uid INTEGER NOT NULL, began INTEGER NOT NULL,"
    " bound INTEGER NOT NULL, command TEXT NOT NULL, pid INTEGER NOT NULL, start INTEGER NOT NULL) STRICT",
    "CREATE TABLE member (claim INTEGER NOT NULL, function TEXT NOT NULL, role TEXT NOT NULL) STRICT",
    "CREATE TABLE step (id INTEGER PRIMARY KEY, claim INTEGER NOT NULL, kind TEXT NOT NULL,"
    " function TEXT NOT NULL, identity INTEGER NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,"
    " state TEXT NOT NULL, pid INTEGER NOT NULL, start INTEGER NOT NULL, rule TEXT NOT NULL,"
    " error INTEGER NOT NULL) STRICT",
};

static const char *const statements[N_STATEMENTS] = {
    [GET_BOOT] = "SELECT id FROM boot",
    [DROP_BOOT] = "DELETE FROM boot",
    [DROP_CLAIMS] = "DELETE FROM claim",
    [DROP_MEMBERS] = "DELETE FROM member",
    [DROP_STEPS] = "DELETE FROM step",
    [ADD_BOOT] = "INSERT INTO boot VALUES (?1, 0)",
    [COUNT_UP] = "UPDATE boot SET transactions = transactions + 1",
    [GET_COUNT] = "SELECT transactions FROM boot",
    [ADD_CLAIM] = "INSERT INTO claim VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [ADD_MEMBER] = "INSERT INTO member VALUES (?1, ?2, ?3)",
    [ADD_STEP] = "INSERT INTO step VALUES"
                 " (NULL, (SELECT id FROM claim WHERE number = ?1 AND iommu_group = ?2),"
                 " ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, ?9, 0)",
    [SET_STEP] = "UPDATE step SET state = ?2, pid = ?3, start = ?4, before = coalesce(?5, before),"
                 " rule = ?6, error = ?7 WHERE id = ?1",
    [SET_STATE] = "UPDATE claim SET state = ?2 WHERE id = ?1",
    [SET_HELD] = "UPDATE claim SET state = ?2 WHERE number = ?1",
    [COUNT_OPEN] = "SELECT count(*) FROM step WHERE claim = ?1 AND state IN (?2, ?3, ?4)",
    [END_STEPS] = "DELETE FROM step WHERE claim = ?1",
    [END_MEMBERS] = "DELETE FROM member WHERE claim = ?1",
    [END_CLAIM] = "DELETE FROM claim WHERE id = ?1",
    [GET_CLAIMS] = "SELECT id, number, state, iommu_group, uid, by_uid, began, bound, command, pid, start"
                   " FROM claim ORDER BY id",
    [GET_MEMBERS] = "SELECT function, role FROM member WHERE claim = ?1 ORDER BY rowid",
    [GET_STEPS] = "SELECT id, kind, function, identity, before, after, state, pid, start, rule, error"
                  " FROM step WHERE claim = ?1 ORDER BY id",
};

static const struct iow_database_kind kind = {
    .application = 0x696f776a, /* "iowj" */
    .version = 1,
    .pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF",
    .schema = schema,
    .n_schema = sizeof(schema) / sizeof(schema[0]),
    .statements = statements,
    .n_statements = N_STATEMENTS,
};

/* 1: what is in it is of this boot; 0: not */
static int same_boot(struct iow_database *database, const char *boot_id, struct iow_explain *reterr)
{
    bool same = false;
    int r;

    iow_database_query(database, GET_BOOT, "");
    r = iow_database_next(database, GET_BOOT, reterr);
    if (r <= 0)
        return r;
    same = strcmp(iow_database_text(database, GET_BOOT, 0), boot_id) == 0;
    r = iow_database_finish(database, GET_BOOT, reterr);
    return r < 0 ? r : same;
}

static int forget_all(struct iow_database *database, const char *boot_id, struct iow_explain *reterr)
{
    int r = 0;

    for (enum statement i = DROP_BOOT; r == 0 && i <= DROP_STEPS; i++) {
        iow_database_query(database, i, "");
        r = iow_database_finish(database, i, reterr);
    }
    if (r < 0)
        return r;
    iow_database_query(database, ADD_BOOT, "t", boot_id);
    return iow_database_finish(database, ADD_BOOT, reterr);
}

static int enter_boot(struct iow_database *database, const char *boot_id, struct iow_explain *reterr)
{
    int r = same_boot(database, boot_id, reterr);

    if (r != 0)
        return r < 0 ? r : 0;
    r = iow_database_begin(database, true, reterr);
    if (r < 0)
        return r;
    r = same_boot(database, boot_id, reterr);
    if (r == 0)
        r = forget_all(database, boot_id, reterr);
    return iow_database_end(database, r < 0 ? r : 0, reterr);
}

static int give(struct iow_database *database, struct iow_journal **ret, struct iow_explain *reterr)
{
    struct iow_journal *journal = calloc(1, sizeof(*journal));

    if (!journal) {
        iow_database_close(database);
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    }
    journal->database = database;
    *ret = journal;
    return 0;
}

int iow_journal_open(
    const char *path, const char *boot_id, struct iow_journal **ret, struct iow_explain *reterr)
{
    struct iow_database *database;
    int r = iow_database_open(&kind, path, IOW_DATABASE_WRITE, &database, reterr);

    if (r < 0)
        return r;
    r = enter_boot(database, boot_id, reterr);
    if (r < 0) {
        iow_database_close(database);
        return r;
    }
    return give(database, ret, reterr);
}

int iow_journal_open_read(
    const char *path, const char *boot_id, struct iow_journal **ret, struct iow_explain *reterr)
{
    struct iow_database *database = NULL;
    int r = iow_database_open(&kind, path, IOW_DATABASE_READ, &database, reterr);

    if (r == -IOW_ENOENT)
        return give(NULL, ret, reterr);
    if (r == 0)
        r = same_boot(database, boot_id, reterr);
    if (r <= 0)
        database = iow_database_close(database);
    return r < 0 ? r : give(database, ret, reterr);
}

struct iow_journal *iow_journal_close(struct iow_journal *journal)
{
    if (journal)
        iow_database_close(journal->database);
    free(journal);
    return NULL;
}

static bool has_group(const struct iow_plan *plan, uint32_t group)
{
    for (uint32_t i = 0; i < plan->n_members; i++)
        if (plan->members[i].group == group)
            return true;
    return false;
}

static bool fits(const struct iow_facts *facts, const struct iow_plan *plan)
{
    for (uint32_t i = 0; i < plan->n_members; i++)
        if (!iow_facts_function_at(facts, plan->members[i].function))
            return false;
    for (uint32_t i = 0; i < plan->n_steps; i++)
        if (plan->steps[i].kind != IOW_STEP_LOAD && !has_group(plan, plan->steps[i].group))
            return false;
    return plan->n_members > 0;
}

static int next_transaction(struct iow_database *database, int64_t *ret, struct iow_explain *reterr)
{
    int r;

    iow_database_query(database, COUNT_UP, "");
    r = iow_database_finish(database, COUNT_UP, reterr);
    if (r < 0)
        return r;
    iow_database_query(database, GET_COUNT, "");
    r = iow_database_next(database, GET_COUNT, reterr);
    if (r <= 0)
        return r;
    *ret = (int64_t)iow_database_number(database, GET_COUNT, 0, INT64_MAX);
    return iow_database_finish(database, GET_COUNT, reterr);
}

/* For people only. A command line may be longer than any value that the file takes. */
static const char *cut_command(const char *command, char buf[COMMAND_BYTES])
{
    if (!command)
        return "";
    if (strlen(command) < COMMAND_BYTES)
        return command;
    memcpy(buf, command, COMMAND_BYTES - sizeof(CUT));
    memcpy(buf + COMMAND_BYTES - sizeof(CUT), CUT, sizeof(CUT));
    return buf;
}

static int add_claim(struct iow_database *database, int64_t number, uint32_t group,
    const struct iow_transaction *about, struct iow_explain *reterr)
{
    char command[COMMAND_BYTES];

    iow_database_query(database, ADD_CLAIM, "itiiiiitii", number, iow_claim_state_name(IOW_CLAIM_TAKING),
        (int64_t)group, (int64_t)about->uid, (int64_t)about->by_uid, (int64_t)about->now_usec,
        (int64_t)about->bound, cut_command(about->command, command), (int64_t)about->supervisor.pid,
        (int64_t)about->supervisor.start_ticks);
    return iow_database_finish(database, ADD_CLAIM, reterr);
}

/* Members are in order of group: a claim begins with the first of each. */
static int add_claims(struct iow_database *database, int64_t number, const struct iow_facts *facts,
    const struct iow_plan *plan, const struct iow_transaction *about, struct iow_explain *reterr)
{
    char address[IOW_ADDRESS_TEXT];
    int64_t claim = 0;
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < plan->n_members; i++) {
        const struct iow_plan_member *m = &plan->members[i];

        if (i == 0 || m->group != m[-1].group) {
            r = add_claim(database, number, m->group, about, reterr);
            claim = iow_database_last_row(database);
        }
        if (r < 0)
            return r;
        iow_address_format(&iow_facts_function_at(facts, m->function)->address, address);
        iow_database_query(database, ADD_MEMBER, "itt", claim, address, iow_member_role_name(m->role));
        r = iow_database_finish(database, ADD_MEMBER, reterr);
    }
    return r;
}

static int add_steps(
    struct iow_database *database, int64_t number, const struct iow_plan *plan, struct iow_explain *reterr)
{
    char address[IOW_ADDRESS_TEXT];
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < plan->n_steps; i++) {
        const struct iow_step *s = &plan->steps[i];
        bool load = s->kind == IOW_STEP_LOAD, node = s->kind == IOW_STEP_GIVE;

        iow_database_query(database, ADD_STEP, "iittitttt", number,
            (int64_t)(load ? plan->members[0].group : s->group), iow_step_kind_name(s->kind),
            load || node ? "" : iow_address_format(&s->function, address), (int64_t)s->identity, s->before,
            s->after, iow_step_state_name(IOW_STEP_PLANNED), iow_rule_id(IOW_RULE_NONE));
        r = iow_database_finish(database, ADD_STEP, reterr);
    }
    return r;
}

int iow_journal_begin(struct iow_journal *journal, const struct iow_facts *facts, const struct iow_plan *plan,
    const struct iow_transaction *about, int64_t *ret_transaction, struct iow_explain *reterr)
{
    struct iow_database *database = journal->database;
    int64_t number = 0;
    int r;

    if (!fits(facts, plan))
        return iow_explain(reterr, -IOW_EINVAL, IOW_RULE_NONE);
    r = iow_database_begin(database, true, reterr);
    if (r < 0)
        return r;
    r = next_transaction(database, &number, reterr);
    if (r == 0)
        r = add_claims(database, number, facts, plan, about, reterr);
    if (r == 0)
        r = add_steps(database, number, plan, reterr);
    r = iow_database_end(database, r, reterr);
    if (r == 0)
        *ret_transaction = number;
    return r;
}

/* For what changes one row, in a commit of its own. */
static int change_one(struct iow_database *database, enum statement statement, struct iow_explain *reterr)
{
    int r = iow_database_finish(database, statement, reterr);

    if (r == 0 && !iow_database_changes(database))
        return iow_explain(reterr, -IOW_EINVAL, IOW_RULE_EXEC_JOURNAL);
    return r;
}

int iow_journal_step(struct iow_journal *journal, int64_t step, enum iow_step_state state,
    const struct iow_effort *effort, const char *before, enum iow_rule rule, int error,
    struct iow_explain *reterr)
{
    iow_database_query(journal->database, SET_STEP, "itiitti", step, iow_step_state_name(state),
        (int64_t)(effort ? effort->pid : 0), (int64_t)(effort ? effort->start_ticks : 0), before,
        iow_rule_id(rule), (int64_t)error);
    return change_one(journal->database, SET_STEP, reterr);
}

int iow_journal_state(
    struct iow_journal *journal, int64_t claim, enum iow_claim_state state, struct iow_explain *reterr)
{
    iow_database_query(journal->database, SET_STATE, "it", claim, iow_claim_state_name(state));
    return change_one(journal->database, SET_STATE, reterr);
}

int iow_journal_hold(struct iow_journal *journal, int64_t transaction, struct iow_explain *reterr)
{
    iow_database_query(journal->database, SET_HELD, "it", transaction, iow_claim_state_name(IOW_CLAIM_HELD));
    return change_one(journal->database, SET_HELD, reterr);
}

static int check_closed(struct iow_database *database, int64_t claim, struct iow_explain *reterr)
{
    uint64_t open;
    int r;

    iow_database_query(database, COUNT_OPEN, "ittt", claim, iow_step_state_name(IOW_STEP_INTENDED),
        iow_step_state_name(IOW_STEP_DONE), iow_step_state_name(IOW_STEP_UNDOING));
    r = iow_database_next(database, COUNT_OPEN, reterr);
    if (r <= 0)
        return r;
    open = iow_database_number(database, COUNT_OPEN, 0, INT64_MAX);
    r = iow_database_finish(database, COUNT_OPEN, reterr);
    return r == 0 && open ? iow_explain(reterr, -IOW_EINVAL, IOW_RULE_EXEC_JOURNAL) : r;
}

int iow_journal_end(struct iow_journal *journal, int64_t claim, struct iow_explain *reterr)
{
    struct iow_database *database = journal->database;
    int r = iow_database_begin(database, true, reterr);

    if (r < 0)
        return r;
    r = check_closed(database, claim, reterr);
    for (enum statement i = END_STEPS; r == 0 && i <= END_CLAIM; i++) {
        iow_database_query(database, i, "i", claim);
        r = iow_database_finish(database, i, reterr);
    }
    return iow_database_end(database, r, reterr);
}
