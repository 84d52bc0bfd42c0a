/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/mem.h>

#include "base/memory.h"

#include <stdalign.h>
#include <stdbool.h>

struct iow_mem_chunk {
    struct iow_mem_chunk *next;
    alignas(max_align_t) unsigned char data[];
};

#define FIRST_CHUNK_BYTES 16384u
#define LARGEST_CHUNK_BYTES (1u << 20)

void iow_mem_init(struct iow_mem *mem, void *(*grow)(void *ctx, size_t size_bytes),
    void (*release)(void *ctx, void *chunk), void *ctx)
{
    *mem = (struct iow_mem){.grow = grow, .release = release, .ctx = ctx};
}

void iow_mem_rewind(struct iow_mem *mem, const struct iow_mem *before)
{
    while (mem->chunks != before->chunks) {
        struct iow_mem_chunk *chunk = mem->chunks;

        mem->chunks = chunk->next;
        mem->release(mem->ctx, chunk);
    }
    mem->used_bytes = before->used_bytes;
    mem->size_bytes = before->size_bytes;
}

void iow_mem_done(struct iow_mem *mem)
{
    const struct iow_mem empty = {0};

    iow_mem_rewind(mem, &empty);
}

/* Chunks double, so that a large result costs few of them; one object larger than that gets its own size. */
static bool add_chunk(struct iow_mem *mem, size_t need_bytes)
{
    size_t size = mem->size_bytes ? mem->size_bytes * 2 : FIRST_CHUNK_BYTES;
    struct iow_mem_chunk *chunk;

    if (size > LARGEST_CHUNK_BYTES)
        size = LARGEST_CHUNK_BYTES;
    if (size < need_bytes)
        size = need_bytes;
    if (size > SIZE_MAX - sizeof(*chunk))
        return false;
    chunk = mem->grow(mem->ctx, sizeof(*chunk) + size);
    if (!chunk)
        return false;
    chunk->next = mem->chunks;
    mem->chunks = chunk;
    mem->used_bytes = 0;
    mem->size_bytes = size;
    return true;
}

void *iow_mem_alloc(struct iow_mem *mem, size_t n, size_t size_bytes)
{
    const size_t align = alignof(max_align_t);
    size_t bytes;
    void *object;

    if (__builtin_mul_overflow(n, size_bytes, &bytes) || bytes > SIZE_MAX - align)
        return NULL;
    bytes = bytes ? (bytes + align - 1) / align * align : align;
    if (bytes > mem->size_bytes - mem->used_bytes && !add_chunk(mem, bytes))
        return NULL;
    object = mem->chunks->data + mem->used_bytes;
    mem->used_bytes += bytes;
    return memset(object, 0, bytes);
}

char *iow_mem_text(struct iow_mem *mem, const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? iow_mem_alloc(mem, len + 1, 1) : NULL;

    if (copy)
        memcpy(copy, text, len);
    return copy;
}
