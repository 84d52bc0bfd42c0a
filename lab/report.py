# SPDX-License-Identifier: GPL-2.0-or-later
"""The outcome of one suite in one boot: each assertion is one test with a name."""

from dataclasses import dataclass, field


@dataclass
class Report:
    passed: list = field(default_factory=list)
    failed: list = field(default_factory=list)  # (name, seen, wanted)
    skipped: list = field(default_factory=list)  # (name, reason)

    def equal(self, name, seen, wanted):
        self.that(name, seen == wanted, seen, wanted)

    def one_of(self, name, seen, wanted):
        self.that(name, seen in wanted, seen, " or ".join(str(one) for one in wanted))

    def that(self, name, holds, seen, wanted):
        if holds:
            self.passed.append(name)
        else:
            self.failed.append((name, seen, wanted))

    def skip(self, name, reason):
        self.skipped.append((name, reason))
