/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "report/message.h"

#include <ctype.h>
#include <errno.h>

#define NO_DEVICE NULL
#define NO_GROUP IOW_NONE

/* Every message as its program prints it. Heard: in the lab, from the program itself; the others are what the format
 * in its source gives. */
static const struct {
    const char *id, *line, *device;
    uint32_t group;
    int error;
    bool heard;
} examples[] = {
    {"qemu-not-viable",
        "qemu-system-x86_64: -device vfio-pci,host=0000:01:00.1: vfio 0000:01:00.1: group 8 is not viable",
        "0000:01:00.1", 8, 0, true},
    {"qemu-open-container",
        "qemu-system-x86_64: -device vfio-pci,host=01:00.0: vfio 0000:01:00.0: failed to setup container for "
        "group 8: "
        "failed to open /dev/vfio/vfio: No such file or directory",
        "0000:01:00.0", 8, ENOENT},
    {"qemu-open-group",
        "qemu-system-x86_64: -device vfio-pci,host=0000:02:00.0: vfio 0000:02:00.0: failed to open "
        "/dev/vfio/9: No "
        "such file or directory",
        "0000:02:00.0", 9, ENOENT, true},
    {"qemu-open-group",
        "qemu-system-x86_64: -device vfio-pci,host=0000:02:00.0: vfio 0000:02:00.0: failed to open "
        "/dev/vfio/9: "
        "Permission denied",
        "0000:02:00.0", 9, EACCES, true},
    {"qemu-open-group",
        "qemu-system-x86_64: -device vfio-pci,host=0000:01:00.1: vfio 0000:01:00.1: failed to open "
        "/dev/vfio/8: "
        "Device or resource busy",
        "0000:01:00.1", 8, EBUSY, true},
    {"qemu-group-status",
        "qemu-system-x86_64: -device vfio-pci,host=01:00.0: vfio 0000:01:00.0: failed to get group 8 status: "
        "No such "
        "device",
        "0000:01:00.0", 8, ENODEV},
    {"qemu-set-container",
        "kvm: -device vfio-pci,host=0000:01:00.0,id=hostpci0: vfio 0000:01:00.0: failed to setup container "
        "for group "
        "12: Failed to set group container: Invalid argument",
        "0000:01:00.0", 12, EINVAL},
    {"qemu-set-iommu",
        "qemu-system-x86_64: -device vfio-pci,host=0000:02:00.0: vfio 0000:02:00.0: failed to setup "
        "container for "
        "group 9: Failed to set iommu for container: Operation not permitted",
        "0000:02:00.0", 9, EPERM, true},
    {"qemu-no-iommu-model",
        "qemu-system-x86_64: -device vfio-pci,host=0000:02:00.0: vfio 0000:02:00.0: failed to setup "
        "container for "
        "group 9: No available IOMMU models",
        "0000:02:00.0", 9, 0, true},
    {"qemu-get-device",
        "qemu-system-x86_64: -device vfio-pci,host=0000:01:00.2: vfio 0000:01:00.2: error getting device "
        "from group 8: "
        "No such device",
        "0000:01:00.2", 8, ENODEV, true},
    {"qemu-no-device",
        "qemu-system-x86_64: -device vfio-pci,host=0000:07:00.0: vfio /sys/bus/pci/devices/0000:07:00.0: no "
        "such host "
        "device: No such file or directory",
        "0000:07:00.0", NO_GROUP, ENOENT, true},
    {"qemu-no-group",
        "qemu-system-x86_64: -device vfio-pci,host=0000:81:00.0: vfio 0000:81:00.0: no iommu_group found: No "
        "such file "
        "or directory",
        "0000:81:00.0", NO_GROUP, ENOENT, true},
    {"qemu-attached-twice",
        "qemu-system-x86_64: -device vfio-pci,host=0000:02:00.0: vfio 0000:02:00.0: device is already "
        "attached",
        "0000:02:00.0", NO_GROUP, 0, true},
    {"qemu-two-spaces",
        "qemu-system-x86_64: -device vfio-pci,host=0000:01:00.2,addr=5: vfio 0000:01:00.2: group 8 used in "
        "multiple "
        "address spaces",
        "0000:01:00.2", 8, 0, true},
    {"qemu-reset-others",
        "qemu-system-x86_64: vfio: Cannot reset device 0000:03:00.0, depends on group 11 which is not owned.",
        "0000:03:00.0", 11, 0},
    {"qemu-no-reset",
        "qemu-system-x86_64: vfio: Cannot reset device 0000:00:05.0, no available reset mechanism.",
        "0000:00:05.0", NO_GROUP, 0, true},
    {"qemu-map",
        "qemu-system-x86_64: -device vfio-pci,host=0000:02:00.0: VFIO_MAP_DMA failed: Cannot allocate memory",
        "0000:02:00.0", NO_GROUP, ENOMEM, true},
    {"qemu-map-region",
        "qemu-system-x86_64: -device vfio-pci,host=0000:02:00.0: vfio 0000:02:00.0: failed to setup "
        "container for "
        "group 9: memory listener initialization failed: Region pc.ram: vfio_dma_map(0x55788f50a1b0, 0x0, "
        "0xc0000, "
        "0x7f1fe4200000) = -12 (Cannot allocate memory)",
        "0000:02:00.0", 9, ENOMEM, true},
    {"qemu-stuck", "qemu-system-x86_64: vfio: Unable to power on device, stuck in D3", NO_DEVICE, NO_GROUP,
        0},
    {"qemu-config",
        "qemu-system-x86_64: -device vfio-pci,host=01:00.0: vfio 0000:01:00.0: failed to read device config "
        "space: Bad "
        "address",
        "0000:01:00.0", NO_GROUP, EFAULT},
    {"qemu-bind-iommufd",
        "qemu-system-x86_64: -device vfio-pci,host=0000:01:00.0,iommufd=iommufd0: vfio 0000:01:00.0: error "
        "bind device "
        "fd=26 to iommufd=25: Operation not permitted",
        "0000:01:00.0", NO_GROUP, EPERM},
    {"dpdk-not-viable",
        "EAL: 0000:01:00.1 VFIO group is not viable! Not all devices in IOMMU group bound to VFIO or unbound",
        "0000:01:00.1", NO_GROUP, 0, true},
    {"dpdk-open-group", "EAL: Cannot open /dev/vfio/8: Device or resource busy", NO_DEVICE, 8, EBUSY, true},
    {"dpdk-open-container",
        "EAL: Cannot open VFIO container /dev/vfio/vfio, error 2 (No such file or directory)", NO_DEVICE,
        NO_GROUP, ENOENT},
    {"dpdk-set-container",
        "EAL: 0000:01:00.0 cannot add VFIO group to container, error 1 (Operation not permitted)",
        "0000:01:00.0", NO_GROUP, EPERM},
    {"dpdk-set-iommu", "EAL: 0000:02:00.0 failed to select IOMMU type", "0000:02:00.0", NO_GROUP, 0, true},
    {"dpdk-no-iommu-model", "EAL: No supported IOMMU extensions found!", NO_DEVICE, NO_GROUP, 0, true},
    {"dpdk-not-managed", "EAL: 0000:01:00.0 not managed by VFIO driver, skipping", "0000:01:00.0", NO_GROUP,
        0},
    {"dpdk-no-module", "EAL: VFIO modules not loaded, skipping VFIO support...", NO_DEVICE, NO_GROUP, 0},
    {"dpdk-no-vfio", "EAL: VFIO support could not be initialized", NO_DEVICE, NO_GROUP, 0, true},
    {"dpdk-map", "EAL: Cannot set up DMA remapping, error 12 (Cannot allocate memory)", NO_DEVICE, NO_GROUP,
        ENOMEM},
    {"dpdk-remapping", "EAL: 0000:01:00.0 DMA remapping failed, error 12 (Cannot allocate memory)",
        "0000:01:00.0", NO_GROUP, ENOMEM},
    {"dpdk-get-device", "EAL: Getting a vfio_dev_fd for 0000:01:00.0 failed", "0000:01:00.0", NO_GROUP, 0},
    {"dpdk-requested", "EAL: Requested device 0000:01:00.1 cannot be used", "0000:01:00.1", NO_GROUP, 0,
        true},
    {"dpdk-iova-mode", "EAL:   Expecting 'PA' IOVA mode but current mode is 'VA', not initializing",
        NO_DEVICE, NO_GROUP, 0},
    {"dpdk-iova-pa", "EAL: FATAL: Cannot use IOVA as 'PA' since physical addresses are not available",
        NO_DEVICE, NO_GROUP, 0},
    {"devbind-active",
        "Warning: routing table indicates that interface 0000:02:00.0 is active. Not modifying",
        "0000:02:00.0", NO_GROUP, 0, true},
    {"devbind-bind",
        "Error: bind failed for 0000:81:00.0 - Cannot bind to driver vfio-pci: [Errno 22] Invalid argument",
        "0000:81:00.0", NO_GROUP, EINVAL, true},
    {"spdk-not-bound", "0000:01:00.0 (8086 0a54): WARNING: 0000:01:00.1 not bound to vfio-pci (e1000e)",
        "0000:01:00.1", NO_GROUP, 0},
    {"spdk-bind", "0000:01:00.0 (8086 0a54): failed to bind to vfio-pci, aborting", "0000:01:00.0", NO_GROUP,
        0},
    {"spdk-active",
        "0000:01:00.0 (8086 0a54): Active devices: mount@nvme0n1:nvme0n1p1,data@nvme0n2, so not binding PCI "
        "dev",
        "0000:01:00.0", NO_GROUP, 0},
    {"spdk-map",
        "[2026-11-22 19:00:00.000000] memory.c: 949:_vfio_iommu_map_dma: *NOTICE*: Cannot set up DMA "
        "mapping, error "
        "12, ignored",
        NO_DEVICE, NO_GROUP, ENOMEM},
    {"libvirt-in-use",
        "error: Requested operation is not valid: PCI device 0000:01:00.0 is in use by driver QEMU, domain "
        "win11",
        "0000:01:00.0", NO_GROUP, EBUSY},
    {"libvirt-unmanaged",
        "error: Requested operation is not valid: Unmanaged PCI device 0000:01:00.0 must be manually "
        "detached from the "
        "host",
        "0000:01:00.0", NO_GROUP, 0},
    {"libvirt-switch",
        "error: internal error: Device 0000:01:00.0 is behind a switch lacking ACS and cannot be assigned",
        "0000:01:00.0", NO_GROUP, 0},
    {"libvirt-assignable",
        "error: Requested operation is not valid: PCI device 0000:01:00.0 is not assignable", "0000:01:00.0",
        NO_GROUP, 0},
    {"libvirt-endpoint", "error: internal error: Non-endpoint PCI devices cannot be assigned to guests",
        NO_DEVICE, NO_GROUP, 0},
    {"libvirt-reset",
        "error: internal error: Unable to reset PCI device 0000:01:00.0: internal error: Active 0000:01:00.1 "
        "devices "
        "on bus with 0000:01:00.0, not doing bus reset",
        "0000:01:00.0", NO_GROUP, 0},
    {"libvirt-no-passthrough",
        "error: unsupported configuration: host doesn't support passthrough of host PCI devices", NO_DEVICE,
        NO_GROUP, 0},
    {"libvirt-no-vfio", "error: unsupported configuration: host doesn't support VFIO PCI passthrough",
        NO_DEVICE, NO_GROUP, 0},
    {"driverctl-bind", "driverctl: failed to bind device 0000:01:00.2 to driver e1000e", "0000:01:00.2",
        NO_GROUP, 0, true},
    {"linux-probe-of", "vfio-pci: probe of 0000:81:00.0 failed with error -22", "0000:81:00.0", NO_GROUP,
        EINVAL, true},
    {"linux-probe-with",
        "[   12.048727] vfio-pci 0000:81:00.0: probe with driver vfio-pci failed with error -22",
        "0000:81:00.0", NO_GROUP, EINVAL, true},
    {"linux-attach", "[  163.564304] pci 0000:01:00.2: device attach failed (-16)", "0000:01:00.2", NO_GROUP,
        EBUSY, true},
    {"linux-interrupts",
        "[   21.064515] vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the module param "
        "\"allow_unsafe_interrupts\" to enable VFIO IOMMU support on this platform",
        NO_DEVICE, NO_GROUP, 0, true},
    {"linux-rmrr",
        "vfio-pci 0000:03:00.0: Device is ineligible for IOMMU domain attach due to platform RMRR "
        "requirement.  Contact "
        "your platform vendor.",
        "0000:03:00.0", NO_GROUP, 0},
    {"linux-direct",
        "vfio-pci 0000:03:00.0: Firmware has requested this device have a 1:1 IOMMU mapping, rejecting "
        "configuring the "
        "device without a 1:1 mapping. Contact your platform vendor.",
        "0000:03:00.0", NO_GROUP, 0},
    {"linux-memlock", "[   62.242613] vfio_pin_pages_remote: RLIMIT_MEMLOCK (65536) exceeded", NO_DEVICE,
        NO_GROUP, ENOMEM, true},
    {"linux-vtd-fault",
        "[  146.520966] DMAR: [DMA Read NO_PASID] Request device [01:00.0] fault addr 0x300000 [fault reason "
        "0x06] PTE "
        "Read access is not set",
        "0000:01:00.0", NO_GROUP, 0, true},
    {"linux-vtd-faults", "[  146.520668] DMAR: DRHD: handling fault status reg 2", NO_DEVICE, NO_GROUP, 0,
        true},
    {"linux-amd-fault",
        "vfio-pci 0000:0c:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0017 address=0xd8000000 "
        "flags=0x0000]",
        "0000:0c:00.0", NO_GROUP, 0},
    {"linux-amd-fault",
        "AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:0c:00.0 domain=0x0017 address=0xd8000000 "
        "flags=0x0000]",
        "0000:0c:00.0", NO_GROUP, 0},
    {"linux-bar", "vfio-pci 0000:01:00.0: BAR 1: can't reserve [mem 0xc0000000-0xcfffffff 64bit pref]",
        "0000:01:00.0", NO_GROUP, 0},
    {"linux-power-refused", "vfio-pci 0000:01:00.0: Refused to change power state from D0 to D3hot",
        "0000:01:00.0", NO_GROUP, 0},
    {"linux-power-unable",
        "vfio-pci 0000:01:00.0: Unable to change power state from D3cold to D0, device inaccessible",
        "0000:01:00.0", NO_GROUP, 0},
    {"linux-not-ready", "vfio-pci 0000:01:00.0: not ready 1023ms after FLR; waiting", "0000:01:00.0",
        NO_GROUP, 0},
    {"linux-not-ready", "vfio-pci 0000:01:00.0: not ready 65535ms after bus reset; giving up", "0000:01:00.0",
        NO_GROUP, 0},
    {"linux-request-blocked",
        "[  177.941273] vfio-pci 0000:01:00.0: No device request channel registered, blocked until released "
        "by user",
        "0000:01:00.0", NO_GROUP, 0, true},
    {"linux-request-relayed", "vfio-pci 0000:01:00.0: Relaying device request to user (#0)", "0000:01:00.0",
        NO_GROUP, 0},
    {"linux-in-use",
        "vfio-pci 0000:01:00.0: Device is currently in use, task \"bash\" (4242) blocked until device is "
        "released",
        "0000:01:00.0", NO_GROUP, 0},
    {"linux-denylist",
        "vfio-pci 0000:3d:00.0: 8086:37c8 exists in vfio-pci device denylist, driver probing disallowed.",
        "0000:3d:00.0", NO_GROUP, 0},
    {"linux-pf-with-vfs", "[   42.318053] vfio-pci 0000:03:00.0: Cannot bind to PF with SR-IOV enabled",
        "0000:03:00.0", NO_GROUP, 0, true},
    {"linux-token-wanted", "vfio-pci 0000:03:00.1: VF token required to access device", "0000:03:00.1",
        NO_GROUP, 0},
    {"linux-token-wrong", "vfio-pci 0000:03:00.1: Incorrect VF token provided for device", "0000:03:00.1",
        NO_GROUP, 0},
    {"linux-token-unwanted", "vfio-pci 0000:03:00.1: VF token incorrectly provided, PF not bound to vfio-pci",
        "0000:03:00.1", NO_GROUP, 0},
    {"linux-noiommu-bound", "vfio-pci 0000:01:00.0: Adding kernel taint for vfio-noiommu group on device",
        "0000:01:00.0", NO_GROUP, 0},
    {"linux-noiommu-opened", "vfio-pci 0000:01:00.0: vfio-noiommu device opened by user (dpdk-testpmd:812)",
        "0000:01:00.0", NO_GROUP, 0},
    {"linux-type-bound", "iommu: Device is still bound to driver", NO_DEVICE, NO_GROUP, 0, true},
    {"linux-type-members", "iommu: Cannot change default domain: Group has more than one device", NO_DEVICE,
        NO_GROUP, 0, true},
    {"open-container", "open /dev/vfio/vfio: no such file or directory", NO_DEVICE, NO_GROUP, ENOENT},
    {"open-group", "dma-test: /dev/vfio/8: Device or resource busy (errno 16)", NO_DEVICE, 8, EBUSY, true},
    {"set-container", "VFIO_GROUP_SET_CONTAINER: Operation not permitted", NO_DEVICE, NO_GROUP, EPERM},
    {"set-iommu", "VFIO_SET_IOMMU: Operation not permitted", NO_DEVICE, NO_GROUP, EPERM},
    {"map", "VFIO_IOMMU_MAP_DMA: Cannot allocate memory", NO_DEVICE, NO_GROUP, ENOMEM},
    {"write", "explained.sh: line 37: echo: write error: Device or resource busy", NO_DEVICE, NO_GROUP, EBUSY,
        true},
    {"busy", "tee: /sys/bus/pci/drivers/nvme/bind: Device or resource busy", NO_DEVICE, NO_GROUP, 0},
};

