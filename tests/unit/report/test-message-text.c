/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "message-stage.h"
#include "starve.h"

static char *told(struct stage *s, const char *const *lines, size_t n, int wanted)
{
    struct iow_message_log log = {0};
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    assert_non_null(out);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(iow_message_take(&log, lines[i], &s->scene.mem), 0);
    if (wanted < 0)
        meals = 0;
    assert_int_equal(iow_messages_text(s->view, &log, &s->scene.mem, out), wanted);
    meals = UINT_MAX;
    assert_int_equal(fclose(out), 0);
    return flat(text);
}

static void a_message_is_quoted_and_answered(void **state)
{
    static const char *const lines[] = {"vfio 0000:01:00.0: group 1 is not viable"};
    struct stage s;
    char *text;

    (void)state;
    message_stage_set(&s);
    stage_play(&s);
    text = told(&s, lines, COUNT(lines), 0);
    says(text, "> vfio 0000:01:00.0: group 1 is not viable QEMU: the kernel said that no user can have the "
               "group here: "
               "0000:01:00.0 (device 1b36:0001) in group 1, owner: kernel ! 0000:01:00.1 of group 1 is bound "
               "to e1000e,");
    says(text, "seen: e1000e; wanted: no driver, vfio-pci,");
    says(text, "-> give the whole group to a user: ioward claim 0000:01:00.0 --with-group");
    says_not(text, "times");
    says_not(text, "lines have");
    free(text);
    stage_end(&s);
}

static void a_log_is_counted_and_escaped(void **state)
{
    static const char *const lines[] = {"nothing", HOSTILE " group 4 is not viable", "group 4 is not viable",
        "vfio: Cannot reset device 0000:02:00.0, depends on group 1 which is not owned.",
        "group 77 is not viable"};
    struct stage s;
    char *text;

    (void)state;
    message_stage_set(&s);
    stage_play(&s);
    text = told(&s, lines, COUNT(lines), 0);
    says(text, HOSTILE_SHOWN);
    says(text, "(2 times, first in line 2)");
    says(text, "- no driver that does DMA for the kernel is bound in group 4 now");
    says(text, "here: 0000:02:00.0 (device 1b36:0001); group 1, owner: kernel");
    says(text, "1 of 5 lines have no message that ioward knows");
    free(text);
    stage_end(&s);
}

static void what_is_left_out_is_counted(void **state)
{
    static const char *const lines[] = {"group 1 is not viable"};
    struct iow_other_member other[IOW_MESSAGE_CAUSES];
    struct stage s;
    char *text;

    (void)state;
    message_stage_set(&s);
    for (size_t i = 0; i < COUNT(other); i++)
        other[i] = (struct iow_other_member){1, "port", "platform", "8250"};
    s.scene.facts.other_members = other;
    s.scene.facts.n_other_members = COUNT(other);
    stage_play(&s);
    text = told(&s, lines, COUNT(lines), 0);
    says(text, "... and 1 more");
    free(text);
    stage_end(&s);
}

static void exhausted_memory_is_told(void **state)
{
    static const char *const lines[] = {"group 1 is not viable"};
    struct stage s;

    (void)state;
    message_stage_set(&s);
    stage_play(&s);
    free(told(&s, lines, COUNT(lines), -IOW_ENOMEM));
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_quoted_and_answered),
        cmocka_unit_test(a_log_is_counted_and_escaped),
        cmocka_unit_test(what_is_left_out_is_counted),
        cmocka_unit_test(exhausted_memory_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
