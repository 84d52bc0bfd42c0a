/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine.h"
#include "naive.h"

#include <ioward/alias.h>

/* Ports as QEMU and Linux leave them: with the bits Linux sets, without the capability. */
#define PORT_ACS IOW_PCIE_ROOT_PORT, 0x5f, 0x1d
#define PORT_OPEN IOW_PCIE_ROOT_PORT, -1, 0
#define UP IOW_PCIE_UPSTREAM_PORT, -1, 0
#define DOWN IOW_PCIE_DOWNSTREAM_PORT, -1, 0
#define TO_PCI IOW_PCIE_TO_PCI_BRIDGE, -1, 0
#define PCI IOW_PCIE_NONE, -1, 0
#define EP IOW_PCIE_ENDPOINT, -1, 0
#define RC_EP IOW_PCIE_RC_ENDPOINT, -1, 0
#define MF .multifunction = true
#define INTEL .vendor = 0x8086, .device = 0x10d3

static struct iow_partition *predict(struct machine *m)
{
    const struct iow_grouping_input input = {.topology = m->topology, .acs_requested = true};
    struct iow_partition *p;

    assert_int_equal(iow_partition_predict(&input, &m->mem, &p, NULL), 0);
    return p;
}

/* Topologies whose groups were observed on Linux 6.1 and 6.12: lines as above, and the groups as text. */
struct observed {
    const char *name;
    struct line line[10];
    const char *groups; /* "a b | c": two groups */
};

