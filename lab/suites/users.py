# SPDX-License-Identifier: GPL-2.0-or-later
"""What real users of VFIO asked of the kernel: the model (src/front) answers the same, and so looks the machine.

Each scene is a sequence for the model, made from what strace saw (usersteps.py). Compared are the answer of
every step, and at each look the functions' drivers, the groups' members, types and nodes, and which calls
had not ended.
"""

from collections import Counter
from dataclasses import dataclass, field

import usersteps
from differ.answers import Model, read_answers, spared_by_model
from straced import NotUnderstood

WAITS = "waits"


@dataclass(frozen=True)
class Scene:
    """What it is about: answers that some step of it must have had, and words that a user must have said."""
    answers: tuple = ()  # (call, answer)
    words: dict = field(default_factory=dict)  # by user
    waits: int = 0  # most calls that had not ended at a look


SCENES = {
    "qemu": Scene((("device", "0"), ("hot_reset", "22"), ("bind", "16"), ("unbind", "0")), waits=1),
    "testpmd": Scene((("device", "0"), ("bind", "16"), ("unbind", "0")), waits=1),
    "two_users": Scene((("group", "16"), ("device", "0")),
                       {"refused": "failed to open /dev/vfio/", "refused-too": "Device or resource busy"}),
    "refused": Scene((("status", "f0"), ("group", "2")),
                     {"testpmd": "VFIO group is not viable", "qemu": "No such file or directory"}),
    "remove": Scene((("remove", "0"), ("rescan", "0")), waits=1),
    "hotplug": Scene((("unset_container", "0"), ("status", "f0"), ("device", "0")), {"plugged": "is not viable"}),
    "killed": Scene((("group", "0"), ("exit", "0"))),
    "passed": Scene((("pass", "0"), ("device", "0"), ("exit", "0"), ("unbind", "0")), waits=1),
}


def check(case, records, report):
    if records.text("missing"):
        report.skip("real users of VFIO", f"not installed: {records.text('missing')}")
        return
    machine, sequences = records.text("machine"), {}
    for name in records.text("scenes").split():
        try:
            sequences[name] = usersteps.translate(records.text(f"{name}.trace"), machine)
        except NotUnderstood as error:
            report.that(f"{name}: the trace is understood", False, error, "no call that nobody knows")
    model = Model(case.build / "lab" / "differ-model", records.folder / "machine")
    numbered = {i: [step.text for step in sequence.steps] for i, sequence in enumerate(sequences.values())}
    told, _ = read_answers(model.answers(numbered, records.folder / "rows"))
    for i, (name, sequence) in enumerate(sequences.items()):
        check_scene(name, sequence, Answers(told[i]), machine_of(machine), records, report,
                    lambda steps, i=i: spared_by_model(model, i, steps))
    print(figures(case, sequences.values()))


class Answers:
    """The model's: what each step came to in the end, what was seen after it, which had not ended then."""

    def __init__(self, lines):
        self.codes, self.seen, self.pending = [], [], [set()]
        for i, line in enumerate(lines):
            answer, functions, groups = line.split(" |")[:3]
            code, *ended = answer.split()
            self.codes.append(code)
            self.seen.append(f"{drivers_of(functions)} | {nodes_of(groups)}")
            pending = self.pending[-1] | ({i} if code == WAITS else set())
            for word in ended:
                step, _, late = word.partition(":")
                self.codes[int(step)] = late
                pending = pending - {int(step)}
            self.pending.append(pending)


def drivers_of(functions):
    return " ".join(word.partition("/")[0] for word in functions.split())


def nodes_of(groups):
    """Members, type and whether there is a node; not what opening it would answer, since nobody tries that."""
    return " ".join("/".join((members, kind, "-" if node == "-" else "node"))
                    for members, kind, node in (word.split("/", 2) for word in groups.split()))


def check_scene(name, sequence, model, machine, records, report, shorten):
    steps = sequence.steps
    answers = [WAITS if step.ended is None else step.answer for step in steps]
    wrong = next((i for i, seen in enumerate(answers) if seen is not None and seen != model.codes[i]), None)
    if wrong is None:
        report.equal(f"{name}: the kernel and the model agree", len(answers), len(model.codes))
    else:
        way = "".join(f"\n        {line}" for line in shorten([step.text for step in steps[:wrong + 1]]))
        report.that(f"{name}: the kernel and the model agree", False, f"at step {wrong}, kernel {answers[wrong]}",
                    f"model {model.codes[wrong]}{way}")
    for look in sequence.looks:
        report.equal(f"{name}: the machine at look {look.number}", seen_at(look, name, machine, records),
                     model.seen[look.after - 1])
        report.equal(f"{name}: what waits at look {look.number}", texts(steps, look.pending(steps)),
                     texts(steps, model.pending[look.after]))
    check_meaning(name, sequence, answers, records, report)


def texts(steps, numbers):
    return [steps[i].text for i in sorted(numbers)]


def check_meaning(name, sequence, answers, records, report):
    """The scene did come to what it is for."""
    scene, steps = SCENES[name], sequence.steps
    met = {(call_of(step), answer) for step, answer in zip(steps, answers)}
    for call, answer in scene.answers:
        report.that(f"{name}: some {call} is answered {answer}", (call, answer) in met,
                    sorted(other for word, other in met if word == call and other), answer)
    for user, words in scene.words.items():
        said = records.text(f"{name}.{user}")
        report.that(f"{name}: {user} says why", words in said, said[-400:], words)
    waiting = max((len(look.pending(steps)) for look in sequence.looks), default=0)
    report.equal(f"{name}: most calls that wait", waiting, scene.waits)


def call_of(step):
    words = step.text.split()
    return words[2] if words[1] == "malformed" else words[1]


@dataclass(frozen=True)
class Machine:
    functions: list
    groups: list


def machine_of(text):
    words = [line.split() for line in text.splitlines()]
    return Machine([line[1] for line in words if line[0] == "function"],
                   [line[1] for line in words if line[0] == "group"])


def seen_at(look, name, machine, records):
    """As the model tells it."""
    functions = by_first_word(records.text(f"{name}.{look.number}.functions"))
    groups = by_first_word(records.text(f"{name}.{look.number}.groups"))
    drivers = [functions.get(address, ("-", "-"))[1] for address in machine.functions]
    words = []
    for number in machine.groups:
        members = sum(1 << i for i, address in enumerate(machine.functions)
                      if functions.get(address, ("-",))[0] == number)
        kind, node = groups.get(number, ("-", "-"))
        words.append(f"{members:x}/{kind}/{node if node == '-' else 'node'}")
    return f"{' '.join(drivers)} | {' '.join(words)}"


def by_first_word(text):
    return {line.split()[0]: line.split()[1:] for line in text.splitlines()}


def figures(case, sequences):
    left_out = sum((sequence.left_out for sequence in sequences), Counter())
    steps = sum(len(sequence.steps) for sequence in sequences)
    looks = sum(len(sequence.looks) for sequence in sequences)
    return (f"figures: {case.name}: real users of VFIO, {steps} calls and {looks} looks compared, "
            f"{left_out.total()} calls of {len(left_out)} kinds left out")
