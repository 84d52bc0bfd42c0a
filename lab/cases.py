# SPDX-License-Identifier: GPL-2.0-or-later
"""lab/cases.json: which topology boots with which kernel, IOMMU, kernel parameters and suites."""

import itertools
import json
import random
from dataclasses import dataclass
from pathlib import Path

import guestvm
import kernelimage
import kernelmodule

LAB = Path(__file__).resolve().parent
SHELL_CAPTURE = LAB.parent / "tools" / "ioward-capture.sh"
BOOT_TIMEOUT = 900.0
LONG_BOOT_TIMEOUT = 3600.0
LONG_SUITE = 1000000  # seconds of a guest whose clock runs ahead
SEEDS_APART = 1000


@dataclass(frozen=True)
class Case:
    name: str
    about: str
    kernel: str
    iommu: str
    topology: guestvm.Topology
    append: str
    suites: tuple
    groups: list | None  # wanted at boot; None when the case cannot tell
    only_long: bool
    build: Path
    ioward: Path | None
    seed: int | None  # None: the guest draws one
    sequences: int | None  # to be drawn; None: what the suite is used to
    timeless: bool

    @property
    def logs(self):
        return self.build / "lab" / "logs" / self.name

    @property
    def captures(self):
        return self.build / "lab" / "captures"

    @property
    def drivers(self):
        """The lab's own, built for this kernel; or None."""
        return kernelmodule.path(self.kernel, self.build)

    def boot(self, suites, folder, **settings):
        """With its suites' records and its output in the folder."""
        with open(folder / "output", "wb") as stream:
            return guestvm.boot(self.command(suites, settings), self.kernel, self.topology, self.iommu, self.append,
                                LONG_BOOT_TIMEOUT if self.only_long else BOOT_TIMEOUT, self.build, folder, stream, self.timeless)

    def command(self, suites, settings):
        settings = {"DMA_TEST": self.build / "lab" / "dma-test", "IOWARD": self.ioward, "IOWARD_CAPTURE": SHELL_CAPTURE,
                    "LAB_SEED": self.seed, "LAB_SEQUENCES": self.sequences,
                    "LAB_DRIVERS": self.drivers, "LAB_LONGEST": LONG_SUITE if self.timeless else None, **settings}
        assignments = " ".join(f"{name}='{'' if value is None else value}'" for name, value in settings.items())
        return f"{assignments} '{LAB}/guest/suite.sh' {' '.join(suites)}"

    def parts(self):
        """What it tests, or is tested by."""
        programs = ("dma-test", "peer-dma", "differ-agent", "differ-model")
        return [self.ioward, *(self.build / "lab" / name for name in programs), SHELL_CAPTURE, *LAB.rglob("*"),
                kernelimage.home(self.kernel, self.build) / kernelimage.RECORD]


def read(build, seed, run_seed):
    """seed: what was asked for, or None; run_seed: what the pieces of a long case draw theirs from."""
    cases = {}
    for row in json.loads((LAB / "cases.json").read_text()):
        for case in cases_of(row, build, seed, run_seed):
            if case.name in cases:
                raise kernelimage.LabError(f"two cases are called {case.name}")
            cases[case.name] = case
    return list(cases.values())


def cases_of(row, build, seed, run_seed):
    """A case of many sequences is cut into pieces: a boot each, with a seed of its own."""
    ioward = build / "src" / "cli" / "ioward"
    ways = itertools.product(row["kernels"], row["iommus"], row["topologies"].items(), pieces_of(row))
    for kernel, iommu, (topology_name, suites), piece in ways:
        topology = guestvm.load_topology(topology_name)
        name = "-".join(part for part in (kernel, topology_name, "" if iommu == "intel" else iommu,
                                          row.get("label", ""), f"{piece:02}" if piece else "") if part)
        yield Case(name, row["about"], kernel, iommu, topology, row.get("append", ""), tuple(suites),
                   None if row.get("any_groups") else row.get("groups", topology.groups), row.get("long", False),
                   build, ioward if ioward.exists() else None, run_seed * SEEDS_APART + piece if piece else seed,
                   row.get("sequences"), row.get("timeless", False))


def pieces_of(row):
    return range(1, row["pieces"] + 1) if "pieces" in row else [None]


def seed_of_run(build, seed, resume):
    """Drawn anew for every run, but for one that goes on with another: till that is done, it is kept."""
    path = seed_file(build)
    if seed is not None:
        return seed
    if resume and path.exists():
        return int(path.read_text())
    drawn = random.randrange(1, 10**6)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{drawn}\n")
    return drawn


def seed_file(build):
    return build / "lab" / "seed"
