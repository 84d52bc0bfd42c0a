/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/alias.h>
#include <ioward/grouping.h>

#include "base/explain.h"

/*
 * The search that the kernel makes for one function. "Has a group" is asked of finder.group, so the same code
 * serves the groups of a boot in the making and the groups that exist.
 */
struct finder {
    const struct iow_grouping_input *input;
    const struct iow_node *node; /* input->topology->node */
    const uint32_t *group;
    uint32_t self;
    struct iow_history history;
    struct iow_reason *reason;
    bool certain;
    struct iow_trace *trace;
    const struct iow_acs_answer *known; /* per node, without a history; NULL: to be asked */
    struct iow_devfn_set visited;       /* see alias_group() */
};

static void step(
    struct finder *f, enum iow_rule rule, uint32_t subject, uint32_t other, struct iow_acs_answer acs)
{
    if (!f->trace)
        return;
    if (f->trace->n < IOW_TRACE_STEPS)
        f->trace->step[f->trace->n] =
            (struct iow_trace_step){.rule = rule, .subject = subject, .other = other, .acs = acs};
    f->trace->n++;
}

static const struct iow_acs_answer no_acs = {.quirk = UINT16_MAX};

static bool has_group(const struct finder *f, uint32_t i)
{
    return i != f->self && f->group[i] != IOW_NONE;
}

/*
 * pci_dev->multifunction. At boot every function above 0 has it: pci_scan_slot() sets it after the function
 * was added, but groups are made later. A function added late is grouped before that, by its header's bit.
 * VFs never have it.
 */
static bool is_multifunction(const struct finder *f, uint32_t i)
{
    const struct iow_node *n = &f->node[i];

    if (n->physical_function != IOW_NONE)
        return false;
    if (n->config->multifunction)
        return true;
    return n->address.function > 0 && !(i == f->self && f->history.header_multifunction);
}

/* What pcie_acs_override=downstream,multifunction answers before anything else. */
static bool overridden(const struct iow_config *c, bool multifunction)
{
    if (c->acs_offset)
        return false;
    switch (c->pcie_type) {
    case IOW_PCIE_ROOT_PORT:
    case IOW_PCIE_DOWNSTREAM_PORT:
        return true;
    case IOW_PCIE_ENDPOINT:
    case IOW_PCIE_LEGACY_ENDPOINT:
    case IOW_PCIE_UPSTREAM_PORT:
    case IOW_PCIE_RC_ENDPOINT:
        return multifunction;
    default:
        return false;
    }
}

static struct iow_acs_answer ask_acs(const struct finder *f, uint32_t i)
{
    const struct iow_node *n = &f->node[i];
    struct iow_config config = *n->config;
    const struct iow_acs_context context = {
        .on_root_bus = n->parent == IOW_NONE,
        .multifunction = is_multifunction(f, i),
        .ivrs = f->input->ivrs,
        .acs_requested = f->input->acs_requested,
    };

    if (f->history.acs_as_enabled)
        config.acs_ctrl |= config.acs_cap & IOW_ACS_REQUIRED;
    if (f->history.acs_as_disabled)
        config.acs_ctrl = 0;
    if (f->history.acs_override && overridden(&config, context.multifunction))
        return (struct iow_acs_answer){
            .value = IOW_ACS_YES, .basis = IOW_ACS_BY_OTHER_TYPE, .quirk = UINT16_MAX};
    return iow_acs_enabled(&config, &context, IOW_ACS_REQUIRED);
}

static struct iow_acs_answer acs_of(struct finder *f, uint32_t i)
{
    struct iow_acs_answer a = f->known ? f->known[i] : ask_acs(f, i);

    if (a.value == IOW_ACS_UNKNOWN)
        f->certain = false;
    return a;
}

struct iow_acs_answer iow_grouping_acs(const struct iow_grouping_input *input, uint32_t node)
{
    const struct finder f = {.input = input, .node = input->topology->node, .self = IOW_NONE};

    return ask_acs(&f, node);
}

/* pci_acs_path_enabled(bridge, NULL): every bridge from here to the root isolates; else which does not. */
static bool path_isolates(
    struct finder *f, uint32_t bridge, uint32_t *ret_deciding, struct iow_acs_answer *ret_acs)
{
    for (; bridge != IOW_NONE; bridge = f->node[bridge].parent) {
        struct iow_acs_answer a = acs_of(f, bridge);

        *ret_deciding = bridge;
        *ret_acs = a;
        if (a.value != IOW_ACS_YES) {
            step(f, IOW_RULE_STEP_PATH_OPEN, bridge, IOW_NONE, a);
            return false;
        }
        step(f, IOW_RULE_STEP_PATH_ISOLATES, bridge, IOW_NONE, a);
    }
    return true;
}

