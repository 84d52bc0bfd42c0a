/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"
#include "starve.h"

static void without_rows_there_is_no_table(void **state)
{
    static struct iow_missing missing[] = {
        {.rule = IOW_RULE_READ_NO_PCI, .subject = {.kind = IOW_SUBJECT_MACHINE}}};
    struct stage s;
    char *text;

    (void)state;
    scene_set(&s.scene, NULL, 0);
    s.scene.facts.machine.pci = false;
    s.scene.facts.missing = missing;
    s.scene.facts.n_missing = 1;
    stage_play(&s);
    text = drawn_status(&s, &(struct iow_status_style){0});
    assert_string_equal(text, "? this machine shows no PCI devices (no sys/bus/pci) (IOW-READ-NO-PCI)\n");
    free(text);
    stage_end(&s);
}

static void what_has_no_group_comes_under_a_heading_of_its_own(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_set_lazy(&s);
    stage_play(&s);
    text = drawn_status(&s, &(struct iow_status_style){.columns = "name", .tree = true, .noheadings = true});
    assert_int_equal(count_of(text, "group 0"), 1);
    assert_true(strstr(text, "0000:01:00.0") < strstr(text, "no group"));
    assert_true(strstr(text, "no group") < strstr(text, "0000:00:03.0"));
    free(text);
    text = drawn_status(&s, &(struct iow_status_style){.list = true});
    says_not(text, "no group");
    says(text, "0000:00:03.0");
    free(text);
    stage_end(&s);
}

static void the_column_of_holders_is_there_only_if_there_are_any(void **state)
{
    static const struct iow_held held[] = {{IOW_HELD_CDEV, 0, 1}, {IOW_HELD_IOMMUFD, IOW_NONE, IOW_NONE}};

    (void)state;
    for (int holding = 0; holding < 2; holding++) {
        struct stage s;
        char *text;

        stage_set_vfio(&s, "vfio-pci");
        if (holding)
            scene_hold(&s.scene, 42, held, COUNT(held));
        stage_play(&s);
        text = drawn_status(&s, &(struct iow_status_style){0});
        assert_int_equal(count_of(text, "HOLDER"), holding);
        assert_int_equal(count_of(text, "user (process 42)"), holding);
        free(text);
        stage_end(&s);
    }
}

/* A device file of which nobody knows the group: what is not certain is not shown as if it were. */
static void a_holder_of_perhaps_this_group_is_a_perhaps(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, EP, 2, "vfio-pci"}, {"00:03.0", NULL, EP, 3, "vfio-pci"}};
    static const struct iow_held held[] = {{IOW_HELD_DEVICE, IOW_NONE, IOW_NONE}};
    struct stage s;
    char *text;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    s.scene.group[0].vfio_node = s.scene.group[1].vfio_node = true;
    scene_hold(&s.scene, 42, held, COUNT(held));
    stage_play(&s);
    text = drawn_status(
        &s, &(struct iow_status_style){.columns = "owner,holder,basis", .list = true, .noheadings = true});
    assert_int_equal(count_of(flat(text), "unknown perhaps user (process 42) IOW-OWN-DEVICE-SOMEWHERE"), 2);
    free(text);
    stage_end(&s);
}

static void a_tree_brings_its_column_along(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_set_vfio(&s, "vfio-pci");
    stage_play(&s);
    text = flat(drawn_status(&s, &(struct iow_status_style){.columns = "driver", .tree = true}));
    says(text, "NAME DRIVER");
    says(text, "group 5");
    free(text);
    text = flat(drawn_status(&s, &(struct iow_status_style){.columns = "driver,Name", .tree = true}));
    says(text, "DRIVER NAME");
    assert_int_equal(count_of(text, "NAME"), 1);
    free(text);
    stage_end(&s);
}

static void only_bridges_that_forward_are_faint(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_set_vfio(&s, "vfio-pci");
    stage_play(&s);
    text = drawn_status(&s, &(struct iow_status_style){.dim = true, .list = true});
    assert_int_equal(count_of(text, "\033[2m"), 1);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        if (strstr(line, "\033[2m"))
            says(line, "0000:00:02.0");
    free(text);
    text = drawn_status(&s, &(struct iow_status_style){.list = true});
    assert_null(strchr(text, '\033'));
    free(text);
    stage_end(&s);
}

