# SPDX-License-Identifier: GPL-2.0-or-later
"""A physical function with virtual ones is refused; without them, and a virtual one alone, it is handed over."""

from claims import DONE, REFUSED, check_tests, ended, has_claims, held, ownership, says, unchanged


def check(case, records, report):
    if not has_claims(case, report):
        return
    check_tests(records, report, "physical", "refused", "virtual")
    for test, function in {"physical": "01:00.0", "virtual": "01:00.1"}.items():
        ended(report, records, f"{test}.claim", DONE)
        held(report, records, test, (function,))
        ended(report, records, f"{test}.release", DONE)
    says(report, "refused.claim", ended(report, records, "refused.claim", REFUSED),
         "IOW-USE-VIRTUAL-FUNCTIONS", "0000:01:00.0")
    unchanged(report, "refused: nothing is changed", ownership(records, "refused.refused"),
              ownership(records, "refused.before"))
