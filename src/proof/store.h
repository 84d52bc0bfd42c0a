/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The states that were found: each key once, numbered in the order found, with the step that first led there.
 * Grows by doubling; nothing is allocated per state.
 */
#ifndef IOWARD_PROOF_STORE_H
#define IOWARD_PROOF_STORE_H

#include "proof/scene.h"

/* Which step: the n-th play of all those possible in a state. */
struct iow_way {
    uint32_t from; /* number of the state; IOW_NONE: it is the first */
    uint32_t nth;
};

struct iow_store {
    uint32_t units; /* of a key */
    uint32_t n;
    uint32_t room;
    uint16_t *keys;
    struct iow_way *ways;
    uint32_t *slots; /* number + 1; 0: free */
    uint32_t n_slots;
    size_t bytes;      /* allocated now */
    size_t most_bytes; /* 0: no limit */
};

/* Starts empty. most_bytes 0: no limit */
void iow_store_init(struct iow_store *store, uint32_t units, size_t most_bytes);
void iow_store_done(struct iow_store *store);

/* iow_store_put - 1: it is new, and has the last number; 0: it was there; -IOW_ENOMEM, -IOW_E2BIG */
int iow_store_put(struct iow_store *store, const struct iow_key *key, struct iow_way way);

/* iow_store_find - its number, or IOW_NONE */
uint32_t iow_store_find(const struct iow_store *store, const struct iow_key *key);

static inline const uint16_t *iow_store_key(const struct iow_store *store, uint32_t number)
{
    return &store->keys[(size_t)number * store->units];
}

#endif
