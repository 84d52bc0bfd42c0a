# SPDX-License-Identifier: GPL-2.0-or-later
"""While an unbind waits for the user, the group never looks free."""

from assertions import has_status, owner_of


def check(case, records, report):
    address = records.text("address")
    for step in ("held", "device-only"):
        waiting = records.snapshot(f"{step}-waiting")
        report.equal(f"{step}: the unbind waits", records.text(f"{step}.writer"), "waiting")
        report.equal(f"{step}: sysfs shows no driver meanwhile", waiting.functions[address].driver, None)
        report.equal(f"{step}: the holder ends well", records.text(f"{step}.exit"), "0")
        if not has_status(report, waiting):
            continue
        report.one_of(f"{step}: owner while the unbind waits", owner_of(waiting, address), ("user", "unknown"))
        report.equal(f"{step}: owner after it", owner_of(records.snapshot(f"{step}-over"), address), "none")
