/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-stage.h"
#include "starve.h"

static char *drawn(struct plan_stage *s)
{
    return DRAWN(iow_plan_text(s->stage.view, s->plan, &s->about, out));
}

static void what_would_be_done_is_a_table_and_a_list(void **state)
{
    static const char *const wanted =
        "To give group 4 to alice (uid 1000):\n"
        "\n"
        "Group 4:\n"
        "  0000:00:02.0  stays      pcieport        class 0604: device 1b36:0001\n"
        "  0000:01:00.0  asked      e1000e          class 0200: device 1b36:0001\n"
        "  0000:01:00.1  companion  " HOSTILE_SHOWN "  class 0200: device 1b36:0001\n"
        "  0000:01:00.2  companion  no driver       class 0200: device 1b36:0001\n"
        "\n"
        "Steps:\n"
        "   1. load vfio-pci\n"
        "   2. unbind 0000:01:00.0 from e1000e\n"
        "   3. unbind 0000:01:00.1 from " HOSTILE_SHOWN "\n"
        "   4. set driver_override of 0000:01:00.0 to vfio-pci\n"
        "   5. set driver_override of 0000:01:00.1 to vfio-pci\n"
        "   6. set driver_override of 0000:01:00.2 to vfio-pci\n"
        "   7. bind 0000:01:00.0 to vfio-pci\n"
        "   8. bind 0000:01:00.1 to vfio-pci\n"
        "   9. bind 0000:01:00.2 to vfio-pci\n"
        "  10. give /dev/vfio/4 to alice (uid 1000), group 100, mode 0600\n"
        "\n"
        "Releasing undoes these in reverse order; the module stays loaded.\n";
    struct plan_stage s;
    char *text;

    (void)state;
    plan_stage_set(&s);
    plan_stage_play(&s);
    text = drawn(&s);
    assert_string_equal(text, wanted);
    free(text);
    plan_stage_end(&s);
}

static void accepted_risks_are_said_unless_it_is_refused(void **state)
{
    const struct iow_acceptance acceptance = {.until_text = "2027-01-31", .reason = HOSTILE};
    const struct iow_plan_risk risk = {.reason = {.rule = IOW_RULE_PLAN_BRIDGE,
                                           .group = 4,
                                           .function = 1,
                                           .use = IOW_NONE,
                                           .holder = IOW_NONE},
        .acceptance = &acceptance};

    (void)state;
    for (int refused = 0; refused < 2; refused++) {
        struct plan_stage s;
        char *text;

        plan_stage_set(&s);
        s.request.with_group = !refused;
        plan_stage_play(&s);
        s.plan->n_risks = 1;
        s.plan->risks = &risk;
        text = flat(drawn(&s));
        assert_int_equal(strstr(text, "accepted until") != NULL, !refused);
        free(text);
        text = flat(DRAWN(iow_plan_risks_text(s.stage.view, s.plan, out)));
        assert_non_null(
            strstr(text, "bridges are given to nobody (IOW-PLAN-BRIDGE); accepted until 2027-01-31: "));
        assert_non_null(strstr(text, HOSTILE_SHOWN));
        free(text);
        plan_stage_end(&s);
    }
}

static void what_is_not_known_is_said_before_the_plan(void **state)
{
    struct plan_stage s;
    char *text;

    (void)state;
    plan_stage_set(&s);
    s.request.looking = true;
    s.stage.scene.function[1].known &= (uint8_t)~IOW_FUNCTION_USES;
    plan_stage_play(&s);
    text = drawn(&s);
    says(text, "To give group 4 to alice (uid 1000), if nothing of it is in use, which could not be seen:\n"
               "! not everything that may use 0000:01:00.0 could be looked at (IOW-USE-UNKNOWN)\n"
               "  -> run ioward as root, outside of any container\n"
               "\n"
               "Group 4:\n");
    says(text, "\nSteps:\n   1. load vfio-pci\n");
    says(text, "\nReleasing undoes these");
    says_not(text, "Nothing will be changed");
    free(text);
    plan_stage_end(&s);
}

static void what_is_loaded_already_is_not_said_to_stay(void **state)
{
    struct plan_stage s;
    char *text;

    (void)state;
    plan_stage_set(&s);
    s.stage.scene.function[4].driver = "vfio-pci";
    plan_stage_play(&s);
    text = drawn(&s);
    says(text, "\nReleasing undoes these in reverse order.\n");
    free(text);
    plan_stage_end(&s);
}

static void several_groups_are_named_and_listed_apart(void **state)
{
    struct plan_stage s;
    char *text;

    (void)state;
    plan_stage_set(&s);
    s.named[s.request.n++] = 4;
    s.about.user = NULL;
    plan_stage_play(&s);
    text = drawn(&s);
    says(text, "To give groups 4 and 7 to uid 1000:\n\nGroup 4:\n");
    says(text, "\nGroup 7:\n  0000:02:00.0  asked ");
    free(text);
    plan_stage_end(&s);
}

