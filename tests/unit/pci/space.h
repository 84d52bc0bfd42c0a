/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A config space in memory that tests write, and a reader over it that counts. */
#ifndef IOWARD_TESTS_PCI_SPACE_H
#define IOWARD_TESTS_PCI_SPACE_H

#include <ioward/config.h>
#include <string.h>

struct space {
    uint8_t byte[4096];
    uint32_t size; /* readable bytes */
    int fail;      /* error that every read gives, 0: none */
    uint32_t n_reads, n_bytes;
};

static inline int space_read(void *ctx, uint32_t offset, void *buf, uint32_t len)
{
    struct space *s = ctx;
    uint32_t n = offset < s->size ? s->size - offset : 0;

    s->n_reads++;
    if (s->fail)
        return s->fail;
    if (n > len)
        n = len;
    memcpy(buf, s->byte + offset, n);
    s->n_bytes += n;
    return (int)n;
}

static inline struct iow_config_reader space_reader(struct space *s)
{
    return (struct iow_config_reader){.read = space_read, .ctx = s};
}

static inline void put16(struct space *s, uint32_t at, uint16_t value)
{
    s->byte[at] = (uint8_t)value;
    s->byte[at + 1] = (uint8_t)(value >> 8);
}

static inline void put32(struct space *s, uint32_t at, uint32_t value)
{
    put16(s, at, (uint16_t)value);
    put16(s, at + 2, (uint16_t)(value >> 16));
}

/* A function with ids and an empty capability list. */
static inline void space_init(struct space *s, uint16_t vendor, uint16_t device, uint8_t header_type)
{
    memset(s, 0, sizeof(*s));
    s->size = 4096;
    put16(s, 0x00, vendor);
    put16(s, 0x02, device);
    s->byte[0x0e] = header_type;
}

/* Puts a conventional capability in front of the list. */
static inline void space_add(struct space *s, uint8_t id, uint8_t at)
{
    s->byte[at] = id;
    s->byte[at + 1] = s->byte[0x34];
    s->byte[0x34] = at;
    s->byte[0x06] |= 0x10;
}

static inline void space_add_express(struct space *s, uint8_t at, uint8_t type)
{
    space_add(s, 0x10, at);
    put16(s, at + 2u, (uint16_t)(type << 4 | 2));
}

/* An extended capability at this place, pointing to next (0: the last). */
static inline void space_extended(struct space *s, uint16_t at, uint16_t id, uint16_t next)
{
    put32(s, at, (uint32_t)next << 20 | 1u << 16 | id);
}

#endif
