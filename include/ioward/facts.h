/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Facts: one machine at one moment, as read.
 *
 * A value: nothing in it is judged or derived, and nothing in it refers to the live machine. What could not
 * be read is in the list of what is missing. Records are allocated by the library and only ever grow at their
 * end; reach them through the _at() functions.
 */
#ifndef IOWARD_FACTS_H
#define IOWARD_FACTS_H

#include <ioward/config.h>
#include <ioward/mem.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where facts come from. Only live facts, read again, may be acted on. */
enum iow_provenance {
    IOW_FROM_LIVE,
    IOW_FROM_CAPTURE,
    IOW_FROM_SIMULATION,
};

/* Source: drivers/pci/pci.c pci_power_names[] */
enum iow_power_state {
    IOW_POWER_UNKNOWN,
    IOW_POWER_D0,
    IOW_POWER_D1,
    IOW_POWER_D2,
    IOW_POWER_D3HOT,
    IOW_POWER_D3COLD,
    IOW_POWER_ERROR,
    IOW_POWER__COUNT,
};

/* Which parts of a function record were asked for and read. */
enum iow_function_known {
    IOW_FUNCTION_PATH = 0x01,    /* parent, real_dma: told by its place in sysfs */
    IOW_FUNCTION_DRIVER = 0x02,  /* driver, group */
    IOW_FUNCTION_DETAILS = 0x04, /* everything under "details" */
    IOW_FUNCTION_USES = 0x08,    /* all its uses were looked for; what could not be seen is missing */
};

/* What the kernel's memory says of a function; see struct iow_kernel_group. */
enum iow_function_kernel {
    IOW_KERNEL_READ = 0x01,      /* the others are told */
    IOW_KERNEL_MANAGED = 0x02,   /* its driver has driver_managed_dma */
    IOW_KERNEL_UNTRUSTED = 0x04, /* it may be anything that was plugged in from outside */
    IOW_KERNEL_EXTERNAL = 0x08,  /* a port for what is plugged in from outside */
    IOW_KERNEL_ATS = 0x10,       /* it translates addresses itself, and the IOMMU believes it */
    IOW_KERNEL_ALIASES = 0x20,   /* it also does DMA in other names than its own and its bridges' */
    IOW_KERNEL_BOUND = 0x40,     /* it has a driver */
};

struct iow_bar {
    uint64_t first, last; /* bytes, inclusive */
    uint64_t flags;       /* Linux resource flags: include/linux/ioport.h IORESOURCE_... */
    uint32_t index;       /* line of the sysfs file: 0 to 5 BARs, 6 ROM, then VF BARs, then bridge windows */
};

/* One PCI function. Indices are positions among the functions of the same facts. */
struct iow_function {
    struct iow_address address;
    struct iow_config config;
    uint8_t known;       /* IOW_FUNCTION_... */
    uint8_t power_state; /* enum iow_power_state */
    bool asleep;         /* config space was left alone, so as not to wake it or a bridge above */
    bool vfio_device;    /* sysfs still shows a vfio device on it (a vfio-dev folder) */
    bool dying;          /* vanished while it was read */
    uint32_t parent;     /* bridge above, IOW_NONE on a root bus, IOW_PARENT_BY_BUS when no path told */
    uint32_t physical_function; /* of a virtual function; else IOW_NONE */
    uint32_t real_dma;  /* the function in whose name a host bridge below it does DMA (VMD); else IOW_NONE */
    uint32_t group;     /* kernel's group number; IOW_NONE: none */
    const char *driver; /* NULL: none bound */
    /* details */
    const char *driver_override; /* NULL: none */
    const char *reset_methods;   /* as the kernel lists them, "" none; NULL: not told */
    int32_t numa_node;           /* -1: none */
    bool enabled;
    bool removable;   /* the kernel takes it for one that was plugged in from outside */
    bool peer_memory; /* it offers memory for DMA between devices (p2pmem) */
    uint32_t n_vfs, max_vfs;
    uint32_t n_bars;
    const struct iow_bar *bars;
    uint32_t n_capabilities;
    const struct iow_capability *capabilities;
    uint8_t kernel; /* IOW_KERNEL_... */
};

/* Members of a group that are not PCI functions. */
struct iow_other_member {
    uint32_t group;
    const char *name;
    const char *bus;    /* "platform", ...; "" unknown */
    const char *driver; /* NULL: none bound */
};

struct iow_region {
    uint64_t first, last; /* IOVA, bytes, inclusive */
    const char *type;     /* "direct", "direct-relaxable", "reserved", "msi" */
};

