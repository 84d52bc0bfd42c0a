/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/audit-words.h"

#include <string.h>

#define ROW(rule, means, from) [IOW_RULE_REM_##rule] = {means, from}

static const struct iow_audit_words words[IOW_RULE__COUNT] = {
    ROW(NO_IOMMU,
        "Without an IOMMU every device reads and writes whatever memory it likes, and so does whoever "
        "controls one.",
        "/sys/kernel/iommu_groups"),
    ROW(UNSAFE_INTERRUPTS,
        "An interrupt of a device is a write to memory. Where these writes are not checked, the owner "
        "of a device can send interrupts that drivers of the kernel, or other virtual machines, take "
        "for theirs.",
        "parameters of the modules vfio_iommu_type1 and iommufd"),
    ROW(NOIOMMU_MODE, "In this mode VFIO hands out devices that no IOMMU confines.",
        "the parameter of the module vfio"),
    ROW(OVERRIDE_OPTION,
        "Patched kernels have this option. It does not change the hardware: it makes Linux believe in "
        "isolation that is not there.",
        "/proc/cmdline"),
    ROW(ASSUMED_KERNEL, "What ioward knows of Linux was compared with running kernels of these releases.",
        "/proc/sys/kernel/osrelease"),
    ROW(OPEN_INTERRUPTS,
        "Without remapping, an interrupt of a device is not checked on its way to a processor.",
        "the chips of interrupts in /sys/kernel/irq, and /proc/cmdline"),
    ROW(SWITCH_SPLIT,
        "Linux judges a port by what is above it. Two ports of a switch that does not isolate may so get "
        "groups of their own, while the switch passes requests from one to the other.",
        "ACS capabilities, and groups"),
    ROW(DRIFT,
        "Groups are formed once. Scripts that switch ACS off afterwards, for speed between GPUs, leave "
        "groups that "
        "promise more than the hardware keeps.",
        "ACS capabilities, and groups"),
    ROW(OVERRIDE_FINER,
        "The groups are what the option made of them; the requests go where the hardware sends them.",
        "/proc/cmdline, ACS capabilities, and groups"),
    ROW(USER_REACHES,
        "Registers of a device tell it what to do. A user whose device writes them has the kernel's device "
        "do DMA "
        "for him.",
        "config space, ACS capabilities, and owners of groups"),
    ROW(TWO_USERS,
        "Owners are kept apart by groups. Where the hardware does not keep the groups apart, neither are the "
        "owners.",
        "config space, ACS capabilities, owners of groups, and open files of processes"),
    ROW(FINER,
        "Linux does not look at all that decides where requests go: Egress Control and direct translated "
        "requests, "
        "for two.",
        "config space, ACS capabilities, and groups"),
    ROW(DRIFT_OPENED,
        "The routes of all requests are compared with those that they would take with the bits that Linux "
        "sets: "
        "surely, possibly, or if the root complex passes requests between its ports.",
        "config space, ACS capabilities, and groups"),
    ROW(UNEXPLAINED,
        "Either the rule of this kernel is another one, or something was changed in a way that ioward does "
        "not know. Its answers about this device may be wrong.",
        "config space, and groups"),
    ROW(EXTERNAL_OPEN,
        "A port that people outside reach, such as Thunderbolt or a front slot, brings in devices that "
        "nobody vetted.",
        "removable of devices, types of groups; what the kernel's memory says, where it was read"),
    ROW(EXTERNAL_ATS,
        "A device with ATS asks the IOMMU for translations and then uses them by itself. It can claim to "
        "have "
        "translated any address. Linux refuses this to devices from outside; a switched on one was "
        "switched on by somebody else.",
        "removable of devices, ATS capabilities; what the kernel's memory says, where it was read"),
    ROW(UNGROUPED, "Such devices are in no group, so nothing of ownership holds for them.",
        "iommu_group of devices"),
    ROW(IDLE_MASTER,
        "A driver switches bus mastering off when it lets go. One that did not, or firmware, leaves a device "
        "that can still do DMA with nobody in charge of it.",
        "command registers, drivers, types and owners of groups"),
    ROW(USER_ATS,
        "The IOMMU lets through what a device says it has translated. A user who can change the firmware of "
        "the "
        "device, or a flaw in it, makes that all memory.",
        "ATS capabilities, and owners of groups"),
    ROW(BUS_RESET,
        "A device without a reset of its own is reset with its whole bus. VFIO does that only for one who "
        "owns "
        "all of it.",
        "reset_method of devices, their buses and groups"),
    ROW(VF_RESET, "Virtual functions live in the physical one: its owner can end them, whoever has them.",
        "drivers, physfn, and groups"),
    ROW(NOIOMMU_GROUP,
        "VFIO made this group because enable_unsafe_noiommu_mode was on when the device was bound.",
        "name of the group"),
    ROW(NOT_VIABLE,
        "Ownership is the group's. One member at work for the kernel keeps all others from every user.",
        "drivers, and nodes of VFIO"),
    ROW(FOREIGN_DRIVER,
        "The kernel counts these drivers as its own, yet it is not the kernel that says where the device "
        "does DMA: a program does, or another virtual machine. With an identity domain that is all "
        "memory.",
        "drivers"),
    ROW(PENDING_UNBIND,
        "The kernel waits until the user lets go, and whoever asked for the unbind waits with it.",
        "drivers, and open files of processes"),
    ROW(SHPC_DRIVER, "Of the drivers of bridges only pcieport is marked as one that leaves DMA to others.",
        "drivers"),
    ROW(PRIVATE_DRIVER,
        "Some drivers attach page tables of their own to the group: they may do that, but nothing else "
        "can use the group then.",
        "drivers; what the kernel's memory says, where it was read"),
    ROW(FIRMWARE_REGION,
        "A device that the firmware uses behind the kernel's back must always reach a region of memory. "
        "No user can own it, since a user's domain would not have that region.",
        "reserved_regions of groups"),
    ROW(EARLY_DRIVER,
        "A driver is counted when it binds. One that bound when its device had no group never was, and "
        "nothing keeps a user from owning the group while it does DMA.",
        "what the kernel's memory says"),
    ROW(OTHER_OWNER, "What files tell and what the kernel believes are two things here.",
        "drivers, open files of processes, what the kernel's memory says"),
    ROW(OTHER_COUNT, "The kernel counts the drivers of a group to know whether a user may have it.",
        "drivers, what the kernel's memory says"),
    ROW(OTHER_TRAIT,
        "Whether a driver leaves DMA to others is a flag in it. ioward knows the drivers of Linux by name.",
        "drivers, what the kernel's memory says"),
    ROW(HOST_DISK, "A group goes as a whole. Once it is a user's, the host's file system on it is gone.",
        "drivers, driver_override, vfio-pci.ids, uses of devices"),
    ROW(HOST_CONSOLE, "A group goes as a whole, and the console with it.",
        "drivers, driver_override, vfio-pci.ids, uses of devices"),
    ROW(HOST_NETWORK, "A group goes as a whole, and with it perhaps the way in which you came.",
        "drivers, driver_override, vfio-pci.ids, uses of devices"),
    ROW(SLOT_GROWS,
        "A device that is plugged in below a port that does not isolate becomes a member of the group, on "
        "the "
        "domain of its owner, who can drive it from then on.",
        "/sys/bus/pci/slots, ACS capabilities, owners of groups"),
    ROW(DOOR_RELAXED,
        "Linux keeps /dev/mem and resource files away from registers that a driver holds. This option has "
        "it not care.",
        "/proc/cmdline, the level of lockdown"),
    ROW(DOOR_REGISTERS,
        "Ownership decides which memory a device reaches, not who tells it what to do. The registers of a "
        "member without a driver can be mapped through its resource files.",
        "drivers, resource of devices, owners of groups, the level of lockdown"),
    ROW(DOOR_CONFIG, "ACS bits, windows and base addresses are registers that root can write through sysfs.",
        "the level of lockdown"),
    ROW(DOOR_MEMORY,
        "Through it root reaches what the kernel does not keep for itself, registers of devices among it.",
        "/sys/class/mem, the level of lockdown"),
    ROW(DOOR_PORT,
        "Config space has I/O ports on PCs, and some devices have registers there, which no driver can keep "
        "for "
        "itself.",
        "/sys/class/mem, the level of lockdown"),
    ROW(PEER_MODULE, "Who may do DMA to whom is then also a matter of what programs ask of this module.",
        "/sys/module"),
    ROW(PEER_MEMORY,
        "Where no bridge on the way redirects, the kernel has devices reach such memory by its bus address.",
        "p2pmem of devices"),
};

static const char *const way[IOW_PEER__COUNT] = {
    [IOW_PEER_GPU_MEMORY] = "programs can have RDMA cards do DMA to the memory of GPUs",
    [IOW_PEER_DISKS] = "programs can have disks do DMA to the memory of GPUs",
    [IOW_PEER_VERBS] =
        "programs can register memory of another device (dma-buf) and have an RDMA card do DMA to it",
    [IOW_PEER_OTHER_HOST] = "another host reaches memory of this one through a bridge between the two",
    [IOW_PEER_VIRTQUEUES] = "programs can attach page tables of their own to groups of vDPA devices",
    [IOW_PEER_NVME_TARGET] =
        "disks are served to the network, and may be through memory that a device offers",
};

const struct iow_audit_words *iow_audit_words(enum iow_rule rule)
{
    return (unsigned)rule < IOW_RULE__COUNT && words[rule].meaning ? &words[rule] : NULL;
}

const char *iow_peer_words(const char *module)
{
    const struct iow_peer_module *row;

    for (uint32_t i = 0; (row = iow_peer_module_at(i)); i++)
        if (!strcmp(row->name, module))
            return way[row->way];
    return "it may move data between devices";
}
