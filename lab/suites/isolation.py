# SPDX-License-Identifier: GPL-2.0-or-later
"""The hardware isolates what the topology says; ACS bits cleared after the boot are found, with the pairs of devices they
open, until they are set again; and a claim is refused that the hardware does not isolate from the kernel's devices, unless
that is accepted."""

import json

from assertions import NO_IOWARD
from claims import DONE, REFUSED_ISOLATION, ended, ownership, says, unchanged, verb
from records import full_address

BITS = ["SV", "RR", "CR", "UF"]


def document(records, step):
    try:
        return json.loads(verb(records, step).out)
    except ValueError:
        return {"closed": verb(records, step).said, "grades": [{"breaches": []}], "drifts": []}


def pairs(breaches):
    return {frozenset((breach["from"], breach["to"])) for breach in breaches}


def check_boot(report, topology, boot):
    wanted = {frozenset(map(full_address, pair)) for pair in topology.not_isolated}
    report.equal("boot: what surely leads from one group to another is the topology's",
                 pairs(boot["grades"][0]["breaches"]), wanted)
    report.equal("boot: whether all groups are closed", boot["closed"] == "no", bool(wanted))
    report.equal("boot: Linux splits the switch, and that is why",
                 {breach["cause"] for breach in boot["grades"][0]["breaches"]}, {"IOW-HW-SWITCH"} if wanted else set())
    report.equal("boot: nothing drifted", boot["drifts"], [])


def check_cleared(report, port, boot, cleared):
    drifts = {drift["port"]: drift for drift in cleared["drifts"]}
    report.equal(f"{port} cleared: it alone is found", sorted(drifts), [port])
    if port not in drifts:
        return
    report.that(f"{port} cleared: with the bits that are off", set(drifts[port]["cleared"]) <= set(BITS) and
                "RR" in drifts[port]["cleared"], drifts[port]["cleared"], BITS)
    opened = drifts[port]["opened"]
    report.that(f"{port} cleared: pairs of devices are told", opened, opened, "at least one")
    report.equal(f"{port} cleared: they went through the IOMMU before", {pair["before"] for pair in opened}, {"through"})
    report.equal(f"{port} cleared: what is surely open has not changed", pairs(cleared["grades"][0]["breaches"]),
                 pairs(boot["grades"][0]["breaches"]))


def check_claim(report, topology, records):
    refused = ended(report, records, "claim", REFUSED_ISOLATION)
    says(report, "claim", refused, "IOW-PLAN-REACH", *map(full_address, topology.not_isolated[0]), "IOW-ROUTE-NO-ACS",
         "0000:02:00.0", "which the kernel has")
    unchanged(report, "claim: a refused claim changes nothing", ownership(records, "claim.after"),
              ownership(records, "claim.before"))
    accepted = ended(report, records, "accepted", DONE)
    says(report, "accepted", accepted, "IOW-PLAN-REACH", "2999-12-31", "the lab has both")
    ended(report, records, "returned", DONE)
    unchanged(report, "accepted: what was claimed is returned", ownership(records, "returned"),
              ownership(records, "claim.before"))
    ended(report, records, "free", DONE)


def check(case, records, report):
    if not records.text("boot.code"):
        report.skip("isolation", NO_IOWARD)
        return
    boot = document(records, "boot")
    check_boot(report, case.topology, boot)
    ports = (records.text("ports") or "").split()
    report.that("some port has ACS", ports, ports, "at least one")
    for port in ports:
        check_cleared(report, port, boot, document(records, f"cleared-{port}"))
        report.equal(f"{port} restored: as at the boot", document(records, f"restored-{port}"), boot)
    if case.topology.not_isolated:
        check_claim(report, case.topology, records)