static bool join(
    struct finder *f, enum iow_rule rule, uint32_t joined, uint32_t deciding, struct iow_acs_answer acs)
{
    *f->reason = (struct iow_reason){
        .rule = rule, .joined = joined, .deciding = deciding, .acs = acs, .alias_quirk = IOW_NONE};
    return true;
}

/* Requests keep their requester ID through PCI Express ports, and lose it in every other bridge. */
static bool replaces_requester(const struct finder *f, uint32_t bridge)
{
    uint8_t type = f->node[bridge].config->pcie_type;

    return type == IOW_PCIE_NONE || type == IOW_PCIE_TO_PCI_BRIDGE || type == IOW_PCI_TO_PCIE_BRIDGE;
}

static bool translates_root(const struct finder *f, uint32_t bridge)
{
    for (uint32_t row = f->node[bridge].alias_quirk; row != IOW_NONE;
         row = iow_alias_quirk_find(f->node[bridge].config, row + 1))
        if (iow_alias_quirk_at(row)->kind == IOW_ALIAS_TRANSLATE_ROOT)
            return true;
    return false;
}

/*
 * Step A, pci_for_each_dma_alias(): requests that pass a conventional bridge carry the bridge's requester ID
 * (or its secondary bus with device 0), so what is behind it cannot be told apart. Out: the last such bridge,
 * or the function.
 */
static bool join_alias_bridge(struct finder *f, uint32_t *ret_last)
{
    uint32_t real = f->node[f->self].real_dma;
    uint32_t at = real != IOW_NONE ? real : f->self;

    *ret_last = at;
    if (real != IOW_NONE) {
        step(f, IOW_RULE_STEP_REAL_DMA, f->self, real, no_acs);
        if (has_group(f, real))
            return join(f, IOW_RULE_GRP_REAL_DMA, real, real, no_acs);
    }
    for (uint32_t bridge = f->node[at].parent; bridge != IOW_NONE; bridge = f->node[bridge].parent) {
        if (translates_root(f, bridge)) {
            step(f, IOW_RULE_STEP_TRANSLATE_ROOT, bridge, IOW_NONE, no_acs);
            return false;
        }
        if (!(f->node[bridge].config->known & IOW_CONFIG_CAPS))
            f->certain = false;
        if (!replaces_requester(f, bridge)) {
            step(f, IOW_RULE_STEP_EXPRESS_PORT, bridge, IOW_NONE, no_acs);
            continue;
        }
        step(f, IOW_RULE_STEP_ALIAS_BRIDGE, bridge, IOW_NONE, no_acs);
        *ret_last = bridge;
        if (has_group(f, bridge))
            return join(f, IOW_RULE_GRP_BRIDGE_ALIAS, bridge, bridge, no_acs);
    }
    return false;
}

/* The highest bridge from here on up that does not isolate; IOW_NONE: all do. What is unread up there does not
 * make a function uncertain that finds its group below. */
static uint32_t highest_open(struct finder *f, uint32_t bridge)
{
    bool certain = f->certain;
    uint32_t found = IOW_NONE;

    for (; bridge != IOW_NONE; bridge = f->node[bridge].parent)
        if (acs_of(f, bridge).value != IOW_ACS_YES)
            found = bridge;
    f->certain = certain;
    return found;
}

/*
 * Step B: climb while the path above does not isolate, which is up to the highest bridge that does not; join the
 * first bridge on this way that has a group.
 */
static bool join_path(struct finder *f, uint32_t *at, uint32_t *ret_isolating)
{
    uint32_t bridge = f->node[*at].parent, deciding = IOW_NONE;
    uint32_t open = highest_open(f, bridge);
    struct iow_acs_answer acs = no_acs;

    while (open != IOW_NONE) {
        *at = bridge;
        if (has_group(f, bridge)) {
            (void)path_isolates(f, bridge, &deciding, &acs);
            return join(f, IOW_RULE_GRP_PATH, bridge, deciding, acs);
        }
        if (bridge == open)
            open = IOW_NONE;
        bridge = f->node[bridge].parent;
    }
    *ret_isolating = bridge;
    if (bridge == IOW_NONE)
        step(f, IOW_RULE_STEP_ROOT_BUS, *at, IOW_NONE, no_acs);
    else
        (void)path_isolates(f, bridge, &deciding, &acs);
    return false;
}

