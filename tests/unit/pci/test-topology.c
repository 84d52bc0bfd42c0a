/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine.h"

#define PORT IOW_PCIE_ROOT_PORT, -1, 0

static void discovery_takes_a_bus_before_what_is_behind_it(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, PORT},
        {"00:03.0", NULL, PORT},
        {"01:00.0", "00:03.0", IOW_PCIE_ENDPOINT, -1},
        {"02:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, -1},
        {"03:00.0", "02:00.0", IOW_PCIE_DOWNSTREAM_PORT, -1},
        {"03:01.0", "02:00.0", IOW_PCIE_DOWNSTREAM_PORT, -1},
        {"04:00.0", "03:01.0", IOW_PCIE_ENDPOINT, -1},
        {"05:00.0", "03:00.0", IOW_PCIE_ENDPOINT, -1},
        {"80:00.0", NULL, PORT},
        {"81:00.0", "80:00.0", IOW_PCIE_ENDPOINT, -1},
    };
    static const char *const order[] = {"00:02.0", "00:03.0", "02:00.0", "03:00.0", "03:01.0", "05:00.0",
        "04:00.0", "01:00.0", "80:00.0", "81:00.0"};
    struct machine m;

    (void)state;
    machine_build(&m, line, COUNT(line));
    for (uint32_t k = 0; k < COUNT(order); k++)
        assert_int_equal(m.topology->order[k], index_of(&m, order[k]));
    iow_mem_done(&m.mem);
}

static void virtual_functions_come_last(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, PORT},
        {"00:03.0", NULL, PORT},
        {"01:00.0", "00:02.0", IOW_PCIE_ENDPOINT, -1},
        {"01:00.1", "00:02.0", IOW_PCIE_ENDPOINT, -1, .physical_function = "01:00.0"},
        {"02:00.0", "00:02.0", IOW_PCIE_ENDPOINT, -1, .physical_function = "01:00.0"},
        {"03:00.0", "00:03.0", IOW_PCIE_ENDPOINT, -1},
    };
    static const char *const order[] = {"00:02.0", "00:03.0", "01:00.0", "03:00.0", "01:00.1", "02:00.0"};
    struct machine m;

    (void)state;
    machine_build(&m, line, COUNT(line));
    for (uint32_t k = 0; k < COUNT(order); k++)
        assert_int_equal(m.topology->order[k], index_of(&m, order[k]));
    iow_mem_done(&m.mem);
}

static void parents_are_found_by_bus_numbers_where_no_path_tells(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, PORT},
        {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, -1},
        {"02:00.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, -1},
        {"03:00.0", "02:00.0", IOW_PCIE_ENDPOINT, -1},
        {"03:10.0", "02:00.0", IOW_PCIE_ENDPOINT, -1, .physical_function = "03:00.0"},
        {"04:00.0", "02:00.0", IOW_PCIE_ENDPOINT, -1, .physical_function = "03:00.0"},
        {"0001:03:00.0", NULL, IOW_PCIE_ENDPOINT, -1},
    };
    struct machine m;

    (void)state;
    machine_describe(&m, line, COUNT(line));
    for (uint32_t i = 0; i < m.n; i++)
        m.input[i].parent = IOW_PARENT_BY_BUS;
    m.config[0].secondary = 1;
    m.config[1].secondary = 2;
    m.config[2].secondary = 3;
    assert_int_equal(iow_topology_build(m.input, m.n, &m.mem, &m.topology, NULL), 0);
    for (uint32_t i = 0; i < m.n; i++)
        assert_int_equal(m.topology->node[i].parent, index_of(&m, line[i].parent));
    iow_mem_done(&m.mem);
}

static void bridges_that_contain_each_other_are_refused(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, PORT},
        {"01:00.0", NULL, PORT},
        {"02:00.0", NULL, PORT},
    };
    struct iow_explain e = {0};
    struct machine m;

    (void)state;
    machine_describe(&m, line, COUNT(line));
    for (uint32_t i = 0; i < m.n; i++) {
        m.input[i].parent = IOW_PARENT_BY_BUS;
        m.config[i].header_type = 1;
    }
    m.config[1].secondary = 2;
    m.config[2].secondary = 1;
    assert_int_equal(iow_topology_build(m.input, m.n, &m.mem, &m.topology, &e), -IOW_ELOOP);
    assert_int_equal(e.rule, IOW_RULE_TOPO_LOOP);
    assert_int_equal(e.subject.kind, IOW_SUBJECT_FUNCTION);
    m.config[1].secondary = 1; /* a bridge above itself */
    assert_int_equal(iow_topology_build(m.input, m.n, &m.mem, &m.topology, &e), -IOW_ELOOP);
    iow_mem_done(&m.mem);
}