static bool names_device(const struct iow_message_parts *parts, const char *wanted)
{
    char text[IOW_ADDRESS_TEXT];

    return wanted ? parts->has_device && strcmp(iow_address_format(&parts->device, text), wanted) == 0
                  : !parts->has_device;
}

static void every_example_is_taken_for_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(examples); i++) {
        struct iow_message_parts parts;

        if (!iow_message_match(examples[i].line, &parts))
            fail_msg("not known: %s", examples[i].line);
        assert_string_equal(parts.row->id, examples[i].id);
        if (!names_device(&parts, examples[i].device))
            fail_msg("another device: %s", examples[i].line);
        assert_int_equal(parts.group, examples[i].group);
        assert_int_equal(parts.error, examples[i].error);
    }
}

static uint32_t count_examples(const char *id, bool heard)
{
    uint32_t n = 0;

    for (size_t i = 0; i < COUNT(examples); i++)
        n += strcmp(examples[i].id, id) == 0 && (examples[i].heard || !heard);
    return n;
}

static void every_message_has_an_example(void **state)
{
    const struct iow_message_row *row;
    uint32_t n = 0, heard = 0;

    (void)state;
    for (; (row = iow_message_row_at(n)); n++) {
        if (!count_examples(row->id, false))
            fail_msg("%s has no example", row->id);
        heard += count_examples(row->id, true) > 0;
    }
    assert_true(n >= 30);
    assert_true(heard >= 15);
    (void)printf(
        "figures: %u messages are explained, %u of them heard from their programs in the lab\n", n, heard);
}