static void companions_are_one_reason_and_listed_below(void **state)
{
    struct plan_stage s;
    char *text;

    (void)state;
    plan_stage_set(&s);
    s.request.with_group = false;
    plan_stage_use(&s, (struct iow_use){.kind = IOW_USE_MOUNT, .function = 2, .name = "sda1", .by = "/home"});
    plan_stage_play(&s);
    text = drawn(&s);
    says(text, "Nothing will be changed, for these reasons:\n"
               "! group 4 also has 0000:01:00.1 and 0000:01:00.2, and whoever gets a group gets all of it\n"
               "  (IOW-PLAN-COMPANIONS)\n"
               "  -> add --with-group to let that follow, or name the group instead: g4\n"
               "! sda1 of 0000:01:00.1 is mounted at /home (IOW-USE-MOUNT)\n"
               "  -> unmount it first: umount /home\n"
               "\n"
               "Group 4:\n");
    assert_int_equal(count_of(text, "IOW-PLAN-COMPANIONS"), 1);
    says(text, "  0000:01:00.2  companion  no driver");
    says_not(text, "Steps:");
    says_not(text, "Releasing");
    free(text);
    plan_stage_end(&s);
}

static void many_reasons_of_one_kind_are_the_first_and_a_count(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= 6; n++) {
        struct plan_stage s;
        char *text, more[64];

        plan_stage_set(&s);
        for (uint32_t i = 0; i < n; i++)
            plan_stage_use(
                &s, (struct iow_use){.kind = IOW_USE_SWAP, .function = 1, .name = "sda", .by = ""});
        plan_stage_use(&s, (struct iow_use){.kind = IOW_USE_CONSOLE, .function = 1, .name = "fb0", .by = ""});
        plan_stage_play(&s);
        text = drawn(&s);
        assert_int_equal(count_of(text, "IOW-USE-SWAP"), n < 3 ? n : 3);
        assert_int_equal(count_of(text, "IOW-USE-CONSOLE"), 1);
        (void)snprintf(more, sizeof(more), "  ... and %u more like this", n > 3 ? n - 3 : 0);
        if (n > 3)
            says(text, more);
        else
            says_not(text, "more like this");
        free(text);
        plan_stage_end(&s);
    }
}

static void who_is_in_the_group_does_not_matter_to_other_reasons(void **state)
{
    struct plan_stage s;
    char *text;

    (void)state;
    plan_stage_set(&s);
    s.named[s.request.n++] = 4;
    s.request.with_group = false;
    plan_stage_use(&s, (struct iow_use){.kind = IOW_USE_SWAP, .function = 4, .name = "sda", .by = ""});
    plan_stage_play(&s);
    text = drawn(&s);
    says(text, "(IOW-USE-SWAP)");
    says(text, "\nGroup 4:\n");
    says_not(text, "\nGroup 7:\n");
    free(text);
    plan_stage_end(&s);
}

static void a_device_without_group_has_a_reason_and_no_table(void **state)
{
    struct plan_stage s;
    char *text;

    (void)state;
    plan_stage_set(&s);
    s.named[0] = 4;
    s.stage.scene.function[4].group = NO_GROUP;
    plan_stage_play(&s);
    text = drawn(&s);
    says(text, "Nothing will be changed, for this reason:\n! 0000:02:00.0 is in no IOMMU group");
    says_not(text, "\nGroup");
    free(text);
    plan_stage_end(&s);
}

/* However little memory there is: the whole page, or an error. */
static void lack_of_memory_is_an_error(void **state)
{
    (void)state;
    for (int refused = 0; refused < 2; refused++) {
        struct plan_stage s;
        char *whole, *text = NULL;
        unsigned n = 0;
        size_t len;
        int r;

        plan_stage_set(&s);
        s.request.with_group = !refused;
        plan_stage_use(
            &s, (struct iow_use){
                    .kind = IOW_USE_MOUNT, .function = refused ? 1 : 4, .name = "sda1", .by = "/home"});
        plan_stage_play(&s);
        whole = drawn(&s);
        do {
            FILE *out = open_memstream(&text, &len);

            meals = n++;
            r = iow_plan_text(s.stage.view, s.plan, &s.about, out);
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
        plan_stage_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_would_be_done_is_a_table_and_a_list),
        cmocka_unit_test(accepted_risks_are_said_unless_it_is_refused),
        cmocka_unit_test(what_is_not_known_is_said_before_the_plan),
        cmocka_unit_test(what_is_loaded_already_is_not_said_to_stay),
        cmocka_unit_test(several_groups_are_named_and_listed_apart),
        cmocka_unit_test(companions_are_one_reason_and_listed_below),
        cmocka_unit_test(many_reasons_of_one_kind_are_the_first_and_a_count),
        cmocka_unit_test(who_is_in_the_group_does_not_matter_to_other_reasons),
        cmocka_unit_test(a_device_without_group_has_a_reason_and_no_table),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
