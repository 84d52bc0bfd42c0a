/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-stage.h"

static const struct {
    struct iow_failure failure;
    const char *text;
    const char *remedy; /* NULL: none */
} cases[] = {
    {{.step = STEP(BIND, "", "vfio-pci"), .rule = IOW_RULE_EXEC_REFUSED, .error = EBUSY, .seen = "e1000e"},
        "bind 0000:01:00.0 to vfio-pci: the kernel refused (Device or resource busy): it has a driver by "
        "now, "
        "or has virtual functions; now its driver is e1000e",
        "see the kernel's log (dmesg)"},
    {{.step = STEP(UNBIND, "e1000e", ""), .rule = IOW_RULE_EXEC_REFUSED, .error = EIO, .seen = ""},
        "unbind 0000:01:00.0 from e1000e: the kernel refused (Input/output error); now it has no driver",
        "see the kernel's log (dmesg)"},
    {{.step = STEP(BIND, "", "e1000e"), .rule = IOW_RULE_EXEC_OVERRIDDEN, .seen = "theirs"},
        "bind 0000:01:00.0 to e1000e: the driver_override that somebody else set keeps this driver away, so "
        "the "
        "device was left to them; now its driver_override is theirs",
        "check that it is as you want it"},
    {{.step = STEP(UNBIND, "vfio-pci", ""), .rule = IOW_RULE_EXEC_WAITS},
        "unbind 0000:01:00.0 from vfio-pci: the kernel waits until the device's user lets go, and this "
        "cannot "
        "be taken back",
        "have the user let go, then: ioward release --resume"},
    {{.step = STEP(UNBIND, "e1000e", ""), .rule = IOW_RULE_EXEC_WAITS},
        "unbind 0000:01:00.0 from e1000e: the driver has not let go of the device yet, and this cannot be "
        "taken back",
        "see the kernel's log (dmesg) for what the driver does"},
    {{.step = STEP(BIND, "", "e1000e"), .undoing = true, .rule = IOW_RULE_EXEC_WAITS},
        "bind 0000:01:00.0 to e1000e: the driver has not started the device yet, and this cannot be taken "
        "back",
        "see the kernel's log (dmesg) for what the driver does"},
    {{.step = STEP(LOAD, "", "vfio-pci"), .rule = IOW_RULE_EXEC_WAITS},
        "load vfio-pci: the kernel has not loaded it yet, and this cannot be taken back",
        "see the kernel's log (dmesg)"},
    {{.step = STEP(OVERRIDE, "", "vfio-pci"), .rule = IOW_RULE_EXEC_WAITS},
        "set driver_override of 0000:01:00.0 to vfio-pci: somebody in the kernel has the device locked, so "
        "this was not over in time",
        "try again; if it stays so, see the kernel's log (dmesg)"},
    {{.step = STEP(OVERRIDE, "", "vfio-pci"), .rule = IOW_RULE_EXEC_CHANGED, .seen = HOSTILE},
        "set driver_override of 0000:01:00.0 to vfio-pci: this is no longer as it was when it was planned; "
        "now "
        "its driver_override is " HOSTILE_SHOWN,
        "look at the device again ('ioward show'), and try again"},
    {{.step = STEP(OVERRIDE, "igb", "vfio-pci"), .rule = IOW_RULE_EXEC_NOT_SO, .seen = ""},
        "set driver_override of 0000:01:00.0 to vfio-pci (was igb): the kernel took it, but it had no "
        "effect; "
        "now its driver_override is empty",
        "see the kernel's log (dmesg); the driver may have failed to start the device"},
    {{.step = STEP(GIVE, "0:0:0600", "7:7:0600"), .rule = IOW_RULE_EXEC_FOREIGN, .seen = "8:8:0666"},
        "give /dev/vfio/4 to user 7, group 7, mode 0600: somebody else changed this meanwhile, so it was "
        "left "
        "as it is; now its owner and mode are 8:8:0666",
        "check that it is as you want it"},
    {{.step = STEP(GIVE, "", "7:7:0600"), .rule = IOW_RULE_EXEC_FOREIGN, .seen = ""},
        "give /dev/vfio/4 to user 7, group 7, mode 0600: somebody else changed this meanwhile, so it was "
        "left "
        "as it is; now it does not exist",
        "check that it is as you want it"},
    {{.step = STEP(LOAD, "", "vfio-pci"), .rule = IOW_RULE_EXEC_NOT_SO, .seen = ""},
        "load vfio-pci: the kernel took it, but it had no effect; now the driver is not there",
        "see the kernel's log (dmesg); the driver may have failed to start the device"},
    {{.step = STEP(LOAD, "", "vfio-pci"), .rule = IOW_RULE_EXEC_STOPPED, .seen = "vfio-pci"},
        "load vfio-pci: it was stopped before it was done; now the driver is there", NULL},
    {{.step = STEP(BIND, "", "e1000e"), .undoing = true, .rule = IOW_RULE_EXEC_GONE},
        "bind 0000:01:00.0 to e1000e: the device is gone, so there is nothing to change", NULL},
    {{.step = STEP(BIND, "", "e1000e"), .undoing = true, .rule = IOW_RULE_EXEC_OTHER_DEVICE, .seen = "igb"},
        "bind 0000:01:00.0 to e1000e: another device is at this address now, so it was left as it is; now "
        "its "
        "driver is igb",
        NULL},
    {{.step = STEP(GIVE, "", ""), .rule = IOW_RULE_EXEC_STOPPED},
        "check group 4: it was stopped before it was done", NULL},
    {{.step = STEP(GIVE, "", ""), .rule = IOW_RULE_EXEC_CHANGED, .seen = HOSTILE},
        "check group 4: this is no longer as it was when it was planned; found " HOSTILE_SHOWN,
        "look at the device again ('ioward show'), and try again"},
    {{.step = STEP(GIVE, "", ""), .rule = IOW_RULE_EXEC_CHANGED, .seen = ""},
        "check group 4: this is no longer as it was when it was planned; found nothing",
        "look at the device again ('ioward show'), and try again"},
    {{.step = STEP(BIND, "", ""), .rule = IOW_RULE_EXEC_CHANGED, .seen = "igb"},
        "check 0000:01:00.0: this is no longer as it was when it was planned; now its driver is igb",
        "look at the device again ('ioward show'), and try again"},
    {{.step = STEP(BIND, "", "e1000e"), .rule = IOW_RULE_EXEC_UNFINISHED},
        "bind 0000:01:00.0 to e1000e: an earlier change of 0000:01:00.0 is not finished, and has to be first",
        "finish it first: ioward release --resume"},
};

static void every_failure_says_the_step_the_reason_and_what_is_now(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_text text = {0}, remedy = {0};

        iow_failure_text(&text, &cases[i].failure);
        iow_failure_remedy(&remedy, &cases[i].failure);
        assert_false(text.failed || remedy.failed);
        assert_string_equal(text.data, cases[i].text);
        if (cases[i].remedy)
            assert_string_equal(remedy.data, cases[i].remedy);
        else
            assert_int_equal(remedy.len, 0);
        iow_text_done(&text);
        iow_text_done(&remedy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_says_the_step_the_reason_and_what_is_now),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
