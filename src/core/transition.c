/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/table.h"
#include "core/word.h"

#include "base/explain.h"

struct question {
    const struct iow_profile *profile;
    const struct iow_event *event;
    struct iow_ownership is;
    enum iow_state state;
};

static bool live(const struct question *q)
{
    return q->is.type == IOW_TYPE_DMA && q->event->type == IOW_TYPE_DMA_FQ;
}

static bool holds(enum iow_row_condition condition, const struct question *q)
{
    const struct iow_event *e = q->event;

    switch (condition) {
    case IOW_WHEN_ALWAYS:
        return true;
    case IOW_WHEN_NO_TAG:
        return !e->tag;
    case IOW_WHEN_OTHER_TAG:
        return e->tag != q->is.tag;
    case IOW_WHEN_NO_DEFAULT:
        return q->is.type == IOW_TYPE_NONE;
    case IOW_WHEN_BOTH_IDENTITY:
        return q->is.kind == IOW_KIND_IDENTITY && q->is.type == IOW_TYPE_IDENTITY;
    case IOW_WHEN_OFF_DEFAULT:
        return q->is.kind != IOW_KIND_DEFAULT;
    case IOW_WHEN_AWAY:
        return q->is.kind == IOW_KIND_TABLE || q->is.kind == IOW_KIND_IDENTITY;
    case IOW_WHEN_NOT_ALONE:
        return e->members != 1;
    case IOW_WHEN_LAST:
        return e->members == 1;
    case IOW_WHEN_EMPTY:
        return !e->members;
    case IOW_WHEN_HAS_PASIDS:
        return q->is.pasids;
    case IOW_WHEN_NO_PASIDS:
        return !q->is.pasids;
    case IOW_WHEN_OTHER_DRIVERS:
        return q->is.drivers > (e->tag ? 0u : 1u);
    case IOW_WHEN_NOT_A_DRIVER:
        return !e->tag && !e->asker_counted;
    case IOW_WHEN_NEWCOMER_IDLE:
        return !e->newcomer_counted;
    case IOW_WHEN_MORE_COUNTED:
        return q->is.drivers + q->is.claims > 1;
    case IOW_WHEN_NOT_ATTACHED:
        return e->not_attached;
    case IOW_WHEN_OTHER_IOMMU:
        return e->other_iommu;
    case IOW_WHEN_NOT_OWN_DOMAIN:
        return e->domain == IOW_KIND_DEFAULT || e->domain == IOW_KIND_BLOCKING;
    case IOW_WHEN_IS_DEFAULT:
        return e->domain == IOW_KIND_DEFAULT;
    case IOW_WHEN_BINDS_ANY_NOT_LIVE:
        return e->any_bound && !live(q);
    case IOW_WHEN_LIVE:
        return live(q);
    case IOW_WHEN_FORCED:
        return e->forced;
    case IOW_WHEN_SAME_TYPE:
        return q->is.type == e->type;
    case IOW_WHEN_DRIVERS_FULL:
        return q->is.drivers == IOW_MOST_DRIVERS;
    case IOW_WHEN_CLAIMS_FULL:
        return q->is.claims == IOW_MOST_CLAIMS;
    case IOW_WHEN_PASIDS_FULL:
        return q->is.pasids == IOW_MOST_PASIDS;
    }
    return false;
}

static bool fits(const struct iow_row *row, const struct question *q)
{
    return row->states >> q->state & 1 && (q->profile->features & row->with) == row->with &&
           !(q->profile->features & row->without) && holds(row->condition, q);
}

static uint32_t shown_value(enum iow_row_shown shown, const struct question *q)
{
    switch (shown) {
    case IOW_SHOW_DRIVERS:
        return q->is.drivers;
    case IOW_SHOW_CLAIMS:
        return q->is.claims;
    case IOW_SHOW_TAG:
        return q->is.tag;
    case IOW_SHOW_KIND:
        return q->is.kind;
    case IOW_SHOW_MEMBERS:
        return q->event->members;
    case IOW_SHOW_PASIDS:
        return q->is.pasids;
    case IOW_SHOW_TYPE:
        return q->is.type;
    case IOW_SHOW_NOTHING:
        break;
    }
    return 0;
}

static uint32_t wanted_value(enum iow_row_shown shown, const struct question *q)
{
    switch (shown) {
    case IOW_SHOW_TAG:
        return q->event->tag;
    case IOW_SHOW_MEMBERS:
        return 1;
    case IOW_SHOW_TYPE:
        return q->event->type;
    default:
        return 0;
    }
}

static int refuse(const struct iow_row *row, const struct question *q, struct iow_explain *reterr)
{
    iow_explain(reterr, row->code, (enum iow_rule)row->rule);
    if (row->shown != IOW_SHOW_NOTHING)
        iow_explain_evidence(reterr, shown_value(row->shown, q), wanted_value(row->shown, q), 0);
    return row->code;
}

/* Linux keeps one count, and whoever takes from it takes from what there is. */
static void count_down(uint32_t *first, uint32_t *second)
{
    if (*first)
        (*first)--;
    else
        (*second)--;
}

static bool has(const struct question *q, enum iow_feature feature)
{
    return q->profile->features & 1u << feature;
}

