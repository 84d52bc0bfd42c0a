/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "message-stage.h"

static void hide_holders(struct scene *s)
{
    s->facts.machine.holders_complete = false;
}

static void bind_all_to_vfio(struct scene *s)
{
    message_function(s, "01:00.1")->driver = "vfio-pci";
}

static void open_a_device_somewhere(struct scene *s)
{
    static const struct iow_held held[] = {{IOW_HELD_DEVICE, IOW_NONE, IOW_NONE}};

    scene_hold(s, 200, held, COUNT(held));
}

static void unbind_under_its_user(struct scene *s)
{
    message_function(s, "02:00.0")->driver = NULL;
    message_function(s, "02:00.0")->vfio_device = true;
}

static void relax_the_region(struct scene *s)
{
    static const struct iow_region region[] = {{0x1000, 0x1fff, "direct-relaxable"}};

    s->group[scene_group(s, 3)].n_regions = COUNT(region);
    s->group[scene_group(s, 3)].regions = region;
}

static void what_a_group_shows_is_found(void **state)
{
    static const struct message_case cases[] = {
        {"vfio 0000:01:00.0: group 1 is not viable", IOW_RULE_MSG_DRIVER, true,
            "ioward claim 0000:01:00.0 --with-group"},
        {"group 1 is not viable", IOW_RULE_MSG_DRIVER, true, "0000:01:00.1 of group 1 is bound to e1000e"},
        {"group 1 is not viable", IOW_RULE_MSG_VIABLE, false, NULL, bind_all_to_vfio},
        {"group 2 is not viable", IOW_RULE_MSG_HELD, true, "user (process 100)"},
        {"group 4 is not viable", IOW_RULE_MSG_VIABLE, false, NULL},
        {"group 4 is not viable", IOW_RULE_MSG_HIDDEN, false, NULL, hide_holders},
        {"failed to open /dev/vfio/2: Device or resource busy", IOW_RULE_MSG_HELD, true,
            "user (process 100)"},
        {"failed to open /dev/vfio/4: Device or resource busy", IOW_RULE_MSG_FREE, false, NULL},
        {"failed to open /dev/vfio/4: Device or resource busy", IOW_RULE_MSG_HELD_PERHAPS, true,
            "user (process 200)", open_a_device_somewhere},
        {"failed to open /dev/vfio/4: Device or resource busy", IOW_RULE_MSG_HIDDEN, false, NULL,
            hide_holders},
        {"failed to open /dev/vfio/2: Device or resource busy", IOW_RULE_MSG_PENDING, true, "0000:02:00.0",
            unbind_under_its_user},
        {"vfio-pci 0000:02:00.0: Relaying device request to user (#0)", IOW_RULE_MSG_PENDING, true,
            "user (process 100)", unbind_under_its_user},
        {"failed to open /dev/vfio/3: No such file or directory", IOW_RULE_MSG_NO_NODE, true,
            "ioward claim 0000:03:00.0 --with-group"},
        {"failed to open /dev/vfio/4: No such file or directory", IOW_RULE_MSG_NODE, false, NULL},
        {"failed to open /dev/vfio/4: Permission denied", IOW_RULE_MSG_NODE_ACCESS, true,
            "ioward claim 0000:04:00.0 --with-group --user NAME"},
        {"pci 0000:03:00.0: Device is ineligible for IOMMU domain attach due to platform RMRR requirement",
            IOW_RULE_MSG_DIRECT, true, "0x1000-0x1fff"},
        {"pci 0000:03:00.0: Device is ineligible for IOMMU domain attach due to platform RMRR requirement",
            IOW_RULE_MSG_NO_DIRECT, false, NULL, relax_the_region},
        {"failed to setup container for group 3: Failed to set iommu for container: Operation not permitted",
            IOW_RULE_MSG_DIRECT, true, NULL},
        {"0000:03:00.0: VFIO_MAP_DMA failed: Invalid argument", IOW_RULE_MSG_RESERVED, true,
            "0x1000-0x1fff, 0xfee00000-0xfeefffff"},
        {"group 1 used in multiple address spaces", IOW_RULE_MSG_TWO_SPACES, true,
            "0000:01:00.0 and 0000:01:00.1"},
        {"vfio: Cannot reset device 0000:02:00.0, depends on group 1 which is not owned.",
            IOW_RULE_MSG_RESET_OTHERS, true, "ioward claim 0000:01:00.0 --with-group"},
        {"sh: 1: echo: write error: Device or resource busy", IOW_RULE_MSG_HELD, true, "group 2"},
    };

    (void)state;
    message_check_all(cases, COUNT(cases));
}

/* A member on a bus that asks nobody keeps nobody out. */
static void other_members_count_as_their_bus_does(void **state)
{
    struct iow_other_member other[] = {{1, "serial0", "platform", "8250"}, {1, "aux.0", "auxiliary", "part"}};
    struct iow_message_answer answer;
    uint32_t n = 0;
    struct stage s;

    (void)state;
    message_stage_set(&s);
    s.scene.facts.other_members = other;
    s.scene.facts.n_other_members = COUNT(other);
    stage_play(&s);
    message_ask(&s, "group 1 is not viable", &answer);
    for (uint32_t i = 0; i < answer.n; i++)
        n += answer.cause[i].rule == IOW_RULE_MSG_DRIVER;
    assert_int_equal(n, 2);
    assert_non_null(strstr(answer.cause[1].text, "serial0 of group 1 is bound to 8250"));
    stage_end(&s);
}

static void a_waiting_unbind_is_not_said_twice(void **state)
{
    struct iow_message_answer answer;
    struct stage s;

    (void)state;
    message_stage_set(&s);
    unbind_under_its_user(&s.scene);
    stage_play(&s);
    message_ask(&s, "failed to open /dev/vfio/2: Device or resource busy", &answer);
    assert_int_equal(answer.n, 1);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_group_shows_is_found),
        cmocka_unit_test(other_members_count_as_their_bus_does),
        cmocka_unit_test(a_waiting_unbind_is_not_said_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
