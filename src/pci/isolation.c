/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/explain.h"
#include "pci/place.h"
#include "pci/sets.h"

/* What joins without regard to where functions are. */
enum anywhere {
    TO_ALL,   /* requests that may go anywhere, and whatever has registers */
    FROM_ALL, /* registers of which too little was read, and whatever makes requests */
    N_ANYWHERE,
};

struct room {
    struct iow_grouping_input machine; /* with every answer about ACS */
    struct iow_sets f;
    uint32_t sender[N_ANYWHERE],
        taker[N_ANYWHERE]; /* one that reaches all of these, one that all of those reach */
    uint32_t *beside;      /* for all nodes of one bus */
    uint32_t *next;        /* per node on a root bus: another function of its device */
};

static uint32_t anywhere(const struct iow_sets *f, enum anywhere which)
{
    return IOW_SETS_KINDS * f->t->n + which;
}

/* Two that are not one and the same function alone? */
static bool are_two(uint32_t a, uint32_t b)
{
    return a != IOW_SETS_NOBODY && b != IOW_SETS_NOBODY && ((a | b) & IOW_SETS_SEVERAL || a != b);
}

/* --- bus by bus --- */

static void find_below(struct room *r, uint32_t bridge)
{
    const struct iow_node *node = r->f.t->node;
    struct iow_sets_bus bus = {.node = r->beside};

    for (uint32_t i = node[bridge].first_child; i != IOW_NONE; i = node[i].next_sibling)
        r->beside[bus.n++] = i;
    iow_sets_find_on_bus(&r->f, &bus);
}

static bool same_bus(const struct iow_node *a, const struct iow_node *b)
{
    return a->address.domain == b->address.domain && a->address.bus == b->address.bus;
}

/* Function 0 of the device, or whatever it has first; of a virtual function's, its physical function's. Functions are in
 * order of address. */
static uint32_t first_function(const struct iow_topology *t, uint32_t i)
{
    if (t->node[i].physical_function != IOW_NONE)
        i = t->node[i].physical_function;
    while (i && t->node[i - 1].physical_function == IOW_NONE && iow_place_one_device(t, i - 1, i))
        i--;
    return i;
}

static void find_in_root_devices(struct room *r)
{
    const struct iow_topology *t = r->f.t;

    for (uint32_t i = 0; i < t->n; i++)
        r->next[i] = IOW_NONE;
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t first = t->node[i].parent == IOW_NONE ? first_function(t, i) : i;

        if (first == i)
            continue;
        r->next[i] = r->next[first];
        r->next[first] = i;
    }
    for (uint32_t i = 0; i < t->n; i++) {
        struct iow_sets_bus bus = {.node = r->beside};

        if (t->node[i].parent != IOW_NONE || first_function(t, i) != i || r->next[i] == IOW_NONE)
            continue;
        for (uint32_t k = i; k != IOW_NONE; k = r->next[k])
            r->beside[bus.n++] = k;
        iow_sets_find_on_bus(&r->f, &bus);
    }
}

/* Each root bus by itself, and then all together. */
static void find_between_roots(struct room *r)
{
    const struct iow_topology *t = r->f.t;
    struct iow_sets_bus bus = {.node = r->beside}, all = {.roots = true};

    for (uint32_t i = 0; i < t->n; i++) {
        if (t->node[i].parent != IOW_NONE)
            continue;
        if (bus.n && !same_bus(&t->node[bus.node[bus.n - 1]], &t->node[i])) {
            iow_sets_find_on_bus(&r->f, &bus);
            bus.node += bus.n;
            bus.n = 0;
        }
        r->beside[all.n++] = i;
        bus.n++;
    }
    iow_sets_find_on_bus(&r->f, &bus);
    all.node = r->beside;
    iow_sets_find_on_bus(&r->f, &all);
}

/* --- what comes back, and registers of bridges --- */

