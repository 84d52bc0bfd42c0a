# SPDX-License-Identifier: GPL-2.0-or-later
"""What guest/claims.sh wrote down, and what must hold after each of its tests."""

import json
from dataclasses import dataclass

from assertions import NO_IOWARD, differing
from records import full_address

USER = 1000
VFIO = "vfio-pci"
NO_OVERRIDE = "(null)"

# ioward(1), EXIT STATUS
DONE, FAILED, REFUSED, REFUSED_ISOLATION, NOT_POSSIBLE, PENDING, ROLLED_BACK = 0, 1, 4, 5, 6, 7, 8


@dataclass(frozen=True)
class Verb:
    """One call of ioward."""
    arguments: str
    code: int | None
    out: str
    err: str
    seconds: float

    @property
    def said(self):
        return f"{self.out}\n{self.err}"


def verb(records, step):
    code = records.text(f"{step}.code")
    return Verb(records.text(f"{step}.verb") or "", None if code is None else int(code),
                records.text(f"{step}.out") or "", records.text(f"{step}.err") or "",
                int(records.text(f"{step}.elapsed") or 0) / 1e6)


def claims(records, step):
    """What `release --json` listed; None when it is no such document."""
    try:
        return json.loads(verb(records, step).out)["claims"]
    except (ValueError, KeyError):
        return None


def states(records, step):
    return [claim["state"] for claim in claims(records, step) or []]


def ownership(records, step):
    """By address (driver, driver_override), by node its access "uid:gid:mode"."""
    state = {}
    for line in (records.text(f"{step}.ownership") or "").splitlines():
        name, *value = line.split()
        state[name] = tuple(value)
    return state


def has_claims(case, report):
    if not case.ioward:
        report.skip("claims", NO_IOWARD)
    return bool(case.ioward)


def ended(report, records, step, *codes):
    """This verb ended with one of these codes; all that it said is shown if not."""
    seen = verb(records, step)
    report.that(f"{step}: ends with {' or '.join(map(str, codes))}", seen.code in codes,
                f"{seen.code} of {seen.arguments!r}: {seen.said.strip()}", codes)
    return seen


def says(report, step, seen, *words):
    missing = [word for word in words if word not in seen.said]
    report.that(f"{step}: says {', '.join(words)}", not missing, seen.said.strip(), missing)


def unchanged(report, name, seen, wanted):
    report.that(name, seen == wanted and wanted, differing(seen, wanted), differing(wanted, seen))


def held(report, records, test, group, stays=(), before=None):
    """The user has this group (short addresses) and nothing else changed; its bridges stay as they were."""
    before = ownership(records, before or f"{test}.before")
    seen = ownership(records, f"{test}.held")
    wanted = dict(before)
    for short in group:
        if short not in stays:
            wanted[full_address(short)] = (VFIO, VFIO)
    nodes = {name: access for name, access in seen.items() if name.startswith("/dev/")}
    given = [name for name, access in nodes.items() if access == (f"{USER}:{USER}:600",)]
    report.that(f"{test}: one group's file is the user's", len(given) == 1, nodes, f"{USER}:{USER}:600")
    functions = {name: value for name, value in seen.items() if name not in nodes}
    unchanged(report, f"{test}: the user has the whole group and nothing else", functions,
              {name: value for name, value in wanted.items() if not name.startswith("/dev/")})


def check_tests(records, report, *wanted):
    """After each test every function has its driver and override back, works, and nothing is claimed."""
    begun = (records.text("tests") or "").split()
    for test in wanted:
        report.that(f"{test}: the test was reached", test in begun, records.text("log"), test)
    for test in begun:
        unchanged(report, f"{test}: all is as before", ownership(records, f"{test}.after"),
                  ownership(records, f"{test}.before"))
        report.that(f"{test}: nothing is claimed any more", claims(records, f"{test}.claims") == [],
                    verb(records, f"{test}.claims").said, "no claim")
        results = (records.text(f"{test}.works") or "").splitlines()
        report.that(f"{test}: every device works", results and all(line.endswith(" works") for line in results),
                    results, "works")
