# SPDX-License-Identifier: GPL-2.0-or-later
"""What all runs of the differential test came to together, those that passed before included."""

import json
from collections import Counter
from pathlib import Path

from differ import rows
from report import Report

REASONS = Path(__file__).resolve().parent / "unexercised"
COUNTED = ("sequences", "steps", "disagreements")


def write(case, records, counts):
    """Beside the file rows of a suite's records."""
    (records.folder / "figures.json").write_text(json.dumps({"kernel": case.kernel, **counts}))


def summarize(cases, build, complete):
    """Tells the sums. When complete, what no run exercised needs a reason."""
    folders = [case.logs / suite for case in cases for suite in case.suites
               if (case.logs / suite / "figures.json").exists()]
    report = Report()
    if not folders:
        return report
    for kernel, counts in sorted(by_kernel(folders).items()):
        print(f"figures: differ on {kernel}: {counts['sequences']} sequences, {counts['steps']} steps compared, "
              f"{counts['disagreements']} disagreements, {counts['boots']} boots")
    times = rows.total(rows.read_times((folder / "rows").read_text()) for folder in folders)
    reasons = rows.read_reasons(REASONS.read_text())
    path = Path(build) / "lab" / "differ-rows"
    path.write_text(rows.table(times, reasons))
    print(f"figures: differ: {sum(map(bool, times.values()))} of {len(times)} rows exercised, see {path}")
    if complete:
        for complaint in rows.complaints(times, reasons):
            report.that("every row is exercised, or it is said why not", False, complaint, f"see {REASONS}")
        report.that("there are rows", bool(times), "none", "some")
    return report


def by_kernel(folders):
    sums = {}
    for folder in folders:
        told = json.loads((folder / "figures.json").read_text())
        counts = sums.setdefault(told["kernel"], Counter())
        counts["boots"] += 1
        for name in COUNTED:
            counts[name] += told[name]
    return sums
