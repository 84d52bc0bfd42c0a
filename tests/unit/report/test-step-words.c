/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-stage.h"

static const struct {
    struct iow_step step;
    const char *text, *subject;
    const char *back; /* the inverse; NULL: there is none */
} cases[] = {
    {STEP(LOAD, "", "vfio-pci"), "load vfio-pci", "vfio-pci", NULL},
    {STEP(UNBIND, "e1000e", ""), "unbind 0000:01:00.0 from e1000e", "0000:01:00.0",
        "bind 0000:01:00.0 to e1000e"},
    {STEP(UNBIND, HOSTILE, ""), "unbind 0000:01:00.0 from " HOSTILE_SHOWN, "0000:01:00.0",
        "bind 0000:01:00.0 to " HOSTILE_SHOWN},
    {STEP(OVERRIDE, "", "vfio-pci"), "set driver_override of 0000:01:00.0 to vfio-pci", "0000:01:00.0",
        "clear driver_override of 0000:01:00.0 (was vfio-pci)"},
    {STEP(OVERRIDE, "igb", HOSTILE), "set driver_override of 0000:01:00.0 to " HOSTILE_SHOWN " (was igb)",
        "0000:01:00.0", "set driver_override of 0000:01:00.0 to igb (was " HOSTILE_SHOWN ")"},
    {STEP(BIND, "", "vfio-pci"), "bind 0000:01:00.0 to vfio-pci", "0000:01:00.0",
        "unbind 0000:01:00.0 from vfio-pci"},
    {STEP(GIVE, "0:0:0600", "1000:100:0600"), "give /dev/vfio/4 to user 1000, group 100, mode 0600",
        "/dev/vfio/4", "give /dev/vfio/4 to root, group 0, mode 0600"},
    {STEP(GIVE, "", "0:5:0660"), "give /dev/vfio/4 to root, group 5, mode 0660", "/dev/vfio/4",
        "give /dev/vfio/4 back to the kernel"},
    {STEP(BIND, "igb", "igb"), "check 0000:01:00.0", "0000:01:00.0", "check 0000:01:00.0"},
    {STEP(GIVE, "", ""), "check group 4", "group 4", "check group 4"},
};

static void expect_text(
    void (*say)(struct iow_text *, const struct iow_step *), const struct iow_step *step, const char *wanted)
{
    struct iow_text text = {0};

    say(&text, step);
    assert_false(text.failed);
    assert_string_equal(text.data, wanted);
    iow_text_done(&text);
}

static void every_step_and_its_inverse_have_words(void **state)
{
    bool visited[IOW_STEP__COUNT] = {false};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_step back = iow_step_inverse(&cases[i].step);

        visited[cases[i].step.kind] = true;
        expect_text(iow_step_text, &cases[i].step, cases[i].text);
        expect_text(iow_step_subject, &cases[i].step, cases[i].subject);
        assert_int_equal(iow_step_has_inverse(&cases[i].step), cases[i].back != NULL);
        if (cases[i].back)
            expect_text(iow_step_text, &back, cases[i].back);
    }
    for (int i = 0; i < IOW_STEP__COUNT; i++)
        assert_true(visited[i]);
}

static void a_node_is_given_to_somebody_with_a_name(void **state)
{
    static const struct {
        struct iow_step step;
        const char *name, *wanted;
    } rows[] = {
        {STEP(GIVE, "", "1000:100:0600"), HOSTILE,
            "give /dev/vfio/4 to " HOSTILE_SHOWN " (uid 1000), group 100, mode 0600"},
        {STEP(GIVE, "", "1000:100:0600"), NULL, "give /dev/vfio/4 to user 1000, group 100, mode 0600"},
        {STEP(GIVE, "", "1001:100:0600"), "alice", "give /dev/vfio/4 to user 1001, group 100, mode 0600"},
        {STEP(GIVE, "", "0:0:0600"), "alice", "give /dev/vfio/4 to root, group 0, mode 0600"},
        {STEP(GIVE, "", ""), "alice", "check group 4"},
        {STEP(BIND, "", "igb"), "alice", "bind 0000:01:00.0 to igb"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct iow_text text = {0};

        iow_step_text_for(&text, &rows[i].step, 1000, rows[i].name);
        assert_string_equal(text.data, rows[i].wanted);
        iow_text_done(&text);
    }
}

/* Of the same error number, binding VFIO's driver means another thing than binding one of the kernel. */
static void what_a_refusal_means_depends_on_the_driver(void **state)
{
    static const struct {
        struct iow_step step;
        int error;
        const char *wanted; /* a part of it; NULL: no meaning is known */
    } rows[] = {
        {STEP(LOAD, "", "vfio-pci"), ENOENT, "no such module"},
        {STEP(LOAD, "", "vfio-pci"), EPERM, "no modules"},
        {STEP(LOAD, "", "vfio-pci"), ENOEXEC, "another kernel"},
        {STEP(LOAD, "", "vfio-pci"), EKEYREJECTED, "signature"},
        {STEP(LOAD, "", "vfio-pci"), ENODEV, "switched off"},
        {STEP(LOAD, "", "vfio-pci"), EIO, NULL},
        {STEP(UNBIND, "e1000e", ""), ENODEV, "another driver, or none"},
        {STEP(UNBIND, "vfio-pci", ""), ENOENT, "no longer there"},
        {STEP(UNBIND, "vfio-pci", ""), EBUSY, NULL},
        {STEP(OVERRIDE, "", "x"), EINVAL, "length"},
        {STEP(OVERRIDE, "", "x"), ENOENT, "gone"},
        {STEP(BIND, "", "vfio-pci"), EINVAL, "it is a bridge, or has no IOMMU group"},
        {STEP(BIND, "", "mlx5_vfio_pci"), EINVAL, "it is a bridge"},
        {STEP(BIND, "", "e1000e"), EINVAL, NULL},
        {STEP(BIND, "", "vfio-pci"), EBUSY, "virtual functions"},
        {STEP(BIND, "", "e1000e"), EBUSY, "its group belongs to a user"},
        {STEP(BIND, "", "vfio-pci"), ENODEV, "driver_override"},
        {STEP(BIND, "", "e1000e"), ENODEV, "does not want"},
        {STEP(BIND, "", "vfio-pci"), ENOENT, "not loaded"},
        {STEP(BIND, "", "e1000e"), ENOENT, "could not start the device"},
        {STEP(BIND, "", "e1000e"), EAGAIN, "waits for another"},
        {STEP(BIND, "", "vfio-pci"), EAGAIN, NULL},
        {STEP(GIVE, "", "0:0:0600"), ENOENT, "no such node"},
        {STEP(GIVE, "", "0:0:0600"), EPERM, "cannot be changed"},
        {STEP(GIVE, "", "0:0:0600"), EROFS, "cannot be written"},
        {STEP(GIVE, "", "0:0:0600"), EINVAL, NULL},
        {STEP(GIVE, "", ""), ENOENT, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *words = iow_step_meaning(&rows[i].step, rows[i].error);

        if (rows[i].wanted)
            says(words, rows[i].wanted);
        else
            assert_null(words);
        assert_null(iow_step_meaning(&rows[i].step, 0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_and_its_inverse_have_words),
        cmocka_unit_test(a_node_is_given_to_somebody_with_a_name),
        cmocka_unit_test(what_a_refusal_means_depends_on_the_driver),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
