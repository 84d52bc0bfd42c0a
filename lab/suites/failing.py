# SPDX-License-Identifier: GPL-2.0-or-later
"""What the kernel refuses in the middle is undone; what it refuses on the way back is said and done later."""

from claims import DONE, FAILED, NO_OVERRIDE, ROLLED_BACK, check_tests, claims, ended, has_claims, ownership, says

SOUND = "0000:00:06.0"


def check_journal(report, records):
    """The claim is still there and has the step that waits."""
    listed = claims(records, "probe.list") or [{"state": None, "steps": []}]
    waiting = {step["step"]["address"] for step in listed[0]["steps"] if step["rule"] is not None}
    report.equal("probe: the journal has what is not put back", (listed[0]["state"], waiting), ("releasing", {SOUND}))


def check(case, records, report):
    if not has_claims(case, report):
        return
    check_tests(records, report, "claiming", "probe", "module")
    says(report, "claiming.claim", ended(report, records, "claiming.claim", ROLLED_BACK),
         "IOW-EXEC-REFUSED", "0000:01:00.0")

    ended(report, records, "probe.claim", DONE)
    says(report, "probe.release", ended(report, records, "probe.release", FAILED), SOUND, "snd_ens1370",
         "release --resume")
    before, left = ownership(records, "probe.before"), ownership(records, "probe.open")
    report.equal("probe: it had its driver, and has none now", (before[SOUND], left[SOUND]),
                 (("snd_ens1370", NO_OVERRIDE), ("-", NO_OVERRIDE)))
    check_journal(report, records)
    ended(report, records, "probe.resume", DONE)

    ended(report, records, "module.claim", DONE)
    ended(report, records, "module.release", DONE)
