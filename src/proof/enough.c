/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proof/enough.h"

#include <stddef.h>

#define MOST_WORDS 1024u
#define MEMBERS 2u

static const char *const erasure_words[] = {
#define ERASURE_WORDS(name, words) [IOW_ERASURE_##name] = words,
    IOW_ERASURE_LIST(ERASURE_WORDS)
#undef ERASURE_WORDS
};

const char *iow_erasure_words(enum iow_erasure erasure)
{
    return (unsigned)erasure < IOW_ERASURE__COUNT ? erasure_words[erasure] : "?";
}

/* What is asked of a group: by nobody in particular, by owner 1, by owner 2. A driver is not asked for a
 * domain. */
static const struct iow_event asked[] = {
    {.operation = IOW_OPERATION_PROBE},
    {.operation = IOW_OPERATION_UNBOUND},
    {.operation = IOW_OPERATION_CLAIM_GROUP, .tag = 1},
    {.operation = IOW_OPERATION_CLAIM_GROUP, .tag = 2},
    {.operation = IOW_OPERATION_RELEASE_GROUP},
    {.operation = IOW_OPERATION_CLAIM_DEVICE, .tag = 1},
    {.operation = IOW_OPERATION_CLAIM_DEVICE, .tag = 2},
    {.operation = IOW_OPERATION_RELEASE_DEVICE},
    {.operation = IOW_OPERATION_ATTACH_GROUP, .tag = 1, .domain = IOW_KIND_TABLE},
    {.operation = IOW_OPERATION_ATTACH_GROUP, .tag = 2, .domain = IOW_KIND_TABLE},
    {.operation = IOW_OPERATION_ATTACH_GROUP, .tag = 1, .domain = IOW_KIND_BLOCKING},
    {.operation = IOW_OPERATION_ATTACH_GROUP, .tag = 2, .domain = IOW_KIND_BLOCKING},
    {.operation = IOW_OPERATION_DETACH_GROUP, .tag = 1},
    {.operation = IOW_OPERATION_DETACH_GROUP, .tag = 2},
};

#define N_ASKED (sizeof(asked) / sizeof(asked[0]))

/* Words in the order they were found: the first way to each is a shortest one. */
struct found {
    uint32_t n;
    struct {
        uint64_t word;
        uint32_t from, event;
    } at[MOST_WORDS];
};

static int ask(const struct iow_profile *profile, uint64_t word, uint32_t event, uint64_t *ret_next)
{
    struct iow_event e = asked[event];
    struct iow_transition t;
    int r;

    e.members = MEMBERS;
    r = iow_transition(profile, word, &e, &t, NULL);
    *ret_next = t.next;
    return r < 0 || !t.warned ? r : 1; /* a warning is an answer of its own */
}

/* May it be asked at all? Pure checks for itself; Linux trusts. */
static bool permitted(const struct iow_profile *profile, uint64_t word, const struct iow_event *event)
{
    struct iow_ownership is = iow_ownership_unpack(word);

    switch (event->operation) {
    case IOW_OPERATION_UNBOUND:
        return is.drivers;
    case IOW_OPERATION_RELEASE_GROUP:
    case IOW_OPERATION_RELEASE_DEVICE:
        return is.claims;
    case IOW_OPERATION_ATTACH_GROUP:
    case IOW_OPERATION_DETACH_GROUP:
        return profile->features & 1u << IOW_FEATURE_PURE || is.tag == event->tag;
    default:
        return true;
    }
}

static bool within(uint64_t word)
{
    struct iow_ownership is = iow_ownership_unpack(word);

    return is.drivers <= 2 && is.claims <= 2;
}

static void keep(struct found *found, uint64_t word, uint32_t from, uint32_t event)
{
    for (uint32_t i = 0; i < found->n; i++)
        if (found->at[i].word == word)
            return;
    if (found->n == MOST_WORDS || !within(word))
        return;
    found->at[found->n].word = word;
    found->at[found->n].from = from;
    found->at[found->n].event = event;
    found->n++;
}

static void search(const struct iow_profile *profile, struct found *found)
{
    struct iow_ownership is = {.kind = IOW_KIND_DEFAULT, .type = IOW_TYPE_DMA};

    keep(found, iow_ownership_pack(&is), 0, 0);
    for (uint32_t i = 0; i < found->n; i++)
        for (uint32_t e = 0; e < N_ASKED; e++) {
            uint64_t next;

            if (permitted(profile, found->at[i].word, &asked[e]) &&
                ask(profile, found->at[i].word, e, &next) == 0)
                keep(found, next, i, e);
        }
}

static uint64_t erase(uint64_t word, enum iow_erasure erasure)
{
    struct iow_ownership is = iow_ownership_unpack(word);

    if (erasure == IOW_ERASURE_WHOSE ||
        (erasure == IOW_ERASURE_WHOSE_BLOCKING && is.kind == IOW_KIND_BLOCKING))
        is.tag = is.tag != 0;
    if (erasure == IOW_ERASURE_CLAIMS)
        is.claims = 0;
    if (erasure == IOW_ERASURE_DRIVERS)
        is.drivers = 0;
    return iow_ownership_pack(&is);
}

static uint32_t depth(const struct found *found, uint32_t i)
{
    uint32_t n = 0;

    for (; i; i = found->at[i].from)
        n++;
    return n;
}

static void tell(const struct found *found, uint32_t i, struct iow_history *ret)
{
    uint32_t n = depth(found, i);

    ret->n = n < IOW_HISTORY_MOST ? n : IOW_HISTORY_MOST;
    ret->word = found->at[i].word;
    for (; i; i = found->at[i].from)
        if (--n < IOW_HISTORY_MOST)
            ret->events[n] = asked[found->at[i].event];
}

/* The first event that two words answer differently, or after which they look different; N_ASKED: none
 * does. */
static uint32_t telling(const struct iow_profile *profile, enum iow_erasure erasure, uint64_t a, uint64_t b)
{
    uint32_t e = 0;

    for (; e < N_ASKED; e++) {
        uint64_t next_a, next_b;

        if (!permitted(profile, a, &asked[e]) || !permitted(profile, b, &asked[e]))
            continue;
        if (ask(profile, a, e, &next_a) != ask(profile, b, e, &next_b))
            break;
        if (within(next_a) && within(next_b) && erase(next_a, erasure) != erase(next_b, erasure))
            break;
    }
    return e;
}

bool iow_enough(const struct iow_profile *profile, enum iow_erasure erasure, struct iow_ambiguity *ret)
{
    struct found found = {.n = 0};
    uint32_t shortest = UINT32_MAX;

    search(profile, &found);
    for (uint32_t i = 0; i < found.n; i++)
        for (uint32_t j = i + 1; j < found.n; j++) {
            uint64_t a = found.at[i].word, b = found.at[j].word;
            uint32_t length = depth(&found, i) + depth(&found, j), e;

            if (length >= shortest || erase(a, erasure) != erase(b, erasure))
                continue;
            e = telling(profile, erasure, a, b);
            if (e == N_ASKED)
                continue;
            shortest = length;
            tell(&found, i, &ret->a);
            tell(&found, j, &ret->b);
            ret->event = asked[e];
            ret->code_a = ask(profile, a, e, &ret->next_a);
            ret->code_b = ask(profile, b, e, &ret->next_b);
        }
    return shortest == UINT32_MAX;
}