/* Which domain a group is attached to. */
enum iow_kernel_domain {
    IOW_KERNEL_DOMAIN_NONE,     /* there is no default domain: this group is no IOMMU's */
    IOW_KERNEL_DOMAIN_DEFAULT,  /* of the kernel's DMA API */
    IOW_KERNEL_DOMAIN_BLOCKING, /* all DMA faults */
    IOW_KERNEL_DOMAIN_OTHER,    /* a page table of its owner */
    IOW_KERNEL_DOMAIN__COUNT,
};

/*
 * What the kernel's memory says of a group, which no file shows.
 * Source: Linux 6.1, 6.12 drivers/iommu/iommu.c struct iommu_group
 */
struct iow_kernel_group {
    enum iow_kernel_domain domain;
    uint32_t
        count;  /* of the owner's claims; without an owner, of the drivers that use the kernel's DMA API */
    bool owned; /* it has an owner, and token stands for that: the same in every group of the same owner,
                       until the next boot */
    uint32_t token;
    bool pasids; /* something is attached under a process's address space ID, or iommufd keeps its handle */
    bool steady; /* the same when the reading of the machine began and when it ended */
};

struct iow_group {
    uint32_t number;
    const char *type;   /* of the default domain: "DMA", "DMA-FQ", "identity", ...; NULL not read */
    const char *name;   /* "vfio-noiommu" for VFIO's invented groups; else NULL */
    bool vfio_node;     /* /dev/vfio/NUMBER exists */
    uint32_t n_members; /* of any bus, as the kernel lists them */
    uint32_t n_regions;
    const struct iow_region *regions;
    const struct iow_kernel_group *kernel; /* NULL: not read, see IOW_READ_KERNEL */
};

/* Which file a process holds. */
enum iow_held_file {
    IOW_HELD_GROUP,      /* /dev/vfio/NUMBER */
    IOW_HELD_CONTAINER,  /* /dev/vfio/vfio */
    IOW_HELD_IOMMUFD,    /* /dev/iommu */
    IOW_HELD_CDEV,       /* /dev/vfio/devices/vfioN */
    IOW_HELD_DEVICE,     /* anonymous vfio file: some device, the kernel does not say which */
    IOW_HELD_DEVICE_MAP, /* mapped registers of such a file */
    IOW_HELD__COUNT,
};

struct iow_held {
    enum iow_held_file file;
    uint32_t number; /* IOW_HELD_GROUP: the group; IOW_HELD_CDEV: N; else IOW_NONE */
    uint32_t
        function; /* IOW_HELD_CDEV; since Linux 6.18 IOW_HELD_DEVICE; and that and IOW_HELD_DEVICE_MAP where
                          the kernel's memory was read: the function, if told; else IOW_NONE */
};

/* A process with vfio or iommufd files open. */
struct iow_holder {
    uint32_t pid;
    uint32_t uid;
    const char *command; /* a stranger's bytes: escape when drawing */
    uint32_t n_held;
    const struct iow_held *held; /* without repetitions */
};

/* A name the kernel gave to a function: network interface, block device, NVMe controller, ... */
struct iow_name {
    const char *name;
    const char *kind; /* the class in sysfs: "net", "block", "nvme" */
    uint32_t function;
};

/* What the machine does with a function, so that taking it away would hurt. */
enum iow_use_kind {
    IOW_USE_MOUNT,  /* name: a block device on it, by: where that is mounted, in any mount namespace */
    IOW_USE_SWAP,   /* name: a block device on it */
    IOW_USE_HOLDER, /* name: a disk or NVMe controller on it, by: what is made of it (dm, md, loop, a target);
                          name: "a part", by: a mediated device */
    IOW_USE_EXCLUSIVE, /* name: a block device on it that somebody in the kernel has to himself */
    IOW_USE_NETWORK, /* name: an interface of any network namespace that is up and has addresses or routes, or
                          that belongs to by: a bridge, a bond, ..., or a VLAN or macvlan made on it, or a session of
                          PPPoE, a packet socket or an XDP program that needs neither */
    IOW_USE_CONSOLE, /* name: the console's terminal, frame buffer or keyboard */
    IOW_USE_OPEN,    /* name: a file of /dev that stands for it, pid and by: the process that has it open */
    IOW_USE__COUNT
};

struct iow_use {
    enum iow_use_kind kind;
    uint32_t function;
    const char *name;               /* strangers may choose it: escape when drawing; so for by */
    const char *by;                 /* "" where the kind names none */
    uint32_t pid;                   /* IOW_USE_OPEN; else 0 */
    uint32_t n_addresses, n_routes; /* IOW_USE_NETWORK; link-local addresses and their routes do not count */
    bool default_route;             /* IOW_USE_NETWORK */
};

