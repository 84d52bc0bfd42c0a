/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/detail.h"

#include <inttypes.h>

bool iow_detail_is_about(const struct iow_missing *missing, const struct iow_function *function)
{
    const struct iow_subject *subject = &missing->subject;

    if (subject->kind == IOW_SUBJECT_GROUP)
        return subject->number == function->group;
    return subject->kind == IOW_SUBJECT_FUNCTION &&
           iow_address_compare(&subject->address, &function->address) == 0;
}

uint32_t iow_detail_path(const struct iow_view *view, uint32_t function, uint32_t *ret)
{
    const struct iow_node *node = view->analysis->topology->node;
    uint32_t n = 0;

    for (uint32_t i = function; i != IOW_NONE; i = node[i].parent)
        n++;
    for (uint32_t i = function, at = n; i != IOW_NONE; i = node[i].parent)
        ret[--at] = i;
    return n;
}

/* Source: include/uapi/linux/pci.h and drivers/pci/pci.h PCI_STD_RESOURCES, PCI_ROM_RESOURCE,
 * PCI_IOV_RESOURCES */
#define FIRST_VF_BAR 7
#define FIRST_WINDOW 13

void iow_detail_bar_name(struct iow_text *to, const struct iow_bar *bar)
{
    if (bar->index < 6)
        iow_text_print(to, "BAR %" PRIu32, bar->index);
    else if (bar->index == 6)
        iow_text_puts(to, "ROM");
    else if (bar->index < FIRST_WINDOW)
        iow_text_print(to, "VF BAR %" PRIu32, bar->index - FIRST_VF_BAR);
    else
        iow_text_print(to, "window %" PRIu32, bar->index - FIRST_WINDOW);
}

/* Source: include/linux/ioport.h */
#define RESOURCE_IO UINT64_C(0x100)
#define RESOURCE_PREFETCH UINT64_C(0x2000)

const char *iow_detail_bar_kind(const struct iow_bar *bar)
{
    if (bar->flags & RESOURCE_IO)
        return "I/O ports";
    return bar->flags & RESOURCE_PREFETCH ? "prefetchable memory" : "memory";
}

void iow_detail_size(struct iow_text *to, uint64_t bytes)
{
    static const char *const unit[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    size_t i = 0;

    while (bytes >= 1024 && bytes % 1024 == 0 && i + 1 < sizeof(unit) / sizeof(unit[0])) {
        bytes /= 1024;
        i++;
    }
    iow_text_print(to, "%" PRIu64 " %s", bytes, unit[i]);
}

const char *iow_detail_power(uint8_t state)
{
    static const char *const name[IOW_POWER__COUNT] = {
        [IOW_POWER_D0] = "D0",
        [IOW_POWER_D1] = "D1",
        [IOW_POWER_D2] = "D2",
        [IOW_POWER_D3HOT] = "D3hot",
        [IOW_POWER_D3COLD] = "D3cold",
        [IOW_POWER_ERROR] = "error",
    };

    return state < IOW_POWER__COUNT ? name[state] : NULL;
}
