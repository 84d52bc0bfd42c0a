# SPDX-License-Identifier: GPL-2.0-or-later
"""A release whose user does not let go ends in time, names the user, and is finished later."""

from assertions import has_status, owner_of
from claims import DONE, PENDING, REFUSED, check_tests, ended, has_claims, says, states

# Timeout of 3 seconds; what comes after it may take two more for each step, and the guest is slow.
IN_TIME = 20.0
DEVICE = "0000:01:00.0"


def check(case, records, report):
    if not has_claims(case, report):
        return
    check_tests(records, report, "held", "device-only")
    for test in ("held", "device-only"):
        ended(report, records, f"{test}.claim", DONE)
        released = ended(report, records, f"{test}.release", PENDING)
        report.that(f"{test}: release ends in time", 3.0 <= released.seconds < IN_TIME, released.seconds, IN_TIME)
        says(report, f"{test}.release", released, "IOW-EXEC-WAITS", DEVICE, "dma-test", records.text(f"{test}.user.pid"))
        report.equal(f"{test}: the journal has it", states(records, f"{test}.list"), ["releasing"])
        snapshot = records.snapshot(f"{test}.waiting")
        report.equal(f"{test}: sysfs shows no driver meanwhile", snapshot.functions[DEVICE].driver, None)
        if has_status(report, snapshot):
            report.one_of(f"{test}: it never looks free", owner_of(snapshot, DEVICE), ("user", "unknown"))
        ended(report, records, f"{test}.again", REFUSED)
        ended(report, records, f"{test}.early", PENDING)
        report.equal(f"{test}: the user ends well", records.text(f"{test}.user.exit"), "0")
        ended(report, records, f"{test}.resume", DONE)