static const struct observed observed[] = {
    {"a root port with ACS", {{"00:02.0", NULL, PORT_ACS}, {"01:00.0", "00:02.0", EP, INTEL}},
        "00:02.0 | 01:00.0"},
    {"a root port without ACS", {{"00:02.0", NULL, PORT_OPEN}, {"01:00.0", "00:02.0", EP, INTEL}},
        "00:02.0 01:00.0"},
    {"a switch with downstream ports in two slots, no ACS",
        {{"00:02.0", NULL, PORT_ACS}, {"01:00.0", "00:02.0", UP}, {"02:03.0", "01:00.0", DOWN},
            {"02:04.0", "01:00.0", DOWN}, {"03:00.0", "02:03.0", EP, INTEL},
            {"04:00.0", "02:04.0", EP, INTEL}},
        "00:02.0 | 01:00.0 | 02:03.0 03:00.0 | 02:04.0 04:00.0"},
    {"a switch with downstream ports in one slot, no ACS",
        {{"00:02.0", NULL, PORT_ACS}, {"01:00.0", "00:02.0", UP}, {"02:03.0", "01:00.0", DOWN, MF},
            {"02:03.1", "01:00.0", DOWN, MF}, {"03:00.0", "02:03.0", EP, INTEL},
            {"04:00.0", "02:03.1", EP, INTEL}},
        "00:02.0 | 01:00.0 | 02:03.0 02:03.1 03:00.0 04:00.0"},
    {"a switch below a root port without ACS",
        {{"00:02.0", NULL, PORT_OPEN}, {"01:00.0", "00:02.0", UP}, {"02:03.0", "01:00.0", DOWN},
            {"02:04.0", "01:00.0", DOWN}, {"03:00.0", "02:03.0", EP, INTEL},
            {"04:00.0", "02:04.0", EP, INTEL}},
        "00:02.0 01:00.0 02:03.0 02:04.0 03:00.0 04:00.0"},
    {"a PCIe-to-PCI bridge with two devices",
        {{"00:02.0", NULL, PORT_ACS}, {"01:00.0", "00:02.0", TO_PCI}, {"02:01.0", "01:00.0", PCI, INTEL},
            {"02:02.0", "01:00.0", PCI, INTEL}},
        "00:02.0 | 01:00.0 02:01.0 02:02.0"},
    {"a conventional bridge on the root bus",
        {{"00:04.0", NULL, PCI, INTEL}, {"01:01.0", "00:04.0", PCI, INTEL}}, "00:04.0 01:01.0"},
    {"nested conventional bridges",
        {{"00:02.0", NULL, PORT_ACS}, {"01:00.0", "00:02.0", TO_PCI}, {"02:01.0", "01:00.0", PCI},
            {"02:02.0", "01:00.0", PCI}, {"03:01.0", "02:02.0", PCI}},
        "00:02.0 | 01:00.0 02:01.0 02:02.0 03:01.0"},
    {"Intel integrated endpoints as functions of one slot",
        {{"00:06.0", NULL, RC_EP, MF, INTEL}, {"00:06.1", NULL, RC_EP, MF, INTEL}}, "00:06.0 | 00:06.1"},
    {"other integrated endpoints as functions of one slot",
        {{"00:06.0", NULL, RC_EP, MF}, {"00:06.1", NULL, RC_EP, MF}}, "00:06.0 00:06.1"},
    {"conventional devices in two slots of the root bus",
        {{"00:06.0", NULL, PCI, INTEL}, {"00:07.0", NULL, PCI, INTEL}}, "00:06.0 | 00:07.0"},
    {"conventional functions of one slot of the root bus",
        {{"00:06.0", NULL, PCI, MF, INTEL}, {"00:06.1", NULL, PCI, MF, INTEL}}, "00:06.0 00:06.1"},
    {"a conventional slot with an Intel integrated endpoint",
        {{"00:06.0", NULL, PCI, MF}, {"00:06.1", NULL, PCI, MF}, {"00:06.2", NULL, RC_EP, MF, INTEL}},
        "00:06.0 00:06.1 | 00:06.2"},
    {"a multifunction device below a root port with ACS",
        {{"00:02.0", NULL, PORT_ACS}, {"01:00.0", "00:02.0", EP, MF, INTEL},
            {"01:00.1", "00:02.0", EP, MF, INTEL}},
        "00:02.0 | 01:00.0 01:00.1"},
    {"root ports as functions of one slot, one with ACS",
        {{"00:03.0", NULL, PORT_OPEN, MF}, {"00:03.1", NULL, PORT_OPEN, MF}, {"00:03.2", NULL, PORT_ACS, MF},
            {"01:00.0", "00:03.0", EP, INTEL}, {"02:00.0", "00:03.1", EP, INTEL},
            {"03:00.0", "00:03.2", EP, INTEL}},
        "00:03.0 00:03.1 01:00.0 02:00.0 | 00:03.2 | 03:00.0"},
    {"the chipset's conventional functions of one slot",
        {{"00:1f.0", NULL, PCI, MF, INTEL}, {"00:1f.2", NULL, PCI, MF, INTEL},
            {"00:1f.3", NULL, PCI, MF, INTEL}},
        "00:1f.0 00:1f.2 00:1f.3"},
    {"function 1 without the multifunction bit of its own, at boot",
        {{"00:02.0", NULL, PORT_ACS}, {"01:00.0", "00:02.0", EP, MF}, {"01:00.1", "00:02.0", EP}},
        "00:02.0 | 01:00.0 01:00.1"},
    {"virtual functions below a root port with ACS",
        {{"00:02.0", NULL, PORT_ACS}, {"01:00.0", "00:02.0", EP},
            {"01:00.1", "00:02.0", EP, .physical_function = "01:00.0"},
            {"02:00.0", "00:02.0", EP, .physical_function = "01:00.0"}},
        "00:02.0 | 01:00.0 | 01:00.1 | 02:00.0"},
    {"virtual functions below a root port without ACS",
        {{"00:02.0", NULL, PORT_OPEN}, {"01:00.0", "00:02.0", EP},
            {"01:00.1", "00:02.0", EP, .physical_function = "01:00.0"},
            {"02:00.0", "00:02.0", EP, .physical_function = "01:00.0"}},
        "00:02.0 01:00.0 01:00.1 02:00.0"},
    {"a second host bridge",
        {{"00:09.0", NULL, PCI}, {"80:00.0", NULL, PORT_ACS}, {"80:01.0", NULL, PORT_OPEN},
            {"81:00.0", "80:00.0", TO_PCI}, {"82:01.0", "81:00.0", PCI}, {"83:00.0", "80:01.0", EP, INTEL}},
        "00:09.0 | 80:00.0 | 81:00.0 82:01.0 | 80:01.0 83:00.0"},
    /* Read from the kernel's source, not observed: the hardware was not at hand. */
    {"devices of a software-made domain use their host's requester ID",
        {{"00:0e.0", NULL, RC_EP}, {"00:0f.0", NULL, RC_EP},
            {"10000:00:02.0", NULL, PORT_ACS, .real_dma = "00:0e.0"},
            {"10000:01:00.0", "10000:00:02.0", EP, .real_dma = "00:0e.0"}},
        "00:0e.0 10000:00:02.0 10000:01:00.0 | 00:0f.0"},
    {"a function that uses function 0's requester ID",
        {{"00:02.0", NULL, PORT_ACS}, {"01:00.0", "00:02.0", EP, .vendor = 0x1180, .device = 0xe476},
            {"01:00.4", "00:02.0", EP, .vendor = 0x1180, .device = 0xe476}},
        "00:02.0 | 01:00.0 01:00.4"},
    {"an alias nobody answers to joins nobody",
        {{"00:02.0", NULL, PORT_ACS}, {"01:00.0", "00:02.0", EP, .vendor = 0x1b4b, .device = 0x9230}},
        "00:02.0 | 01:00.0"},
    {"the alias walk ends below a bridge that translates at the root",
        {{"00:02.0", NULL, PCI, .vendor = 0x14e4, .device = 0x9000}, {"01:00.0", "00:02.0", EP}},
        "00:02.0 01:00.0"},
};

