/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transitions: what an operation does to the ownership of a group, as values.
 *
 * All that is known of a group fits one 64-bit word: the domain it is attached to, with its owner's tag, and
 * how many of its members have a driver bound that uses the kernel's DMA API. The owner is decoded from the
 * word. One table says, for every operation in every state under every profile, what happens; a state that an
 * operation has no answer for does not compile. Knows nothing of devices, of time, of locks.
 *
 * Numbers:
 *   1. The word is the state: two groups with equal words and equally many members answer alike.
 *   2. A refusal changes nothing.
 *   3. Rows are looked at in order; the first that fits answers. Their order is the kernel's order of checks,
 *      so that where two reasons meet, the error number is the kernel's.
 *
 * Source: Linux 6.1 and 6.12, drivers/iommu/iommu.c; each row names its function. What the pure profile does
 * differs from Linux on purpose; docs/ownership.md says why.
 */
#ifndef IOWARD_TRANSITION_H
#define IOWARD_TRANSITION_H

#include <ioward/driver.h>
#include <ioward/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the members of a group are attached to. */
enum iow_domain_kind {
    IOW_KIND_DEFAULT,  /* what the kernel set up for its own DMA API, of the group's default type */
    IOW_KIND_BLOCKING, /* every request faults */
    IOW_KIND_TABLE,    /* a page table that is not the default domain: of a user, or of one kernel driver */
    IOW_KIND_IDENTITY, /* an identity domain that is not the default domain */
    IOW_KIND__COUNT,
};

/* Type of the default domain: the file type of a group in sysfs. */
enum iow_domain_type {
    IOW_TYPE_NONE, /* there is no default domain (yet) */
    IOW_TYPE_DMA,
    IOW_TYPE_DMA_FQ,
    IOW_TYPE_IDENTITY,
    IOW_TYPE__COUNT,
};

#define IOW_MOST_TAG 0xfffffu   /* owners are told apart by 20 bits; 0 is nobody: the kernel or its drivers */
#define IOW_MOST_CLAIMS 0xffffu /* of one group */
#define IOW_MOST_DRIVERS 0xffffu /* bound in one group */
#define IOW_MOST_PASIDS 0xffu    /* attached in one group */

/* The word, unpacked. */
struct iow_ownership {
    enum iow_domain_kind kind;
    enum iow_domain_type type; /* of the default domain, also while another one is attached */
    uint32_t tag;              /* whose it is; 0: nobody's, the kernel's, or one of its drivers' */
    uint32_t claims;           /* DMA claims outstanding (Linux profiles; pure has none) */
    uint32_t drivers;          /* members bound to, being probed by or removed from a DMA-API driver */
    uint32_t pasids;           /* PASIDs that have a domain of their own */
};

/* iow_ownership_pack - the word of values within the ranges above */
uint64_t iow_ownership_pack(const struct iow_ownership *ownership);
struct iow_ownership iow_ownership_unpack(uint64_t word);

/* The states that the table tells apart: X(name, words). */
#define IOW_STATE_LIST(X)                                                                                    \
    X(OUTSIDE, "no group")          /* the device asked about is in no group */                              \
    X(FREE, "free")                 /* default domain, no DMA-API driver */                                  \
    X(KERNEL, "kernel")             /* default domain, at least one */                                       \
    X(PRIVATE, "inside the kernel") /* not default, untagged, counted: a driver's own domain */              \
    X(STRAY, "stray")               /* not default, untagged, nobody counted */                              \
    X(BLOCKED, "owned, blocked")    /* tagged, counted; no page table of the owner */                        \
    X(ATTACHED, "owned, attached")  /* tagged, counted; page table or identity */                            \
    X(LEAKED, "owned, count lost")  /* tagged, nobody counted: Linux only */

enum iow_state {
#define IOW_STATE_ENUM(name, words) IOW_STATE_##name,
    IOW_STATE_LIST(IOW_STATE_ENUM)
#undef IOW_STATE_ENUM
    IOW_STATE__COUNT
};

