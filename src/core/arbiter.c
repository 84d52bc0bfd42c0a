/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/arbiter.h"
#include "core/word.h"

#include "base/explain.h"

#include <stddef.h>

_Static_assert(__atomic_always_lock_free(sizeof(uint64_t), 0), "the word is read without a lock");

void iow_arbiter_lock(const struct iow_dma_group *group)
{
    if (group->arbiter->hooks->lock)
        group->arbiter->hooks->lock(group->lock);
}

void iow_arbiter_unlock(const struct iow_dma_group *group)
{
    if (group->arbiter->hooks->unlock)
        group->arbiter->hooks->unlock(group->lock);
}

static void note(struct iow_dma_group *group, uint64_t before, uint64_t after, uint32_t row)
{
    if (group->arbiter->hooks->noted)
        group->arbiter->hooks->noted(group->arbiter->ctx, group, before, after, row);
}

static struct iow_dma_domain domain_of_kind(enum iow_domain_kind kind, enum iow_domain_type type)
{
    return (struct iow_dma_domain){.kind = kind, .type = type};
}

/* Source: drivers/iommu/iommu.c __iommu_device_set_domain(), Linux 6.12: require_direct */
static bool kept_direct(const struct iow_arbiter *arbiter, const struct iow_dma_device *device,
    const struct iow_dma_domain *domain)
{
    return device->direct && domain->kind == IOW_KIND_BLOCKING &&
           arbiter->profile->features & 1u << IOW_FEATURE_DIRECT_KEPT;
}

static int move(const struct iow_arbiter *arbiter, struct iow_dma_device *device,
    const struct iow_dma_domain *domain, struct iow_explain *reterr)
{
    int r;

    if (kept_direct(arbiter, device, domain))
        return iow_explain(reterr, -IOW_EINVAL, IOW_RULE_DMA_DIRECT);
    r = arbiter->hooks->attach(arbiter->ctx, device, domain);
    if (r < 0)
        iow_explain(reterr, r, IOW_RULE_DMA_ATTACH_FAILED);
    return r;
}

/* A member that can go nowhere else is blocked, whatever its firmware needs. */
static void block(struct iow_dma_group *group, struct iow_dma_device *device)
{
    const struct iow_arbiter *arbiter = group->arbiter;
    struct iow_dma_domain blocking = domain_of_kind(IOW_KIND_BLOCKING, IOW_TYPE_NONE);

    if (arbiter->hooks->attach(arbiter->ctx, device, &blocking) < 0)
        note(group, group->word, group->word, IOW_NONE);
}

/* Members up to last, NULL for all of them, go back to what the group is still attached to. */
static void move_back(struct iow_dma_group *group, const struct iow_dma_device *last)
{
    const struct iow_dma_device *end = last ? last->next : NULL;

    for (struct iow_dma_device *d = group->first; d != end; d = d->next) {
        if (move(group->arbiter, d, &group->domain, NULL) >= 0)
            continue;
        note(group, group->word, group->word, IOW_NONE);
        if (group->domain.kind != IOW_KIND_BLOCKING)
            block(group, d);
    }
}

/* Source: drivers/iommu/iommu.c __iommu_group_set_domain_internal(), Linux 6.12; __iommu_attach_group(),
 * iommu_group_claim_dma_owner(), Linux 6.1 */
static int move_all(struct iow_dma_group *group, const struct iow_transition *t,
    const struct iow_dma_domain *domain, struct iow_explain *reterr)
{
    for (struct iow_dma_device *d = group->first; d; d = d->next) {
        int r = move(group->arbiter, d, domain, reterr);

        if (r >= 0)
            continue;
        if (t->unsaid)
            note(group, group->word, group->word, IOW_NONE);
        if (t->failure == IOW_ON_FAILURE_FORCE) {
            if (domain->kind != IOW_KIND_BLOCKING)
                block(group, d);
            continue;
        }
        if (t->failure != IOW_ON_FAILURE_LEAVE)
            move_back(group, t->failure == IOW_ON_FAILURE_REVERT ? d : NULL);
        return r;
    }
    return 0;
}

/* A newcomer is moved before it is a member: on failure it never was one. */
static int move_newcomer(struct iow_dma_group *group, struct iow_dma_device *device,
    const struct iow_transition *t, struct iow_explain *reterr)
{
    struct iow_dma_domain its_default = domain_of_kind(IOW_KIND_DEFAULT, iow_word_unpack(group->word).type);
    int r = move(group->arbiter, device, &group->domain, reterr);

    if (r < 0 || t->move != IOW_MOVE_NEWCOMER_DEFAULT)
        return r;
    r = move(group->arbiter, device, &its_default, reterr);
    if (r < 0 && group->arbiter->hooks->detach)
        group->arbiter->hooks->detach(group->arbiter->ctx, device);
    return r;
}