static void find_returns(struct iow_sets *f, uint32_t port)
{
    uint32_t e = iow_sets_element(f, IOW_SETS_RETURNS, port);
    bool unread = f->traits[port] & IOW_CLIMB_ACS_UNREAD;

    if (f->traits[port] & IOW_CLIMB_RETURNS && are_two(f->sends[port], f->below[port]))
        iow_sets_activate(f, e, unread ? IOW_RULE_ROUTE_UNREAD : IOW_RULE_ROUTE_OWN_WINDOW, port,
            iow_sets_one(f->below[port]));
}

static void join_registers(struct iow_sets *f, uint32_t node, uint32_t bridge)
{
    uint32_t e = iow_sets_element(f, IOW_SETS_SENDS, bridge);

    if (f->sends[bridge] == IOW_SETS_NOBODY)
        return;
    iow_sets_activate(f, e, IOW_RULE_ROUTE_PORT_REGISTERS, bridge, node);
    iow_sets_activate(f, node, IOW_RULE_ROUTE_PORT_REGISTERS, bridge, iow_sets_one(f->sends[bridge]));
    iow_sets_join(f, e, node);
    iow_sets_link(f, iow_sets_one(f->sends[bridge]), node);
}

/* Of bridges above the one that makes the request, and of the ports beside the one that it comes through. */
static void find_registers(struct iow_sets *f, uint32_t node)
{
    if (iow_sets_requester(f, node) || f->height[node] == IOW_NONE)
        return;
    join_registers(f, node, node);
    if (iow_sets_beside_rules(f, node))
        join_registers(f, node, f->t->node[node].parent);
}

/* --- anywhere --- */

/* Why requests of a function may go anywhere; IOW_RULE_NONE: they do not. */
static enum iow_rule roams(const struct iow_sets *f, uint32_t node)
{
    const struct iow_config *config = f->t->node[node].config;
    bool covered = !f->machine->covered || f->machine->covered[node];
    bool left_to_root = f->needed <= IOW_RANK_ROOT_COMPLEX;
    struct iow_climb c;

    iow_climb_begin(f->machine, node, &c);
    while (iow_climb_up(f->t, f->traits, &c))
        ;
    if (c.unread)
        return IOW_RULE_ROUTE_UNREAD;
    if (!c.plain)
        return IOW_RULE_NONE;
    if (!covered)
        return left_to_root ? IOW_RULE_ROUTE_NO_IOMMU : IOW_RULE_NONE;
    if (!c.translated)
        return IOW_RULE_NONE;
    if (!(config->known & IOW_CONFIG_EXT_CAPS))
        return IOW_RULE_ROUTE_UNREAD;
    return left_to_root && config->ats_ctrl & IOW_ATS_ENABLE ? IOW_RULE_ROUTE_ATS : IOW_RULE_NONE;
}

static bool is_unread(const struct iow_sets *f, uint32_t node)
{
    bool unread;

    (void)iow_climb_height(f->t, node, &unread);
    return unread;
}

static void open_anywhere(struct room *r, enum anywhere which, enum iow_rule rule, uint32_t deciding,
    uint32_t senders, uint32_t takers)
{
    if (!are_two(senders, takers))
        return;
    iow_sets_activate(&r->f, anywhere(&r->f, which), rule, deciding, iow_sets_one(takers));
    r->sender[which] = iow_sets_one(senders);
    r->taker[which] = iow_sets_one(takers);
}

static void find_anywhere(struct room *r)
{
    const struct iow_sets *f = &r->f;
    uint32_t roaming = IOW_SETS_NOBODY, all = roaming, unread = roaming, senders = roaming;
    enum iow_rule why = IOW_RULE_NONE;

    for (uint32_t i = 0; i < f->t->n; i++) {
        bool open = is_unread(f, i);
        enum iow_rule rule = iow_sets_requester(f, i) ? roams(f, i) : IOW_RULE_NONE;

        if (rule != IOW_RULE_NONE) {
            iow_sets_tally(&roaming, i);
            why = rule;
        }
        if (open)
            iow_sets_tally(&unread, i);
        if (open || f->height[i] != IOW_NONE)
            iow_sets_tally(&all, i);
        if (iow_sets_requester(f, i))
            iow_sets_tally(&senders, i);
    }
    open_anywhere(r, TO_ALL, why, iow_sets_one(roaming), roaming, all);
    open_anywhere(r, FROM_ALL, IOW_RULE_ROUTE_UNREAD, iow_sets_one(unread), senders, unread);
}

