/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the arena that needs a C library. */
#include <ioward/mem.h>

#include <stdlib.h>

static void *grow_malloc(void *ctx, size_t size_bytes)
{
    (void)ctx;
    return malloc(size_bytes);
}

static void release_malloc(void *ctx, void *chunk)
{
    (void)ctx;
    free(chunk);
}

void iow_mem_init_malloc(struct iow_mem *mem)
{
    iow_mem_init(mem, grow_malloc, release_malloc, NULL);
}
