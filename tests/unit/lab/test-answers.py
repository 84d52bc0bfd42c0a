#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a guest left behind, whole or broken off, against a model that is made up."""

import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv.pop(1))

from differ.answers import last_begun, read_answers, read_sequences, spared_by_model, text_of, verdicts


class Sum:
    """Its answer to a step is the sum of all till then; "w N" waits, and a later "e" ends the step it began in."""

    def answers(self, sequences, rows=None):
        return "".join(f"{number}.{i} {answer} | x\n" for number, steps in sequences.items()
                       for i, answer in enumerate(self.of(steps)))

    def of(self, steps):
        total, waiting = 0, None
        for i, step in enumerate(steps):
            if step == "w":
                waiting = i
                yield "waits"
            elif step == "e":
                yield "0" if waiting is None else f"0 {waiting}:7"
                waiting = None
            else:
                total += int(step)
                yield str(total)


def told(*lines):
    return "".join(f"{line}\n" for line in lines)


class Answers(unittest.TestCase):
    def test_sequences_and_back(self):
        sequences = {3: ["1", "2"], 4: ["w"]}
        self.assertEqual(read_sequences("# why\n" + text_of(sequences)), sequences)

    def test_answers_by_sequence_and_what_came_back(self):
        answers, returns = read_answers(told("3.0 1 | x", "3.1 3 | x", "3 clean", "4.0 waits | x", "4 dirty"))
        self.assertEqual(answers, {3: ["1 | x", "3 | x"], 4: ["waits | x"]})
        self.assertEqual(returns, {3: "clean", 4: "dirty"})

    def test_where_a_guest_stopped(self):
        self.assertIsNone(last_begun("a complaint\n"))
        self.assertEqual(last_begun(told("sequence 3", "0 dup 1", "sequence 12", "0 a", "1 b c", "panic")),
                         (12, ["0 a", "1 b c"]))

    def test_verdicts(self):
        sequences = {0: ["1", "1"], 1: ["1", "1"], 2: ["1"], 3: ["1"]}
        answers = told("0.0 1 | x", "0.1 2 | x", "0 clean", "1.0 1 | x", "1.1 3 | x", "1 clean", "2.0 1 | x", "2 dirty")
        self.assertEqual(verdicts(Sum(), sequences, answers, told("sequence 2", "1")), {0: False, 1: True, 2: True})

    def test_a_guest_without_records_still_tells_where_it_stopped(self):
        self.assertEqual(verdicts(Sum(), {0: ["1"], 1: ["1"]}, "", told("sequence 0", "1", "sequence 1")), {1: True})

    def test_answers_that_end_early_disagree(self):
        self.assertEqual(verdicts(Sum(), {0: ["1", "1"]}, told("0.0 1 | x", "0 clean"), ""), {0: True})

    def test_the_model_spares_what_makes_no_difference(self):
        self.assertEqual(spared_by_model(Sum(), 0, ["0", "1", "w", "0", "e"]), ["w", "e"])

    def test_what_makes_a_difference_stays(self):
        self.assertEqual(spared_by_model(Sum(), 0, ["1", "2"]), ["1", "2"])


unittest.main()
