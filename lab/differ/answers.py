# SPDX-License-Identifier: GPL-2.0-or-later
"""Sequences of calls and what the kernel and the model answered to them (differ/language.h), as values."""

import re
import subprocess
import tempfile
from pathlib import Path


class Model:
    def __init__(self, program, machine):
        self.program = program
        self.machine = machine

    def answers(self, sequences, rows=None):
        """What it says to the sequences; to the file rows, how often each of its rows answered."""
        with tempfile.TemporaryDirectory(prefix="ioward-differ.") as scratch:
            path = Path(scratch) / "sequences"
            path.write_text(text_of(sequences))
            return subprocess.run([self.program, self.machine, path, *([rows] if rows else [])],
                                  check=True, capture_output=True, text=True).stdout

    def refusals(self, sequences):
        """What its ownership core refuses on the way: SEQUENCE.STEP ERROR RULE, a line each."""
        with tempfile.TemporaryDirectory(prefix="ioward-differ.") as scratch:
            path, rows, refusals = (Path(scratch) / name for name in ("sequences", "rows", "refusals"))
            path.write_text(text_of(sequences))
            subprocess.run([self.program, self.machine, path, rows, refusals], check=True, capture_output=True)
            return refusals.read_text()


def text_of(sequences):
    return "".join(f"sequence {number}\n" + "".join(f"{step}\n" for step in steps)
                   for number, steps in sequences.items())


def read_sequences(text):
    """By number. Lines that begin with # are for people."""
    sequences = {}
    for line in text.splitlines():
        if line.startswith("sequence "):
            steps = sequences[int(line.split()[1])] = []
        elif line and not line.startswith("#"):
            steps.append(line)
    return sequences


def read_answers(text):
    """By sequence: its answers in order, without their numbers; and whether the machine came back."""
    answers, returns = {}, {}
    for line in text.splitlines():
        name, _, answer = line.partition(" ")
        number, dot, _ = name.partition(".")
        if dot:
            answers.setdefault(int(number), []).append(answer)
        else:
            returns[int(number)] = answer
    return answers, returns


def last_begun(output):
    """The sequence at which the guest stopped, and its steps till then, by what the agent said while it asked;
    None when it began none."""
    begun = list(re.finditer(r"^sequence (\d+)$", output, re.M))
    if not begun:
        return None
    return int(begun[-1][1]), re.findall(r"^\d .+$", output[begun[-1].end():], re.M)


def verdicts(model, sequences, answers, output):
    """Of each sequence that the guest came to, whether kernel and model disagree, or it never came to its end."""
    kernel, returns = read_answers(answers)
    models, _ = read_answers(model.answers(sequences))
    told = {number: kernel[number] != models.get(number, [])
            for number in sequences if returns.get(number) == "clean" and number in kernel}
    stopped = last_begun(output)
    if stopped and stopped[0] not in told:
        told[stopped[0]] = True
    return told


def spared_by_model(model, number, steps):
    """Without the steps that, by the model, made no difference to any after them."""
    kept = list(steps)
    for i in reversed(range(len(steps) - 1)):
        fewer = kept[:i] + kept[i + 1:]
        if by_model(model, number, fewer)[i:] == by_model(model, number, kept)[i + 1:]:
            kept = fewer
    return kept


def by_model(model, number, steps):
    """Its answers, but not the steps that ended calls began in: those are numbered by what is left out."""
    answers = read_answers(model.answers({number: steps}))[0].get(number, [])
    return [[word.partition(":")[2] or word for word in answer.split(" | ")[0].split()] + answer.split(" | ")[1:]
            for answer in answers]
