/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pci/egress.h"

#include <ioward/acs.h>

/* More of what the rules ask, beside enum iow_egress_fact and the ACS bits that are on. */
enum {
    NO_ACS = 0x10000,
    RR_OFFERED = 0x20000,
};

/* A row fits when all of "all" and none of "none" hold. The first that fits decides. */
struct row {
    unsigned all, none;
    enum iow_rule rule;
    enum iow_hop_way way;
    uint16_t bit;
};

#define ROW(rule_, way_, ...)                                                                                \
    {                                                                                                        \
        .rule = IOW_RULE_ROUTE_##rule_, .way = IOW_HOP_##way_, __VA_ARGS__                                   \
    }

/* Section 6.12.3: P2P Request Redirect and P2P Egress Control together. */
/* clang-format off */
#define REDIRECT_AND_EGRESS_CONTROL                                                                           \
    ROW(UNREAD, UNKNOWN, .all = IOW_ACS_EC | IOW_EGRESS_NO_BIT, .bit = IOW_ACS_EC),                           \
    ROW(EGRESS_BLOCKED, BLOCKED, .all = IOW_ACS_EC | IOW_EGRESS_VECTOR, .none = IOW_ACS_RR, .bit = IOW_ACS_EC), \
    ROW(EGRESS_DIRECT, DIRECT, .all = IOW_ACS_RR | IOW_ACS_EC, .none = IOW_EGRESS_VECTOR, .bit = IOW_ACS_EC), \
    ROW(REDIRECTED, UP, .all = IOW_ACS_RR, .bit = IOW_ACS_RR),                                                \
    ROW(NOT_REDIRECTED, DIRECT, .bit = IOW_ACS_RR)
/* clang-format on */

static const struct row port_rows[] = {
    ROW(SOURCE, BLOCKED, .all = IOW_ACS_SV | IOW_EGRESS_FOREIGN, .bit = IOW_ACS_SV),
    ROW(TRANSLATED_BLOCKED, BLOCKED, .all = IOW_ACS_TB | IOW_EGRESS_TRANSLATED, .bit = IOW_ACS_TB),
    ROW(OWN_FORWARDED, UP, .all = IOW_EGRESS_OWN | IOW_ACS_UF, .bit = IOW_ACS_UF),
    ROW(OWN_WINDOW, POSSIBLY, .all = IOW_EGRESS_OWN, .bit = IOW_ACS_UF),
    ROW(NOT_PEER, UP, .none = IOW_EGRESS_PEER),
    ROW(NO_ACS, DIRECT, .all = NO_ACS),
    ROW(TRANSLATED_DIRECT, DIRECT, .all = IOW_EGRESS_TRANSLATED | IOW_ACS_DT, .bit = IOW_ACS_DT),
    REDIRECT_AND_EGRESS_CONTROL,
};

/* Without the capability the specification wants no traffic between functions, but devices differ. */
static const struct row function_rows[] = {
    ROW(VIRTUAL_FUNCTIONS, POSSIBLY, .all = NO_ACS | IOW_EGRESS_VIRTUAL),
    ROW(FUNCTIONS, POSSIBLY, .all = NO_ACS),
    ROW(FUNCTIONS_APART, UP, .none = RR_OFFERED, .bit = IOW_ACS_RR),
    ROW(TRANSLATED_DIRECT, DIRECT, .all = IOW_EGRESS_TRANSLATED | IOW_ACS_DT, .bit = IOW_ACS_DT),
    REDIRECT_AND_EGRESS_CONTROL,
};

static void decide(
    const struct row *row, const struct iow_egress_acs *acs, unsigned facts, struct iow_hop *ret)
{
    facts |= acs->on;
    facts |= acs->present ? 0 : NO_ACS;
    facts |= acs->offered & IOW_ACS_RR ? RR_OFFERED : 0;
    while ((row->all & ~facts) || (row->none & facts))
        row++;
    ret->rule = row->rule;
    ret->way = row->way;
    ret->bit = row->bit;
    ret->assumed = acs->assumed && row->bit;
}

