/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hardware.h"

#define EP IOW_PCIE_ENDPOINT, PLAIN
#define CONVENTIONAL IOW_PCIE_NONE, PLAIN

static const struct actor drifted[] = {
    SWITCH(CLEARED, ISOLATING), {"03:00.0", "02:00.0", EP, 4}, {"04:00.0", "02:01.0", EP, 5}};
static const struct actor split[] = {
    SWITCH(PLAIN, PLAIN), {"03:00.0", "02:00.0", EP, 2}, {"04:00.0", "02:01.0", EP, 3}};
static const struct actor unredirected[] = {
    SWITCH(CLEARED, CLEARED), {"03:00.0", "02:00.0", EP, 2}, {"04:00.0", "02:01.0", EP, 3}};
static const struct actor overridden[] = {
    SWITCH(PLAIN, PLAIN), {"03:00.0", "02:00.0", EP, 4}, {"04:00.0", "02:01.0", EP, 5}};
#define ALL_BITS 0x7f, IOW_ACS_REQUIRED | IOW_ACS_EC
static const struct actor egress[] = {
    SWITCH(ALL_BITS, ISOLATING), {"03:00.0", "02:00.0", EP, 4}, {"04:00.0", "02:01.0", EP, 5}};
#define DIRECT_BITS 0x5f, IOW_ACS_REQUIRED | IOW_ACS_DT
static const struct actor translated[] = {
    SWITCH(DIRECT_BITS, ISOLATING), {"03:00.0", "02:00.0", EP, 4}, {"04:00.0", "02:01.0", EP, 5}};
static const struct actor functions[] = {{"00:02.0", NULL, IOW_PCIE_ROOT_PORT, ISOLATING, 0},
    {"01:00.0", "00:02.0", EP, 1, .multifunction = true},
    {"01:00.1", "00:02.0", EP, 2, .multifunction = true}};
static const struct actor chipset[] = {
    {"00:01.0", NULL, CONVENTIONAL, 0}, {"00:02.0", NULL, CONVENTIONAL, 1}};
static const struct actor ports[] = {{"00:02.0", NULL, IOW_PCIE_ROOT_PORT, PLAIN, 0},
    {"00:03.0", NULL, IOW_PCIE_ROOT_PORT, PLAIN, 1}, {"01:00.0", "00:02.0", EP, 0},
    {"02:00.0", "00:03.0", EP, 1}};
static const struct actor conventional[] = {{"00:02.0", NULL, IOW_PCIE_TO_PCI_BRIDGE, PLAIN, 0},
    {"01:00.0", "00:02.0", CONVENTIONAL, 1}, {"01:01.0", "00:02.0", CONVENTIONAL, 2}};

struct row {
    const char *name;
    const struct actor *actor;
    uint32_t n;
    enum iow_route_grade grade;
    enum iow_rule cause;
    const char *from, *to;
    const char *command_line;
    void (*change)(struct scene *s);
};

static void without_windows_up(struct scene *s)
{
    s->function[scene_function(s, "00:02.0")].config.acs_ctrl &= ~IOW_ACS_UF;
    s->function[scene_function(s, "00:02.0")].config.acs_cap &= ~IOW_ACS_UF;
}

static void registers_of_a_port(struct scene *s)
{
    s->function[scene_function(s, "02:00.0")].config.bar[0] = 0xf0000000;
}

static void virtual_function(struct scene *s)
{
    s->function[2].physical_function = 1;
    s->function[1].config.vf_bar[0] = s->function[2].config.bar[0];
}

static void uncovered(struct scene *s)
{
    s->function[scene_function(s, "03:00.0")].group = NO_GROUP;
}

static void ats(struct scene *s)
{
    s->function[scene_function(s, "03:00.0")].config.ats_ctrl = IOW_ATS_ENABLE;
}

static void unread(struct scene *s)
{
    s->function[scene_function(s, "02:00.0")].config.known &= ~IOW_CONFIG_EXT_CAPS;
    s->function[scene_function(s, "02:00.0")].config.acs_offset = 0;
}

static const struct actor whole[] = {
    SWITCH(ISOLATING, ISOLATING), {"03:00.0", "02:00.0", EP, 4}, {"04:00.0", "02:01.0", EP, 5}};

