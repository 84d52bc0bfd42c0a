/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of what is behind a message of another program: rows of the table in rules.c. */
MSG(DRIVER, .title = "a kernel driver keeps users out",
    .sentence = "{function} of group {group} is bound to {drivers}, which does DMA for the kernel, so no "
                "user can have the group",
    .remedy = "give the whole group to a user: ioward claim {other} --with-group")
MSG(HELD, .title = "somebody has it",
    .sentence = "{holder} has group {group}, and a group is opened once at a time",
    .remedy = "have {holder} end or let go of it, or use a device of another group")
MSG(HELD_PERHAPS, .title = "somebody may have it",
    .sentence = "{holder} has a vfio device open, perhaps of group {group}: the kernel does not say which",
    .remedy = "if no other program could have it, have {holder} end or let go of it")
MSG(PENDING, .title = "an unbind waits for its user",
    .sentence = "{function} is being taken from VFIO, and this waits until {holder} closes it",
    .remedy = "have {holder} end or let go of it; killing the process that waits does not help")
MSG(HIDDEN, .title = "the holders cannot be seen",
    .sentence = "whether somebody has group {group} cannot be told: not every process could be looked into",
    .remedy = "ask again as root")
MSG(VIABLE, .title = "a user can have it now",
    .sentence = "no driver that does DMA for the kernel is bound in group {group} now, and nobody is seen to "
                "hold it: a user can have it",
    .remedy = "try again")
MSG(FREE, .title = "nobody has it now", .sentence = "nobody is seen to hold group {group} now",
    .remedy = "try again")
MSG(NO_NODE, .title = "the group's file does not exist",
    .sentence =
        "/dev/vfio/{group} does not exist, because no member of group {group} is bound to a vfio driver",
    .remedy = "have the group handed over: ioward claim {other} --with-group")
MSG(NODE, .title = "the group's file exists now",
    .sentence = "/dev/vfio/{group} exists now: a member of the group is bound to a vfio driver",
    .remedy = "try again")
MSG(NODE_ACCESS, .title = "the group's file is not this user's",
    .sentence = "the user who runs the program may not open /dev/vfio/{group}",
    .remedy = "give the group to that user: ioward claim {other} --with-group --user NAME (release it first "
              "if it is claimed for somebody else)")
MSG(NOT_VFIO, .title = "not bound to a vfio driver",
    .sentence = "{function} is {drivers}, and not bound to a vfio driver",
    .remedy = "have it handed over: ioward claim {function} --with-group")
MSG(ON_VFIO, .title = "bound to a vfio driver now", .sentence = "{function} is bound to {drivers} now",
    .remedy = "try again")
MSG(BOUND, .title = "has a driver already",
    .sentence = "{function} is bound to {drivers} now, and a device has one driver at a time",
    .remedy = "if another driver is wanted, unbind this one first: ioward claim does so, for the whole group")
MSG(UNBOUND, .title = "has no driver", .sentence = "{function} has no driver now",
    .remedy = "'ioward show {function}' tells its driver_override, which lets only the driver it names bind; "
              "the driver must be loaded, too")
MSG(UNTRIED, .title = "nothing tries again",
    .sentence =
        "{function} has no driver: it came while a user had its group, and nothing tries again by itself",
    .remedy = "once nobody has the group: echo {function} > /sys/bus/pci/drivers_probe")
MSG(NO_FUNCTION, .title = "not on this machine",
    .sentence = "the message names {function}, and there is no such device on this machine now",
    .remedy = "see 'ioward' for what there is; addresses change when cards come and go")
MSG(FUNCTION, .title = "it is there now", .sentence = "{function} is there now", .remedy = "try again")
MSG(NO_SUCH_GROUP, .title = "no such group",
    .sentence = "the message names group {group}, and there is no such group on this machine now",
    .remedy = "name devices rather than groups, whose numbers may change with every boot")
MSG(OTHER_GROUP, .title = "in another group now",
    .sentence = "{function} is in group {group} now, and the message names group {name}: it is of another "
                "boot, or of another machine",
    .remedy = "name devices rather than groups, whose numbers may change with every boot")
MSG(NO_GROUP, .title = "in no group",
    .sentence =
        "{function} is in no IOMMU group: no IOMMU translates its DMA, so it cannot be given to a user",
    .remedy = "leave it to the kernel")
MSG(IN_GROUP, .title = "in a group now", .sentence = "{function} is in group {group} now",
    .remedy = "try again")
MSG(NO_IOMMU, .title = "no IOMMU in use",
    .sentence = "no IOMMU is in use on this machine, and without one no device can be given to a user",
    .remedy = "the firmware, or the hypervisor, offers no IOMMU: enable it there (VT-d, AMD-Vi)",
    .remedy_otherwise =
        "the firmware offers an IOMMU that Linux does not use: look for iommu=off, intel_iommu=off or "
        "amd_iommu=off on the kernel command line, and add intel_iommu=on if it is Intel's")
