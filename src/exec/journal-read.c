/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims as the journal has them. What is malformed marks the database; whoever reads asks at the end. */
#include <string.h>

#include "base/explain.h"
#include "exec/journal-file.h"
#include "facts/facts.h"

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
