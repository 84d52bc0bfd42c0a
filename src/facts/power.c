/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/parse.h"

#include <string.h>

/* Source: drivers/pci/pci.c pci_power_names[] */
static const char *const power_name[IOW_POWER__COUNT] = {
    [IOW_POWER_UNKNOWN] = "unknown",
    [IOW_POWER_D0] = "D0",
    [IOW_POWER_D1] = "D1",
    [IOW_POWER_D2] = "D2",
    [IOW_POWER_D3HOT] = "D3hot",
    [IOW_POWER_D3COLD] = "D3cold",
    [IOW_POWER_ERROR] = "error",
};

enum iow_power_state iow_parse_power_state(const char *text, size_t len)
{
    for (unsigned i = 0; i < IOW_POWER__COUNT; i++)
        if (strlen(power_name[i]) == len && memcmp(text, power_name[i], len) == 0)
            return (enum iow_power_state)i;
    return IOW_POWER_UNKNOWN;
}
