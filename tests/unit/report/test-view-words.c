/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"

#include "report/view-words.h"

static void every_trait_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(iow_driver_trait_name(IOW_DRIVER_NONE), "none");
    assert_string_equal(iow_driver_trait_name(IOW_DRIVER_DMA_API), "dma-api");
    assert_string_equal(iow_driver_trait_name(IOW_DRIVER_MANAGED), "managed");
    assert_string_equal(iow_driver_trait_name(IOW_DRIVER_PRIVATE), "private");
    assert_string_equal(iow_driver_trait_name(IOW_DRIVER__COUNT), "none");
}

static void a_holder_without_a_name_is_a_process(void **state)
{
    static const struct {
        const char *command, *wanted;
    } row[] = {{"qemu", "qemu (process 7)"}, {"", "a process (process 7)"}, {NULL, "a process (process 7)"},
        {HOSTILE, HOSTILE_SHOWN " (process 7)"}};

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct iow_holder holder = {.pid = 7, .command = row[i].command};
        struct iow_text text = {0};

        iow_view_holder(&text, &holder);
        assert_string_equal(text.data, row[i].wanted);
        iow_text_done(&text);
    }
}

static void three_holders_are_named_and_the_rest_counted(void **state)
{
    static const char *const wanted[] = {
        NULL,
        "a (process 1)",
        "a (process 1) and b (process 2)",
        "a (process 1), b (process 2) and c (process 3)",
        "a (process 1), b (process 2), c (process 3) and 1 more",
        "a (process 1), b (process 2), c (process 3) and 2 more",
    };
    struct iow_holder holder[] = {{1, 0, "a"}, {2, 0, "b"}, {3, 0, "c"}, {4, 0, "d"}, {5, 0, "e"}};
    const struct iow_facts facts = {.n_holders = COUNT(holder), .holders = holder};
    const uint32_t positions[] = {0, 1, 2, 3, 4};

    (void)state;
    for (uint32_t n = 0; n < COUNT(wanted); n++) {
        struct iow_text text = {0};

        iow_view_holders(&text, &facts, positions, n);
        if (wanted[n])
            assert_string_equal(text.data, wanted[n]);
        else
            assert_null(text.data);
        iow_text_done(&text);
    }
}

static void reason_is(struct stage *s, const char *address, enum iow_rule rule, const char *wanted)
{
    const struct iow_view_function *v = stage_function(s, address);

    assert_int_equal(v->reason->rule, rule);
    assert_string_equal(v->reason_text, wanted);
}

static void a_requester_id_that_is_shared_is_told_with_its_quirk(void **state)
{
    struct stage s;

    (void)state;
    stage_set_alias(&s);
    stage_play(&s);
    reason_is(&s, "01:00.1", IOW_RULE_GRP_DEVFN_ALIAS,
        "0000:01:00.1 joined the group of 0000:01:00.0: 0000:01:00.0 is known to send requests under the "
        "requester ID of another function of its bus (Linux's table of quirks: Marvell SATA controller)");
    stage_end(&s);
}

static void what_is_below_a_vmd_does_dma_in_its_name(void **state)
{
    struct stage s;

    (void)state;
    stage_set_vmd(&s);
    stage_play(&s);
    reason_is(&s, "10000:e1:00.0", IOW_RULE_GRP_REAL_DMA,
        "10000:e1:00.0 joined the group of 0000:00:0e.0: its requests carry the requester ID of "
        "0000:00:0e.0, so the IOMMU cannot tell the two apart");
    assert_int_equal(s.view->n_differences, 0);
    stage_end(&s);
}

