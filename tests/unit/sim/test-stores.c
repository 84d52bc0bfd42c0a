/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores into the simulated sysfs answer with Linux's errno, by whoever they are made. */
#include "simulated.h"

#include <errno.h>

/* 01:00.0 edu, 01:00.0's group 5; 02:00.0 e1000e in one group with its port */
static int set_up(void **state)
{
    *state = boot("root-ports", "6.12");
    return 0;
}

static int tear_down(void **state)
{
    iow_sim_free(*state);
    return 0;
}

static void give_to_vfio(struct iow_sim *sim, const char *address)
{
    must(sim, "modprobe vfio-pci");
    must(sim, "override %s vfio-pci", address);
    must(sim, "bind %s vfio-pci", address);
}

static void a_function_is_handed_to_vfio_and_back(void **state)
{
    struct iow_sim *sim = *state;
    char *before = iow_sim_state(sim), *after;

    assert_seen(sim, IOW_STEP_BIND, "02:00.0", "e1000e");
    assert_int_equal(
        act(sim, &(struct iow_step){.kind = IOW_STEP_LOAD, .before = "", .after = "vfio-pci"}, NULL), 0);
    assert_int_equal(act_on(sim, IOW_STEP_UNBIND, "02:00.0", "e1000e", ""), 0);
    assert_seen(sim, IOW_STEP_BIND, "02:00.0", "");
    assert_int_equal(act_on(sim, IOW_STEP_OVERRIDE, "02:00.0", "", "vfio-pci"), 0);
    assert_seen(sim, IOW_STEP_OVERRIDE, "02:00.0", "vfio-pci");
    assert_int_equal(act_on(sim, IOW_STEP_BIND, "02:00.0", "", "vfio-pci"), 0);
    assert_seen(sim, IOW_STEP_BIND, "02:00.0", "vfio-pci");
    assert_int_equal(act_on(sim, IOW_STEP_UNBIND, "02:00.0", "vfio-pci", ""), 0);
    assert_int_equal(act_on(sim, IOW_STEP_OVERRIDE, "02:00.0", "vfio-pci", ""), 0);
    assert_int_equal(act_on(sim, IOW_STEP_BIND, "02:00.0", "", "e1000e"), 0);
    after = iow_sim_state(sim);
    assert_string_equal(after, before);
    free(before);
    free(after);
}

static void bind_answers_as_linux_does(void **state)
{
    struct iow_sim *sim = *state;

    assert_int_equal(act_on(sim, IOW_STEP_BIND, "01:00.0", "", "vfio-pci"), -ENOENT); /* not loaded */
    must(sim, "modprobe vfio-pci");
    assert_int_equal(act_on(sim, IOW_STEP_BIND, "01:00.0", "", "vfio-pci"), -ENODEV); /* does not match */
    must(sim, "override 02:00.0 vfio-pci");
    assert_int_equal(
        act_on(sim, IOW_STEP_BIND, "02:00.0", "", "e1000e"), -ENODEV); /* the override forbids it */
    assert_int_equal(act_on(sim, IOW_STEP_BIND, "02:00.0", "", "vfio-pci"), -EBUSY); /* has a driver */
    must(sim, "override 00:02.0 vfio-pci");
    must(sim, "unbind 00:02.0");
    assert_int_equal(act_on(sim, IOW_STEP_BIND, "00:02.0", "", "vfio-pci"), -EINVAL); /* a bridge */
    assert_int_equal(act_on(sim, IOW_STEP_BIND, "09:00.0", "", "vfio-pci"), -ENODEV);
}

static void unbind_answers_as_linux_does(void **state)
{
    struct iow_sim *sim = *state;

    assert_int_equal(act_on(sim, IOW_STEP_UNBIND, "01:00.0", "e1000e", ""), -ENODEV);
    assert_int_equal(act_on(sim, IOW_STEP_UNBIND, "02:00.0", "vfio-pci", ""), -ENOENT);
    must(sim, "modprobe vfio-pci");
    assert_int_equal(act_on(sim, IOW_STEP_UNBIND, "02:00.0", "vfio-pci", ""), -ENODEV);
}

static void an_override_is_limited_to_a_page_and_cleared_by_nothing(void **state)
{
    struct iow_sim *sim = *state;
    char text[4097];

    memset(text, 'x', sizeof(text) - 1);
    text[4096] = '\0';
    assert_int_equal(act_on(sim, IOW_STEP_OVERRIDE, "01:00.0", "", text), -EINVAL);
    text[4094] = '\0';
    assert_int_equal(act_on(sim, IOW_STEP_OVERRIDE, "01:00.0", "", text), 0);
    assert_seen(sim, IOW_STEP_OVERRIDE, "01:00.0", text);
    assert_int_equal(act_on(sim, IOW_STEP_OVERRIDE, "01:00.0", text, ""), 0);
    assert_seen(sim, IOW_STEP_OVERRIDE, "01:00.0", "");
}

