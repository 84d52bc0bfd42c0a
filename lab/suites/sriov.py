# SPDX-License-Identifier: GPL-2.0-or-later
"""Virtual functions get the groups that the path above them allows."""

from assertions import groups_agree, groups_are, has_status, prediction_is_exact


def check(case, records, report):
    wanted = {"enabled": case.topology.virtual_functions["groups"], "disabled": case.topology.groups}
    for step, groups in wanted.items():
        snapshot = records.snapshot(step)
        groups_are(report, snapshot, groups)
        if has_status(report, snapshot):
            groups_agree(report, snapshot)
            prediction_is_exact(report, snapshot)
