/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Has the checker search the groups of a machine. */
#include "base/cleanup.h"
#include "base/explain.h"
#include "cli/cli.h"
#include "cli/makeup.h"
#include "report/escape.h"
#include "report/proof.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Conditions that are dropped together, in small worlds: what happens without a condition shows with few
 * members, and a trace with few is one with more. */
#define MOST_DROPPED 2

/* Members where nothing is kept, and nothing should be broken either. */
#define MOST_WRONG 8

/* States of a search that is worth telling of. */
#define LONG_SEARCH 10000

/* Of memory for one search. */
#define MOST_BYTES ((size_t)1 << 30)

/* The small worlds of a make-up, and what was found in them. */
struct small {
    struct makeup_world worlds[MAKEUP_SMALL];
    struct iow_proof_survey survey;
};

struct proving {
    struct machine *m;
    const struct options *options;
    struct iow_prove prove;
    struct small *smalls; /* worlds that were surveyed */
    uint32_t n_smalls;
    bool telling;        /* a person at a terminal sees that it goes on */
    uint32_t make, told; /* which make-up is searched; how many were named */
};

/* --- which kernel --- */

/* "6.12", also with more behind it; 0: it is none. */
static uint16_t parse_release(const char *text)
{
    unsigned major, minor;
    int end = 0;

    if (strspn(text, "0123456789") == 0 || sscanf(text, "%3u.%3u%n", &major, &minor, &end) != 2 ||
        major > 255 || minor > 255 || (text[end] && !strchr(".-", text[end])))
        return 0;
    return (uint16_t)(major << 8 | minor);
}

static void choose_nearest(struct iow_prove *prove, const char *kernel, uint16_t release)
{
    prove->kernel = kernel;
    prove->profile = iow_profile_of(release, &prove->assumed);
}

static int choose_profile(struct iow_prove *prove, const struct options *options)
{
    const char *wanted = options->kernel;

    if (!wanted)
        return EXIT_DONE;
    prove->profile = iow_profile_find(wanted);
    if (prove->profile)
        return EXIT_DONE;
    if (!parse_release(wanted))
        return iow_cli_usage("prove", "--kernel wants a release such as 6.12, or pure");
    choose_nearest(prove, wanted, parse_release(wanted));
    return EXIT_DONE;
}

static void choose_machines_profile(struct iow_prove *prove, const struct iow_machine *machine)
{
    if (!prove->profile)
        choose_nearest(prove, *machine->kernel ? machine->kernel : NULL, machine->release);
}

/* --- which groups --- */

static bool *choose_groups(struct machine *m, const uint32_t *functions, uint32_t n)
{
    bool *chosen = iow_mem_alloc(&m->mem, m->view->n_groups, sizeof(bool));

    for (uint32_t i = 0; chosen && i < n; i++) {
        const struct iow_view_group *g =
            iow_view_group_of(m->view, iow_facts_function_at(m->facts, functions[i])->group);

        if (g)
            chosen[g - m->view->groups] = true;
    }
    return chosen;
}

static int no_group(const struct proving *p, uint32_t function)
{
    struct iow_explain explain;

    (void)iow_explain_function(&explain, -IOW_EOPNOTSUPP, IOW_RULE_DMA_NO_GROUP,
        &iow_facts_function_at(p->m->facts, function)->address);
    return iow_cli_explain(p->options, &explain, NULL);
}

/* The first device chosen that is in no group; n: each is in one. */
static uint32_t find_ungrouped(struct machine *m, const uint32_t *functions, uint32_t n)
{
    uint32_t i = 0;

    while (i < n && iow_view_group_of(m->view, iow_facts_function_at(m->facts, functions[i])->group))
        i++;
    return i;
}

static int list_makes(struct proving *p, int n, char **operands)
{
    uint32_t *functions = NULL, n_functions = 0, ungrouped;
    bool *chosen = NULL;
    int code =
        n ? iow_cli_select(p->m, p->options, n, operands, SELECT_ANY, &functions, &n_functions) : EXIT_DONE;

    if (code == EXIT_DONE)
        code = iow_cli_view(p->m, p->options, false);
    if (code != EXIT_DONE)
        return code;
    ungrouped = find_ungrouped(p->m, functions, n_functions);
    if (ungrouped < n_functions)
        return no_group(p, functions[ungrouped]);
    if (n)
        chosen = choose_groups(p->m, functions, n_functions);
    if (n && !chosen)
        return iow_cli_drawn(p->options, -IOW_ENOMEM);
    return iow_cli_drawn(
        p->options, iow_makeup_list(p->m->view, chosen, &p->m->mem, &p->prove.makes, &p->prove.n_makes));
}

/* --- the search --- */

/* Each make-up is named once, and long searches on the way. */
static int tell_progress(void *ctx, uint64_t states)
{
    struct proving *p = ctx;

    if (!p->telling || (p->told == p->make + 1 && states < LONG_SEARCH))
        return 0;
    p->told = p->make + 1;
    (void)fprintf(stderr, "\r\033[Kmake-up %" PRIu32 " of %" PRIu32, p->told, p->prove.n_makes);
    if (states >= LONG_SEARCH)
        (void)fprintf(stderr, ": %" PRIu64 " states", states);
    return 0;
}