/* The operations: X(name, words). Driver operations come in two steps each, as in a driver core. */
#define IOW_OPERATION_LIST(X)                                                                                \
    X(PROBE, "probe a driver") /* DMA-API driver about to be probed: use_default_domain() */                 \
    X(PROBE_MANAGED, "probe a managed-DMA driver")                                                           \
    X(PROBE_FAILED, "fail to probe")  /* unuse_default_domain() after a failed probe */                      \
    X(UNBIND, "begin to unbind")      /* the driver's remove() is about to run */                            \
    X(UNBOUND, "unbind")              /* unuse_default_domain() after remove() */                            \
    X(CLAIM_GROUP, "claim the group") /* iommu_group_claim_dma_owner() */                                    \
    X(RELEASE_GROUP, "release the group")                                                                    \
    X(CLAIM_DEVICE, "claim a device") /* iommu_device_claim_dma_owner() */                                   \
    X(RELEASE_DEVICE, "release a device")                                                                    \
    X(ATTACH_GROUP, "attach the group") /* iommu_attach_group() */                                           \
    X(DETACH_GROUP, "detach the group")                                                                      \
    X(ATTACH_DEVICE, "attach a device") /* iommu_attach_device() */                                          \
    X(DETACH_DEVICE, "detach a device")                                                                      \
    X(REPLACE, "replace the domain")  /* iommu_group_replace_domain(), iommu_replace_group_handle() */       \
    X(ATTACH_PASID, "attach a PASID") /* iommu_attach_device_pasid() */                                      \
    X(DETACH_PASID, "detach a PASID")                                                                        \
    X(ADD, "add a member")                 /* iommu_probe_device() */                                        \
    X(REMOVE, "remove a member")           /* iommu_release_device() */                                      \
    X(SET_TYPE, "change the default type") /* iommu_group_store_type() */

enum iow_operation {
#define IOW_OPERATION_ENUM(name, words) IOW_OPERATION_##name,
    IOW_OPERATION_LIST(IOW_OPERATION_ENUM)
#undef IOW_OPERATION_ENUM
    IOW_OPERATION__COUNT
};

/* "inside the kernel", "claim the group"; "?" for a number that is none */
const char *iow_state_words(enum iow_state state);
const char *iow_operation_words(enum iow_operation operation);

/*
 * What kernels do differently: X(name, words). A profile is a set of these.
 */
#define IOW_FEATURE_LIST(X)                                                                                  \
    X(PURE, "no claim and no owner: attaching is the claim")                                                 \
    X(DEVICE_CLAIM, "claims by device, several of one owner")                                                \
    X(PASID, "domains by PASID, and claims and probes look at them")                                         \
    X(REPLACE, "the domain can be replaced")                                                                 \
    X(DEFERS, "a probe waits for the default domain")                                                        \
    X(IDENTITY_ALIKE, "one identity domain passes for another when a driver is probed")                      \
    X(COOKIE_CHECKED, "a claim without an owner is refused")                                                 \
    X(REVERTS, "a claim that fails half-way is undone, a release goes on whatever fails")                    \
    X(OPS_CHECKED, "a domain of another IOMMU's driver is refused")                                          \
    X(JOINS_AS_IS, "a newcomer stays on the domain its group is attached to")                                \
    X(DIRECT_KEPT, "a device whose firmware needs direct mappings is never blocked")                         \
    X(TYPE_BY_COUNT, "the default type may change when nobody is counted, whatever the number of members")

enum iow_feature {
#define IOW_FEATURE_ENUM(name, words) IOW_FEATURE_##name,
    IOW_FEATURE_LIST(IOW_FEATURE_ENUM)
#undef IOW_FEATURE_ENUM
    IOW_FEATURE__COUNT
};

const char *iow_feature_words(enum iow_feature feature);

struct iow_profile {
    const char *name;  /* "pure", "linux-6.1", "linux-6.12" */
    uint16_t release;  /* kernel release as major << 8 | minor; 0: pure */
    uint32_t features; /* bit n: feature n */
};

/* iow_profile_at - all profiles there are; NULL from the first i that is none on. The first is pure. */
const struct iow_profile *iow_profile_at(uint32_t i);

/* iow_profile_find - by name; NULL if there is none */
const struct iow_profile *iow_profile_find(const char *name);

/* iow_profile_of - the profile of a kernel release (0: not known, the newest), or of the nearest known one,
 * the older of two that are equally near; *ret_assumed then says that its answers are assumed. Never NULL.
 * ret_assumed may be NULL. */
const struct iow_profile *iow_profile_of(uint16_t release, bool *ret_assumed);

