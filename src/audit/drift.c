/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the ACS bits that were cleared at a port opened: the same requests with them and without. */
#include <ioward/agreement.h>

#include "audit/audit.h"

#include <string.h>

/* Pairs to try: all, but on machines of which nobody would read the list. */
#define TRIES 65536

struct drift {
    const struct iow_analysis *a;
    struct iow_grouping_input before;
    struct iow_topology topology;
    struct iow_config config;
    struct iow_mem *mem;
    uint32_t port, most, tried;
    void *list;
    uint32_t n;
    bool more;
};

/* The machine again, the port's bits as Linux sets them. */
static int restore(struct drift *d)
{
    const struct iow_topology *t = d->a->topology;

    d->topology = *t;
    d->topology.node = iow_mem_alloc(d->mem, t->n, sizeof(*t->node));
    if (!d->topology.node)
        return -IOW_ENOMEM;
    memcpy(d->topology.node, t->node, t->n * sizeof(*t->node));
    d->config = *t->node[d->port].config;
    d->config.acs_ctrl |= d->config.acs_cap & IOW_ACS_REQUIRED;
    d->topology.node[d->port].config = &d->config;
    d->before = d->a->grouping;
    d->before.topology = &d->topology;
    d->before.acs = NULL;
    return 0;
}

static bool is_below(const struct iow_topology *t, uint32_t port, uint32_t node)
{
    while (node != IOW_NONE && node != port)
        node = t->node[node].parent;
    return node == port;
}

static int compare(struct drift *d, uint32_t from, uint32_t to, bool translated)
{
    const struct iow_route_request request = {
        .from = from, .to = to, .translated = translated, .enabled = true};
    struct iow_route now, before;
    struct iow_opened *opened;

    iow_route_worst(&d->a->grouping, &request, &now);
    if (now.answer != IOW_ROUTE_AROUND)
        return 0;
    iow_route_worst(&d->before, &request, &before);
    if (iow_route_rank(&now) <= iow_route_rank(&before))
        return 0;
    if (d->n >= d->most) {
        d->more = true;
        return 0;
    }
    opened = iow_audit_append(d->mem, &d->list, &d->n, sizeof(*opened));
    if (!opened)
        return -IOW_ENOMEM;
    *opened = (struct iow_opened){.from = from,
        .to = to,
        .translated = translated,
        .deciding = now.deciding,
        .now = now.answer,
        .before = before.answer,
        .grade = now.grade};
    return 1;
}

/* An untranslated request tells it, or else a translated one. */
static int look_from(struct drift *d, uint32_t from)
{
    for (uint32_t to = 0; to < d->a->topology->n && !d->more; to++) {
        int r = 0;

        if (to == from)
            continue;
        d->more = d->tried++ >= TRIES;
        for (unsigned translated = 0; translated < 2 && !r && !d->more; translated++)
            r = compare(d, from, to, translated);
        if (r < 0)
            return r;
    }
    return 0;
}

int iow_drift_opened(const struct iow_analysis *a, uint32_t port, uint32_t most, struct iow_mem *mem,
    struct iow_opened **ret, uint32_t *ret_n, bool *ret_more)
{
    struct drift d = {.a = a, .mem = mem, .port = port, .most = most};

    if (restore(&d) < 0)
        return -IOW_ENOMEM;
    for (uint32_t from = 0; from < a->topology->n && !d.more; from++) {
        if (iow_config_is_bridge(a->topology->node[from].config) || !is_below(a->topology, port, from))
            continue;
        if (look_from(&d, from) < 0)
            return -IOW_ENOMEM;
    }
    *ret = d.list;
    *ret_n = d.n;
    *ret_more = d.more;
    return 0;
}