static uint32_t n_lines(const struct line *line)
{
    uint32_t n = 0;

    while (n < 10 && line[n].address)
        n++;
    return n;
}

/* The set that text names for this function, by its position among "|". */
static uint32_t wanted_set(const char *groups, const char *address)
{
    const char *found = strstr(groups, address);
    uint32_t set = 0;

    assert_non_null(found);
    for (const char *c = groups; c < found; c++)
        set += *c == '|';
    return set;
}

static void groups_are_those_of_real_kernels(void **state)
{
    (void)state;
    for (size_t o = 0; o < COUNT(observed); o++) {
        const struct line *line = observed[o].line;
        struct machine m;
        struct iow_partition *p;

        machine_build(&m, line, n_lines(line));
        p = predict(&m);
        for (uint32_t i = 0; i < m.n; i++)
            for (uint32_t j = 0; j < m.n; j++) {
                bool want = wanted_set(observed[o].groups, line[i].address) ==
                            wanted_set(observed[o].groups, line[j].address);

                if ((p->set[i] == p->set[j]) != want)
                    fail_msg("%s: %s and %s", observed[o].name, line[i].address, line[j].address);
            }
        iow_mem_done(&m.mem);
    }
}

static void every_membership_has_a_reason(void **state)
{
    static const struct {
        size_t observed;
        const char *address, *joined, *deciding;
        enum iow_rule rule;
    } row[] = {
        {0, "01:00.0", NULL, "00:02.0", IOW_RULE_GRP_ALONE},
        {1, "01:00.0", "00:02.0", "00:02.0", IOW_RULE_GRP_PATH},
        {1, "00:02.0", NULL, NULL, IOW_RULE_GRP_ALONE},
        {3, "02:03.1", "02:03.0", "02:03.1", IOW_RULE_GRP_FUNCTION},
        {4, "03:00.0", "02:03.0", "02:03.0", IOW_RULE_GRP_PATH},
        {5, "02:02.0", "01:00.0", "01:00.0", IOW_RULE_GRP_BRIDGE_ALIAS},
        {9, "00:06.1", "00:06.0", "00:06.1", IOW_RULE_GRP_FUNCTION},
        {20, "10000:01:00.0", "00:0e.0", "00:0e.0", IOW_RULE_GRP_REAL_DMA},
        {21, "01:00.4", "01:00.0", "01:00.0", IOW_RULE_GRP_DEVFN_ALIAS},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct line *line = observed[row[i].observed].line;
        struct machine m;
        const struct iow_reason *reason;

        machine_build(&m, line, n_lines(line));
        reason = &predict(&m)->reason[index_of(&m, row[i].address)];
        assert_int_equal(reason->rule, row[i].rule);
        assert_int_equal(reason->joined, index_of(&m, row[i].joined));
        assert_int_equal(reason->deciding, index_of(&m, row[i].deciding));
        iow_mem_done(&m.mem);
    }
}

