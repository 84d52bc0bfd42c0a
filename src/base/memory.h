/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The four functions that a freestanding compiler may call anyway; an embedder without a C library has them.
 */
#ifndef IOWARD_BASE_MEMORY_H
#define IOWARD_BASE_MEMORY_H

#include <stddef.h>

#ifdef __cplusplus
#error "internal header"
#endif

#if __STDC_HOSTED__
#include <string.h>
#else
void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
#endif

#endif
