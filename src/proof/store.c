/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proof/store.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 1024u
#define MOST_STATES (1u << 30)

void iow_store_init(struct iow_store *store, uint32_t units, size_t most_bytes)
{
    *store = (struct iow_store){.units = units, .most_bytes = most_bytes};
}

void iow_store_done(struct iow_store *store)
{
    free(store->keys);
    free(store->ways);
    free(store->slots);
    *store = (struct iow_store){.units = store->units};
}

static uint32_t hash(const uint16_t *units, uint32_t n)
{
    uint64_t h = n;

    for (uint32_t i = 0; i < n; i++)
        h = (h ^ units[i]) * 0x9e3779b97f4a7c15u;
    h ^= h >> 29;
    h *= 0xbf58476d1ce4e5b9u;
    return (uint32_t)(h >> 32);
}

static size_t key_bytes(const struct iow_store *store)
{
    return store->units * sizeof(uint16_t);
}

/* The slot where a key is, or would be. */
static uint32_t slot_of(const struct iow_store *store, const uint16_t *units)
{
    uint32_t slot = hash(units, store->units) & (store->n_slots - 1);

    while (store->slots[slot] &&
           memcmp(iow_store_key(store, store->slots[slot] - 1), units, key_bytes(store)) != 0)
        slot = (slot + 1) & (store->n_slots - 1);
    return slot;
}

static int rehash(struct iow_store *store, uint32_t n_slots)
{
    uint32_t *slots = calloc(n_slots, sizeof(*slots));

    if (!slots)
        return -IOW_ENOMEM;
    free(store->slots);
    store->slots = slots;
    store->n_slots = n_slots;
    for (uint32_t i = 0; i < store->n; i++)
        slots[slot_of(store, iow_store_key(store, i))] = i + 1;
    return 0;
}

/* Twice as many slots as room: the set is never more than half full. */
static int grow(struct iow_store *store)
{
    uint32_t room = store->room ? 2 * store->room : FIRST_ROOM;
    size_t bytes = room * (key_bytes(store) + sizeof(struct iow_way) + 2 * sizeof(uint32_t));
    uint16_t *keys;
    struct iow_way *ways;

    if (room > MOST_STATES || (store->most_bytes && bytes > store->most_bytes))
        return -IOW_E2BIG;
    keys = realloc(store->keys, room * key_bytes(store));
    if (!keys)
        return -IOW_ENOMEM;
    store->keys = keys;
    ways = realloc(store->ways, room * sizeof(*ways));
    if (!ways)
        return -IOW_ENOMEM;
    store->ways = ways;
    store->room = room;
    store->bytes = bytes;
    return rehash(store, 2 * room);
}

int iow_store_put(struct iow_store *store, const struct iow_key *key, struct iow_way way)
{
    uint32_t slot;

    if (store->n == store->room) {
        int r = grow(store);

        if (r < 0)
            return r;
    }
    slot = slot_of(store, key->units);
    if (store->slots[slot])
        return 0;
    memcpy(&store->keys[(size_t)store->n * store->units], key->units, key_bytes(store));
    store->ways[store->n] = way;
    store->slots[slot] = ++store->n;
    return 1;
}

uint32_t iow_store_find(const struct iow_store *store, const struct iow_key *key)
{
    return store->n ? store->slots[slot_of(store, key->units)] - 1 : IOW_NONE;
}
