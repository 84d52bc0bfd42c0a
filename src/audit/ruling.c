/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/ruling.h"

#include <stddef.h>
#include <string.h>

/* Of IOW_DECISION_LIST, in its order; IOW_OPERATION__COUNT: none. */
static const enum iow_operation operation_of[IOW_DECISION__COUNT] = {
    [IOW_DECISION_CLAIM_GROUP] = IOW_OPERATION_CLAIM_GROUP,
    [IOW_DECISION_CLAIM_DEVICE] = IOW_OPERATION_CLAIM_DEVICE,
    [IOW_DECISION_RELEASE_GROUP] = IOW_OPERATION_RELEASE_GROUP,
    [IOW_DECISION_RELEASE_DEVICE] = IOW_OPERATION_RELEASE_DEVICE,
    [IOW_DECISION_PROBE] = IOW_OPERATION_PROBE,
    [IOW_DECISION_UNBOUND] = IOW_OPERATION_UNBOUND,
    [IOW_DECISION_ATTACH_GROUP] = IOW_OPERATION_ATTACH_GROUP,
    [IOW_DECISION_DETACH_GROUP] = IOW_OPERATION_DETACH_GROUP,
    [IOW_DECISION_ATTACH_HANDLE] = IOW_OPERATION_ATTACH_GROUP,
    [IOW_DECISION_DETACH_HANDLE] = IOW_OPERATION_DETACH_GROUP,
    [IOW_DECISION_REPLACE_HANDLE] = IOW_OPERATION_REPLACE,
    [IOW_DECISION_REPLACE] = IOW_OPERATION_REPLACE,
    [IOW_DECISION_ATTACH_DEVICE] = IOW_OPERATION_ATTACH_DEVICE,
    [IOW_DECISION_DETACH_DEVICE] = IOW_OPERATION_DETACH_DEVICE,
    [IOW_DECISION_ATTACH_PASID] = IOW_OPERATION_ATTACH_PASID,
    [IOW_DECISION_DETACH_PASID] = IOW_OPERATION_DETACH_PASID,
    [IOW_DECISION_JOIN] = IOW_OPERATION_ADD,
    [IOW_DECISION_LEAVE] = IOW_OPERATION_REMOVE,
    [IOW_DECISION_NO_JOIN] = IOW_OPERATION_ADD,
    [IOW_DECISION_SET_TYPE] = IOW_OPERATION_SET_TYPE,
    [IOW_DECISION_RESET] = IOW_OPERATION__COUNT,
    [IOW_DECISION_RESET_LOCKED] = IOW_OPERATION__COUNT,
    [IOW_DECISION_TRY_RESET] = IOW_OPERATION__COUNT,
    [IOW_DECISION_RESET_BUS] = IOW_OPERATION__COUNT,
};

/* What may be one thing or another when it was not seen, each with as many ways. */
enum unseen {
    UNSEEN_TYPE,   /* of the default domain */
    UNSEEN_WANTED, /* the type to set */
    UNSEEN_FORCED, /* the firmware or the IOMMU's driver wants another type: never seen */
    UNSEEN_BOUND,
    UNSEEN_OTHER_IOMMU,
    N_UNSEEN
};

static const enum iow_domain_type types[] = {IOW_TYPE_DMA, IOW_TYPE_DMA_FQ, IOW_TYPE_IDENTITY};

enum {
    N_TYPES = sizeof(types) / sizeof(types[0])
};

struct question {
    const struct iow_profile *profile;
    const struct iow_decision *decision;
    enum iow_operation operation;
    unsigned ways[N_UNSEEN]; /* how many; 1 where it was seen or does not matter */
    unsigned way[N_UNSEEN];  /* the one that is asked about now */
};

/* --- what was seen, in the words of the core --- */

static bool is_seen(const struct iow_group_look *look)
{
    return look->flags & IOW_LOOK_SEEN;
}

