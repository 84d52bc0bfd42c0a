# SPDX-License-Identifier: GPL-2.0-or-later
"""What only the lab's own kernels offer is there, and a user's DMA through it is told as any other."""

from assertions import groups_agree, has_status, holders_of, owner_of

USER = 1000


def check(case, records, report):
    report.equal("IOMMUFD, VFIO's container and types for BPF programs are there", records.text("files").split(),
                 ["/dev/iommu", "/dev/vfio/vfio", "/sys/kernel/btf/vmlinux", "/sys/kernel/btf/e1000e"])
    made, told = (records.text("device-file").splitlines() + ["none", "one"])[:2]
    report.equal("the device has a file of its own", made, told)
    report.equal("a user's DMA passes when IOMMUFD stands in for the container",
                 (records.text("compatible.exit"), records.text("compatible.output")),
                 ("0", "DMA goes through the IOMMU\nholding"))

    address, held = records.text("address"), records.snapshot("held")
    if not has_status(report, held):
        return
    groups_agree(report, held)
    report.equal("held: owner", owner_of(held, address), "user")
    holders = [(one["pid"], one["uid"]) for one in holders_of(held, address)]
    holder = (int(records.text("compatible.pid")), USER)
    report.that("held: ioward names the holder", holder in holders, holders, f"{holder} among them")
    report.equal("taken-back: nobody holds it", holders_of(records.snapshot("taken-back"), address), [])
