# SPDX-License-Identifier: GPL-2.0-or-later
"""The groups of the machine as it booted: the topology's, the kernel's and ioward's own."""

from assertions import (groups_agree, groups_are, has_status, owners_follow_drivers, prediction_is_exact,
                        prediction_is_explained)
from records import full_address


def check(case, records, report):
    snapshot = records.snapshot("boot")
    if case.groups is not None:
        groups_are(report, snapshot, case.groups)
        seen = {address: snapshot.group(address) for address in map(full_address, case.topology.ungrouped)}
        report.equal("boot: what bypasses the IOMMU has no group", seen, dict.fromkeys(seen))
    if not has_status(report, snapshot):
        return
    groups_agree(report, snapshot)
    owners_follow_drivers(report, snapshot)
    # virtio-iommu groups a function when a driver first probes it, which no rule over the hardware tells.
    if case.iommu == "virtio":
        prediction_is_explained(report, snapshot)
    else:
        prediction_is_exact(report, snapshot)
