#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sums of rows over runs, and which of them a long run complains of."""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
LAB = Path(sys.argv.pop(1))
sys.path.insert(0, str(LAB))

from differ import rows

RUN = "3\t0\topen\t\tgone\t-19\n0\t1\topen\ta file\tit failed\t0\n0\t2\topen\t\t\t0\n"


def reasons(*lines):
    return rows.read_reasons("# of people\n\n" + "".join(f"{line}\n" for line in lines))


class Rows(unittest.TestCase):
    def setUp(self):
        self.times = rows.read_times(RUN)
        self.gone, self.failed, self.fine = self.times

    def test_sums_over_runs(self):
        other = rows.read_times(RUN.replace("0\t2\topen", "5\t2\topen"))
        self.assertEqual(list(rows.total([self.times, other]).values()), [6, 0, 5])

    def test_reasons_fit_by_pattern_and_spell_nothing_as_a_dash(self):
        reason, = reasons("op?n | a * | it failed | 0 | room | for all")
        self.assertEqual(reason.text, "room | for all")
        self.assertTrue(reason.fits(self.failed))
        self.assertFalse(reason.fits(self.fine))
        self.assertTrue(reasons("open | - | - | 0 | x")[0].fits(self.fine))

    def test_complains_of_a_row_without_reason(self):
        told = rows.complaints(self.times, reasons("open | a file | it failed | 0 | room"))
        self.assertEqual(told, ["never exercised, no reason given: open | - | - | 0"])

    def test_complains_of_a_reason_for_what_was_exercised(self):
        told = rows.complaints(self.times, reasons("open | * | * | * | never"))
        self.assertEqual(told, ["a reason of rows that were exercised: open | * | * | *"])

    def test_a_reason_may_be_of_one_of_two_that_read_alike(self):
        times = rows.read_times(RUN + "0\t3\topen\t\tgone\t-19\n")
        self.assertEqual(rows.complaints(times, reasons("open | - | gone | -19 | old", "open | * | * | 0 | room")), [])

    def test_complains_of_a_reason_of_no_row(self):
        told = rows.complaints(self.times, reasons("open | * | * | 0 | room", "shut | - | - | 0 | old"))
        self.assertEqual(told, ["a reason of no row: shut | - | - | 0"])

    def test_table_has_the_reason_beside_the_row(self):
        lines = rows.table(self.times, reasons("open | a file | * | 0 | room")).splitlines()
        self.assertEqual(lines, ["3\topen | - | gone | -19", "0\topen | a file | it failed | 0\troom",
                                 "0\topen | - | - | 0\tno reason given"])

    def test_the_reasons_that_are_kept_can_be_read(self):
        self.assertTrue(rows.read_reasons((LAB / "differ" / "unexercised").read_text()))


unittest.main()
