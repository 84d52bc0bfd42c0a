/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

#include <stdlib.h>

#define PORT IOW_PCIE_ROOT_PORT, 0x5f, 0x1d
#define UP IOW_PCIE_UPSTREAM_PORT, -1, 0
#define DOWN IOW_PCIE_DOWNSTREAM_PORT, -1, 0
#define DOWN_ACS IOW_PCIE_DOWNSTREAM_PORT, 0x5f, 0x1d
#define EP IOW_PCIE_ENDPOINT, -1, 0

static const struct iow_finding *remark(const struct scene *s, enum iow_rule rule)
{
    for (uint32_t i = 0; i < s->analysis->n_findings; i++)
        if (s->analysis->findings[i].rule == rule)
            return &s->analysis->findings[i];
    return NULL;
}

static void an_ordinary_machine_is_not_remarkable(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT, 0, "pcieport"}, {"01:00.0", "00:02.0", EP, 1, "e1000e", .master = true}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    scene_play(&s);
    assert_int_equal(s.analysis->n_findings, 0);
    scene_end(&s);
}

static void a_machine_without_groups_says_so(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, NO_GROUP, "pcieport"}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.facts.machine.n_iommus = 0;
    scene_play(&s);
    assert_non_null(remark(&s, IOW_RULE_REM_NO_IOMMU));
    assert_null(remark(&s, IOW_RULE_REM_UNGROUPED));
    scene_end(&s);
}

static void a_function_without_group_among_grouped_ones_is_named(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0}, {"80:00.0", NULL, PORT, NO_GROUP}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    scene_play(&s);
    assert_int_equal(remark(&s, IOW_RULE_REM_UNGROUPED)->function, 1);
    scene_end(&s);
    scene_set(&s, actor, COUNT(actor));
    s.function[1].known &= (uint8_t)~IOW_FUNCTION_DRIVER; /* the group could not be read */
    scene_play(&s);
    assert_null(remark(&s, IOW_RULE_REM_UNGROUPED));
    scene_end(&s);
}

static void parameters_and_options_that_weaken_are_named(void **state)
{
    static const struct {
        const char *parameter, *command_line;
        uint16_t release;
        enum iow_rule rule;
    } row[] = {
        {"vfio_iommu_type1.allow_unsafe_interrupts", "", 0x60c, IOW_RULE_REM_UNSAFE_INTERRUPTS},
        {"iommufd.allow_unsafe_interrupts", "", 0x60c, IOW_RULE_REM_UNSAFE_INTERRUPTS},
        {"vfio.enable_unsafe_noiommu_mode", "", 0x60c, IOW_RULE_REM_NOIOMMU_MODE},
        {"x.y", "pcie_acs_override=downstream", 0x60c, IOW_RULE_REM_OVERRIDE_OPTION},
        {"x.y", "", 0x606, IOW_RULE_REM_ASSUMED_KERNEL},
    };
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0}};

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++)
        for (int on = 0; on < 2; on++) {
            struct scene s;

            scene_set(&s, actor, COUNT(actor));
            s.parameter[0] = (struct iow_parameter){row[i].parameter, on ? "Y" : "N"};
            s.facts.machine.n_parameters = 1;
            s.facts.machine.command_line = on ? row[i].command_line : "";
            s.facts.machine.release = on ? row[i].release : 0x601;
            scene_play(&s);
            assert_int_equal(s.analysis->n_findings, on);
            if (on)
                assert_non_null(remark(&s, row[i].rule));
            scene_end(&s);
        }
}

