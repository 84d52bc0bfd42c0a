# SPDX-License-Identifier: GPL-2.0-or-later
"""Reading never wakes a sleeping device."""

from assertions import NO_IOWARD


def check(case, records, report):
    before = records.text("before").splitlines()
    asleep = [line for line in before if line.split()[2] == "suspended"]
    if not asleep:
        report.skip("asleep", "nothing in this machine can be suspended")
    elif not case.ioward:
        report.skip("asleep", NO_IOWARD)
    else:
        after = records.text("after").splitlines()
        # The third number is the time spent awake, so a short awakening shows too.
        report.equal("what slept still sleeps", [line for line in after if line.split()[0] in
                                                 {one.split()[0] for one in asleep}], asleep)
