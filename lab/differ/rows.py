# SPDX-License-Identifier: GPL-2.0-or-later
"""How often each row of the model's table decided what a kernel was asked too, and why some never did."""

import fnmatch
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    number: int
    stage: str
    tries: str
    when: str
    code: str

    def __str__(self):
        return f"{self.stage} | {self.tries or '-'} | {self.when or '-'} | {self.code}"


@dataclass(frozen=True)
class Reason:
    """Patterns (* and ?) of a row's stage, what it tries and its condition, and what keeps kernels from it."""
    stage: str
    tries: str
    when: str
    code: str
    text: str

    def fits(self, row):
        return all(fnmatch.fnmatchcase(seen or "-", pattern)
                   for seen, pattern in ((row.stage, self.stage), (row.tries, self.tries),
                                         (row.when, self.when), (row.code, self.code)))

    def __str__(self):
        return f"{self.stage} | {self.tries} | {self.when} | {self.code}"


def read_times(text):
    """By row: how often."""
    times = {}
    for line in text.splitlines():
        count, number, stage, tries, when, code = line.split("\t")
        times[Row(int(number), stage, tries, when, code)] = int(count)
    return times


def read_reasons(text):
    """A line each: STAGE | TRIES | WHEN | CODE | REASON; # begins a comment."""
    return [Reason(*(part.strip() for part in line.split("|", 4)))
            for line in text.splitlines() if line.strip() and not line.startswith("#")]


def total(runs):
    times = {}
    for run in runs:
        for row, count in run.items():
            times[row] = times.get(row, 0) + count
    return times


def table(times, reasons):
    """Each row, how often, and beside one that never was, why."""
    lines = []
    for row, count in sorted(times.items(), key=lambda item: item[0].number):
        why = "" if count else next((reason.text for reason in reasons if reason.fits(row)), "no reason given")
        lines.append("\t".join((str(count), str(row), why)).rstrip() + "\n")
    return "".join(lines)


def complaints(times, reasons):
    """Rows that never were without a reason; reasons of rows that were, or of none. What an older and a newer kernel do
    at different places are two rows that read alike: a reason may be of one of them."""
    idle = {str(row) for row, count in times.items() if not count}
    found = [f"never exercised, no reason given: {row}" for row, count in times.items()
             if not count and not any(reason.fits(row) for reason in reasons)]
    for reason in reasons:
        fitting = {row: count for row, count in times.items() if reason.fits(row)}
        if not fitting:
            found.append(f"a reason of no row: {reason}")
        elif any(count and str(row) not in idle for row, count in fitting.items()):
            found.append(f"a reason of rows that were exercised: {reason}")
    return found
