# SPDX-License-Identifier: GPL-2.0-or-later
"""The host's ioward on a recording of a guest, compared with what the guest's said live."""

import json
import shutil
import subprocess

from assertions import NO_IOWARD

# What an audit ends with tells the worst that it found.
ENDS_WELL = {"audit": ("0", "3", "10", "11", "12")}


def same_answer(report, case, name, arguments, recording, live):
    if not recording.exists():
        report.that(name, False, "no recording", recording.name)
        return
    run = subprocess.run([case.ioward, *arguments, "--from", recording], capture_output=True, text=True,
                         errors="replace", timeout=60, check=False)
    seen, wanted = canonical(run.stdout), canonical(live)
    report.that(name, seen == wanted, first_difference(seen, wanted, run.stderr), first_difference(wanted, seen, ""))


def canonical(text):
    """JSON without the key that names where the facts are from; other text as it is."""
    try:
        value = json.loads(text)
    except ValueError:
        return text.strip()
    if isinstance(value, dict):
        value.pop("source", None)
    return json.dumps(value, indent=1)


def first_difference(these, those, complaint):
    other = those.splitlines()
    for number, line in enumerate(these.splitlines()):
        if number >= len(other) or line != other[number]:
            return f"line {number + 1}: {line!r} {complaint}"
    return f"{len(these.splitlines())} lines {complaint}"


def check_recording(case, records, report, name):
    """Every question that the guest's ioward answered live, asked again of the recording, which is kept."""
    if not case.ioward:
        report.skip("recording", NO_IOWARD)
        return
    recording = records.folder / "capture.tar.zst"
    report.that("there is a recording", recording.exists(), records.text("log"), recording.name)
    report.equal("the guest can replay it", records.text("replay.text"), records.text("status.text.live"))
    for line in records.text("questions").splitlines():
        question, *arguments = line.split(" ")
        code, complaint = records.text(f"{question}.exit"), records.text(f"{question}.err")
        report.that(f"{question}: ends well", code in ENDS_WELL.get(arguments[0], ("0",)) and not complaint,
                    f"exit status {code} {complaint}", "a status of this question, and no complaint")
        same_answer(report, case, f"{question}: as live", arguments, recording, records.text(f"{question}.live"))
    if recording.exists():
        case.captures.mkdir(parents=True, exist_ok=True)
        shutil.copy(recording, case.captures / name)
