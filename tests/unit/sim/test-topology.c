/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every topology of the lab: addresses, groups and their numbers are those of the real kernels. */
#include "simulated.h"

#include <dirent.h>
#include <ioward/analysis.h>
#include <json-c/json.h>

static const char *const releases[] = {"6.1", "6.12"};

#define MOST_TOPOLOGIES 64

static char *topologies[MOST_TOPOLOGIES];
static unsigned n_topologies;

static int list_topologies(void **state)
{
    DIR *folder = opendir(IOW_TOPOLOGIES);
    struct dirent *entry;

    (void)state;
    while (folder && (entry = readdir(folder))) {
        char *dot = strstr(entry->d_name, ".json");

        if (dot && n_topologies < MOST_TOPOLOGIES)
            topologies[n_topologies++] = strndup(entry->d_name, (size_t)(dot - entry->d_name));
    }
    if (folder)
        closedir(folder);
    return n_topologies ? 0 : -1;
}

static int forget_topologies(void **state)
{
    (void)state;
    while (n_topologies)
        free(topologies[--n_topologies]);
    return 0;
}

static void for_each(void (*look)(const char *topology, const struct iow_facts *facts))
{
    for (unsigned i = 0; i < n_topologies; i++)
        for (unsigned k = 0; k < COUNT(releases); k++) {
            struct iow_sim *sim = boot(topologies[i], releases[k]);
            struct iow_facts *facts = read_facts(sim, NULL);

            look(topologies[i], facts);
            iow_facts_free(facts);
            iow_sim_free(sim);
        }
}

static void check_group(const char *topology, const struct iow_facts *facts, json_object *members)
{
    const char *first = json_object_get_string(json_object_array_get_idx(members, 0));
    uint32_t group = fact_of(facts, first) ? fact_of(facts, first)->group : IOW_NONE;

    if (group == IOW_NONE)
        fail_msg("%s: %s has no group", topology, first);
    for (size_t i = 0; i < json_object_array_length(members); i++) {
        const char *member = json_object_get_string(json_object_array_get_idx(members, i));

        if (!fact_of(facts, member) || fact_of(facts, member)->group != group)
            fail_msg("%s: %s is not in one group with %s", topology, member, first);
    }
    if (iow_facts_group_at(facts, iow_facts_find_group(facts, group))->n_members !=
        json_object_array_length(members))
        fail_msg("%s: others in one group with %s", topology, first);
}

static void look_at_groups(const char *topology, const struct iow_facts *facts)
{
    char *text = read_topology(topology);
    json_object *root = json_tokener_parse(text), *groups, *ungrouped;

    assert_true(json_object_object_get_ex(root, "groups", &groups));
    for (size_t i = 0; i < json_object_array_length(groups); i++)
        check_group(topology, facts, json_object_array_get_idx(groups, i));
    if (json_object_object_get_ex(root, "ungrouped", &ungrouped))
        for (size_t i = 0; i < json_object_array_length(ungrouped); i++) {
            const char *address = json_object_get_string(json_object_array_get_idx(ungrouped, i));

            if (!fact_of(facts, address) || fact_of(facts, address)->group != IOW_NONE)
                fail_msg("%s: %s is grouped", topology, address);
        }
    json_object_put(root);
    free(text);
}

static void groups_are_those_that_the_topology_says(void **state)
{
    (void)state;
    for_each(look_at_groups);
}

static unsigned n_compared;

/* The lab's guests load no modules, so that a missing driver tells something of bridges only. */
static bool agrees(const struct iow_function *f, const char *group, const char *driver)
{
    char own[16] = "-";

    if (!f)
        return false;
    if (f->group != IOW_NONE)
        snprintf(own, sizeof(own), "%u", f->group);
    if (strcmp(own, group) != 0)
        return false;
    if (strcmp(driver, "-") == 0)
        return !f->driver || !iow_config_is_bridge(&f->config);
    return f->driver && strcmp(f->driver, driver) == 0;
}

