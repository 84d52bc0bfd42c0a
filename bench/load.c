/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In a file of its own, so that calls of it are calls. */
#include "load.h"

uint64_t load(const uint64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}