static void functions_that_a_quirk_holds_together_or_apart_are_told_with_it(void **state)
{
    static const struct actor actor[] = {{"00:14.0", NULL, IOW_PCIE_NONE, -1, 0, 0},
        {"00:14.2", NULL, IOW_PCIE_NONE, -1, 0, 0}, {"00:1c.0", NULL, PORT_OPEN, 1},
        {"01:00.0", "00:1c.0", EP, 1}};
    struct stage s;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    s.scene.function[2].config.vendor = 0x8086; /* of an old chipset, and never set up */
    s.scene.function[2].config.device = 0x1c10;
    stage_play(&s);
    reason_is(&s, "01:00.0", IOW_RULE_GRP_PATH,
        "0000:01:00.0 joined the group of 0000:00:1c.0: requests from below 0000:00:1c.0 may be turned "
        "around there and reach another device without passing the IOMMU, because 0000:00:1c.0 is known to "
        "Linux as not isolating (its table of quirks, intel_pch_acs)");
    reason_is(&s, "00:14.2", IOW_RULE_GRP_FUNCTION,
        "0000:00:14.2 joined the group of 0000:00:14.0: they are functions of one device, and such "
        "functions may reach each other inside it, because 0000:00:14.2 is conventional PCI, which has no "
        "ACS");
    stage_end(&s);
}

static void basis_is(struct stage *s, uint32_t number, const char *wanted)
{
    assert_string_equal(iow_view_group_of(s->view, number)->basis_text, wanted);
}

static void the_drivers_that_decide_are_named_and_counted(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT_OPEN, 5, "pcieport"},
        {"01:00.0", "00:02.0", EP, 5, "e1000e"},
        {"01:01.0", "00:02.0", EP, 5, "vfio-pci"},
        {"01:02.0", "00:02.0", EP, 5, NULL},
        {"01:03.0", "00:02.0", EP, 5, HOSTILE},
    };
    static struct iow_other_member member[] = {
        {5, "dev\x1b", "platform", "dwc3"}, {5, "dev.2", "vmbus", "storvsc"}, {5, "dev.3", "platform", NULL}};
    struct stage s;

    (void)state;
    for (int more = 0; more < 2; more++) {
        scene_set(&s.scene, actor, COUNT(actor));
        s.scene.facts.other_members = member;
        s.scene.facts.n_other_members = COUNT(member);
        if (more)
            s.scene.function[3].driver = "nvme";
        stage_play(&s);
        basis_is(&s, 5,
            more ? "the kernel owns group 5: it does DMA there through the driver e1000e of 0000:01:00.0 and "
                   "nvme of 0000:01:02.0 and " HOSTILE_SHOWN " of 0000:01:03.0 and 1 more"
                 : "the kernel owns group 5: it does DMA there through the driver e1000e of 0000:01:00.0 "
                   "and " HOSTILE_SHOWN " of 0000:01:03.0 and dwc3 of dev\\x1b");
        stage_end(&s);
    }
}

static void a_group_that_vfio_made_up_is_called_so(void **state)
{
    struct stage s;

    (void)state;
    stage_set_vfio(&s, "vfio-pci");
    s.scene.group[1].name = "vfio-noiommu";
    stage_play(&s);
    basis_is(&s, 5,
        "group 5 was made up by VFIO: no IOMMU stands between its devices and memory, so nobody's DMA is "
        "confined");
    reason_is(
        &s, "01:00.0", IOW_RULE_GRP_NOT_COVERED, "0000:01:00.0 gets no group: no IOMMU translates its DMA");
    stage_end(&s);
}

/* Opening the file of a device claims nothing yet; whose it is, is known. */
static void the_holder_of_a_cdev_is_named(void **state)
{
    static const struct iow_held held[] = {{IOW_HELD_CDEV, 0, 1}, {IOW_HELD_IOMMUFD, IOW_NONE, IOW_NONE}};
    struct stage s;

    (void)state;
    stage_set_vfio(&s, "vfio-pci");
    scene_hold(&s.scene, 42, held, COUNT(held));
    stage_play(&s);
    basis_is(&s, 5, "group 5 is held by user (process 42); from outside, holding cannot be told from owning");
    assert_string_equal(iow_view_group_of(s.view, 5)->holder, "user (process 42)");
    stage_end(&s);
}

