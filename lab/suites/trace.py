# SPDX-License-Identifier: GPL-2.0-or-later
"""Each refusal of the kernel has, by `ioward trace`, the reason that the model's core has for it; and no other has one."""

import json
import re
from bisect import bisect_right
from collections import Counter, defaultdict

from assertions import NO_IOWARD
from differ.answers import Model, read_answers, read_sequences

LEAST = 50
FLOOD = 7000  # as many as the guest asks for


def check(case, records, report):
    if not case.ioward:
        report.skip("trace", NO_IOWARD)
        return
    model = Model(case.build / "lab" / "differ-model", records.folder / "machine")
    sequences = read_sequences(records.text("sequences"))
    replayed(case, records, report, model, sequences)
    if case.kernel in ("6.12-iommufd", "6.12-debug"):
        device_claims_are_counted(records, report)
    filters(records, report)
    losses_are_counted(records, report)
    ends(records, report)


def decisions(records, name):
    return [json.loads(line) for line in (records.text(name) or "").splitlines()]


def replayed(case, records, report, model, sequences):
    kernel, _ = read_answers(records.text("answers"))
    report.equal("every sequence was asked", sorted(kernel), sorted(sequences))
    report.equal("nothing is hidden or lost", records.text("replay.err"), "ioward: watching")
    wanted = read_refusals(model.refusals(sequences))
    seen = by_step(decisions(records, "replay"), read_times(records.text("times")))
    readings, rules = Counter(), Counter()
    for step in sorted(wanted.keys() | seen.keys()):
        told = [one for one in seen[step] if one["reading"] != "none"]
        report.equal(f"step {step}: as many refusals with a reason as the model has",
                     [one["error"] for one in told], [error for error, _ in wanted[step]])
        for one, (error, rule) in zip(told, wanted[step]):
            report.that(f"step {step}: {one['operation']}, {error}", rule in rules_of(one), rules_of(one), rule)
            readings[one["reading"]] += rules_of(one) == [rule]
            rules[rule] += 1
        readings["none"] += len(seen[step]) - len(told)
    report.that(f"at least {LEAST} refusals had their reason, and it alone", readings["reason"] >= LEAST, dict(readings), LEAST)
    print(f"{case.name}: trace gave {readings['reason']} refusals their reason, {dict(rules)}; "
          f"{readings['none']} more were not ownership's", flush=True)


def rules_of(decision):
    return [reason["rule"] for reason in decision["reasons"]]


def read_refusals(text):
    """By step: what the model's core refused, (error, rule), in order."""
    refusals = defaultdict(list)
    for line in text.splitlines():
        step, error, rule = line.split()
        refusals[step].append((error, rule))
    return refusals


def read_times(text):
    """When each step began, in order; after the last of a sequence, its machine is put back."""
    return [(int(time), step) for step, time in (line.split() for line in text.splitlines())]


def by_step(decisions, times):
    """Refusals by the step in which they were made."""
    starts, seen = [time for time, _ in times], defaultdict(list)
    for decision in decisions:
        if decision["error"] and decision["reading"] != "beside":
            at = bisect_right(starts, decision["monotonic_ns"]) - 1
            step = times[at][1] if at >= 0 else "before"
            if step != "before" and not step.endswith(".end"):
                seen[step].append(decision)
    return seen


def device_claims_are_counted(records, report):
    claims = [one for one in decisions(records, "replay") if one["function"] == "iommu_device_claim_dma_owner"]
    counts = {one["after"]["count"] for one in claims if not one["error"] and one["after"]}
    report.that("devices of one group were claimed by one owner", 2 in counts, counts, 2)
    report.that("and by another", any(rules_of(one) == ["IOW-DMA-CLAIM-OWNED"] for one in claims), len(claims), "refused")
    for one in claims:
        if not one["error"] and one["after"] and one["reading"] == "done" and not one["changed"]:
            report.equal("who claims a device owns the group", one["after"]["owner"], one["asker"])


def filters(records, report):
    first, second, pid = (int(number) for number in records.text("numbers").split())
    types = {name: [one for one in decisions(records, name) if one["function"] == "iommu_group_store_type"]
             for name in ("group", "device", "pid", "count")}
    seen = {name: [one["group"] for one in told] for name, told in types.items()}
    report.equal("by group", seen["group"], [first, first])
    report.equal("by device", seen["device"], [second, second])
    report.equal("by process", seen["pid"], [first, first, second])
    report.equal("of one process", {one["process"]["pid"] for one in types["pid"]}, {pid})
    report.equal("by number", len(decisions(records, "count")), 2)
    report.that("a text that is no type has no reason", all(one["reading"] == "none" for one in types["pid"]),
                [one["reading"] for one in types["pid"]], "none")
    report.equal("what was wanted is told", {one["wanted"] for one in types["pid"]}, {"odd"})
    lines = (records.text("text") or "").splitlines()
    report.that("a line for people", any("change the default type: group" in line and "EINVAL" in line for line in lines),
                lines, "EINVAL")


def losses_are_counted(records, report):
    told = len(decisions(records, "flood"))
    lost = re.findall(r"they could be kept: (\d+) \(IOW-TRACE-LOST\)", records.text("flood.err"))
    report.that("what finds no room is counted", lost and told + int(lost[-1]) == FLOOD, (told, lost), FLOOD)


def ends(records, report):
    for name in ("replay", "group", "device", "pid", "count", "text", "for", "flood"):
        report.equal(f"{name}: it ends well", records.text(f"{name}.exit"), "0")
    report.that("its programs are in the kernel while it runs", int(records.text("programs") or 0) > 0,
                records.text("programs"), "some")
    report.equal("none is afterwards", records.text("programs-after"), "0")
    report.that("nothing of it is pinned", "trace" not in records.text("pins").split(), records.text("pins"), "nothing")
    report.equal("without root: refused", (records.text("refused.exit"), "IOW-TRACE-PRIVILEGE" in (records.text("refused") or "")),
                 ("1", True))
