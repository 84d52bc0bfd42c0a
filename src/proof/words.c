/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proof/proof.h"

struct entry {
    const char *name, *words;
};

static const struct entry invariant_table[] = {
#define INVARIANT(id, name, words) [IOW_PROOF_INVARIANT_##id] = {name, words},
    IOW_PROOF_INVARIANT_LIST(INVARIANT)
#undef INVARIANT
};

static const struct entry condition_table[] = {
#define CONDITION(id, name, words) [IOW_PROOF_CONDITION_##id] = {name, words},
    IOW_PROOF_CONDITION_LIST(CONDITION)
#undef CONDITION
};

const char *iow_proof_invariant_name(enum iow_proof_invariant invariant)
{
    return (unsigned)invariant < IOW_PROOF_INVARIANT__COUNT ? invariant_table[invariant].name : "?";
}

const char *iow_proof_invariant_words(enum iow_proof_invariant invariant)
{
    return (unsigned)invariant < IOW_PROOF_INVARIANT__COUNT ? invariant_table[invariant].words : "?";
}

const char *iow_proof_condition_name(enum iow_proof_condition condition)
{
    return (unsigned)condition < IOW_PROOF_CONDITION__COUNT ? condition_table[condition].name : "?";
}

const char *iow_proof_condition_words(enum iow_proof_condition condition)
{
    return (unsigned)condition < IOW_PROOF_CONDITION__COUNT ? condition_table[condition].words : "?";
}
