/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What user space meets of ownership in Linux: the driver core's files in sysfs, and VFIO.
 *
 * A model machine and what may be asked of it. Every answer is a row of one table (table.h), in the kernel's
 * order of looking; what depends on who owns a group, the ownership core answers. A call that would sleep in
 * the kernel is a task that goes on by itself, once what it waits for is over.
 *
 * Assumed: calls come one after the other, each runs until it ends or sleeps; whoever lets go of a lock goes
 * on first, and those who wait for it come in the order they began. A driver bound by Linux's asynchronous
 * probing is bound at once, and nothing retries a probe that was to be tried later. A process that sleeps
 * in a call does not end before it (the caller's to see to), and no driver is unloaded while one of its
 * files is written: those go first, and wait. A file of another kind than a call is for answers ENOTTY, but a
 * container without an IOMMU and a character device that is not bound EINVAL. A group keeps its number while
 * it is away, unless the caller says otherwise. All that is not VFIO's about a file (paths, permissions of
 * nodes) is the caller's.
 *
 * Source: Linux 6.1 and 6.12; each row names its function.
 */
#ifndef IOWARD_FRONT_FRONT_H
#define IOWARD_FRONT_FRONT_H

#include <ioward/mem.h>
#include <ioward/ownership.h>

/* The kernel: what 6.12 does differently from 6.1, and what is built in or switched on. X(name, words) */
#define IOW_FRONT_FEATURE_LIST(X)                                                                            \
    X(SINCE_6_12, "Linux 6.12")                                                                              \
    X(IOMMUFD, "IOMMUFD is built")                                                                           \
    X(CDEV, "VFIO's character devices are built")                                                            \
    X(NOIOMMU, "unsafe no-IOMMU mode is on")

enum iow_front_feature {
#define IOW_FRONT_FEATURE_ENUM(name, words) IOW_FRONT_##name,
    IOW_FRONT_FEATURE_LIST(IOW_FRONT_FEATURE_ENUM)
#undef IOW_FRONT_FEATURE_ENUM
    IOW_FRONT_FEATURE__COUNT
};

/* What may be asked: X(name, words). */
#define IOW_FRONT_CALL_LIST(X)                                                                               \
    X(BIND, "write bind")                                                                                    \
    X(UNBIND, "write unbind")                                                                                \
    X(OVERRIDE, "write driver_override")                                                                     \
    X(DRIVERS_PROBE, "write drivers_probe")                                                                  \
    X(NEW_ID, "write new_id")                                                                                \
    X(REMOVE_ID, "write remove_id")                                                                          \
    X(LOAD, "load a driver")                                                                                 \
    X(UNLOAD, "unload a driver")                                                                             \
    X(ADD, "add a function")                                                                                 \
    X(REMOVE, "write remove")                                                                                \
    X(UNPLUG, "empty a slot from outside")                                                                   \
    X(SET_VFS, "write sriov_numvfs")                                                                         \
    X(SET_TYPE, "write type")                                                                                \
    X(FORK, "fork")                                                                                          \
    X(EXIT, "exit")                                                                                          \
    X(DUP, "duplicate a file")                                                                               \
    X(PASS, "pass a file")                                                                                   \
    X(CLOSE, "close a file")                                                                                 \
    X(MMAP, "map a BAR")                                                                                     \
    X(MUNMAP, "unmap a BAR")                                                                                 \
    X(OPEN_CONTAINER, "open a container")                                                                    \
    X(OPEN_IOMMUFD, "open an iommufd")                                                                       \
    X(OPEN_GROUP, "open a group")                                                                            \
    X(OPEN_CDEV, "open a character device")                                                                  \
    X(SET_CONTAINER, "VFIO_GROUP_SET_CONTAINER")                                                             \
    X(UNSET_CONTAINER, "VFIO_GROUP_UNSET_CONTAINER")                                                         \
    X(GET_STATUS, "VFIO_GROUP_GET_STATUS")                                                                   \
    X(GET_DEVICE_FD, "VFIO_GROUP_GET_DEVICE_FD")                                                             \
    X(SET_IOMMU, "VFIO_SET_IOMMU")                                                                           \
    X(BIND_IOMMUFD, "VFIO_DEVICE_BIND_IOMMUFD")                                                              \
    X(ATTACH_PT, "VFIO_DEVICE_ATTACH_IOMMUFD_PT")                                                            \
    X(DETACH_PT, "VFIO_DEVICE_DETACH_IOMMUFD_PT")                                                            \
    X(SET_TOKEN, "VFIO_DEVICE_FEATURE_PCI_VF_TOKEN")                                                         \
    X(RESET_INFO, "VFIO_DEVICE_GET_PCI_HOT_RESET_INFO")                                                      \
    X(HOT_RESET, "VFIO_DEVICE_PCI_HOT_RESET")                                                                \
    X(NEW_IOAS, "IOMMU_IOAS_ALLOC")                                                                          \
    X(DESTROY_OBJECT, "IOMMU_DESTROY")                                                                       \
    X(MAP_INTERRUPTS, "IOMMU_IOAS_MAP of what interrupts need")

