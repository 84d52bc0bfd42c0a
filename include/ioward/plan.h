/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Plans: what to do to a machine, as a value, before anything is done.
 *
 * A plan is an ordered list of steps. A step changes one variable of the machine from one value to another:
 *
 *   kind      variable                         a value
 *   load      is a driver there?               "" no, else the driver's name
 *   unbind    a function's driver              "" none, else its name
 *   override  a function's driver_override     "" none, else its text
 *   bind      a function's driver              as for unbind
 *   give      who may open a group's node      "" no node, else "UID:GID:MODE", mode in octal ("0:0:0600")
 *
 * So its precondition is that the variable has the value before, its verification that it has the value
 * after, and its inverse is the step with the two exchanged; load has no inverse, a loaded module stays.
 * Putting a machine back is running the inverses in reverse order. Three things are special:
 *  - load stands in a plan only when no function of the machine has that driver, since the facts do not tell
 *    whether an idle driver is there. Found there already, it is done without doing;
 *  - what a node's access is before the give is known only when the node exists: before is then "", and
 *    the value found at that moment takes its place;
 *  - no step replaces one driver by another: the kernel cannot either.
 *
 * A plan to claim loads vfio-pci; gives every function that has a driver and an override naming another one
 * its own driver's name as override, so that the way back may bind that driver again; takes every driver
 * away that has to go; sets every driver_override; binds; and gives the nodes last. A group is viable for its
 * user only when no member is left to the kernel's DMA API (Linux drivers/iommu/iommu.c
 * iommu_group_claim_dma_owner()). Functions that a vfio driver has already keep it.
 *
 * Pure: facts and a request in, a plan or refusals out.
 */
#ifndef IOWARD_PLAN_H
#define IOWARD_PLAN_H

#include <ioward/agreement.h>
#include <ioward/audit.h>

