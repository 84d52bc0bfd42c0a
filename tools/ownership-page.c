/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints what the checker finds, for docs/ownership.md: each block after a line "== NAME". Whatever is
 * printed was searched for just now.
 */
#include "proof/enough.h"
#include "proof/proof.h"
#include "report/trace-words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ANY_DRIVER (1u << IOW_DRIVER_DMA_API | 1u << IOW_DRIVER_MANAGED | 1u << IOW_DRIVER_PRIVATE)

static void must(int code)
{
    if (code < 0) {
        fprintf(stderr, "ownership-page: the search failed (%d)\n", code);
        exit(EXIT_FAILURE);
    }
}

static const struct iow_profile *profile(const char *name)
{
    const struct iow_profile *found = iow_profile_find(name);

    if (!found)
        exit(EXIT_FAILURE);
    return found;
}

static char *trace_text(const struct iow_proof_trace *trace, enum iow_proof_invariant invariant,
    uint32_t n_groups, uint32_t n_devices)
{
    struct iow_trace_names names = {.n_groups = n_groups, .n_devices = n_devices};
    struct iow_text text = {0};

    iow_trace_text(&text, trace, invariant, &names);
    if (text.failed)
        exit(EXIT_FAILURE);
    return text.data;
}

static struct iow_proof_world world_of(
    const char *name, uint32_t n_groups, uint32_t n_devices, uint32_t n_owners)
{
    struct iow_proof_world world = {
        .profile = profile(name),
        .n_groups = n_groups,
        .n_devices = n_devices,
        .n_owners = n_owners,
    };

    for (uint32_t i = 0; i < n_devices; i++)
        world.devices[i] = (struct iow_proof_device){.group = (uint8_t)(i % n_groups), .drivers = ANY_DRIVER};
    return world;
}

/* The pure profile, whatever goes wrong. */
static void print_pure(void)
{
    static const struct {
        uint32_t groups, devices, owners;
    } sizes[] = {{1, 1, 1}, {1, 2, 2}, {1, 3, 3}, {1, 4, 3}, {2, 3, 2}};

    printf("== pure\n| groups | devices | owners | states | steps tried | broken "
           "|\n|---|---|---|---|---|---|\n");
    for (unsigned i = 0; i < COUNT(sizes); i++) {
        struct iow_proof_world world = world_of("pure", sizes[i].groups, sizes[i].devices, sizes[i].owners);
        struct iow_proof_result result;
        struct iow_mem mem;

        world.dropped = IOW_PROOF_ALL_DROPPED;
        world.types = world.pasids = true;
        iow_mem_init_malloc(&mem);
        must(iow_proof_run(&world, &mem, &result));
        printf("| %" PRIu32 " | %" PRIu32 " | %" PRIu32 " | %" PRIu64 " | %" PRIu64 " | %s |\n",
            world.n_groups, world.n_devices, world.n_owners, result.states, result.transitions,
            result.violated ? "something" : "nothing");
        iow_mem_done(&mem);
    }
}

/* Linux: each condition, what breaks without it, and how. */

static const struct {
    const char *name, *words;
} linux_profile[] = {{"linux-6.1", "Linux 6.1"}, {"linux-6.12", "Linux 6.12"}};

#define MOST_WORLDS 16

static struct iow_proof_world worlds[COUNT(linux_profile)][MOST_WORLDS];
static struct iow_proof_survey survey[COUNT(linux_profile)];

static void search_linux(struct iow_mem *mem)
{
    for (unsigned p = 0; p < COUNT(linux_profile); p++) {
        uint32_t n = 0;

        while (n < MOST_WORLDS && iow_proof_world_at(profile(linux_profile[p].name), n, &worlds[p][n]))
            n++;
        must(iow_proof_survey(worlds[p], n, 2, mem, &survey[p]));
    }
}

/* Which harm to show of several: a driver's DMA in a user's domain first, wrong books last. */
static const enum iow_proof_invariant by_harm[] = {
    IOW_PROOF_INVARIANT_NO_DRIVER,
    IOW_PROOF_INVARIANT_ONE_SPACE,
    IOW_PROOF_INVARIANT_RETURNS,
    IOW_PROOF_INVARIANT_LEAVES,
    IOW_PROOF_INVARIANT_DERIVED,
    IOW_PROOF_INVARIANT_BOOKKEEPING,
};

static const struct iow_proof_finding *find(
    const struct iow_proof_survey *s, uint32_t dropped, enum iow_proof_invariant invariant)
{
    for (uint32_t i = 0; i < s->n_findings; i++)
        if (s->findings[i].dropped == dropped && s->findings[i].invariant == invariant)
            return &s->findings[i];
    return NULL;
}

