/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of what an audit finds, and of why a file of accepted risks is refused: rows of the table in rules.c.
 * What each rule means, and from what it is told, is in audit-words.c. */
AUDIT(REM_NO_IOMMU, .title = "no IOMMU in use",
    .sentence = "no IOMMU is in use: every device that can do DMA can reach all memory",
    .remedy = "the firmware, or the hypervisor, offers no IOMMU (no DMAR or IVRS table): enable it "
              "there (VT-d, AMD-Vi)",
    .remedy_otherwise = "the firmware offers an IOMMU, but Linux does not use it: look for iommu=off, "
                        "intel_iommu=off or amd_iommu=off on the kernel command line, and switch it on "
                        "there (intel_iommu=on) if the kernel leaves it off by itself")
AUDIT(REM_UNGROUPED, .title = "no IOMMU covers it",
    .sentence =
        "{function} is in no group: no IOMMU confines its DMA, and it cannot be given to a user safely",
    .remedy = "leave it to the kernel")
AUDIT(REM_SWITCH_SPLIT, .title = "groups finer than the hardware",
    .sentence = "{function} and {other} are ports of one switch that does not isolate them, yet Linux "
                "gives what is "
                "below them separate groups: these devices can reach each other around the IOMMU",
    .remedy = "give the devices below both ports to one owner only")
AUDIT(REM_DRIFT, .title = "isolation changed after grouping",
    .sentence = "the ACS bits of {function} changed after the groups were made: the group of {other} no "
                "longer agrees with "
                "the hardware",
    .remedy = "see 'ioward why {other}'")
AUDIT(REM_USER_REACHES, .title = "a user reaches a device of the kernel",
    .sentence =
        "{function} is a user's and surely reaches the registers of {other} around the IOMMU, which the "
        "kernel has: whoever has the one controls the other",
    .remedy = "see 'ioward route {function} {other}' for where; give both to one owner")
AUDIT(REM_TWO_USERS, .title = "two users that are not isolated",
    .sentence =
        "{function} and {other} are of different users, and the hardware does not keep them apart: one "
        "surely reaches the other around the IOMMU, or both hang together by way of others",
    .remedy = "see 'ioward route --sets {function}' for where; give both to one owner")
AUDIT(REM_FINER, .title = "a way around the IOMMU between groups",
    .sentence =
        "{function} surely reaches the registers of {other} around the IOMMU, though Linux has them in "
        "different groups",
    .remedy = "see 'ioward route --sets {function}' for where and why")
AUDIT(REM_DRIFT_OPENED, .title = "opened since the groups were made",
    .sentence = "since ACS bits above it were cleared {function} reaches the registers of {other} around the "
                "IOMMU ({name}), which it did not before",
    .remedy = "see 'ioward route --sets {function}' for the port, and set its bits again")
AUDIT(REM_UNEXPLAINED, .title = "group not explained",
    .sentence = "{function} is not in the group that ioward expects, and ioward cannot explain it",
    .remedy = "see 'ioward why {function}'")
AUDIT(REM_PENDING_UNBIND, .title = "an unbind waits for its user",
    .sentence = "{function} shows no driver, but is still open: an unbind waits until {holder} closes it",
    .remedy = "let {holder} finish; killing the process that waits in the unbind does not help")
AUDIT(REM_NOT_VIABLE, .title = "cannot be used yet",
    .sentence = "group {group} has a device ready for a user, but no user can own it while {function} is "
                "bound to a "
                "kernel driver",
    .remedy = "unbind {function} from its driver, or bind it to vfio-pci as well")
AUDIT(REM_IDLE_MASTER, .title = "can do DMA without a driver",
    .sentence =
        "{function} has no driver, but its bus mastering is on: it can still do DMA, within whatever its "
        "group reaches",
    .remedy = "bind a driver to it, or switch bus mastering off")
AUDIT(REM_UNSAFE_INTERRUPTS, .title = "interrupts are not isolated",
    .sentence = "vfio allows unsafe interrupts: whoever owns a device can send any interrupt to this machine",
    .remedy = "remove vfio_iommu_type1.allow_unsafe_interrupts if the machine has interrupt remapping")
AUDIT(REM_NOIOMMU_MODE, .title = "vfio works without an IOMMU",
    .sentence = "vfio's mode without an IOMMU is allowed: devices used that way can reach all memory",
    .remedy = "remove vfio.enable_unsafe_noiommu_mode unless you need it")
AUDIT(REM_OVERRIDE_OPTION, .title = "the ACS override is on the command line",
    .sentence = "the kernel command line has pcie_acs_override: with a kernel that knows this option, "
                "separate groups "
                "may not be isolated at all",
    .remedy = "remove it unless every owner may reach every device")
