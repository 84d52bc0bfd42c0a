/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The simulated machine from inside: what its parts share.
 *
 * What Linux makes of the machine is a model of its own room (front/front.h), and nowhere else: which driver a function has,
 * which group, who sleeps in a call, who has a file of VFIO's open, under which domain requests are. Here is what that model
 * takes as given, what it does not know of (config space, names, other files), and how all of it is seen and moved.
 *
 * Invariants:
 *  1. functions[] holds every function that can ever be there, in order of address, virtual functions included; positions
 *     never change, and are those of the front. Drivers are numbered alike, too.
 *  2. A group number is a position in the front's groups; a group exists while a function is in it.
 * Numbers of errors are Linux's, negative.
 */
#ifndef IOWARD_HOST_SIM_MACHINE_H
#define IOWARD_HOST_SIM_MACHINE_H

#include "facts/facts.h"
#include "front/front.h"
#include "host/sim/sim.h"

#include <ioward/grouping.h>

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

/* models.c; the front knows a model by its number */
const struct iow_sim_model *iow_sim_model_at(unsigned i);
unsigned iow_sim_model_number(const struct iow_sim_model *model);
const struct iow_sim_model *iow_sim_model_find(const char *name);

/* A driver of Linux, by the name sysfs shows. */
struct iow_sim_driver {
    const char *name;
    bool loaded_at_boot;
    bool built_in;
    bool sriov; /* pci_sriov_configure_simple(): virtual functions are made, and left on */
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
    bool multifunction, no_acs, bypass, drive;
    uint8_t root_bus, secondary, subordinate;
    uint32_t max_vfs;
    uint32_t name_index; /* of the interface or controller it brings */
    uint32_t numbered;   /* of the block device it brings */
    uint32_t n_config;
    uint8_t *config;
    struct iow_config decoded;
    struct iow_bar bar[IOW_SIM_RESOURCES];
    struct iow_front_function *front;
    bool sticks;                         /* the next removal of a kernel driver hangs, or does */
    const struct iow_sim_driver *broken; /* its probe fails */
    int broken_error;
};

/* Who may open a group's node. Said of one that went and came again, it is of no meaning. */
struct iow_sim_access {
    uint64_t made; /* of the node, as the front counts them */
    uint32_t uid, gid, mode;
};

/* A character device or a disk that a process has open. Files of VFIO are the front's. */
struct iow_sim_open {
    uint32_t function; /* that brings it */
    bool block;
};

