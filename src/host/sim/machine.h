/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The simulated machine from inside: what its parts share.
 *
 * Invariants:
 *  1. functions[] holds every function that can ever be there, in order of address, virtual functions included; positions
 *     never change. What is there now has present set, and only that has a driver, an override or a group.
 *  2. A group number is a position in groups[]; a group exists while a function is in it. Who owns it, and which of its
 *     members may have which driver, is decided by the ownership core (ioward/ownership.h) and stored nowhere else.
 *  3. A function's device lock is held by at most one effort (lock). Whatever changes its driver or its override
 *     waits for that effort.
 *  4. A group has a node exactly while a member is bound to a driver of VFIO, one that is being unbound included.
 * Numbers of errors are Linux's, negative.
 */
#ifndef IOWARD_HOST_SIM_MACHINE_H
#define IOWARD_HOST_SIM_MACHINE_H

#include "facts/facts.h"
#include "host/sim/sim.h"

#include <ioward/grouping.h>
#include <ioward/ownership.h>

/* What a device brings when its own driver is bound. */
enum iow_sim_brings {
    IOW_SIM_NOTHING,
    IOW_SIM_NET,      /* a network interface */
    IOW_SIM_VIRTIO,   /* a network interface of a virtio device */
    IOW_SIM_NVME,     /* a controller, and a disk if it has a drive */
    IOW_SIM_SOUND,    /* a sound card, that waits for its users when its driver is removed */
    IOW_SIM_ROOT_BUS, /* a host bridge: a root bus, as hardware */
};

struct iow_sim_bytes {
    uint16_t at, n;
    const char *bytes;
};

struct iow_sim_bar {
    uint8_t index; /* line of the resource file: 0 to 5, 6 the ROM */
    uint32_t size;
    uint32_t flags; /* Linux resource flags */
};

/* Lines of the resource file: BARs, ROM, six for the virtual functions, windows of a bridge. */
#define IOW_SIM_RESOURCES 16
#define IOW_SIM_FIRST_VF_BAR 7
#define IOW_SIM_FIRST_WINDOW 13

#define IOW_SIM_MODEL_BYTES 8
#define IOW_SIM_MODEL_BARS 5

/* A device model of QEMU. */
struct iow_sim_model {
    const char *name;
    uint16_t vendor, device, subvendor, subdevice;
    uint32_t class_code;
    uint8_t revision;
    bool fixed; /* comes with the machine or with another device: nobody plugs it in */
    bool bridge;
    uint8_t pcie_offset;  /* of the PCI Express capability; 0: none */
    uint16_t acs_offset;  /* of the ACS capability; 0: none */
    bool integrated_type; /* on a root bus it says that it is integrated in the root complex */
    bool shpc;            /* a conventional bridge with a hot-plug controller */
    uint8_t pin;          /* interrupt */
    uint8_t brings;       /* enum iow_sim_brings */
    const char *native;   /* the driver that Linux has for it; NULL: none */
    const char *reset_methods;
    struct iow_sim_bytes bytes[IOW_SIM_MODEL_BYTES]; /* config space beyond what the rest tells */
    struct iow_sim_bar bars[IOW_SIM_MODEL_BARS];
};

/* models.c */
const struct iow_sim_model *iow_sim_model_at(unsigned i);
const struct iow_sim_model *iow_sim_model_find(const char *name);

/* A driver of Linux, by the name sysfs shows. */
struct iow_sim_driver {
    const char *name;
    bool loaded_at_boot;
    bool built_in;
};

/* drivers.c */
#define IOW_SIM_DRIVERS 14
extern const struct iow_sim_driver iow_sim_drivers[IOW_SIM_DRIVERS];
const struct iow_sim_driver *iow_sim_driver_find(const char *name);

struct iow_sim_function {
    struct iow_address address;
    const struct iow_sim_model *model;
    uint32_t parent;            /* position of the bridge above; IOW_NONE on a root bus */
    uint32_t physical_function; /* of a virtual function */
    bool present, multifunction, no_acs, bypass, drive;
    uint8_t root_bus, secondary, subordinate;
    uint32_t n_vfs, max_vfs;
    uint32_t name_index; /* of the interface or controller it brings */
    uint32_t numbered;   /* of the block device it brings */
    uint32_t n_config;
    uint8_t *config;
    struct iow_config decoded;
    struct iow_bar bar[IOW_SIM_RESOURCES];
    uint32_t group; /* IOW_NONE: no IOMMU translates for it */
    struct iow_dma_device dma;
    struct iow_dma_domain domain; /* what its requests are under */
    bool jammed;                  /* and stay under, whatever the kernel wants */
    const struct iow_sim_driver *driver;
    const struct iow_sim_driver *probing; /* its probe runs, and has not ended */
    bool unbinding;      /* the driver is being removed: the link is gone, the driver is not */
    bool was_bound;      /* once, since it came */
    uint32_t lock;       /* pid of the effort that has its device lock; 0: nobody */
    bool sticks, stuck;  /* the next removal of a kernel driver hangs; hangs */
    char *override;      /* NULL: none */
    uint32_t vfio_index; /* of vfio-dev/vfioN */
    const struct iow_sim_driver *broken; /* its probe fails */
    int broken_error;
};

