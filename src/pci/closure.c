/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/closure.h>

#include "base/explain.h"
#include "pci/sets.h"

struct search {
    const struct iow_grouping_input *machine;
    const uint32_t *part;
    uint32_t most;
    int needed;
    uint32_t *joined; /* per part: the forest of those that breaches join */
    struct iow_closure *closure;
};

static uint32_t root(uint32_t *forest, uint32_t i)
{
    while (forest[i] != i) {
        forest[i] = forest[forest[i]];
        i = forest[i];
    }
    return i;
}

/* The lower number becomes the root. */
static bool join(uint32_t *forest, uint32_t a, uint32_t b)
{
    a = root(forest, a);
    b = root(forest, b);
    forest[a > b ? a : b] = a > b ? b : a;
    return a != b;
}

/* The route that isolates less: of an untranslated request, or of a translated one. */
static int find_worse(
    const struct iow_grouping_input *machine, uint32_t from, uint32_t to, struct iow_breach *ret)
{
    int rank = -1;

    for (unsigned translated = 0; translated < 2; translated++) {
        const struct iow_route_request request = {
            .from = from, .to = to, .translated = translated, .enabled = true};
        struct iow_route route;

        iow_route_worst(machine, &request, &route);
        if (iow_route_rank(&route) <= rank)
            continue;
        rank = iow_route_rank(&route);
        *ret = (struct iow_breach){.from = from,
            .to = to,
            .answer = route.answer,
            .grade = route.grade,
            .deciding = route.deciding,
            .translated = translated};
    }
    return rank;
}

int iow_breach_find(
    const struct iow_grouping_input *machine, uint32_t from, uint32_t to, struct iow_breach *ret)
{
    int rank = find_worse(machine, from, to, ret);
    struct iow_breach back;

    ret->mutual = !iow_config_is_bridge(machine->topology->node[to].config) &&
                  find_worse(machine, to, from, &back) >= rank;
    return rank;
}

static void look_at(void *ctx, uint32_t from, uint32_t to)
{
    struct search *s = ctx;
    struct iow_breach breach;

    if (root(s->joined, s->part[from]) == root(s->joined, s->part[to]) ||
        iow_breach_find(s->machine, from, to, &breach) < s->needed)
        return;
    (void)join(s->joined, s->part[from], s->part[to]);
    if (s->closure->n_listed < s->most)
        s->closure->breach[s->closure->n_listed++] = breach;
    s->closure->n_breaches++;
}

static int prepare(struct search *s, uint32_t n_parts, struct iow_mem *mem)
{
    struct iow_closure *c = iow_mem_alloc(mem, 1, sizeof(*c));

    if (!c)
        return -IOW_ENOMEM;
    c->n_parts = n_parts;
    c->together = iow_mem_alloc(mem, n_parts, sizeof(*c->together));
    c->breach = iow_mem_alloc(mem, s->most < n_parts ? s->most : n_parts, sizeof(*c->breach));
    s->joined = iow_mem_alloc(mem, n_parts, sizeof(*s->joined));
    if (!c->together || !c->breach || !s->joined)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < n_parts; i++)
        c->together[i] = s->joined[i] = i;
    s->closure = c;
    return 0;
}

/* What a set holds hangs together. */
static int join_sets(const struct search *s, struct iow_mem *mem)
{
    struct iow_closure *c = s->closure;
    uint32_t *first = iow_mem_alloc(mem, c->sets->n_sets, sizeof(*first)), n_joined = 0;

    if (!first)
        return -IOW_ENOMEM;
    for (uint32_t i = c->sets->n; i-- > 0;)
        first[c->sets->set[i]] = s->part[i];
    for (uint32_t i = 0; i < c->sets->n; i++)
        n_joined += join(c->together, s->part[i], first[c->sets->set[i]]);
    for (uint32_t i = 0; i < c->n_parts; i++)
        c->together[i] = root(c->together, i);
    c->n_unshown = n_joined - c->n_breaches;
    return 0;
}

int iow_closure_find(const struct iow_grouping_input *machine, const uint32_t *part, uint32_t n_parts,
    enum iow_route_grade grade, uint32_t most, struct iow_mem *mem, struct iow_closure **ret,
    struct iow_explain *reterr)
{
    struct search s = {.machine = machine, .part = part, .most = most, .needed = iow_sets_rank(grade)};
    const struct iow_sets_watch watch = {.link = look_at, .ctx = &s};
    int r;

    if (prepare(&s, n_parts, mem) < 0)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    r = iow_sets_find(machine, grade, &watch, mem, &s.closure->sets, reterr);
    if (r < 0)
        return r;
    if (join_sets(&s, mem) < 0)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    *ret = s.closure;
    return 0;
}
