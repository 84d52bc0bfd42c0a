/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"

#include "report/notes.h"

#define WIDE 1000 /* no line is broken */

static char *drawn_notes(const struct stage *s)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    iow_notes_print(s->view, out, WIDE);
    assert_int_equal(fclose(out), 0);
    return text;
}

static char *drawn_ungrouped(uint32_t n)
{
    static const char *const address[] = {"80:00.0", "81:00.0", "82:00.0", "83:00.0", "84:00.0", "85:00.0"};
    struct actor actor[1 + COUNT(address)] = {{"00:02.0", NULL, PORT, 0, "pcieport"}};
    struct stage s;
    char *text;

    for (uint32_t i = 0; i < n; i++)
        actor[1 + i] = (struct actor){address[i], NULL, EP, NO_GROUP};
    scene_set(&s.scene, actor, 1 + n);
    stage_play(&s);
    text = drawn_notes(&s);
    stage_end(&s);
    return text;
}

static void many_remarks_of_one_rule_are_cut_at_three(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= 6; n++) {
        char *text = drawn_ungrouped(n), more[64];

        assert_int_equal(count_of(text, "! 0000:8"), n < 3 ? n : 3);
        assert_int_equal(count_of(text, "(IOW-REM-UNGROUPED)"), n < 3 ? n : 3);
        assert_int_equal(count_of(text, "  -> leave it to the kernel\n"), 1);
        (void)snprintf(more, sizeof(more), "  ... and %u more like this (--json lists all)\n", n - 3);
        if (n > 3)
            says(text, more);
        else
            says_not(text, "more like this");
        free(text);
    }
}

/* What to do about a missing IOMMU depends on whether the firmware offers one. */
static void a_remedy_with_two_cases_is_that_of_the_machine(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, NO_GROUP}};

    (void)state;
    for (int offered = 0; offered < 2; offered++) {
        struct stage s;
        char *text;

        scene_set(&s.scene, actor, COUNT(actor));
        s.scene.facts.machine.pci = true;
        s.scene.facts.machine.dmar = offered;
        s.scene.facts.machine.kernel = "5.10.0";
        s.scene.facts.machine.release = 5 << 8 | 10;
        stage_play(&s);
        text = flat(drawn_notes(&s));
        says(text, offered ? " -> the firmware offers an IOMMU, but Linux does not use it"
                           : " -> the firmware, or the hypervisor, offers no IOMMU");
        says(text, "! this is Linux 5.10.0, and the rules that ioward applies were compared with Linux 6.1 "
                   "and 6.12");
        free(text);
        stage_end(&s);
    }
}

/* Two groups that no user can take, because of different drivers, and a third remark of another rule. */
static void a_remedy_that_names_a_device_is_said_for_each(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT_OPEN, 1, "pcieport"},
        {"00:03.0", NULL, PORT_OPEN, 2, "pcieport"},
        {"01:00.0", "00:02.0", EP, 1, "vfio-pci"},
        {"01:01.0", "00:02.0", EP, 1, "e1000e"},
        {"02:00.0", "00:03.0", EP, 2, "vfio-pci"},
        {"02:01.0", "00:03.0", EP, 2, "nvme"},
    };
    struct stage s;
    char *text;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    s.scene.group[0].vfio_node = s.scene.group[1].vfio_node = true;
    s.scene.facts.machine.command_line = "pcie_acs_override=downstream";
    stage_play(&s);
    text = drawn_notes(&s);
    assert_int_equal(count_of(text, "! "), 3);
    assert_int_equal(count_of(text, "(IOW-REM-OVERRIDE-OPTION)"), 1);
    assert_int_equal(count_of(text, "  -> "), 3);
    assert_int_equal(count_of(text, "(IOW-REM-NOT-VIABLE)"), 2);
    says(text, "  -> unbind 0000:01:01.0 from its driver, or bind it to vfio-pci as well\n");
    says(text, "  -> unbind 0000:02:01.0 from its driver, or bind it to vfio-pci as well\n");
    free(text);
    stage_end(&s);
}

static void a_strangers_name_is_escaped_in_a_remark(void **state)
{
    static const struct iow_held held[] = {
        {IOW_HELD_GROUP, 5, IOW_NONE}, {IOW_HELD_DEVICE, IOW_NONE, IOW_NONE}};
    struct stage s;
    char *text;

    (void)state;
    stage_set_vfio(&s, NULL);
    scene_hold(&s.scene, 42, held, COUNT(held));
    s.scene.holder[0].command = HOSTILE;
    stage_play(&s);
    text = drawn_notes(&s);
    says(text,
        "! 0000:01:00.0 shows no driver, but is still open: an unbind waits until " HOSTILE_SHOWN
        " (process 42) closes it (IOW-REM-PENDING-UNBIND)\n  -> let " HOSTILE_SHOWN " (process 42) finish;");
    assert_null(strchr(text, '\x1b'));
    free(text);
    stage_end(&s);
}

static void what_is_missing_is_said_once_for_each_rule(void **state)
{
    static struct iow_missing missing[] = {
        {.rule = IOW_RULE_READ_DENIED, .path = "sys/a\n"},
        {.rule = IOW_RULE_READ_FAILED, .path = "sys/b"},
        {.rule = IOW_RULE_READ_DENIED, .path = "sys/c"},
        {.rule = IOW_RULE_READ_DENIED, .path = "sys/d"},
    };
    struct stage s;
    char *text;

    (void)state;
    stage_set_vfio(&s, "e1000e");
    s.scene.group[1].vfio_node = false;
    s.scene.facts.missing = missing;
    s.scene.facts.n_missing = COUNT(missing);
    stage_play(&s);
    text = drawn_notes(&s);
    assert_string_equal(text,
        "? the kernel does not let this user read sys/a\\x0a; the same for 2 more (IOW-READ-DENIED)\n"
        "  -> run ioward, or ioward capture, as root\n"
        "? reading sys/b failed (IOW-READ-FAILED)\n");
    free(text);
    stage_end(&s);
}

static void a_note_without_remedy_is_a_single_line(void **state)
{
    const struct iow_view_note note = {.rule = IOW_RULE_REM_ASSUMED_KERNEL, .text = "words"};
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    iow_note_print(&note, out, WIDE);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "! words (IOW-REM-ASSUMED-KERNEL)\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_remarks_of_one_rule_are_cut_at_three),
        cmocka_unit_test(a_remedy_with_two_cases_is_that_of_the_machine),
        cmocka_unit_test(a_remedy_that_names_a_device_is_said_for_each),
        cmocka_unit_test(a_strangers_name_is_escaped_in_a_remark),
        cmocka_unit_test(what_is_missing_is_said_once_for_each_rule),
        cmocka_unit_test(a_note_without_remedy_is_a_single_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
