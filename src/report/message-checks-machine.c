/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Causes that are seen in the machine as a whole, and those that the message alone tells. */
#include "report/message-checks.h"

#include <string.h>

static const char *parameter(const struct iow_message_search *s, const char *name)
{
    const struct iow_machine *m = s->view->machine;

    for (uint32_t i = 0; i < m->n_parameters; i++)
        if (strcmp(m->parameters[i].name, name) == 0)
            return m->parameters[i].value;
    return NULL;
}

/* A module with parameters is loaded, or built in, when these are there. */
static bool is_loaded(const struct iow_message_search *s, const char *module)
{
    const struct iow_machine *m = s->view->machine;
    size_t len = strlen(module);

    for (uint32_t i = 0; i < m->n_parameters; i++)
        if (strncmp(m->parameters[i].name, module, len) == 0 && m->parameters[i].name[len] == '.')
            return true;
    return false;
}

static void add(struct iow_message_search *s, const struct iow_message_check *check)
{
    iow_message_add(s, check, &(struct iow_message_found){.function = s->function});
}

static void add_seen(struct iow_message_search *s, const struct iow_message_check *check, const char *seen)
{
    iow_message_add(s, check, &(struct iow_message_found){.function = s->function, .seen = seen});
}

static void find_no_iommu(struct iow_message_search *s, const struct iow_message_check *check)
{
    const struct iow_machine *m = s->view->machine;
    bool offered = m->dmar || m->ivrs;

    if (!m->n_iommus)
        iow_message_add(s, check,
            &(struct iow_message_found){.seen = offered ? "a DMAR or IVRS table, and no IOMMU that Linux uses"
                                                        : "neither a DMAR nor an IVRS table",
                .remedy_otherwise = offered});
}

static void find_iommu(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (s->view->machine->n_iommus)
        iow_message_add(s, check, &(struct iow_message_found){0});
}

/* VFIO's container asks type1, or iommufd where that stands in its place. */
static const char *unsafe_interrupts(const struct iow_message_search *s)
{
    const char *value = parameter(s, "vfio_iommu_type1.allow_unsafe_interrupts");

    return value ? value : parameter(s, "iommufd.allow_unsafe_interrupts");
}

static void find_unsafe(struct iow_message_search *s, const struct iow_message_check *check)
{
    const char *value = unsafe_interrupts(s);

    if (value && *value != 'Y')
        add_seen(s, check,
            strstr(s->view->machine->command_line, "intremap=")
                ? "allow_unsafe_interrupts is off, and intremap= is on the kernel command line"
                : "allow_unsafe_interrupts is off");
}

static void find_unsafe_allowed(struct iow_message_search *s, const struct iow_message_check *check)
{
    const char *value = unsafe_interrupts(s);

    if (value && *value == 'Y')
        add(s, check);
}

static bool has_backend(const struct iow_message_search *s)
{
    return is_loaded(s, "vfio_iommu_type1") || is_loaded(s, "iommufd");
}

static void find_no_backend(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (!has_backend(s))
        add(s, check);
}

static void find_backend(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (has_backend(s))
        add(s, check);
}

static void find_no_module(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (!is_loaded(s, "vfio_pci"))
        add(s, check);
}

static void find_module(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (is_loaded(s, "vfio_pci"))
        add(s, check);
}

static bool no_iommu_mode(const struct iow_message_search *s)
{
    const char *value = parameter(s, "vfio.enable_unsafe_noiommu_mode");

    return value && *value == 'Y';
}

static void find_no_iommu_mode(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (no_iommu_mode(s))
        add_seen(s, check, "vfio.enable_unsafe_noiommu_mode is Y");
}

static void find_no_iommu_mode_off(struct iow_message_search *s, const struct iow_message_check *check)
{
    if (!no_iommu_mode(s))
        add(s, check);
}

/* What it found in use, SPDK says itself. */
static void find_in_use(struct iow_message_search *s, const struct iow_message_check *check)
{
    const struct iow_message_parts *parts = &s->message->parts;
    const char *seen = NULL;

    if (parts->text_len) {
        seen = iow_message_shown(s, iow_mem_text(s->mem, parts->text, parts->text_len));
        s->failed |= !seen;
    }
    if (s->function)
        add_seen(s, check, seen);
}

const struct iow_message_check
    iow_check_no_iommu = {IOW_RULE_MSG_NO_IOMMU, find_no_iommu, "an IOMMU that Linux uses", IOW_CHECK_CAUSE},
    iow_check_iommu = {IOW_RULE_MSG_IOMMU, find_iommu, NULL, IOW_CHECK_NOT_SO},
    iow_check_unsafe = {IOW_RULE_MSG_UNSAFE, find_unsafe, "interrupt remapping, or the parameter on",
        IOW_CHECK_ELSE},
    iow_check_unsafe_allowed = {IOW_RULE_MSG_UNSAFE_ALLOWED, find_unsafe_allowed, NULL, IOW_CHECK_NOT_SO},
    iow_check_no_backend = {IOW_RULE_MSG_NO_BACKEND, find_no_backend, NULL, IOW_CHECK_CAUSE},
    iow_check_backend = {IOW_RULE_MSG_BACKEND, find_backend, NULL, IOW_CHECK_NOT_SO},
    iow_check_no_module = {IOW_RULE_MSG_NO_MODULE, find_no_module, NULL, IOW_CHECK_CAUSE},
    iow_check_module = {IOW_RULE_MSG_MODULE, find_module, NULL, IOW_CHECK_NOT_SO},
    iow_check_no_iommu_mode = {IOW_RULE_MSG_NO_IOMMU_MODE, find_no_iommu_mode, NULL, IOW_CHECK_CAUSE},
    iow_check_no_iommu_mode_off = {IOW_RULE_MSG_NO_IOMMU_MODE_OFF, find_no_iommu_mode_off, NULL,
        IOW_CHECK_NOT_SO},
    iow_check_memlock = {IOW_RULE_MSG_MEMLOCK, add,
        "at least what it maps: a virtual machine's memory, huge pages", IOW_CHECK_CAUSE},
    iow_check_mappings = {IOW_RULE_MSG_MAPPINGS, add, NULL, IOW_CHECK_CAUSE},
    iow_check_twice = {IOW_RULE_MSG_TWICE, add, NULL, IOW_CHECK_CAUSE},
    iow_check_reset_failed = {IOW_RULE_MSG_RESET_FAILED, add, NULL, IOW_CHECK_CAUSE},
    iow_check_denylist = {IOW_RULE_MSG_DENYLIST, add, NULL, IOW_CHECK_CAUSE},
    iow_check_in_use = {IOW_RULE_MSG_IN_USE, find_in_use, "nothing of the host", IOW_CHECK_CAUSE},
    iow_check_iova = {IOW_RULE_MSG_IOVA, add, NULL, IOW_CHECK_CAUSE},
    iow_check_type_bound = {IOW_RULE_DMA_TYPE_BOUND, add, NULL, IOW_CHECK_CAUSE},
    iow_check_type_members = {IOW_RULE_DMA_TYPE_NOT_ALONE, add, NULL, IOW_CHECK_CAUSE};
