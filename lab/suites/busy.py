# SPDX-License-Identifier: GPL-2.0-or-later
"""A group whose member is in use is refused with the reason, and stays as it is."""

from claims import REFUSED, check_tests, ended, has_claims, ownership, says, unchanged


def check(case, records, report):
    if not has_claims(case, report):
        return
    check_tests(records, report, "interface", "mounted")
    wanted = {
        "interface": ("IOW-USE-NETWORK", "0000:01:00.1", records.text("interface")),
        "mounted": ("IOW-USE-MOUNT", "0000:01:00.2", records.text("disk"), "/run/data"),
    }
    for test, words in wanted.items():
        says(report, f"{test}.claim", ended(report, records, f"{test}.claim", REFUSED), *words)
        unchanged(report, f"{test}: refused, nothing is changed", ownership(records, f"{test}.refused"),
                  ownership(records, f"{test}.before"))
    report.equal("mounted: its files can be read", records.text("file"), "kept")