static int carry_out(struct iow_dma_group *group, struct iow_dma_device *device,
    const struct iow_transition *t, const struct iow_dma_domain *domain, struct iow_explain *reterr)
{
    switch (t->move) {
    case IOW_MOVE_ALL:
        return move_all(group, t, domain, reterr);
    case IOW_MOVE_NEWCOMER:
    case IOW_MOVE_NEWCOMER_DEFAULT:
        return move_newcomer(group, device, t, reterr);
    case IOW_MOVE_NONE:
        break;
    }
    return 0;
}

void iow_arbiter_publish(struct iow_dma_group *group, uint64_t word, uint32_t row)
{
    uint64_t before = group->word;

    __atomic_store_n(&group->word, word, __ATOMIC_RELEASE);
    note(group, before, word, row);
}

/* The kernel's own domain that a word speaks of, field by field: copying the whole of what was just written
 * waits for it. */
static void set_own(struct iow_dma_domain *ret, uint64_t word)
{
    struct iow_ownership is = iow_word_unpack(word);

    ret->kind = is.kind;
    ret->owner = is.tag;
    ret->type = is.type;
    ret->other_iommu = false;
    ret->handle = NULL;
}

/* Is what the group is attached to a domain of this owner's, or with 0 a driver's own? */
static bool is_attached(const struct iow_dma_group *group, uint32_t owner)
{
    return group->domain.owner == owner && group->domain.kind != IOW_KIND_DEFAULT &&
           group->domain.kind != IOW_KIND_BLOCKING;
}

/* Decide, move, publish: under the lock. asked: the domain that the event is about, or NULL. */
int iow_arbiter_apply(struct iow_dma_group *group, struct iow_dma_device *device, struct iow_event *event,
    const struct iow_dma_domain *asked, struct iow_explain *reterr)
{
    struct iow_transition t;
    struct iow_dma_domain own;
    int r;

    event->members = group->n_members;
    event->not_attached = !is_attached(group, event->tag);
    r = iow_transition(group->arbiter->profile, group->word, event, &t, reterr);
    if (r < 0)
        return r;
    set_own(&own, t.next);
    r = carry_out(group, device, &t, asked ? asked : &own, t.unsaid ? NULL : reterr);
    if (r >= 0 && asked)
        group->domain = *asked;
    else if (r >= 0 && (t.move == IOW_MOVE_ALL || own.kind == IOW_KIND_DEFAULT))
        set_own(&group->domain, t.next);
    iow_arbiter_publish(group, r < 0 ? t.failed : t.next, t.row);
    return r < 0 && !t.unsaid ? r : 0;
}

/* A device that is in no group: the table has a column for it. */
int iow_arbiter_apply_outside(
    const struct iow_dma_device *device, struct iow_event *event, struct iow_explain *reterr)
{
    struct iow_transition t;

    event->outside = true;
    return iow_transition(device->arbiter->profile, 0, event, &t, reterr);
}

int iow_arbiter_ask_group(struct iow_dma_group *group, struct iow_event *event,
    const struct iow_dma_domain *asked, struct iow_explain *reterr)
{
    int r;

    if (event->tag > IOW_MOST_TAG)
        return iow_explain(reterr, -IOW_E2BIG, IOW_RULE_DMA_TOO_MANY);
    iow_arbiter_lock(group);
    r = iow_arbiter_apply(group, NULL, event, asked, reterr);
    iow_arbiter_unlock(group);
    return r;
}

int iow_arbiter_ask_device(struct iow_dma_device *device, struct iow_event *event,
    const struct iow_dma_domain *asked, struct iow_explain *reterr)
{
    return device->group ? iow_arbiter_ask_group(device->group, event, asked, reterr)
                         : iow_arbiter_apply_outside(device, event, reterr);
}

uint64_t iow_dma_word(const struct iow_dma_group *group)
{
    return __atomic_load_n(&group->word, __ATOMIC_ACQUIRE);
}

enum iow_owner iow_dma_owner(const struct iow_dma_group *group, uint32_t *ret_tag)
{
    uint64_t word = iow_dma_word(group);

    if (ret_tag)
        *ret_tag = iow_word_unpack(word).tag;
    return iow_word_owner(word);
}

bool iow_dma_claimed(const struct iow_dma_group *group)
{
    return iow_ownership_claimed(group->arbiter->profile, iow_dma_word(group));
}
