# SPDX-License-Identifier: GPL-2.0-or-later
"""ioward names the reason for what QEMU, a shell and the kernel's log say, and says when it is gone."""

from explained import ABSENT, ALONE, DISK, EDU, FIRST, OUTSIDE, SECOND, can_check, check_step


def check(case, records, report):
    if not can_check(case, records, report):
        return
    probe = "linux-probe-of" if case.kernel.startswith("6.1") and not case.kernel.startswith("6.12") else \
        "linux-probe-with"
    no_group = [("IOW-MSG-NO-GROUP", OUTSIDE)]
    check_step(records, report, "not-given", {
        (probe, OUTSIDE): no_group,
        ("qemu-no-group", OUTSIDE): no_group,
        ("qemu-no-device", ABSENT): [("IOW-MSG-NO-FUNCTION", ABSENT)],
        ("qemu-open-group", ALONE): [("IOW-MSG-NO-NODE", f"ioward claim {ALONE}")],
    })
    check_step(records, report, "half-given", {
        ("qemu-not-viable", FIRST): [("IOW-MSG-DRIVER", SECOND, "e1000e", f"ioward claim {FIRST} --with-group")],
        ("linux-pf-with-vfs", DISK): [("IOW-MSG-VFS", f"{DISK} has 1 ", "sriov_numvfs")],
        (probe, DISK): [("IOW-MSG-VFS", DISK)],
    })
    check_step(records, report, "not-allowed", {
        ("qemu-open-group", ALONE): [("IOW-MSG-NODE-ACCESS", f"ioward claim {ALONE} --with-group --user")],
    })
    check_held(records, report)


def check_held(records, report):
    held = ("IOW-MSG-HELD", f"dma-test (process {records.text('holder.pid')})")
    check_step(records, report, "held", {
        ("linux-vtd-faults", None): [("IOW-MSG-NAMELESS",)],
        ("linux-vtd-fault", EDU): [("IOW-MSG-FAULT-USER", EDU, held[1])],
        ("qemu-open-group", FIRST): [held],
        ("open-group", EDU): [held],
        ("write", None): [held],
        ("linux-attach", SECOND): [held, ("IOW-MSG-UNTRIED", f"echo {SECOND} > /sys/bus/pci/drivers_probe")],
    })
    check_step(records, report, "wanted-back", {
        ("linux-request-blocked", EDU): [("IOW-MSG-PENDING", EDU, held[1])],
    })
    free = [("IOW-MSG-FREE", "try again")]
    check_step(records, report, "over", {
        ("linux-vtd-fault", EDU): [("IOW-MSG-FAULT-NOBODY", EDU)],
        ("qemu-open-group", FIRST): free,
        ("open-group", EDU): free,
        ("write", None): [("IOW-MSG-NAMELESS",)],
        ("linux-attach", SECOND): [("IOW-MSG-UNTRIED", SECOND)],
    })
