# SPDX-License-Identifier: GPL-2.0-or-later
"""Killed anywhere, ioward leaves nothing behind that its next call does not put back."""

from claims import DONE, VFIO, check_tests, ended, has_claims, ownership, states, unchanged

KILLED = 128 + 9
TESTS = [f"{what}-{number}" for what in ("claim", "release") for number in range(5)]
MEMBERS = ("0000:04:01.0", "0000:04:02.0", "0000:04:03.0")


def check(case, records, report):
    if not has_claims(case, report):
        return
    check_tests(records, report, *TESTS)
    early = 0
    for test in TESTS:
        killed = ended(report, records, f"{test}.killed", KILLED, DONE)
        early += killed.code == KILLED
        ended(report, records, f"{test}.resume", DONE)
        resumed, before = ownership(records, f"{test}.resumed"), ownership(records, f"{test}.before")
        listed = states(records, f"{test}.list")
        if listed:
            report.equal(f"{test}: what is still claimed is whole", (listed, {resumed[one] for one in MEMBERS}),
                         (["held"], {(VFIO, VFIO)}))
            ended(report, records, f"{test}.release", DONE)
        else:
            unchanged(report, f"{test}: resumed, all is as before", resumed, before)
    report.that(f"it was killed at work, seed {records.text('seed')}", early >= len(TESTS) // 2, early,
                f"most of {len(TESTS)} times")
