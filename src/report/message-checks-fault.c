/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose device used an address that nobody mapped for it. */
#include "report/message-checks.h"

#include <string.h>

/* Is a function somewhere below a bridge? */
static bool is_below(const struct iow_view *view, uint32_t function, uint32_t bridge)
{
    const struct iow_topology *t = view->analysis->topology;
    uint32_t i = t->node[function].parent;

    while (i != IOW_NONE && i != bridge)
        i = t->node[i].parent;
    return i == bridge;
}

static void find_behind(struct iow_message_search *s, const struct iow_message_check *check)
{
    const struct iow_view *view = s->view;
    const struct iow_view_function **below;
    uint32_t n = 0;

    if (!s->function || !iow_config_is_bridge(&s->function->record->config))
        return;
    below = iow_mem_alloc(s->mem, view->n_functions, sizeof(*below));
    s->failed |= !below;
    for (uint32_t i = 0; below && i < view->n_functions; i++)
        if (is_below(view, i, s->function->position) &&
            !iow_config_is_bridge(&view->functions[i].record->config))
            below[n++] = &view->functions[i];
    if (n)
        iow_message_add(s, check,
            &(struct iow_message_found){
                .function = s->function, .places = {.name = iow_message_list(s, below, n)}});
}

static enum iow_owner owner_of(const struct iow_message_search *s)
{
    return s->answer->group ? s->answer->group->owner->owner : IOW_OWNER__COUNT;
}

/* Every driver of the group that does DMA for the kernel. */
static const char *kernel_drivers(struct iow_message_search *s)
{
    const struct iow_view_group *g = s->answer->group;
    struct iow_text list = {0};
    char *text;

    for (uint32_t i = 0; i < g->n_members; i++) {
        const struct iow_view_function *v = g->members[i];

        if (v->trait == IOW_DRIVER_DMA_API || v->trait == IOW_DRIVER_PRIVATE)
            iow_text_print(
                &list, "%s%s of %s", list.len ? ", " : "", iow_message_shown(s, v->driver), v->address);
    }
    text = list.len ? iow_text_take(&list, s->mem) : NULL;
    s->failed |= list.failed;
    iow_text_done(&list);
    return text ? text : "a driver";
}

static void find_kernel(struct iow_message_search *s, const struct iow_message_check *check)
{
    enum iow_owner owner = owner_of(s);

    if (owner == IOW_OWNER_KERNEL || owner == IOW_OWNER_KERNEL_PRIVATE)
        iow_message_add(s, check,
            &(struct iow_message_found){.function = s->function, .places = {.drivers = kernel_drivers(s)}});
}

/* A group that is held may be a user's: nobody else is, then. */
static void find_user(struct iow_message_search *s, const struct iow_message_check *check)
{
    enum iow_owner owner = owner_of(s);
    const char *holder = s->answer->group ? s->answer->group->holder : "";

    if ((owner == IOW_OWNER_USER || owner == IOW_OWNER_UNKNOWN) && *holder)
        iow_message_add(s, check,
            &(struct iow_message_found){
                .function = s->function, .places = {.holder = holder}, .seen = holder});
}

static void find_nobody(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (owner_of(s) == IOW_OWNER_NONE)
        iow_message_add(s, check, &(struct iow_message_found){.function = s->function});
}

const struct iow_view_function *iow_message_alias(
    const struct iow_view *view, const struct iow_address *address)
{
    const struct iow_topology *t = view->analysis->topology;

    /* Source: PCI Express to PCI/PCI-X Bridge Specification 2.3: device 0, function 0 of the bus behind it. */
    if (iow_address_devfn(address) != 0)
        return NULL;
    for (uint32_t i = 0; i < view->n_functions; i++) {
        const struct iow_address *a = &view->functions[i].record->address;

        if (a->domain == address->domain && a->bus == address->bus && t->node[i].parent != IOW_NONE)
            return &view->functions[t->node[i].parent];
    }
    return NULL;
}

const struct iow_message_check iow_check_fault_behind = {IOW_RULE_MSG_FAULT_BEHIND, find_behind, NULL,
                                   IOW_CHECK_CAUSE},
                               iow_check_fault_kernel = {IOW_RULE_MSG_FAULT_KERNEL, find_kernel, NULL,
                                   IOW_CHECK_CAUSE},
                               iow_check_fault_user = {IOW_RULE_MSG_FAULT_USER, find_user, NULL,
                                   IOW_CHECK_CAUSE},
                               iow_check_fault_nobody = {
                                   IOW_RULE_MSG_FAULT_NOBODY, find_nobody, NULL, IOW_CHECK_CAUSE};