enum iow_front_call {
#define IOW_FRONT_CALL_ENUM(name, words) IOW_FRONT_CALL_##name,
    IOW_FRONT_CALL_LIST(IOW_FRONT_CALL_ENUM)
#undef IOW_FRONT_CALL_ENUM
    IOW_FRONT_CALL__COUNT
};

/* How the argument of a call is. */
enum iow_front_argument {
    IOW_FRONT_FINE,
    IOW_FRONT_UNREADABLE, /* a pointer that leads nowhere */
    IOW_FRONT_MALFORMED,  /* too short or too long, flags nobody knows, no number, no UUID, an option twice */
    IOW_FRONT_GLUED,      /* GET_DEVICE_FD: text follows the name without a space */
    IOW_FRONT_RACED,      /* OPEN_GROUP: the node was looked up just before it went */
    IOW_FRONT_WITH_DATA,  /* NEW_ID: with driver data, in all seven fields */
    IOW_FRONT_OTHER_DATA, /* NEW_ID: with driver data that no entry of the driver's table has */
};

#define IOW_FRONT_NO_NAME                                                                                    \
    (IOW_NONE - 1) /* OVERRIDE: a name that no driver has, as any from n_drivers on is */
#define IOW_FRONT_AUTO_TYPE IOW_TYPE_NONE /* SET_TYPE: "auto" */
#define IOW_FRONT_MOST_FDS 4              /* handed to a hot reset */

/*
 * What is asked. Fields that a call does not need are of no meaning.
 *
 *   function  UNPLUG: the port that the slot is below
 *   fd      the file or mapping asked
 *   to      SET_CONTAINER, BIND_IOMMUFD: the other file; PASS: the process
 *   number  SET_VFS, HOT_RESET: how many; NEW_ID, REMOVE_ID: the model; SET_IOMMU: the type;
 *           ATTACH_PT, DESTROY_OBJECT, MAP_INTERRUPTS: the number of the iommufd's object
 *   token   GET_DEVICE_FD, SET_TOKEN: 0 none
 *   hangs   no driver that it asks to probe or to let go returns before iow_front_continue()
 */
struct iow_front_op {
    enum iow_front_call call;
    enum iow_front_argument argument;
    uint32_t process; /* who asks */
    uint32_t function, driver, group;
    uint32_t fd, to, number;
    bool hangs;
    enum iow_domain_type type;
    uint64_t token;
    uint32_t fds[IOW_FRONT_MOST_FDS];
};

#define IOW_FRONT_WAITS 1 /* the code of a call that sleeps */

/* value: a descriptor, mapping or process; the number of an iommufd's object; the flags of GET_STATUS; of
 * RESET_INFO how many would be reset, and flags; of a call that sleeps its task. row: that decided, for
 * iow_front_row_at(). */
struct iow_front_answer {
    int code; /* 0, a negative error number, or IOW_FRONT_WAITS */
    uint32_t value;
    uint32_t row;
};

/* Types of VFIO_SET_IOMMU, and flags of VFIO_GROUP_GET_STATUS. Source: include/uapi/linux/vfio.h */
#define IOW_FRONT_TYPE1 1u
#define IOW_FRONT_TYPE1V2 3u
#define IOW_FRONT_NOIOMMU_TYPE 8u
#define IOW_FRONT_VIABLE 1u
#define IOW_FRONT_CONTAINER_SET 2u

/* Flags of VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, beside the number of functions: by their numbers in the
 * iommufd, and all of them its own. */