/* --- who is stood for --- */

/* As one who makes requests, or as one who takes them: what else is stood for tells with whom. */
enum side {
    SENDING,
    TAKING
};

static uint32_t partner_of(const struct room *r, uint32_t e, enum side side)
{
    const struct iow_sets *f = &r->f;
    uint32_t kind = e / f->t->n, node = e % f->t->n;

    if (kind == IOW_SETS_KINDS)
        return (side == SENDING ? r->taker : r->sender)[node];
    if (kind == IOW_SETS_RETURNS)
        return iow_sets_one((side == SENDING ? f->below : f->sends)[node]);
    return f->watch ? f->partner[e] : IOW_NONE;
}

static void join_member(struct room *r, uint32_t node, uint32_t e, enum side side)
{
    struct iow_sets *f = &r->f;
    uint32_t partner;

    if (f->stand_in[e].rule == IOW_RULE_NONE)
        return;
    partner = partner_of(r, e, side);
    iow_sets_join(f, node, e);
    iow_sets_activate(f, node, (enum iow_rule)f->stand_in[e].rule, f->stand_in[e].deciding, partner);
    iow_sets_link(f, side == SENDING ? node : partner, side == SENDING ? partner : node);
}

static void join_requester(struct room *r, uint32_t node)
{
    const struct iow_sets *f = &r->f;
    struct iow_climb c;

    iow_climb_begin(f->machine, node, &c);
    do {
        if (iow_sets_plain(f, &c)) {
            join_member(r, node, iow_sets_element(f, IOW_SETS_SENDS, c.at), SENDING);
            join_member(r, node, iow_sets_element(f, IOW_SETS_RETURNS, c.at), SENDING);
        }
        if (iow_sets_translated(f, &c))
            join_member(r, node, iow_sets_element(f, IOW_SETS_SENDS_TRANSLATED, c.at), SENDING);
    } while (iow_climb_up(f->t, f->traits, &c));
}

static void join_target(struct room *r, uint32_t node)
{
    const struct iow_sets *f = &r->f;
    uint32_t at = node;

    for (uint32_t level = 0; at != IOW_NONE && level <= f->height[node]; level++) {
        if (level || !iow_sets_beside_rules(f, node))
            join_member(r, node, iow_sets_element(f, IOW_SETS_TAKES, at), TAKING);
        if (level)
            join_member(r, node, iow_sets_element(f, IOW_SETS_RETURNS, at), TAKING);
        at = f->t->node[at].parent;
    }
}

static void join_all(struct room *r)
{
    const struct iow_sets *f = &r->f;

    for (uint32_t i = 0; i < f->t->n; i++) {
        bool takes = f->height[i] != IOW_NONE, open = f->needed <= IOW_RANK_POSSIBLY && is_unread(f, i);

        if (iow_sets_requester(f, i)) {
            join_requester(r, i);
            join_member(r, i, anywhere(f, FROM_ALL), SENDING);
        }
        if (takes)
            join_target(r, i);
        if (open)
            join_member(r, i, anywhere(f, FROM_ALL), TAKING);
        if (takes || open)
            join_member(r, i, anywhere(f, TO_ALL), TAKING);
        if (f->needed <= IOW_RANK_POSSIBLY && iow_sets_requester(f, i) && roams(f, i))
            join_member(r, i, anywhere(f, TO_ALL), SENDING);
    }
}

/* --- all of it --- */

