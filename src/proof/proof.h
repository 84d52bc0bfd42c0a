/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The checker: every state that groups, drivers and owners can come to, searched one by one.
 *
 * It runs the arbiter of ioward/ownership.h itself, through its public functions: a state is put on the
 * stage, one actor does one thing, what came of it is read back. The world beside it (who believes to own
 * what, under which domain the requests of each device really are) is the checker's own, and so is a plain
 * second bookkeeping of owner, count and domain as Linux keeps it. The search is breadth first, so every
 * trace is a shortest one.
 *
 *   1. Invariants are judged over the world, never over the word alone.
 *   2. Whatever order the actors act in is searched; one operation is atomic, as it is under the group's
 *      lock.
 *   3. What actors may do is narrowed by conditions; a world says which of them are dropped.
 *   4. A search that ended early says so; its figures are what was searched.
 *
 * Hosted: takes memory for the search from malloc and gives it back; traces come from the caller's arena.
 * Thread: reentrant. No clock, no environment, no output. Words of steps are drawn by room report.
 */
#ifndef IOWARD_PROOF_PROOF_H
#define IOWARD_PROOF_PROOF_H

#include <ioward/mem.h>
#include <ioward/ownership.h>

#define IOW_PROOF_DEVICES 32u /* in one world; 4 unless counted */
#define IOW_PROOF_GROUPS 3u
#define IOW_PROOF_OWNERS 3u /* named 1 to 3 */

/* What must hold: X(id, name, words). */
#define IOW_PROOF_INVARIANT_LIST(X)                                                                          \
    X(ONE_SPACE, "one-space", "the members of a group are under the address space of one owner")             \
    X(NO_DRIVER, "no-driver",                                                                                \
        "while a user owns a group, no driver that uses the kernel's DMA API is in it")                      \
    X(LEAVES, "leaves",                                                                                      \
        "a group leaves its default domain only when no such driver is in it but the one that attaches")     \
    X(RETURNS, "returns",                                                                                    \
        "without an owner and without such a driver, every member is on the default domain")                 \
    X(DERIVED, "derived", "the owner read from the word is the owner there is")                              \
    X(BOOKKEEPING, "bookkeeping", "the word says what Linux's owner, count and domain would say")

enum iow_proof_invariant {
#define IOW_PROOF_INVARIANT_ENUM(id, name, words) IOW_PROOF_INVARIANT_##id,
    IOW_PROOF_INVARIANT_LIST(IOW_PROOF_INVARIANT_ENUM)
#undef IOW_PROOF_INVARIANT_ENUM
    IOW_PROOF_INVARIANT__COUNT
};

/* The conditions under which Linux keeps them; each may be dropped: X(id, name, words). */
#define IOW_PROOF_CONDITION_LIST(X)                                                                          \
    X(ATTACH, "attach", "no claim, attach or joining fails at a member")                                     \
    X(RELEASE, "release", "no release or detach fails at a member")                                          \
    X(QUIET, "quiet", "no device joins a group that a user or a driver's own domain has")                    \
    X(EARLY, "early", "a device has its group before a driver is bound to it")                               \
    X(PLAIN, "plain", "no driver attaches a domain of its own")                                              \
    X(TIDY, "tidy", "a driver detaches its own domain before it lets go of the device")                      \
    X(CLAIMED, "claimed", "owners attach only under their claim")                                            \
    X(NAMED, "named", "every claim names its owner")                                                         \
    X(OWN, "own", "owners release and detach only what is theirs")                                           \
    X(ONE_WAY, "one-way", "an owner claims the group or its devices, never both")                            \
    X(DRIVER_PASIDS, "driver-pasids", "no driver attaches a PASID")                                          \
    X(OWNER_PASIDS, "owner-pasids",                                                                          \
        "owners attach PASIDs only under their claim, and detach them before they release it")

enum iow_proof_condition {
#define IOW_PROOF_CONDITION_ENUM(id, name, words) IOW_PROOF_CONDITION_##id,
    IOW_PROOF_CONDITION_LIST(IOW_PROOF_CONDITION_ENUM)
#undef IOW_PROOF_CONDITION_ENUM
    IOW_PROOF_CONDITION__COUNT
};

#define IOW_PROOF_ALL_DROPPED ((1u << IOW_PROOF_CONDITION__COUNT) - 1)

/* "one-space", "attach": for options and JSON; then the words above. "?" for a number that is none. */
const char *iow_proof_invariant_name(enum iow_proof_invariant invariant);
const char *iow_proof_invariant_words(enum iow_proof_invariant invariant);
const char *iow_proof_condition_name(enum iow_proof_condition condition);
const char *iow_proof_condition_words(enum iow_proof_condition condition);

