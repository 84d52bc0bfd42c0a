# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel and the model (src/front) answer every random sequence of calls alike, step by step."""

from differ import figures, shrink
from differ.answers import Model, last_begun, read_answers, read_sequences, spared_by_model, text_of, verdicts

STEP = " " * 4
MOST_SHRUNK = 2  # of one boot: what disagrees often disagrees for one reason


def check(case, records, report):
    model = Model(case.build / "lab" / "differ-model", records.folder / "machine")
    if records.text("memory"):
        report.that("the kernel's memory is compared", "built memory" in records.text("machine").splitlines(), "it is not",
                    "built memory")
    sequences = read_sequences(records.text("sequences"))
    kernel, returns = read_answers(records.text("answers"))
    models, _ = read_answers(model.answers(sequences, records.folder / "rows"))
    seed, bad = records.text("seed"), []
    asked = [number for number in sequences if number in kernel]
    report.equal("every sequence was asked", len(asked), len(sequences))
    for number in asked:
        seen, wanted = kernel[number], models[number]
        report.that(f"sequence {number} of seed {seed}: the kernel and the model agree", seen == wanted,
                    *disagreement(model, number, sequences[number], seen, wanted))
        report.equal(f"sequence {number} of seed {seed}: the machine is as before", returns.get(number), "clean")
        if seen != wanted or returns.get(number) != "clean":
            bad.append(number)
    figures.write(case, records, {"sequences": len(asked), "steps": sum(len(kernel[number]) for number in asked),
                                  "disagreements": len(bad)})
    for number in bad[:MOST_SHRUNK]:
        keep_shrunk(case, records, model, number, sequences[number], f"seed {seed}")


def stopped(case, output):
    """The guest ended in the middle, and its records with it. In which sequence, and where that is now."""
    begun = last_begun(output)
    if not begun:
        return "before the first sequence"
    number, steps = begun
    path = candidate(case, number, "the guest stopped at the last step, or while its machine was put back", steps)
    return f"in sequence {number}, at step {len(steps) - 1}: lab/keep {path}"


def disagreement(model, number, sequence, seen, wanted):
    """What the kernel and the model say at the first step where they differ, and how to get there."""
    if seen == wanted:
        return "", ""
    step = next((i for i, (one, other) in enumerate(zip(seen, wanted)) if one != other), len(seen))
    if step == len(seen):
        return f"the kernel's answers end at step {step}", "all answered"
    way = "".join(f"\n{STEP * 2}{line}" for line in spared_by_model(model, number, sequence[:step + 1]))
    return f"at step {step}, kernel {seen[step]}", f"model {wanted[step]}{way}"


def keep_shrunk(case, records, model, number, sequence, origin):
    """Shrinks what disagreed on the kernel itself, and leaves it where lab/keep finds it."""
    disagree = shrink.by_boots(lambda asked: again(case, records.folder.name, model, asked))
    still, = disagree([sequence])
    steps = shrink.minimal(sequence, disagree) if still else sequence
    note = "as few steps as disagree" if still else "whole, since it did not disagree when it was asked alone"
    path = candidate(case, number, f"{origin}: {note}", steps)
    print(f"{case.name}: sequence {number}, {note}:\n{''.join(f'{STEP}{step}' + chr(10) for step in steps)}"
          f"{STEP}lab/keep {path}", flush=True)


def candidate(case, number, note, steps):
    """A block that lab/keep takes."""
    folder = case.build / "lab" / "disagreements"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{case.name}.{number}"
    path.write_text(f"# {case.topology.name} on {case.kernel}: {note}\n{text_of({number: steps})}")
    return path


def again(case, suite, model, sequences):
    """Boots once more and asks only these: which disagree, of those that the guest came to."""
    folder = case.logs / f"{suite}-again"
    folder.mkdir(exist_ok=True)
    asked = folder / "asked"
    asked.write_text(text_of(sequences))
    outcome = case.boot([suite], folder, LAB_ASKED=asked)
    answers = folder / suite / "answers"
    return verdicts(model, sequences, answers.read_text() if outcome.code == 0 else "", (folder / "output").read_text())