static void erase_progress(const struct proving *p)
{
    if (p->telling)
        (void)fputs("\r\033[K", stderr);
}

static void prepare(struct proving *p, struct iow_proof_world *world)
{
    world->most_bytes = MOST_BYTES;
    world->progress = tell_progress;
    world->ctx = p;
}

/* Names of a world's devices, safe to show. */
static int name_devices(struct proving *p, const struct iow_prove_make *make,
    const struct makeup_world *world, struct iow_trace_names *ret)
{
    uint32_t n = world->world.n_devices;
    const char **names = iow_mem_alloc(&p->m->mem, n, sizeof(*names));

    if (!names)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < n; i++) {
        struct iow_text text = {0};

        if (world->member[i] == IOW_NONE)
            iow_text_puts(&text, "the newcomer");
        else
            iow_escape_text(&text, make->members[world->member[i]].name);
        names[i] = iow_text_take(&text, &p->m->mem);
        if (!names[i])
            return -IOW_ENOMEM;
    }
    *ret = (struct iow_trace_names){.n_devices = n, .n_groups = 1, .devices = names};
    return 0;
}

static struct iow_prove_finding *find_finding(
    struct iow_prove *prove, enum iow_proof_invariant invariant, uint32_t dropped)
{
    for (uint32_t i = 0; i < prove->n_findings; i++)
        if (prove->findings[i].invariant == invariant && prove->findings[i].dropped == dropped)
            return &prove->findings[i];
    return NULL;
}

