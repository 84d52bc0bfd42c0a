/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/rules.h"

#include <assert.h>
#include <errno.h>

#define ROW(rule, ...) [IOW_RULE_##rule] = {__VA_ARGS__}

static const struct iow_rule_words words[] = {
    ROW(NONE, .title = "no rule", .sentence = "it failed, and no rule says why"),

    /* reasons of a membership: {function} is in its group because ... */
    ROW(GRP_ALONE, .title = "opened a group of its own",
        .sentence = "{function} opened a group of its own: nothing gave Linux a reason to join it to a "
                    "device that had a "
                    "group before"),
    ROW(GRP_REAL_DMA, .title = "does DMA in another function's name",
        .sentence = "{function} joined the group of {joined}: its requests carry the requester ID of "
                    "{joined}, so the "
                    "IOMMU cannot tell the two apart"),
    ROW(GRP_BRIDGE_ALIAS, .title = "behind a bridge that hides who asks",
        .sentence =
            "{function} joined the group of {joined}: the bridge {deciding} sends the requests of everything "
            "behind it under one requester ID, so the IOMMU cannot tell these devices apart"),
    ROW(GRP_PATH, .title = "below a port that does not isolate",
        .sentence = "{function} joined the group of {joined}: requests from below {deciding} may be turned "
                    "around there and "
                    "reach another device without passing the IOMMU, because {deciding} {acs}"),
    ROW(GRP_DEVFN_ALIAS, .title = "shares a requester ID",
        .sentence = "{function} joined the group of {joined}: {deciding} is known to send requests under the "
                    "requester "
                    "ID of another function of its bus{quirk}"),
    ROW(GRP_FUNCTION, .title = "functions of one device that do not isolate",
        .sentence = "{function} joined the group of {joined}: they are functions of one device, and such "
                    "functions may "
                    "reach each other inside it, because {deciding} {acs}"),
    ROW(GRP_NOT_COVERED, .title = "no IOMMU covers it",
        .sentence = "{function} gets no group: no IOMMU translates its DMA"),

    /* what the grouping rule looks at */
    ROW(STEP_REAL_DMA, .title = "does DMA in another function's name",
        .sentence = "{subject} does its DMA in the name of {other}, so the rule goes on with {other}"),
    ROW(STEP_EXPRESS_PORT, .title = "keeps requester IDs",
        .sentence = "{subject} is a PCI Express port: requests pass it under their own requester ID"),
    ROW(STEP_ALIAS_BRIDGE, .title = "hides requester IDs",
        .sentence =
            "{subject} is a bridge that puts its own requester ID on the requests of what is behind it"),
    ROW(STEP_TRANSLATE_ROOT, .title = "requests are translated below it",
        .sentence = "requests are translated below {subject}, so bridges from there on hide no requester ID"),
    ROW(STEP_PATH_ISOLATES, .title = "isolates what is below it",
        .sentence = "{subject}, on the way up, isolates what is below it: it {acs}"),
    ROW(STEP_PATH_OPEN, .title = "does not isolate what is below it",
        .sentence = "{subject}, on the way up, does not isolate what is below it: it {acs}"),
    ROW(STEP_ROOT_BUS, .title = "no bridge above",
        .sentence = "{subject} is on a root bus: there is no bridge above it to check"),
    ROW(STEP_SINGLE_FUNCTION, .title = "counts as a single function",
        .sentence =
            "{subject} counts as a device of one function: there is no other function of it to check"),
    ROW(STEP_FUNCTION_ISOLATES, .title = "is isolated from its sibling functions",
        .sentence = "{subject} is isolated from the other functions of its device: it {acs}"),
    ROW(STEP_FUNCTION_OPEN, .title = "is not isolated from its sibling functions",
        .sentence = "{subject} is not isolated from the other functions of its device: it {acs}"),
    ROW(STEP_ALIAS, .title = "shares a requester ID",
        .sentence = "{subject} and {other} use the same requester ID"),

    /* how an owner is concluded */
    ROW(OWN_KERNEL_DRIVER, .title = "kernel drivers use it",
        .sentence = "the kernel owns group {group}: it does DMA there through {drivers}"),
    ROW(OWN_NO_DRIVER, .title = "no driver that does DMA",
        .sentence = "nobody owns group {group}: no member is bound to a driver that does DMA"),
    ROW(OWN_NOT_HELD, .title = "ready for a user, and not held",
        .sentence = "group {group} is ready to be given to a user, and no process is seen to hold it"),
    ROW(OWN_DEVICE_OPEN, .title = "a process has a device of it open",
        .sentence = "a user owns group {group}: {holder} has a device of it open"),
    ROW(OWN_HELD, .title = "a process holds the group",
        .sentence = "group {group} is held by {holder}; from outside, holding cannot be told from owning"),
    ROW(OWN_DEVICE_SOMEWHERE, .title = "a process has some vfio device open",
        .sentence =
            "group {group} may be owned by a user: {holder} has a vfio device open, and the kernel does not "
            "say which"),
    ROW(OWN_HOLDERS_HIDDEN, .title = "the holders cannot be seen",
        .sentence = "group {group} may be owned by a user: not every process could be looked into",
        .remedy = "run ioward, or ioward capture, as root to see all holders"),
    ROW(OWN_UNBIND_PENDING, .title = "an unbind waits for its user",
        .sentence =
            "group {group} is not free: a device of it was unbound from VFIO while it was open, and the "
            "unbind still waits for the user to let go"),
    ROW(OWN_PRIVATE_DOMAIN, .title = "a kernel driver uses a page table of its own",
        .sentence = "the kernel owns group {group}: {drivers} is known to attach a DMA page table of its "
                    "own, which keeps "
                    "other drivers out"),
    ROW(OWN_NO_IOMMU, .title = "no IOMMU protects it",
        .sentence = "group {group} was made up by VFIO: no IOMMU stands between its devices and memory, so "
                    "nobody's DMA "
                    "is confined",
        .remedy = "do not give it to anyone you would not trust with all memory"),

    ROW(OWN_READ_NONE, .title = "the kernel's memory has no owner",
        .sentence = "nobody owns group {group}: the kernel's memory has no owner for it and counts no driver "
                    "that does DMA"),
    ROW(OWN_READ_KERNEL, .title = "the kernel's memory counts drivers",
        .sentence = "the kernel owns group {group}: its memory has no other owner for it, and counts drivers "
                    "that do DMA"),
    ROW(OWN_READ_USER, .title = "the kernel's memory has an owner",
        .sentence = "a user owns group {group}: the kernel's memory has an owner for it"),
    ROW(OWN_READ_PRIVATE, .title = "the kernel's memory has a page table of a driver",
        .sentence = "the kernel owns group {group}: its memory has no other owner for it, and it is not "
                    "attached to its default domain, but to a page table of a driver's own"),

    /* why the kernel's group of {function} differs from the predicted one */
    ROW(DIFF_NOT_YET, .title = "not grouped yet",
        .sentence = "{function} has no group yet: this kind of IOMMU forms a group when a driver first binds",
        .remedy = "bind a driver once to see the group"),
    ROW(DIFF_LAZY, .title = "grouped when a driver came",
        .sentence = "{function} is separate from {other}: this kind of IOMMU groups a device when a driver "
                    "first binds, "
                    "and then {deciding} had no group that could be joined"),
    ROW(DIFF_LATE, .title = "added after the boot",
        .sentence = "{function} was probably added after the boot: then only its own header tells whether "
                    "the device has "
                    "several functions, and Linux grouped it differently with respect to {other}",
        .remedy = "reboot to get the groups of a boot"),
    ROW(DIFF_NEIGHBOUR, .title = "follows another difference",
        .sentence = "{function} follows from another difference: {deciding} is grouped differently, and the "
                    "two belong "
                    "together"),
    ROW(DIFF_ACS_CLEARED, .title = "isolation was switched off after grouping",
        .sentence = "Linux keeps {function} apart from {other}, but the ACS bits of {deciding} were cleared "
                    "after the "
                    "groups were made: the hardware no longer separates them",
        .remedy = "find what clears the bits (often a boot script with setpci ECAP_ACS) and set them again"),
    ROW(DIFF_ACS_SET, .title = "isolation was switched on after grouping",
        .sentence = "Linux joined {function} and {other} when the ACS bits of {deciding} were off; they are "
                    "on now, and "
                    "groups are never split while Linux runs",
        .remedy = "reboot to get the finer groups, if the bits stay set"),
    ROW(DIFF_OVERRIDE, .title = "the ACS override is in force",
        .sentence = "Linux keeps {function} apart from {other} only because of the kernel option "
                    "pcie_acs_override: the "
                    "hardware does not separate them",
        .remedy = "treat these groups as one, or remove pcie_acs_override from the kernel command line"),
    ROW(DIFF_NO_GROUP, .title = "no group where one is expected",
        .sentence = "{function} has no group, although an IOMMU seems to cover it"),
    ROW(DIFF_UNREAD, .title = "not readable enough to tell",
        .sentence = "the registers that decide the group of {function} could not be read",
        .remedy = "run ioward, or ioward capture, as root"),
    ROW(DIFF_UNEXPLAINED, .title = "differs for a reason unknown to ioward",
        .sentence = "Linux grouped {function} differently from what its rule gives for the registers as they "
                    "are now, "
                    "and no history that ioward knows explains it",
        .remedy = "please report it with the file that 'ioward capture' writes"),

#define AUDIT(rule, ...) ROW(rule, __VA_ARGS__),
#include "report/audit-rules.h"
#undef AUDIT

    /* what is missing, and why */
    ROW(READ_DENIED, .title = "not allowed to read",
        .sentence = "the kernel does not let this user read {path}",
        .remedy = "run ioward, or ioward capture, as root"),
    ROW(READ_WAITS, .title = "left unread, so as not to wait",
        .sentence = "{path} was not read: its driver may be waiting for a user to let go of the device, and "
                    "whoever reads it then waits, too",
        .remedy = "see who holds the device with 'ioward'"),
    ROW(READ_FAILED, .title = "could not be read", .sentence = "reading {path} failed"),
    ROW(READ_CONFIG_SHORT, .title = "only part of config space",
        .sentence =
            "only the first bytes of the config space of {subject} could be read, so its ACS is not known",
        .remedy = "run ioward, or ioward capture, as root"),
    ROW(READ_CONFIG_LOOP, .title = "capability list loops",
        .sentence = "the capability list of {subject} loops; only what is before the loop counts"),
    ROW(READ_CONFIG_POINTER, .title = "capability pointer out of range",
        .sentence =
            "a capability pointer of {subject} leads out of its config space; only what is before it counts"),
    ROW(READ_CONFIG_MANY, .title = "too many capabilities",
        .sentence = "{subject} lists more capabilities than there can be; the rest is left out"),
    ROW(READ_ASLEEP, .title = "left asleep",
        .sentence = "{subject} or a bridge above it sleeps, and reading its config space would wake it",
        .remedy = "use the device, then look again while it is awake"),
    ROW(READ_VANISHED, .title = "vanished while it was read",
        .sentence = "{subject} went away while it was read", .remedy = "run ioward again"),
    ROW(READ_BAD_VALUE, .title = "value not understood",
        .sentence = "{path} holds a value that ioward does not understand"),
    ROW(READ_NO_PCI, .title = "no PCI", .sentence = "this machine shows no PCI devices (no sys/bus/pci)"),
    ROW(READ_HOLDERS_HIDDEN, .title = "some processes cannot be seen",
        .sentence = "the open files of some processes could not be seen, so a holder may be missing",
        .remedy = "run ioward, or ioward capture, as root"),
    ROW(READ_TOO_MANY, .title = "too many records",
        .sentence = "there are more records than ioward takes ({subject})"),
    ROW(READ_NO_MEMORY, .title = "memory exhausted", .sentence = "there is not enough memory",
        .remedy = "free some memory and try again"),

    /* why the kernel's memory is not read */
    ROW(KERNEL_PRIVILEGE, .title = "only root may look into the kernel's memory",
        .sentence =
            "the kernel's memory was not read, because only root may: owners are derived from drivers "
            "and open files",
        .remedy = "run ioward status --kernel as root"),
    ROW(KERNEL_BUILD, .title = "built without BPF",
        .sentence =
            "the kernel's memory was not read, because this ioward was built without libbpf: owners are "
            "derived from drivers and open files",
        .remedy = "build it with -Dbpf=enabled"),
    ROW(KERNEL_TYPES, .title = "the kernel does not describe its types",
        .sentence =
            "the kernel's memory was not read, because {path} is not there, which tells what is where "
            "in it: owners are derived from drivers and open files",
        .remedy = "use a kernel with CONFIG_DEBUG_INFO_BTF, as Debian's are"),
    ROW(KERNEL_LACKS, .title = "the kernel is built differently",
        .sentence = "the kernel's memory was not read, because this kernel has no {path} where it is looked "
                    "for: owners are derived from drivers and open files"),
    ROW(KERNEL_BPFFS, .title = "no BPF file system",
        .sentence =
            "the kernel's memory was not read, because no BPF file system is mounted at {path}: owners "
            "are derived from drivers and open files",
        .remedy = "mount -t bpf -o mode=700 bpf /sys/fs/bpf"),
    ROW(KERNEL_FOLDER, .title = "a folder that others may write",
        .sentence =
            "the kernel's memory was not read, because {path} is not root's alone: owners are derived "
            "from drivers and open files",
        .remedy = "find out who made that folder, and remove it"),
    ROW(KERNEL_REFUSED, .title = "the kernel refused the programs",
        .sentence =
            "the kernel's memory was not read, because the kernel refused the programs that would look "
            "at it ({path}): owners are derived from drivers and open files"),

    /* why the kernel's decisions are not watched */
    ROW(TRACE_PRIVILEGE, .title = "only root may watch the kernel",
        .sentence = "the kernel's decisions cannot be watched, because only root may",
        .remedy = "run ioward trace as root"),
    ROW(TRACE_BUILD, .title = "built without BPF",
        .sentence = "the kernel's decisions cannot be watched, because this ioward was built without libbpf",
        .remedy = "build it with -Dbpf=enabled"),
    ROW(TRACE_TYPES, .title = "the kernel does not describe its types",
        .sentence =
            "the kernel's decisions cannot be watched, because {path} is not there, which tells what is "
            "where in its memory",
        .remedy = "use a kernel with CONFIG_DEBUG_INFO_BTF, as Debian's are"),
    ROW(TRACE_LACKS, .title = "the kernel is built differently",
        .sentence = "the kernel's decisions cannot be watched, because this kernel has no {path} where it is "
                    "looked for"),
    ROW(TRACE_REFUSED, .title = "the kernel refused the programs",
        .sentence =
            "the kernel's decisions cannot be watched, because the kernel refused the programs that would "
            "({path})"),
    ROW(TRACE_UNSEEN, .title = "not seen on this kernel",
        .sentence = "this kernel does not let these be seen: {name} ({path})"),
    ROW(TRACE_NAMELESS, .title = "names are hidden",
        .sentence =
            "this kernel hides names and texts of its memory, as one that is locked down does: drivers, and "
            "the type that is asked for, are not seen, and a device only while it is in /sys"),
    ROW(TRACE_ASSUMED, .title = "the rules of another kernel",
        .sentence = "reasons are by the rules of {release}, the nearest kernel that ioward knows"),
    ROW(TRACE_LOST, .title = "decisions were lost",
        .sentence = "decisions were lost, since they came faster than they could be kept: {name}"),

    /* topology */
    ROW(TOPO_LOOP, .title = "bridges contain each other",
        .sentence = "{subject} is above itself, or below more bridges than a domain has buses",
        .remedy = "check the capture; a machine cannot look like this"),
    ROW(TOPO_DUPLICATE, .title = "an address twice", .sentence = "the address {subject} occurs twice",
        .remedy = "check the capture; a machine cannot look like this"),
    ROW(TOPO_PARENT, .title = "bridge out of range", .sentence = "the bridge above {subject} does not exist",
        .remedy = "check the capture; a machine cannot look like this"),

    /* captures */
    ROW(CAP_NOT_FOUND, .title = "no such capture", .sentence = "there is no file or folder of this name",
        .remedy = "check the path given with --from"),
    ROW(CAP_FOREIGN, .title = "not a capture",
        .sentence = "this is not a capture: a folder or archive with sys/ and proc/ in it",
        .remedy = "write one with 'ioward capture FILE.tar.zst'"),
    ROW(CAP_DAMAGED, .title = "capture damaged", .sentence = "the capture is damaged or cut off",
        .remedy = "copy or capture it again"),
    ROW(CAP_OUTSIDE, .title = "points outside", .sentence = "a link in the capture points outside of it",
        .remedy = "do not trust this file; capture again with ioward"),
    ROW(CAP_TOO_BIG, .title = "capture too big",
        .sentence = "the capture is larger than any that ioward writes",
        .remedy = "check where this file comes from"),
    ROW(CAP_PROBE, .title = "stored answer damaged",
        .sentence = "an answer stored in the capture cannot be understood",
        .remedy = "capture again with this version of ioward"),
    ROW(CAP_WRITE, .title = "writing failed", .evidence = IOW_EVIDENCE_ERRNO,
        .sentence = "the capture could not be written",
        .remedy = "check the free space and the permissions of the folder, or name another file"),

    /* selectors */
    ROW(SEL_SYNTAX, .title = "not a way to name a device",
        .sentence = "this does not name a device in any way that ioward knows",
        .remedy = "use an address (01:00.0), vendor:device (10de:2204), a kernel name (eth1), a group (g12), "
                  "class=WORD or "
                  "a path (00:02.2/00.0)"),
    ROW(SEL_NO_MATCH, .title = "no such device", .sentence = "no device here matches",
        .remedy = "see 'ioward status' for what is here"),
    ROW(SEL_AMBIGUOUS, .title = "more than one device",
        .sentence = "this names more than one device, and one is wanted",
        .remedy = "name one of them by its address"),

    /* what a device is in use for: {function}, {name} on it, {by} what uses that */
    ROW(USE_MOUNT, .title = "a mounted disk", .sentence = "{name} of {function} is mounted at {by}",
        .remedy = "unmount it first: umount {by}"),
    ROW(USE_SWAP, .title = "swap space", .sentence = "the system swaps to {name} of {function}",
        .remedy = "stop that first: swapoff /dev/{name}"),
    ROW(USE_HOLDER, .title = "a part of something else", .sentence = "{by} is made of {name} of {function}",
        .remedy =
            "take {by} apart first (LVM: vgchange -an, RAID: mdadm --stop, a loop device: "
            "losetup -d, a target: targetcli or nvmetcli, a mediated device: mdevctl stop, else dmsetup "
            "remove)"),
    ROW(USE_EXCLUSIVE, .title = "a disk that something holds",
        .sentence = "{name} of {function} is held by something in the kernel that does not show itself, as a "
                    "file system or a pool of another namespace does",
        .remedy = "find out what uses {name} and end that first (zpool export, multipath -f, ...)"),
    ROW(USE_NETWORK, .title = "a network interface at work",
        .sentence = "the network interface {name} of {function} {by}",
        .remedy = "move its traffic elsewhere, then: ip link set {name} down",
        .remedy_otherwise =
            "take it out of {by} first: ip link set {name} nomaster; or else: ip link set {name} down"),
    ROW(USE_CONSOLE, .title = "the console",
        .sentence = "{name} of {function} belongs to the system's console",
        .remedy = "move the console to another device first"),
    ROW(USE_OPEN, .title = "open", .sentence = "{by} has {name} of {function} open",
        .remedy = "end {by} first"),
    ROW(USE_VIRTUAL_FUNCTIONS, .title = "has virtual functions",
        .sentence = "{function} has virtual functions, and giving it away would pull it out from under them",
        .remedy = "end them first: echo 0 > /sys/bus/pci/devices/{function}/sriov_numvfs"),
    ROW(USE_HELD, .title = "held through VFIO", .sentence = "group {group} is held by {by}",
        .remedy = "end {by}, or have it let go"),
    ROW(USE_PENDING, .title = "an unbind waits for its user",
        .sentence = "{subject} was unbound while it was open, and the unbind still waits",
        .remedy = "have its user let go; 'ioward show g{group}' says who may hold it"),
    ROW(USE_UNKNOWN, .title = "not known whether it is in use",
        .sentence = "not everything that may use {subject} could be looked at",
        .remedy = "run ioward as root, outside of any container"),

    /* why there is no plan */
    ROW(PLAN_COMPANIONS, .title = "others would follow",
        .sentence = "group {group} also has {function}, and whoever gets a group gets all of it",
        .remedy = "add --with-group to let that follow, or name the group instead: g{group}"),
    ROW(PLAN_BRIDGE, .title = "a bridge",
        .sentence = "{function} is a bridge, and bridges are given to nobody",
        .remedy = "name the devices behind it, if there are any",
        .remedy_otherwise = "name those other devices of its group that are wanted, if there are any"),
    ROW(PLAN_NO_GROUP, .title = "no group",
        .sentence = "{function} is in no IOMMU group, so nothing confines its DMA",
        .remedy = "switch the IOMMU on: in the firmware's settings, and with intel_iommu=on on Intel",
        .remedy_otherwise = "leave it to the kernel: no IOMMU of this machine covers it"),
    ROW(PLAN_NO_IOMMU, .title = "no IOMMU protects it",
        .sentence = "group {group} was made up by VFIO: no IOMMU stands between its devices and memory",
        .remedy = "switch the IOMMU on and the noiommu mode of VFIO off"),
    ROW(PLAN_OTHER_BUS, .title = "a member of another bus",
        .sentence = "group {group} has the member {name}, which is no PCI function and cannot be handed over",
        .remedy = "take its driver away by hand, if it has one; ioward hands over PCI functions only"),
    ROW(PLAN_OWNED, .title = "has an owner", .sentence = "group {group} belongs to {by} already",
        .remedy = "unbind that driver by hand, if nothing needs it; 'ioward show g{group}' says more"),
    ROW(PLAN_CLAIMED, .title = "claimed already", .sentence = "group {group} is claimed already",
        .remedy = "see 'ioward release' for whose it is; to end it: ioward release g{group}"),
    ROW(PLAN_FIRMWARE_REGION, .title = "the firmware wants memory of it",
        .sentence = "the firmware demands that devices of group {group} always reach a region of memory, so "
                    "Linux gives "
                    "the group to no user",
        .remedy = "look for a setting of the firmware that ends this (RMRR, USB legacy support, management "
                  "controllers)"),
    ROW(PLAN_UNREAD, .title = "not read completely",
        .sentence = "what has to be known of {function} could not be read",
        .remedy = "run ioward as root; 'ioward status' says what is missing"),
    ROW(PLAN_NOT_LIVE, .title = "not this machine",
        .sentence = "only a machine that was just read may be changed, and this is a recorded one",
        .remedy = "run ioward on the machine itself"),
    ROW(PLAN_REACH, .title = "not isolated from another owner's device",
        .sentence = "the hardware does not isolate group {group} from {name}: {by}",
        .remedy =
            "{by}, or let one user have both, claimed at once, or accept the risk (see ioward-claim(1))",
        .remedy_otherwise = "{by}, or leave group {group} to the kernel, as {name} is, or accept the risk "
                            "(see ioward-claim(1))"),
    ROW(PLAN_IMPOSSIBLE, .title = "Linux would refuse it", .sentence = "Linux would refuse to {name}: {by}",
        .remedy = "{by}",
        .remedy_otherwise = "report it, please, with the file that 'ioward capture' writes"),

    /* what went otherwise than planned: said after the step, or the device, that it is about */
    ROW(EXEC_CHANGED, .title = "changed meanwhile",
        .sentence = "this is no longer as it was when it was planned",
        .remedy = "look at the device again ('ioward show'), and try again"),
    ROW(EXEC_REFUSED, .title = "the kernel refused", .evidence = IOW_EVIDENCE_ERRNO,
        .sentence = "the kernel refused", .remedy = "see the kernel's log (dmesg)"),
    ROW(EXEC_NOT_SO, .title = "no effect", .sentence = "the kernel took it, but it had no effect",
        .remedy = "see the kernel's log (dmesg); the driver may have failed to start the device"),
    ROW(EXEC_WAITS, .title = "the kernel waits",
        .sentence = "the kernel waits until the device's user lets go, and this cannot be taken back",
        .remedy = "have the user let go, then: ioward release --resume"),
    ROW(EXEC_HELD, .title = "still open",
        .sentence = "its user has it open still, and may go on with it until they let go"),
    ROW(EXEC_FOREIGN, .title = "changed by somebody else",
        .sentence = "somebody else changed this meanwhile, so it was left as it is",
        .remedy = "check that it is as you want it"),
    ROW(EXEC_GONE, .title = "gone", .sentence = "the device is gone, so there is nothing to change"),
    ROW(EXEC_OTHER_DEVICE, .title = "another device",
        .sentence = "another device is at this address now, so it was left as it is"),
    ROW(EXEC_STOPPED, .title = "stopped", .sentence = "it was stopped before it was done"),
    ROW(EXEC_UNSEEN, .title = "no answer in time",
        .sentence = "the kernel did not say in time how this is now",
        .remedy = "try again; if it stays so, something has the device locked: see the kernel's log (dmesg)"),
    ROW(EXEC_OVERRIDDEN, .title = "driver_override of somebody else",
        .sentence = "the driver_override that somebody else set keeps this driver away, so the device was "
                    "left to them",
        .remedy = "check that it is as you want it"),
    ROW(EXEC_BOUND, .title = "its command still runs",
        .sentence = "{subject} was claimed by 'ioward run', and ends with its command",
        .remedy = "end the command, which gives it back"),
    ROW(EXEC_LOCKED, .title = "another ioward is at work",
        .sentence = "another ioward is changing this machine: {subject}",
        .remedy = "wait for it, or give --timeout more seconds"),
    ROW(EXEC_JOURNAL, .title = "the journal cannot be used",
        .sentence = "the journal, which would put everything back after a crash, cannot be used",
        .remedy =
            "check the space and the permissions in /run/ioward; a damaged file may be moved away, but then "
            "what it says of has to be put back by hand, or by a reboot"),
    ROW(EXEC_NOT_CLAIMED, .title = "not claimed",
        .sentence = "{subject} is not claimed, so there is nothing to release",
        .remedy = "'ioward release' alone lists the claims"),
    ROW(EXEC_UNFINISHED, .title = "not finished yet",
        .sentence = "an earlier change of {subject} is not finished, and has to be first",
        .remedy = "finish it first: ioward release --resume"),
    ROW(EXEC_PRIVILEGE, .title = "only root may", .sentence = "only root may {subject}",
        .remedy = "run it with sudo"),
    ROW(EXEC_COMMAND, .title = "the command does not start", .evidence = IOW_EVIDENCE_ERRNO,
        .sentence = "the command could not be started", .remedy = "check its name"),
    ROW(EXEC_USER, .title = "no such user", .sentence = "there is no user of this name",
        .remedy = "give a user's name or number with --user"),

    /* what ownership refuses or warns of: said of a group or device, which is named before */
    ROW(DMA_NO_DOMAIN, .title = "not a domain to attach",
        .sentence = "what is attached here is a page table or an identity domain, never the default or the "
                    "blocking domain",
        .remedy = "detach what is attached to get back to the default domain"),
    ROW(DMA_OTHER_IOMMU, .title = "another IOMMU's domain",
        .sentence = "the domain was made by another IOMMU's driver than the one that translates here",
        .remedy = "make the domain for a device of this group"),
    ROW(DMA_ATTACH_BY_NOBODY, .title = "attached in nobody's name",
        .sentence = "a domain without an owner can be attached only by a driver that is bound in the group",
        .remedy = "name the owner of the domain, or have the driver attach it while it is bound"),
    ROW(DMA_ATTACH_DRIVERS, .title = "drivers would lose their domain", .evidence = IOW_EVIDENCE_DRIVERS,
        .sentence = "the group cannot leave its default domain while drivers other than the one that asks do "
                    "DMA through the kernel's DMA API",
        .remedy = "unbind those drivers first, or bind their devices to vfio-pci"),
    ROW(DMA_OTHER_OWNER, .title = "another owner's", .evidence = IOW_EVIDENCE_OWNER,
        .sentence = "the group belongs to another owner than the one who asks",
        .remedy = "have that owner let go first"),
    ROW(DMA_ATTACH_AWAY, .title = "attached already", .evidence = IOW_EVIDENCE_KIND,
        .sentence = "something is attached already, and attaching never takes the place of that",
        .remedy = "detach it first, or replace it"),
    ROW(DMA_NOT_ATTACHED, .title = "nothing attached", .evidence = IOW_EVIDENCE_SILENT,
        .sentence =
            "the group is on its default domain, so there is nothing to detach, to replace or to add to",
        .remedy = "attach a domain first"),
    ROW(DMA_DETACH_PASIDS, .title = "PASIDs still attached", .evidence = IOW_EVIDENCE_PASIDS,
        .sentence = "the domain cannot be detached while PASIDs have domains of their own",
        .remedy = "detach every PASID first"),
    ROW(DMA_NO_DEFAULT, .title = "no default domain yet", .evidence = IOW_EVIDENCE_SILENT,
        .sentence = "the group has no default domain yet, so a driver's DMA would have nowhere to go",
        .remedy = "probe the driver again once the IOMMU's own driver is ready"),
    ROW(DMA_PROBE_OWNED, .title = "a user owns the group", .evidence = IOW_EVIDENCE_OWNER,
        .sentence = "no driver that uses the kernel's DMA API can be bound in a group that a user owns",
        .remedy = "have the user let go first, or bind a managed-DMA driver such as vfio-pci"),
    ROW(DMA_PROBE_PRIVATE, .title = "a driver has the group to itself", .evidence = IOW_EVIDENCE_KIND,
        .sentence = "the group is not on its default domain, because of a driver that attached a domain of "
                    "its own, so the DMA of another driver would go astray",
        .remedy = "unbind the driver that attached it first"),
    ROW(DMA_PROBE_PASIDS, .title = "PASIDs keep drivers out", .evidence = IOW_EVIDENCE_PASIDS,
        .sentence = "PASIDs of the group have domains of their own, and then no further driver is let in",
        .remedy = "detach every PASID first"),
    ROW(DMA_TOO_MANY, .title = "the count is full", .evidence = IOW_EVIDENCE_NUMBER,
        .sentence = "the group cannot count any more of these", .remedy = "end some of them first"),
    ROW(DMA_COUNT_LOST, .title = "a driver that nobody counted",
        .sentence = "a driver that was not counted lets go of the group, so a warning is printed and the "
                    "count is left alone",
        .remedy = "find out how it was bound uncounted: mostly the device got its group only afterwards"),
    ROW(DMA_COUNT_KEPT, .title = "a driver that stays counted",
        .sentence = "a driver lets go of the group while a PASID is attached, so a warning is printed and "
                    "the driver is counted on though it is gone",
        .remedy = "detach every PASID before the driver is unbound"),
    ROW(DMA_DETACH_FIRST, .title = "the driver's own domain is attached", .evidence = IOW_EVIDENCE_SILENT,
        .sentence = "the driver cannot go while the domain that it attached is still there",
        .remedy = "have the driver detach it first"),
    ROW(DMA_UNSUPPORTED, .title = "no such operation", .sentence = "this kernel has no such operation",
        .remedy = "use one that it has"),
    ROW(DMA_NO_GROUP, .title = "no group", .sentence = "the device is in no IOMMU group",
        .remedy = "let the IOMMU's driver find the device first"),
    ROW(DMA_CLAIM_BY_NOBODY, .title = "claimed in nobody's name",
        .sentence = "a claim names its owner, and this one does not", .remedy = "name the owner"),
    ROW(DMA_CLAIM_KERNEL, .title = "kernel drivers use it", .evidence = IOW_EVIDENCE_DRIVERS,
        .sentence =
            "the group cannot be claimed while a driver that uses the kernel's DMA API is bound in it",
        .remedy = "unbind that driver first, or bind its device to vfio-pci"),
    ROW(DMA_CLAIM_OWNED, .title = "claimed already", .evidence = IOW_EVIDENCE_OWNER,
        .sentence = "the group is claimed already, and a group is claimed once",
        .remedy = "have its owner release it first"),
    ROW(DMA_CLAIM_AWAY, .title = "not on its default domain", .evidence = IOW_EVIDENCE_KIND,
        .sentence = "the group cannot be claimed, because it is not on its default domain although nobody is "
                    "counted in it",
        .remedy = "have whoever attached that domain detach it first"),
    ROW(DMA_CLAIM_PASIDS, .title = "PASIDs keep it from being claimed", .evidence = IOW_EVIDENCE_PASIDS,
        .sentence = "the group cannot be claimed while PASIDs of it have domains of their own",
        .remedy = "detach every PASID first"),
    ROW(DMA_RELEASE_UNOWNED, .title = "released by nobody",
        .sentence = "the group is released though nobody has claimed it, so a warning is printed and "
                    "nothing is done",
        .remedy = "release what was claimed, and once"),
    ROW(DMA_RELEASE_PASIDS, .title = "released with PASIDs attached",
        .sentence = "the group is released while a PASID is attached, so a warning is printed and it stays "
                    "claimed",
        .remedy = "detach every PASID before the release"),
    ROW(DMA_NOT_ALONE, .title = "not alone in its group", .evidence = IOW_EVIDENCE_MEMBERS,
        .sentence = "a domain can be attached by device only where the device is alone in its group",
        .remedy = "attach it to the whole group"),
    ROW(DMA_DETACH_NOT_ALONE, .title = "no longer alone in its group",
        .sentence = "a domain is detached by device though the device is not alone in its group any more, so "
                    "a warning is printed and the domain stays attached",
        .remedy = "detach it from the whole group"),
    ROW(DMA_DETACH_OTHER, .title = "not what is attached",
        .sentence = "a domain is detached that is not attached to the group, so a warning is printed and "
                    "nothing is done",
        .remedy = "detach what was attached, while it is attached"),
    ROW(DMA_NO_PASID, .title = "no PASID attached", .evidence = IOW_EVIDENCE_SILENT,
        .sentence = "no PASID of the group has a domain of its own",
        .remedy = "detach what was attached, and once"),
    ROW(DMA_NEWCOMER_BOUND, .title = "comes with a driver", .evidence = IOW_EVIDENCE_KIND,
        .sentence = "the device cannot join: a driver that uses the kernel's DMA API is bound to it, and the "
                    "group is not on its default domain",
        .remedy = "unbind that driver first"),
    ROW(DMA_TYPE_NONE, .title = "no default domain", .evidence = IOW_EVIDENCE_SILENT,
        .sentence = "the group has no default domain whose type could be changed",
        .remedy = "leave its type alone: the kernel translates nothing for it"),
    ROW(DMA_TYPE_NOT_ALONE, .title = "several members", .evidence = IOW_EVIDENCE_MEMBERS,
        .sentence = "this kernel changes the type of a default domain only where the group has one member",
        .remedy = "choose the type for all groups at boot (iommu.passthrough=, iommu.strict=)"),
    ROW(DMA_TYPE_IN_USE, .title = "the default domain is in use", .evidence = IOW_EVIDENCE_DRIVERS,
        .sentence = "the type cannot be changed while a driver that uses the kernel's DMA API is bound in "
                    "the group, or a user owns it",
        .remedy = "unbind those drivers, or have the owner let go first"),
    ROW(DMA_TYPE_EMPTY, .title = "no member", .evidence = IOW_EVIDENCE_SILENT,
        .sentence = "the type cannot be changed, because the group has no member",
        .remedy = "add a device to it first"),
    ROW(DMA_TYPE_BOUND, .title = "a driver is bound",
        .sentence = "this kernel changes the type of a default domain only while no driver of any kind is "
                    "bound to the device",
        .remedy = "unbind it first, even if it is vfio-pci"),
    ROW(DMA_TYPE_AWAY, .title = "the default domain is not attached", .evidence = IOW_EVIDENCE_KIND,
        .sentence = "this kernel changes the type of a default domain only while the group is attached to it",
        .remedy = "have the owner let go first"),
    ROW(DMA_TYPE_FORCED, .title = "another type is required", .evidence = IOW_EVIDENCE_TYPE,
        .sentence = "the firmware or the IOMMU's driver demands another type for a device of the group",
        .remedy = "leave the type as it is"),
    ROW(DMA_ATTACH_FAILED, .title = "a member could not be moved",
        .sentence = "the IOMMU's driver could not move a device of the group to the other domain",
        .remedy = "see the kernel's log (dmesg)"),
    ROW(DMA_STUCK, .title = "a member could not be moved back",
        .sentence = "a device of the group could neither be moved on nor back, and stays where it is",
        .remedy = "reboot, or remove the device and let it be found again"),
    ROW(DMA_DIRECT, .title = "the firmware wants memory of it",
        .sentence = "the firmware demands that the device always reach a region of memory, so it cannot be "
                    "blocked, and no user can have its group",
        .remedy = "look for a setting of the firmware that ends this (RMRR, USB legacy support)"),
    ROW(DMA_PHASE, .title = "a step out of order",
        .sentence = "a driver is probed, then bound or failed, then begins to unbind, then is unbound, and "
                    "this is not the next of these steps",
        .remedy = "serialise the steps of a device, as a driver core does"),
    ROW(DMA_BOUND, .title = "a driver is bound to it",
        .sentence = "the device cannot leave its group while a driver is bound to it",
        .remedy = "unbind the driver first"),
    ROW(DMA_IN_GROUP, .title = "in a group already", .sentence = "the device is in a group already",
        .remedy = "remove it from that one first"),
    ROW(DMA_PASIDS_LEFT, .title = "PASIDs left behind",
        .sentence = "the device cannot leave its group while PASIDs of it have domains of their own",
        .remedy = "detach them first"),
    ROW(DMA_NO_HOOK, .title = "PASIDs are not provided for",
        .sentence = "whoever embeds the arbiter attaches no PASIDs", .remedy = "give it the hook for PASIDs"),

    /* where a memory request goes: {function} is where it is, {other} whom it is for */
    ROW(ROUTE_MASTER_OFF, .title = "the requester makes no requests",
        .sentence = "{function} makes no requests: its bus mastering is off"),
    ROW(ROUTE_UPSTREAM_OFF, .title = "a bridge passes nothing up",
        .sentence = "{function} passes no requests up: its bus mastering is off"),
    ROW(ROUTE_TARGET_OFF, .title = "the target answers no requests",
        .sentence = "{function} answers no memory requests: its memory decoding is off"),
    ROW(ROUTE_NO_REGISTERS, .title = "the target has no addresses",
        .sentence = "{function} has no registers that a memory request could be addressed to"),
    ROW(ROUTE_WINDOW, .title = "a window is closed",
        .sentence = "{function} does not pass the address down: it is in none of its windows, or its memory "
                    "decoding is off"),
    ROW(ROUTE_UNTRANSLATED_ONLY, .title = "no translated requests here",
        .sentence = "no request can say on the bus of {function} that its address was translated before"),
    ROW(ROUTE_UNREAD, .title = "not readable enough to tell",
        .sentence = "the registers of {function} that decide could not be read"),
    ROW(ROUTE_OVERLAP, .title = "two windows claim the address",
        .sentence = "{function} claims the same address as another bridge beside it"),
    ROW(ROUTE_SENT, .title = "the requester", .sentence = "{function} sends the request up"),
    ROW(ROUTE_SOURCE, .title = "the requester is not below the port",
        .sentence = "{function} stops it: the requester ID is of a bus that is not below it, and Source "
                    "Validation is on"),
    ROW(ROUTE_TRANSLATED_BLOCKED, .title = "translated requests are stopped",
        .sentence =
            "{function} stops it: it lets no translated requests pass, since Translation Blocking is on"),
    ROW(ROUTE_OWN_FORWARDED, .title = "comes back no sooner than the root",
        .sentence =
            "{function} sends it up, although the address is below itself: Upstream Forwarding is on"),
    ROW(ROUTE_OWN_WINDOW, .title = "may come straight back",
        .sentence = "the address is below {function} itself, and its Upstream Forwarding is off: the "
                    "specification does not say whether it then sends the request straight back down"),
    ROW(ROUTE_NOT_PEER, .title = "not for a neighbour of the port",
        .sentence = "{function} sends it up: the address belongs to none of its neighbours"),
    ROW(ROUTE_NO_ACS, .title = "a port without ACS",
        .sentence = "{function} hands it to its neighbour: it has no ACS that could send it up"),
    ROW(ROUTE_TRANSLATED_DIRECT, .title = "translated requests go direct",
        .sentence = "{function} hands it over directly: Direct Translated P2P is on, and the request says "
                    "that its address was translated"),
    ROW(ROUTE_EGRESS_BLOCKED, .title = "egress control forbids it",
        .sentence = "{function} stops it: P2P Egress Control forbids that way"),
    ROW(ROUTE_EGRESS_DIRECT, .title = "egress control permits it",
        .sentence = "{function} hands it over directly: P2P Egress Control permits that way, and overrules "
                    "P2P Request Redirect"),
    ROW(ROUTE_REDIRECTED, .title = "requests between peers are sent up",
        .sentence = "{function} sends it up: P2P Request Redirect is on"),
    ROW(ROUTE_NOT_REDIRECTED, .title = "requests between peers are not sent up",
        .sentence = "{function} hands it over directly: P2P Request Redirect is off"),
    ROW(ROUTE_FUNCTIONS, .title = "functions of one device without ACS",
        .sentence = "{function} and {other} are functions of one device, which may pass requests between "
                    "them inside: {function} has no ACS that would rule it out"),
    ROW(ROUTE_VIRTUAL_FUNCTIONS, .title = "virtual functions without ACS",
        .sentence = "{function} and {other} are functions of one SR-IOV device, which may pass requests "
                    "between them inside: {function} has no ACS that would rule it out"),
    ROW(ROUTE_FUNCTIONS_APART, .title = "functions that do not talk",
        .sentence = "{function} passes no requests to other functions of its device: its ACS offers no P2P "
                    "Request Redirect, as it would have to"),
    ROW(ROUTE_PASSES, .title = "a port towards the root",
        .sentence = "{function} passes it up, as the upstream port of a switch does"),
    ROW(ROUTE_BRIDGE_PASSES, .title = "a bridge towards the root",
        .sentence = "{function} passes it up: the address is not on the bus below it"),
    ROW(ROUTE_BRIDGE_OWN, .title = "nobody takes it",
        .sentence =
            "{function} does not pass it up: the address is on the bus below it, where nobody answers"),
    ROW(ROUTE_SHARED_BUS, .title = "a bus that all share",
        .sentence = "{function} and {other} are on one conventional bus, where every request is seen by all"),
    ROW(ROUTE_ROOT_BUS, .title = "a conventional root bus",
        .sentence = "{function} sends it on a conventional root bus: what is built into the chipset there "
                    "need not share one bus"),
    ROW(ROUTE_ROOT_COMPLEX, .title = "inside the root complex",
        .sentence = "{function} sends it into the root complex, which may pass requests between its ports "
                    "and its own devices, and need not"),
    ROW(ROUTE_PORT_REGISTERS, .title = "registers of a port",
        .sentence = "the registers of a port are addressed, on which classic ACS has no say: {function} may "
                    "pass the request to them"),
    ROW(ROUTE_IOMMU, .title = "the IOMMU decides",
        .sentence = "the request of {function} comes to the IOMMU, which sends it where its mappings say, or "
                    "nowhere"),
    ROW(ROUTE_NO_IOMMU, .title = "no IOMMU",
        .sentence = "no IOMMU translates for {function}: the root complex takes the address as it is"),
    ROW(ROUTE_ATS, .title = "the IOMMU trusts it",
        .sentence = "the IOMMU takes the address for one that it translated itself, because ATS is on for "
                    "{function}"),
    ROW(ROUTE_ATS_OFF, .title = "the IOMMU does not trust it",
        .sentence = "the IOMMU takes no translated requests of {function}: ATS is off for it"),
    ROW(ROUTE_DOWN, .title = "on the way down",
        .sentence = "{function} passes it down: the address is in its window"),
    ROW(ROUTE_ARRIVED, .title = "arrived",
        .sentence = "{function} takes it: the address is in its registers"),
    /* why Linux has apart what the hardware does not, and what would split a group */
    ROW(HW_ACS_CLEARED, .title = "isolation was switched off after grouping",
        .sentence = "the ACS bits of {deciding} kept them apart when Linux made the groups, and were cleared "
                    "since",
        .remedy = "find what clears the bits (often a boot script with setpci ECAP_ACS) and set them again"),
    ROW(HW_OVERRIDE, .title = "the ACS override is in force",
        .sentence = "Linux has them in different groups only because of the kernel option pcie_acs_override, "
                    "which changes nothing in the hardware",
        .remedy = "give these groups to one owner only, or remove pcie_acs_override from the kernel command "
                  "line"),
    ROW(HW_SWITCH, .title = "ports of a switch that does not isolate",
        .sentence = "Linux joins what is below one such port of a switch, but not what is below the switch's "
                    "other ports",
        .remedy = "give the devices below all ports of this switch to one owner only"),
    ROW(HW_EGRESS_CONTROL, .title = "Egress Control lets requests pass",
        .sentence =
            "Linux takes redirection for enough, and does not look at Egress Control, which opens the "
            "way again",
        .remedy = "switch Egress Control of {deciding} off (setpci ECAP_ACS), which Linux never uses"),
    ROW(HW_TRANSLATED, .title = "requests pass that say they were translated",
        .sentence = "Linux does not look at the bit that lets requests pass which say that their address was "
                    "translated before",
        .remedy = "switch Direct Translated P2P of {deciding} off, or Translation Blocking on (setpci "
                  "ECAP_ACS)"),
    ROW(HW_OWN_WINDOW, .title = "a port may send requests back down",
        .sentence = "{deciding} does not forward upwards what is for its own window, and the specification "
                    "leaves open what it does instead"),
    ROW(HW_FUNCTIONS, .title = "functions of one device",
        .sentence = "Linux takes these functions of one device for isolated, and nothing in their registers "
                    "says so"),
    ROW(HW_VIRTUAL_FUNCTIONS, .title = "virtual functions of one device",
        .sentence = "Linux takes virtual functions for isolated, and nothing in their registers says so"),
    ROW(HW_ROOT_BUS, .title = "devices of the chipset",
        .sentence = "Linux takes conventional devices on a root bus for isolated, as parts of the chipset"),
    ROW(HW_ROOT_COMPLEX, .title = "only the root complex is between them",
        .sentence = "Linux takes it that the root complex passes no requests between its ports, which no "
                    "register tells"),
    ROW(HW_PORT_REGISTERS, .title = "registers of a port",
        .sentence = "no ACS bit that Linux knows of guards the registers of ports themselves"),
    ROW(HW_NO_IOMMU, .title = "no IOMMU confines it",
        .sentence = "no IOMMU confines the requests of {function}, so nothing keeps them from any device"),
    ROW(HW_ATS, .title = "translated requests are believed",
        .sentence = "address translation services are on for {function}, so the IOMMU lets its translated "
                    "requests pass as they are"),
    ROW(HW_UNREAD, .title = "not readable enough to tell",
        .sentence = "what decides whether {function} reaches {other} could not be read, or is ambiguous",
        .remedy = "run ioward, or ioward capture, as root"),
    ROW(HW_OTHER, .title = "apart for a reason unknown to ioward",
        .sentence = "Linux has {function} and {other} in different groups, and ioward knows no reason for "
                    "that"),
    ROW(HW_SPLIT_AT_BOOT, .title = "a boot would split it",
        .sentence = "with the registers as they are now Linux would split group {group} at the next boot"),
    ROW(HW_SPLIT_BY_BITS, .title = "ACS bits would split it",
        .sentence = "Linux would split group {group} if it booted with these ACS bits set",
        .remedy = "have the firmware set them, or pci=config_acs (from Linux 6.12 on), and reboot"),
    ROW(HW_SPLIT_BY_NOTHING, .title = "no ACS bit would split it",
        .sentence = "no ACS bit that the hardware has would make Linux split group {group}"),
/* what is behind a message of another program */
#define MSG(rule, ...) ROW(MSG_##rule, __VA_ARGS__),
#include "report/message-rules.h"
#undef MSG

    /* simulated machines */
    ROW(SIM_TOPOLOGY, .title = "not a topology",
        .sentence = "{subject} describes no machine that can be simulated",
        .remedy = "name one that is installed, or a file as lab/README.md describes them"),
    ROW(SIM_COMMAND, .title = "not understood", .sentence = "this means nothing to the simulated machine",
        .remedy = "'help' lists what there is"),
};