static uint32_t count_functions(const struct iow_facts *facts)
{
    uint32_t n = 0;

    while (iow_facts_function_at(facts, n))
        n++;
    return n;
}

/* Lines of kernel-groups.txt: what Debian's 6.1 and 6.12 said after a boot in the lab. */
static uint32_t compare_with_kernel(const char *topology, const struct iow_facts *facts)
{
    char line[256], name[128], address[32], group[16], driver[64];
    FILE *file = fopen(IOW_KERNEL_GROUPS, "re");
    uint32_t n = 0;

    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        if (sscanf(line, "%127s %31s %15s %63s", name, address, group, driver) != 4 ||
            strcmp(name, topology) != 0)
            continue;
        if (!agrees(fact_of(facts, address), group, driver))
            fail_msg("%s: %s is not in group %s with driver %s", topology, address, group, driver);
        n++;
    }
    fclose(file);
    n_compared += n;
    return n;
}

static void look_at_kernel(const char *topology, const struct iow_facts *facts)
{
    uint32_t n = compare_with_kernel(topology, facts);

    if (n && n != count_functions(facts))
        fail_msg("%s: %u functions, the kernel had %u", topology, count_functions(facts), n);
}

static void functions_groups_and_numbers_are_those_of_real_kernels(void **state)
{
    (void)state;
    n_compared = 0;
    for_each(look_at_kernel);
    print_message("%u topologies, %u functions as in real kernels\n", n_topologies, n_compared);
    assert_true(n_compared > 200);
}

static void virtual_functions_join_the_groups_of_real_kernels(void **state)
{
    static const char *const names[] = {"sriov", "sriov-plain-port"};

    (void)state;
    for (unsigned i = 0; i < COUNT(names); i++)
        for (unsigned k = 0; k < COUNT(releases); k++) {
            struct iow_sim *sim = boot(names[i], releases[k]);
            struct iow_facts *facts;
            char with[64];

            must(sim, "vfs 01:00.0 2");
            facts = read_facts(sim, NULL);
            snprintf(with, sizeof(with), "%s+2", names[i]);
            assert_int_equal(compare_with_kernel(with, facts), count_functions(facts));
            iow_facts_free(facts);
            iow_sim_free(sim);
        }
}

/* At boot Linux takes the function for one of several, later it believes the header. */
static void a_function_without_the_bit_is_alone_when_it_comes_again(void **state)
{
    struct iow_sim *sim = boot("function-without-bit", "6.12");
    struct iow_facts *facts;

    (void)state;
    must(sim, "unplug 01:00.1");
    must(sim, "plug 01:00.1");
    facts = read_facts(sim, NULL);
    assert_int_equal(fact_of(facts, "01:00.0")->group, 4);
    assert_int_equal(fact_of(facts, "01:00.1")->group, 5);
    iow_facts_free(facts);
    iow_sim_free(sim);
}

static void look_at_analysis(const char *topology, const struct iow_facts *facts)
{
    struct iow_analysis *analysis;
    struct iow_mem mem;

    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_analyse(facts, &mem, &analysis, NULL), 0);
    if (iow_facts_missing_at(facts, 0))
        fail_msg("%s: missing %s", topology, iow_facts_missing_at(facts, 0)->path);
    for (uint32_t i = 0; i < analysis->n_differences; i++)
        if (analysis->differences[i].rule != IOW_RULE_DIFF_NO_GROUP)
            fail_msg("%s: %s", topology, iow_rule_id(analysis->differences[i].rule));
    iow_mem_done(&mem);
}

static void the_reader_misses_nothing_and_the_analysis_finds_no_difference(void **state)
{
    (void)state;
    for_each(look_at_analysis);
}