/* A device of a world, and what it may come to. */
struct iow_proof_device {
    uint8_t group; /* where it is at first, and where it comes back unless the world roams */
    bool absent;   /* not there at first */
    bool fixed;    /* is never unplugged nor plugged in */
    bool direct;   /* firmware needs direct mappings of it */
    uint8_t
        drivers; /* bit IOW_DRIVER_...: what may be bound to it; PRIVATE only counts when PLAIN is dropped */
};

/*
 * At first every device that is not absent is in its group, without a driver, on the default domain, and
 * nobody owns anything.
 */
struct iow_proof_world {
    const struct iow_profile *profile;
    uint32_t n_groups, n_devices, n_owners;
    struct iow_proof_device devices[IOW_PROOF_DEVICES];
    uint32_t dropped; /* bit n: condition n */
    bool types;       /* the type of the default domain may be changed */
    bool pasids;      /* PASIDs may be attached, at most one a device */
    bool roams;       /* a device that left may come back in any group */
    bool separate;    /* states that differ by names of equal devices, owners or groups are not merged */
    bool counted;     /* states that no operation tells apart are merged too, so that equal devices are
                       * but counted: for groups of many members */
    /* Claims of devices by one owner at a time; 0: any number. Beyond two, a claim is but a number more,
     * unless drivers that were bound too early take from it. */
    uint32_t most_claims;
    size_t most_bytes;                           /* of memory; 0: as much as there is */
    int (*progress)(void *ctx, uint64_t states); /* now and then; not 0: stop. May be NULL */
    void *ctx;
};

/* Who acts in a step. */
enum iow_proof_actor {
    IOW_PROOF_DRIVER_CORE, /* probes, binds, unbinds `device` */
    IOW_PROOF_DRIVER,      /* the driver bound to `device`, attaching or detaching what is its own */
    IOW_PROOF_OWNER,       /* `owner` */
    IOW_PROOF_BUS,         /* plugs `device` in or out */
    IOW_PROOF_ADMIN,       /* changes the type of the default domain of `group` */
};

/* What is done: an enum iow_operation, or one of these, which are no operations on a group. */
#define IOW_PROOF_ACT_BOUND ((uint32_t)IOW_OPERATION__COUNT)      /* the driver's probe() succeeded */
#define IOW_PROOF_ACT_APPEAR ((uint32_t)IOW_OPERATION__COUNT + 1) /* a device is there, but in no group yet */

#define IOW_PROOF_OUTSIDE 3u /* as a group: the device is there, in no group */
#define IOW_PROOF_ABSENT 4u  /* as a group: the device is not there */

/* Under what the requests of a device really are. */
enum iow_proof_space {
    IOW_PROOF_SPACE_NONE, /* in no group: no IOMMU knows of it */
    IOW_PROOF_SPACE_DEFAULT,
    IOW_PROOF_SPACE_BLOCKING,
    IOW_PROOF_SPACE_PRIVATE, /* a driver's own */
    IOW_PROOF_SPACE_OWNER1,  /* a page table of owner 1, and so on */
    IOW_PROOF_SPACE_OWNER2,
    IOW_PROOF_SPACE_OWNER3,
    IOW_PROOF_SPACE_IDENTITY, /* a driver's own as well, untranslated */
    IOW_PROOF_SPACE__COUNT,
};

struct iow_proof_device_truth {
    uint8_t group;  /* or IOW_PROOF_OUTSIDE, IOW_PROOF_ABSENT */
    uint8_t trait;  /* enum iow_driver_trait of the driver */
    uint8_t phase;  /* enum iow_dma_phase */
    uint8_t space;  /* enum iow_proof_space */
    bool attacher;  /* its driver has attached a domain of its own and not detached it */
    uint8_t claims; /* bit n: owner n holds a claim of this device */
    uint8_t pasid;  /* whose PASID is attached: enum iow_proof_space, NONE: no PASID is */
};

struct iow_proof_group_truth {
    uint64_t word;
    uint8_t claims;   /* bit n: owner n holds a claim of this group; bit 0: somebody without a name does */
    uint8_t attached; /* bit n: owner n attached its table and has not detached it */
};

/*
 * One step of a trace. In words, for a drawer: ACTOR does ACT to DEVICE (or GROUP); if `code` is 0 it was
 * done, if `warned` the kernel printed a warning and did nothing, else it was refused by `rule`. `failing`
 * members could not be moved; those that were moved before are seen from the spaces. Devices are named by
 * their index in the world, owners 1 to 3.
 */
