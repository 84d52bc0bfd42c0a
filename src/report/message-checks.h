/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks that look for the cause of a message: named in message-topics.c, asked by message-answer.c. */
#ifndef IOWARD_REPORT_MESSAGE_CHECKS_H
#define IOWARD_REPORT_MESSAGE_CHECKS_H

#include "report/message.h"
#include "report/rules.h"

/* A message, what it names on this machine, and what was found so far. */
struct iow_message_search {
    const struct iow_view *view;
    const struct iow_message *message;
    struct iow_mem *mem;
    struct iow_message_answer *answer;
    const struct iow_view_function *function; /* the device it names; NULL: none, or not here */
    uint32_t n_groups;                        /* where holders are looked for: one, none, or all */
    const struct iow_view_group *groups;
    const char *device; /* as it is shown, also if it is not here; "the device" if none is named */
    bool failed;        /* memory is exhausted */
};

enum iow_message_weight {
    IOW_CHECK_CAUSE,
    IOW_CHECK_ELSE,   /* a cause if no other was found */
    IOW_CHECK_NOT_SO, /* if no cause was found: it contradicts the message, or says that this cannot be told */
};

struct iow_message_check {
    enum iow_rule rule;
    void (*find)(struct iow_message_search *search, const struct iow_message_check *check);
    const char *wanted; /* NULL: the sentence says it all */
    enum iow_message_weight weight;
};

/* What a check adds: the places of its rule's sentence and what was seen; empty places are filled from the search. */
struct iow_message_found {
    struct iow_rule_places places;
    const char *seen;
    const struct iow_view_function *function;
    const struct iow_view_group *group;
    bool remedy_otherwise;
};

void iow_message_add(struct iow_message_search *search, const struct iow_message_check *check,
    const struct iow_message_found *found);

/* iow_message_shown - escaped, in the arena; NULL for NULL. Sets failed */
const char *iow_message_shown(struct iow_message_search *search, const char *raw);

/* iow_message_list - "a, b and 3 more" of functions; NULL when there is none */
const char *iow_message_list(
    struct iow_message_search *search, const struct iow_view_function *const *list, uint32_t n);

/* iow_message_claimable - the member of a group that one would name to claim it; NULL: none */
const struct iow_view_function *iow_message_claimable(
    const struct iow_message_search *search, const struct iow_view_group *group);

/* message-checks-group.c */
extern const struct iow_message_check iow_check_driver, iow_check_held, iow_check_perhaps, iow_check_pending,
    iow_check_hidden, iow_check_viable, iow_check_free, iow_check_no_node, iow_check_node,
    iow_check_node_access, iow_check_direct, iow_check_no_direct, iow_check_reserved, iow_check_two_spaces,
    iow_check_reset_others;

/* message-checks-device.c */
extern const struct iow_message_check iow_check_not_vfio, iow_check_on_vfio, iow_check_bound,
    iow_check_unbound, iow_check_untried, iow_check_before, iow_check_function, iow_check_no_group,
    iow_check_in_group, iow_check_no_reset, iow_check_reset, iow_check_power, iow_check_powered,
    iow_check_bar, iow_check_bar_display, iow_check_vf_token, iow_check_no_vf_token, iow_check_vfs,
    iow_check_no_vfs, iow_check_bridge, iow_check_endpoint, iow_check_switch, iow_check_no_switch;

/* message-checks-fault.c */
extern const struct iow_message_check iow_check_fault_behind, iow_check_fault_kernel, iow_check_fault_user,
    iow_check_fault_nobody;

/* iow_message_alias - the bridge that puts this address on requests of what is behind it; NULL: none does */
const struct iow_view_function *iow_message_alias(
    const struct iow_view *view, const struct iow_address *address);

/* message-checks-machine.c */
extern const struct iow_message_check iow_check_no_iommu, iow_check_iommu, iow_check_unsafe,
    iow_check_unsafe_allowed, iow_check_no_backend, iow_check_backend, iow_check_no_module, iow_check_module,
    iow_check_no_iommu_mode, iow_check_no_iommu_mode_off, iow_check_memlock, iow_check_mappings,
    iow_check_twice, iow_check_reset_failed, iow_check_denylist, iow_check_in_use, iow_check_iova,
    iow_check_type_bound, iow_check_type_members;

#endif