/* One bridge a bus: 256 levels are the most that a domain can have. */
static void bridges_nested_deeper_than_there_are_buses_are_refused(void **state)
{
    enum {
        MOST = 300
    };
    static struct iow_topology_input input[MOST];
    static struct iow_config config = {.known = IOW_CONFIG_HEADER, .header_type = 1};

    (void)state;
    for (uint32_t i = 0; i < MOST; i++)
        input[i] = (struct iow_topology_input){
            .address = {.bus = (uint8_t)(i / 8), .function = i % 8},
            .config = &config,
            .parent = i ? i - 1 : IOW_NONE,
            .physical_function = IOW_NONE,
            .real_dma = IOW_NONE,
        };
    for (uint32_t n = 254; n < MOST; n++) {
        struct iow_topology *t;
        struct iow_mem mem;

        iow_mem_init_malloc(&mem);
        assert_int_equal(iow_topology_build(input, n, &mem, &t, NULL), n > 256 ? -IOW_ELOOP : 0);
        iow_mem_done(&mem);
    }
}

static void bad_input_is_refused(void **state)
{
    static const struct line line[] = {{"00:02.0", NULL, PORT}, {"01:00.0", "00:02.0", PORT}};
    struct iow_explain e = {0};
    struct machine m;

    (void)state;
    machine_describe(&m, line, COUNT(line));
    m.input[1].parent = 7;
    assert_int_equal(iow_topology_build(m.input, m.n, &m.mem, &m.topology, &e), -IOW_EINVAL);
    assert_int_equal(e.rule, IOW_RULE_TOPO_PARENT);
    m.input[1].parent = 0;
    m.input[1].address.domain = 1;
    assert_int_equal(iow_topology_build(m.input, m.n, &m.mem, &m.topology, &e), -IOW_EINVAL);
    assert_int_equal(e.rule, IOW_RULE_TOPO_PARENT);
    m.input[1] = m.input[0];
    assert_int_equal(iow_topology_build(m.input, m.n, &m.mem, &m.topology, &e), -IOW_EINVAL);
    assert_int_equal(e.rule, IOW_RULE_TOPO_DUPLICATE);
    iow_mem_done(&m.mem);
}

static void buses_with_aliases_are_marked(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, PORT},
        {"00:03.0", NULL, PORT},
        {"01:00.0", "00:02.0", IOW_PCIE_ENDPOINT, -1, .vendor = 0x1b4b,
            .device = 0x9230}, /* a Marvell SATA controller */
        {"01:00.1", "00:02.0", IOW_PCIE_ENDPOINT, -1},
        {"02:00.0", "00:03.0", IOW_PCIE_ENDPOINT, -1},
        {"03:00.0", NULL, IOW_PCIE_ENDPOINT, -1, .real_dma = "00:03.0"},
        {"03:01.0", NULL, IOW_PCIE_ENDPOINT, -1},
    };
    struct machine m;

    (void)state;
    machine_build(&m, line, COUNT(line));
    for (uint32_t i = 0; i < m.n; i++)
        assert_int_equal(m.topology->node[i].alias_on_bus, m.input[i].address.bus & 1);
    iow_mem_done(&m.mem);
}

static int build(void *machine, struct iow_mem *mem, struct iow_explain *reterr)
{
    struct machine *m = machine;

    return iow_topology_build(m->input, m->n, mem, &m->topology, reterr);
}

static void without_memory_there_is_no_tree(void **state)
{
    static const struct line line[] = {{"00:02.0", NULL, PORT}};
    struct machine m;

    (void)state;
    machine_describe(&m, line, COUNT(line));
    machine_starve(build, &m, m.n * (sizeof(struct iow_node) + sizeof(uint32_t)));
    iow_mem_done(&m.mem);
}

static void an_empty_machine_is_a_machine(void **state)
{
    const struct iow_address address = {0, 1, 0, 0};
    struct machine m;

    (void)state;
    machine_build(&m, NULL, 0);
    assert_int_equal(m.topology->n, 0);
    assert_int_equal(iow_topology_find(m.topology, &address), IOW_NONE);
    iow_mem_done(&m.mem);
}

static void functions_are_found_by_address(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, PORT}, {"00:03.0", NULL, PORT}, {"01:00.0", "00:03.0", IOW_PCIE_ENDPOINT, -1}};
    const struct iow_address absent = {0, 1, 0, 1};
    struct machine m;

    (void)state;
    machine_build(&m, line, COUNT(line));
    for (uint32_t i = 0; i < m.n; i++)
        assert_int_equal(iow_topology_find(m.topology, &m.input[i].address), i);
    assert_int_equal(iow_topology_find(m.topology, &absent), IOW_NONE);
    iow_mem_done(&m.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(discovery_takes_a_bus_before_what_is_behind_it),
        cmocka_unit_test(virtual_functions_come_last),
        cmocka_unit_test(parents_are_found_by_bus_numbers_where_no_path_tells),
        cmocka_unit_test(bridges_that_contain_each_other_are_refused),
        cmocka_unit_test(bridges_nested_deeper_than_there_are_buses_are_refused),
        cmocka_unit_test(bad_input_is_refused),
        cmocka_unit_test(buses_with_aliases_are_marked),
        cmocka_unit_test(without_memory_there_is_no_tree),
        cmocka_unit_test(an_empty_machine_is_a_machine),
        cmocka_unit_test(functions_are_found_by_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
