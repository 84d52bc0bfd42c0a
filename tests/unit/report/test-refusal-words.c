/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-stage.h"

#include "report/refusal-words.h"

#define NONE IOW_NONE

static const struct iow_use uses[] = {
    {IOW_USE_MOUNT, 4, "nvme0n1p2", "/home", 0, 0, 0, false},
    {IOW_USE_SWAP, 4, "nvme0n1p3", "", 0, 0, 0, false},
    {IOW_USE_HOLDER, 4, "nvme0n1p2", "dm-0", 0, 0, 0, false},
    {IOW_USE_EXCLUSIVE, 4, "nvme0n1", "", 0, 0, 0, false},
    {IOW_USE_NETWORK, 1, "eth0", "", 0, 2, 1, false},
    {IOW_USE_NETWORK, 1, "eth0", "", 0, 1, 3, true},
    {IOW_USE_NETWORK, 1, "eth0", "br0", 0, 0, 0, false},
    {IOW_USE_NETWORK, 1, "eth0", "", 0, 0, 1, false},
    {IOW_USE_CONSOLE, 1, "fb0", "", 0, 0, 0, false},
    {IOW_USE_OPEN, 1, "/dev/dri/card0", HOSTILE, 77, 0, 0, false},
};

#define THE_STEP(step_kind, from, to)                                                                        \
    {                                                                                                        \
        .kind = step_kind, .group = 4, .function = {.bus = 1}, .before = from, .after = to                   \
    }

#define WAY(from_, to_)                                                                                      \
    {                                                                                                        \
        .from = (from_), .to = (to_), .answer = IOW_ROUTE_AROUND, .grade = IOW_ROUTE_SURELY, .deciding = {   \
            .node = 0,                                                                                       \
            .rule = IOW_RULE_ROUTE_NO_ACS                                                                    \
        }                                                                                                    \
    }

static const struct iow_plan_reach reaches[] = {
    {.other = 4, .breach = WAY(1, 4), .cause = IOW_RULE_HW_SWITCH},
    {.other = 4, .user = true, .indirect = true, .breach = WAY(4, 1), .cause = IOW_RULE_HW_OTHER},
};

static const struct iow_plan_fault faults[] = {
    {IOW_PLAN_DOING, THE_STEP(IOW_STEP_BIND, "", "e1000e"), IOW_RULE_DMA_PROBE_OWNED},
    {IOW_PLAN_USING, {.group = 4, .before = "", .after = ""}, IOW_RULE_DMA_CLAIM_KERNEL},
    {IOW_PLAN_UNDOING, THE_STEP(IOW_STEP_BIND, "", HOSTILE), IOW_RULE_DMA_PROBE_PRIVATE},
    {IOW_PLAN_DOING, THE_STEP(IOW_STEP_UNBIND, "e1000e", ""), IOW_RULE_NONE},
};