struct iow_sim_group {
    struct iow_dma_group dma;
    bool node;
    uint32_t opened_by; /* pid of the process that has the node open; 0: nobody */
    uint32_t uid, gid, mode;
};

enum iow_sim_open_kind {
    IOW_SIM_OPEN_GROUP,  /* of: a group's number */
    IOW_SIM_OPEN_DEVICE, /* of: position of the function */
    IOW_SIM_OPEN_CHAR,   /* of: position of the function that brings a character device */
    IOW_SIM_OPEN_BLOCK   /* of: position of the function that brings a disk */
};

struct iow_sim_open {
    enum iow_sim_open_kind kind;
    uint32_t of;
    bool in_container; /* a group */
};

struct iow_sim_process {
    uint32_t pid, uid;
    char *command;
    struct iow_list opens; /* of struct iow_sim_open */
};

enum iow_sim_use_kind {
    IOW_SIM_USE_MOUNT,
    IOW_SIM_USE_SWAP,
    IOW_SIM_USE_ADDRESS,
    IOW_SIM_USE_UP,
    IOW_SIM_USE_ROUTE
};

/* What the machine does with the disk or the interface that a function brings. */
struct iow_sim_use {
    enum iow_sim_use_kind kind;
    uint32_t function;
    uint32_t numbered; /* what the disk's number was then */
    char *text;        /* a mount point, an address */
};

/* A write into sysfs, or another thing that is done to the machine and may have to wait. */
enum iow_sim_store_kind {
    IOW_SIM_LOAD,
    IOW_SIM_UNBIND,
    IOW_SIM_OVERRIDE,
    IOW_SIM_BIND,
    IOW_SIM_GIVE,
    IOW_SIM_UNPLUG,
    IOW_SIM_TYPE,
    IOW_SIM_STORE__COUNT
};

struct iow_sim_store {
    enum iow_sim_store_kind kind;
    uint32_t function; /* IOW_NONE: not about one */
    uint32_t group;
    const char *text; /* driver, override, access, type */
};

/* A store that waits, and the process that waits in it. */
struct iow_sim_effort {
    uint32_t pid;
    uint64_t start_ticks;
    bool hung; /* until "continue" */
    struct iow_sim_store store;
    char *text; /* of the store */
};

struct iow_sim_act; /* actor.c */

struct iow_sim {
    struct iow_mem mem; /* of what never changes */
    char kernel[32];
    uint16_t release;
    struct iow_arbiter arbiter;
    struct iow_sim_function *functions;
    struct iow_sim_group *groups;
    uint32_t n;
    bool loaded[IOW_SIM_DRIVERS];
    struct iow_list processes, uses, efforts;
    uint32_t next_pid, next_disk;
    uint64_t clock_usec;
    struct iow_sim_act *act;
};

/* topology.c: functions, with their places and addresses, from the text of a topology */
int iow_sim_read_topology(struct iow_sim *sim, const char *json, struct iow_explain *reterr);

/* config.c */

/* iow_sim_make_config - the bytes of every function as firmware leaves them, registers placed */
int iow_sim_make_config(struct iow_sim *sim);

/* iow_sim_replace_config - the same for one whose model changed; nothing gives its registers addresses any more */
int iow_sim_replace_config(struct iow_sim_function *f);

/* iow_sim_current_config - what config space reads now; buf has room for n_config bytes */
void iow_sim_current_config(const struct iow_sim *sim, const struct iow_sim_function *f, uint8_t *buf);

/* groups.c */
int iow_sim_form_groups(struct iow_sim *sim);
int iow_sim_join_group(struct iow_sim *sim, uint32_t function); /* of one that came later */
void iow_sim_leave_group(struct iow_sim_function *f);

/* domains.c: what the IOMMU does for the ownership core, and the default domain's type as sysfs has it */
#define IOW_SIM_BOOT_TYPE IOW_TYPE_DMA
void iow_sim_init_domains(struct iow_sim *sim);
const char *iow_sim_type(const struct iow_sim_group *group); /* "DMA", "DMA-FQ", "identity" */
enum iow_domain_type iow_sim_parse_type(const char *text);   /* or "auto"; IOW_TYPE_NONE: none of these */

/* kernel.c: the driver core. No function of it waits */
uint32_t iow_sim_find(const struct iow_sim *sim, const char *address); /* IOW_NONE: not there */
bool iow_sim_loaded(const struct iow_sim *sim, const struct iow_sim_driver *driver);
bool iow_sim_is_vfio(const struct iow_sim_driver *driver);
bool iow_sim_matches(const struct iow_sim_function *f, const struct iow_sim_driver *driver);

/* A driver's probe, in two steps: until it ends the function is its driver's, but has none. After the first failed there is
 * nothing to end. */
int iow_sim_probe_begins(struct iow_sim *sim, uint32_t function, const struct iow_sim_driver *driver);
int iow_sim_probe_ends(struct iow_sim *sim, uint32_t function);

