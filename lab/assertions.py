# SPDX-License-Identifier: GPL-2.0-or-later
"""What must hold of any snapshot, whatever the suite did before it."""

from records import full_address, induced_partition

# The drivers that do no DMA through the kernel's API on their own, so a group with only these is free.
MANAGED_DMA_DRIVERS = {"vfio-pci", "pci-stub", "pcieport"}

NO_IOWARD = "ioward is not built"


def has_status(report, snapshot):
    """False when nothing can be said about ioward; says so in the report."""
    if snapshot.status is not None:
        return True
    if snapshot.complaint:
        report.that(f"{snapshot.step}: ioward tells its status", False, snapshot.complaint, "valid JSON")
    else:
        report.skip(snapshot.step, NO_IOWARD)
    return False


def groups_are(report, snapshot, groups):
    """The kernel's groups of the functions under test are those of the topology (short addresses)."""
    wanted = {frozenset(full_address(short) for short in group) for group in groups}
    tested = set().union(*wanted)
    seen = {group for group in snapshot.partition() if group & tested}
    report.that(f"{snapshot.step}: the kernel's groups are the topology's", seen == wanted,
                readable(seen), readable(wanted))


def groups_agree(report, snapshot):
    """ioward reports every function, in the group that sysfs has it in."""
    told = {function["address"]: function["group"] for function in snapshot.status["functions"]}
    seen = {address: function.group for address, function in snapshot.functions.items()}
    report.that(f"{snapshot.step}: ioward tells the kernel's groups", told == seen,
                differing(told, seen), differing(seen, told))


def prediction_is_exact(report, snapshot):
    """The groups that ioward computes are the kernel's, over all functions that have one."""
    told, seen = partitions_without(snapshot, set())
    report.that(f"{snapshot.step}: ioward computes the kernel's groups", told == seen,
                readable(told - seen), readable(seen - told))
    ungrouped_are_explained(report, snapshot)


def prediction_is_explained(report, snapshot):
    """Without the functions that ioward explains, the groups that it computes are the kernel's."""
    told, seen = partitions_without(snapshot, explained(snapshot))
    report.that(f"{snapshot.step}: ioward computes the kernel's groups or explains", told == seen,
                readable(told - seen), readable(seen - told))
    ungrouped_are_explained(report, snapshot)


def ungrouped_are_explained(report, snapshot):
    unexplained = {address for address, group in predicted(snapshot).items()
                   if group is not None and snapshot.group(address) is None} - explained(snapshot)
    report.that(f"{snapshot.step}: ioward computes no group where the kernel has none, or explains",
                not unexplained, sorted(unexplained), "none")


def owners_follow_drivers(report, snapshot):
    """Without any user, a group's owner is the kernel if and only if some driver does DMA for it."""
    wanted = {}
    for function in snapshot.functions.values():
        if function.group is not None:
            at_work = function.driver is not None and function.driver not in MANAGED_DMA_DRIVERS
            wanted[function.group] = "kernel" if at_work or wanted.get(function.group) == "kernel" else "none"
    told = {group["group"]: group["owner"] for group in snapshot.status["groups"]}
    report.that(f"{snapshot.step}: owners follow the drivers", told == wanted,
                differing(told, wanted), differing(wanted, told))


def owner_of(snapshot, address):
    group = snapshot.status_group(snapshot.group(address))
    return group["owner"] if group else None


def holders_of(snapshot, address):
    group = snapshot.status_group(snapshot.group(address))
    return group["holders"] if group else []


def predicted(snapshot):
    return {function["address"]: function["predicted_group"] for function in snapshot.status["functions"]}


def explained(snapshot):
    return {difference["address"] for difference in snapshot.status["differences"] if difference["explained"]}


def partitions_without(snapshot, left_out):
    """ioward's and the kernel's groups, over the functions that the kernel has in one and not left out."""
    computed = predicted(snapshot)
    compared = {address: function.group for address, function in snapshot.functions.items()
                if function.group is not None and address not in left_out}
    return (induced_partition({address: computed.get(address) for address in compared}),
            induced_partition(compared))


def differing(these, those):
    return {key: value for key, value in sorted(these.items()) if those.get(key, "absent") != value}


def readable(partition):
    return " ".join("{" + ", ".join(sorted(group)) + "}" for group in sorted(partition, key=sorted)) or "none"