static const struct {
    struct iow_refusal refusal;
    const char *text, *remedy; /* remedy: what it begins with; NULL: there is none */
} cases[] = {
    {{IOW_RULE_USE_MOUNT, 7, 4, 0, NONE, NULL}, "nvme0n1p2 of 0000:02:00.0 is mounted at /home",
        "unmount it first: umount /home"},
    {{IOW_RULE_USE_SWAP, 7, 4, 1, NONE, NULL}, "the system swaps to nvme0n1p3 of 0000:02:00.0",
        "stop that first: swapoff /dev/nvme0n1p3"},
    {{IOW_RULE_USE_HOLDER, 7, 4, 2, NONE, NULL}, "dm-0 is made of nvme0n1p2 of 0000:02:00.0",
        "take dm-0 apart first"},
    {{IOW_RULE_USE_EXCLUSIVE, 7, 4, 3, NONE, NULL},
        "nvme0n1 of 0000:02:00.0 is held by something in the kernel that does not show itself, as a file "
        "system or a pool of another namespace does",
        "find out what uses nvme0n1"},
    {{IOW_RULE_USE_NETWORK, 4, 1, 4, NONE, NULL},
        "the network interface eth0 of 0000:01:00.0 is up, with 2 addresses and 1 route",
        "move its traffic elsewhere, then: ip link set eth0 down"},
    {{IOW_RULE_USE_NETWORK, 4, 1, 5, NONE, NULL},
        "the network interface eth0 of 0000:01:00.0 is up, with 1 address and 3 routes, one of them the "
        "default route",
        "move its traffic"},
    {{IOW_RULE_USE_NETWORK, 4, 1, 6, NONE, NULL}, "the network interface eth0 of 0000:01:00.0 belongs to br0",
        "take it out of br0 first: ip link set eth0 nomaster"},
    {{IOW_RULE_USE_NETWORK, 4, 1, 7, NONE, NULL},
        "the network interface eth0 of 0000:01:00.0 is up, with 1 route", "move its traffic"},
    {{IOW_RULE_USE_CONSOLE, 4, 1, 8, NONE, NULL}, "fb0 of 0000:01:00.0 belongs to the system's console",
        "move the console"},
    {{IOW_RULE_USE_OPEN, 4, 1, 9, NONE, NULL},
        HOSTILE_SHOWN " (process 77) has /dev/dri/card0 of 0000:01:00.0 open",
        "end " HOSTILE_SHOWN " (process 77) first"},
    {{IOW_RULE_USE_VIRTUAL_FUNCTIONS, 4, 1, NONE, NONE, NULL}, "0000:01:00.0 has virtual functions, and",
        "end them first: echo 0 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs"},
    {{IOW_RULE_USE_HELD, 4, NONE, NONE, 0, NULL}, "group 4 is held by user (process 812)",
        "end user (process 812), or have it let go"},
    {{IOW_RULE_USE_HELD, 4, NONE, NONE, 0, "perhaps"},
        "group 4 is held by user (process 812), perhaps: it has a device open through VFIO, and it cannot be "
        "told which",
        "end user (process 812), or"},
    {{IOW_RULE_USE_PENDING, 4, 1, NONE, NONE, NULL},
        "0000:01:00.0 was unbound while it was open, and the unbind still waits", "have its user let go"},
    {{IOW_RULE_USE_PENDING, 4, NONE, NONE, NONE, NULL}, "a device of group 4 was unbound while it was open",
        "have its user let go; 'ioward show g4'"},
    {{IOW_RULE_USE_UNKNOWN, 4, 1, NONE, NONE, NULL},
        "not everything that may use 0000:01:00.0 could be looked at", "run ioward as root"},
    {{IOW_RULE_USE_UNKNOWN, 4, NONE, NONE, NONE, NULL}, "not everything that may use group 4", "run ioward"},
    {{IOW_RULE_USE_UNKNOWN, NONE, NONE, NONE, NONE, "proc/7/" HOSTILE},
        "not everything that may use devices of this machine (proc/7/" HOSTILE_SHOWN ") could be",
        "run ioward"},
    {{IOW_RULE_USE_UNKNOWN, NONE, NONE, NONE, NONE, NULL},
        "not everything that may use devices of this machine could", "run ioward"},
    {{IOW_RULE_PLAN_COMPANIONS, 4, 1, NONE, NONE, NULL},
        "group 4 also has 0000:01:00.0, and whoever gets a group gets all of it",
        "add --with-group to let that follow, or name the group instead: g4"},
    {{IOW_RULE_PLAN_BRIDGE, 4, 0, NONE, NONE, NULL}, "0000:00:02.0 is a bridge,", "name the devices behind"},
    {{IOW_RULE_PLAN_BRIDGE, 4, 1, NONE, NONE, NULL}, "0000:01:00.0 is a bridge,", "name those other devices"},
    {{IOW_RULE_PLAN_NO_GROUP, NONE, 1, NONE, NONE, NULL}, "0000:01:00.0 is in no IOMMU group",
        "leave it to the kernel: no IOMMU of this machine covers it"},
    {{IOW_RULE_PLAN_NO_IOMMU, 4, NONE, NONE, NONE, NULL}, "group 4 was made up by VFIO", "switch the IOMMU"},
    {{IOW_RULE_PLAN_OTHER_BUS, 4, NONE, NONE, NONE, HOSTILE}, "group 4 has the member " HOSTILE_SHOWN ", ",
        "take its driver away"},
    {{IOW_RULE_PLAN_OWNED, 4, 1, NONE, NONE, "tegra-host1x"},
        "group 4 belongs to the driver tegra-host1x of 0000:01:00.0 already", "unbind that driver"},
    {{IOW_RULE_PLAN_OWNED, 4, NONE, NONE, NONE, "a driver of the kernel"},
        "group 4 belongs to a driver of the kernel already", "unbind that driver"},
    {{IOW_RULE_PLAN_CLAIMED, 4, NONE, NONE, NONE, NULL}, "group 4 is claimed already",
        "see 'ioward release' for whose it is; to end it: ioward release g4"},
    {{IOW_RULE_PLAN_FIRMWARE_REGION, 4, NONE, NONE, NONE, NULL},
        "the firmware demands that devices of group 4 ", "look for a setting"},
    {{IOW_RULE_PLAN_UNREAD, 4, 1, NONE, NONE, NULL}, "what has to be known of 0000:01:00.0 could",
        "run ioward"},
    {{IOW_RULE_PLAN_UNREAD, 4, NONE, NONE, NONE, NULL}, "what has to be known of group 4 could",
        "run ioward"},
    {{IOW_RULE_PLAN_NOT_LIVE, NONE, NONE, NONE, NONE, NULL}, "only a machine that was just read",
        "run ioward on"},
    {{IOW_RULE_PLAN_REACH, 4, 1, NONE, NONE, NULL, NULL, &reaches[0]},
        "the hardware does not isolate group 4 from 0000:02:00.0 of group 7, which the kernel has: "
        "0000:01:00.0 "
        "(group 4) reaches the registers of 0000:02:00.0 (group 7) around the IOMMU: 0000:00:02.0 ",
        "give the devices below all ports of this switch to one owner only, or let one user have both"},
    {{IOW_RULE_PLAN_REACH, 4, 1, NONE, NONE, NULL, NULL, &reaches[1]},
        "the hardware does not isolate group 4 from 0000:02:00.0 of group 7, which another user has: both "
        "hang "
        "together by way of others, for 0000:02:00.0 (group 7) reaches",
        "move one of the devices behind another port, or let one user have both"},
    {{IOW_RULE_PLAN_IMPOSSIBLE, 4, 1, NONE, NONE, NULL, &faults[0]},
        "Linux would refuse to bind 0000:01:00.0 to e1000e: no driver that uses the kernel's DMA API can be",
        "have the user let go first"},
    {{IOW_RULE_PLAN_IMPOSSIBLE, 4, 1, NONE, NONE, NULL, &faults[1]},
        "Linux would refuse to let any user have group 4, because of 0000:01:00.0: the group cannot be "
        "claimed",
        "unbind that driver first"},
    {{IOW_RULE_PLAN_IMPOSSIBLE, 4, NONE, NONE, NONE, NULL, &faults[1]},
        "Linux would refuse to let any user have group 4: the group cannot", "unbind that driver first"},
    {{IOW_RULE_PLAN_IMPOSSIBLE, 4, 1, NONE, NONE, NULL, &faults[2]},
        "Linux would refuse to bind 0000:01:00.0 to " HOSTILE_SHOWN " when it is released: the group is not",
        "unbind the driver that attached it"},
    {{IOW_RULE_PLAN_IMPOSSIBLE, 4, 1, NONE, NONE, NULL, &faults[3]},
        "Linux would refuse to unbind 0000:01:00.0 from e1000e: the steps before that do not lead there",
        "report it, please"},
};