/* A type as the kernel numbers it; IOW_TYPE_NONE: none that the core knows. */
static enum iow_domain_type type_of(uint32_t number)
{
    switch (number) {
    case IOW_LOOK_TYPE_DMA:
        return IOW_TYPE_DMA;
    case IOW_LOOK_TYPE_DMA_FQ:
        return IOW_TYPE_DMA_FQ;
    case IOW_LOOK_TYPE_IDENTITY:
        return IOW_TYPE_IDENTITY;
    default:
        return IOW_TYPE_NONE;
    }
}

static enum iow_domain_kind kind_of(uint32_t domain)
{
    static const enum iow_domain_kind kinds[] = {[IOW_LOOK_DEFAULT] = IOW_KIND_DEFAULT,
        [IOW_LOOK_BLOCKING] = IOW_KIND_BLOCKING,
        [IOW_LOOK_OTHER] = IOW_KIND_TABLE,
        [IOW_LOOK_OTHER_IDENTITY] = IOW_KIND_IDENTITY};

    return domain < sizeof(kinds) / sizeof(kinds[0]) ? kinds[domain] : IOW_KIND_TABLE;
}

static enum iow_domain_type default_type(const struct question *q, const struct iow_group_look *look)
{
    enum iow_domain_type type = type_of(look->default_type);

    if (!(look->flags & IOW_LOOK_HAS_DEFAULT))
        return IOW_TYPE_NONE;
    return type != IOW_TYPE_NONE ? type : types[q->way[UNSEEN_TYPE]];
}