static void the_deciding_bits_are_named(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, IOW_PCIE_ROOT_PORT, 0x5f, IOW_ACS_SV | IOW_ACS_UF}, {"01:00.0", "00:02.0", EP}};
    struct machine m;
    struct iow_partition *p;

    (void)state;
    machine_build(&m, line, COUNT(line));
    p = predict(&m);
    assert_int_equal(p->reason[1].acs.basis, IOW_ACS_BY_BITS);
    assert_int_equal(p->reason[1].acs.missing, IOW_ACS_RR | IOW_ACS_CR);
    iow_mem_done(&m.mem);
}

static void what_no_iommu_translates_has_no_group_and_is_joined_by_nobody(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, PORT_OPEN}, {"01:00.0", "00:02.0", EP}, {"01:01.0", "00:02.0", EP}};
    static const bool covered[] = {false, true, true};
    struct iow_grouping_input input = {.covered = covered};
    struct iow_partition *p;
    struct machine m;

    (void)state;
    machine_build(&m, line, COUNT(line));
    input.topology = m.topology;
    assert_int_equal(iow_partition_predict(&input, &m.mem, &p, NULL), 0);
    assert_int_equal(p->set[0], IOW_NONE);
    assert_int_equal(p->reason[0].rule, IOW_RULE_GRP_NOT_COVERED);
    assert_int_not_equal(p->set[1], p->set[2]); /* the open port that would join them has no group to join */
    iow_mem_done(&m.mem);
}

static int predict_within(void *input, struct iow_mem *mem, struct iow_explain *reterr)
{
    struct iow_partition *groups;

    return iow_partition_predict(input, mem, &groups, reterr);
}

static void without_memory_there_are_no_groups(void **state)
{
    static const struct line line[] = {{"00:02.0", NULL, IOW_PCIE_RC_ENDPOINT, -1}};
    struct iow_grouping_input input = {0};
    struct machine m;

    (void)state;
    machine_build(&m, line, COUNT(line));
    input.topology = m.topology;
    machine_starve(predict_within, &input, m.n * (sizeof(struct iow_reason) + sizeof(uint32_t)));
    iow_mem_done(&m.mem);
}

static void answers_given_before_are_not_asked_for_again(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, IOW_PCIE_ROOT_PORT, 0x5f, 0}, {"01:00.0", "00:02.0", IOW_PCIE_ENDPOINT, -1}};
    struct iow_grouping_input input = {0};
    struct iow_partition *groups;
    struct machine m;

    (void)state;
    machine_build(&m, line, COUNT(line));
    input.topology = m.topology;
    input.acs = iow_grouping_acs_all(&input, &m.mem);
    assert_int_equal(input.acs[0].value, IOW_ACS_NO);
    assert_int_equal(input.acs[1].basis, IOW_ACS_BY_SINGLE_FUNCTION);
    m.config[0].acs_ctrl = IOW_ACS_REQUIRED;
    assert_int_equal(iow_partition_predict(&input, &m.mem, &groups, NULL), 0);
    assert_int_equal(groups->n_sets, 1);
    input.acs = NULL;
    assert_int_equal(iow_partition_predict(&input, &m.mem, &groups, NULL), 0);
    assert_int_equal(groups->n_sets, 2);
    iow_mem_done(&m.mem);
}

static void an_unread_port_makes_what_is_below_uncertain(void **state)
{
    static const struct line line[] = {{"00:02.0", NULL, PORT_ACS}, {"00:03.0", NULL, PORT_ACS},
        {"01:00.0", "00:02.0", EP}, {"02:00.0", "00:03.0", EP}};
    struct machine m;
    struct iow_partition *p;

    (void)state;
    machine_build(&m, line, COUNT(line));
    m.config[0].known = IOW_CONFIG_IDS;
    p = predict(&m);
    assert_false(p->certain[0]);
    assert_true(p->certain[1]);
    assert_false(p->certain[2]);
    assert_true(p->certain[3]);
    iow_mem_done(&m.mem);
}