struct iow_sim_process {
    uint32_t pid, uid;
    char *command;
    uint32_t front;        /* its number there */
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

/* A call that waits, and the process that waits in it. */
struct iow_sim_effort {
    uint32_t pid;
    uint64_t start_ticks;
    uint32_t task; /* of the front's; 0: it has not begun */
    struct iow_front_op op;
};

struct iow_sim_act; /* actor.c */

struct iow_sim {
    struct iow_mem mem; /* of what never changes, or only grows */
    char kernel[32];
    uint16_t release;
    struct iow_front front;
    struct iow_sim_function *functions;
    struct iow_sim_access *access; /* of each group */
    uint32_t n;
    struct iow_list processes, uses, efforts;
    struct iow_list names; /* of const char *: those in a driver_override that no driver has */
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
void iow_sim_current_config(const struct iow_sim_function *f, uint8_t *buf);

/* groups.c: which group a function joins; IOW_NONE: none */
int iow_sim_form_groups(struct iow_sim *sim);        /* at boot, of all */
uint32_t iow_sim_home(void *ctx, uint32_t function); /* of one that came later; ctx: the machine */

/* kernel.c: what the front is told of the machine, and what it says of it */
int iow_sim_start_kernel(struct iow_sim *sim);
void iow_sim_describe(struct iow_sim_function *f); /* after its model or what is broken of it changed */
uint32_t iow_sim_find(const struct iow_sim *sim, const char *address); /* IOW_NONE: not there */
bool iow_sim_loaded(const struct iow_sim *sim, const struct iow_sim_driver *driver);
bool iow_sim_has_vfio(const struct iow_sim_function *f);
uint32_t iow_sim_group(const struct iow_sim_function *f); /* IOW_NONE: no IOMMU translates for it */
const struct iow_sim_driver *iow_sim_driver_of(
    const struct iow_sim_function *f); /* until its removal is over */
const struct iow_sim_driver *iow_sim_shown_driver(
    const struct iow_sim_function *f); /* by the link of sysfs */
const char *iow_sim_override(const struct iow_sim *sim, const struct iow_sim_function *f); /* NULL: none */
const char *iow_sim_type(const struct iow_sim *sim, uint32_t group); /* "DMA", "DMA-FQ", "identity" */
bool iow_sim_kernel_dma(const struct iow_sim_function *f); /* does the kernel's DMA API work for it? */

/* stores.c: what processes ask of the front, and how long they wait */

/* What iow_sim_store() answers when the call waits. */
#define IOW_SIM_WAITS IOW_FRONT_WAITS

/* What is to become of a call, whatever it is. */
enum iow_sim_delay {
    IOW_SIM_AT_ONCE,
    IOW_SIM_HANGS, /* it begins, and does not end until "continue"; one that asks no driver does not begin */
    IOW_SIM_LATE,  /* it does not begin until "continue" */
};

/* iow_sim_write_of - the call that a write of this text is; of a driver's name, of an override or of a type */
int iow_sim_write_of(
    struct iow_sim *sim, enum iow_front_call call, uint32_t of, const char *text, struct iow_front_op *ret);

/*
 * iow_sim_store - does it
 * In:      pid    who does it; 0: some process
 * Returns: 0, -errno of Linux, or IOW_SIM_WAITS: it is among the efforts then
 */
int iow_sim_store(struct iow_sim *sim, const struct iow_front_op *op, uint32_t pid, enum iow_sim_delay delay);

/* iow_sim_ask - asks what does not wait: files of processes */
int iow_sim_ask(struct iow_sim *sim, const struct iow_front_op *op, uint32_t *ret_value);

bool iow_sim_plays(
    const struct iow_sim *sim, uint32_t function); /* a sound card whose driver waits for its users */
void iow_sim_stick(struct iow_sim *sim, uint32_t function, bool sticks);
void iow_sim_continue(struct iow_sim *sim);
struct iow_front_op iow_sim_removal_of(
    const struct iow_sim *sim, uint32_t function); /* how it is taken out */
int iow_sim_plug(struct iow_sim *sim, uint32_t function, const struct iow_sim_model *model);
uint64_t iow_sim_ticks(const struct iow_sim *sim); /* what a process that begins now has for its start time */
const struct iow_sim_effort *iow_sim_effort_of(const struct iow_sim *sim, uint32_t pid);

/* vfio.c: nodes, and the processes that have files open */
bool iow_sim_has_node(const struct iow_sim *sim, uint32_t group);
struct iow_sim_access iow_sim_access(const struct iow_sim *sim, uint32_t group); /* of its node */
int iow_sim_give(struct iow_sim *sim, uint32_t group, const char *access);
bool iow_sim_open_by_anybody(const struct iow_sim *sim, uint32_t function, bool block);
struct iow_sim_process *iow_sim_process_of(struct iow_sim *sim, uint32_t pid);
int iow_sim_new_process(struct iow_sim *sim, const char *command, uint32_t uid, struct iow_sim_process **ret);
int iow_sim_open_group(struct iow_sim *sim, struct iow_sim_process *process, uint32_t group);
int iow_sim_open_vfio(struct iow_sim *sim, struct iow_sim_process *process, uint32_t function);
int iow_sim_open_node(struct iow_sim *sim, struct iow_sim_process *process, uint32_t function, bool block);
void iow_sim_close(struct iow_sim *sim, uint32_t pid);
bool iow_sim_dma(const struct iow_sim *sim, uint32_t function); /* does it reach its user's memory? */

/* iow_sim_next_file - a process's files of VFIO in order, from *fd on, which is moved past it; NULL: no more */
const struct iow_front_file *iow_sim_next_file(
    const struct iow_sim *sim, const struct iow_sim_process *process, uint32_t *fd);

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
