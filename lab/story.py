# SPDX-License-Identifier: GPL-2.0-or-later
"""The story of `make demo`, and what the README shows of it."""

import re
import subprocess
from pathlib import Path

LAB = Path(__file__).resolve().parent
SCRIPT = LAB / "demo.sim"
README = LAB.parent / "README.md"
TOPOLOGY = "card"
TOPOLOGY_FILE = LAB / "topologies" / f"{TOPOLOGY}.json"
MARKER = "<!-- demo -->"


def simulated(ioward, kernel):
    """The story on a simulated machine: how it ended, what it printed."""
    with open(SCRIPT, "rb") as script:
        run = subprocess.run([ioward, "sim", TOPOLOGY_FILE, "--echo", "--kernel", kernel], stdin=script,
                             stdout=subprocess.PIPE, timeout=60, check=False)
    return run.returncode, run.stdout


def calls(transcript):
    """What each call of ioward printed: [(line, [line, ...]), ...]."""
    found = []
    wanted = False
    for line in normal(transcript):
        if re.match(r"\w*\$ |# ", line):
            wanted = line.startswith("$ ioward")
            if wanted:
                found.append((line, []))
        elif wanted:
            found[-1][1].append(line)
    return found


def readme_blocks(text):
    """The lines between the two "```" after each marker."""
    blocks = []
    for part in text.split(MARKER)[1:]:
        _, fence, rest = part.partition("```")
        block, end, _ = rest.partition("\n```")
        blocks.append(block.splitlines()[1:] if fence and end else [])
    return blocks


def normal(lines):
    """What may differ from one telling to the next: the numbers of processes."""
    return [re.sub(r"\bprocess \d+", "process N", line.rstrip()) for line in lines]


def missing_line(block, transcript):
    """None when the block is a part of the transcript, word for word; else the first line that is not."""
    block, transcript = normal(block), normal(transcript)
    longest = 0
    for start in range(len(transcript)):
        length = 0
        while length < len(block) and transcript[start + length:start + length + 1] == block[length:length + 1]:
            length += 1
        longest = max(longest, length)
    return None if block and longest == len(block) else (block + ["an empty block"])[longest]
