/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "message-stage.h"

static void what_is_not_on_this_machine_is_said(void **state)
{
    static const struct message_case cases[] = {
        {"vfio 0000:77:00.0: group 1 is not viable", IOW_RULE_MSG_NO_FUNCTION, false, "0000:77:00.0"},
        {"group 77 is not viable", IOW_RULE_MSG_NO_SUCH_GROUP, false, "group 77"},
        {"vfio 0000:77:00.0: no such host device: No such file or directory", IOW_RULE_MSG_NO_FUNCTION, false,
            "0000:77:00.0"},
        {"vfio 0000:02:00.0: group 1 is not viable", IOW_RULE_MSG_OTHER_GROUP, false,
            "0000:02:00.0 is in group 2 now, and the message names group 1"},
        {"EAL: Getting a vfio_dev_fd for 0000:77:00.0 failed", IOW_RULE_MSG_NO_FUNCTION, false,
            "0000:77:00.0"},
        {"DMAR: DRHD: handling fault status reg 2", IOW_RULE_MSG_NAMELESS, false, NULL},
        {"VFIO_MAP_DMA failed: Bad address", IOW_RULE_MSG_NAMELESS, false, NULL},
        {"0000:02:00.0: VFIO_MAP_DMA failed: Bad address", IOW_RULE_MSG_UNEXPLAINED, false, NULL},
    };

    (void)state;
    message_check_all(cases, COUNT(cases));
}

static void the_other_group_of_a_reset_is_no_contradiction(void **state)
{
    struct iow_message_answer answer;
    struct stage s;

    (void)state;
    message_stage_set(&s);
    stage_play(&s);
    message_ask(
        &s, "vfio: Cannot reset device 0000:02:00.0, depends on group 1 which is not owned.", &answer);
    assert_int_equal(answer.n, 1);
    assert_int_equal(answer.group->record->number, 1);
    assert_int_equal(answer.function, scene_function(&s.scene, "02:00.0"));
    stage_end(&s);
}

static void only_what_fits_the_error_is_asked(void **state)
{
    struct iow_message_answer answer;
    struct stage s;

    (void)state;
    message_stage_set(&s);
    stage_play(&s);
    message_ask(&s, "failed to open /dev/vfio/2: Permission denied", &answer);
    assert_int_equal(answer.n, 1);
    assert_int_equal(answer.cause[0].rule, IOW_RULE_MSG_NODE_ACCESS);
    message_ask(&s, "failed to open /dev/vfio/2: Input/output error", &answer);
    assert_int_equal(answer.n, 1);
    assert_int_equal(answer.cause[0].rule, IOW_RULE_MSG_UNEXPLAINED);
    stage_end(&s);
}

/* There is an end to what is said of one message, and the rest is counted. */
static void many_causes_are_counted(void **state)
{
    struct iow_other_member other[IOW_MESSAGE_CAUSES + 4];
    struct iow_message_answer answer;
    struct stage s;

    (void)state;
    message_stage_set(&s);
    for (size_t i = 0; i < COUNT(other); i++)
        other[i] = (struct iow_other_member){1, "port", "platform", HOSTILE};
    s.scene.facts.other_members = other;
    s.scene.facts.n_other_members = COUNT(other);
    stage_play(&s);
    message_ask(&s, "group 1 is not viable", &answer);
    assert_int_equal(answer.n, IOW_MESSAGE_CAUSES);
    assert_int_equal(answer.n_left_out, 5);
    assert_non_null(strstr(answer.cause[2].text, HOSTILE_SHOWN));
    stage_end(&s);
}

static void *nothing(void *ctx, size_t size_bytes)
{
    (void)ctx;
    (void)size_bytes;
    return NULL;
}

static void forget(void *ctx, void *chunk)
{
    (void)ctx;
    (void)chunk;
}

static void exhausted_memory_is_told(void **state)
{
    struct iow_message_log log = {0};
    struct iow_message_answer answer;
    struct iow_mem none;
    struct stage s;

    (void)state;
    message_stage_set(&s);
    stage_play(&s);
    assert_int_equal(iow_message_take(&log, "group 1 is not viable", &s.scene.mem), 0);
    iow_mem_init(&none, nothing, forget, NULL);
    assert_int_equal(iow_message_explain(s.view, log.first, &none, &answer), -IOW_ENOMEM);
    iow_mem_done(&none);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_on_this_machine_is_said),
        cmocka_unit_test(the_other_group_of_a_reset_is_no_contradiction),
        cmocka_unit_test(only_what_fits_the_error_is_asked),
        cmocka_unit_test(many_causes_are_counted),
        cmocka_unit_test(exhausted_memory_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