static const struct iow_proof_finding *worst(const struct iow_proof_survey *s, uint32_t dropped)
{
    const struct iow_proof_finding *found = NULL;

    for (unsigned i = 0; i < COUNT(by_harm) && !found; i++)
        found = find(s, dropped, by_harm[i]);
    return found;
}

static void print_broken(const struct iow_proof_survey *s, uint32_t dropped)
{
    const char *separator = "";

    for (unsigned i = 0; i < IOW_PROOF_INVARIANT__COUNT; i++)
        if (find(s, dropped, (enum iow_proof_invariant)i)) {
            printf("%s%u", separator, i + 1);
            separator = ", ";
        }
    if (!*separator)
        printf("-");
}

static void print_conditions(uint32_t dropped, const char *separator)
{
    const char *before = "";

    for (unsigned i = 0; i < IOW_PROOF_CONDITION__COUNT; i++)
        if (dropped >> i & 1) {
            printf("%s%s", before, iow_proof_condition_words((enum iow_proof_condition)i));
            before = separator;
        }
}

static void print_table(uint32_t size)
{
    printf("== table %" PRIu32 "\n| without | 6.1 | 6.12 |\n|---|---|---|\n", size);
    for (uint32_t dropped = 0; dropped <= IOW_PROOF_ALL_DROPPED; dropped++) {
        if ((uint32_t)__builtin_popcount(dropped) != size ||
            (!worst(&survey[0], dropped) && !worst(&survey[1], dropped)))
            continue;
        printf("| ");
        print_conditions(dropped, "; and ");
        for (unsigned p = 0; p < COUNT(linux_profile); p++) {
            printf(" | ");
            print_broken(&survey[p], dropped);
        }
        printf(" |\n");
    }
}

static void print_names(uint32_t dropped)
{
    char separator = ' ';

    for (unsigned i = 0; i < IOW_PROOF_CONDITION__COUNT; i++)
        if (dropped >> i & 1) {
            printf("%c%s", separator, iow_proof_condition_name((enum iow_proof_condition)i));
            separator = '+';
        }
}

static void print_traces(uint32_t dropped)
{
    char *text[COUNT(linux_profile)] = {NULL};

    for (unsigned p = 0; p < COUNT(linux_profile); p++) {
        const struct iow_proof_finding *f = worst(&survey[p], dropped);

        if (f)
            text[p] = trace_text(&f->trace, f->invariant, 1, worlds[p][f->world].n_devices);
    }
    if (text[0] && text[1] && strcmp(text[0], text[1]) == 0)
        printf("Linux 6.1 and 6.12:\n%s", text[0]);
    else
        for (unsigned p = 0; p < COUNT(linux_profile); p++)
            if (text[p])
                printf("%s%s:\n%s", p && text[0] ? "\n" : "", linux_profile[p].words, text[p]);
    for (unsigned p = 0; p < COUNT(linux_profile); p++)
        free(text[p]);
}

/* Every finding, for those that the page tells more of than the worst. */
static void print_findings(unsigned p)
{
    for (uint32_t i = 0; i < survey[p].n_findings; i++) {
        const struct iow_proof_finding *f = &survey[p].findings[i];
        char *text = trace_text(&f->trace, f->invariant, 1, worlds[p][f->world].n_devices);

        printf("== %s", iow_proof_invariant_name(f->invariant));
        print_names(f->dropped);
        printf(" %s\n%s", linux_profile[p].name, text);
        free(text);
    }
}

static void print_linux(void)
{
    struct iow_mem mem;

    iow_mem_init_malloc(&mem);
    search_linux(&mem);
    printf("== searched\n");
    for (unsigned p = 0; p < COUNT(linux_profile); p++)
        printf("%s: %" PRIu32 " searches, %" PRIu64 " states, %" PRIu64
               " steps tried; nothing dropped: %s is broken\n",
            linux_profile[p].words, survey[p].n_runs, survey[p].states, survey[p].transitions,
            worst(&survey[p], 0) ? "something" : "nothing");
    print_table(1);
    print_table(2);
    for (uint32_t dropped = 1; dropped <= IOW_PROOF_ALL_DROPPED; dropped++)
        if (worst(&survey[0], dropped) || worst(&survey[1], dropped)) {
            printf("== without");
            print_names(dropped);
            printf("\n");
            print_traces(dropped);
        }
    print_findings(0);
    print_findings(1);
    iow_mem_done(&mem);
}

/* Which parts of the word are needed. */

static void print_event(const struct iow_event *event)
{
    if (event->tag)
        printf("owner %" PRIu32 ": ", event->tag);
    printf("%s", iow_operation_words(event->operation));
}