static void a_device_without_group_is_refused_by_vfio(void **state)
{
    struct iow_sim *sim = boot("host-bridge-bypass", "6.12");

    (void)state;
    must(sim, "modprobe vfio-pci");
    must(sim, "override 81:00.0 vfio-pci");
    assert_int_equal(try(sim, "bind 81:00.0 vfio-pci"), -EINVAL);
    iow_sim_free(sim);
}

static void a_physical_function_with_virtual_ones_is_refused_by_vfio(void **state)
{
    struct iow_sim *sim = boot("sriov", "6.12");

    (void)state;
    must(sim, "modprobe vfio-pci");
    must(sim, "vfs 01:00.0 2");
    must(sim, "unbind 01:00.0");
    must(sim, "override 01:00.0 vfio-pci");
    assert_int_equal(try(sim, "bind 01:00.0 vfio-pci"), -EBUSY);
    must(sim, "override 01:00.0");
    must(sim, "bind 01:00.0 nvme");
    assert_int_equal(try(sim, "vfs 01:00.0 3"), -EBUSY);
    assert_int_equal(try(sim, "vfs 01:00.0 5"), -ERANGE);
    must(sim, "vfs 01:00.0 0");
    must(sim, "unbind 01:00.0");
    assert_int_equal(try(sim, "vfs 01:00.0 1"), -ENOENT);
    must(sim, "override 01:00.0 vfio-pci");
    must(sim, "bind 01:00.0 vfio-pci");
    iow_sim_free(sim);
}

static void no_kernel_driver_binds_in_a_group_that_a_user_owns(void **state)
{
    struct iow_sim *sim = boot("pcie-pci-bridge", "6.12");
    unsigned pid;

    (void)state;
    must(sim, "modprobe uio_pci_generic");
    must(sim, "modprobe pci-stub");
    must(sim, "unbind 02:03.0");
    give_to_vfio(sim, "02:01.0");
    pid = must_number(sim, "open 02:01.0 qemu");
    assert_int_equal(try(sim, "bind 02:03.0 e1000"), -EBUSY);
    must(sim, "override 02:02.0 uio_pci_generic");
    assert_int_equal(try(sim, "bind 02:02.0 uio_pci_generic"), -EBUSY);
    must(sim, "override 02:02.0 pci-stub");
    must(sim, "bind 02:02.0 pci-stub");
    must(sim, "close %u", pid);
    must(sim, "bind 02:03.0 e1000");
    assert_int_equal(try(sim, "open 02:01.0 qemu"), -EPERM);
    iow_sim_free(sim);
}

static void assert_dma(struct iow_sim *sim, unsigned pid, const char *answer)
{
    char line[32];

    snprintf(line, sizeof(line), "dma %u", pid);
    must_say(sim, line, answer);
}

/* Older kernels lock the device for driver_override, too, whoever writes or reads it. */
static void an_unbind_waits_for_the_user_of_the_device(void **state)
{
    static const struct {
        const char *release;
        int override;
    } rows[] = {{"6.1", -IOW_EINPROGRESS}, {"6.12", 0}};

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        struct iow_sim *sim = boot("root-ports", rows[i].release);
        struct iow_actor *actor = iow_sim_actor(sim);
        struct iow_step unbind = step(IOW_STEP_UNBIND, "01:00.0", "vfio-pci", "");
        struct iow_effort effort;
        char value[IOW_VALUE_BYTES];
        unsigned pid;

        give_to_vfio(sim, "01:00.0");
        pid = must_number(sim, "open 01:00.0 qemu");
        assert_int_equal(act(sim, &unbind, &effort), -IOW_EINPROGRESS);
        assert_true(effort.pid > 0);
        assert_seen(sim, IOW_STEP_UNBIND, "01:00.0", "");
        assert_int_equal(seen(sim, IOW_STEP_OVERRIDE, "01:00.0", value), rows[i].override);
        assert_int_equal(act_on(sim, IOW_STEP_OVERRIDE, "01:00.0", "vfio-pci", ""), rows[i].override);
        assert_int_equal(act_on(sim, IOW_STEP_BIND, "01:00.0", "", "vfio-pci"),
            rows[i].override ? -IOW_EINPROGRESS : -ENODEV);
        assert_int_equal(actor->ops->await(actor, &effort, 1000000), -IOW_EINPROGRESS);
        assert_int_equal(try(sim, "open 01:00.0 second"), -EBUSY);
        assert_dma(sim, pid, "0000:01:00.0: data arrived\n");
        must(sim, "close %u", pid);
        assert_int_equal(actor->ops->await(actor, &effort, 1000000), 0);
        assert_seen(sim, IOW_STEP_OVERRIDE, "01:00.0", ""); /* a write that waited behind it happened too */
        iow_sim_free(sim);
    }
}

