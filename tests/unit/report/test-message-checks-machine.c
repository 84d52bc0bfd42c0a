/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "message-stage.h"

#define INTERRUPTS "vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the module param"

static void take_the_iommu(struct scene *s)
{
    s->facts.machine.n_iommus = 0;
}

static void take_the_table_too(struct scene *s)
{
    take_the_iommu(s);
    s->facts.machine.dmar = false;
}

static void allow_unsafe_interrupts(struct scene *s)
{
    s->parameter[0].value = "Y";
}

static void unload_all(struct scene *s)
{
    s->facts.machine.n_parameters = 0;
}

static void take_iommufd_instead(struct scene *s)
{
    s->parameter[0].name = "iommufd.allow_unsafe_interrupts";
}

static void allow_no_iommu(struct scene *s)
{
    s->parameter[2] = (struct iow_parameter){"vfio.enable_unsafe_noiommu_mode", "Y"};
    s->facts.machine.n_parameters = 3;
}

static void what_the_machine_shows_is_found(void **state)
{
    static const struct message_case cases[] = {
        {"0000:05:00.0: no iommu_group found: No such file or directory", IOW_RULE_MSG_NO_IOMMU, true,
            "intel_iommu=on", take_the_iommu},
        {"0000:05:00.0: no iommu_group found: No such file or directory", IOW_RULE_MSG_NO_IOMMU, true,
            "VT-d, AMD-Vi", take_the_table_too},
        {"host doesn't support passthrough of host PCI devices", IOW_RULE_MSG_IOMMU, false, NULL},
        {"host doesn't support VFIO PCI passthrough", IOW_RULE_MSG_NO_MODULE, true, "modprobe vfio-pci",
            unload_all},
        {INTERRUPTS, IOW_RULE_MSG_UNSAFE, true, "allow_unsafe_interrupts"},
        {INTERRUPTS, IOW_RULE_MSG_UNSAFE, true, NULL, take_iommufd_instead},
        {INTERRUPTS, IOW_RULE_MSG_UNSAFE_ALLOWED, false, NULL, allow_unsafe_interrupts},
        {"for group 4: No available IOMMU models", IOW_RULE_MSG_NO_BACKEND, true, "modprobe vfio_iommu_type1",
            unload_all},
        {"for group 4: No available IOMMU models", IOW_RULE_MSG_BACKEND, false, NULL},
        {"for group 4: No available IOMMU models", IOW_RULE_MSG_BACKEND, false, NULL, take_iommufd_instead},
        {"EAL: VFIO support could not be initialized", IOW_RULE_MSG_NO_MODULE, true, NULL, unload_all},
        {"EAL: VFIO support could not be initialized", IOW_RULE_MSG_MODULE, false, NULL},
        {"failed to open /dev/vfio/vfio: No such file or directory", IOW_RULE_MSG_NO_MODULE, true, NULL,
            unload_all},
        {"EAL: Cannot set up DMA remapping, error 12 (Cannot allocate memory)", IOW_RULE_MSG_MEMLOCK, true,
            "ulimit -l"},
        {"vfio_dma_map(0x55, 0x0, 0xc0000, 0x7f) = -28 (No space left on device)", IOW_RULE_MSG_MAPPINGS,
            true, "dma_entry_limit"},
        {"device is already attached", IOW_RULE_MSG_TWICE, true, NULL},
        {"vfio-pci 0000:04:00.0: not ready 65535ms after bus reset; giving up", IOW_RULE_MSG_RESET_FAILED,
            true, "0000:04:00.0"},
        {"vfio-pci 0000:04:00.0: 8086:6f54 exists in vfio-pci device denylist, driver probing disallowed.",
            IOW_RULE_MSG_DENYLIST, true, "disable_denylist=1"},
        {"Warning: routing table indicates that interface 0000:06:00.0 is active. Not modifying",
            IOW_RULE_MSG_IN_USE, true, "ioward claim 0000:06:00.0 --with-group --dry-run"},
        {"EAL: Cannot use IOVA as 'PA' since physical addresses are not available", IOW_RULE_MSG_IOVA, true,
            "--iova-mode=va"},
        {"vfio-pci 0000:05:00.0: Adding kernel taint for vfio-noiommu group on device",
            IOW_RULE_MSG_NO_IOMMU_MODE, true, "enable_unsafe_noiommu_mode", allow_no_iommu},
        {"vfio-pci 0000:05:00.0: vfio-noiommu device opened by user (qemu:12)",
            IOW_RULE_MSG_NO_IOMMU_MODE_OFF, false, NULL},
        {"iommu: Device is still bound to driver", IOW_RULE_DMA_TYPE_BOUND, true, NULL},
        {"iommu: Cannot change default domain: Group has more than one device", IOW_RULE_DMA_TYPE_NOT_ALONE,
            true, NULL},
    };

    (void)state;
    message_check_all(cases, COUNT(cases));
}

static void spdk_tells_what_it_found_in_use(void **state)
{
    struct iow_message_answer answer;
    struct stage s;

    (void)state;
    message_stage_set(&s);
    stage_play(&s);
    message_ask(&s,
        "0000:06:00.0 (8086 0a54): Active devices: mount@nvme0n1:nvme0n1p1, so not binding PCI dev", &answer);
    assert_int_equal(answer.cause[0].rule, IOW_RULE_MSG_IN_USE);
    assert_string_equal(answer.cause[0].seen, "mount@nvme0n1:nvme0n1p1");
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_machine_shows_is_found),
        cmocka_unit_test(spdk_tells_what_it_found_in_use),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