static void print_history(const struct iow_history *history)
{
    if (!history->n)
        printf("nothing");
    for (uint32_t i = 0; i < history->n; i++) {
        printf("%s", i ? ", " : "");
        print_event(&history->events[i]);
    }
}

static void print_answer(int code, uint64_t next)
{
    struct iow_ownership is = iow_ownership_unpack(next);

    if (code < 0)
        printf("%s", iow_error_name(code));
    else
        printf("done, then %s with %" PRIu32 " claim%s",
            is.kind == IOW_KIND_DEFAULT ? "default domain" : "owned", is.claims, is.claims == 1 ? "" : "s");
}

static void print_erasures(void)
{
    printf("== erasures\n| erased | pure | 6.1 | 6.12 |\n|---|---|---|---|\n");
    for (int e = IOW_ERASURE_NOTHING + 1; e < IOW_ERASURE__COUNT; e++) {
        printf("| %s", iow_erasure_words((enum iow_erasure)e));
        for (uint32_t p = 0; iow_profile_at(p); p++) {
            struct iow_ambiguity ignored;

            printf(" | %s",
                iow_enough(iow_profile_at(p), (enum iow_erasure)e, &ignored) ? "not needed" : "needed");
        }
        printf(" |\n");
    }
}

static void print_ambiguity(const char *name, const char *of, enum iow_erasure erasure)
{
    struct iow_ambiguity a;

    printf("== needed %s\n", name);
    if (iow_enough(profile(of), erasure, &a))
        exit(EXIT_FAILURE);
    printf("one group: ");
    print_history(&a.a);
    printf("\nanother:   ");
    print_history(&a.b);
    printf("\nThey are alike but for %s. Now, ", iow_erasure_words(erasure));
    print_event(&a.event);
    printf(":\none group: ");
    print_answer(a.code_a, a.next_a);
    printf("\nanother:   ");
    print_answer(a.code_b, a.next_b);
    printf("\n");
}

/* Reach. */

static bool crosses(const struct iow_proof_world *world, const uint8_t reach[4])
{
    for (uint32_t a = 0; a < 4; a++)
        for (uint32_t b = 0; b < 4; b++)
            if (reach[a] >> b & 1 && world->devices[a].group != world->devices[b].group)
                return true;
    return false;
}

/* Bit i of relation: the i-th ordered pair of different devices. */
static void relation_of(uint32_t relation, uint8_t ret[4])
{
    uint32_t bit = 0;

    for (uint32_t a = 0; a < 4; a++) {
        ret[a] = 0;
        for (uint32_t b = 0; b < 4; b++)
            if (a != b && relation >> bit++ & 1)
                ret[a] |= (uint8_t)(1u << b);
    }
}

static void print_reach(void)
{
    struct iow_proof_world world = world_of("linux-6.12", 2, 4, 2);
    struct iow_proof_exposure exposure;
    uint32_t n_exposed = 0, n_crossing = 0, n_other = 0;
    const uint8_t one_way[4] = {1u << 1, 0, 0, 0};
    const struct iow_proof_trace *trace;
    struct iow_mem mem;
    char *text;

    iow_mem_init_malloc(&mem);
    for (uint32_t i = 0; i < 4; i++)
        world.devices[i].drivers = 1u << IOW_DRIVER_DMA_API;
    must(iow_proof_expose(&world, &mem, &exposure));
    for (uint32_t relation = 0; relation < 4096; relation++) {
        uint8_t reach[4];

        relation_of(relation, reach);
        n_crossing += crosses(&world, reach);
        n_exposed += iow_proof_reach(&exposure, reach) != NULL;
        n_other += (iow_proof_reach(&exposure, reach) != NULL) != crosses(&world, reach);
    }
    printf("== relations\n%" PRIu64 " states; 4096 relations: %" PRIu32
           " stay within groups and expose nothing, %" PRIu32 " cross and expose something, %" PRIu32
           " are otherwise\n",
        exposure.result.states, 4096 - n_crossing, n_exposed, n_other);
    trace = iow_proof_reach(&exposure, one_way);
    if (!trace)
        exit(EXIT_FAILURE);
    printf("== reach\n");
    text = trace_text(trace, IOW_PROOF_INVARIANT__COUNT, 2, 4);
    printf("%s", text);
    free(text);
    iow_mem_done(&mem);
}

int main(void)
{
    print_pure();
    print_linux();
    print_erasures();
    print_ambiguity("user", "linux-6.12", IOW_ERASURE_WHOSE_BLOCKING);
    print_ambiguity("claims", "linux-6.12", IOW_ERASURE_CLAIMS);
    print_ambiguity("tag", "pure", IOW_ERASURE_WHOSE);
    print_reach();
    return EXIT_SUCCESS;
}
