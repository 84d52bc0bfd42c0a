/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine of machine.h as firmware leaves it: every function has registers at an address, every bridge lets pass what
 * is below it, and all are switched on. */
#ifndef IOWARD_TESTS_PCI_ROUTES_H
#define IOWARD_TESTS_PCI_ROUTES_H

#include "machine.h"

#include <ioward/route.h>

struct routes {
    struct machine m;
    struct iow_grouping_input machine;
};

#define MIB 0x100000u

static inline void routes_place(struct machine *m, uint32_t parent, uint32_t *next)
{
    for (uint32_t i = 0; i < m->n; i++) {
        uint32_t physical = m->input[i].physical_function;

        if (m->input[i].parent != parent)
            continue;
        if (physical == IOW_NONE)
            m->config[i].bar[0] = *next;
        else
            m->config[physical].vf_bar[0] =
                m->config[physical].vf_bar[0] ? m->config[physical].vf_bar[0] : *next;
        *next += MIB;
    }
    for (uint32_t i = 0; i < m->n; i++) {
        struct iow_config *c = &m->config[i];

        if (m->input[i].parent != parent || c->header_type != 1)
            continue;
        c->windows = (struct iow_windows){.memory_base = *next, .io_base = 1, .prefetch_base = 1};
        routes_place(m, i, next);
        c->windows.memory_last = *next - 1;
    }
}

static inline void routes_number(struct machine *m)
{
    for (uint32_t i = m->n; i-- > 0;) {
        uint32_t parent = m->input[i].parent;
        uint8_t bus = m->input[i].address.bus, last = m->config[i].subordinate;

        if (parent == IOW_NONE)
            continue;
        if (m->input[i].physical_function == IOW_NONE)
            m->config[parent].secondary = bus;
        last = last > bus ? last : bus;
        m->config[parent].subordinate =
            m->config[parent].subordinate > last ? m->config[parent].subordinate : last;
    }
}

static inline void routes_build(struct routes *r, const struct line *line, uint32_t n)
{
    uint32_t next = 0x80000000;

    memset(r, 0, sizeof(*r));
    machine_describe(&r->m, line, n);
    routes_number(&r->m);
    routes_place(&r->m, IOW_NONE, &next);
    for (uint32_t i = 0; i < n; i++) {
        r->m.config[i].command = IOW_COMMAND_MASTER | IOW_COMMAND_MEMORY;
        r->m.config[i].sriov_ctrl = IOW_SRIOV_VF_ENABLE | IOW_SRIOV_VF_MEMORY;
        r->m.config[i].port_number = (uint8_t)i;
    }
    assert_int_equal(iow_topology_build(r->m.input, n, &r->m.mem, &r->m.topology, NULL), 0);
    r->machine.topology = r->m.topology;
}

static inline struct iow_config *config_of(struct routes *r, const char *address)
{
    return &r->m.config[index_of(&r->m, address)];
}

static inline struct iow_route ask_as(
    const struct routes *r, const char *from, const char *to, bool translated, bool enabled)
{
    const struct iow_route_request request = {.from = index_of(&r->m, from),
        .to = index_of(&r->m, to),
        .translated = translated,
        .enabled = enabled};
    struct iow_route route;

    iow_route_worst(&r->machine, &request, &route);
    return route;
}

static inline struct iow_route ask(const struct routes *r, const char *from, const char *to, bool translated)
{
    return ask_as(r, from, to, translated, false);
}

/* The answer, its grade, the rule that decided and where. */
static inline void check_route(const struct iow_route *route, const struct routes *r,
    enum iow_route_answer answer, enum iow_route_grade grade, enum iow_rule rule, const char *deciding)
{
    assert_string_equal(iow_route_answer_name(route->answer), iow_route_answer_name(answer));
    assert_string_equal(iow_route_grade_name(route->grade), iow_route_grade_name(grade));
    assert_string_equal(iow_rule_id(route->deciding.rule), iow_rule_id(rule));
    assert_int_equal(route->deciding.node, index_of(&r->m, deciding));
}

#define CHECK(r, from, to, translated, answer_, grade_, rule_, deciding_)                                    \
    do {                                                                                                     \
        struct iow_route route_ = ask(r, from, to, translated);                                              \
        check_route(&route_, r, IOW_ROUTE_##answer_, IOW_ROUTE_##grade_, IOW_RULE_ROUTE_##rule_, deciding_); \
    } while (0)

#endif
