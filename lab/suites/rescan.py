# SPDX-License-Identifier: GPL-2.0-or-later
"""After functions went and came back, ioward's groups are the kernel's or the difference is explained."""

from assertions import groups_agree, has_status, prediction_is_explained


def check(case, records, report):
    snapshots = records.snapshots()
    report.that("functions went and came back", snapshots, "no step", "at least one")
    for snapshot in snapshots:
        if has_status(report, snapshot):
            groups_agree(report, snapshot)
            prediction_is_explained(report, snapshot)
