/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Causes that are seen in the device itself: its driver, its state, its place. */
#include "report/message-checks.h"

#include "report/detail.h"

#include <inttypes.h>
#include <string.h>

/* "bound to nvme", "without a driver" */
static const char *driver_text(struct iow_message_search *s, const struct iow_view_function *v)
{
    char *text;

    if (!v->driver)
        return "without a driver";
    text = iow_mem_print(s->mem, "bound to %s", iow_message_shown(s, v->driver));
    s->failed |= !text;
    return text;
}

static void add(struct iow_message_search *s, const struct iow_message_check *check)
{
    iow_message_add(s, check, &(struct iow_message_found){.function = s->function});
}

static void add_named(struct iow_message_search *s, const struct iow_message_check *check, const char *name)
{
    iow_message_add(s, check,
        &(struct iow_message_found){.function = s->function, .places = {.name = name}, .seen = name});
}

static void find_not_vfio(struct iow_message_search *s, const struct iow_message_check *check)
{
    const struct iow_view_function *v = s->function;

    if (v && v->record->group != IOW_NONE && !iow_driver_is_vfio(v->driver)) {
        const char *text = driver_text(s, v);

        iow_message_add(
            s, check, &(struct iow_message_found){.function = v, .places = {.drivers = text}, .seen = text});
    }
}

static void add_driver(struct iow_message_search *s, const struct iow_message_check *check)
{
    iow_message_add(s, check,
        &(struct iow_message_found){
            .function = s->function, .places = {.drivers = iow_message_shown(s, s->function->driver)}});
}

static void find_on_vfio(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->function && iow_driver_is_vfio(s->function->driver))
        add_driver(s, check);
}

static void find_bound(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->function && s->function->driver)
        add_driver(s, check);
}

static void find_unbound(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->function && !s->function->driver)
        add(s, check);
}

static void find_function(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->function)
        add(s, check);
}

static void find_no_group(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->function && s->function->record->group == IOW_NONE && s->view->machine->n_iommus)
        add(s, check);
}

static void find_in_group(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->function && s->answer->group)
        add(s, check);
}

/* Since 5.15 Linux lists the methods, and shows no list where there is none. */
static void find_no_reset(struct iow_message_search *s, const struct iow_message_check *check)
{
    const struct iow_view_function *v = s->function;

    if (v && v->record->known & IOW_FUNCTION_DETAILS && s->view->machine->release >= (5 << 8 | 15) &&
        !(v->record->reset_methods && *v->record->reset_methods))
        iow_message_add(s, check, &(struct iow_message_found){.function = v, .seen = "no reset_method"});
}

static void find_reset(struct iow_message_search *s, const struct iow_message_check *check)
{
    const char *methods = s->function ? s->function->record->reset_methods : NULL;

    if (methods && *methods)
        add_named(s, check, iow_message_shown(s, methods));
}

static void find_power(struct iow_message_search *s, const struct iow_message_check *check)
{
    uint8_t state = s->function ? s->function->record->power_state : IOW_POWER_UNKNOWN;

    if (state != IOW_POWER_UNKNOWN && state != IOW_POWER_D0)
        add_named(s, check, iow_detail_power(state));
}

static void find_powered(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->function && s->function->record->power_state == IOW_POWER_D0)
        add(s, check);
}

static bool is_display(const struct iow_view_function *v)
{
    return v->record->config.known & IOW_CONFIG_IDS && v->record->config.class_code >> 16 == 0x03;
}

static void find_bar(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->function && !is_display(s->function))
        add(s, check);
}

static void find_bar_display(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->function && is_display(s->function))
        add(s, check);
}

/* Source: drivers/vfio/pci/vfio_pci_core.c vfio_pci_validate_vf_token() */
static void find_vf_token(struct iow_message_search *s, const struct iow_message_check *check)
{
    uint32_t physical = s->function ? s->function->record->physical_function : IOW_NONE;
    const struct iow_view_function *pf = physical == IOW_NONE ? NULL : &s->view->functions[physical];

    if (pf && iow_driver_is_vfio(pf->driver))
        iow_message_add(s, check,
            &(struct iow_message_found){.function = s->function,
                .places = {.other = pf->address, .drivers = iow_message_shown(s, pf->driver)}});
}

static void find_vfs(struct iow_message_search *s, const struct iow_message_check *check)
{
    uint32_t n = s->function ? s->function->record->n_vfs : 0;
    const char *text = n ? iow_mem_print(s->mem, "%" PRIu32, n) : NULL;

    s->failed |= n && !text;
    if (text)
        add_named(s, check, text);
}