static void members_that_are_not_pci_are_rows_too(void **state)
{
    static struct iow_other_member member[] = {{5, "dev" HOSTILE, "", NULL}};
    struct stage s;
    char *text;

    (void)state;
    stage_set_vfio(&s, "vfio-pci");
    s.scene.facts.other_members = member;
    s.scene.facts.n_other_members = 1;
    stage_play(&s);
    text = flat(drawn_status(&s, &(struct iow_status_style){.list = true}));
    says(text, "5 dev" HOSTILE_SHOWN " none - not PCI device of bus unknown ");
    free(text);
    stage_end(&s);
}

/* Who asks for columns feeds a program. */
static void a_table_for_a_program_has_no_remarks(void **state)
{
    static const struct iow_status_style style[] = {
        {0}, {.list = true}, {.columns = "name"}, {.noheadings = true}};
    struct stage s;

    (void)state;
    stage_set_vfio(&s, NULL);
    stage_play(&s);
    for (size_t i = 0; i < COUNT(style); i++) {
        char *text = drawn_status(&s, &style[i]);

        assert_int_equal(count_of(text, "IOW-REM-PENDING-UNBIND"), i < 2);
        free(text);
    }
    stage_end(&s);
}

static void there_may_be_so_many_columns_and_no_more(void **state)
{
    char columns[(IOW_STATUS_COLUMNS + 1) * 6 + 1] = "";
    const char *bad = NULL;
    struct stage s;
    char *text;

    (void)state;
    for (int i = 0; i < IOW_STATUS_COLUMNS; i++)
        (void)strcat(columns, i ? ",owner" : "owner");
    assert_int_equal(iow_status_columns(columns, &bad), 0);
    stage_set_vfio(&s, "vfio-pci");
    stage_play(&s);
    text = drawn_status(&s, &(struct iow_status_style){.columns = columns, .tree = true});
    assert_int_equal(count_of(text, "OWNER"), IOW_STATUS_COLUMNS);
    free(text);
    stage_end(&s);
    (void)strcat(columns, ",owner");
    assert_int_equal(iow_status_columns(columns, &bad), -IOW_EINVAL);
    assert_string_equal(bad, "owner");
    assert_int_equal(iow_status_columns("", &bad), -IOW_EINVAL);
}

static void names_are_wanted_only_where_they_show(void **state)
{
    (void)state;
    assert_true(iow_status_wants_names(NULL));
    assert_true(iow_status_wants_names("group,class"));
    assert_true(iow_status_wants_names("DEVICE"));
    assert_false(iow_status_wants_names("group,owner,ids"));
}

static void lack_of_memory_is_an_error(void **state)
{
    const struct iow_status_style style = {.noheadings = true};
    char *whole, *text = NULL;
    unsigned n = 0;
    struct stage s;
    size_t len;
    int r;

    (void)state;
    stage_set_vfio(&s, "vfio-pci");
    stage_play(&s);
    whole = drawn_status(&s, &style);
    do {
        FILE *out = open_memstream(&text, &len);

        meals = n++;
        r = iow_status_text(s.view, &style, out);
        meals = UINT_MAX;
        assert_int_equal(fclose(out), 0);
        assert_int_equal(r, r ? -IOW_ENOMEM : 0);
        assert_string_equal(text, r ? "" : whole);
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
        cmocka_unit_test(without_rows_there_is_no_table),
        cmocka_unit_test(what_has_no_group_comes_under_a_heading_of_its_own),
        cmocka_unit_test(the_column_of_holders_is_there_only_if_there_are_any),
        cmocka_unit_test(a_holder_of_perhaps_this_group_is_a_perhaps),
        cmocka_unit_test(a_tree_brings_its_column_along),
        cmocka_unit_test(only_bridges_that_forward_are_faint),
        cmocka_unit_test(members_that_are_not_pci_are_rows_too),
        cmocka_unit_test(a_table_for_a_program_has_no_remarks),
        cmocka_unit_test(there_may_be_so_many_columns_and_no_more),
        cmocka_unit_test(names_are_wanted_only_where_they_show),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
