# SPDX-License-Identifier: GPL-2.0-or-later
"""Two ioward at once: one waits for the other, and a group goes to one of them only."""

from claims import DONE, REFUSED, VFIO, check_tests, ended, has_claims, ownership, says, verb

CARD = ("0000:01:00.0", "0000:01:00.1", "0000:01:00.2")


def on_vfio(records, step):
    return {name for name, value in ownership(records, step).items() if value[0] == VFIO}


def check(case, records, report):
    if not has_claims(case, report):
        return
    check_tests(records, report, "different", "same", "mixed")
    for step in ("different.one", "different.two", "different.release", "same.release", "mixed.claim", "mixed.one",
                 "mixed.two", "mixed.release"):
        ended(report, records, step, DONE)
    report.equal("different: both are claimed", on_vfio(records, "different.held"), {*CARD, "0000:02:00.0"})
    report.equal("same: it is claimed", on_vfio(records, "same.held"), set(CARD))
    report.equal("mixed: one is claimed, one is released", on_vfio(records, "mixed.held"), {"0000:05:00.0"})

    report.equal("same: one wins, one is refused", sorted(verb(records, f"same.{one}").code for one in ("one", "two")),
                 [DONE, REFUSED])
    loser = next((one for one in ("same.one", "same.two") if verb(records, one).code == REFUSED), None)
    if loser:
        says(report, loser, verb(records, loser), "IOW-PLAN-CLAIMED")
