# SPDX-License-Identifier: GPL-2.0-or-later
"""Hotplug really happens, and ioward follows it."""

from assertions import groups_agree, has_status, prediction_is_explained

PRESENT = {
    "before": {"0000:02:02.0": True, "0000:03:00.0": False, "0000:02:05.0": False},
    "spare-gone": {"0000:02:02.0": False},
    "below-port": {"0000:03:00.0": True},
    "behind-bridge": {"0000:02:05.0": True},
    "port-empty": {"0000:03:00.0": False},
    "bridge-empty": {"0000:02:05.0": False},
}


def check(case, records, report):
    for step, wanted in PRESENT.items():
        if not records.has(step):
            report.that(f"{step}: the step was reached", False, records.text("log"), step)
            continue
        snapshot = records.snapshot(step)
        report.equal(f"{step}: the slots", {address: address in snapshot.functions for address in wanted}, wanted)
        if has_status(report, snapshot):
            groups_agree(report, snapshot)
            prediction_is_explained(report, snapshot)
    behind = records.snapshot("behind-bridge") if records.has("behind-bridge") else None
    if behind:
        report.equal("behind-bridge: the newcomer is in the bridge's group",
                     behind.group("0000:02:05.0"), behind.group("0000:01:00.0"))
