# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel and the model (src/front) answer every random sequence of calls alike, step by step."""

import subprocess
import tempfile
from pathlib import Path

STEP = " " * 4


def check(case, records, report):
    model = Model(case.build / "lab" / "differ-model", records.folder / "machine")
    sequences = read_sequences(records.text("sequences"))
    kernel, returns = read_answers(records.text("answers"))
    models, _ = read_answers(model.answers(sequences, records.folder / "rows"))
    seed, steps = records.text("seed"), 0
    for number, sequence in sequences.items():
        if number not in kernel:
            report.skip(f"sequence {number} of seed {seed}", "the guest's time was over")
            continue
        seen, wanted = kernel[number], models[number]
        steps += len(seen)
        report.that(f"sequence {number} of seed {seed}: the kernel and the model agree", seen == wanted,
                    *disagreement(model, number, sequence, seen, wanted))
        report.equal(f"sequence {number} of seed {seed}: the machine is as before", returns.get(number), "clean")
    print(f"figures: {case.name}: seed {seed}, {len(kernel)} sequences, {steps} steps compared, "
          f"rows exercised {exercised(records.text('rows'))}")


class Model:
    def __init__(self, program, machine):
        self.program = program
        self.machine = machine

    def answers(self, sequences, rows=None):
        """What it says to the sequences; to the file rows, how often each of its rows answered."""
        with tempfile.TemporaryDirectory(prefix="ioward-differ.") as scratch:
            path = Path(scratch) / "sequences"
            path.write_text("".join(f"sequence {number}\n" + "".join(f"{step}\n" for step in steps)
                                    for number, steps in sequences.items()))
            return subprocess.run([self.program, self.machine, path, *([rows] if rows else [])],
                                  check=True, capture_output=True, text=True).stdout


def read_sequences(text):
    sequences = {}
    for line in text.splitlines():
        if line.startswith("sequence "):
            steps = sequences[int(line.split()[1])] = []
        else:
            steps.append(line)
    return sequences


def read_answers(text):
    """By sequence: its answers in order, without their numbers; and whether the machine came back."""
    answers, returns = {}, {}
    for line in text.splitlines():
        name, answer = line.split(" ", 1)
        number, dot, _ = name.partition(".")
        if dot:
            answers.setdefault(int(number), []).append(answer)
        else:
            returns[int(number)] = answer
    return answers, returns


def disagreement(model, number, sequence, seen, wanted):
    """What the kernel and the model say at the first step where they differ, and how to get there."""
    if seen == wanted:
        return "", ""
    step = next((i for i, (one, other) in enumerate(zip(seen, wanted)) if one != other), len(seen))
    if step == len(seen):
        return f"the kernel's answers end at step {step}", "all answered"
    way = "".join(f"\n{STEP * 2}{line}" for line in shrunk(model, number, sequence[:step + 1]))
    return f"at step {step}, kernel {seen[step]}", f"model {wanted[step]}{way}"


def shrunk(model, number, steps):
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


def exercised(text):
    rows = [line.split("\t") for line in text.splitlines()]
    return f"{sum(row[0] != '0' for row in rows)} of {len(rows)}"