/* What is asked, by whom, about which group. */
struct iow_event {
    enum iow_operation operation;
    uint32_t tag;                /* who asks: the owner's; 0: the kernel or one of its drivers */
    enum iow_domain_kind domain; /* to attach, to replace by */
    enum iow_domain_type type;   /* SET_TYPE: the one wanted */
    bool outside;                /* the device asked about is in no group; the word is of no meaning then */
    bool asker_counted;          /* the driver that asks is itself bound in the group and counted */
    bool newcomer_counted;       /* ADD: a DMA-API driver is bound to the device already */
    bool any_bound;              /* SET_TYPE: a driver, even a managed-DMA one, is bound to a member */
    bool other_iommu;            /* ATTACH: the domain is of another IOMMU's driver */
    bool not_attached;           /* DETACH_DEVICE: the group is attached to another domain than the asker's */
    bool forced;                 /* SET_TYPE: firmware or the IOMMU's driver wants another type */
    uint32_t members;            /* of the group, before the operation */
};

/* Which members change their domain. */
enum iow_move {
    IOW_MOVE_NONE,
    IOW_MOVE_ALL,              /* every member, in the order they joined, to target */
    IOW_MOVE_NEWCOMER,         /* the device that joins, to what the group is attached to */
    IOW_MOVE_NEWCOMER_DEFAULT, /* the device that joins, to that and then to the default domain */
};

/* What to do when a member cannot be moved. */
enum iow_on_failure {
    IOW_ON_FAILURE_REVERT,     /* move it and those before it back; the word becomes failed */
    IOW_ON_FAILURE_REVERT_ALL, /* move every member back; the word becomes failed */
    IOW_ON_FAILURE_LEAVE,      /* leave all where they are; the word becomes failed */
    IOW_ON_FAILURE_FORCE, /* block that member and go on; the word becomes next, and the caller gets no error */
};

struct iow_transition {
    uint16_t row; /* that answered: iow_transition_row_at() */
    bool warned;  /* the caller broke the contract: Linux prints a warning and does nothing */
    enum iow_move move;
    enum iow_domain_kind target; /* of a move of all */
    enum iow_on_failure failure;
    bool unsaid;     /* a failure is not told the caller (it gets 0), only warned of */
    uint64_t next;   /* the word once all is moved; the word as it was when refused */
    uint64_t failed; /* the word when something could not be moved */
};

/* iow_ownership_state - the state of a group; never IOW_STATE_OUTSIDE */
enum iow_state iow_ownership_state(const struct iow_profile *profile, uint64_t word);

/*
 * iow_transition - what an operation does to a group
 * In:      profile  of the kernel meant
 *          word     of the group, ignored for a device that is outside
 *          event    within the ranges of its enums
 * Out:     ret      also on refusal: the row, next equal to word
 * Errors:  the kernel's own error number, with the rule and what was seen: subject none (a caller that knows
 *          the group or device says so). -IOW_EOPNOTSUPP (IOW-DMA-UNSUPPORTED) where the profile lacks the
 *          operation; -IOW_E2BIG (IOW-DMA-TOO-MANY) where a count would not fit its field
 * Pure:    yes    Cost: a few rows
 */
int iow_transition(const struct iow_profile *profile, uint64_t word, const struct iow_event *event,
    struct iow_transition *ret, struct iow_explain *reterr);

/* A row of the table, for those who print, count or check it. */
struct iow_transition_row {
    enum iow_operation operation;
    uint32_t with, without; /* features a profile must have and must not have */
    uint32_t states;        /* bit n: state n */
    const char *when;       /* further condition in words; "" none */
    int code;               /* 0, or the negative error number */
    enum iow_rule rule;     /* of a refusal or a warning, else IOW_RULE_NONE */
    bool warns;
    const char *effect; /* in words; "" for a refusal */
    const char *source; /* function of drivers/iommu/iommu.c that the row mirrors; "" for pure */
};

/* iow_transition_row_at - false from the first i that is none on */
bool iow_transition_row_at(uint32_t i, struct iow_transition_row *ret);

/* iow_ownership_claimed - is the group in use? Linux: iommu_group_dma_owner_claimed(), true for kernel
 * drivers too; pure: whether anyone owns it. */
bool iow_ownership_claimed(const struct iow_profile *profile, uint64_t word);

#ifdef __cplusplus
}
#endif
#endif