#define IOW_FRONT_RESET_BY_ID (1u << 8)
#define IOW_FRONT_RESET_OWNED (2u << 8)

#define IOW_FRONT_RANDOM_TOKEN UINT64_MAX /* nobody can name it */

struct iow_front_driver {
    /* The caller's. */
    const char *name;
    enum iow_driver_trait trait;
    bool vfio;       /* vfio-pci or a variant of it */
    bool by_class;   /* its table is of classes: new_id, without one, finds nothing in it */
    bool overrides;  /* its table is for functions that name it by driver_override only */
    bool sriov;      /* takes sriov_numvfs */
    bool keeps_vfs;  /* it does, and leaves virtual functions switched on when it is released */
    uint32_t models; /* bit n: its table has model n */
    bool loaded;
    /* The front's. */
    uint32_t dynamic; /* bit n: by new_id */
    uint32_t rank;    /* on the bus, by when it was loaded; 0: with the kernel */
};

struct iow_front_function {
    /* The caller's. */
    uint32_t model;             /* up to 31, stands for vendor and device */
    uint32_t home;              /* group that it is in while it is there; IOW_NONE: none */
    uint32_t parent;            /* bridge above; IOW_NONE */
    uint32_t physical_function; /* of a VF; IOW_NONE */
    uint32_t total_vfs;
    uint32_t reset_set; /* those reset together have the same; IOW_NONE: neither slot nor bus can be reset */
    bool bridge;        /* header type other than 0 */
    bool denylisted;
    bool not_coherent;      /* the IOMMU cannot keep caches coherent */
    bool unsafe_interrupts; /* no isolated MSIs */
    bool direct;            /* firmware needs direct mappings of it */
    bool conflicts;         /* reserved regions in conflict with what users map */
    bool no_bar;            /* no memory to map */
    bool no_autoprobe;      /* a VF: sriov_drivers_autoprobe is off, a driver takes it by override only */
    int alloc_error;        /* no domain can be made for it */
    int attach_error;       /* it cannot be moved to a user's domain */
    int move_error;         /* it cannot be moved to any */
    int open_error;         /* the driver cannot open it */
    bool resets;            /* it can be reset by itself, which opening it does */
    int reset_error;        /* a reset fails that this one is part of */
    int *probe_errors;      /* of each driver: its own probe of it fails; 0: it does not */
    bool sticks;            /* no driver of the kernel lets go of it while this is so */
    /* The front's. */
    struct iow_dma_device dma;
    struct iow_dma_domain domain; /* that it is attached to */
    bool present, dying;          /* dying: "remove" was written */
    uint32_t arrival;             /* in which order those present came */
    uint32_t driver;              /* dev->driver: set by a probe, until the removal is over; IOW_NONE */
    uint64_t bound;               /* when it was last, in order; 0: not since it came */
    bool linked;                  /* sysfs shows it */
    bool ready;                   /* its probe is over, and no removal has begun */
    uint32_t override;            /* a driver, a name that none has, or IOW_NONE */
    uint32_t lock;                /* the task that holds it; 0: none */
    uint32_t n_vfs;
    /* VFIO's. */
    bool registered, listed; /* listed: found by name, and by its character device */
    uint32_t index;          /* of vfio-dev/vfioN */
    uint32_t vgroup;         /* VFIO's group object while registered */
    uint32_t registrations;  /* references, the driver's own included */
    uint32_t opens;          /* open_count */
    uint32_t iommufd;        /* that it is bound to; IOW_NONE */
    uint32_t object;         /* of the iommufd */
    bool attached, cdev_opened;
    bool captures; /* a PF: its driver made the VFs */
    bool has_token;
    uint64_t token;
    uint32_t token_users; /* VFs open */
    uint32_t pf_captor;   /* a VF: its PF, if captured; else IOW_NONE */
};

struct iow_front_group {
    /* The caller's. */
    enum iow_domain_type type;      /* at first */
    enum iow_domain_type automatic; /* what "auto" comes to */
    enum iow_domain_type required;  /* of firmware or the IOMMU's driver; IOW_TYPE_NONE: any */
    /* The front's. */
    struct iow_dma_group dma;
    uint32_t vgroup;         /* VFIO's object of it that is alive; IOW_NONE */
    uint32_t pt, pt_devices; /* the iommufd's table that so many of its devices are attached to */
};