void iow_sim_attach(struct iow_sim *sim, uint32_t function); /* to the first driver that takes it */
void iow_sim_load(struct iow_sim *sim, const struct iow_sim_driver *driver);
bool iow_sim_busy(const struct iow_sim *sim, uint32_t function); /* would removing its driver wait? */
void iow_sim_remove_begins(struct iow_sim *sim, uint32_t function);
void iow_sim_remove_ends(struct iow_sim *sim, uint32_t function);
int iow_sim_plug(struct iow_sim *sim, uint32_t function, const struct iow_sim_model *model);
int iow_sim_set_vfs(struct iow_sim *sim, uint32_t function, uint32_t n);
const struct iow_sim_driver *iow_sim_shown_driver(
    const struct iow_sim_function *f); /* by the link of sysfs */

/* stores.c */

/* What iow_sim_store() answers when the store waits. */
#define IOW_SIM_WAITS 1

/* What is to become of a store, whatever it is. A change of access is never delayed. */
enum iow_sim_delay {
    IOW_SIM_AT_ONCE,
    IOW_SIM_HANGS, /* it begins, and does not end until "continue" */
    IOW_SIM_LATE,  /* it does not begin until "continue" */
};

/*
 * iow_sim_store - does it
 * In:      pid    who does it; 0: some process
 * Returns: 0, -errno of Linux, or IOW_SIM_WAITS: it is among the efforts then
 */
int iow_sim_store(
    struct iow_sim *sim, const struct iow_sim_store *store, uint32_t pid, enum iow_sim_delay delay);

/* iow_sim_settle - lets every effort go on whose reason to wait is gone; call after anything that may be one */
void iow_sim_settle(struct iow_sim *sim);
void iow_sim_continue(struct iow_sim *sim);
uint64_t iow_sim_ticks(const struct iow_sim *sim); /* what a process that begins now has for its start time */
const struct iow_sim_effort *iow_sim_effort_of(const struct iow_sim *sim, uint32_t pid);

/* vfio.c: nodes and the processes that have them open */
void iow_sim_update_node(struct iow_sim *sim, uint32_t group);
bool iow_sim_open_by_anybody(const struct iow_sim *sim, enum iow_sim_open_kind kind, uint32_t of);
struct iow_sim_process *iow_sim_process_of(struct iow_sim *sim, uint32_t pid);
struct iow_sim_process *iow_sim_new_process(struct iow_sim *sim, const char *command, uint32_t uid);
int iow_sim_open_group(struct iow_sim *sim, struct iow_sim_process *process, uint32_t group);
int iow_sim_open_vfio(struct iow_sim *sim, struct iow_sim_process *process, uint32_t function);
int iow_sim_open_node(struct iow_sim_process *process, enum iow_sim_open_kind kind, uint32_t function);
void iow_sim_close(struct iow_sim *sim, uint32_t pid);
bool iow_sim_dma(const struct iow_sim *sim, uint32_t pid, uint32_t function);
bool iow_sim_kernel_dma(const struct iow_sim_function *f); /* does the kernel's DMA API work for it? */

/* names.c: what a function is called, and what is done with that */
bool iow_sim_brings(
    const struct iow_sim_function *f, enum iow_sim_brings what); /* now, its driver being bound */
bool iow_sim_has_interface(const struct iow_sim_function *f);
bool iow_sim_has_disk(const struct iow_sim_function *f);
#define IOW_SIM_NAME 32
const char *iow_sim_file(const struct iow_sim_function *f, bool block, char buf[IOW_SIM_NAME]); /* of /dev */
const char *iow_sim_number(
    const struct iow_sim_function *f, bool block, char buf[IOW_SIM_NAME]); /* "259:0" */
const char *iow_sim_disk_number(uint32_t numbered, char buf[IOW_SIM_NAME]);
bool iow_sim_has_file(const struct iow_sim_function *f, bool block);
const char *iow_sim_name(const struct iow_sim_function *f, const char *suffix, char buf[IOW_SIM_NAME]);
uint32_t iow_sim_find_name(const struct iow_sim *sim, const char *name); /* interface or disk that is there */
int iow_sim_add_use(struct iow_sim *sim, enum iow_sim_use_kind kind, uint32_t function, const char *text);
uint32_t iow_sim_count_uses(const struct iow_sim *sim, enum iow_sim_use_kind kind, uint32_t function);
uint32_t iow_sim_drop_uses(
    struct iow_sim *sim, enum iow_sim_use_kind kind, uint32_t function, const char *text);
void iow_sim_names_go(struct iow_sim *sim, uint32_t function); /* with the driver that brought them */

/* files.c, probes.c */
struct iow_sim_files;
int iow_sim_render(const struct iow_sim *sim, struct iow_source **ret);
void iow_sim_render_probes(struct iow_sim_files *files);

/* actor.c */
int iow_sim_act_new(struct iow_sim *sim);
void iow_sim_act_free(struct iow_sim *sim);

#endif