static void unread(enum iow_hop_way way, struct iow_hop *ret)
{
    ret->rule = IOW_RULE_ROUTE_UNREAD;
    ret->way = way;
    ret->bit = 0;
    ret->assumed = false;
}

void iow_egress_port(const struct iow_egress_acs *acs, unsigned facts, struct iow_hop *ret)
{
    const unsigned turns = IOW_EGRESS_OWN | IOW_EGRESS_PEER,
                   stops = IOW_EGRESS_TRANSLATED | IOW_EGRESS_FOREIGN;

    if (!acs->known && facts & (turns | stops))
        unread(facts & turns ? IOW_HOP_UNKNOWN : IOW_HOP_MAY_STOP, ret);
    else
        decide(port_rows, acs, facts, ret);
}

void iow_egress_function(const struct iow_egress_acs *acs, unsigned facts, struct iow_hop *ret)
{
    if (!acs->known)
        unread(IOW_HOP_UNKNOWN, ret);
    else
        decide(function_rows, acs, facts, ret);
}

unsigned iow_egress_vector(const struct iow_config *config, uint32_t number)
{
    uint32_t size = config->acs_cap >> 8 ? config->acs_cap >> 8 : IOW_EGRESS_PORTS;

    if (number >= size)
        return IOW_EGRESS_NO_BIT;
    return config->acs_egress[number / 32] >> number % 32 & 1 ? IOW_EGRESS_VECTOR : 0;
}

/* What Linux knows of devices that have no such capability, but isolate. */
static void take_quirk(struct iow_egress_acs *acs, const struct iow_config *config,
    const struct iow_acs_context *context, const struct iow_acs_quirk *quirk)
{
    if (quirk->answer == IOW_ACS_QUIRK_PCH)
        acs->assumed = acs->present = iow_acs_enabled(config, context, IOW_ACS_RR).value == IOW_ACS_YES;
    else
        acs->present = quirk->answer == IOW_ACS_QUIRK_PROVIDES || quirk->answer == IOW_ACS_QUIRK_AMD_SB;
    acs->offered = acs->on = acs->present ? quirk->provides : 0;
}

/* Linux's table overrules a capability only where it says that its registers are others, or mean nothing. */
static void take_registers(
    struct iow_egress_acs *acs, const struct iow_config *config, const struct iow_acs_quirk *quirk)
{
    bool dword = quirk && quirk->answer == IOW_ACS_QUIRK_DWORD;

    acs->present = !quirk || quirk->answer != IOW_ACS_QUIRK_NEVER;
    acs->offered = dword ? (uint16_t)config->acs_dword_cap : config->acs_cap;
    acs->on = acs->offered & (dword ? (uint16_t)config->acs_dword_ctrl : config->acs_ctrl);
    acs->offered &= acs->present ? 0x7f : 0;
    acs->on &= acs->offered;
}

struct iow_egress_acs iow_egress_acs(const struct iow_grouping_input *machine, uint32_t node)
{
    const uint8_t needed = IOW_CONFIG_IDS | IOW_CONFIG_CAPS | IOW_CONFIG_EXT_CAPS;
    const struct iow_node *n = &machine->topology->node[node];
    const struct iow_acs_context context = {
        .on_root_bus = n->parent == IOW_NONE,
        .multifunction =
            n->physical_function == IOW_NONE && (n->config->multifunction || n->address.function > 0),
        .ivrs = machine->ivrs,
        .acs_requested = machine->acs_requested,
    };
    struct iow_egress_acs acs = {.known = (n->config->known & needed) == needed};
    const struct iow_acs_quirk *quirk =
        iow_acs_quirk_at(machine->acs ? machine->acs[node].quirk : iow_acs_quirk_find(n->config, &context));

    if (!acs.known)
        return acs;
    if (n->config->acs_offset)
        take_registers(&acs, n->config, quirk);
    else if (quirk)
        take_quirk(&acs, n->config, &context, quirk);
    return acs;
}