/* VFIO's object of a group: made with the first vfio device, dead with the last; a file may outlive it. */
struct iow_front_vgroup {
    bool used, noiommu;
    uint32_t group;     /* IOW_NONE: of a function without one */
    uint32_t devices;   /* registered; 0: dead */
    uint32_t file;      /* open file, or IOW_NONE */
    uint32_t container; /* or IOW_NONE */
    uint32_t users;     /* of the container, this group itself included */
    uint32_t iommufd;   /* or IOW_NONE */
    uint32_t cdevs;     /* devices bound through their character device */
    uint64_t joined;    /* order in which groups came into containers */
    uint64_t made;      /* order in which the objects came: each node there ever was has another */
};

struct iow_front_container {
    uint32_t refs, groups;
    bool noiommu, backend;
    bool vaddr_invalid; /* the caller's: mappings are between two owners of memory */
};

enum iow_front_object_kind {
    IOW_FRONT_OBJECT_NONE,
    IOW_FRONT_OBJECT_SPACE,  /* of addresses: an IOAS */
    IOW_FRONT_OBJECT_TABLE,  /* of an address space's pages, made when a device is attached to it */
    IOW_FRONT_OBJECT_DEVICE, /* bound to the iommufd */
};

struct iow_front_object {
    enum iow_front_object_kind kind;
    uint32_t space; /* of a table */
    uint32_t users; /* of a table: devices attached */
    bool mapped;    /* of a space: addresses that every device needs for its interrupts */
};

#define IOW_FRONT_MOST_OBJECTS 64

struct iow_front_iommufd {
    uint32_t refs;
    uint32_t compat; /* the address space that groups are attached to; 0: none */
    bool noiommu;
    struct iow_front_object objects[IOW_FRONT_MOST_OBJECTS]; /* numbered from 1 */
};

enum iow_front_file_kind {
    IOW_FRONT_FILE_NONE,
    IOW_FRONT_FILE_GROUP,
    IOW_FRONT_FILE_CONTAINER,
    IOW_FRONT_FILE_DEVICE,
    IOW_FRONT_FILE_CDEV,
    IOW_FRONT_FILE_IOMMUFD,
};

struct iow_front_file {
    enum iow_front_file_kind kind;
    uint32_t refs;
    uint32_t of;      /* VFIO group, container, function, iommufd */
    bool granted;     /* the device is open through it */
    bool holds_group; /* it keeps the group's file open */
};

struct iow_front_fd {
    uint32_t process, file; /* file IOW_NONE: free */
    bool map;
};

struct iow_front_process {
    bool alive;
    bool no_rawio, no_admin; /* capabilities it lacks */
};

/* One step of a call, and those that wait for it to return. */
struct iow_front_frame {
    uint32_t stage;
    uint32_t function, driver, next;
    int below;        /* what the step called last came to */
    bool asked;       /* the driver's own probe was asked */
    bool below_asked; /* so it was in the step called last */
    bool took_rescan;
};

struct iow_front_task {
    uint32_t number; /* 0: free */
    bool finished, slept;
    struct iow_front_op op;
    struct iow_front_frame *frames;
    uint32_t depth;
    struct iow_front_answer answer;
};

/* What the caller has a say in, or is told; each may be NULL. They ask the front nothing. */
struct iow_front_hooks {
    uint32_t (*home)(
        void *ctx, uint32_t function); /* which group one that has just come joins; NULL: its home */
    void (*released)(void *ctx, uint32_t function); /* its driver let go of it */
    void (*gone)(void *ctx, uint32_t function);
    void (*refused)(
        void *ctx, const struct iow_dma_group *group, const struct iow_explain *why); /* by the core */
};

struct iow_front {
    const struct iow_profile *profile;
    uint32_t features;
    struct iow_front_driver *drivers;
    struct iow_front_function *functions;
    struct iow_front_group *groups;
    uint32_t n_drivers, n_functions, n_groups;
    bool no_backend;                     /* the caller's: no IOMMU backend of VFIO is loaded */
    bool unsafe_interrupts;              /* the caller's: allow_unsafe_interrupts */
    bool module_going;                   /* the caller's: VFIO drivers are about to be unloaded */
    const struct iow_front_hooks *hooks; /* the caller's */
    void *ctx;                           /* theirs */
    /* The front's. */
    struct iow_mem *mem;
    struct iow_arbiter arbiter;
    struct iow_front_vgroup *vgroups;
    struct iow_front_container *containers;
    struct iow_front_iommufd *iommufds;
    struct iow_front_file *files;
    struct iow_front_fd *fds;
    struct iow_front_process *processes;
    struct iow_front_task *tasks;
    uint32_t n_files, n_fds, n_processes, n_tasks, n_frames;
    uint32_t last_task;
    uint32_t rescan; /* the task that holds the lock of adding and removing; 0: none */
    uint64_t joins, binds, vgroups_made;
    uint32_t loads;
    uint32_t arrivals;
    uint32_t *times; /* each row was the answer */
};