static const struct iow_view_note *remark_of(const struct stage *s, enum iow_rule rule)
{
    for (uint32_t i = 0; i < s->view->n_findings; i++)
        if (s->view->findings[i].rule == rule)
            return &s->view->findings[i];
    fail_msg("no remark %s", iow_rule_id(rule));
    return NULL;
}

static void a_pending_unbind_is_told_as_far_as_it_is_known(void **state)
{
    static const struct actor two[] = {{"00:02.0", NULL, PORT, 0, "pcieport"},
        {"01:00.0", "00:02.0", EP, 5, NULL, .multifunction = true},
        {"01:00.1", "00:02.0", EP, 5, NULL, .multifunction = true}};
    struct stage s;

    (void)state;
    stage_set_vfio(&s, NULL);
    stage_play(&s);
    assert_string_equal(remark_of(&s, IOW_RULE_REM_PENDING_UNBIND)->text,
        "0000:01:00.0 shows no driver, but is still open: an unbind waits until some process closes it");
    assert_string_equal(remark_of(&s, IOW_RULE_REM_PENDING_UNBIND)->remedy,
        "let some process finish; killing the process that waits in the unbind does not help");
    stage_end(&s);

    scene_set(&s.scene, two, COUNT(two));
    s.scene.group[1].vfio_node = true;
    stage_play(&s);
    assert_string_equal(remark_of(&s, IOW_RULE_REM_PENDING_UNBIND)->text,
        "a member of group 5 shows no driver, but is still open: an unbind waits until some process closes "
        "it");
    assert_int_equal(remark_of(&s, IOW_RULE_REM_PENDING_UNBIND)->function, IOW_NONE);
    assert_int_equal(remark_of(&s, IOW_RULE_REM_PENDING_UNBIND)->group, 5);
    stage_end(&s);
}

static void lazy_groups_are_told_without_claiming_a_port(void **state)
{
    struct stage s;

    (void)state;
    stage_set_lazy(&s);
    stage_play(&s);
    assert_int_equal(s.view->n_differences, 2);
    assert_int_equal(s.view->differences[0].rule, IOW_RULE_DIFF_NOT_YET);
    assert_string_equal(s.view->differences[0].text,
        "0000:00:03.0 has no group yet: this kind of IOMMU forms a group when a driver first binds");
    assert_string_equal(s.view->differences[0].remedy, "bind a driver once to see the group");
    assert_int_equal(s.view->differences[0].group, IOW_NONE);
    assert_int_equal(s.view->differences[1].rule, IOW_RULE_DIFF_LAZY);
    assert_string_equal(s.view->differences[1].text,
        "0000:01:00.0 is separate from 0000:00:02.0: this kind of IOMMU groups a device when a driver first "
        "binds, and then a port had no group that could be joined");
    assert_null(s.view->differences[1].remedy);
    assert_int_equal(s.view->differences[1].group, 1);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_trait_has_a_name),
        cmocka_unit_test(a_holder_without_a_name_is_a_process),
        cmocka_unit_test(three_holders_are_named_and_the_rest_counted),
        cmocka_unit_test(a_requester_id_that_is_shared_is_told_with_its_quirk),
        cmocka_unit_test(what_is_below_a_vmd_does_dma_in_its_name),
        cmocka_unit_test(functions_that_a_quirk_holds_together_or_apart_are_told_with_it),
        cmocka_unit_test(the_drivers_that_decide_are_named_and_counted),
        cmocka_unit_test(a_group_that_vfio_made_up_is_called_so),
        cmocka_unit_test(the_holder_of_a_cdev_is_named),
        cmocka_unit_test(a_pending_unbind_is_told_as_far_as_it_is_known),
        cmocka_unit_test(lazy_groups_are_told_without_claiming_a_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
