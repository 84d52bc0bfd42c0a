# SPDX-License-Identifier: GPL-2.0-or-later
"""What the kernel's memory says of a group's owner is what its source says of that state, and ioward shows it."""

import json
import re
import subprocess

from assertions import NO_IOWARD, has_status, holders_of

DISAGREEMENTS = {"IOW-REM-EARLY-DRIVER", "IOW-REM-OTHER-OWNER", "IOW-REM-OTHER-COUNT", "IOW-REM-OTHER-TRAIT"}
WHY_NOT = {"no-file-system": "IOW-KERNEL-BPFFS", "unprivileged": "IOW-KERNEL-PRIVILEGE", "foreign": "IOW-KERNEL-FOLDER"}
# Linux 6.1, 6.12 drivers/iommu/iommu.c: owner, count, domain, is there an owner; and the owner that files may tell.
STATES = {
    "free": ("none", 0, "default", False, ("none",)),
    "kernel": ("kernel", 1, "default", False, ("kernel",)),
    "private": ("kernel-private", 1, "other", False, ("kernel",)),
    "private-gone": ("none", 0, "default", False, ("none",)),
    "forgetting": ("user", 1, "blocking", True, ("kernel",)),
    "forgotten": ("user", 1, "blocking", True, ("none",)),
    "remembered": ("none", 0, "default", False, ("none",)),
    "ready": ("none", 0, "default", False, ("none",)),
    "opened": ("none", 0, "default", False, ("unknown",)),
    "blocked": ("user", 1, "blocking", True, ("unknown",)),
    "attached": ("user", 1, "other", True, ("user",)),
    "device-only": ("user", 1, "other", True, ("user",)),
    "let-go": ("none", 0, "default", False, ("none",)),
    "waiting": ("user", 1, "other", True, ("user", "unknown")),
    "both": ("user", 2, "blocking", True, ("user", "unknown")),
    "first": ("user", 1, "blocking", True, ("user", "unknown")),
    "taken-back": ("none", 0, "default", False, ("none",)),
}
# Where files tell another thing than memory, and what ioward then remarks.
ODD = {"private": {"IOW-REM-OTHER-OWNER"}, "forgetting": {"IOW-REM-OTHER-TRAIT"}, "forgotten": {"IOW-REM-OTHER-OWNER"}}
ADDRESS = re.compile(r"ffff[0-9a-f]{8,}")  # of the kernel's memory


def check(case, records, report):
    if not case.ioward:
        report.skip("kernel_word", NO_IOWARD)
        return
    address, nic = records.text("addresses").split()
    for step, rule in WHY_NOT.items():
        refused(report, records, step, rule)
    plain = records.snapshot("plain")
    report.equal("plain: owners are derived", sources(plain), {"files"})
    report.equal("plain: nothing is loaded", records.text("plain.pins"), "")

    pinned(case, records, report)
    for step, state in STATES.items():
        if records.has(step):
            is_in_state(report, records.snapshot(step), address, step, state)
    if case.kernel == "6.12-iommufd":
        report.that("claims device by device were made", records.has("both"), records.text("log"), "the step 'both'")
    if case.drivers:
        rare_drivers(report, records, address)
    members_are_told(report, records.snapshot("kernel"), nic)
    capture_has_it(case, records, report)
    for step in ("attached", "device-only"):
        files_are_told(report, records.snapshot(step), address, step)

    removed, locked = records.snapshot("removed"), records.snapshot("locked")
    report.equal("removed: owners are derived again", sources(removed), {"files"})
    report.that("the kernel is locked down", "[confidentiality]" in (records.text("lockdown") or ""),
                records.text("lockdown"), "[confidentiality]")
    report.equal("locked: owners are read", sources(locked), {"kernel"})
    decisions_are_seen(report, records, nic)
    report.equal("locked: no list is followed", [f["address"] for f in locked.status["functions"] if f["kernel"]], [])


def decisions_are_seen(report, records, nic):
    told = [json.loads(line) for line in (records.text("locked.trace") or "").splitlines()]
    report.that("locked: ioward says that names are hidden", "IOW-TRACE-NAMELESS" in records.text("locked.trace.err"),
                records.text("locked.trace.err"), "IOW-TRACE-NAMELESS")
    report.equal("locked: decisions are seen", [(one["function"], one["device"]) for one in told],
                 [("iommu_device_use_default_domain", nic), ("iommu_device_unuse_default_domain", nic),
                  ("iommu_group_store_type", None)])
    report.equal("locked: no text is", {text for one in told for text in (one["driver"], one["wanted"])}, {None})


def sources(snapshot):
    return {group["owner_from"] for group in snapshot.status["groups"]}


