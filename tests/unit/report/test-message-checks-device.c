/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "message-stage.h"

static void sleep_it(struct scene *s)
{
    message_function(s, "04:00.0")->power_state = IOW_POWER_D3COLD;
}

static void take_its_resets(struct scene *s)
{
    message_function(s, "04:00.0")->reset_methods = NULL;
}

/* Before 5.15 no list of methods says nothing. */
static void take_the_list_of_resets(struct scene *s)
{
    take_its_resets(s);
    s->facts.machine.release = 5 << 8 | 10;
}

static void make_it_a_display(struct scene *s)
{
    message_function(s, "04:00.0")->config.class_code = 0x030000;
}

static void make_it_virtual(struct scene *s)
{
    message_function(s, "04:00.0")->physical_function = scene_function(s, "02:00.0");
}

static void give_it_virtual_functions(struct scene *s)
{
    message_function(s, "06:00.0")->n_vfs = 3;
}

static void what_the_device_shows_is_found(void **state)
{
    static const struct message_case cases[] = {
        {"Unmanaged PCI device 0000:01:00.1 must be manually detached from the host", IOW_RULE_MSG_NOT_VFIO,
            true, "0000:01:00.1 is bound to e1000e"},
        {"EAL: 0000:03:00.0 not managed by VFIO driver, skipping", IOW_RULE_MSG_NOT_VFIO, true,
            "0000:03:00.0 is without a driver"},
        {"EAL: 0000:04:00.0 not managed by VFIO driver, skipping", IOW_RULE_MSG_ON_VFIO, false, "vfio-pci"},
        {"EAL: 0000:05:00.0 not managed by VFIO driver, skipping", IOW_RULE_MSG_NO_GROUP, true, NULL},
        {"EAL: Requested device 0000:04:00.0 cannot be used", IOW_RULE_MSG_BEFORE, false, NULL},
        {"vfio 0000:03:00.0: error getting device from group 3: No such device", IOW_RULE_MSG_NOT_VFIO, true,
            "ioward claim 0000:03:00.0"},
        {"driverctl: failed to bind device 0000:06:00.0 to driver x", IOW_RULE_MSG_BOUND, false,
            "bound to nvme"},
        {"driverctl: failed to bind device 0000:03:00.0 to driver x", IOW_RULE_MSG_UNBOUND, false,
            "ioward show 0000:03:00.0"},
        {"vfio-pci: probe of 0000:06:00.0 failed with error -16", IOW_RULE_MSG_VFS, true,
            "3 virtual functions", give_it_virtual_functions},
        {"vfio-pci 0000:06:00.0: Cannot bind to PF with SR-IOV enabled", IOW_RULE_MSG_NO_VFS, false, NULL},
        {"vfio-pci 0000:05:00.0: probe with driver vfio-pci failed with error -22", IOW_RULE_MSG_NO_GROUP,
            true, "0000:05:00.0 is in no IOMMU group"},
        {"vfio-pci 0000:00:02.0: probe with driver vfio-pci failed with error -22", IOW_RULE_MSG_BRIDGE, true,
            NULL},
        {"pci 0000:03:00.0: device attach failed (-16)", IOW_RULE_MSG_UNTRIED, true,
            "echo 0000:03:00.0 > /sys/bus/pci/drivers_probe"},
        {"pci 0000:06:00.0: device attach failed (-16)", IOW_RULE_MSG_BOUND, false, NULL},
        {"vfio /sys/bus/pci/devices/0000:04:00.0: no such host device: No such file or directory",
            IOW_RULE_MSG_FUNCTION, false, NULL},
        {"vfio 0000:04:00.0: no iommu_group found: No such file or directory", IOW_RULE_MSG_IN_GROUP, false,
            "group 4"},
        {"vfio: Cannot reset device 0000:04:00.0, no available reset mechanism.", IOW_RULE_MSG_NO_RESET, true,
            NULL, take_its_resets},
        {"vfio: Cannot reset device 0000:04:00.0, no available reset mechanism.", IOW_RULE_MSG_UNEXPLAINED,
            false, NULL, take_the_list_of_resets},
        {"internal error: Unable to reset PCI device 0000:04:00.0: no FLR, PM reset or bus reset available",
            IOW_RULE_MSG_RESET, false, "flr bus"},
        {"vfio-pci 0000:04:00.0: Unable to change power state from D3cold to D0, device inaccessible",
            IOW_RULE_MSG_POWER, true, "D3cold", sleep_it},
        {"vfio-pci 0000:04:00.0: Refused to change power state from D0 to D3hot", IOW_RULE_MSG_POWERED, false,
            NULL},
        {"vfio-pci 0000:04:00.0: not ready 1023ms after FLR; waiting", IOW_RULE_MSG_POWER, true, "D3cold",
            sleep_it},
        {"vfio-pci 0000:04:00.0: BAR 0: can't reserve [mem 0xe0000000-0xefffffff 64bit pref]",
            IOW_RULE_MSG_BAR_DISPLAY, true, "video=efifb:off", make_it_a_display},
        {"vfio-pci 0000:04:00.0: BAR 0: can't reserve [mem 0xe0000000-0xefffffff 64bit pref]",
            IOW_RULE_MSG_BAR, true, "/proc/iomem"},
        {"vfio-pci 0000:04:00.0: VF token required to access device", IOW_RULE_MSG_VF_TOKEN, true,
            "0000:04:00.0 belongs to 0000:02:00.0", make_it_virtual},
        {"vfio-pci 0000:04:00.0: VF token incorrectly provided, PF not bound to vfio-pci",
            IOW_RULE_MSG_NO_VF_TOKEN, false, NULL},
        {"0000:00:02.0: Non-endpoint PCI devices cannot be assigned to guests", IOW_RULE_MSG_BRIDGE, true,
            NULL},
        {"0000:04:00.0: Non-endpoint PCI devices cannot be assigned to guests", IOW_RULE_MSG_ENDPOINT, false,
            NULL},
        {"Device 0000:06:00.0 is behind a switch lacking ACS and cannot be assigned", IOW_RULE_MSG_SWITCH,
            true, "0000:00:03.0, above 0000:06:00.0"},
        {"Device 0000:04:00.0 is behind a switch lacking ACS and cannot be assigned", IOW_RULE_MSG_NO_SWITCH,
            false, NULL},
    };

    (void)state;
    message_check_all(cases, COUNT(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_device_shows_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
