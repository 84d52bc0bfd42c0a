/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pci/sets.h"

#include "pci/place.h"

uint32_t iow_sets_element(const struct iow_sets *f, enum iow_sets_kind kind, uint32_t node)
{
    return (uint32_t)kind * f->t->n + node;
}

int iow_sets_rank(enum iow_route_grade grade)
{
    static const int needed[IOW_ROUTE_GRADE__COUNT] = {
        [IOW_ROUTE_IF_ROOT_COMPLEX] = IOW_RANK_ROOT_COMPLEX,
        [IOW_ROUTE_POSSIBLY] = IOW_RANK_POSSIBLY,
        [IOW_ROUTE_SURELY] = IOW_RANK_SURELY,
    };

    return needed[grade];
}

uint32_t iow_sets_root(struct iow_sets *f, uint32_t e)
{
    while (f->stand_in[e].parent != e) {
        f->stand_in[e].parent = f->stand_in[f->stand_in[e].parent].parent;
        e = f->stand_in[e].parent;
    }
    return e;
}

void iow_sets_join(struct iow_sets *f, uint32_t a, uint32_t b)
{
    a = iow_sets_root(f, a);
    b = iow_sets_root(f, b);
    f->stand_in[a > b ? a : b].parent = a > b ? b : a;
}

void iow_sets_activate(
    struct iow_sets *f, uint32_t e, enum iow_rule rule, uint32_t deciding, uint32_t partner)
{
    if (f->stand_in[e].rule != IOW_RULE_NONE)
        return;
    f->stand_in[e].rule = (uint16_t)rule;
    f->stand_in[e].deciding = deciding;
    if (f->watch)
        f->partner[e] = partner;
}

void iow_sets_link(const struct iow_sets *f, uint32_t from, uint32_t to)
{
    if (f->watch && from != to)
        f->watch->link(f->watch->ctx, from, to);
}

bool iow_sets_requester(const struct iow_sets *f, uint32_t node)
{
    return !iow_config_is_bridge(f->t->node[node].config);
}

bool iow_sets_plain(const struct iow_sets *f, const struct iow_climb *c)
{
    return c->plain && (!c->unread || f->needed < IOW_RANK_SURELY);
}

bool iow_sets_translated(const struct iow_sets *f, const struct iow_climb *c)
{
    return c->translated && ((!c->unread && !c->may_stop) || f->needed < IOW_RANK_SURELY);
}

void iow_sets_tally(uint32_t *who, uint32_t node)
{
    *who = (node + 1) | (*who == IOW_SETS_NOBODY ? 0 : IOW_SETS_SEVERAL);
}

uint32_t iow_sets_one(uint32_t who)
{
    return (who & ~IOW_SETS_SEVERAL) - 1;
}

static void count_requester(struct iow_sets *f, uint32_t node)
{
    struct iow_climb c;

    iow_climb_begin(f->machine, node, &c);
    do {
        if (iow_sets_plain(f, &c))
            iow_sets_tally(&f->sends[c.at], node);
        if (iow_sets_translated(f, &c))
            iow_sets_tally(&f->sends_translated[c.at], node);
    } while (iow_climb_up(f->t, f->traits, &c));
}

/* A port of a switch: its own registers, on its own bus, no ACS rules (PORT_REGISTERS). */
bool iow_sets_beside_rules(const struct iow_sets *f, uint32_t node)
{
    return iow_place_in_switch(f->t, node);
}

static void count_target(struct iow_sets *f, uint32_t node)
{
    uint32_t at = node;

    if (f->height[node] == IOW_NONE)
        return;
    for (uint32_t level = 0; at != IOW_NONE && level <= f->height[node]; level++) {
        if (level)
            iow_sets_tally(&f->below[at], node);
        if (level || !iow_sets_beside_rules(f, node))
            iow_sets_tally(&f->takes[at], node);
        at = f->t->node[at].parent;
    }
}

void iow_sets_count(struct iow_sets *f)
{
    for (uint32_t i = 0; i < f->t->n; i++)
        f->traits[i] =
            iow_config_is_bridge(f->t->node[i].config) || !(f->t->node[i].config->known & IOW_CONFIG_HEADER)
                ? iow_climb_traits(f->machine, i)
                : 0;
    for (uint32_t i = 0; i < f->t->n; i++) {
        bool unread;

        f->height[i] = iow_climb_height(f->t, i, &unread);
        if (iow_sets_requester(f, i))
            count_requester(f, i);
        count_target(f, i);
    }
}