/* The owner before is 1; who asks is the same or 2; anyone else is 3. */
static uint32_t tag_of(const struct iow_decision *d, uint32_t token)
{
    if (d->before.flags & IOW_LOOK_OWNED && token == d->before.token)
        return 1;
    return d->flags & IOW_DECISION_COOKIE && token == d->asker ? 2 : 3;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static struct iow_ownership ownership_of(const struct question *q, const struct iow_group_look *look)
{
    bool owned = look->flags & IOW_LOOK_OWNED;

    return (struct iow_ownership){
        .kind = kind_of(look->domain),
        .type = default_type(q, look),
        .tag = owned ? tag_of(q->decision, look->token) : 0,
        .claims = owned ? least(look->count, IOW_MOST_CLAIMS) : 0,
        .drivers = owned ? 0 : least(look->count, IOW_MOST_DRIVERS),
        .pasids = look->flags & IOW_LOOK_PASIDS ? 1 : 0,
    };
}

static const struct {
    const char *text;
    enum iow_domain_type type;
} wanted_types[] = {{"DMA", IOW_TYPE_DMA}, {"DMA-FQ", IOW_TYPE_DMA_FQ}, {"identity", IOW_TYPE_IDENTITY}};

/* IOW_TYPE_NONE: none of these; the kernel takes it as it is, or with a newline. */
static enum iow_domain_type type_wanted(const struct iow_decision *d)
{
    const char *text = d->wanted;
    size_t len = 0;

    while (len < sizeof(d->wanted) && text[len] && text[len] != '\n')
        len++;

    for (size_t i = 0; i < sizeof(wanted_types) / sizeof(wanted_types[0]); i++)
        if (strlen(wanted_types[i].text) == len && strncmp(wanted_types[i].text, text, len) == 0)
            return wanted_types[i].type;
    return IOW_TYPE_NONE;
}

static bool wants_auto(const struct iow_decision *d)
{
    return strncmp(d->wanted, "auto", 4) == 0 && (!d->wanted[4] || d->wanted[4] == '\n');
}

/* A text that is no type is refused before anything is looked at, and no row is about that. */
static bool is_malformed(const struct iow_decision *d)
{
    return d->what == IOW_DECISION_SET_TYPE && d->flags & IOW_DECISION_NAMES &&
           type_wanted(d) == IOW_TYPE_NONE && !wants_auto(d);
}

/* So may a text be that was not seen. */
static bool may_be_malformed(const struct iow_decision *d)
{
    return d->what == IOW_DECISION_SET_TYPE && !(d->flags & IOW_DECISION_NAMES) && d->result == -IOW_EINVAL;
}

static struct iow_event event_of(const struct question *q, const struct iow_group_look *look)
{
    const struct iow_decision *d = q->decision;
    enum iow_domain_type wanted = d->flags & IOW_DECISION_NAMES ? type_wanted(d) : IOW_TYPE_NONE;

    return (struct iow_event){
        .operation = q->operation,
        .tag = d->flags & IOW_DECISION_COOKIE ? tag_of(d, d->asker) : 0,
        .domain = kind_of(d->domain),
        .type = wanted != IOW_TYPE_NONE ? wanted : types[q->way[UNSEEN_WANTED]],
        .outside = d->flags & IOW_DECISION_OUTSIDE,
        .any_bound =
            d->flags & IOW_DECISION_BOUND_SEEN ? d->flags & IOW_DECISION_BOUND : q->way[UNSEEN_BOUND],
        .other_iommu = d->flags & IOW_DECISION_OTHER_SEEN ? d->flags & IOW_DECISION_OTHER_IOMMU
                                                          : q->way[UNSEEN_OTHER_IOMMU],
        .not_attached = d->flags & IOW_DECISION_OTHER_DOMAIN,
        .forced = q->way[UNSEEN_FORCED],
        .members = look->members,
    };
}

/* --- what may have been --- */

static void count_ways(struct question *q)
{
    const struct iow_decision *d = q->decision;
    const struct iow_group_look *looks[] = {&d->before, &d->after};
    bool typed = d->what == IOW_DECISION_SET_TYPE;

    for (unsigned i = 0; i < N_UNSEEN; i++)
        q->ways[i] = 1;
    for (unsigned i = 0; i < 2; i++)
        if (looks[i]->flags & IOW_LOOK_HAS_DEFAULT && type_of(looks[i]->default_type) == IOW_TYPE_NONE)
            q->ways[UNSEEN_TYPE] = N_TYPES;
    if (typed && (!(d->flags & IOW_DECISION_NAMES) || wants_auto(d)))
        q->ways[UNSEEN_WANTED] = N_TYPES;
    if (typed)
        q->ways[UNSEEN_FORCED] = 2;
    if (typed && !(d->flags & IOW_DECISION_BOUND_SEEN))
        q->ways[UNSEEN_BOUND] = 2;
    if (d->domain >= IOW_LOOK_OTHER && !(d->flags & IOW_DECISION_OTHER_SEEN))
        q->ways[UNSEEN_OTHER_IOMMU] = 2;
}

/* The next of all ways, like a number's digits; false: that was the last. */
static bool next_way(struct question *q)
{
    for (unsigned i = 0; i < N_UNSEEN; i++) {
        if (++q->way[i] < q->ways[i])
            return true;
        q->way[i] = 0;
    }
    return false;
}

/* --- the rules that give the answer --- */

static void add_rule(struct iow_ruling *ruling, enum iow_rule rule)
{
    if (rule == IOW_RULE_NONE) {
        ruling->perhaps_done = true;
        return;
    }
    for (uint32_t i = 0; i < ruling->n_rules; i++)
        if (ruling->rules[i] == rule)
            return;
    if (ruling->n_rules < IOW_RULING_RULES)
        ruling->rules[ruling->n_rules++] = rule;
}

/* Beyond the table: what it lets through may fail at a member, in ways that it does not tell apart. */
static void add_failed_move(struct question *q, const struct iow_transition *t, struct iow_ruling *ruling)
{
    bool claim = q->operation == IOW_OPERATION_CLAIM_GROUP || q->operation == IOW_OPERATION_CLAIM_DEVICE;

    if (t->move == IOW_MOVE_NONE || q->decision->result == -IOW_ENOMEM)
        return;
    add_rule(ruling, IOW_RULE_DMA_ATTACH_FAILED);
    if (claim && q->decision->result == -IOW_EINVAL && q->profile->features & 1u << IOW_FEATURE_DIRECT_KEPT)
        add_rule(ruling, IOW_RULE_DMA_DIRECT);
}

static bool same_group(const struct iow_group_look *a, const struct iow_group_look *b)
{
    return a->flags == b->flags && a->count == b->count && a->token == b->token && a->domain == b->domain &&
           a->default_type == b->default_type && a->members == b->members;
}

/* Is the group afterwards as this left it? */
static bool is_as_left(struct question *q, uint64_t next)
{
    const struct iow_group_look *after = &q->decision->after;
    struct iow_ownership left = iow_ownership_unpack(next), is = ownership_of(q, after);

    return !is_seen(after) || (left.kind == is.kind && left.type == is.type && left.tag == is.tag &&
                                  left.claims + left.drivers == is.claims + is.drivers);
}

/* One way that it may have been, at one moment. */
static void ask(struct question *q, const struct iow_group_look *look, struct iow_ruling *ruling)
{
    const struct iow_decision *d = q->decision;
    struct iow_ownership is = ownership_of(q, look);
    struct iow_event event = event_of(q, look);
    struct iow_transition_row row;
    struct iow_transition t;
    int code = iow_transition(q->profile, iow_ownership_pack(&is), &event, &t, NULL);

    (void)iow_transition_row_at(t.row, &row);
    if (code == d->result && !(t.warned && is_seen(&d->after) && !same_group(look, &d->after)))
        add_rule(ruling, row.rule);
    else if (code == 0 && d->result < 0)
        add_failed_move(q, &t, ruling);
    if (code == d->result && look == &d->before && is_as_left(q, t.next))
        ruling->changed = false;
}

static void ask_all(struct question *q, const struct iow_group_look *look, struct iow_ruling *ruling)
{
    do
        ask(q, look, ruling);
    while (next_way(q));
}

static enum iow_reading reading_of(const struct iow_ruling *ruling)
{
    uint32_t n = ruling->n_rules + ruling->perhaps_done + ruling->perhaps_earlier;

    if (n > 1)
        return IOW_READING_AMBIGUOUS;
    if (n == 0)
        return IOW_READING_NONE;
    return ruling->n_rules ? IOW_READING_REASON : IOW_READING_DONE;
}

/*
 * The state that decided was between the two looks. Of a refusal, which changes nothing, both may be it; what was let
 * through is told by the state before, or where that was not seen (members come and go at one moment), by the other.
 */
void iow_ruling_of(const struct iow_profile *profile, const struct iow_decision *d, struct iow_ruling *ret)
{
    struct question q = {.profile = profile, .decision = d, .operation = IOW_OPERATION__COUNT};
    bool before = is_seen(&d->before) || d->flags & IOW_DECISION_OUTSIDE, after = is_seen(&d->after);

    if (d->what < IOW_DECISION__COUNT)
        q.operation = operation_of[d->what];
    *ret = (struct iow_ruling){.reading = IOW_READING_BESIDE, .operation = q.operation};
    if (q.operation == IOW_OPERATION__COUNT)
        return;
    count_ways(&q);
    ret->changed = is_seen(&d->before) && after;
    if (is_malformed(d))
        after = before = ret->changed = false;
    if (before)
        ask_all(&q, &d->before, ret);
    if (after && (d->result < 0 || !before))
        ask_all(&q, &d->after, ret);
    if (d->result < 0)
        ret->changed = ret->changed && !same_group(&d->before, &d->after);
    ret->perhaps_earlier = ret->n_rules && may_be_malformed(d);
    ret->reading = reading_of(ret);
    ret->perhaps_done = ret->reading == IOW_READING_AMBIGUOUS && ret->perhaps_done;
}

const char *iow_reading_name(enum iow_reading reading)
{
    static const char *const names[] = {[IOW_READING_DONE] = "done",
        [IOW_READING_REASON] = "reason",
        [IOW_READING_AMBIGUOUS] = "ambiguous",
        [IOW_READING_NONE] = "none",
        [IOW_READING_BESIDE] = "beside"};

    return (unsigned)reading < IOW_READING__COUNT ? names[reading] : "?";
}

const char *iow_decision_function(uint32_t what)
{
    static const char *const names[] = {
#define DECISION_FUNCTION(name, function, purpose, always) function,
        IOW_DECISION_LIST(DECISION_FUNCTION)
#undef DECISION_FUNCTION
    };

    return what < IOW_DECISION__COUNT ? names[what] : "?";
}
