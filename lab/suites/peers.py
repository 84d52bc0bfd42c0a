# SPDX-License-Identifier: GPL-2.0-or-later
"""One device's DMA into another's registers: ioward predicts what becomes of it, and that is what happens."""

import json
import re

from assertions import NO_IOWARD

# What a transfer can come to: what the target saw of it, and whether the IOMMU reported the device.
ARRIVED, FAULTED, LOST = ("read and written", False), ("untouched", True), ("untouched", False)

# The device, its route (answer, grade, rule, and where that decided), and what comes of it here.
TESTS = {
    "unmapped": ("01:00.0", ("through", "surely", "IOW-ROUTE-IOMMU", "01:00.0"), FAULTED),
    "mapped": ("01:00.0", ("through", "surely", "IOW-ROUTE-IOMMU", "01:00.0"), ARRIVED),
    "acs-off": ("01:00.0", ("around", "root-complex", "IOW-ROUTE-NOT-REDIRECTED", "00:02.0"), FAULTED),
    "past-iommu": ("81:00.0", ("around", "root-complex", "IOW-ROUTE-NO-IOMMU", "81:00.0"), ARRIVED),
    "past-iommu-to-covered": ("81:00.0", ("around", "root-complex", "IOW-ROUTE-NO-IOMMU", "81:00.0"), ARRIVED),
    "no-master": ("81:00.0", ("blocked", "surely", "IOW-ROUTE-MASTER-OFF", "81:00.0"), LOST),
    "no-decoding": ("81:00.0", ("blocked", "surely", "IOW-ROUTE-TARGET-OFF", "82:00.0"), LOST),
    "closed-window": ("81:00.0", ("blocked", "surely", "IOW-ROUTE-WINDOW", "80:01.0"), LOST),
    "bridge-decoding": ("81:00.0", ("blocked", "surely", "IOW-ROUTE-WINDOW", "80:01.0"), LOST),
    "past-iommu-again": ("81:00.0", ("around", "root-complex", "IOW-ROUTE-NO-IOMMU", "81:00.0"), ARRIVED),
}

# Where the emulator is not the hardware that ioward speaks of: requests of a covered device all go up to the IOMMU,
# whatever switch they pass, and bridges pass on what they are told not to. No traffic can show these two rules; when
# the emulator learns them, it is seen here.
EMULATED_OTHERWISE = {
    "within-switch": ("04:00.0", ("around", "surely", "IOW-ROUTE-NO-ACS", "03:00.0"), FAULTED),
    "bridge-master": ("81:00.0", ("blocked", "surely", "IOW-ROUTE-UPSTREAM-OFF", "80:00.0"), ARRIVED),
}


def allowed(route, mapped):
    """What may come of such a request. Whether ports pass requests on to each other, only the root complex knows."""
    through = ARRIVED if mapped else FAULTED
    return {("blocked", "surely"): [LOST], ("through", "surely"): [through], ("around", "surely"): [ARRIVED],
            ("around", "root-complex"): [ARRIVED, through]}[route[:2]]


def predicted(records, name):
    """Of the request with the address as it is on the bus, and the registers as they were set."""
    route = json.loads(records.text(f"{name}.route"))["routes"][0]
    deciding = route["deciding"]
    return (route["answer"], route["grade"], deciding["rule"], deciding["function"].removeprefix("0000:"))


def happened(records, name, device):
    log = records.text(f"{name}.kernel")
    return (records.text(f"{name}.came"), device in re.findall(r"DMAR: \[DMA.*Request device \[([0-9a-f:.]+)\]", log))


def check(case, records, report):
    if case.ioward is None:
        report.skip("peers", NO_IOWARD)
        return
    for name, (device, route, outcome) in (TESTS | EMULATED_OTHERWISE).items():
        told, seen = predicted(records, name), happened(records, name, device)
        may_come = allowed(told, name == "mapped")
        report.equal(f"{name}: the device did its DMA",
                     (records.text(f"{name}.exit"), records.text(f"{name}.said")), ("0", ""))
        report.equal(f"{name}: the route that ioward tells", told, route)
        report.equal(f"{name}: what became of the request", seen, outcome)
        if name in TESTS:
            report.one_of(f"{name}: that was predicted", seen, may_come)
        else:
            report.that(f"{name}: the emulator does otherwise", seen not in may_come, seen, "anything else")
