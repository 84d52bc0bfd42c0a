/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A function has several ranges of registers; the request for any of them may be the one that arrives. */
#include <ioward/route.h>

uint32_t iow_route_address(const struct iow_topology *topology, uint32_t node, uint32_t at, uint64_t *ret)
{
    uint32_t physical = topology->node[node].physical_function;

    return iow_config_memory(
        physical == IOW_NONE ? topology->node[node].config->bar : topology->node[physical].config->vf_bar, at,
        ret);
}

int iow_route_rank(const struct iow_route *route)
{
    switch (route->answer) {
    case IOW_ROUTE_THROUGH:
        return 1;
    case IOW_ROUTE_UNKNOWN:
        return 4;
    case IOW_ROUTE_AROUND:
        return route->grade == IOW_ROUTE_SURELY ? 5 : route->grade == IOW_ROUTE_POSSIBLY ? 3 : 2;
    default:
        return 0;
    }
}

/* A function whose registers have no address, or, if they were not read, none that is known. */
static void no_registers(
    const struct iow_grouping_input *machine, const struct iow_route_request *request, struct iow_route *ret)
{
    const struct iow_node *to = &machine->topology->node[request->to];
    const struct iow_config *c = to->physical_function == IOW_NONE
                                     ? to->config
                                     : machine->topology->node[to->physical_function].config;
    uint8_t needed = to->physical_function == IOW_NONE ? IOW_CONFIG_HEADER : IOW_CONFIG_EXT_CAPS;
    bool read = c->known & needed;

    ret->answer = read ? IOW_ROUTE_BLOCKED : IOW_ROUTE_UNKNOWN;
    ret->grade = IOW_ROUTE_SURELY;
    ret->address = 0;
    ret->deciding = (struct iow_hop){
        .node = request->to,
        .rule = read ? IOW_RULE_ROUTE_NO_REGISTERS : IOW_RULE_ROUTE_UNREAD,
        .way = read ? IOW_HOP_BLOCKED : IOW_HOP_UNKNOWN,
    };
    ret->n_hops = 1;
    ret->hop[0] = ret->deciding;
}

void iow_route_worst(
    const struct iow_grouping_input *machine, const struct iow_route_request *request, struct iow_route *ret)
{
    struct iow_route_request asked = *request;
    struct iow_route other;
    uint32_t at = iow_route_address(machine->topology, request->to, 0, &asked.address);

    if (!at) {
        no_registers(machine, request, ret);
        return;
    }
    iow_route_find(machine, &asked, ret);
    while ((at = iow_route_address(machine->topology, request->to, at, &asked.address))) {
        iow_route_find(machine, &asked, &other);
        if (iow_route_rank(&other) > iow_route_rank(ret))
            *ret = other;
    }
}