static void a_switch_that_linux_splits_is_named(void **state)
{
    static const struct {
        struct actor first, second;
        bool want;
    } row[] = {
        {{"02:03.0", "01:00.0", DOWN, 2}, {"02:04.0", "01:00.0", DOWN, 3}, true},
        {{"02:03.0", "01:00.0", DOWN, 2}, {"02:04.0", "01:00.0", DOWN_ACS, 3}, true},
        {{"02:03.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, 0x5f, 0x19, 2}, {"02:04.0", "01:00.0", DOWN_ACS, 3},
            true},
        {{"02:03.0", "01:00.0", DOWN_ACS, 2}, {"02:04.0", "01:00.0", DOWN_ACS, 3}, false},
        {{"02:03.0", "01:00.0", DOWN, 2}, {"02:04.0", "01:00.0", DOWN, 2}, false},
        {{"02:03.0", "01:00.0", DOWN, 2}, {"02:04.0", "01:00.0", DOWN, NO_GROUP}, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct actor actor[] = {
            {"00:02.0", NULL, PORT, 0}, {"01:00.0", "00:02.0", UP, 1}, row[i].first, row[i].second};
        struct scene s;

        scene_set(&s, actor, COUNT(actor));
        scene_play(&s);
        assert_int_equal(remark(&s, IOW_RULE_REM_SWITCH_SPLIT) != NULL, row[i].want);
        scene_end(&s);
    }
}

static void a_member_that_blocks_the_others_is_named(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT, 0, "pcieport"},
        {"01:00.0", "00:02.0", EP, 5, "vfio-pci", .multifunction = true},
        {"01:00.1", "00:02.0", EP, 5, "snd_hda_intel", .multifunction = true},
    };
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.group[1].vfio_node = true;
    scene_play(&s);
    assert_int_equal(remark(&s, IOW_RULE_REM_NOT_VIABLE)->function, 2);
    assert_int_equal(remark(&s, IOW_RULE_REM_NOT_VIABLE)->group, 5);
    scene_end(&s);
}

static void an_idle_function_that_masters_the_bus_matters_where_it_can_do_harm(void **state)
{
    static const struct iow_held held[] = {
        {IOW_HELD_GROUP, 5, IOW_NONE}, {IOW_HELD_DEVICE, IOW_NONE, IOW_NONE}};
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT, 0, "pcieport"},
        {"01:00.0", "00:02.0", EP, 5, "vfio-pci", .multifunction = true},
        {"01:00.1", "00:02.0", EP, 5, NULL, .multifunction = true, .master = true},
        {"01:00.2", "00:02.0", EP, 5, NULL, .multifunction = true},
    };
    struct scene s;

    (void)state;
    for (int used = 0; used < 2; used++)
        for (int identity = 0; identity < 2; identity++) {
            scene_set(&s, actor, COUNT(actor));
            s.group[1].vfio_node = true;
            if (identity)
                s.group[1].type = "identity";
            if (used)
                scene_hold(&s, 42, held, COUNT(held));
            scene_play(&s);
            assert_int_equal(remark(&s, IOW_RULE_REM_IDLE_MASTER) != NULL, used || identity);
            if (used || identity)
                assert_int_equal(remark(&s, IOW_RULE_REM_IDLE_MASTER)->function, 2);
            scene_end(&s);
        }
}

static void a_pending_unbind_names_group_and_holder(void **state)
{
    static const struct iow_held held[] = {
        {IOW_HELD_GROUP, 1, IOW_NONE}, {IOW_HELD_DEVICE, IOW_NONE, IOW_NONE}};
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT, 0, "pcieport"}, {"01:00.0", "00:02.0", EP, 1}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.group[1].vfio_node = true;
    scene_hold(&s, 42, held, COUNT(held));
    scene_play(&s);
    assert_int_equal(remark(&s, IOW_RULE_REM_PENDING_UNBIND)->function, 1);
    assert_int_equal(remark(&s, IOW_RULE_REM_PENDING_UNBIND)->holder, 0);
    scene_end(&s);
}

static void drift_is_remarked_once_a_port(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, IOW_PCIE_ROOT_PORT, 0x5f, 0, 0},
        {"01:00.0", "00:02.0", EP, 1}, {"01:01.0", "00:02.0", EP, 2}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    scene_play(&s);
    assert_int_equal(s.analysis->n_findings, 1);
    assert_int_equal(remark(&s, IOW_RULE_REM_DRIFT)->function, 0);
    assert_int_equal(remark(&s, IOW_RULE_REM_DRIFT)->other, 1);
    scene_end(&s);
}

