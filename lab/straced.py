# SPDX-License-Identifier: GPL-2.0-or-later
"""What strace wrote down (-f -y -X raw -o), as calls in the order in which they began."""

import errno
import re
from dataclasses import dataclass

WHOLE = re.compile(r"(\d+) +(\w+)\((.*?)(?: <unfinished \.\.\.>)?\)\s+= (.*)")
BEGUN = re.compile(r"(\d+) +(\w+)\((.*?),? *<unfinished \.\.\.>")
RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)\)\s+= (.*)")
OVER = re.compile(r"(\d+) +\+\+\+ (exited|killed|superseded) .*")
SIGNAL = re.compile(r"\d+ +--- .* ---")
RESULT = re.compile(r"(-?\d+|0x[0-9a-f]+)\b(?: ([A-Z]\w*) \()?")


class NotUnderstood(Exception):
    """The trace has what the reader does not know; nothing is left out in silence."""


@dataclass
class Call:
    thread: int
    name: str  # "over" for the end of a thread
    arguments: str
    begun: int  # lines of the trace
    ended: int | None = None
    value: int | None = None  # None: it never returned
    error: int = 0

    @property
    def succeeded(self):
        return self.value is not None and not self.error

    def end(self, line, result):
        match = RESULT.match(result)
        self.ended = line
        if match:
            self.value = int(match[1], 0)
            self.error = getattr(errno, match[2]) if match[2] else 0


def read_calls(text):
    calls, open_calls = [], {}
    for number, line in enumerate(text.splitlines(), 1):
        if match := RESUMED.fullmatch(line):
            call = open_calls.pop(int(match[1]), None)
            if call is None or call.name != match[2]:
                raise NotUnderstood(f"line {number} resumes what was not begun: {line}")
            call.arguments += match[3]
            call.end(number, match[4])
        elif match := WHOLE.fullmatch(line):
            calls.append(Call(int(match[1]), match[2], match[3], number))
            calls[-1].end(number, match[4])
        elif match := BEGUN.fullmatch(line):
            calls.append(Call(int(match[1]), match[2], match[3], number))
            open_calls[int(match[1])] = calls[-1]
        elif match := OVER.fullmatch(line):
            calls.append(Call(int(match[1]), "over", "", number, number))
        elif not SIGNAL.fullmatch(line):
            raise NotUnderstood(f"line {number}: {line}")
    return calls