/* How large a machine. */
struct iow_front_shape {
    uint32_t n_drivers, n_functions, n_groups;
    uint32_t n_files, n_fds, n_processes, n_tasks;
};

/*
 * iow_front_init - an empty machine: drivers, functions and groups are to be described, then iow_front_boot()
 * In:      release  6.1 or 6.12 as major << 8 | minor
 *          built    bits of IOW_FRONT_IOMMUFD, _CDEV (6.12 with IOMMUFD only) and _NOIOMMU
 * Out:     process 0 is the administrator's, with every capability
 * Memory:  of the arena, at this call, and when more calls sleep than ever did before
 * Errors:  -ENOMEM
 */
int iow_front_init(struct iow_front *front, struct iow_mem *mem, const struct iow_front_shape *shape,
    uint16_t release, uint32_t built);

/* iow_front_boot - groups as described; every function is away still, IOW_FRONT_CALL_ADD brings it */
void iow_front_boot(struct iow_front *front);

/*
 * iow_front_ask - asks, and goes on with whoever waited for what happened
 * Errors:  those of Linux; besides -ENFILE, -EMFILE, -EAGAIN (no task, no process) when the shape is too
 *          small
 */
int iow_front_ask(struct iow_front *front, const struct iow_front_op *op, struct iow_front_answer *ret);

/* iow_front_would - what a call would answer now that neither sleeps nor tries anything (opening, mostly) */
int iow_front_would(struct iow_front *front, const struct iow_front_op *op);

/* iow_front_go_on - goes on with whoever waited for something the caller changed (sticks) */
void iow_front_go_on(struct iow_front *front);

/* iow_front_continue - what hangs goes on, and whoever waited for that */
void iow_front_continue(struct iow_front *front);

/* iow_front_ended - a task that slept and has ended since, the one that began first; false: none */
bool iow_front_ended(struct iow_front *front, uint32_t *ret_task, struct iow_front_answer *ret);

/* What is seen from outside, after any step. */
struct iow_front_seen_function {
    bool present;
    uint32_t driver; /* of the link in sysfs; IOW_NONE */
    uint32_t group;  /* IOW_NONE */
    bool cdev;       /* its character device is there */
    int open_cdev;   /* what opening it answers */
};

struct iow_front_seen_group {
    uint32_t members;
    enum iow_domain_type type;
    bool node;    /* /dev/vfio/N is there */
    bool claimed; /* kernel drivers, or an owner: a status would not say viable */
    int open;     /* what opening it answers, to a process with every capability */
    enum iow_owner owner;
};

struct iow_front_seen_function iow_front_see_function(struct iow_front *front, uint32_t function);
struct iow_front_seen_group iow_front_see_group(struct iow_front *front, uint32_t group);

/* iow_front_vgroup_of - VFIO's object of a group that is alive; IOW_NONE */
uint32_t iow_front_vgroup_of(const struct iow_front *front, uint32_t group);

/* A row of the table, for those who print, count or check it. */
struct iow_front_row {
    const char *stage;      /* a call, or a step of several: "write bind", "probe" */
    uint32_t with, without; /* features */
    const char *tries;      /* before the condition is looked at, in words; "" nothing */
    const char *when;       /* condition in words; "" none */
    int code;               /* 0 done or goes on, negative error number, IOW_FRONT_WAITS */
    bool passes;            /* answers as what it tried answered: the core, or a driver */
    const char *effect;     /* in words; "" none */
    const char *next;       /* step it goes on with; "" none */
    const char *source;     /* function of the kernel, "" none */
};

/* iow_front_row_at - false from the first i that is none on */
bool iow_front_row_at(uint32_t i, struct iow_front_row *ret);

#endif
