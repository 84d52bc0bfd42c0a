# SPDX-License-Identifier: GPL-2.0-or-later
"""The story of `make demo` goes as told, as the README shows it, and as on a simulated machine."""

from assertions import NO_IOWARD
from story import README, calls, missing_line, readme_blocks, simulated

# What it is about must happen, however it is worded: refused as in use, then the kernel's EBUSY.
HAPPENS = ("(exit status 4)", "Device or resource busy", "dma-test (process ")


def check(case, records, report):
    if not case.ioward:
        report.skip("story", NO_IOWARD)
        return
    transcript = (records.text("transcript") or "").splitlines()
    for words in HAPPENS:
        report.that(f"the story has {words!r}", any(words in line for line in transcript), records.text("transcript"),
                    words)
    code, output = simulated(case.ioward, case.kernel)
    here, there = calls(transcript), calls(output.decode(errors="replace").splitlines())
    report.equal("the simulated machine tells the story to its end", code, 0)
    report.equal("ioward is called as often on the simulated machine", [line for line, _ in there],
                 [line for line, _ in here])
    for (line, printed), (_, wanted) in zip(there, here):
        report.equal(f"{line}: the same on the simulated machine", printed, wanted)
    blocks = readme_blocks(README.read_text())
    report.that("the README shows the story", blocks, "no marked block", "at least one")
    for number, block in enumerate(blocks, 1):
        report.equal(f"block {number} of the README is the story's", missing_line(block, transcript), None)