AUDIT(REM_ASSUMED_KERNEL, .title = "kernel release not known",
    .sentence = "this is Linux {release}, and the rules that ioward applies were compared with Linux 6.1 "
                "and 6.12: it assumes that they are the same here")

AUDIT(REM_OTHER_OWNER, .title = "files and the kernel's memory name different owners",
    .sentence = "by drivers and open files the owner of group {group} is {name}, but the kernel's memory "
                "says {by}",
    .remedy = "believe the kernel: it refuses and allows by this; if nothing else explains it, please "
              "report it with the file that 'ioward capture' writes")
AUDIT(REM_OTHER_COUNT, .title = "the kernel counts other drivers",
    .sentence = "members of group {group} are bound to {name} doing DMA, but the kernel counts {by}: "
                "no user can own the group until the next boot",
    .remedy = "do not claim the group; please report it with the file that 'ioward capture' writes")
AUDIT(REM_OTHER_TRAIT, .title = "the kernel knows the driver as another kind",
    .sentence = "ioward takes the driver {name} of {function} for one that {by}, but the kernel has it the "
                "other way round",
    .remedy = "believe the kernel, and please report the driver")

AUDIT(REM_EXTERNAL_OPEN, .title = "a device from outside is not confined",
    .sentence = "{function} was plugged in from outside, or is a port for such devices, and no IOMMU "
                "translates its DMA: whoever plugs something in reaches all memory",
    .remedy = "switch the IOMMU on (intel_iommu=on, amd_iommu=on), have it translate (iommu.passthrough=0), "
              "or switch the port off in the firmware")
AUDIT(REM_EXTERNAL_ATS, .title = "a device from outside translates for itself",
    .sentence = "{function} was plugged in from outside and has ATS switched on: the IOMMU believes every "
                "address that it says it has translated",
    .remedy = "boot with pci=noats")
AUDIT(REM_USER_ATS, .title = "a user's device translates for itself",
    .sentence =
        "{function} of group {group} has ATS switched on, and a user owns it: the IOMMU believes every "
        "address that the device says it has translated, so all rests on its firmware",
    .remedy = "boot with pci=noats, or accept that the device is trusted with all memory")
AUDIT(REM_BUS_RESET, .title = "its reset reaches beyond its group",
    .sentence =
        "{function} of group {group} can be reset only together with {other}, which is in another group: "
        "its user gets no reset, and what one user left in it the next one finds",
    .remedy = "give both groups to one owner, or move one of the cards")
AUDIT(REM_VF_RESET, .title = "its reset reaches beyond its group",
    .sentence =
        "{function} is bound to VFIO, and its reset ends {other}, a virtual function of another group",
    .remedy = "leave the physical function to the kernel while virtual functions of it are in use")
AUDIT(REM_NOIOMMU_GROUP, .title = "given away without an IOMMU",
    .sentence = "group {group} was made up by VFIO: whoever opens it reaches all memory",
    .remedy = "give it to nobody whom you would not trust with all memory")
AUDIT(REM_FOREIGN_DRIVER, .title = "driven from elsewhere under the kernel's domain",
    .sentence =
        "{function} of group {group} is bound to {name}, which has a program or another domain drive it: "
        "its DMA goes where the kernel's own does, and its group counts as the kernel's",
    .remedy = "bind it to vfio-pci instead")
AUDIT(REM_SHPC_DRIVER, .title = "a hotplug driver keeps users out",
    .sentence =
        "{function} is bound to shpchp, which does no DMA but counts as a driver that does: no user can "
        "own group {group}",
    .remedy = "unbind {function} from shpchp if a device of the group is to be given away; nothing can be "
              "plugged in there then")
AUDIT(REM_PRIVATE_DRIVER, .title = "a kernel driver has a domain of its own",
    .sentence =
        "group {group} is attached to a domain of a kernel driver: no other driver can bind in it, and "
        "no user can own it")
AUDIT(REM_FIRMWARE_REGION, .title = "a claim will fail: the firmware needs the device",
    .sentence =
        "the firmware demands that group {group} reaches a region of memory always: Linux gives such a "
        "group to no user",
    .remedy = "switch off in the firmware what needs it (often a management controller or USB emulation), or "
              "leave the group to the kernel")
AUDIT(REM_EARLY_DRIVER, .title = "a driver that ownership does not know of",
    .sentence =
        "a driver that does DMA is bound in group {group}, and the kernel does not count it, as when it "
        "was bound before the device had a group: a user may come to own the group under it",
    .remedy = "unbind the driver and bind it again, or load the IOMMU's module before")
AUDIT(REM_OVERRIDE_FINER, .title = "separate only by the ACS override",
    .sentence =
        "Linux keeps {function} apart from {other} only because of pcie_acs_override: the hardware does "
        "not separate them",
    .remedy = "give both to one owner only, or remove pcie_acs_override from the kernel command line")
