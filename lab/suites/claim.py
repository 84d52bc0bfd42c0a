# SPDX-License-Identifier: GPL-2.0-or-later
"""Whole groups of every shape go to a user, who does DMA, and come back as they were."""

from assertions import has_status, holders_of, owner_of
from claims import DONE, REFUSED, check_tests, ended, has_claims, held, ownership, says, unchanged, verb
from records import full_address

# The group, and those of it that are bridges.
GROUPS = {
    "alone": (("02:00.0",), ()),
    "functions": (("01:00.0", "01:00.1", "01:00.2"), ()),
    "bridge": (("03:00.0", "04:01.0", "04:02.0", "04:03.0"), ("03:00.0",)),
    "port": (("00:05.0", "05:00.0"), ("00:05.0",)),
}
DMA = ("functions", "bridge")


def check(case, records, report):
    if not has_claims(case, report):
        return
    check_tests(records, report, *GROUPS, "companions")
    for test, (group, bridges) in GROUPS.items():
        dry = ended(report, records, f"{test}.dry", DONE)
        says(report, f"{test}.dry", dry, *(full_address(short) for short in group if short not in bridges))
        unchanged(report, f"{test}: a dry run changes nothing", ownership(records, f"{test}.dry"),
                  ownership(records, f"{test}.before"))
        ended(report, records, f"{test}.claim", DONE)
        held(report, records, test, group, bridges)
        snapshot = records.snapshot(f"{test}.held")
        if has_status(report, snapshot):
            address = full_address(group[-1])
            report.equal(f"{test}: nobody has it open yet", (owner_of(snapshot, address), holders_of(snapshot, address)),
                         ("none", []))
        ended(report, records, f"{test}.release", DONE)
    for test in DMA:
        report.equal(f"{test}: the user's DMA passes the IOMMU and nothing else does",
                     (records.text(f"{test}.dma.exit"), records.text(f"{test}.dma.output")),
                     ("0", "DMA goes through the IOMMU\nholding"))

    refused = ended(report, records, "companions.claim", REFUSED)
    says(report, "companions.claim", refused, "IOW-PLAN-COMPANIONS", "0000:04:01.0", "0000:04:03.0", "--with-group")

    history = verb(records, "history")
    for kind in ("claimed", "released"):
        report.that(f"the history has each group {kind}", history.out.count(kind) >= len(GROUPS), history.said, kind)
