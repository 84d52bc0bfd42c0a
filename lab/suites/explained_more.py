# SPDX-License-Identifier: GPL-2.0-or-later
"""ioward names the reason for what DPDK, driverctl and more of QEMU and the kernel say."""

from explained import ALONE, EDU, FIRST, OUTSIDE, ROOTED, SECOND, can_check, check_step

TYPES = {  # only this kernel says why
    "6.1": {
        ("linux-type-bound", None): [("IOW-DMA-TYPE-BOUND",)],
        ("linux-type-members", None): [("IOW-DMA-TYPE-NOT-ALONE",)],
    },
}


def check(case, records, report):
    if not can_check(case, records, report):
        return
    ready = [("IOW-MSG-BEFORE", ALONE)]
    check_step(records, report, "half-given", {
        ("devbind-bind", OUTSIDE): [("IOW-MSG-NO-GROUP", OUTSIDE)],
        ("devbind-active", ALONE): [("IOW-MSG-IN-USE", f"ioward claim {ALONE} --with-group --dry-run")],
        ("dpdk-not-viable", FIRST): [("IOW-MSG-DRIVER", SECOND, "e1000e", f"ioward claim {FIRST} --with-group")],
        ("dpdk-requested", FIRST): [("IOW-MSG-BEFORE", FIRST)],
    } | TYPES.get(case.kernel, {}))
    backend = [("IOW-MSG-NO-BACKEND", "modprobe vfio_iommu_type1")]
    check_step(records, report, "no-backend", {
        ("qemu-no-iommu-model", ALONE): backend,
        ("dpdk-no-iommu-model", None): backend,
        ("dpdk-no-vfio", None): backend,
        ("dpdk-requested", ALONE): ready,
    })
    unsafe = [("IOW-MSG-UNSAFE", "intremap=", "allow_unsafe_interrupts")]
    check_step(records, report, "interrupts", {
        ("qemu-set-iommu", ALONE): unsafe,
        ("dpdk-set-iommu", ALONE): unsafe,
        ("dpdk-requested", ALONE): ready,
        ("linux-interrupts", None): unsafe,
    })
    memlock = [("IOW-MSG-MEMLOCK", "ioward run")]
    check_step(records, report, "programs", {
        ("qemu-map", ALONE): memlock,
        ("qemu-map-region", ALONE): memlock,
        ("linux-memlock", None): memlock,
        ("qemu-get-device", SECOND): [("IOW-MSG-NOT-VFIO", f"{SECOND} is without a driver")],
        ("qemu-attached-twice", ALONE): [("IOW-MSG-TWICE",)],
        ("qemu-no-reset", ROOTED): [("IOW-MSG-NO-RESET", ROOTED)],
    })
    check_step(records, report, "spaces", {
        ("qemu-two-spaces", SECOND): [("IOW-MSG-TWO-SPACES", EDU, FIRST, SECOND)],
    })
    held = [("IOW-MSG-HELD", f"dma-test (process {records.text('holder.pid')})")]
    check_step(records, report, "held", {
        ("dpdk-open-group", None): held,
        ("driverctl-bind", SECOND): held,
    })