/* Something asked for and not read. */
struct iow_missing {
    enum iow_rule rule;
    struct iow_subject subject;
    const char *path; /* relative to the root; NULL: not about one file */
};

enum iow_lockdown {
    IOW_LOCKDOWN_UNKNOWN,
    IOW_LOCKDOWN_NONE,
    IOW_LOCKDOWN_INTEGRITY,
    IOW_LOCKDOWN_CONFIDENTIALITY,
};

/* A module parameter that matters, "module.parameter". */
struct iow_parameter {
    const char *name;
    const char *value;
};

/* How message-signalled interrupts of devices come to a processor. */
enum iow_interrupts {
    IOW_INTERRUPTS_UNKNOWN,
    IOW_INTERRUPTS_ISOLATED, /* checked on the way: a device can raise its own only */
    IOW_INTERRUPTS_OPEN,     /* any device can raise any */
    IOW_INTERRUPTS__COUNT
};

#define IOW_SLOT_ANY_DEVICE 0xff

/* A slot that cards are put into, as firmware or a port tells of it. */
struct iow_slot {
    const char *name;
    uint32_t domain;
    uint8_t bus, device; /* where its card is; IOW_SLOT_ANY_DEVICE: all devices of the bus */
    bool hotplug;        /* a card can be put in while the machine runs */
};

struct iow_machine {
    const char *kernel;       /* release; "" not told */
    uint16_t release;         /* major << 8 | minor, 0 not told */
    const char *command_line; /* "" not told */
    enum iow_lockdown lockdown;
    bool pci;        /* /sys/bus/pci exists */
    bool groups;     /* /sys/kernel/iommu_groups exists */
    bool dmar, ivrs; /* ACPI tables present */
    uint32_t n_iommus;
    const char *const *iommus; /* names in /sys/class/iommu */
    uint32_t n_parameters;
    const struct iow_parameter *parameters;
    bool holders_complete; /* every process's files could be looked at */
    /* what is around the devices */
    bool
        surroundings; /* the rest was read, and so were removable and peer_memory of functions with details */
    bool memory_file, port_file; /* the kernel has /dev/mem, /dev/port */
    enum iow_interrupts interrupts;
    uint32_t n_modules;
    const char *const *modules; /* those of iow_peer_module_at() that are in the kernel */
    uint32_t n_slots;
    const struct iow_slot *slots; /* by name */
};

/* What a kernel module can be asked to do between devices, beside the owners of their groups. */
enum iow_peer_way {
    IOW_PEER_GPU_MEMORY,  /* lets network cards do DMA to a GPU's memory */
    IOW_PEER_DISKS,       /* lets disks do DMA to a GPU's memory */
    IOW_PEER_VERBS,       /* lets programs have an RDMA card do DMA to buffers of other devices */
    IOW_PEER_OTHER_HOST,  /* opens windows to the memory of another host */
    IOW_PEER_VIRTQUEUES,  /* attaches a domain of its own for a program's virtqueues */
    IOW_PEER_NVME_TARGET, /* serves disks through memory that a device offers */
    IOW_PEER__COUNT
};

struct iow_peer_module {
    const char *name;
    enum iow_peer_way way;
};

/* iow_peer_module_at - row i of the modules that matter; NULL past the end */
const struct iow_peer_module *iow_peer_module_at(uint32_t i);

struct iow_facts;

enum iow_provenance iow_facts_provenance(const struct iow_facts *facts);
const struct iow_machine *iow_facts_machine(const struct iow_facts *facts);

/* Records by position, each list in ascending order of its key; NULL past the end. */
const struct iow_function *iow_facts_function_at(const struct iow_facts *facts, uint32_t i);
const struct iow_group *iow_facts_group_at(const struct iow_facts *facts, uint32_t i);
const struct iow_other_member *iow_facts_other_member_at(const struct iow_facts *facts, uint32_t i);
const struct iow_holder *iow_facts_holder_at(const struct iow_facts *facts, uint32_t i);
const struct iow_name *iow_facts_name_at(const struct iow_facts *facts, uint32_t i);
const struct iow_use *iow_facts_use_at(const struct iow_facts *facts, uint32_t i);
const struct iow_missing *iow_facts_missing_at(const struct iow_facts *facts, uint32_t i);

/* iow_facts_find_function, iow_facts_find_group - position by key, IOW_NONE if there is none; O(log n) */
uint32_t iow_facts_find_function(const struct iow_facts *facts, const struct iow_address *address);
uint32_t iow_facts_find_group(const struct iow_facts *facts, uint32_t number);

/* iow_facts_free - accepts NULL */
void iow_facts_free(struct iow_facts *facts);

#ifdef __cplusplus
}
#endif
#endif
