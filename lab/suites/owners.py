# SPDX-License-Identifier: GPL-2.0-or-later
"""The owner of each group follows the native drivers that bind and unbind."""

from assertions import has_status, owners_follow_drivers


def check(case, records, report):
    bound = records.snapshot("bound")
    endpoints = [function for function in bound.functions.values()
                 if function.group is not None and function.driver in ("e1000", "e1000e", "nvme", "virtio-pci")
                 and function.address != "0000:00:1e.0"]
    report.that("bound: a native driver is at work", endpoints, "none", "at least one")
    for snapshot in records.snapshots():
        if has_status(report, snapshot):
            owners_follow_drivers(report, snapshot)