/* On failure newer kernels put back what they moved; otherwise is what older ones do. */
static void move_all(struct iow_transition *t, const struct question *q, enum iow_domain_kind target,
    enum iow_on_failure otherwise)
{
    bool reverts = has(q, IOW_FEATURE_REVERTS) || has(q, IOW_FEATURE_PURE);

    t->move = IOW_MOVE_ALL;
    t->target = target;
    t->failure = reverts ? IOW_ON_FAILURE_REVERT : otherwise;
}

/* A release or detach: Linux tells nobody that it failed, only how it goes on differs. */
static void move_back(struct iow_transition *t, const struct question *q, enum iow_domain_kind target)
{
    t->move = IOW_MOVE_ALL;
    t->target = target;
    t->failure = has(q, IOW_FEATURE_REVERTS) ? IOW_ON_FAILURE_FORCE : IOW_ON_FAILURE_LEAVE;
    t->unsaid = true;
}

/* What an effect comes to: the values once all went well, those when a member could not be moved, the
 * moves. */
static void take_effect(enum iow_row_effect effect, const struct question *q, struct iow_transition *t)
{
    const struct iow_event *e = q->event;
    struct iow_ownership next = q->is, failed = q->is;

    switch (effect) {
    case IOW_EFFECT_NOTHING:
        break;
    case IOW_EFFECT_COUNT:
        next.drivers++;
        break;
    case IOW_EFFECT_UNCOUNT:
        count_down(&next.drivers, &next.claims);
        break;
    case IOW_EFFECT_COUNT_CLAIM:
        next.claims++;
        break;
    case IOW_EFFECT_UNCOUNT_CLAIM:
        count_down(&next.claims, &next.drivers);
        break;
    case IOW_EFFECT_COUNT_PASID:
        next.pasids++;
        break;
    case IOW_EFFECT_UNCOUNT_PASID:
        next.pasids--;
        break;
    case IOW_EFFECT_BLOCK:
        next.kind = IOW_KIND_BLOCKING;
        next.tag = e->tag;
        next.claims = 1;
        move_all(t, q, IOW_KIND_BLOCKING, IOW_ON_FAILURE_LEAVE);
        break;
    case IOW_EFFECT_RESTORE:
        next.kind = IOW_KIND_DEFAULT;
        next.tag = failed.tag = 0;
        next.claims = failed.claims = 0;
        next.drivers = failed.drivers = 0;
        if (q->is.kind != IOW_KIND_DEFAULT)
            move_back(t, q, IOW_KIND_DEFAULT);
        break;
    case IOW_EFFECT_DETACH:
        next.kind = q->is.tag ? IOW_KIND_BLOCKING : IOW_KIND_DEFAULT;
        if (next.kind != q->is.kind)
            move_back(t, q, next.kind);
        break;
    case IOW_EFFECT_RETURN:
        next.kind = IOW_KIND_DEFAULT;
        next.tag = 0;
        move_all(t, q, IOW_KIND_DEFAULT, IOW_ON_FAILURE_REVERT);
        break;
    case IOW_EFFECT_ATTACH_AS_OWNER:
        next.tag = e->tag;
        /* fall through */
    case IOW_EFFECT_ATTACH:
        next.kind = e->domain;
        move_all(t, q, e->domain, IOW_ON_FAILURE_REVERT_ALL);
        break;
    case IOW_EFFECT_JOIN_COUNTED:
        next.drivers++;
        /* fall through */
    case IOW_EFFECT_JOIN:
        t->move = IOW_MOVE_NEWCOMER;
        break;
    case IOW_EFFECT_JOIN_DEFAULT:
        t->move = IOW_MOVE_NEWCOMER_DEFAULT;
        break;
    case IOW_EFFECT_LEAVE:
        break;
    case IOW_EFFECT_LEAVE_EMPTY:
        next = (struct iow_ownership){.type = q->is.type};
        break;
    case IOW_EFFECT_RETYPE:
        next.kind = IOW_KIND_DEFAULT;
        next.type = e->type;
        move_all(t, q, IOW_KIND_DEFAULT, IOW_ON_FAILURE_LEAVE);
        break;
    case IOW_EFFECT_RETYPE_LIVE:
        next.type = e->type;
        break;
    }
    t->next = iow_word_pack(&next);
    t->failed = iow_word_pack(&failed);
}

int iow_transition(const struct iow_profile *profile, uint64_t word, const struct iow_event *event,
    struct iow_transition *ret, struct iow_explain *reterr)
{
    struct question q = {profile, event, iow_word_unpack(word), IOW_STATE_OUTSIDE};
    uint32_t number;
    const struct iow_row *row = iow_rows_of(event->operation, &number);

    if (!event->outside)
        q.state = iow_word_state(profile, word);
    for (; !fits(row, &q); row++)
        number++;
    *ret = (struct iow_transition){.row = (uint16_t)number, .next = word, .failed = word};
    if (row->code)
        return refuse(row, &q, reterr);
    ret->warned = row->rule != IOW_RULE_NONE;
    take_effect(row->effect, &q, ret);
    return 0;
}

bool iow_ownership_claimed(const struct iow_profile *profile, uint64_t word)
{
    struct iow_ownership is = iow_word_unpack(word);

    if (profile->features & 1u << IOW_FEATURE_PURE)
        return iow_word_state(profile, word) != IOW_STATE_FREE;
    return is.drivers + is.claims != 0;
}
