/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the real kernel and the model are both asked, and both answer.
 *
 * A sequence is a line "sequence NUMBER" and its steps, one a line: PROCESS [MANNER] CALL ARGUMENT... A
 * file is named by its slot in the process's table. An answer is one line a step:
 *
 *   NUMBER.STEP ANSWER [STEP:ANSWER...] | DRIVER[/OPEN]... | MEMBERS/TYPE/NODE... | [PROCESS.SLOT=STATUS...]
 *
 * ANSWER is 0, an error number, or as fN the flags of a status, how many would be reset (with flags from bit
 * 8 on) or the number of an iommufd's object; "waits" for a call that sleeps, or "none" for what could not be
 * asked (no such process, a slot that is taken, a call of a device to a container or iommufd, whose own calls
 * have the same numbers, a rescan while something is being removed, a driver to unload while any call sleeps:
 * its files go first, and wait for who writes them, and what presence.h and plug.h say of functions that come
 * and go). In brackets: calls of earlier steps that have ended since, with "either" for an answer that is the
 * kernel's to choose. Then each function's driver, and, if it
 * has a file of its own, what opening that answers; each group's members and type, and if it has a node, what
 * opening that answers to who may do everything, fN for the status that it then gives, and after a comma to
 * who lacks CAP_SYS_RAWIO (without a node "-"), and if the kernel's memory tells, its owner_cnt, o for one that
 * has an owner, and its domain. Last, what each file that a process holds answers to the call
 * for a group's status. */
#ifndef IOWARD_LAB_LANGUAGE_H
#define IOWARD_LAB_LANGUAGE_H

#include <stdbool.h>
#include <stdint.h>

/* X(name, word, arguments): d driver, o driver, "none" or "nobody", f function, g group, t type, s slot,
 * p process, n number, k number of a token, or nothing for none. "noiommu" is of a function without a
 * group. */
#define CALL_LIST(X)                                                                                         \
    X(BIND, "bind", "df")                                                                                    \
    X(UNBIND, "unbind", "df")                                                                                \
    X(OVERRIDE, "override", "fo")                                                                            \
    X(DRIVERS_PROBE, "probe", "f")                                                                           \
    X(NEW_ID, "new_id", "df")                                                                                \
    X(REMOVE_ID, "remove_id", "df")                                                                          \
    X(LOAD, "load", "o")                                                                                     \
    X(UNLOAD, "unload", "o")                                                                                 \
    X(SET_TYPE, "type", "gt")                                                                                \
    X(REMOVE, "remove", "f")                                                                                 \
    X(ADD, "rescan", "")                                                                                     \
    X(SET_VFS, "vfs", "fn")                                                                                  \
    X(PLUG, "plug", "f")                                                                                     \
    X(UNPLUG, "unplug", "f")                                                                                 \
    X(PULL, "pull", "f")                                                                                     \
    X(FORK, "fork", "")                                                                                      \
    X(EXIT, "exit", "")                                                                                      \
    X(DUP, "dup", "ss")                                                                                      \
    X(PASS, "pass", "sps")                                                                                   \
    X(CLOSE, "close", "s")                                                                                   \
    X(MMAP, "mmap", "ss")                                                                                    \
    X(MUNMAP, "munmap", "s")                                                                                 \
    X(OPEN_CONTAINER, "container", "s")                                                                      \
    X(OPEN_GROUP, "group", "gs")                                                                             \
    X(SET_CONTAINER, "set_container", "ss")                                                                  \
    X(UNSET_CONTAINER, "unset_container", "s")                                                               \
    X(GET_STATUS, "status", "s")                                                                             \
    X(GET_DEVICE_FD, "device", "sfsk")                                                                       \
    X(SET_IOMMU, "set_iommu", "sn")                                                                          \
    X(BIND_IOMMUFD, "bind_iommufd", "ss")                                                                    \
    X(ATTACH_PT, "attach_pt", "sn")                                                                          \
    X(DETACH_PT, "detach_pt", "s")                                                                           \
    X(SET_TOKEN, "set_token", "sk")                                                                          \
    X(RESET_INFO, "reset_info", "s")                                                                         \
    X(HOT_RESET, "hot_reset", "ssn")                                                                         \
    X(OPEN_IOMMUFD, "iommufd", "s")                                                                          \
    X(OPEN_CDEV, "cdev", "fs")                                                                               \
    X(NEW_IOAS, "new_ioas", "s")                                                                             \
    X(DESTROY_OBJECT, "destroy", "sn")                                                                       \
    X(OPEN_NOIOMMU, "noiommu", "fs")                                                                         \
    X(MAP_INTERRUPTS, "map_interrupts", "sn")

