/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/sim-fault.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* NULL: crashes, since the one who acts here is the one who would print. */
static const char *const kinds[IOW_SIM_FAULT__COUNT] = {
    [IOW_SIM_FAULT_NONE] = "none",
    [IOW_SIM_FAULT_REFUSE] = "refuse",
    [IOW_SIM_FAULT_HANG] = "hang",
    [IOW_SIM_FAULT_LATE] = "late",
    [IOW_SIM_FAULT_LIE] = "lie",
    [IOW_SIM_FAULT_VANISH] = "vanish",
};

#define MOST_ERRORS 134

static int parse_error(const char *text)
{
    for (int i = 1; i < MOST_ERRORS; i++) {
        const char *name = strerrorname_np(i);

        if (name && strcmp(name, text) == 0)
            return i;
    }
    return -IOW_EINVAL;
}

int iow_sim_fault_words(struct iow_sim *sim, char **words, int n)
{
    int kind = 0, error = n > 2 ? parse_error(words[2]) : EIO;
    unsigned long at = n > 1 && *words[1] != '-' ? strtoul(words[1], &words[1], 10) : 1;

    if (n < 1 || n > 3 || error < 0 || at < 1 || at > 10000 || (n > 1 && *words[1]))
        return -IOW_EINVAL;
    while (kind < IOW_SIM_FAULT__COUNT && (!kinds[kind] || strcmp(kinds[kind], words[0]) != 0))
        kind++;
    if (kind == IOW_SIM_FAULT__COUNT)
        return -IOW_EINVAL;
    iow_sim_set_fault(sim, (enum iow_sim_fault)kind, (unsigned)at, -error);
    return 0;
}