/* The functions that share a bus lie side by side, because nodes are in address order. */
static void bus_range(const struct finder *f, uint32_t i, uint32_t *first, uint32_t *end)
{
    const struct iow_address *a = &f->node[i].address;
    const struct iow_address low = {.domain = a->domain, .bus = a->bus};
    uint32_t at = i;

    while (at > 0 && iow_address_compare(&f->node[at - 1].address, &low) >= 0)
        at--;
    *first = at;
    for (at = i + 1; at < f->input->topology->n; at++)
        if (f->node[at].address.domain != a->domain || f->node[at].address.bus != a->bus)
            break;
    *end = at;
}

/* Those of one device do, too. */
static bool in_slot_of(const struct finder *f, uint32_t x, uint32_t y)
{
    const struct iow_address *a = &f->node[x].address, *b = &f->node[y].address;

    return a->domain == b->domain && a->bus == b->bus && a->device == b->device;
}

static bool on_bus_of(const struct finder *f, uint32_t x, uint32_t y)
{
    return x != y && f->node[x].parent == f->node[y].parent;
}

/* Its aliases are in registers that we do not read: with a neighbour on its bus the answer may be another. */
static bool has_unseen_aliases(const struct finder *f, uint32_t i)
{
    uint32_t row = f->node[i].alias_quirk;

    return row != IOW_NONE && iow_alias_quirk_at(row)->kind == IOW_ALIAS_RUNTIME;
}

/* pci_devs_are_dma_aliases(); *ret_quirk: the row that says so, or IOW_NONE. */
static bool are_aliases(const struct finder *f, uint32_t x, uint32_t y, uint32_t *ret_quirk)
{
    const uint32_t pair[2][2] = {{x, y}, {y, x}};

    for (int i = 0; i < 2; i++) {
        const struct iow_node *from = &f->node[pair[i][0]], *to = &f->node[pair[i][1]];
        struct iow_devfn_set set;

        if (from->alias_quirk == IOW_NONE)
            continue;
        *ret_quirk = iow_alias_devfns(from->config, iow_address_devfn(&from->address), &set);
        if (*ret_quirk != IOW_NONE && iow_devfn_set_has(&set, iow_address_devfn(&to->address)))
            return true;
    }
    *ret_quirk = IOW_NONE;
    return f->node[x].real_dma == y || f->node[y].real_dma == x;
}

/* Step C: look sideways, among the functions of x's bus. The kernel keys its visited set by devfn and never
 * clears it. */
static bool join_by_alias(struct finder *f, uint32_t x);

static bool join_by_function(struct finder *f, uint32_t x)
{
    struct iow_acs_answer acs;
    uint32_t first = x;

    if (!is_multifunction(f, x)) {
        step(f, IOW_RULE_STEP_SINGLE_FUNCTION, x, IOW_NONE, no_acs);
        return false;
    }
    acs = acs_of(f, x);
    if (acs.value == IOW_ACS_YES) {
        step(f, IOW_RULE_STEP_FUNCTION_ISOLATES, x, IOW_NONE, acs);
        return false;
    }
    step(f, IOW_RULE_STEP_FUNCTION_OPEN, x, IOW_NONE, acs);
    while (first > 0 && in_slot_of(f, x, first - 1))
        first--;
    for (uint32_t y = first; y < f->input->topology->n && in_slot_of(f, x, y); y++) {
        struct iow_acs_answer other;

        if (!on_bus_of(f, x, y))
            continue;
        other = acs_of(f, y);
        if (other.value == IOW_ACS_YES) {
            step(f, IOW_RULE_STEP_FUNCTION_ISOLATES, y, x, other);
            continue;
        }
        step(f, IOW_RULE_STEP_FUNCTION_OPEN, y, x, other);
        if (join_by_alias(f, y))
            return join(f, IOW_RULE_GRP_FUNCTION, f->reason->joined, x, acs);
    }
    return false;
}

static bool join_by_alias(struct finder *f, uint32_t x)
{
    uint8_t devfn = iow_address_devfn(&f->node[x].address);
    uint64_t bit = UINT64_C(1) << (devfn & 63);
    uint32_t first, end;

    if (f->visited.word[devfn >> 6] & bit)
        return false;
    f->visited.word[devfn >> 6] |= bit;
    if (has_group(f, x))
        return join(f, IOW_RULE_GRP_DEVFN_ALIAS, x, x, no_acs);
    if (!f->node[x].alias_on_bus)
        return false;
    bus_range(f, x, &first, &end);
    for (uint32_t y = first; y < end; y++) {
        uint32_t quirk;

        if (!on_bus_of(f, x, y))
            continue;
        if (has_unseen_aliases(f, x) || has_unseen_aliases(f, y))
            f->certain = false;
        if (!are_aliases(f, x, y, &quirk))
            continue;
        step(f, IOW_RULE_STEP_ALIAS, x, y, no_acs);
        if (join_by_alias(f, y) || join_by_function(f, y)) {
            join(f, IOW_RULE_GRP_DEVFN_ALIAS, f->reason->joined, y, no_acs);
            f->reason->alias_quirk = quirk;
            return true;
        }
    }
    return false;
}