enum call {
#define CALL_ENUM(name, word, arguments) CALL_##name,
    CALL_LIST(CALL_ENUM)
#undef CALL_ENUM
    N_CALLS
};

/* In the order in which the guest loads them. */
#define DRIVER_LIST(X)                                                                                       \
    X(PCIEPORT, "pcieport")                                                                                  \
    X(E1000E, "e1000e")                                                                                      \
    X(NVME, "nvme")                                                                                          \
    X(VFIO_PCI, "vfio-pci")                                                                                  \
    X(PCI_STUB, "pci-stub")                                                                                  \
    X(UIO, "uio_pci_generic")                                                                                \
    X(NOBODY, "nobody")                                                                                      \
    X(NONE, "none")

enum driver {
#define DRIVER_ENUM(name, word) DRIVER_##name,
    DRIVER_LIST(DRIVER_ENUM)
#undef DRIVER_ENUM
    N_NAMES,
    N_DRIVERS = DRIVER_NOBODY
};

#define TYPE_LIST(X)                                                                                         \
    X(DMA, "DMA")                                                                                            \
    X(DMA_FQ, "DMA-FQ")                                                                                      \
    X(IDENTITY, "identity")                                                                                  \
    X(AUTO, "auto")                                                                                          \
    X(ODD, "odd")

enum type {
#define TYPE_ENUM(name, word) TYPE_##name,
    TYPE_LIST(TYPE_ENUM)
#undef TYPE_ENUM
    N_TYPES
};

/* How the argument of a call is: a pointer that leads nowhere, of a wrong size or form, a name with text
 * after it, an id with driver data that the driver's table has or has not; or who writes lacks a capability.
 * Only where the call has such a thing. */
#define MANNER_LIST(X)                                                                                       \
    X(FINE, "fine")                                                                                          \
    X(UNREADABLE, "unreadable")                                                                              \
    X(MALFORMED, "malformed")                                                                                \
    X(GLUED, "glued")                                                                                        \
    X(WITH_DATA, "with_data")                                                                                \
    X(OTHER_DATA, "other_data")                                                                              \
    X(UNPRIVILEGED, "unprivileged")

enum manner {
#define MANNER_ENUM(name, word) MANNER_##name,
    MANNER_LIST(MANNER_ENUM)
#undef MANNER_ENUM
    N_MANNERS
};

/* What of the kernel differs: built, or so. */
#define BUILT_LIST(X)                                                                                        \
    X(IOMMUFD, "iommufd")                                                                                    \
    X(CDEV, "cdev")                                                                                          \
    X(NOIOMMU, "noiommu")             /* its unsafe mode is on */                                            \
    X(VFIO_PCI, "vfio-pci")           /* and no module */                                                    \
    X(MEMORY, "memory")               /* its memory tells of owners, see memory.h */                         \
    X(CONTAINER, "iommufd-container") /* the container's node is an iommufd's */

enum built {
#define BUILT_ENUM(name, word) BUILT_##name,
    BUILT_LIST(BUILT_ENUM)
#undef BUILT_ENUM
    N_BUILT
};

