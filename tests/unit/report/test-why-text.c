/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"
#include "starve.h"

static char *told(struct stage *s, const char *a, const char *b)
{
    return flat(drawn_why(s, a, b, false));
}

static void below_a_vmd_everything_is_of_the_vmd(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_set_vmd(&s);
    stage_play(&s);
    text = told(&s, "10000:e1:00.0", NULL);
    says(text, "is in IOMMU group 3, together with 0000:00:0e.0 and 10000:e0:00.0. Linux's grouping rule, "
               "applied to the hardware as it is now, gives exactly these members.");
    says(text, " > 10000:e1:00.0 joined the group of 0000:00:0e.0: its requests carry the requester ID of "
               "0000:00:0e.0,");
    says(text, " 1. 10000:e1:00.0 does its DMA in the name of 0000:00:0e.0,");
    free(text);
    stage_end(&s);
}

static void groups_that_form_lazily_are_explained(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_set_lazy(&s);
    stage_play(&s);
    text = told(&s, "00:03.0", NULL);
    says(text,
        "(device 1b36:0001) is in no IOMMU group. Linux's grouping rule, applied to the hardware as it "
        "is now, gives another answer: it would give it a group of its own.");
    says(text, "! 0000:00:03.0 has no group yet: this kind of IOMMU forms a group when a driver first binds "
               "(IOW-DIFF-NOT-YET) -> bind a driver once to see the group");
    says_not(text, "Who may do DMA:");
    free(text);
    text = told(&s, "01:00.0", NULL);
    says(text,
        "is alone in IOMMU group 1. Linux's grouping rule, applied to the hardware as it is now, gives "
        "another answer: it would join 0000:00:02.0. How that group would come to be:");
    says(text, "(IOW-DIFF-LAZY)");
    free(text);
    text = told(&s, "00:02.0", "01:00.0");
    says(text, "are not in one group: 0000:00:02.0 in group 0, 0000:01:00.0 in group 1. Linux's grouping "
               "rule, applied to the hardware as it is now, would join them. To know:");
    says(text, "What joins them:");
    says(text, "owner of group 0: none");
    says(text, "owner of group 1: kernel");
    free(text);
    stage_end(&s);
}

static void what_rests_on_the_unread_is_not_told(void **state)
{
    struct iow_missing missing;
    struct stage s;
    char *text;

    (void)state;
    stage_set_asleep(&s, &missing);
    stage_play(&s);
    text = told(&s, "01:00.0", NULL);
    says(text, "Some registers that decide this were not read, because a device sleeps and reading would "
               "wake it, so ioward cannot tell whether this is what Linux's grouping rule gives.");
    says(text, "? 0000:01:00.0 or a bridge above it sleeps,");
    says_not(text, "came to be");
    says_not(text, "What the rule looked at");
    free(text);
    text = told(&s, "01:00.0", "00:02.0");
    says(text, "wake it, so ioward cannot tell why. To know: ? 0000:01:00.0 or a bridge above it sleeps,");
    says_not(text, "What separates them");
    free(text);
    stage_end(&s);
}

static void a_group_that_vfio_made_up_has_no_place(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_set_vfio(&s, "vfio-pci");
    s.scene.group[1].name = "vfio-noiommu";
    stage_play(&s);
    text = told(&s, "01:00.0", NULL);
    says(text, "No IOMMU confines it: its DMA can reach all memory,");
    says(text, "owner of group 5: unknown group 5 was made up by VFIO:");
    says_not(text, "came to be");
    free(text);
    text = told(&s, "01:00.0", "00:02.0");
    says(text, "No IOMMU confines 0000:01:00.0: it can reach all memory, and 0000:00:02.0 as far as the "
               "hardware routes it there.");
    says_not(text, "separates");
    says_not(text, "agrees");
    free(text);
    stage_end(&s);
}

static void registers_only_root_may_read_are_named_as_such(void **state)
{
    struct iow_missing missing;
    struct stage s;
    char *text;

    (void)state;
    stage_set_asleep(&s, &missing);
    missing.rule = IOW_RULE_READ_CONFIG_SHORT;
    stage_play(&s);
    text = told(&s, "01:00.0", NULL);
    says(text, "Some registers that decide this ");
    says(text, "root, so ioward cannot tell");
    free(text);
    stage_end(&s);
}

static void without_an_iommu_nothing_separates(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT, NO_GROUP}, {"01:00.0", "00:02.0", EP, NO_GROUP}};
    struct stage s;
    char *text;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    stage_play(&s);
    text = told(&s, "01:00.0", "00:02.0");
    says(text,
        "are in no IOMMU group. No IOMMU confines them: each can reach all memory, and each the other as "
        "far as the hardware routes it there. To know: ! no IOMMU is in use:");
    says_not(text, "agrees");
    says_not(text, "separates");
    free(text);
    stage_end(&s);
}