/* Most findings that there can be: each invariant with each set of conditions. */
static uint32_t most_findings(void)
{
    return IOW_PROOF_INVARIANT__COUNT *
           (1 + IOW_PROOF_CONDITION__COUNT +
               IOW_PROOF_CONDITION__COUNT * (IOW_PROOF_CONDITION__COUNT - 1) / 2);
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Counts the groups of a make-up to a finding, which is new or was made of another. */
static int add_finding(
    struct proving *p, const struct iow_prove_make *make, const struct iow_prove_finding *found)
{
    struct iow_prove_finding *f = find_finding(&p->prove, found->invariant, found->dropped);

    if (!f) {
        f = &p->prove.findings[p->prove.n_findings];
        *f = *found;
        f->group = make->groups[0];
        f->groups = iow_mem_alloc(&p->m->mem, p->m->view->n_groups, sizeof(uint32_t));
        if (!f->groups)
            return -IOW_ENOMEM;
        p->prove.n_findings++;
    } else if (found->trace.n_steps < f->trace.n_steps) {
        f->trace = found->trace;
        f->names = found->names;
        f->group = make->groups[0];
    }
    memcpy(f->groups + f->n_groups, make->groups, make->n_groups * sizeof(uint32_t));
    f->n_groups += make->n_groups;
    qsort(f->groups, f->n_groups, sizeof(uint32_t), compare_numbers);
    return 0;
}

/* All members, every condition kept. */
static int search_whole(struct proving *p, struct iow_prove_make *make)
{
    struct iow_prove_finding found = {0};
    struct makeup_world whole;
    int r;

    make->n_searched = iow_makeup_world(make, p->prove.profile, UINT32_MAX, &whole);
    p->prove.complete &= make->n_searched == make->n_members;
    prepare(p, &whole.world);
    r = iow_proof_run(&whole.world, &p->m->mem, &make->kept);
    p->prove.complete &= make->kept.complete;
    if (r < 0 && r != -IOW_E2BIG)
        return r;
    r = make->kept.violated ? name_devices(p, make, &whole, &found.names) : 0;
    for (unsigned i = 0; i < IOW_PROOF_INVARIANT__COUNT && r == 0; i++) {
        if (!(make->kept.violated >> i & 1))
            continue;
        found.invariant = (enum iow_proof_invariant)i;
        found.trace = make->kept.traces[i];
        r = add_finding(p, make, &found);
    }
    return r;
}

/* A profile that promises to hold whatever goes wrong: everything goes wrong. */
static int search_all_dropped(struct proving *p, struct iow_prove_make *make)
{
    struct iow_proof_result result;
    struct makeup_world many;
    int r;

    if (!(p->prove.profile->features & 1u << IOW_FEATURE_PURE))
        return 0;
    (void)iow_makeup_world(make, p->prove.profile, MOST_WRONG, &many);
    prepare(p, &many.world);
    many.world.dropped = IOW_PROOF_ALL_DROPPED;
    r = iow_proof_run(&many.world, &p->m->mem, &result);
    make->always = r == 0 && !result.violated;
    return r == -IOW_E2BIG ? 0 : r;
}

static bool same_worlds(const struct small *a, const struct small *b)
{
    for (unsigned i = 0; i < MAKEUP_SMALL; i++)
        if (a->worlds[i].world.n_devices != b->worlds[i].world.n_devices ||
            memcmp(a->worlds[i].world.devices, b->worlds[i].world.devices,
                sizeof(a->worlds[i].world.devices)) != 0)
            return false;
    return true;
}

static int survey(struct proving *p, struct small *small)
{
    struct iow_proof_world worlds[MAKEUP_SMALL];
    int r;

    for (unsigned i = 0; i < MAKEUP_SMALL; i++) {
        worlds[i] = small->worlds[i].world;
        prepare(p, &worlds[i]);
    }
    r = iow_proof_survey(worlds, MAKEUP_SMALL, MOST_DROPPED, &p->m->mem, &small->survey);
    p->prove.complete &= small->survey.complete;
    return r == -IOW_E2BIG ? 0 : r;
}

/* The same small worlds may have been surveyed for another make-up already. */
static int find_survey(struct proving *p, const struct small *wanted, const struct iow_proof_survey **ret)
{
    uint32_t i = 0;

    while (i < p->n_smalls && !same_worlds(&p->smalls[i], wanted))
        i++;
    *ret = &p->smalls[i].survey;
    if (i < p->n_smalls)
        return 0;
    p->smalls[p->n_smalls++] = *wanted;
    return survey(p, &p->smalls[i]);
}

/* What the make-up rests on. */
static int search_conditions(struct proving *p, struct iow_prove_make *make)
{
    const struct iow_proof_survey *seen;
    struct iow_trace_names names[MAKEUP_SMALL];
    struct small small = {0};
    int r;

    iow_makeup_small(make, p->prove.profile, small.worlds);
    r = find_survey(p, &small, &seen);
    for (unsigned i = 0; i < MAKEUP_SMALL && r == 0; i++)
        r = name_devices(p, make, &small.worlds[i], &names[i]);
    for (uint32_t i = 0; r == 0 && i < seen->n_findings; i++) {
        const struct iow_proof_finding *f = &seen->findings[i];
        const struct iow_prove_finding found = {
            .invariant = f->invariant, .dropped = f->dropped, .trace = f->trace, .names = names[f->world]};

        if (!f->dropped && make->kept.violated >> f->invariant & 1)
            continue; /* that was found with all members, too */
        if (!f->dropped)
            make->kept.violated |= 1u << f->invariant;
        r = add_finding(p, make, &found);
    }
    return r;
}

static int compare_findings(const void *a, const void *b)
{
    const struct iow_prove_finding *x = a, *y = b;
    int n = __builtin_popcount(x->dropped) - __builtin_popcount(y->dropped);

    if (n)
        return n;
    if (x->dropped != y->dropped)
        return x->dropped < y->dropped ? -1 : 1;
    return (int)x->invariant - (int)y->invariant;
}

static int search(struct proving *p)
{
    struct iow_prove *prove = &p->prove;
    int r = 0;

    prove->complete = true;
    prove->findings = iow_mem_alloc(&p->m->mem, most_findings(), sizeof(*prove->findings));
    p->smalls = iow_mem_alloc(&p->m->mem, prove->n_makes, sizeof(*p->smalls));
    if (!prove->findings || !p->smalls)
        return -IOW_ENOMEM;
    for (p->make = 0; p->make < prove->n_makes && r == 0; p->make++) {
        struct iow_prove_make *make = &prove->makes[p->make];

        r = search_whole(p, make);
        if (r == 0)
            r = search_all_dropped(p, make);
        if (r == 0 && !make->always)
            r = search_conditions(p, make);
    }
    erase_progress(p);
    qsort(prove->findings, prove->n_findings, sizeof(*prove->findings), compare_findings);
    return r;
}

/* 3: something is broken although every condition is kept. */
static int judge(const struct iow_prove *prove)
{
    for (uint32_t i = 0; i < prove->n_makes; i++)
        if (prove->makes[i].kept.violated)
            return EXIT_FINDINGS;
    return prove->complete ? EXIT_DONE : EXIT_FAILED;
}

int iow_cli_prove(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(iow_cli_done) struct machine m = {0};
    const char *term = getenv("TERM");
    struct proving p = {
        .m = &m, .options = options, .telling = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0};
    int code = iow_cli_check(options, n, operands);

    if (code == EXIT_DONE)
        code = choose_profile(&p.prove, options);
    if (code == EXIT_DONE)
        code = iow_cli_read(&m, options, IOW_READ_REGIONS);
    if (code == EXIT_DONE)
        code = list_makes(&p, n, operands);
    if (code != EXIT_DONE)
        return code;
    choose_machines_profile(&p.prove, iow_facts_machine(m.facts));
    code = iow_cli_drawn(options, search(&p));
    if (code == EXIT_DONE)
        code = iow_cli_drawn(options, options->given & OPTION_JSON
                                          ? iow_prove_json(m.view, &p.prove, stdout)
                                          : iow_prove_text(&p.prove, options->given & OPTION_TRACES, stdout));
    return code == EXIT_DONE ? judge(&p.prove) : code;
}
