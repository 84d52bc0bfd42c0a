/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/word.h"

uint64_t iow_ownership_pack(const struct iow_ownership *ownership)
{
    return iow_word_pack(ownership);
}

struct iow_ownership iow_ownership_unpack(uint64_t word)
{
    return iow_word_unpack(word);
}

enum iow_state iow_ownership_state(const struct iow_profile *profile, uint64_t word)
{
    return iow_word_state(profile, word);
}

enum iow_owner iow_owner_of_word(uint64_t word)
{
    return iow_word_owner(word);
}