static void what_separates_is_listed_below_whom_it_is_about(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0}, {"00:03.0", NULL, PORT_OPEN, 3},
        {"01:00.0", "00:02.0", EP, 1}, {"02:00.0", "00:03.0", EP, 3}};
    struct stage s;
    char *text;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    stage_play(&s);
    text = told(&s, "01:00.0", "02:00.0");
    says(text, "What separates them: 0000:01:00.0: - 0000:00:02.0, on the way up, isolates");
    says(text, " 0000:02:00.0, in the group that 0000:00:03.0 opened: - 0000:02:00.0 joined the group of "
               "0000:00:03.0: ");
    says(text, " - 0000:00:03.0 is on a root bus: ");
    says_not(text, "for 0000:");
    free(text);
    stage_end(&s);
}

static void many_members_are_cut_and_others_counted(void **state)
{
    static const char *const address[] = {"01:00.0", "01:01.0", "01:02.0", "01:03.0", "01:04.0", "01:05.0",
        "01:06.0", "01:07.0", "01:08.0", "01:09.0", "01:0a.0", "01:0b.0", "01:0c.0", "01:0d.0"};
    static struct iow_other_member member[] = {{0, "a", "platform", NULL}, {0, "b", "platform", NULL}};
    struct actor actor[1 + COUNT(address)] = {{"00:02.0", NULL, PORT_OPEN, 0}};

    (void)state;
    for (size_t i = 0; i < COUNT(address); i++)
        actor[1 + i] = (struct actor){address[i], "00:02.0", EP, 0};
    for (uint32_t n = 1; n <= COUNT(actor); n++) {
        struct stage s;
        char *text, *end;

        scene_set(&s.scene, actor, n);
        s.scene.facts.other_members = member;
        s.scene.facts.n_other_members = n % 3;
        stage_play(&s);
        text = told(&s, "00:02.0", NULL);
        end = strstr(text, ". Linux's");
        assert_non_null(end);
        *end = '\0';
        /* itself, and twelve of the others */
        assert_int_equal(count_of(text, "0000:"), 1 + (n - 1 < 12 ? n - 1 : 12));
        if (n == 1)
            says(text, "together with 1 device that is not PCI");
        if (n - 1 == 2)
            says(text, "together with 0000:01:00.0 and 0000:01:01.0");
        if (n - 1 == 12)
            says(text, "0000:01:0a.0 and 0000:01:0b.0");
        if (n - 1 > 12)
            says(text, n - 1 == 13 ? "0000:01:0a.0, 0000:01:0b.0 and 1 more" : "0000:01:0b.0 and 2 more");
        if (n % 3)
            says(end - 27, n % 3 == 1 ? "1 device that is not PCI" : "2 devices that are not PCI");
        else
            says_not(text, "not PCI");
        free(text);
        stage_end(&s);
    }
}

static void a_strangers_name_is_escaped_in_sentences(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_set_vfio(&s, HOSTILE);
    stage_play(&s);
    text = told(&s, "01:00.0", "00:02.0");
    says(text, "through the driver " HOSTILE_SHOWN " of 0000:01:00.0");
    assert_null(strchr(text, '\x1b'));
    free(text);
    stage_end(&s);
}

/* However little memory there is: the whole answer, or an error. */
static void lack_of_memory_is_an_error(void **state)
{
    const uint32_t both[] = {1, 2};
    char *whole, *text = NULL;
    struct iow_why *why;
    unsigned n = 0;
    struct stage s;
    size_t len;
    int r;

    (void)state;
    stage_set_alias(&s);
    stage_play(&s);
    whole = drawn_why(&s, "01:00.0", "01:00.1", false);
    assert_int_equal(iow_why_build(s.view, both, 2, &s.scene.mem, &why), 0);
    do {
        FILE *out = open_memstream(&text, &len);

        meals = n++;
        r = iow_why_text(s.view, why, out);
        meals = UINT_MAX;
        assert_int_equal(fclose(out), 0);
        if (r < 0)
            assert_int_equal(r, -IOW_ENOMEM);
        else
            assert_string_equal(text, whole);
        free(text);
    } while (r < 0 && n < 1000);
    assert_int_equal(r, 0);
    assert_true(n > 3);
    free(whole);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(below_a_vmd_everything_is_of_the_vmd),
        cmocka_unit_test(groups_that_form_lazily_are_explained),
        cmocka_unit_test(what_rests_on_the_unread_is_not_told),
        cmocka_unit_test(a_group_that_vfio_made_up_has_no_place),
        cmocka_unit_test(registers_only_root_may_read_are_named_as_such),
        cmocka_unit_test(without_an_iommu_nothing_separates),
        cmocka_unit_test(what_separates_is_listed_below_whom_it_is_about),
        cmocka_unit_test(many_members_are_cut_and_others_counted),
        cmocka_unit_test(a_strangers_name_is_escaped_in_sentences),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
