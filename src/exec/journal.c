/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "exec/journal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/explain.h"
#include "exec/database.h"
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

enum statement {
    GET_BOOT,
    DROP_BOOT,
    DROP_CLAIMS,
    DROP_MEMBERS,
    DROP_STEPS,
    ADD_BOOT,
    COUNT_UP,
    GET_COUNT,
    ADD_CLAIM,
    ADD_MEMBER,
    ADD_STEP,
    SET_STEP,
    SET_STATE,
    SET_HELD,
    COUNT_OPEN,
    END_STEPS,
    END_MEMBERS,
    END_CLAIM,
    GET_CLAIMS,
    GET_MEMBERS,
    GET_STEPS,
    N_STATEMENTS
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

struct iow_journal {
    struct iow_database *database; /* NULL: there is none of this boot, and it is only read */
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

/* Reading. What is malformed marks the database; whoever reads asks at the end. */

/* The number of a name among those of an enumeration. */
static unsigned number_of(
    struct iow_database *database, const char *text, unsigned count, const char *(*name)(unsigned number))
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(name(i), text) == 0)
            return i;
    iow_database_unsound(database);
    return 0;
}

/* The functions that name enumerators, as functions of a number. */
#define NAMES(of, name, type)                                                                                \
    static const char *of(unsigned number)                                                                   \
    {                                                                                                        \
        return name((enum type)number);                                                                      \
    }
NAMES(claim_state, iow_claim_state_name, iow_claim_state)
NAMES(step_state, iow_step_state_name, iow_step_state)
NAMES(step_kind, iow_step_kind_name, iow_step_kind)
NAMES(role, iow_member_role_name, iow_member_role)
NAMES(rule_id, iow_rule_id, iow_rule)

static struct iow_address read_address(struct iow_database *database, const char *text)
{
    struct iow_address address = {0};

    if (iow_address_parse(text, strlen(text), &address) < 0)
        iow_database_unsound(database);
    return address;
}

static const char *keep(struct iow_mem *mem, const char *text, bool *full)
{
    const char *copy = iow_mem_text(mem, text, strlen(text));

    if (!copy)
        *full = true;
    return copy;
}

static bool read_claim(struct iow_database *database, struct iow_mem *mem, struct iow_claim *claim)
{
    bool full = false;

    claim->id = (int64_t)iow_database_number(database, GET_CLAIMS, 0, INT64_MAX);
    claim->transaction = (int64_t)iow_database_number(database, GET_CLAIMS, 1, INT64_MAX);
    claim->state =
        number_of(database, iow_database_text(database, GET_CLAIMS, 2), IOW_CLAIM__COUNT, claim_state);
    claim->group = (uint32_t)iow_database_number(database, GET_CLAIMS, 3, UINT32_MAX);
    claim->uid = (uint32_t)iow_database_number(database, GET_CLAIMS, 4, UINT32_MAX);
    claim->by_uid = (uint32_t)iow_database_number(database, GET_CLAIMS, 5, UINT32_MAX);
    claim->began_usec = iow_database_number(database, GET_CLAIMS, 6, INT64_MAX);
    claim->bound = iow_database_number(database, GET_CLAIMS, 7, 1);
    claim->command = keep(mem, iow_database_text(database, GET_CLAIMS, 8), &full);
    claim->supervisor.pid = (uint32_t)iow_database_number(database, GET_CLAIMS, 9, UINT32_MAX);
    claim->supervisor.start_ticks = iow_database_number(database, GET_CLAIMS, 10, INT64_MAX);
    return !full;
}

static bool read_member(struct iow_database *database, struct iow_claim_member *member)
{
    member->function = read_address(database, iow_database_text(database, GET_MEMBERS, 0));
    member->role = number_of(database, iow_database_text(database, GET_MEMBERS, 1), IOW_MEMBER__COUNT, role);
    return true;
}

static bool read_step(
    struct iow_database *database, struct iow_mem *mem, uint32_t group, struct iow_claim_step *step)
{
    struct iow_step *s = &step->step;
    bool full = false;