static void what_nothing_explains_is_remarked(void **state)
{
    static const struct actor actor[] = {
        {"00:03.0", NULL, IOW_PCIE_ROOT_PORT, -1, 0, 0}, {"02:00.0", "00:03.0", EP, 1}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    scene_play(&s);
    assert_int_equal(remark(&s, IOW_RULE_REM_UNEXPLAINED)->function, 1);
    scene_end(&s);
}

static void the_worst_comes_first_and_then_the_order_of_the_rules(void **state)
{
    struct iow_audit audit;
    struct iow_audit_row row;
    uint32_t position[IOW_RULE__COUNT] = {0};
    struct scene s;

    (void)state;
    quiet(&s);
    for (uint32_t i = 0; iow_audit_row_at(i, &row); i++)
        position[row.rule] = i;
    s.function[NIC].driver = "uio_pci_generic";
    s.function[PORT_A].config.acs_ctrl = 0;
    s.facts.machine.lockdown = IOW_LOCKDOWN_NONE;
    s.facts.machine.command_line = "pcie_acs_override=id:1:2 iomem=relaxed";
    scene_play(&s);
    assert_int_equal(iow_audit(s.analysis, NULL, &s.mem, &audit), 0);
    assert_true(audit.n_findings >= 5);
    assert_int_equal(audit.findings[0].severity, IOW_CRITICAL);
    for (uint32_t i = 1; i < audit.n_findings; i++) {
        const struct iow_finding *a = &audit.findings[i - 1], *b = &audit.findings[i];

        assert_true(a->severity > b->severity ||
                    (a->severity == b->severity && position[a->rule] <= position[b->rule]));
    }
    scene_end(&s);
}

static void *grow_once(void *ctx, size_t size)
{
    bool *grown = ctx;
    bool again = *grown;

    *grown = true;
    return again ? NULL : malloc(size);
}

static void let_go(void *ctx, void *chunk)
{
    (void)ctx;
    free(chunk);
}

/* A machine with findings and unknowns, audited in ever more memory. */
static void lack_of_memory_is_an_error_wherever_it_comes(void **state)
{
    int r = -IOW_ENOMEM;
    struct scene s;

    (void)state;
    quiet(&s);
    surroundings_unread(&s);
    s.function[PORT_A].config.acs_ctrl = 0;
    scene_play(&s);
    for (size_t left = 0; r < 0; left += 32) {
        struct iow_acceptance acceptance = {.rule = IOW_RULE_REM_DRIFT};
        const struct iow_audit_request request = {.n_acceptances = 1, .acceptances = &acceptance};
        struct iow_audit audit;
        struct iow_mem mem;
        bool grown = false;

        iow_mem_init(&mem, grow_once, let_go, &grown);
        assert_non_null(iow_mem_alloc(&mem, 1, 1));
        assert_non_null(iow_mem_alloc(&mem, 1, mem.size_bytes - mem.used_bytes - left));
        r = iow_audit(s.analysis, &request, &mem, &audit);
        assert_true(r == -IOW_ENOMEM || (r == 0 && left > 0 && audit.n_findings && audit.n_unknown));
        iow_mem_done(&mem);
    }
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_machine_is_not_remarkable),
        cmocka_unit_test(a_machine_without_groups_says_so),
        cmocka_unit_test(a_function_without_group_among_grouped_ones_is_named),
        cmocka_unit_test(parameters_and_options_that_weaken_are_named),
        cmocka_unit_test(a_switch_that_linux_splits_is_named),
        cmocka_unit_test(a_member_that_blocks_the_others_is_named),
        cmocka_unit_test(an_idle_function_that_masters_the_bus_matters_where_it_can_do_harm),
        cmocka_unit_test(a_pending_unbind_names_group_and_holder),
        cmocka_unit_test(drift_is_remarked_once_a_port),
        cmocka_unit_test(what_nothing_explains_is_remarked),
        cmocka_unit_test(the_worst_comes_first_and_then_the_order_of_the_rules),
        cmocka_unit_test(lack_of_memory_is_an_error_wherever_it_comes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