#ifdef __cplusplus
extern "C" {
#endif

enum iow_step_kind {
    IOW_STEP_LOAD,
    IOW_STEP_UNBIND,
    IOW_STEP_OVERRIDE,
    IOW_STEP_BIND,
    IOW_STEP_GIVE,
    IOW_STEP__COUNT
};

struct iow_step {
    enum iow_step_kind kind;
    uint32_t group;
    struct iow_address function; /* unbind, override, bind */
    uint32_t identity;           /* of the function: vendor << 16 | device; 0: not told */
    const char *before, *after;  /* never NULL */
};

/* iow_step_kind_name - "load", "unbind", "override", "bind", "give" */
const char *iow_step_kind_name(enum iow_step_kind kind);

/* iow_step_kind_parse - the kind of this name, or -IOW_EINVAL */
int iow_step_kind_parse(const char *name);

/* iow_step_has_inverse, iow_step_inverse - what puts the variable back; refers to the same texts */
bool iow_step_has_inverse(const struct iow_step *step);
struct iow_step iow_step_inverse(const struct iow_step *step);

#define IOW_ACCESS_TEXT 48

/* iow_access_format, iow_access_parse - the value of a give: "1000:1000:0600"
 * Errors: -IOW_EINVAL */
const char *iow_access_format(uint32_t uid, uint32_t gid, uint32_t mode, char buf[IOW_ACCESS_TEXT]);
int iow_access_parse(const char *text, uint32_t *ret_uid, uint32_t *ret_gid, uint32_t *ret_mode);

/* What becomes of a member of a group that is claimed. */
enum iow_member_role {
    IOW_MEMBER_ASKED,     /* was named, goes to the user */
    IOW_MEMBER_COMPANION, /* was not named, goes along because it is in the group */
    IOW_MEMBER_STAYS, /* a bridge, or kept by a driver that every owner tolerates and not named: left as it is */
    IOW_MEMBER_FREED, /* a bridge, also to a host or to LPC, whose driver does DMA: loses it, goes to nobody */
    IOW_MEMBER__COUNT
};

/* iow_member_role_name - "asked", "companion", "stays", "freed" */
const char *iow_member_role_name(enum iow_member_role role);

struct iow_plan_member {
    uint32_t function; /* position in the facts */
    uint32_t group;    /* number */
    enum iow_member_role role;
};

/* When Linux would refuse something, though nothing is seen to speak against the plan. */
enum iow_plan_phase {
    IOW_PLAN_DOING,  /* a step */
    IOW_PLAN_USING,  /* after the last step: the user's claim of the group */
    IOW_PLAN_UNDOING /* a step back */
};

struct iow_plan_fault {
    enum iow_plan_phase phase;
    struct iow_step step; /* as it would be done; of a claim only the group is told */
    enum iow_rule cause;  /* IOW_RULE_DMA_...; IOW_RULE_NONE: the steps before it do not lead there */
};

/* A device of another owner that the hardware does not keep apart from one that would go. */
struct iow_plan_reach {
    uint32_t other; /* position */
    bool user;      /* it is another user's; else the kernel's */
    bool indirect;  /* it hangs together with the group by way of others: the breach leads to one of these */
    struct iow_breach breach;
    enum iow_rule cause; /* IOW_RULE_HW_..., why it is in another group */
};

/* Why nothing is done. One for each reason, so that all can be seen at once. */
struct iow_refusal {
    enum iow_rule rule; /* IOW_RULE_USE_..., IOW_RULE_PLAN_... */
    uint32_t group;     /* number; IOW_NONE: about no group */
    uint32_t function;  /* position; IOW_NONE: about the whole group */
    uint32_t use;       /* position among the uses of the facts; IOW_NONE: not about one */
    uint32_t holder;    /* position among the holders; IOW_NONE */
    const char *text;   /* PLAN_OTHER_BUS: the member's name; PLAN_OWNED: the driver; USE_UNKNOWN: a path;
                           USE_HELD: "perhaps" when it cannot be told whether this group is held; else NULL */
    const struct iow_plan_fault *fault; /* PLAN_IMPOSSIBLE; else NULL */
    const struct iow_plan_reach *reach; /* PLAN_REACH; else NULL */
};

/* What would be a reason (PLAN_REACH), but somebody accepted it. */
struct iow_plan_risk {
    struct iow_refusal reason;
    const struct iow_acceptance *acceptance;
};

struct iow_plan {
    uint32_t n_members; /* PCI functions, in order of group and address; also when it is refused */
    const struct iow_plan_member *members;
    uint32_t n_steps; /* 0 when it is refused */
    const struct iow_step *steps;
    uint32_t n_refusals; /* 0: may be run. With steps: they are doubts, see iow_claim_request.looking */
    const struct iow_refusal *refusals;
    uint32_t n_risks;
    const struct iow_plan_risk *risks;
};

struct iow_claim_request {
    uint32_t n;
    const uint32_t *functions; /* positions; a bridge among them is refused, unless its group is in whole */
    uint32_t n_whole;          /* groups that were named as such: their members need no with_group */
    const uint32_t *whole;     /* numbers */
    bool with_group;           /* companions may follow */
    bool
        looking; /* nothing will be done: that its use is not known (USE_UNKNOWN) does not keep the steps back */
    uint32_t uid, gid;           /* to whom the group's node is given, with mode 0600 */
    uint32_t n_claimed;          /* groups that are claimed already */
    const uint32_t *claimed;     /* numbers, ascending */
    const uint32_t *claimed_for; /* of each, whose it is: uid */
    int32_t today;               /* days since 1970-01-01 */
    uint32_t n_acceptances;
    const struct iow_acceptance *acceptances; /* risks that were accepted */
};

/* iow_plan_is_refused - is there nothing to do, or to show, but the reasons? */
static inline bool iow_plan_is_refused(const struct iow_plan *plan)
{
    return plan->n_refusals && !plan->n_steps;
}

/*
 * iow_plan_functions - the functions whose uses a plan for this request looks at: members that would change
 * Out:     ret     positions, ascending. Read their uses (iow_facts_read_uses()) and details
 *                  (iow_facts_read_details()), and the regions of their groups, before iow_plan_claim()
 * Errors:  -IOW_ENOMEM
 */
int iow_plan_functions(const struct iow_analysis *analysis, const struct iow_claim_request *request,
    struct iow_mem *mem, uint32_t **ret, uint32_t *ret_n);

/*
 * iow_plan_claim - take whole groups for a user
 *
 * Refuses, with all reasons, when a member that would change is in use, when its state could not be read
 * completely (fails closed), when no member could go, when companions would follow that were not asked for,
 * when the group has an owner, is claimed, has no IOMMU, has members of another bus under a driver that
 * does DMA, or when the firmware insists on a mapping (reserved region "direct"); and when the isolation set of a
 * member that would go (by what surely happens) has a device of another owner, who is the kernel, or another user than
 * the one who asks. What nobody owns is no reason, nor is a pair of devices for which what iow_audit() would find after
 * the claim was accepted (IOW_RULE_REM_USER_REACHES, IOW_RULE_REM_TWO_USERS of another user's). Of a group that is
 * claimed only that is said, and where a bridge was named nothing of companions. What nothing speaks
 * against is tried before it is returned: its steps, a user's claim, and its steps back in reverse order
 * run through the ownership core (ioward/ownership.h) under the profile of the machine's kernel; what that
 * refuses is a reason, too.
 * Out:     ret     in mem; refers to texts of the facts
 * Errors:  -IOW_ENOMEM
 * Source:  Linux drivers/iommu/iommu.c iommu_group_claim_dma_owner(); drivers/vfio/pci/vfio_pci_core.c
 *          vfio_pci_core_register_device() (no bridges, no PF with VFs); include/linux/pci.h
 *          driver_managed_dma
 */
int iow_plan_claim(const struct iow_analysis *analysis, const struct iow_claim_request *request,
    struct iow_mem *mem, struct iow_plan **ret);

#ifdef __cplusplus
}
#endif
#endif