static void find(struct finder *f)
{
    uint32_t at, isolating = IOW_NONE;

    if (join_alias_bridge(f, &at) || join_path(f, &at, &isolating))
        return;
    if (join_by_alias(f, at) || join_by_function(f, at))
        return;
    join(f, IOW_RULE_GRP_ALONE, IOW_NONE, isolating, no_acs);
}

void iow_group_find(const struct iow_grouping_input *input, const uint32_t *group, uint32_t node,
    const struct iow_history *history, struct iow_reason *ret, bool *certain, struct iow_trace *trace)
{
    struct finder f = {
        .input = input,
        .node = input->topology->node,
        .group = group,
        .self = node,
        .reason = ret,
        .certain = true,
        .trace = trace,
        .known = history ? NULL : input->acs,
    };

    if (history)
        f.history = *history;
    if (trace)
        trace->n = 0;
    if (!(f.node[node].config->known & IOW_CONFIG_CAPS))
        f.certain = false;
    find(&f);
    if (certain)
        *certain = f.certain;
}

static bool is_covered(const struct iow_grouping_input *input, uint32_t i)
{
    return !input->covered || input->covered[i];
}

static void place(const struct iow_grouping_input *input, struct iow_partition *p, uint32_t i)
{
    struct iow_reason *reason = &p->reason[i];

    if (!is_covered(input, i)) {
        *reason = (struct iow_reason){.rule = IOW_RULE_GRP_NOT_COVERED,
            .joined = IOW_NONE,
            .deciding = IOW_NONE,
            .acs = no_acs,
            .alias_quirk = IOW_NONE};
        p->certain[i] = true;
        return;
    }
    iow_group_find(input, p->set, i, NULL, reason, &p->certain[i], NULL);
    p->set[i] = reason->joined == IOW_NONE ? p->n_sets++ : p->set[reason->joined];
    if (reason->joined != IOW_NONE && !p->certain[reason->joined])
        p->certain[i] = false;
}

const struct iow_acs_answer *iow_grouping_acs_all(const struct iow_grouping_input *input, struct iow_mem *mem)
{
    struct iow_acs_answer *acs = iow_mem_alloc(mem, input->topology->n, sizeof(*acs));

    for (uint32_t i = 0; acs && i < input->topology->n; i++)
        acs[i] = iow_grouping_acs(input, i);
    return acs;
}

int iow_partition_predict(const struct iow_grouping_input *input, struct iow_mem *mem,
    struct iow_partition **ret, struct iow_explain *reterr)
{
    const struct iow_topology *t = input->topology;
    struct iow_partition *p = iow_mem_alloc(mem, 1, sizeof(*p));
    struct iow_grouping_input known = *input;
    struct iow_mem before;

    if (!p)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    p->n = t->n;
    p->set = iow_mem_alloc(mem, t->n, sizeof(*p->set));
    p->certain = iow_mem_alloc(mem, t->n, sizeof(*p->certain));
    p->reason = iow_mem_alloc(mem, t->n, sizeof(*p->reason));
    if (!p->set || !p->certain || !p->reason)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    for (uint32_t i = 0; i < t->n; i++)
        p->set[i] = IOW_NONE;
    before = *mem;
    if (!known.acs) /* every function asks about the bridges above it */
        known.acs = iow_grouping_acs_all(input, mem);
    for (uint32_t k = 0; known.acs && k < t->n; k++)
        place(&known, p, t->order[k]);
    iow_mem_rewind(mem, &before);
    *ret = p;
    return known.acs ? 0 : iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
}

int iow_partition_trace(const struct iow_grouping_input *input, const struct iow_partition *partition,
    uint32_t node, struct iow_mem *mem, struct iow_trace *ret)
{
    const struct iow_topology *t = input->topology;
    uint32_t *before = iow_mem_alloc(mem, t->n, sizeof(*before));
    struct iow_reason reason;

    if (!before)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < t->n; i++)
        before[i] = IOW_NONE;
    for (uint32_t k = 0; k < t->n && t->order[k] != node; k++)
        before[t->order[k]] = partition->set[t->order[k]];
    iow_group_find(input, before, node, NULL, &reason, NULL, ret);
    return 0;
}
