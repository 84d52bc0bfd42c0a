/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hunger: memory that ends when the test says so. Needs the linker's --wrap=malloc and --wrap=realloc. */
#ifndef IOWARD_TESTS_REPORT_STARVE_H
#define IOWARD_TESTS_REPORT_STARVE_H

#include "testing.h"

#include <limits.h>
#include <stdbool.h>

/* Requests that are still met; UINT_MAX: all. */
static unsigned meals = UINT_MAX;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

static inline bool fed(void)
{
    if (meals != UINT_MAX && !meals)
        return false;
    meals -= meals != UINT_MAX;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fed() ? __real_malloc(size) : NULL;
}

void *__wrap_realloc(void *old, size_t size)
{
    return fed() ? __real_realloc(old, size) : NULL;
}

#endif
