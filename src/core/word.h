/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The word of a group, inline: every operation takes it apart, and a query does nothing else. */
#ifndef IOWARD_CORE_WORD_H
#define IOWARD_CORE_WORD_H

#include <ioward/owner.h>
#include <ioward/transition.h>

/* kind 2 | type 2 | PASIDs 8 | drivers 16 | claims 16 | tag 20, from the low end. */
enum {
    IOW_WORD_TYPE_AT = 2,
    IOW_WORD_PASIDS_AT = 4,
    IOW_WORD_DRIVERS_AT = 12,
    IOW_WORD_CLAIMS_AT = 28,
    IOW_WORD_TAG_AT = 44,
};

_Static_assert(IOW_KIND__COUNT <= 4 && IOW_TYPE__COUNT <= 4, "kind and type take two bits each");

static inline uint64_t iow_word_pack(const struct iow_ownership *is)
{
    return (uint64_t)is->kind | (uint64_t)is->type << IOW_WORD_TYPE_AT |
           (uint64_t)is->pasids << IOW_WORD_PASIDS_AT | (uint64_t)is->drivers << IOW_WORD_DRIVERS_AT |
           (uint64_t)is->claims << IOW_WORD_CLAIMS_AT | (uint64_t)is->tag << IOW_WORD_TAG_AT;
}

static inline struct iow_ownership iow_word_unpack(uint64_t word)
{
    return (struct iow_ownership){
        .kind = word & 3,
        .type = word >> IOW_WORD_TYPE_AT & 3,
        .pasids = word >> IOW_WORD_PASIDS_AT & IOW_MOST_PASIDS,
        .drivers = word >> IOW_WORD_DRIVERS_AT & IOW_MOST_DRIVERS,
        .claims = word >> IOW_WORD_CLAIMS_AT & IOW_MOST_CLAIMS,
        .tag = (uint32_t)(word >> IOW_WORD_TAG_AT),
    };
}

static inline enum iow_state iow_word_state(const struct iow_profile *profile, uint64_t word)
{
    struct iow_ownership is = iow_word_unpack(word);
    bool pure = profile->features & 1u << IOW_FEATURE_PURE;
    bool counted = is.drivers || is.claims;

    if (is.tag) {
        if (!pure && !counted)
            return IOW_STATE_LEAKED;
        return is.kind == IOW_KIND_TABLE || is.kind == IOW_KIND_IDENTITY ? IOW_STATE_ATTACHED
                                                                         : IOW_STATE_BLOCKED;
    }
    if (is.kind == IOW_KIND_DEFAULT)
        return counted ? IOW_STATE_KERNEL : IOW_STATE_FREE;
    return counted ? IOW_STATE_PRIVATE : IOW_STATE_STRAY;
}

/* The table of ioward/owner.h, of a word: both facts are known. As branches, since a load would wait for
 * the word. */
static inline enum iow_owner iow_word_owner(uint64_t word)
{
    struct iow_ownership is = iow_word_unpack(word);

    if (is.kind == IOW_KIND_DEFAULT)
        return is.drivers ? IOW_OWNER_KERNEL : IOW_OWNER_NONE;
    return is.drivers ? IOW_OWNER_KERNEL_PRIVATE : IOW_OWNER_USER;
}

#endif