#define MACHINE(lines) lines, COUNT(lines)
static const struct row rows[] = {
    {"drift", MACHINE(drifted), IOW_ROUTE_SURELY, IOW_RULE_HW_ACS_CLEARED, "03:00.0", "04:00.0"},
    {"switch without ACS", MACHINE(split), IOW_ROUTE_SURELY, IOW_RULE_HW_SWITCH},
    {"switch that never redirected", MACHINE(unredirected), IOW_ROUTE_SURELY, IOW_RULE_HW_SWITCH},
    {"override", MACHINE(overridden), IOW_ROUTE_SURELY, IOW_RULE_HW_OVERRIDE, NULL, NULL,
        "quiet pcie_acs_override=downstream"},
    {"egress control", MACHINE(egress), IOW_ROUTE_SURELY, IOW_RULE_HW_EGRESS_CONTROL, "03:00.0", "04:00.0"},
    {"direct translated", MACHINE(translated), IOW_ROUTE_SURELY, IOW_RULE_HW_TRANSLATED, "03:00.0",
        "04:00.0"},
    {"own window", MACHINE(whole), IOW_ROUTE_POSSIBLY, IOW_RULE_HW_OWN_WINDOW, NULL, NULL, NULL,
        without_windows_up},
    {"functions", MACHINE(functions), IOW_ROUTE_POSSIBLY, IOW_RULE_HW_FUNCTIONS},
    {"virtual functions", MACHINE(functions), IOW_ROUTE_POSSIBLY, IOW_RULE_HW_VIRTUAL_FUNCTIONS, NULL, NULL,
        NULL, virtual_function},
    {"chipset", MACHINE(chipset), IOW_ROUTE_POSSIBLY, IOW_RULE_HW_ROOT_BUS},
    {"root complex", MACHINE(ports), IOW_ROUTE_IF_ROOT_COMPLEX, IOW_RULE_HW_ROOT_COMPLEX},
    {"registers of a port", MACHINE(whole), IOW_ROUTE_POSSIBLY, IOW_RULE_HW_PORT_REGISTERS, NULL, NULL, NULL,
        registers_of_a_port},
    {"no IOMMU", MACHINE(whole), IOW_ROUTE_IF_ROOT_COMPLEX, IOW_RULE_HW_NO_IOMMU, "03:00.0", "04:00.0", NULL,
        uncovered},
    {"ATS", MACHINE(whole), IOW_ROUTE_IF_ROOT_COMPLEX, IOW_RULE_HW_ATS, "03:00.0", "04:00.0", NULL, ats},
    {"unread", MACHINE(whole), IOW_ROUTE_POSSIBLY, IOW_RULE_HW_UNREAD, NULL, NULL, NULL, unread},
    {"no reason", MACHINE(conventional), IOW_ROUTE_SURELY, IOW_RULE_HW_OTHER},
};

static void check(const struct row *row)
{
    struct iow_grade_agreement grade;
    const struct iow_breach *breach;
    struct scene s;

    hardware_set(&s, row->actor, row->n);
    if (row->command_line)
        s.facts.machine.command_line = row->command_line;
    if (row->change)
        row->change(&s);
    scene_play(&s);
    assert_int_equal(iow_agreement_grade(s.analysis, row->grade, ENOUGH, &s.mem, &grade, NULL), 0);
    if (!grade.closure->n_listed)
        fail_msg("%s: no breach", row->name);
    if (grade.cause[0] != row->cause)
        fail_msg("%s: %s", row->name, iow_rule_id(grade.cause[0]));
    breach = &grade.closure->breach[0];
    if (row->from &&
        (breach->from != scene_function(&s, row->from) || breach->to != scene_function(&s, row->to)))
        fail_msg("%s: from %u to %u", row->name, breach->from, breach->to);
    scene_end(&s);
}

static void every_cause_has_a_machine(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check(&rows[i]);
    for (int rule = IOW_RULE_HW_ACS_CLEARED; rule <= IOW_RULE_HW_OTHER; rule++) {
        bool seen = false;

        for (size_t i = 0; i < COUNT(rows); i++)
            seen = seen || rows[i].cause == (enum iow_rule)rule;
        if (!seen)
            fail_msg("%s has no machine", iow_rule_id((enum iow_rule)rule));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cause_has_a_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