struct iow_proof_step {
    enum iow_proof_actor actor;
    uint32_t act;
    uint8_t device;     /* acting or acted on; IOW_PROOF_DEVICES: the group as a whole is */
    uint8_t group;      /* acted on; IOW_PROOF_OUTSIDE: none */
    uint8_t owner;      /* 1 to 3; 0: a driver, the kernel, or a claim without a name */
    uint8_t trait;      /* enum iow_driver_trait, of the driver that is probed */
    uint8_t type;       /* enum iow_domain_type, of SET_TYPE */
    uint32_t failing;   /* bit n: device n could not be moved where it should */
    uint32_t moved;     /* bit n: the requests of device n went from one domain to another */
    int code;           /* 0 or the negative error number */
    enum iow_rule rule; /* of a refusal or of a warning, else IOW_RULE_NONE */
    bool warned;
    struct iow_proof_device_truth devices[IOW_PROOF_DEVICES]; /* afterwards */
    struct iow_proof_group_truth groups[IOW_PROOF_GROUPS];
};

struct iow_proof_trace {
    uint32_t n_steps; /* 0: there is none */
    struct iow_proof_step *steps;
    uint8_t group; /* where the invariant broke */
};

struct iow_proof_result {
    uint64_t states;      /* distinct, the first included */
    uint64_t transitions; /* steps that were tried and changed something or not; refused ones too */
    uint32_t depth;       /* steps to the farthest state */
    size_t bytes;         /* of memory, at most */
    bool complete;        /* every reachable state was searched */
    uint64_t cut;         /* steps not taken because a count would leave the range searched */
    uint32_t violated;    /* bit n: invariant n */
    struct iow_proof_trace traces[IOW_PROOF_INVARIANT__COUNT]; /* shortest, of those violated */
};

/*
 * iow_proof_run - search a world
 * In:      world  of many devices only when counted, and then with all but one of them fixed: what is
 *                 searched grows with every device that comes and goes, and with sets of dropped conditions
 * Out:     ret    also when stopped early: what was searched until then
 * Errors:  -IOW_EINVAL a world that cannot be; -IOW_E2BIG most_bytes reached; -IOW_EINTR progress said so;
 *          -IOW_ENOMEM
 * Cost:    a microsecond or so a transition
 */
int iow_proof_run(const struct iow_proof_world *world, struct iow_mem *mem, struct iow_proof_result *ret);

/* A violation and the smallest set of conditions that must be dropped for it. */
struct iow_proof_finding {
    enum iow_proof_invariant invariant;
    uint32_t dropped; /* minimal: with any of them kept it is not reachable in the worlds surveyed */
    uint32_t world;   /* index of the first world that shows it */
    struct iow_proof_trace trace;
};

struct iow_proof_survey {
    uint32_t n_findings;
    struct iow_proof_finding *findings; /* by size of dropped, then by its bits, then by invariant */
    uint32_t n_runs;
    uint64_t states, transitions; /* of all runs */
    size_t bytes;                 /* of the largest */
    uint64_t most_states;         /* of the largest */
    bool complete;                /* every run was */
};

/*
 * iow_proof_survey - which conditions are needed
 * In:      worlds        n of them, smallest first; their `dropped` is added to every set
 *          most_dropped  the largest sets tried
 * Out:     ret           a set of no conditions that is among the findings means that the invariant is broken
 *                        with nothing dropped at all
 * Errors:  as iow_proof_run(); on -IOW_E2BIG and -IOW_EINTR ret is what was found until then
 */
int iow_proof_survey(const struct iow_proof_world *worlds, uint32_t n, uint32_t most_dropped,
    struct iow_mem *mem, struct iow_proof_survey *ret);

/* iow_proof_world_at - the worlds that the survey of a profile is made of, smallest first; false from the
 * first i that is none on */
bool iow_proof_world_at(const struct iow_profile *profile, uint32_t i, struct iow_proof_world *ret);

/*
 * Reach: device a reaches device b when a request of a can arrive at b's registers around the IOMMU. Of
 * every two devices the shortest way to a state in which a belongs to a user, and b to the kernel or to
 * another user.
 */
struct iow_proof_exposure {
    struct iow_proof_result result;
    struct iow_proof_trace pairs[4][4]; /* [a][b]; n_steps 0: never */
};

/* iow_proof_expose - search a world of at most 4 devices for them; its devices are kept apart whatever it
 * says. Errors as iow_proof_run() */
int iow_proof_expose(
    const struct iow_proof_world *world, struct iow_mem *mem, struct iow_proof_exposure *ret);

/* iow_proof_reach - for the relation in which device a reaches device b when bit b of reach[a] is set: the
 * shortest trace to a state in which a user's device reaches one that is not the user's; NULL: there is
 * none, the rule protects */
const struct iow_proof_trace *iow_proof_reach(
    const struct iow_proof_exposure *exposure, const uint8_t reach[4]);

#endif
