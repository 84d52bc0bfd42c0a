/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The arena: where pure code takes its memory from.
 *
 * One arena belongs to one result (the facts of a machine, an analysis). Everything in it is freed together;
 * nothing is freed alone, but what was taken last can be given back (iow_mem_rewind()). The chunks come from
 * the embedder through one callback, so that code without an operating system can use it. Not thread-safe.
 */
#ifndef IOWARD_MEM_H
#define IOWARD_MEM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct iow_mem_chunk;

struct iow_mem {
    struct iow_mem_chunk *chunks; /* newest first */
    size_t used_bytes;            /* of the newest chunk */
    size_t size_bytes;
    void *(*grow)(
        void *ctx, size_t size_bytes); /* NULL when there is no more; must be aligned for any type */
    void (*release)(void *ctx, void *chunk);
    void *ctx;
};

/* iow_mem_init - an arena over the embedder's allocator; allocates nothing yet */
void iow_mem_init(struct iow_mem *mem, void *(*grow)(void *ctx, size_t size_bytes),
    void (*release)(void *ctx, void *chunk), void *ctx);

/* iow_mem_init_malloc - an arena over malloc() and free(); hosted builds only */
void iow_mem_init_malloc(struct iow_mem *mem);

/* iow_mem_done - gives every chunk back; the arena may be used again */
void iow_mem_done(struct iow_mem *mem);

/* iow_mem_rewind - gives back all that was allocated since the arena was as in "before", which is a copy of it.
 * Copies that were made later are void */
void iow_mem_rewind(struct iow_mem *mem, const struct iow_mem *before);

/* iow_mem_alloc - zeroed memory for n objects of size bytes, aligned for any type; NULL when exhausted or
 * when n * size overflows. n or size 0 gives a valid pointer. */
void *iow_mem_alloc(struct iow_mem *mem, size_t n, size_t size_bytes);

/* iow_mem_text - a NUL-terminated copy of len bytes; NULL when exhausted */
char *iow_mem_text(struct iow_mem *mem, const char *text, size_t len);

#ifdef __cplusplus
}
#endif
#endif