static void check_holes(const char *pattern)
{
    static const char *const holes[] = {"device", "group", "error", "number", "text"};

    for (const char *at = strchr(pattern, '{'); at; at = strchr(at, '{')) {
        size_t len = strcspn(++at, "}"), i = 0;

        while (i < COUNT(holes) && (strlen(holes[i]) != len || memcmp(holes[i], at, len) != 0))
            i++;
        if (i == COUNT(holes))
            fail_msg("%s has a hole of another kind", pattern);
    }
}

static void every_row_is_sound(void **state)
{
    const struct iow_message_row *row, *other;

    (void)state;
    for (uint32_t i = 0; (row = iow_message_row_at(i)); i++) {
        assert_true(row->id && row->where && row->version && *row->pattern != '{');
        assert_true(row->program < IOW_MESSAGE_OF__COUNT && row->topic < IOW_TOPIC__COUNT);
        assert_non_null(iow_message_program_name(row->program));
        check_holes(row->pattern);
        for (uint32_t k = 0; k < i; k++) {
            other = iow_message_row_at(k);
            assert_string_not_equal(row->id, other->id);
            assert_string_not_equal(row->pattern, other->pattern);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_is_taken_for_what_it_is),
        cmocka_unit_test(every_message_has_an_example),
        cmocka_unit_test(every_row_is_sound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