AUDIT(REM_OPEN_INTERRUPTS, .title = "interrupts are not remapped",
    .sentence =
        "interrupts of devices come without remapping: a device can raise any, and Linux lets users own "
        "no group unless unsafe interrupts are allowed",
    .remedy = "switch interrupt remapping on in the firmware (VT-d, AMD-Vi), and remove intremap=off and "
              "nointremap from the kernel command line")
AUDIT(REM_HOST_DISK, .title = "a disk of the host is about to go",
    .sentence = "{function} of group {group}, which is about to be given away, carries {name}, and the host "
                "uses it{by}",
    .remedy = "see 'ioward claim {function} --dry-run'; move the card to another group, or do without "
              "giving this "
              "one away")
AUDIT(REM_HOST_CONSOLE, .title = "a console of the host is about to go",
    .sentence =
        "{function} of group {group}, which is about to be given away, is a console of the host: {name}",
    .remedy = "have the console elsewhere (console=ttyS0, another graphics card) before the group goes")
AUDIT(REM_HOST_NETWORK, .title = "a network of the host is about to go",
    .sentence =
        "{function} of group {group}, which is about to be given away, carries the interface {name}, and the "
        "host uses it{by}",
    .remedy = "move its traffic elsewhere before the group goes")
AUDIT(REM_SLOT_GROWS, .title = "a slot makes a user's group grow",
    .sentence =
        "whatever is put into slot {name} below {function} joins group {group}, which is a user's or about "
        "to be given away",
    .remedy = "put the user's device below a port that isolates, or keep the slot shut")
AUDIT(REM_DOOR_RELAXED, .title = "registers in use are open to /dev/mem",
    .sentence =
        "iomem=relaxed is on the kernel command line: root can map the registers of devices that drivers "
        "are using, and have them do DMA",
    .remedy = "remove iomem=relaxed")
AUDIT(REM_DOOR_REGISTERS, .title = "its registers are open beside its group",
    .sentence = "{function} of group {group} has no driver that holds its registers: whoever may write its "
                "resource files can have it do DMA in the memory of the group's owner",
    .remedy = "bind vfio-pci to it as well, or boot with lockdown=integrity")
AUDIT(REM_DOOR_CONFIG, .title = "root can change what isolates",
    .sentence = "the kernel is not locked down: root can write the config space of every device, and "
                "with it move "
                "registers and switch off what isolates",
    .remedy = "boot with lockdown=integrity, or accept that root is trusted with all devices")
AUDIT(REM_DOOR_MEMORY, .title = "root can write memory and registers",
    .sentence = "the kernel has {name} and is not locked down: root can map the registers of every "
                "device that no "
                "driver holds",
    .remedy = "boot with lockdown=integrity, or accept that root is trusted with all devices")
AUDIT(REM_DOOR_PORT, .title = "root can write I/O ports",
    .sentence =
        "the kernel has {name} and is not locked down: root can reach every I/O port, config space among "
        "them",
    .remedy = "boot with lockdown=integrity, or accept that root is trusted with all devices")
AUDIT(REM_PEER_MODULE, .title = "the kernel moves data between devices",
    .sentence = "the module {name} is loaded: {by}",
    .remedy = "unload it unless that is wanted, and give its devices and those that they reach to one owner")
AUDIT(REM_PEER_MEMORY, .title = "a device offers its memory to others",
    .sentence = "{function} offers memory for DMA of other devices (p2pmem): the kernel may have its "
                "drivers use it "
                "without passing the IOMMU",
    .remedy = "keep it and the devices that use it in the hands of one owner")

/* why a file of accepted risks is refused; {path} is the file */
AUDIT(ACCEPT_SYNTAX, .title = "not understood",
    .sentence = "this is neither '[accept]' nor 'KEY = VALUE' nor a comment", .evidence = IOW_EVIDENCE_LINE)
AUDIT(ACCEPT_KEY, .title = "no such key",
    .sentence = "only rule, device, name, reason and until are keys, below '[accept]'",
    .evidence = IOW_EVIDENCE_LINE)
AUDIT(ACCEPT_VALUE, .title = "not such a value",
    .sentence = "this value does not fit its key, or was given before",
    .remedy = "rule: one of 'ioward audit --rules'; device: 'ADDRESS VENDOR:DEVICE', each once; name and "
              "reason: some text; until: a day as 2027-01-31",
    .evidence = IOW_EVIDENCE_LINE)
AUDIT(ACCEPT_LACKS, .title = "something is missing",
    .sentence = "this section lacks its rule, its reason or the day until which it holds",
    .evidence = IOW_EVIDENCE_LINE)
AUDIT(ACCEPT_SIZE, .title = "too long", .sentence = "{path} is too long for a list of accepted risks")
