/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which facts are enough: can ownership be derived from the word with a part of it erased?
 *
 * Parts are enough if two groups that are alike in them always answer alike, and go on to be alike. Where
 * they are not, there is a shortest pair of histories that leads to two groups that look the same and an
 * operation that tells them apart. Under Linux's profiles those who ask keep to the kernel's contract: one
 * who releases has claimed, one who attaches has too; a group's claim is asked for by anyone. One group,
 * any number of members that does not matter to the operations searched; a breadth-first search over words,
 * so every history is a shortest one.
 */
#ifndef IOWARD_PROOF_ENOUGH_H
#define IOWARD_PROOF_ENOUGH_H

#include <ioward/transition.h>

/* What may be erased from the word: X(name, words). */
#define IOW_ERASURE_LIST(X)                                                                                  \
    X(NOTHING, "nothing")                                                                                    \
    X(WHOSE_BLOCKING, "which user's the blocking domain is")                                                 \
    X(WHOSE, "which user's the domain is")                                                                   \
    X(CLAIMS, "how many claims there are")                                                                   \
    X(DRIVERS, "how many drivers there are")

enum iow_erasure {
#define IOW_ERASURE_ENUM(name, words) IOW_ERASURE_##name,
    IOW_ERASURE_LIST(IOW_ERASURE_ENUM)
#undef IOW_ERASURE_ENUM
    IOW_ERASURE__COUNT
};

const char *iow_erasure_words(enum iow_erasure erasure);

#define IOW_HISTORY_MOST 12

/* Operations from a free group on, each of which was done. */
struct iow_history {
    uint32_t n;
    struct iow_event events[IOW_HISTORY_MOST];
    uint64_t word; /* at the end */
};

struct iow_ambiguity {
    struct iow_history a, b; /* alike but for what is erased */
    struct iow_event event;  /* tells them apart: */
    int code_a, code_b;      /* by what it answers, */
    uint64_t next_a, next_b; /* or by what it leads to */
};

/* iow_enough - true: what is left is enough; false: *ret is a shortest pair that shows that it is not. Two
 * owners, up to two drivers and two claims. */
bool iow_enough(const struct iow_profile *profile, enum iow_erasure erasure, struct iow_ambiguity *ret);

#endif
