/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ownership, kept: the arbiter, for a kernel, a VMM or a simulator.
 *
 * It holds groups and their members, decides every operation by the table of ioward/transition.h, and moves
 * the members between domains through the embedder's hooks. It knows no hardware, no allocation and no
 * operating system: the embedder puts struct iow_dma_group and struct iow_dma_device into objects of its
 * own, as one does with a list node, and hands in a lock.
 *
 * Always true when a group's lock is free:
 *   1. The word says what the members are attached to, and whose they are; the domain beside it is what the
 *      embedder gave, to go back to and to hand to newcomers.
 *   2. An operation that returned an error changed nothing, except where a Linux profile says that the kernel
 *      leaves a mess there (the transition's word `failed`, members where they happen to be).
 *   3. Under the pure profile the invariants of docs/ownership.md hold, whichever move fails at first.
 * Assumed, as Linux assumes it: a member can be moved back to the domain it was on a moment ago, and to the
 * blocking domain. A hook that fails there is told `noted`; a member that cannot go back is blocked, and one
 * that cannot be blocked either is left where it is.
 *
 * Thread: any number of threads, each operation under its group's lock; iow_dma_owner(), iow_dma_claimed()
 * and iow_dma_word() take none. Calls that name a device are for the caller to serialise with each other,
 * as a driver core does by its device lock. Hooks run under the group's lock and must not call
 * back into the same group.
 * Memory: none.
 * Ranges: kinds, types and traits are values of their enums, a type to set is not IOW_TYPE_NONE; tags go to
 * IOW_MOST_TAG (beyond: -IOW_E2BIG, IOW-DMA-TOO-MANY).
 * Errors: those of iow_transition(); of the attach hook as they came (rule IOW-DMA-ATTACH-FAILED);
 * -IOW_EINVAL with IOW-DMA-PHASE for a driver step out of order.
 */
#ifndef IOWARD_OWNERSHIP_H
#define IOWARD_OWNERSHIP_H

#include <ioward/owner.h>
#include <ioward/transition.h>

#ifdef __cplusplus
extern "C" {
#endif

struct iow_arbiter;
struct iow_dma_group;
struct iow_dma_device;

/* A domain to attach, replace by or go back to. */
struct iow_dma_domain {
    enum iow_domain_kind kind;
    uint32_t owner;            /* tag; 0: a kernel driver's */
    enum iow_domain_type type; /* of the default domain (kind IOW_KIND_DEFAULT), else of no meaning */
    bool other_iommu;          /* made by another IOMMU's driver than the group's */
    void *handle;              /* the embedder's; never looked into */
};

/* What a driver is to its device. */
enum iow_dma_phase {
    IOW_PHASE_UNBOUND,
    IOW_PHASE_PROBING,
    IOW_PHASE_BOUND,
    IOW_PHASE_REMOVING,
    IOW_PHASE__COUNT,
};

struct iow_dma_hooks {
    /* Take and leave a group's lock; both NULL: there is one thread only. */
    void (*lock)(void *lock);
    void (*unlock)(void *lock);
    /* Put a member's requests under a domain. Of the kernel's own domains, the default one and a blocking one
     * that nobody gave, the handle is NULL; what is said of owner and type beyond kind and handle is for
     * information. 0 or a negative error number, and then the member stays where it was. */
    int (*attach)(void *ctx, struct iow_dma_device *device, const struct iow_dma_domain *domain);
    /* A member leaves its group, or a newcomer was moved and could not join: quiet its requests. May be
     * NULL. */
    void (*detach)(void *ctx, struct iow_dma_device *device);
    /* PASIDs of a member: attach (a domain) and detach (NULL). The arbiter counts them, which they are the
     * hook knows: it refuses a PASID that is none, that is attached already or that is not attached to what
     * the asker attached. 0 or a negative error number. May be NULL: no PASIDs here (-IOW_EOPNOTSUPP). */
    int (*pasid)(
        void *ctx, struct iow_dma_device *device, uint32_t pasid, const struct iow_dma_domain *domain);
    /* An operation was done, or warned of, or failed at a member (`row` says by which rule; the words say
     * what it changed), or a member could not be moved back (row IOW_NONE). Under the lock; may be NULL. */
    void (*noted)(void *ctx, struct iow_dma_group *group, uint64_t before, uint64_t after, uint32_t row);
};

struct iow_arbiter {
    const struct iow_dma_hooks *hooks;
    const struct iow_profile *profile;
    void *ctx;
};

/* Fields are the arbiter's, under the group's lock; the word is read by anyone, atomically. */
struct iow_dma_group {
    uint64_t word;
    const struct iow_arbiter *arbiter;
    void *lock;
    struct iow_dma_device *first, *last; /* in the order they joined */
    uint32_t n_members;
    struct iow_dma_domain domain; /* attached now; of the kind default while none is */
};

struct iow_dma_device {
    const struct iow_arbiter *arbiter;
    struct iow_dma_group *group; /* NULL: in none */
    struct iow_dma_device *previous, *next;
    enum iow_driver_trait trait; /* of the driver that is bound; IOW_DRIVER_NONE while unbound */
    enum iow_dma_phase phase;
    uint32_t pasids; /* of this device that have a domain of their own */
    bool direct;     /* the embedder's to set before it is added: firmware needs direct mappings of it */
    void *handle;    /* the embedder's to set */
};

/* iow_dma_group_init - an empty group on its default domain; lock goes to the lock hooks as it is */
void iow_dma_group_init(
    struct iow_dma_group *group, const struct iow_arbiter *arbiter, enum iow_domain_type type, void *lock);

/* iow_dma_device_init - a device in no group, without a driver */
void iow_dma_device_init(struct iow_dma_device *device, const struct iow_arbiter *arbiter, void *handle);

/*
 * Membership. A newcomer is moved to the domain of its group. A device leaves its group only unbound
 * (-IOW_EBUSY, IOW-DMA-BOUND), as a driver core unbinds before it removes, and without PASIDs (-IOW_EBUSY,
 * IOW-DMA-PASIDS-LEFT). iow_dma_add: -IOW_EEXIST if it is in a group already. The group's memory may go
 * once it has no member and nobody looks at it.
 */
int iow_dma_add(struct iow_dma_group *group, struct iow_dma_device *device, struct iow_explain *reterr);
int iow_dma_remove(struct iow_dma_device *device, struct iow_explain *reterr);

/*
 * Drivers, in the driver core's steps: probe (before the driver's probe(); may be refused), then bound or
 * probe_failed; later unbind (before its remove()), then unbound (after it). Under the pure profile a driver
 * whose own domain is attached neither fails to probe nor begins to unbind (-IOW_EBUSY,
 * IOW-DMA-DETACH-FIRST): it detaches, and is asked again.
 * The trait is IOW_DRIVER_DMA_API, _MANAGED or _PRIVATE.
 */
int iow_dma_probe(struct iow_dma_device *device, enum iow_driver_trait trait, struct iow_explain *reterr);
int iow_dma_bound(struct iow_dma_device *device, struct iow_explain *reterr);
int iow_dma_probe_failed(struct iow_dma_device *device, struct iow_explain *reterr);
int iow_dma_unbind(struct iow_dma_device *device, struct iow_explain *reterr);
int iow_dma_unbound(struct iow_dma_device *device, struct iow_explain *reterr);

/* DMA claims (Linux profiles). owner: 1 to IOW_MOST_TAG; 0 as Linux treats a claim with no cookie. */
int iow_dma_claim_group(struct iow_dma_group *group, uint32_t owner, struct iow_explain *reterr);
int iow_dma_release_group(struct iow_dma_group *group, struct iow_explain *reterr);
int iow_dma_claim_device(struct iow_dma_device *device, uint32_t owner, struct iow_explain *reterr);
int iow_dma_release_device(struct iow_dma_device *device, struct iow_explain *reterr);

/*
 * Domains. By group, or by a device that must be alone in its group; under the pure profile it need not be to
 * detach, or what was attached before a newcomer came would stay for ever. A domain of owner 0 is a
 * driver's own: then it is the driver of `device` that asks, so that the pure profile takes it by device
 * only. What is detached is what the caller attached: owner is the caller's tag. replace changes one domain
 * of an owner for another without blocking in between. A PASID is attached to the device named; Linux
 * attaches it to every member of the group, which is for the hook to do where it matters.
 */
int iow_dma_attach_group(
    struct iow_dma_group *group, const struct iow_dma_domain *domain, struct iow_explain *reterr);
int iow_dma_detach_group(struct iow_dma_group *group, uint32_t owner, struct iow_explain *reterr);
int iow_dma_attach_device(
    struct iow_dma_device *device, const struct iow_dma_domain *domain, struct iow_explain *reterr);
int iow_dma_detach_device(struct iow_dma_device *device, uint32_t owner, struct iow_explain *reterr);
int iow_dma_replace(
    struct iow_dma_group *group, const struct iow_dma_domain *domain, struct iow_explain *reterr);
int iow_dma_attach_pasid(struct iow_dma_device *device, uint32_t pasid, const struct iow_dma_domain *domain,
    struct iow_explain *reterr);
int iow_dma_detach_pasid(
    struct iow_dma_device *device, uint32_t pasid, uint32_t owner, struct iow_explain *reterr);

/* iow_dma_set_type - the type of the default domain; forced: firmware or the IOMMU's driver wants another
 * than this */
int iow_dma_set_type(
    struct iow_dma_group *group, enum iow_domain_type type, bool forced, struct iow_explain *reterr);

/* Without a lock, from any thread: the word, whose it is, and whether it is in use at all. A group that is
 * off its default domain with nobody counted and no tag answers IOW_OWNER_USER and tag 0: nobody knows
 * whose. Linux gets there when somebody attaches without a claim. */
uint64_t iow_dma_word(const struct iow_dma_group *group);
enum iow_owner iow_dma_owner(const struct iow_dma_group *group, uint32_t *ret_tag);
bool iow_dma_claimed(const struct iow_dma_group *group);

#ifdef __cplusplus
}
#endif
#endif
