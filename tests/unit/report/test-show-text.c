/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"
#include "starve.h"

static void a_sleeping_function_is_left_alone_and_says_so(void **state)
{
    static const uint32_t one = 1;
    struct iow_missing missing;
    struct stage s;
    char *text;

    (void)state;
    stage_set_asleep(&s, &missing);
    stage_play(&s);
    says_not(text = drawn_show(&s, &(uint32_t){0}, 1, false), "To know:");
    free(text);
    text = flat(drawn_show(&s, &one, 1, false));
    says(text, " power D3cold; asleep, so its config space was left alone ");
    says(text, " reason not known: the registers that decide it were not all read ");
    says(text, " ACS not known: it has registers that could not be read ");
    says(text,
        " To know: ? 0000:01:00.0 or a bridge above it sleeps, and reading its config space would wake it "
        "(IOW-READ-ASLEEP) -> use the device");
    says_not(text, "bus mastering");
    says_not(text, " type ");
    free(text);
    stage_end(&s);
}

static void a_pending_unbind_is_shown_with_its_function(void **state)
{
    static const uint32_t one = 1;
    struct stage s;
    char *text;

    (void)state;
    stage_set_vfio(&s, NULL);
    stage_play(&s);
    text = flat(drawn_show(&s, &one, 1, false));
    says(text, " owner unknown group 5 is not free: ");
    says(text, "(IOW-OWN-UNBIND-PENDING) an unbind of 0000:01:00.0 waits for its user ");
    says(text, " shared with nobody ");
    says(text, " driver none bound ");
    free(text);
    stage_end(&s);
}

static void a_group_that_vfio_made_up_confines_nothing(void **state)
{
    static const uint32_t one = 1;
    struct stage s;
    char *text;

    (void)state;
    stage_set_vfio(&s, "vfio-pci");
    s.scene.group[1].name = "vfio-noiommu";
    s.scene.group[1].type = NULL;
    stage_play(&s);
    text = flat(drawn_show(&s, &one, 1, false));
    says(text, " group 5 shared with nobody owner unknown group 5 was made up by VFIO: ");
    says(text, "(IOW-OWN-NO-IOMMU)");
    says(text, " reason 0000:01:00.0 gets no group: no IOMMU translates its DMA (IOW-GRP-NOT-COVERED) ");
    free(text);
    stage_end(&s);
}

static void a_function_that_waits_for_its_group_has_none(void **state)
{
    const uint32_t two[] = {1, 2};
    struct stage s;
    char *text;

    (void)state;
    stage_set_lazy(&s);
    stage_play(&s);
    text = flat(drawn_show(&s, two, 2, false));
    says(text, " path on a root bus group none: no IOMMU group reason ");
    says(text, " path 0000:00:02.0 root port: does not isolate, it has no ACS capability group 1, default "
               "domain DMA-FQ ");
    free(text);
    stage_end(&s);
}

/* The label is the same, the question is not: what is below, its functions, or nothing. */
static void acs_answers_the_question_of_its_kind(void **state)
{
    static const struct actor actor[] = {{"00:01.0", NULL, PORT, 0}, {"00:02.0", NULL, PORT_OPEN, 1},
        {"01:00.0", "00:01.0", EP, 2}, {"02:00.0", "00:02.0", EP, 1}, {"02:00.1", "00:02.0", EP, 1},
        {"80:00.0", NULL, IOW_PCIE_NONE, -1, 0, 3}};
    static const char *const wanted[] = {" ACS isolates what is below it: it has every ACS bit",
        " ACS does not isolate what is below it: it has no ACS capability ",
        " ACS not needed: a device of one function ", " ACS does not keep its functions apart: it has no ",
        " ACS does not keep its functions apart: it has no ", " ACS none: conventional PCI "};
    struct stage s;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    s.scene.function[3].config.multifunction = s.scene.function[4].config.multifunction = true;
    stage_play(&s);
    for (uint32_t i = 0; i < COUNT(actor); i++) {
        char *text = flat(drawn_show(&s, &i, 1, false));

        says(text, wanted[i]);
        free(text);
    }
    stage_end(&s);
}

static void strangers_bytes_do_not_reach_the_terminal(void **state)
{
    static const uint32_t one = 1;
    static const struct iow_region regions[] = {{1, 2, HOSTILE}};
    static struct iow_other_member member[] = {{5, HOSTILE, "platform", NULL}};
    struct iow_name names[] = {{HOSTILE, "net", 1}, {"eth1", "net", 1}};
    struct stage s;
    char *text;

    (void)state;
    stage_set_vfio(&s, HOSTILE);
    s.scene.facts.names = names;
    s.scene.facts.n_names = COUNT(names);
    s.scene.facts.other_members = member;
    s.scene.facts.n_other_members = 1;
    s.scene.function[1].known |= IOW_FUNCTION_DETAILS;
    s.scene.function[1].driver_override = s.scene.function[1].reset_methods = HOSTILE;
    s.scene.group[1].type = HOSTILE;
    s.scene.group[1].regions = regions;
    s.scene.group[1].n_regions = 1;
    stage_play(&s);
    text = drawn_show(&s, &one, 1, false);
    assert_null(strchr(text, '\x1b'));
    assert_null(strchr(text, '\xff'));
    (void)flat(text);
    says(text, " names " HOSTILE_SHOWN ", eth1 ");
    says(text, " group 5, default domain " HOSTILE_SHOWN " shared with " HOSTILE_SHOWN " owner kernel ");
    says(text, " driver " HOSTILE_SHOWN ", which uses the kernel's DMA API override " HOSTILE_SHOWN " ");
    says(text, " reset " HOSTILE_SHOWN " ");
    says(text, " DMA addresses 0x1 to 0x2: " HOSTILE_SHOWN " ");
    free(text);
    stage_end(&s);
}

/* However little memory there is: the whole sheet, or an error. */
static void lack_of_memory_is_an_error(void **state)
{
    static const uint32_t one = 1;
    struct iow_missing missing;
    char *whole, *text = NULL;
    unsigned n = 0;
    struct stage s;
    size_t len;
    int r;

    (void)state;
    stage_set_asleep(&s, &missing);
    stage_play(&s);
    whole = drawn_show(&s, &one, 1, false);
    do {
        FILE *out = open_memstream(&text, &len);

        meals = n++;
        r = iow_show_text(s.view, &one, 1, out);
        meals = UINT_MAX;
        assert_int_equal(fclose(out), 0);
        if (r < 0)
            assert_int_equal(r, -IOW_ENOMEM);
        else
            assert_string_equal(text, whole);
        free(text);
    } while (r < 0 && n < 1000);
    assert_int_equal(r, 0);
    assert_true(n > 10);
    free(whole);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sleeping_function_is_left_alone_and_says_so),
        cmocka_unit_test(a_pending_unbind_is_shown_with_its_function),
        cmocka_unit_test(a_group_that_vfio_made_up_confines_nothing),
        cmocka_unit_test(a_function_that_waits_for_its_group_has_none),
        cmocka_unit_test(acs_answers_the_question_of_its_kind),
        cmocka_unit_test(strangers_bytes_do_not_reach_the_terminal),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