/* Grouping when the function comes last, after a boot: facts observed on both kernels. */
static void a_function_added_late_is_judged_by_its_own_header(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, PORT_ACS}, {"01:00.0", "00:02.0", EP, MF}, {"01:00.1", "00:02.0", EP}};
    const uint32_t group[] = {10, 11, IOW_NONE};
    const struct iow_history late = {.header_multifunction = true};
    struct iow_grouping_input input = {0};
    struct iow_reason reason;
    struct machine m;

    (void)state;
    machine_build(&m, line, COUNT(line));
    input.topology = m.topology;
    iow_group_find(&input, group, 2, NULL, &reason, NULL, NULL);
    assert_int_equal(reason.joined, 1);
    iow_group_find(&input, group, 2, &late, &reason, NULL, NULL);
    assert_int_equal(reason.joined, IOW_NONE);
    iow_mem_done(&m.mem);
}

static void histories_change_what_ports_say(void **state)
{
    static const struct line line[] = {{"00:02.0", NULL, IOW_PCIE_ROOT_PORT, 0x5f, 0},
        {"00:03.0", NULL, PORT_OPEN}, {"01:00.0", "00:02.0", EP}, {"02:00.0", "00:03.0", EP}};
    const uint32_t group[] = {10, 11, 12, 13};
    const struct iow_history enabled = {.acs_as_enabled = true}, overridden = {.acs_override = true};
    const struct iow_history disabled = {.acs_as_disabled = true};
    struct iow_grouping_input input = {0};
    struct iow_reason reason;
    struct machine m;

    (void)state;
    machine_build(&m, line, COUNT(line));
    input.topology = m.topology;
    iow_group_find(&input, group, 2, NULL, &reason, NULL, NULL);
    assert_int_equal(reason.joined, 0);
    iow_group_find(&input, group, 2, &enabled, &reason, NULL, NULL);
    assert_int_equal(reason.joined, IOW_NONE);
    iow_group_find(&input, group, 3, &enabled, &reason, NULL, NULL);
    assert_int_equal(reason.joined, 1);
    iow_group_find(&input, group, 3, &overridden, &reason, NULL, NULL);
    assert_int_equal(reason.joined, IOW_NONE);
    m.config[0].acs_ctrl = 0x1d;
    iow_group_find(&input, group, 2, &disabled, &reason, NULL, NULL);
    assert_int_equal(reason.joined, 0);
    iow_mem_done(&m.mem);
}

static void the_trace_names_every_port_looked_at(void **state)
{
    struct iow_grouping_input input = {0};
    struct iow_trace trace;
    struct machine m;
    struct iow_partition *p;

    (void)state;
    machine_build(&m, observed[2].line, n_lines(observed[2].line));
    input.topology = m.topology;
    p = predict(&m);
    assert_int_equal(iow_partition_trace(&input, p, index_of(&m, "03:00.0"), &m.mem, &trace), 0);
    assert_int_equal(trace.step[trace.n - 1].rule, IOW_RULE_STEP_PATH_OPEN);
    assert_int_equal(trace.step[trace.n - 1].subject, index_of(&m, "02:03.0"));
    assert_int_equal(iow_partition_trace(&input, p, index_of(&m, "01:00.0"), &m.mem, &trace), 0);
    assert_int_equal(trace.step[trace.n - 2].rule, IOW_RULE_STEP_PATH_ISOLATES);
    assert_int_equal(trace.step[trace.n - 1].rule, IOW_RULE_STEP_SINGLE_FUNCTION);
    iow_mem_done(&m.mem);
}

/* --- against the naive second implementation, on random machines --- */

static uint32_t seed;