static void set_scene(struct plan_stage *s)
{
    static const struct iow_held file[] = {{IOW_HELD_GROUP, 4, IOW_NONE}};
    static struct iow_use room[COUNT(uses)];

    plan_stage_set(s);
    memcpy(room, uses, sizeof(uses));
    s->stage.scene.facts.uses = room;
    s->stage.scene.facts.n_uses = COUNT(uses);
    scene_hold(&s->stage.scene, 812, file, 1);
    plan_stage_play(s);
}

static void begins(const char *text, const char *wanted)
{
    if (!text || strncmp(text, wanted, strlen(wanted)) != 0)
        fail_msg("\"%s\" does not begin: %s", wanted, text ? text : "nothing");
}

static void every_refusal_says_what_is_and_what_to_do(void **state)
{
    struct plan_stage s;

    (void)state;
    set_scene(&s);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_text text = {0}, remedy = {0};

        iow_refusal_text(&text, s.stage.view, &cases[i].refusal);
        iow_refusal_remedy(&remedy, s.stage.view, &cases[i].refusal);
        begins(text.data, cases[i].text);
        begins(remedy.data, cases[i].remedy);
        says_not(text.data, "?"); /* every place is filled */
        says_not(remedy.data, "?");
        iow_text_done(&text);
        iow_text_done(&remedy);
    }
    plan_stage_end(&s);
}