extern const char *const driver_names[N_NAMES];
extern const char *const type_names[N_TYPES];
extern const char *const built_names[N_BUILT];

enum {
    MOST_FUNCTIONS = 16,
    MOST_GROUPS = 16,
    MOST_PROCESSES = 4,
    MOST_SLOTS = 32,
    MOST_STEPS = 256,  /* of a sequence that only the model is asked */
    MOST_TASKS = 24,   /* asleep at once, and steps of a sequence that both are asked */
    NOT_ASKED = -1000, /* answers beside error numbers */
    WAITS = -1001,
    EITHER = -1002,
    NO_GROUP = 999999,
    NO_FUNCTION = 999,
    MOST_TOKENS = 10,
};

struct step {
    enum call call;
    enum manner manner;
    unsigned process;
    unsigned argument[4];
};

struct function {
    char address[16], parent[16];
    unsigned vendor, device;
    unsigned group; /* index in the machine; NO_GROUP */
    bool bridge;
    unsigned physical;  /* function that it is a virtual one of, or NO_FUNCTION */
    unsigned total_vfs; /* that it can have */
    bool resets;        /* by itself */
};

/* As the guest found it before the first sequence; text: what the agent writes and the model reads. */
struct machine {
    unsigned release; /* major << 8 | minor */
    bool built[N_BUILT];
    unsigned n_functions, n_groups;
    struct function functions[MOST_FUNCTIONS];
    unsigned group_numbers[MOST_GROUPS]; /* NO_GROUP: away */
    char group_types[MOST_GROUPS][16];
};

/* What was answered to a step, and what is seen after it. */
struct ended {
    unsigned step;
    int code;
};

/* What a file answers to the call for a group's status. */
struct status {
    bool asked; /* false: no file to ask */
    int code;
    unsigned flags;
};

struct node {
    bool there;
    int open;          /* to who may do everything */
    unsigned flags;    /* of its status, when it can be opened */
    int without_rawio; /* to who lacks CAP_SYS_RAWIO */
};

/* A group in the kernel's memory. Source: drivers/iommu/iommu.c struct iommu_group */
struct memory {
    bool told;
    unsigned count; /* owner_cnt */
    bool owned;     /* owner is set */
    char domain;    /* that it is attached to: d its default one, b the blocking one, t another */
};

struct answer {
    int code;
    bool has_flags;
    unsigned flags;
    unsigned n_ended;
    struct ended ended[MOST_TASKS];
    const char *driver[MOST_FUNCTIONS];
    unsigned members[MOST_GROUPS]; /* bit n: function n */
    const char *type[MOST_GROUPS];
    struct node node[MOST_GROUPS];
    struct memory memory[MOST_GROUPS];
    bool cdev[MOST_FUNCTIONS];
    int open_cdev[MOST_FUNCTIONS];
    struct status held[MOST_PROCESSES][MOST_SLOTS];
};

/* Ends the program with a complaint when the line makes no sense. */
struct step parse_step(char *line, const struct machine *machine);

/* Which argument names the slot that a call fills; -1: none. Of CALL_PASS it is the receiver's. */
int filled_slot(const struct step *step);

/* Does a call answer with more than an error number? */
bool has_flags(enum call call);

/* Does it make functions come or go? */
bool is_presence(enum call call);

/* Is its number one of a container's or an iommufd's calls as well? */
bool is_ambiguous(enum call call);

bool removes(enum call call);

/* Is it that function, or below it? */
bool goes_with(const struct machine *machine, unsigned function, unsigned above);

/* Puts what has ended in order. A call that slept while its function was taken away ends with the removal, and
 * the kernel lets either go first: what it answers is EITHER. Looks at what was seen after the step, too. steps: those
 * of the sequence. */
void order_ended(struct answer *answer, const struct step *steps, const struct machine *machine);

/* Prints one line of answers. */
void print_answer(
    unsigned sequence, unsigned step, const struct answer *answer, const struct machine *machine);

#endif