static uint32_t pick(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static void random_config(struct iow_config *c, bool bridge)
{
    static const uint8_t bridge_type[] = {4, 4, 4, 5, 6, 6, 7, 8, 0xff};
    static const uint8_t device_type[] = {0, 0, 1, 9, 0xa, 0xff, 0xff};
    static const struct {
        uint16_t vendor, device;
    } ids[] = {{0x1b36, 1}, {0x1b36, 1}, {0x8086, 0x10d3}, {0x1b4b, 0x9230}, {0x1180, 0xe476},
        {0x14e4, 0x9000}, {0x8086, 0x2260}, {0x10b5, 0x87b0}, {0x8088, 0x9999}};
    uint32_t id = pick(COUNT(ids));

    *c = (struct iow_config){
        .known = IOW_CONFIG_IDS | IOW_CONFIG_HEADER | IOW_CONFIG_CAPS | IOW_CONFIG_EXT_CAPS,
        .vendor = ids[id].vendor,
        .device = ids[id].device,
        .header_type = bridge,
        .pcie_type = bridge ? bridge_type[pick(COUNT(bridge_type))] : device_type[pick(COUNT(device_type))],
        .multifunction = pick(2),
        .acs_offset = pick(3) ? 0x148 : 0,
        .acs_cap = (uint16_t)(pick(2) ? 0x5f : pick(0x80)),
        .acs_ctrl = (uint16_t)(pick(2) ? 0x1d : pick(0x80)),
    };
    if (!c->acs_offset)
        c->acs_cap = c->acs_ctrl = 0;
}

static void random_machine(struct machine *m)
{
    uint32_t open_bridges[MACHINE_MOST], n_open = 0;

    memset(m, 0, sizeof(*m));
    iow_mem_init_malloc(&m->mem);
    for (uint8_t bus = 0; bus < 8 && (bus == 0 || n_open); bus++) {
        uint32_t parent = bus ? open_bridges[--n_open] : IOW_NONE;

        for (uint8_t slot = 0; slot < 3 && m->n < MACHINE_MOST - 8; slot++)
            for (uint8_t function = 0; function < 1 + pick(3); function++) {
                bool bridge = pick(2);

                random_config(&m->config[m->n], bridge);
                m->input[m->n] = (struct iow_topology_input){
                    .address = {0, bus, slot, function},
                    .config = &m->config[m->n],
                    .parent = parent,
                    .physical_function = IOW_NONE,
                    .real_dma = IOW_NONE,
                };
                if (bridge)
                    open_bridges[n_open++] = m->n;
                m->n++;
            }
    }
}

static void a_naive_implementation_agrees_on_random_machines(void **state)
{
    uint32_t naive[MACHINE_MOST], joined = 0;

    (void)state;
    for (uint32_t round = 0; round < 20000; round++) {
        struct machine m;
        struct iow_partition *p;

        seed = round;
        random_machine(&m);
        assert_int_equal(iow_topology_build(m.input, m.n, &m.mem, &m.topology, NULL), 0);
        p = predict(&m);
        naive_partition(m.topology, naive);
        for (uint32_t i = 0; i < m.n; i++)
            for (uint32_t j = 0; j < i; j++) {
                if ((p->set[i] == p->set[j]) != (naive[i] == naive[j]))
                    fail_msg("machine %u: functions %u and %u", round, i, j);
                joined += p->set[i] == p->set[j];
            }
        iow_mem_done(&m.mem);
    }
    assert_true(joined > 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_those_of_real_kernels),
        cmocka_unit_test(every_membership_has_a_reason),
        cmocka_unit_test(the_deciding_bits_are_named),
        cmocka_unit_test(what_no_iommu_translates_has_no_group_and_is_joined_by_nobody),
        cmocka_unit_test(without_memory_there_are_no_groups),
        cmocka_unit_test(answers_given_before_are_not_asked_for_again),
        cmocka_unit_test(an_unread_port_makes_what_is_below_uncertain),
        cmocka_unit_test(a_function_added_late_is_judged_by_its_own_header),
        cmocka_unit_test(histories_change_what_ports_say),
        cmocka_unit_test(the_trace_names_every_port_looked_at),
        cmocka_unit_test(a_naive_implementation_agrees_on_random_machines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