static_assert(sizeof(words) / sizeof(words[0]) == IOW_RULE__COUNT, "a rule at the end has no row");

/* A hole in the middle of the table would be a row of zeros; the unit test visits every row for that. */
const struct iow_rule_words *iow_rule_words(enum iow_rule rule)
{
    return (unsigned)rule < IOW_RULE__COUNT ? &words[rule] : &words[IOW_RULE_NONE];
}

/* Remedies that depend on what the system said. */
static const struct {
    enum iow_rule rule;
    int number;
    const char *remedy;
} remedies[] = {
    {IOW_RULE_CAP_WRITE, ENOENT, "the folder does not exist: make it, or name another file"},
    {IOW_RULE_CAP_WRITE, ENOTDIR, "what should be the folder is none: name another file"},
    {IOW_RULE_CAP_WRITE, EEXIST, "use --force to replace it, or name another file"},
    {IOW_RULE_CAP_WRITE, EINVAL, "name another file"},
    {IOW_RULE_CAP_WRITE, EACCES, "check the permissions of the folder, or name another file"},
    {IOW_RULE_CAP_WRITE, EPERM, "check the permissions of the folder, or name another file"},
    {IOW_RULE_CAP_WRITE, EROFS, "nothing can be written to this file system: name another file"},
    {IOW_RULE_CAP_WRITE, ENOSPC, "make room on this disk, or name a file on another"},
    {IOW_RULE_CAP_WRITE, EDQUOT, "make room within your quota, or name a file on another disk"},
    {IOW_RULE_CAP_WRITE, EFBIG, "raise the limit for the size of files (ulimit -f)"},
    {IOW_RULE_CAP_WRITE, EPIPE, "check the program that reads the capture"},
    {IOW_RULE_READ_DENIED, EACCES, "check the permissions of the file and of the folders above it"},
    {IOW_RULE_EXEC_COMMAND, EACCES, "check the permissions of the file and of the folders above it"},
    {IOW_RULE_READ_FAILED, ENOENT, "check the path"},
    {IOW_RULE_READ_BAD_VALUE, EINVAL, "name a file in the format of pci.ids"},
};

const char *iow_rule_remedy(enum iow_rule rule, int number)
{
    for (size_t i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++)
        if (remedies[i].rule == rule && remedies[i].number == number)
            return remedies[i].remedy;
    return iow_rule_words(rule)->remedy;
}
