# SPDX-License-Identifier: GPL-2.0-or-later
"""What the guest's suites wrote down (lab/guest/machine.sh: snapshot), as values."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Function:
    address: str
    group: int | None
    driver: str | None


@dataclass(frozen=True)
class Snapshot:
    step: str
    functions: dict  # by address, as the kernel's sysfs told
    status: dict | None  # what `ioward status --json` told; None when it was not asked
    complaint: str  # why there is no status although it was asked

    def group(self, address):
        function = self.functions.get(address)
        return function.group if function else None

    def members(self, number):
        return {function.address for function in self.functions.values() if function.group == number}

    def partition(self):
        """The kernel's groups, as a set of sets of addresses."""
        return induced_partition({address: function.group for address, function in self.functions.items()})

    def status_group(self, number):
        return next((group for group in self.status["groups"] if group["group"] == number), None)


class Records:
    """One suite's folder."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def text(self, name):
        path = self.folder / name
        return path.read_text(errors="replace").strip() if path.exists() else None

    def steps(self):
        return (self.text("steps") or "").split()

    def snapshots(self):
        return [self.snapshot(step) for step in self.steps()]

    def has(self, step):
        return (self.folder / f"{step}.functions").exists()

    def snapshot(self, step):
        functions = {}
        for line in (self.folder / f"{step}.functions").read_text().splitlines():
            address, group, driver = line.split()
            functions[address] = Function(address, None if group == "-" else int(group),
                                          None if driver == "-" else driver)
        status, complaint = self.status(step)
        return Snapshot(step, functions, status, complaint)

    def status(self, step):
        text = self.text(f"{step}.status.json")
        if text is None:
            return None, ""
        try:
            return json.loads(text), ""
        except ValueError as error:
            told = self.text(f"{step}.status.err")
            return None, f"exit code {self.text(f'{step}.status.exit')}, {error}, {told!r}"


def induced_partition(group_by_address):
    groups = {}
    for address, group in group_by_address.items():
        if group is not None:
            groups.setdefault(group, set()).add(address)
    return {frozenset(members) for members in groups.values()}


def full_address(short):
    return f"0000:{short}"