def refused(report, records, step, rule):
    snapshot = records.snapshot(step)
    if not has_status(report, snapshot):
        return
    rules = {missing["rule"] for missing in snapshot.status["missing"]}
    report.that(f"{step}: ioward says why it does not read the kernel's memory", rule in rules, rules, rule)
    report.equal(f"{step}: owners are derived", sources(snapshot), {"files"})
    report.that(f"{step}: no program is put in place", "look-at" not in records.text(f"{step}.pins"),
                records.text(f"{step}.pins"), "nothing")


def pinned(case, records, report):
    snapshot = records.snapshot("pinned")
    report.equal("pinned: owners are read", sources(snapshot), {"kernel"})
    report.equal("the other one at the same time: it reads them too",
                 (records.text("other.exit"), {g["owner_from"] for g in json.loads(records.text("other"))["groups"]}),
                 ("0", {"kernel"}))
    pins = records.text("pinned.pins").splitlines()
    report.equal("pinned: one set of programs", len([pin for pin in pins if pin.endswith("/look-at-group")]), 1)
    report.equal("pinned: the folders are root's alone", set(records.text("modes").splitlines()), {"700 0"})
    report.that("status says that owners are read", "Owners are as the kernel's memory has them." in records.text("text"),
                records.text("text"), "the sentence")
    later = json.loads(records.text("unprivileged-later"))
    report.equal("without root, they are derived", {group["owner_from"] for group in later["groups"]}, {"files"})


def is_in_state(report, snapshot, address, step, state):
    owner, count, domain, owned, by_files = state
    if not has_status(report, snapshot):
        return
    group = snapshot.status_group(snapshot.group(address))
    kernel = group["kernel"] or {}
    report.equal(f"{step}: the kernel's memory", (kernel.get("count"), kernel.get("domain"), bool(kernel.get("owner"))),
                 (count, domain, owned))
    report.equal(f"{step}: ioward shows it", (group["owner_from"], group["owner"]), ("kernel", owner))
    report.one_of(f"{step}: what files say", group["owner_by_files"], by_files)
    disagreements = {remark["rule"] for remark in snapshot.status["remarks"]} & DISAGREEMENTS
    report.equal(f"{step}: where the two disagree", disagreements, ODD.get(step, set()))


def rare_drivers(report, records, address):
    """A driver with a domain of its own; one that claimed its group and is gone."""
    report.that("the rare states were made", records.has("private") and records.has("forgotten"), records.text("log"),
                "the steps 'private' and 'forgotten'")
    private = records.snapshot("private")
    report.equal("private: what it rests on", private.status_group(private.group(address))["basis"], "IOW-OWN-READ-PRIVATE")
    report.that("private: the kernel lets no other driver in", "busy" in records.text("private.bind"),
                records.text("private.bind"), "Device or resource busy")


def members_are_told(report, snapshot, nic):
    told = {function["address"]: function["kernel"] for function in snapshot.status["functions"]}
    groups = {function.address: function.group for function in snapshot.functions.values()}
    report.equal("every function of a group is told of", {address for address, kernel in told.items() if kernel},
                 {address for address, group in groups.items() if group is not None})
    managed = {address for address, kernel in told.items() if kernel and kernel["managed"]}
    report.equal("those with driver_managed_dma are the ports and vfio's", managed,
                 {function.address for function in snapshot.functions.values()
                  if function.driver in ("pcieport", "vfio-pci", "pci-stub")})
    report.equal("a NIC of the kernel is none of them", told[nic]["managed"], False)


def files_are_told(report, snapshot, address, step):
    """Which device an anonymous file or a mapping is, no file says before Linux 6.18."""
    holders = holders_of(snapshot, address)
    told = {(file["file"], file["address"]) for holder in holders for file in holder["files"]
            if file["file"].startswith("device")}
    report.equal(f"{step}: the files of the device are told", told, {("device", address), ("device-map", address)})


def capture_has_it(case, records, report):
    capture = records.folder / "blocked.tar.zst"
    done = subprocess.run([case.ioward, "status", "--json", "--from", capture], capture_output=True, text=True,
                          check=False)
    report.equal("the capture can be read", done.returncode, 0)
    live = records.snapshot("blocked").status["groups"]
    captured = json.loads(done.stdout)["groups"] if done.stdout else None
    report.equal("the capture has what was read", captured, live)
    probe = subprocess.run(["tar", "--zstd", "-xOf", capture, "probe/kernel.json"], capture_output=True, text=True,
                           check=False).stdout
    report.that("it has no address of the kernel's memory", probe and not ADDRESS.search(probe), probe[:2000], "none")
