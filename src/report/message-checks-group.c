/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Causes that are seen in a group: its members' drivers, its holders, its file, its reserved regions. */
#include "report/message-checks.h"

#include "report/view-words.h"

#include <inttypes.h>
#include <string.h>

static bool keeps_users_out(const char *driver)
{
    enum iow_driver_trait trait = iow_driver_trait_of(driver);

    return trait == IOW_DRIVER_DMA_API || trait == IOW_DRIVER_PRIVATE;
}

static void add_driver(struct iow_message_search *s, const struct iow_message_check *check,
    const struct iow_view_group *g, const struct iow_view_function *v, const char *name, const char *driver)
{
    const char *shown = iow_message_shown(s, driver);

    iow_message_add(s, check,
        &(struct iow_message_found){.group = g,
            .function = v,
            .places = {.function = iow_message_shown(s, name), .drivers = shown},
            .seen = shown});
}

/* Source: drivers/iommu/iommu.c iommu_group_claim_dma_owner(): who counts is bound to a driver that uses the DMA API. */
static void find_driver(struct iow_message_search *s, const struct iow_message_check *check)
{
    const struct iow_view_group *g = s->answer->group;

    for (uint32_t i = 0; g && i < g->n_members; i++)
        if (keeps_users_out(g->members[i]->driver))
            add_driver(s, check, g, g->members[i], g->members[i]->address, g->members[i]->driver);
    for (uint32_t i = 0; g && i < g->n_others; i++)
        if (keeps_users_out(g->others[i]->driver) &&
            iow_bus_checks_ownership(g->others[i]->bus, s->view->machine->release))
            add_driver(s, check, g, NULL, g->others[i]->name, g->others[i]->driver);
}

static void add_holders(struct iow_message_search *s, const struct iow_message_check *check,
    const struct iow_view_group *g, const uint32_t *holders, uint32_t n, const struct iow_view_function *v)
{
    struct iow_text text = {0};
    char *holder;

    iow_view_holders(&text, s->view->facts, holders, n);
    holder = iow_text_take(&text, s->mem);
    s->failed |= !holder;
    iow_message_add(s, check,
        &(struct iow_message_found){.group = g,
            .function = v,
            .places = {.holder = holder, .function = v ? v->address : NULL},
            .seen = holder});
}

/* The member whose unbind waits for its user: the analysis knows it, or the message tells. */
static uint32_t pending_in(const struct iow_message_search *s, const struct iow_view_group *g)
{
    const struct iow_view_function *v = s->function;
    bool told = s->message->parts.row->topic == IOW_TOPIC_PENDING && v && !v->driver;

    if (g->owner->pending != IOW_NONE)
        return g->owner->pending;
    return told && v->record->group == g->record->number ? v->position : IOW_NONE;
}

static void find_held(struct iow_message_search *s, const struct iow_message_check *check)
{
    for (uint32_t i = 0; i < s->n_groups; i++) {
        const struct iow_group_owner *o = s->groups[i].owner;

        if (o->n_holders && pending_in(s, &s->groups[i]) == IOW_NONE)
            add_holders(s, check, &s->groups[i], o->holders, o->n_holders, NULL);
    }
}

static void find_perhaps(struct iow_message_search *s, const struct iow_message_check *check)
{
    for (uint32_t i = 0; i < s->n_groups; i++) {
        const struct iow_group_owner *o = s->groups[i].owner;

        if (!o->n_holders && o->n_possible && pending_in(s, &s->groups[i]) == IOW_NONE)
            add_holders(s, check, &s->groups[i], o->possible, o->n_possible, NULL);
    }
}

static void find_pending(struct iow_message_search *s, const struct iow_message_check *check)
{
    for (uint32_t i = 0; i < s->n_groups; i++) {
        const struct iow_group_owner *o = s->groups[i].owner;
        uint32_t pending = pending_in(s, &s->groups[i]);
        bool sure = o->n_holders;

        if (pending != IOW_NONE && (sure || o->n_possible))
            add_holders(s, check, &s->groups[i], sure ? o->holders : o->possible,
                sure ? o->n_holders : o->n_possible, &s->view->functions[pending]);
    }
}

static void add_group(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->answer->group)
        iow_message_add(s, check, &(struct iow_message_found){.group = s->answer->group});
}

static void find_hidden(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (!s->view->machine->holders_complete)
        add_group(s, check);
}

static void find_no_node(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->answer->group && !s->answer->group->record->vfio_node)
        add_group(s, check);
}

