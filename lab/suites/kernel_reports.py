# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel found no fault with itself: neither its warnings nor, where it has them, its checks of locks and memory."""

import re

REPORT = re.compile(r"^(?:kernel BUG|BUG|WARNING|INFO|UBSAN|ODEBUG|Oops|list_\w+ corruption)\b.*", re.M)


def check(case, records, report):
    seen = REPORT.findall(records.text("dmesg"))
    report.that("the kernel reports nothing against itself", not seen, "; ".join(seen), "nothing")