static void only_a_device_that_is_open_makes_an_unbind_wait(void **state)
{
    struct iow_sim *sim = *state;
    unsigned pid;

    give_to_vfio(sim, "01:00.0");
    pid = must_number(sim, "hold /dev/vfio/5 idle");
    assert_int_equal(try(sim, "hold vfio/5 second"), -EBUSY);
    assert_int_equal(act_on(sim, IOW_STEP_UNBIND, "01:00.0", "vfio-pci", ""), 0);
    assert_int_equal(try(sim, "hold vfio/5 second"), -ENOENT);
    must(sim, "bind 01:00.0 vfio-pci");
    must(sim, "hold vfio/5 second"); /* the first one's file is dead */
    must(sim, "close %u", pid);
    assert_int_equal(try(sim, "hold vfio/5 third"), -EBUSY);
}

static void a_kernel_driver_that_sticks_is_gone_when_it_continues(void **state)
{
    struct iow_sim *sim = *state;

    must(sim, "stick 02:00.0");
    assert_int_equal(act_on(sim, IOW_STEP_UNBIND, "02:00.0", "e1000e", ""), -IOW_EINPROGRESS);
    assert_seen(sim, IOW_STEP_UNBIND, "02:00.0", "");
    assert_int_equal(act_on(sim, IOW_STEP_BIND, "02:00.0", "", "e1000e"), -IOW_EINPROGRESS);
    must(sim, "continue");
    assert_seen(sim, IOW_STEP_BIND, "02:00.0", "e1000e"); /* the bind that waited */
}

static void a_sound_card_waits_for_who_plays(void **state)
{
    struct iow_sim *sim = boot("hand-over", "6.12");
    unsigned pid;

    (void)state;
    pid = must_number(sim, "hold /dev/snd/pcmC0D0p aplay");
    assert_int_equal(act_on(sim, IOW_STEP_UNBIND, "00:06.0", "snd_ens1370", ""), -IOW_EINPROGRESS);
    must(sim, "close %u", pid);
    assert_seen(sim, IOW_STEP_BIND, "00:06.0", "");
    must(sim, "bind 00:06.0 snd_ens1370");
    iow_sim_free(sim);
}

static void access_is_what_decides_who_may_open_a_group(void **state)
{
    struct iow_sim *sim = *state;
    struct iow_step give = step_give(5, "", "1000:1000:0600"), foreign = step_give(5, "", "x");
    char value[IOW_VALUE_BYTES];

    assert_int_equal(act(sim, &give, NULL), -ENOENT);
    give_to_vfio(sim, "01:00.0");
    assert_int_equal(iow_sim_actor(sim)->ops->observe(iow_sim_actor(sim), &give, value), 0);
    assert_string_equal(value, "0:0:0600");
    assert_int_equal(try(sim, "open 01:00.0 qemu 1000"), -EACCES);
    assert_int_equal(act(sim, &foreign, NULL), -EINVAL);
    assert_int_equal(act(sim, &give, NULL), 0);
    must(sim, "open 01:00.0 qemu 1000");
    assert_int_equal(try(sim, "open 01:00.0 other 1001"), -EACCES);
}

static void a_node_that_comes_again_is_root_s(void **state)
{
    struct iow_sim *sim = *state;
    struct iow_step give = step_give(5, "", "1000:1000:0600");
    char value[IOW_VALUE_BYTES];

    give_to_vfio(sim, "01:00.0");
    assert_int_equal(act(sim, &give, NULL), 0);
    must(sim, "unbind 01:00.0");
    assert_int_equal(iow_sim_actor(sim)->ops->observe(iow_sim_actor(sim), &give, value), 0);
    assert_string_equal(value, "");
    must(sim, "bind 01:00.0 vfio-pci");
    assert_int_equal(iow_sim_actor(sim)->ops->observe(iow_sim_actor(sim), &give, value), 0);
    assert_string_equal(value, "0:0:0600");
}

