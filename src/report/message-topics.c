/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each topic's messages may come from, in the order of asking. */
#include "report/message-topics.h"

#include "report/message-checks.h"

#include <assert.h>
#include <errno.h>

#define ANY_ERROR 0

#define CHECKS(...)                                                                                          \
    (const struct iow_topic_check[])                                                                         \
    {                                                                                                        \
        __VA_ARGS__,                                                                                         \
        {                                                                                                    \
            0                                                                                                \
        }                                                                                                    \
    }
#define WHO_HAS_IT(error)                                                                                    \
    {error, &iow_check_held}, {error, &iow_check_perhaps},                                                   \
    {                                                                                                        \
        error, &iow_check_pending                                                                            \
    }
#define NOBODY_HAS_IT(error)                                                                                 \
    {error, &iow_check_hidden},                                                                              \
    {                                                                                                        \
        error, &iow_check_free                                                                               \
    }

static const struct iow_topic_row topics[] = {
    [IOW_TOPIC_NOT_VIABLE] = {"not-viable", "the kernel said that no user can have the group",
        CHECKS({ANY_ERROR, &iow_check_driver}, WHO_HAS_IT(ANY_ERROR), {ANY_ERROR, &iow_check_hidden},
            {ANY_ERROR, &iow_check_viable}),
        .needs = IOW_MESSAGE_HOLDERS},
    [IOW_TOPIC_OPEN_GROUP] = {"open-group", "the file of the group could not be opened",
        CHECKS({ENOENT, &iow_check_no_node}, {ENODEV, &iow_check_no_node}, {ENOENT, &iow_check_node},
            {ENODEV, &iow_check_node}, {EACCES, &iow_check_node_access}, {EPERM, &iow_check_node_access},
            WHO_HAS_IT(EBUSY), NOBODY_HAS_IT(EBUSY)),
        .needs = IOW_MESSAGE_HOLDERS},
    [IOW_TOPIC_OPEN_CONTAINER] = {"open-container", "VFIO itself could not be opened",
        CHECKS({ENOENT, &iow_check_no_module}, {ENODEV, &iow_check_no_module}, {ENOENT, &iow_check_module},
            {ENODEV, &iow_check_module})},
    [IOW_TOPIC_SET_CONTAINER] = {"set-container", "the kernel refused the group to the program",
        CHECKS({ANY_ERROR, &iow_check_direct}, {EPERM, &iow_check_driver}, WHO_HAS_IT(EPERM),
            WHO_HAS_IT(EBUSY), {EINVAL, &iow_check_no_direct}, NOBODY_HAS_IT(EBUSY),
            {EPERM, &iow_check_hidden}, {EPERM, &iow_check_viable}),
        .needs = IOW_MESSAGE_HOLDERS | IOW_MESSAGE_REGIONS},
    [IOW_TOPIC_SET_IOMMU] = {"set-iommu", "the kernel refused to translate the group's DMA for the program",
        CHECKS({ENODEV, &iow_check_no_backend}, {ANY_ERROR, &iow_check_direct}, {EPERM, &iow_check_unsafe},
            {EPERM, &iow_check_unsafe_allowed}, {ENODEV, &iow_check_backend}),
        .needs = IOW_MESSAGE_REGIONS},
    [IOW_TOPIC_NO_BACKEND] = {"no-backend", "VFIO has nothing that translates DMA",
        CHECKS({ANY_ERROR, &iow_check_no_backend}, {ANY_ERROR, &iow_check_backend})},
    [IOW_TOPIC_NO_VFIO] = {"no-vfio", "VFIO was not found",
        CHECKS({ANY_ERROR, &iow_check_no_module}, {ANY_ERROR, &iow_check_no_backend},
            {ANY_ERROR, &iow_check_module})},
    [IOW_TOPIC_NO_PASSTHROUGH] = {"no-passthrough",
        "nothing was found that devices can be given to users with",
        CHECKS({ANY_ERROR, &iow_check_no_iommu}, {ANY_ERROR, &iow_check_no_module},
            {ANY_ERROR, &iow_check_iommu})},
    [IOW_TOPIC_GET_DEVICE] = {"get-device", "the device could not be opened in its group",
        CHECKS({EACCES, &iow_check_vf_token}, {ENODEV, &iow_check_not_vfio}, {EINVAL, &iow_check_not_vfio},
            WHO_HAS_IT(EBUSY), {EPERM, &iow_check_driver}, WHO_HAS_IT(EPERM),
            {EACCES, &iow_check_no_vf_token}, NOBODY_HAS_IT(EBUSY), {ANY_ERROR, &iow_check_on_vfio}),
        .needs = IOW_MESSAGE_HOLDERS},
    [IOW_TOPIC_NOT_MANAGED] = {"not-managed", "the device was left out, because VFIO does not have it",
        CHECKS({ANY_ERROR, &iow_check_no_iommu}, {ANY_ERROR, &iow_check_no_group},
            {ANY_ERROR, &iow_check_not_vfio}, {ANY_ERROR, &iow_check_on_vfio})},
    [IOW_TOPIC_NOT_USABLE] = {"not-usable", "the device that was asked for could not be used",
        CHECKS({ANY_ERROR, &iow_check_no_iommu}, {ANY_ERROR, &iow_check_no_group},
            {ANY_ERROR, &iow_check_not_vfio}, {ANY_ERROR, &iow_check_before})},
    [IOW_TOPIC_NO_DEVICE] = {"no-device", "there was no such device",
        CHECKS({ANY_ERROR, &iow_check_function})},
    [IOW_TOPIC_NO_GROUP] = {"no-group", "the device was in no IOMMU group",
        CHECKS({ANY_ERROR, &iow_check_no_iommu}, {ANY_ERROR, &iow_check_no_group},
            {ANY_ERROR, &iow_check_in_group})},
    [IOW_TOPIC_BIND] = {"bind", "the driver could not be bound to the device",
        CHECKS({EINVAL, &iow_check_no_iommu}, {EINVAL, &iow_check_no_group}, {EINVAL, &iow_check_bridge},
            {EBUSY, &iow_check_vfs}, WHO_HAS_IT(EBUSY), {ANY_ERROR, &iow_check_bound},
            {ANY_ERROR, &iow_check_unbound}),
        .needs = IOW_MESSAGE_HOLDERS | IOW_MESSAGE_DETAILS},
    [IOW_TOPIC_WRITE] = {"write", "the kernel refused what was written to one of its files",
        CHECKS(WHO_HAS_IT(EBUSY), WHO_HAS_IT(EPERM), {EBUSY, &iow_check_hidden}),
        .needs = IOW_MESSAGE_HOLDERS, .anywhere = true},
    [IOW_TOPIC_ATTACH] = {"attach", "the device was found, and its driver could not be bound",
        CHECKS(WHO_HAS_IT(EBUSY), {ANY_ERROR, &iow_check_untried}, {ANY_ERROR, &iow_check_bound}),
        .needs = IOW_MESSAGE_HOLDERS},
    [IOW_TOPIC_DIRECT] = {"direct",
        "the firmware demands memory of a device of the group, so no user can have it",
        CHECKS({ANY_ERROR, &iow_check_direct}, {ANY_ERROR, &iow_check_no_direct}),
        .needs = IOW_MESSAGE_REGIONS},
    [IOW_TOPIC_INTERRUPTS] = {"interrupts", "a user could have sent any interrupt, so the kernel refused",
        CHECKS({ANY_ERROR, &iow_check_unsafe}, {ANY_ERROR, &iow_check_unsafe_allowed})},
    [IOW_TOPIC_MAP] = {"map", "memory could not be mapped for the program's devices",
        CHECKS({ENOMEM, &iow_check_memlock}, {EINVAL, &iow_check_reserved}, {ENOSPC, &iow_check_mappings}),
        .needs = IOW_MESSAGE_REGIONS},
    [IOW_TOPIC_TWICE] = {"twice", "the program has the device already",
        CHECKS({ANY_ERROR, &iow_check_twice})},
    [IOW_TOPIC_TWO_SPACES] = {"two-spaces", "the group's members were to be in different address spaces",
        CHECKS({ANY_ERROR, &iow_check_two_spaces})},
    [IOW_TOPIC_NO_RESET] = {"no-reset", "the device could not be reset",
        CHECKS({ANY_ERROR, &iow_check_no_reset}, {ANY_ERROR, &iow_check_reset}),
        .needs = IOW_MESSAGE_DETAILS},
    [IOW_TOPIC_RESET_OTHERS] = {"reset-others", "the device could not be reset without others",
        CHECKS({ANY_ERROR, &iow_check_reset_others}), .other_group = true},
    [IOW_TOPIC_RESET_FAILED] = {"reset-failed", "the device did not come back from a reset in time",
        CHECKS({ANY_ERROR, &iow_check_reset_failed}, {ANY_ERROR, &iow_check_power}),
        .needs = IOW_MESSAGE_DETAILS},
    [IOW_TOPIC_POWER] = {"power", "the device did not answer, or would not change its power state",
        CHECKS({ANY_ERROR, &iow_check_power}, {ANY_ERROR, &iow_check_powered}), .needs = IOW_MESSAGE_DETAILS},
    [IOW_TOPIC_FAULT] = {"fault", "the IOMMU stopped a device that used an address not mapped for it",
        CHECKS({ANY_ERROR, &iow_check_fault_behind}, {ANY_ERROR, &iow_check_fault_kernel},
            {ANY_ERROR, &iow_check_fault_user}, {ANY_ERROR, &iow_check_fault_nobody},
            {ANY_ERROR, &iow_check_hidden}),
        .needs = IOW_MESSAGE_HOLDERS, .alias = true},
    [IOW_TOPIC_BAR] = {"bar", "the device's registers could not be had for it alone",
        CHECKS({ANY_ERROR, &iow_check_bar_display}, {ANY_ERROR, &iow_check_bar})},
    [IOW_TOPIC_PENDING] = {"pending", "the device is wanted back, and its user is asked or waited for",
        CHECKS(WHO_HAS_IT(ANY_ERROR), NOBODY_HAS_IT(ANY_ERROR)), .needs = IOW_MESSAGE_HOLDERS},
    [IOW_TOPIC_VF_TOKEN] = {"vf-token", "the token of a virtual function was not the one that is wanted",
        CHECKS({ANY_ERROR, &iow_check_vf_token}, {ANY_ERROR, &iow_check_no_vf_token})},
    [IOW_TOPIC_DENYLIST] = {"denylist", "vfio-pci does not take devices of this kind",
        CHECKS({ANY_ERROR, &iow_check_denylist})},
    [IOW_TOPIC_VFS] = {"vfs", "vfio-pci does not take a device that has virtual functions",
        CHECKS({ANY_ERROR, &iow_check_vfs}, {ANY_ERROR, &iow_check_no_vfs}), .needs = IOW_MESSAGE_DETAILS},
    [IOW_TOPIC_NO_ENDPOINT] = {"no-endpoint", "the device is no endpoint",
        CHECKS({ANY_ERROR, &iow_check_bridge}, {ANY_ERROR, &iow_check_endpoint})},
    [IOW_TOPIC_SWITCH] = {"switch", "a port above the device lets devices reach each other",
        CHECKS({ANY_ERROR, &iow_check_switch}, {ANY_ERROR, &iow_check_no_switch})},
    [IOW_TOPIC_IN_USE] = {"in-use", "the host uses the device", CHECKS({ANY_ERROR, &iow_check_in_use})},
    [IOW_TOPIC_IOVA] = {"iova", "the addresses that the program and its driver would use for DMA do not fit",
        CHECKS({ANY_ERROR, &iow_check_iova})},
    [IOW_TOPIC_NO_IOMMU_MODE] = {"no-iommu-mode", "a device without an IOMMU was given to a user",
        CHECKS({ANY_ERROR, &iow_check_no_iommu_mode}, {ANY_ERROR, &iow_check_no_iommu_mode_off})},
    [IOW_TOPIC_TYPE_BOUND] = {"type-bound", "the type of a group's default domain was not changed",
        CHECKS({ANY_ERROR, &iow_check_type_bound})},
    [IOW_TOPIC_TYPE_MEMBERS] = {"type-members", "the type of a group's default domain was not changed",
        CHECKS({ANY_ERROR, &iow_check_type_members})},
    [IOW_TOPIC_BUSY] = {"busy", "something is in use",
        CHECKS(WHO_HAS_IT(ANY_ERROR), NOBODY_HAS_IT(ANY_ERROR)), .needs = IOW_MESSAGE_HOLDERS,
        .anywhere = true},
};

static_assert(sizeof(topics) / sizeof(topics[0]) == IOW_TOPIC__COUNT, "a topic at the end has no row");

const struct iow_topic_row *iow_topic_row(enum iow_message_topic topic)
{
    return &topics[topic];
}

unsigned iow_message_needs(const struct iow_message_log *log)
{
    unsigned needs = 0;

    for (const struct iow_message *m = log->first; m; m = m->next)
        needs |= topics[m->parts.row->topic].needs;
    return needs;
}