    step->id = (int64_t)iow_database_number(database, GET_STEPS, 0, INT64_MAX);
    s->kind = number_of(database, iow_database_text(database, GET_STEPS, 1), IOW_STEP__COUNT, step_kind);
    s->group = group;
    if (s->kind != IOW_STEP_LOAD && s->kind != IOW_STEP_GIVE)
        s->function = read_address(database, iow_database_text(database, GET_STEPS, 2));
    s->identity = (uint32_t)iow_database_number(database, GET_STEPS, 3, UINT32_MAX);
    s->before = keep(mem, iow_database_text(database, GET_STEPS, 4), &full);
    s->after = keep(mem, iow_database_text(database, GET_STEPS, 5), &full);
    step->state =
        number_of(database, iow_database_text(database, GET_STEPS, 6), IOW_STEP_STATE__COUNT, step_state);
    step->effort.pid = (uint32_t)iow_database_number(database, GET_STEPS, 7, UINT32_MAX);
    step->effort.start_ticks = iow_database_number(database, GET_STEPS, 8, INT64_MAX);
    step->rule = number_of(database, iow_database_text(database, GET_STEPS, 9), IOW_RULE__COUNT, rule_id);
    step->error = (int)iow_database_number(database, GET_STEPS, 10, INT32_MAX);
    return !full;
}

static int no_memory(struct iow_explain *reterr)
{
    return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
}

static int read_members(
    struct iow_database *database, struct iow_mem *mem, struct iow_claim *claim, struct iow_explain *reterr)
{
    struct iow_list list = {0};
    int r;

    iow_database_query(database, GET_MEMBERS, "i", claim->id);
    while ((r = iow_database_next(database, GET_MEMBERS, reterr)) > 0) {
        struct iow_claim_member *member = iow_list_add(&list, sizeof(*member));

        if (!member || !read_member(database, member)) {
            r = no_memory(reterr);
            break;
        }
    }
    claim->n_members = list.n;
    claim->members = iow_list_keep(&list, sizeof(*claim->members), mem);
    iow_list_done(&list);
    return r == 0 && !claim->members ? no_memory(reterr) : r;
}

static int read_steps(
    struct iow_database *database, struct iow_mem *mem, struct iow_claim *claim, struct iow_explain *reterr)
{
    struct iow_list list = {0};
    int r;

    iow_database_query(database, GET_STEPS, "i", claim->id);
    while ((r = iow_database_next(database, GET_STEPS, reterr)) > 0) {
        struct iow_claim_step *step = iow_list_add(&list, sizeof(*step));

        if (!step || !read_step(database, mem, claim->group, step)) {
            r = no_memory(reterr);
            break;
        }
    }
    claim->n_steps = list.n;
    claim->steps = iow_list_keep(&list, sizeof(*claim->steps), mem);
    iow_list_done(&list);
    return r == 0 && !claim->steps ? no_memory(reterr) : r;
}

static int read_claims(
    struct iow_database *database, struct iow_mem *mem, struct iow_list *list, struct iow_explain *reterr)
{
    int r;

    iow_database_query(database, GET_CLAIMS, "");
    while ((r = iow_database_next(database, GET_CLAIMS, reterr)) > 0) {
        struct iow_claim *claim = iow_list_add(list, sizeof(*claim));

        if (!claim || !read_claim(database, mem, claim))
            return no_memory(reterr);
    }
    for (uint32_t i = 0; r == 0 && i < list->n; i++) {
        struct iow_claim *claim = (struct iow_claim *)list->items + i;

        r = read_members(database, mem, claim, reterr);
        if (r == 0)
            r = read_steps(database, mem, claim, reterr);
    }
    return r < 0 ? r : iow_database_sound(database, reterr);
}

int iow_journal_claims(struct iow_journal *journal, struct iow_mem *mem, const struct iow_claim **ret,
    uint32_t *ret_n, struct iow_explain *reterr)
{
    struct iow_list list = {0};
    int r = 0;

    if (journal->database) {
        r = iow_database_begin(journal->database, false, reterr);
        if (r < 0)
            return r;
        r = iow_database_end(journal->database, read_claims(journal->database, mem, &list, reterr), reterr);
    }
    *ret_n = list.n;
    *ret = iow_list_keep(&list, sizeof(**ret), mem);
    iow_list_done(&list);
    return r == 0 && !*ret ? no_memory(reterr) : r;
}