static void what_is_no_topology_is_refused_with_a_reason(void **state)
{
    static const struct {
        const char *json, *reason;
    } bad[] = {
        {"", "not JSON"},
        {"[]", "not JSON"},
        {"{}", "no list of devices"},
        {"{\"devices\": [{}]}", "no such device model"},
        {"{\"devices\": [1]}", "no such device model"},
        {"{\"devices\": [{\"driver\": \"q35-ahci\"}]}", "no such device model: q35-ahci"},
        {"{\"devices\": [{\"driver\": \"edu\", \"bus\": \"rp1\", \"addr\": \"2\"}]}",
            "no bus of this name before it: edu"},
        {"{\"devices\": [{\"driver\": \"edu\", \"bus\": \"pcie.0\"}]}", "no addr like 2 or 2.1: edu"},
        {"{\"devices\": [{\"driver\": \"edu\", \"bus\": \"pcie.0\", \"addr\": \"20\"}]}",
            "no addr like 2 or 2.1: edu"},
        {"{\"devices\": [{\"driver\": \"edu\", \"bus\": \"pcie.0\", \"addr\": \"1f.0\"}]}",
            "two devices in one place: q35-lpc"},
        {"{\"devices\": [{\"driver\": \"pxb-pcie\", \"bus\": \"pcie.0\", \"addr\": \"2\"}]}",
            "a root bus is made on pcie.0 and has a bus_nr: pxb-pcie"},
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(bad); i++) {
        struct iow_explain why = {0};
        struct iow_sim *sim;

        assert_int_equal(iow_sim_new(bad[i].json, "6.12", &sim, &why), -IOW_EINVAL);
        assert_int_equal(why.rule, IOW_RULE_SIM_TOPOLOGY);
        if (strncmp(why.text, bad[i].reason, strlen(bad[i].reason)) != 0)
            fail_msg("%s: %s", bad[i].json, why.text);
    }
}

static void an_unknown_kernel_is_refused(void **state)
{
    struct iow_explain why = {0};
    struct iow_sim *sim;

    (void)state;
    assert_int_equal(iow_sim_new("{\"devices\": []}", "5.10", &sim, &why), -IOW_EINVAL);
    assert_int_equal(why.rule, IOW_RULE_SIM_TOPOLOGY);
}

static void bridges_hold_what_is_behind_them_in_their_windows(void **state)
{
    struct iow_sim *sim = boot("nested-bridges", "6.12");
    struct iow_facts *facts = read_facts(sim, NULL);
    const struct iow_function *inner = fact_of(facts, "02:02.0"), *edu = fact_of(facts, "03:01.0");
    const struct iow_function *port = fact_of(facts, "00:02.0");

    (void)state;
    assert_int_equal(edu->n_bars, 1);
    assert_int_equal(edu->bars[0].last - edu->bars[0].first, 0xfffff);
    assert_true(inner->config.windows.memory_base <= edu->bars[0].first);
    assert_true(inner->config.windows.memory_last >= edu->bars[0].last);
    assert_true(port->config.windows.memory_base <= inner->config.windows.memory_base);
    assert_true(port->config.windows.memory_last >= inner->config.windows.memory_last);
    assert_true(port->config.windows.prefetch_base > port->config.windows.prefetch_last);
    iow_facts_free(facts);
    iow_sim_free(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_those_that_the_topology_says),
        cmocka_unit_test(functions_groups_and_numbers_are_those_of_real_kernels),
        cmocka_unit_test(virtual_functions_join_the_groups_of_real_kernels),
        cmocka_unit_test(a_function_without_the_bit_is_alone_when_it_comes_again),
        cmocka_unit_test(the_reader_misses_nothing_and_the_analysis_finds_no_difference),
        cmocka_unit_test(what_is_no_topology_is_refused_with_a_reason),
        cmocka_unit_test(an_unknown_kernel_is_refused),
        cmocka_unit_test(bridges_hold_what_is_behind_them_in_their_windows),
    };

    return cmocka_run_group_tests(tests, list_topologies, forget_topologies);
}