static bool allocate(struct room *r, struct iow_mem *mem)
{
    struct iow_sets *f = &r->f;
    uint32_t n = f->t->n, n_elements = IOW_SETS_KINDS * n + N_ANYWHERE;

    if (!r->machine.acs)
        r->machine.acs = iow_grouping_acs_all(&r->machine, mem);
    f->stand_in = iow_mem_alloc(mem, n_elements, sizeof(*f->stand_in));
    f->traits = iow_mem_alloc(mem, n, sizeof(*f->traits));
    f->height = iow_mem_alloc(mem, n, sizeof(*f->height));
    f->sends = iow_mem_alloc(mem, (size_t)n * 4, sizeof(*f->sends));
    f->partner = f->watch ? iow_mem_alloc(mem, n_elements, sizeof(*f->partner)) : NULL;
    r->beside = iow_mem_alloc(mem, n, sizeof(*r->beside));
    r->next = iow_mem_alloc(mem, n, sizeof(*r->next));
    if (!r->machine.acs || !f->stand_in || !f->traits || !f->height || !f->sends || !r->beside || !r->next ||
        (f->watch && !f->partner))
        return false;
    f->sends_translated = f->sends + n;
    f->takes = f->sends + 2 * (size_t)n;
    f->below = f->sends + 3 * (size_t)n;
    for (uint32_t e = 0; e < n_elements; e++)
        f->stand_in[e] = (struct iow_stand_in){.parent = e, .deciding = IOW_NONE};
    return true;
}

static struct iow_isolation *allocate_result(uint32_t n, struct iow_mem *mem)
{
    struct iow_isolation *result = iow_mem_alloc(mem, 1, sizeof(*result));

    if (!result)
        return NULL;
    result->n = n;
    result->set = iow_mem_alloc(mem, n, sizeof(*result->set));
    result->rule = iow_mem_alloc(mem, n, sizeof(*result->rule));
    result->deciding = iow_mem_alloc(mem, n, sizeof(*result->deciding));
    return result->set && result->rule && result->deciding ? result : NULL;
}

static void find_all(struct room *r)
{
    const struct iow_topology *t = r->f.t;

    iow_sets_count(&r->f);
    for (uint32_t i = 0; i < t->n; i++)
        if (t->node[i].first_child != IOW_NONE)
            find_below(r, i);
    find_in_root_devices(r);
    if (r->f.needed <= IOW_RANK_POSSIBLY) {
        find_between_roots(r);
        for (uint32_t i = 0; i < t->n; i++) {
            find_returns(&r->f, i);
            find_registers(&r->f, i);
        }
        find_anywhere(r);
    }
    join_all(r);
}

/* Sets by number: the least element of each, which is a node, comes first. */
static void number_sets(struct room *r, struct iow_isolation *ret)
{
    for (uint32_t i = 0; i < ret->n; i++) {
        uint32_t root = iow_sets_root(&r->f, i);

        ret->set[i] = root == i ? ret->n_sets++ : ret->set[root];
        ret->rule[i] = (enum iow_rule)r->f.stand_in[i].rule;
        ret->deciding[i] = r->f.stand_in[i].deciding;
    }
}

int iow_sets_find(const struct iow_grouping_input *machine, enum iow_route_grade grade,
    const struct iow_sets_watch *watch, struct iow_mem *mem, struct iow_isolation **ret,
    struct iow_explain *reterr)
{
    struct room r = {
        .machine = *machine, .f = {.t = machine->topology, .needed = iow_sets_rank(grade), .watch = watch}};
    struct iow_mem before;
    bool enough;

    r.f.machine = &r.machine;
    *ret = allocate_result(machine->topology->n, mem);
    before = *mem;
    enough = *ret && allocate(&r, mem);
    if (enough) {
        find_all(&r);
        number_sets(&r, *ret);
    }
    iow_mem_rewind(mem, &before);
    return enough ? 0 : iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
}

int iow_isolation_find(const struct iow_grouping_input *machine, enum iow_route_grade grade,
    struct iow_mem *mem, struct iow_isolation **ret, struct iow_explain *reterr)
{
    return iow_sets_find(machine, grade, NULL, mem, ret, reterr);
}