MSG(IOMMU, .title = "an IOMMU is in use", .sentence = "an IOMMU is in use on this machine now",
    .remedy = "try again")
MSG(NAMELESS, .title = "no device is named",
    .sentence = "the message names neither a device nor a group of this machine",
    .remedy = "have the lines around it explained, too; 'ioward' shows the owner of every group")
MSG(BEFORE, .title = "the lines before it tell why",
    .sentence = "{function} is ready for VFIO now; the message only sums up what was said before it",
    .remedy = "have the lines before it explained, too")
MSG(UNEXPLAINED, .title = "nothing here explains it",
    .sentence = "nothing that is seen on this machine now explains it",
    .remedy = "'ioward show' and 'ioward why' tell what is known of a device")
MSG(DIRECT, .title = "the firmware wants memory of it",
    .sentence = "the firmware demands that a device of group {group} always reach {name}, so no user can "
                "have the group",
    .remedy = "look for a setting of the firmware that ends this (RMRR, shared memory, USB legacy support)")
MSG(NO_DIRECT, .title = "no such demand is seen",
    .sentence = "no region of memory that the firmware demands is seen for group {group} now",
    .remedy = "try again")
MSG(UNSAFE, .title = "interrupts are not isolated",
    .sentence = "Linux does not remap the interrupts of this machine's devices, and VFIO gives no device to "
                "a user then",
    .remedy = "switch interrupt remapping on, in the firmware and on the kernel command line (no "
              "intremap=off, no intremap=nosid); only where every user may send any interrupt: echo Y > "
              "/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts")
MSG(UNSAFE_ALLOWED, .title = "unsafe interrupts are allowed now",
    .sentence = "vfio_iommu_type1.allow_unsafe_interrupts is on now, so interrupts that are not isolated "
                "keep nobody out",
    .remedy = "try again")
MSG(NO_BACKEND, .title = "a module is missing", .sentence = "the module vfio_iommu_type1 is not loaded",
    .remedy = "load it: modprobe vfio_iommu_type1")
MSG(BACKEND, .title = "the module is loaded now", .sentence = "vfio_iommu_type1 is loaded now",
    .remedy = "try again")
MSG(NO_MODULE, .title = "VFIO is not loaded", .sentence = "the module vfio_pci is not loaded",
    .remedy = "load it: modprobe vfio-pci (ioward claim and ioward run do so)")
MSG(MODULE, .title = "VFIO is loaded now", .sentence = "vfio_pci is loaded now", .remedy = "try again")
MSG(MEMLOCK, .title = "may not lock that much memory",
    .sentence = "the program may lock less memory than it wants devices to reach: its limit (RLIMIT_MEMLOCK) "
                "is too low",
    .remedy = "raise it: ioward run -d {other} --lock-memory SIZE -- COMMAND; ulimit -l in its shell; "
              "LimitMEMLOCK= in its unit; hard_limit in libvirt's memtune")
MSG(RESERVED, .title = "addresses that are taken",
    .sentence = "devices of group {group} cannot be given these addresses: {name}",
    .remedy = "have the program map elsewhere")
MSG(MAPPINGS, .title = "too many mappings",
    .sentence = "the program has as many mappings as vfio_iommu_type1.dma_entry_limit lets it have",
    .remedy = "raise that parameter, or use larger pages")
MSG(TWICE, .title = "named twice", .sentence = "the same device is given to one program twice",
    .remedy = "name it once")
MSG(TWO_SPACES, .title = "one group, one address space",
    .sentence = "the members of group {group} ({name}) can only have one address space, and the virtual "
                "machine has one for each of its devices, because it has an IOMMU itself",
    .remedy =
        "give it one member, or put them all below one PCIe-to-PCI bridge of it, or leave its IOMMU out")
MSG(NO_RESET, .title = "cannot be reset",
    .sentence =
        "Linux knows no way to reset {function} alone: the next owner finds it as the last one left it",
    .remedy = "give it only to users who may see what the last one left in it")
MSG(RESET, .title = "can be reset", .sentence = "Linux resets {function} by {name}", .remedy = "try again")
MSG(RESET_OTHERS, .title = "others are reset with it",
    .sentence =
        "resetting {function} would reset group {group} ({name}) too, and the program does not own that",
    .remedy = "hand that group to the same user, too: ioward claim {other} --with-group")
MSG(RESET_FAILED, .title = "does not come back from a reset",
    .sentence = "{function} did not answer for long after a reset",
    .remedy = "give it to nobody before it answers: 'ioward show {function}' reads it again; what helps is "
              "to take its power away, mostly by a cold boot")
MSG(POWER, .title = "does not wake up",
    .sentence = "{function} is in {name} now: it sleeps, or it does not wake up",
    .remedy = "take its power away (a cold boot); if it happens whenever nobody uses it, load vfio-pci with "
              "disable_idle_d3=1")
