# SPDX-License-Identifier: GPL-2.0-or-later
"""A machine recorded by the shell script answers as the live one did."""

from replay import check_recording


def check(case, records, report):
    check_recording(case, records, report, f"{case.name}-shell.tar.zst")
