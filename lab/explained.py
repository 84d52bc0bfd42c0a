# SPDX-License-Identifier: GPL-2.0-or-later
"""What `ioward explain` made of the messages that a guest's programs printed (lab/guest/explain.sh)."""

import json

from assertions import NO_IOWARD

EDU, FIRST, SECOND = "0000:01:00.0", "0000:01:00.1", "0000:01:00.2"
ALONE, DISK, ROOTED = "0000:02:00.0", "0000:03:00.0", "0000:00:05.0"
OUTSIDE, ABSENT = "0000:81:00.0", "0000:07:00.0"


def can_check(case, records, report):
    """False when there is nothing to compare; says so."""
    lacking = records.text("lacking")
    if lacking:
        report.skip("explained", f"not installed: {' '.join(lacking.split())}")
    elif not case.ioward:
        report.skip("explained", NO_IOWARD)
    return not lacking and bool(case.ioward)


def check_step(records, report, step, wanted):
    """Each message was heard, and each has exactly these causes: (rule, words in its text, in what was seen)."""
    document = read(records, report, step)
    messages = {(message["id"], message["device"]): message for message in document.get("messages", [])}
    for (name, device), causes in wanted.items():
        message = messages.get((name, device)) or messages.get((name, None))
        if not message:
            report.that(f"{step}: {name} is printed and known", False, sorted(map(str, messages)), (name, device))
            continue
        told = [(cause["rule"], f"{cause['text']} {cause['seen']} {cause['remedy']}") for cause in message["causes"]]
        report.that(f"{step}: the cause of {name}", fit(told, causes), told, causes)


def read(records, report, step):
    text = records.text(f"{step}.json")
    try:
        return json.loads(text or "")
    except ValueError:
        report.that(f"{step}: ioward explains", False, (text, records.text(f"{step}.err")), "JSON")
        return {}


def fit(told, causes):
    return len(told) == len(causes) and all(
        any(rule == wanted and all(str(word) in text for word in words) for rule, text in told)
        for wanted, *words in causes)