static void without_any_real_group_the_iommu_is_off(void **state)
{
    const struct iow_refusal refusal = {IOW_RULE_PLAN_NO_GROUP, NONE, 1, NONE, NONE, NULL};
    struct iow_text remedy = {0};
    struct plan_stage s;

    (void)state;
    set_scene(&s);
    for (uint32_t i = 0; i < s.stage.scene.facts.n_groups; i++)
        s.stage.scene.group[i].name = "vfio-noiommu";
    iow_refusal_remedy(&remedy, s.stage.view, &refusal);
    begins(remedy.data, "switch the IOMMU on");
    iow_text_done(&remedy);
    plan_stage_end(&s);
}

static void what_nobody_can_claim_is_left_with_the_kernel(void **state)
{
    const struct iow_refusal refusal = {IOW_RULE_PLAN_REACH, 4, 1, NONE, NONE, NULL, NULL, &reaches[0]};
    struct iow_text text = {0}, remedy = {0};
    struct plan_stage s;

    (void)state;
    set_scene(&s);
    s.stage.scene.function[4].group = NO_GROUP;
    iow_refusal_text(&text, s.stage.view, &refusal);
    begins(text.data,
        "the hardware does not isolate group 4 from 0000:02:00.0, which is in no group and the kernel");
    iow_refusal_remedy(&remedy, s.stage.view, &refusal);
    assert_non_null(strstr(remedy.data, ", or leave group 4 to the kernel, as 0000:02:00.0 is"));
    iow_text_done(&text);
    iow_text_done(&remedy);
    plan_stage_end(&s);
}

static void every_rule_of_refusals_has_a_case(void **state)
{
    (void)state;
    for (int rule = IOW_RULE_USE_MOUNT; rule <= IOW_RULE_PLAN_IMPOSSIBLE; rule++) {
        size_t i = 0;

        while (i < COUNT(cases) && cases[i].refusal.rule != (enum iow_rule)rule)
            i++;
        if (i == COUNT(cases))
            fail_msg("no case for %s", iow_rule_id((enum iow_rule)rule));
    }
}

static void whatever_linux_refuses_has_a_reason_and_a_remedy(void **state)
{
    struct plan_stage s;

    (void)state;
    set_scene(&s);
    for (int rule = IOW_RULE_DMA_NO_DOMAIN; rule <= IOW_RULE_DMA_NO_HOOK; rule++) {
        const struct iow_plan_fault fault = {
            IOW_PLAN_DOING, THE_STEP(IOW_STEP_BIND, "", "vfio-pci"), (enum iow_rule)rule};
        const struct iow_refusal refusal = {IOW_RULE_PLAN_IMPOSSIBLE, 4, 1, NONE, NONE, NULL, &fault};
        struct iow_text text = {0}, remedy = {0};

        iow_refusal_text(&text, s.stage.view, &refusal);
        iow_refusal_remedy(&remedy, s.stage.view, &refusal);
        begins(text.data, "Linux would refuse to bind 0000:01:00.0 to vfio-pci: ");
        says_not(text.data, "?");
        assert_true(remedy.data && *remedy.data);
        says_not(remedy.data, "?");
        iow_text_done(&text);
        iow_text_done(&remedy);
    }
    plan_stage_end(&s);
}

static void one_sentence_may_be_about_several(void **state)
{
    const struct iow_refusal refusal = {IOW_RULE_PLAN_COMPANIONS, 4, 1, NONE, NONE, NULL};
    struct iow_text text = {0};
    struct plan_stage s;

    (void)state;
    set_scene(&s);
    iow_refusal_text_of(&text, s.stage.view, &refusal, "A and B");
    begins(text.data, "group 4 also has A and B, and");
    iow_text_done(&text);
    plan_stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_says_what_is_and_what_to_do),
        cmocka_unit_test(without_any_real_group_the_iommu_is_off),
        cmocka_unit_test(what_nobody_can_claim_is_left_with_the_kernel),
        cmocka_unit_test(every_rule_of_refusals_has_a_case),
        cmocka_unit_test(whatever_linux_refuses_has_a_reason_and_a_remedy),
        cmocka_unit_test(one_sentence_may_be_about_several),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