static void find_node(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->answer->group && s->answer->group->record->vfio_node)
        add_group(s, check);
}

static const char *region_text(struct iow_message_search *s, const struct iow_region *r)
{
    char *text = iow_mem_print(s->mem, "0x%" PRIx64 "-0x%" PRIx64, r->first, r->last);

    s->failed |= !text;
    return text;
}

/* Source: drivers/iommu/iommu.c __iommu_device_set_domain() (6.12), intel/iommu.c device_is_rmrr_locked() (6.1): a
 * relaxable region does not count. */
static void find_direct(struct iow_message_search *s, const struct iow_message_check *check)
{
    const struct iow_view_group *g = s->answer->group;

    for (uint32_t i = 0; g && i < g->record->n_regions; i++) {
        const struct iow_region *r = &g->record->regions[i];

        if (strcmp(r->type, "direct") == 0)
            iow_message_add(s, check,
                &(struct iow_message_found){
                    .group = g, .places = {.name = region_text(s, r)}, .seen = "a region of type direct"});
    }
}

/* A user's mappings must keep out of all of them; relaxable ones are not the firmware's any more. */
static void find_reserved(struct iow_message_search *s, const struct iow_message_check *check)
{
    const struct iow_view_group *g = s->answer->group;
    struct iow_text list = {0};
    uint32_t n = 0;

    for (uint32_t i = 0; g && i < g->record->n_regions; i++)
        if (strcmp(g->record->regions[i].type, "direct-relaxable") != 0)
            iow_text_print(&list, "%s0x%" PRIx64 "-0x%" PRIx64, n++ ? ", " : "", g->record->regions[i].first,
                g->record->regions[i].last);
    if (n)
        iow_message_add(s, check,
            &(struct iow_message_found){
                .group = g, .places = {.name = iow_message_shown(s, list.data)}, .seen = "reserved regions"});
    iow_text_done(&list);
}

/* The members that the message is about, by their addresses. */
static void find_members(struct iow_message_search *s, const struct iow_message_check *check)
{
    const struct iow_view_group *g = s->answer->group;

    if (g)
        iow_message_add(s, check,
            &(struct iow_message_found){
                .group = g, .places = {.name = iow_message_list(s, g->members, g->n_members)}});
}

#define NOT_HELD "nobody, or the program itself"

const struct iow_message_check
    iow_check_driver = {IOW_RULE_MSG_DRIVER, find_driver,
        "no driver, vfio-pci, or another that does no DMA for the kernel (pci-stub, pcieport)",
        IOW_CHECK_CAUSE},
    iow_check_held = {IOW_RULE_MSG_HELD, find_held, NOT_HELD, IOW_CHECK_CAUSE},
    iow_check_perhaps = {IOW_RULE_MSG_HELD_PERHAPS, find_perhaps, NOT_HELD, IOW_CHECK_CAUSE},
    iow_check_pending = {IOW_RULE_MSG_PENDING, find_pending, "nobody", IOW_CHECK_CAUSE},
    iow_check_hidden = {IOW_RULE_MSG_HIDDEN, find_hidden, NULL, IOW_CHECK_NOT_SO},
    iow_check_viable = {IOW_RULE_MSG_VIABLE, add_group, NULL, IOW_CHECK_NOT_SO},
    iow_check_free = {IOW_RULE_MSG_FREE, add_group, NULL, IOW_CHECK_NOT_SO},
    iow_check_no_node = {IOW_RULE_MSG_NO_NODE, find_no_node, "a member that is bound to vfio-pci",
        IOW_CHECK_CAUSE},
    iow_check_node = {IOW_RULE_MSG_NODE, find_node, NULL, IOW_CHECK_NOT_SO},
    iow_check_node_access = {IOW_RULE_MSG_NODE_ACCESS, add_group, "a file of the user who opens it",
        IOW_CHECK_CAUSE},
    iow_check_direct = {IOW_RULE_MSG_DIRECT, find_direct, "none", IOW_CHECK_CAUSE},
    iow_check_no_direct = {IOW_RULE_MSG_NO_DIRECT, add_group, NULL, IOW_CHECK_NOT_SO},
    iow_check_reserved = {IOW_RULE_MSG_RESERVED, find_reserved, "addresses outside them", IOW_CHECK_CAUSE},
    iow_check_two_spaces = {IOW_RULE_MSG_TWO_SPACES, find_members, NULL, IOW_CHECK_CAUSE},
    iow_check_reset_others = {IOW_RULE_MSG_RESET_OTHERS, find_members, NULL, IOW_CHECK_CAUSE};