MSG(POWERED, .title = "it is powered now", .sentence = "{function} is in D0 and answers now",
    .remedy = "try again")
MSG(FAULT_BEHIND, .title = "a bridge hides who it was",
    .sentence = "{function} is a bridge: behind it one of {name} used an address that its owner did not map")
MSG(FAULT_KERNEL, .title = "a kernel driver's device went astray",
    .sentence = "{function} used an address that is not mapped for it, while the kernel owns group {group} "
                "through {drivers}",
    .remedy = "it is a fault of that driver, the device or the firmware (a region that it forgot to "
              "declare): a newer kernel or firmware may help; iommu=pt hides it")
MSG(FAULT_USER, .title = "a user's device went astray",
    .sentence = "{function} used an address that {holder}, which has group {group}, did not map for it; the "
                "IOMMU stopped it",
    .remedy = "it is a fault of that program, or of what runs in it; nobody else is touched")
MSG(FAULT_NOBODY, .title = "does DMA though nobody owns it",
    .sentence =
        "{function} used an address that is not mapped for it, and nobody is seen to own group {group} now",
    .remedy = "if it has no driver, end its DMA: setpci -s {function} COMMAND=0:4")
MSG(BAR, .title = "its registers are taken",
    .sentence = "something else has the addresses of registers of {function}",
    .remedy = "grep -A2 -B2 {function} /proc/iomem tells what")
MSG(BAR_DISPLAY, .title = "the boot screen has its memory",
    .sentence = "{function} is a display, and the screen of the boot (efifb, simplefb, BOOTFB in "
                "/proc/iomem) mostly keeps its memory",
    .remedy = "boot with video=efifb:off or initcall_blacklist=sysfb_init, or let another card show the boot")
MSG(VF_TOKEN, .title = "a token is wanted",
    .sentence = "{function} belongs to {other}, which is bound to {drivers}: who opens it must give the "
                "token (a UUID) that the owner of {other} set",
    .remedy = "give both programs the same: vf-token= of QEMU's device, --vfio-vf-token of DPDK")
MSG(NO_VF_TOKEN, .title = "no token is wanted",
    .sentence = "{function} has no physical function on a vfio driver now, so no token may be given for it",
    .remedy = "leave the token out")
MSG(DENYLIST, .title = "vfio-pci does not take this kind",
    .sentence = "{function} is of a kind that vfio-pci does not give to users, because its own faults reach "
                "beyond the user's memory",
    .remedy = "only for users you trust with the whole machine: modprobe vfio-pci disable_denylist=1")
MSG(VFS, .title = "it has virtual functions",
    .sentence = "{function} has {name} virtual functions, and vfio-pci does not take it with them",
    .remedy = "remove them first: echo 0 > /sys/bus/pci/devices/{function}/sriov_numvfs")
MSG(NO_VFS, .title = "no virtual functions now", .sentence = "{function} has no virtual functions now",
    .remedy = "try again")
MSG(BRIDGE, .title = "a bridge",
    .sentence = "{function} is a bridge: it is not given to users, and with its driver or without one it "
                "keeps nobody out of its group",
    .remedy = "leave it alone, and name a device below it")
MSG(ENDPOINT, .title = "no bridge", .sentence = "{function} is no bridge", .remedy = "try again")
MSG(SWITCH, .title = "a port above does not isolate",
    .sentence = "{other}, above {function}, does not isolate what is below it, and libvirt was told to "
                "insist on that",
    .remedy = "'ioward why {function}' tells who shares its group; if that is fine, relaxed_acs_check = 1 in "
              "qemu.conf")
MSG(NO_SWITCH, .title = "the ports above isolate",
    .sentence = "every port above {function} isolates what is below it, or isolation there is not known to "
                "be missing",
    .remedy = "see 'ioward why {function}'")
MSG(IN_USE, .title = "the host uses it", .sentence = "the host uses {function}",
    .remedy = "see what for: ioward claim {function} --with-group --dry-run")
MSG(IOVA, .title = "virtual addresses, or physical ones",
    .sentence = "the program and the driver of its device do not agree whether DMA uses virtual or physical "
                "addresses",
    .remedy = "with an IOMMU and a vfio driver, virtual ones need no privilege: --iova-mode=va; physical "
              "ones need root and huge pages")
MSG(NO_IOMMU_MODE, .title = "no IOMMU stands between",
    .sentence = "vfio's mode without an IOMMU is on: whoever has such a device can reach all memory",
    .remedy = "use it only where every user may do so; else: echo N > "
              "/sys/module/vfio/parameters/enable_unsafe_noiommu_mode")
MSG(NO_IOMMU_MODE_OFF, .title = "the mode is off now", .sentence = "vfio's mode without an IOMMU is off now")