static void a_device_that_went_or_was_exchanged_is_told(void **state)
{
    struct iow_sim *sim = *state;
    struct iow_step bind = step(IOW_STEP_BIND, "02:00.0", "", "e1000e");
    char value[IOW_VALUE_BYTES];

    bind.identity = 0x808610d3;
    must(sim, "override 02:00.0 e1000e");
    must(sim, "unplug 02:00.0");
    assert_int_equal(iow_sim_actor(sim)->ops->observe(iow_sim_actor(sim), &bind, value), -IOW_ENODEV);
    assert_int_equal(act(sim, &bind, NULL), -ENODEV);
    must(sim, "plug 02:00.0");
    assert_seen(sim, IOW_STEP_OVERRIDE, "02:00.0", ""); /* lost */
    assert_seen(sim, IOW_STEP_BIND, "02:00.0", "e1000e");
    must(sim, "unplug 02:00.0");
    must(sim, "plug 02:00.0 edu");
    assert_int_equal(iow_sim_actor(sim)->ops->observe(iow_sim_actor(sim), &bind, value), -IOW_ESTALE);
    assert_int_equal(act(sim, &bind, NULL), -IOW_ESTALE);
}

static void a_newcomer_in_an_owned_group_gets_no_driver(void **state)
{
    struct iow_sim *sim = boot("pcie-pci-bridge", "6.1");
    unsigned pid;

    (void)state;
    must(sim, "unplug 02:03.0");
    give_to_vfio(sim, "02:01.0");
    pid = must_number(sim, "open 02:01.0 qemu");
    must(sim, "plug 02:03.0");
    assert_seen(sim, IOW_STEP_BIND, "02:03.0", "");
    must(sim, "close %u", pid);
    assert_seen(sim, IOW_STEP_BIND, "02:03.0", ""); /* nothing tries again */
    must(sim, "bind 02:03.0 e1000");
    iow_sim_free(sim);
}

/* The group is claimed before the device is asked for; what holds the claim up then is the last device of VFIO. */
static void a_claim_ends_with_the_last_device_of_vfio(void **state)
{
    struct iow_sim *sim = boot("functions-below-port", "6.12");
    unsigned pid;

    (void)state;
    give_to_vfio(sim, "02:00.0");
    must(sim, "unbind 01:00.0");
    must(sim, "unbind 01:00.1");
    give_to_vfio(sim, "01:00.0");
    pid = must_number(sim, "open 02:00.0 program");
    assert_int_equal(try(sim, "also %u 01:00.1", pid), -ENODEV);
    assert_int_equal(try(sim, "bind 01:00.1 e1000e"), -EBUSY);
    must(sim, "unbind 01:00.0");
    must(sim, "bind 01:00.1 e1000e");
    iow_sim_free(sim);
}

static void a_device_on_its_way_out_is_opened_again_only_before_6_3(void **state)
{
    static const struct {
        const char *release;
        int answer;
    } rows[] = {{"6.1", 0}, {"6.12", -ENODEV}};

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        struct iow_sim *sim = boot("root-ports", rows[i].release);
        unsigned pid;

        give_to_vfio(sim, "01:00.0");
        pid = must_number(sim, "open 01:00.0 program");
        must_number(sim, "unbind 01:00.0");
        assert_int_equal(try(sim, "also %u 01:00.0", pid), rows[i].answer);
        iow_sim_free(sim);
    }
}

static void a_broken_driver_fails_until_it_is_mended(void **state)
{
    struct iow_sim *sim = *state;

    must(sim, "broken 02:00.0 e1000e EIO");
    must(sim, "unbind 02:00.0");
    assert_int_equal(act_on(sim, IOW_STEP_BIND, "02:00.0", "", "e1000e"), -EIO);
    must(sim, "mend 02:00.0");
    assert_int_equal(act_on(sim, IOW_STEP_BIND, "02:00.0", "", "e1000e"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_function_is_handed_to_vfio_and_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bind_answers_as_linux_does, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unbind_answers_as_linux_does, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            an_override_is_limited_to_a_page_and_cleared_by_nothing, set_up, tear_down),
        cmocka_unit_test(a_device_without_group_is_refused_by_vfio),
        cmocka_unit_test(a_physical_function_with_virtual_ones_is_refused_by_vfio),
        cmocka_unit_test(no_kernel_driver_binds_in_a_group_that_a_user_owns),
        cmocka_unit_test(an_unbind_waits_for_the_user_of_the_device),
        cmocka_unit_test_setup_teardown(only_a_device_that_is_open_makes_an_unbind_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_kernel_driver_that_sticks_is_gone_when_it_continues, set_up, tear_down),
        cmocka_unit_test(a_sound_card_waits_for_who_plays),
        cmocka_unit_test_setup_teardown(access_is_what_decides_who_may_open_a_group, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_node_that_comes_again_is_root_s, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_device_that_went_or_was_exchanged_is_told, set_up, tear_down),
        cmocka_unit_test(a_newcomer_in_an_owned_group_gets_no_driver),
        cmocka_unit_test(a_claim_ends_with_the_last_device_of_vfio),
        cmocka_unit_test(a_device_on_its_way_out_is_opened_again_only_before_6_3),
        cmocka_unit_test_setup_teardown(a_broken_driver_fails_until_it_is_mended, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
