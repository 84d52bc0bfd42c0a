#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A kernel that is made up disagrees when it is asked certain steps; the shrinker finds just those."""

import random
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv.pop(1))

from differ import shrink


def in_order(wanted, steps):
    rest = iter(steps)
    return all(step in rest for step in wanted)


class Minimal(unittest.TestCase):
    def shrunk(self, steps, bad):
        self.boots = 0

        def disagree(candidates):
            self.boots += 1
            return [bad(candidate) for candidate in candidates]
        return shrink.minimal(steps, disagree)

    def test_nothing_can_be_spared(self):
        self.assertEqual(self.shrunk(list("ab"), lambda steps: in_order("ab", steps)), list("ab"))

    def test_one_step_remains(self):
        self.assertEqual(self.shrunk(list("abcdefgh"), lambda steps: "f" in steps), ["f"])

    def test_few_boots_for_many_steps(self):
        steps = [str(i) for i in range(20)]
        self.assertEqual(self.shrunk(steps, lambda steps: in_order(["3", "11", "19"], steps)), ["3", "11", "19"])
        self.assertLessEqual(self.boots, 12)

    def test_one_of_two_that_cannot_go_together(self):
        shrunk = self.shrunk(list("xaby"), lambda steps: "x" in steps and ("a" in steps or "b" in steps))
        self.assertEqual(len(shrunk), 2)
        self.assertIn("x", shrunk)

    def test_any_order_that_disagrees_ends_where_no_step_can_go(self):
        lot = random.Random(1)
        for _ in range(200):
            steps = [lot.choice("abc") for _ in range(12)]
            wanted = [lot.choice("abc") for _ in range(3)]
            bad = lambda some: in_order(wanted, some)
            if bad(steps):
                self.assertEqual(self.shrunk(steps, bad), wanted)

    def test_where_asking_again_agrees_nothing_is_spared(self):
        self.assertEqual(self.shrunk(list("abc"), lambda steps: False), list("abc"))


class ByBoots(unittest.TestCase):
    """A guest answers in order and stops at the first sequence that has a "crash"."""

    def setUp(self):
        self.boots = []

    def boot(self, asked):
        self.boots.append(list(asked))
        told = {}
        for number, steps in asked.items():
            told[number] = "bad" in steps or "crash" in steps
            if "crash" in steps:
                break
        return told

    def ask(self, *candidates):
        return shrink.by_boots(self.boot)([candidate.split() for candidate in candidates])

    def test_all_in_one_boot(self):
        self.assertEqual(self.ask("a", "bad", "b"), [False, True, False])
        self.assertEqual(self.boots, [[0, 1, 2]])

    def test_after_a_stop_the_rest_is_asked_again(self):
        self.assertEqual(self.ask("a", "crash", "b", "crash", "bad"), [False, True, False, True, True])
        self.assertEqual(self.boots, [[0, 1, 2, 3, 4], [2, 3, 4], [4]])

    def test_no_candidates_no_boot(self):
        self.assertEqual(self.ask(), [])
        self.assertEqual(self.boots, [])

    def test_a_guest_that_comes_to_nothing_is_not_booted_for_ever(self):
        self.assertEqual(shrink.by_boots(lambda asked: {})([["a"], ["b"]]), [False, False])

    def test_boots_are_bounded(self):
        answers = self.ask(*["crash"] * (shrink.MOST_BOOTS + 3))
        self.assertEqual(answers, [True] * shrink.MOST_BOOTS + [False] * 3)

    def test_minimal_over_a_kernel_that_dies(self):
        shrunk = shrink.minimal("a b crash c d".split(), shrink.by_boots(self.boot))
        self.assertEqual(shrunk, ["crash"])


unittest.main()