static void find_no_vfs(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->function && !s->function->record->n_vfs)
        add(s, check);
}

static void find_bridge(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->function && iow_config_is_bridge(&s->function->record->config))
        add(s, check);
}

static void find_endpoint(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->function && !iow_config_is_bridge(&s->function->record->config))
        add(s, check);
}

/* The first port above that the rule of grouping found open. */
static void find_switch(struct iow_message_search *s, const struct iow_message_check *check)
{
    const struct iow_analysis *a = s->view->analysis;
    struct iow_trace *trace;

    if (!s->function || !s->function->certain)
        return;
    trace = iow_mem_alloc(s->mem, 1, sizeof(*trace));
    if (!trace || iow_partition_trace(&a->grouping, a->partition, s->function->position, s->mem, trace) < 0) {
        s->failed = true;
        return;
    }
    for (uint32_t i = 0; i < trace->n && i < IOW_TRACE_STEPS; i++)
        if (trace->step[i].rule == IOW_RULE_STEP_PATH_OPEN) {
            iow_message_add(s, check,
                &(struct iow_message_found){.function = s->function,
                    .places = {.other = iow_view_address(s->view, trace->step[i].subject)}});
            return;
        }
}

const struct iow_message_check
    iow_check_not_vfio = {IOW_RULE_MSG_NOT_VFIO, find_not_vfio, "vfio-pci", IOW_CHECK_CAUSE},
    iow_check_on_vfio = {IOW_RULE_MSG_ON_VFIO, find_on_vfio, NULL, IOW_CHECK_NOT_SO},
    iow_check_before = {IOW_RULE_MSG_BEFORE, find_on_vfio, NULL, IOW_CHECK_NOT_SO},
    iow_check_bound = {IOW_RULE_MSG_BOUND, find_bound, NULL, IOW_CHECK_NOT_SO},
    iow_check_unbound = {IOW_RULE_MSG_UNBOUND, find_unbound, NULL, IOW_CHECK_NOT_SO},
    iow_check_untried = {IOW_RULE_MSG_UNTRIED, find_unbound, NULL, IOW_CHECK_CAUSE},
    iow_check_function = {IOW_RULE_MSG_FUNCTION, find_function, NULL, IOW_CHECK_NOT_SO},
    iow_check_no_group = {IOW_RULE_MSG_NO_GROUP, find_no_group, "a group", IOW_CHECK_CAUSE},
    iow_check_in_group = {IOW_RULE_MSG_IN_GROUP, find_in_group, NULL, IOW_CHECK_NOT_SO},
    iow_check_no_reset = {IOW_RULE_MSG_NO_RESET, find_no_reset, "flr, pm, bus or another method",
        IOW_CHECK_CAUSE},
    iow_check_reset = {IOW_RULE_MSG_RESET, find_reset, NULL, IOW_CHECK_NOT_SO},
    iow_check_power = {IOW_RULE_MSG_POWER, find_power, "D0", IOW_CHECK_CAUSE},
    iow_check_powered = {IOW_RULE_MSG_POWERED, find_powered, NULL, IOW_CHECK_NOT_SO},
    iow_check_bar = {IOW_RULE_MSG_BAR, find_bar, NULL, IOW_CHECK_CAUSE},
    iow_check_bar_display = {IOW_RULE_MSG_BAR_DISPLAY, find_bar_display, NULL, IOW_CHECK_CAUSE},
    iow_check_vf_token = {IOW_RULE_MSG_VF_TOKEN, find_vf_token, NULL, IOW_CHECK_CAUSE},
    iow_check_no_vf_token = {IOW_RULE_MSG_NO_VF_TOKEN, find_function, NULL, IOW_CHECK_NOT_SO},
    iow_check_vfs = {IOW_RULE_MSG_VFS, find_vfs, "0", IOW_CHECK_CAUSE},
    iow_check_no_vfs = {IOW_RULE_MSG_NO_VFS, find_no_vfs, NULL, IOW_CHECK_NOT_SO},
    iow_check_bridge = {IOW_RULE_MSG_BRIDGE, find_bridge, NULL, IOW_CHECK_CAUSE},
    iow_check_endpoint = {IOW_RULE_MSG_ENDPOINT, find_endpoint, NULL, IOW_CHECK_NOT_SO},
    iow_check_switch = {IOW_RULE_MSG_SWITCH, find_switch, NULL, IOW_CHECK_CAUSE},
    iow_check_no_switch = {IOW_RULE_MSG_NO_SWITCH, find_function, NULL, IOW_CHECK_NOT_SO};
