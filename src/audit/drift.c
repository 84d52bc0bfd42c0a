/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ports whose ACS bits were cleared, and what that opened: the same requests with the bits and without. */
#include <ioward/agreement.h>

#include <string.h>

int iow_drift_ports(const struct iow_analysis *analysis, struct iow_mem *mem, uint32_t **ret, uint32_t *ret_n)
{
    uint32_t *ports = iow_mem_alloc(mem, analysis->topology->n, sizeof(*ports)), n = 0;
    const struct iow_mem before = *mem;
    bool *listed = iow_mem_alloc(mem, analysis->topology->n, sizeof(*listed));

    if (!ports || !listed)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < analysis->n_differences; i++) {
        const struct iow_difference *d = &analysis->differences[i];

        if (d->rule != IOW_RULE_DIFF_ACS_CLEARED || d->deciding == IOW_NONE || listed[d->deciding])
            continue;
        listed[d->deciding] = true;
        ports[n++] = d->deciding;
    }
    iow_mem_rewind(mem, &before);
    *ret = ports;
    *ret_n = n;
    return 0;
}

/* --- what was opened at one of them --- */

/* Pairs to try: all, but on machines of which nobody would read the list. */
#define TRIES 65536

struct drift {
    const struct iow_analysis *a;
    struct iow_grouping_input before;
    struct iow_topology topology;
    struct iow_config config;
    uint32_t port, most, tried;
    struct iow_opened *opened;
    uint32_t n;
    bool more;
};

/* The machine again, the port's bits as Linux sets them. */
static bool restore(struct drift *d, struct iow_mem *mem)
{
    const struct iow_topology *t = d->a->topology;

    d->topology = *t;
    d->topology.node = iow_mem_alloc(mem, t->n, sizeof(*t->node));
    if (!d->topology.node)
        return false;
    memcpy(d->topology.node, t->node, t->n * sizeof(*t->node));
    d->config = *t->node[d->port].config;
    d->config.acs_ctrl |= d->config.acs_cap & IOW_ACS_REQUIRED;
    d->topology.node[d->port].config = &d->config;
    d->before = d->a->grouping;
    d->before.topology = &d->topology;
    d->before.acs = NULL;
    return true;
}

static bool is_below(const struct iow_topology *t, uint32_t port, uint32_t node)
{
    while (node != IOW_NONE && node != port)
        node = t->node[node].parent;
    return node == port;
}

/* Is more open now? */
static bool compare(struct drift *d, uint32_t from, uint32_t to, bool translated)
{
    const struct iow_route_request request = {
        .from = from, .to = to, .translated = translated, .enabled = true};
    struct iow_route now, before;

    iow_route_worst(&d->a->grouping, &request, &now);
    if (now.answer != IOW_ROUTE_AROUND)
        return false;
    iow_route_worst(&d->before, &request, &before);
    if (iow_route_rank(&now) <= iow_route_rank(&before))
        return false;
    d->more = d->n == d->most;
    if (d->more)
        return true;
    d->opened[d->n++] = (struct iow_opened){.from = from,
        .to = to,
        .translated = translated,
        .deciding = now.deciding,
        .now = now.answer,
        .before = before.answer,
        .grade = now.grade};
    return true;
}

/* An untranslated request tells it, or else a translated one. */
static void look_from(struct drift *d, uint32_t from)
{
    for (uint32_t to = 0; to < d->a->topology->n && !d->more; to++) {
        bool found = false;

        if (to == from)
            continue;
        d->more = d->tried++ >= TRIES;
        for (unsigned translated = 0; translated < 2 && !found && !d->more; translated++)
            found = compare(d, from, to, translated);
    }
}

int iow_drift_opened(const struct iow_analysis *a, uint32_t port, uint32_t most, struct iow_mem *mem,
    struct iow_opened **ret, uint32_t *ret_n, bool *ret_more)
{
    struct drift d = {.a = a, .port = port, .most = most < TRIES ? most : TRIES};
    struct iow_mem before;
    bool enough;

    d.opened = iow_mem_alloc(mem, d.most, sizeof(*d.opened));
    before = *mem;
    enough = d.opened && restore(&d, mem);
    for (uint32_t from = 0; enough && from < a->topology->n && !d.more; from++)
        if (!iow_config_is_bridge(a->topology->node[from].config) && is_below(a->topology, port, from))
            look_from(&d, from);
    iow_mem_rewind(mem, &before);
    *ret = d.opened;
    *ret_n = d.n;
    *ret_more = d.more;
    return enough ? 0 : -IOW_ENOMEM;
}
