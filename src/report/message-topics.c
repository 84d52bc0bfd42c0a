/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each topic's messages may come from, in the order of asking; and the asking. */
#include "report/message-topics.h"

#include "report/escape.h"
#include "report/message-checks.h"
#include "report/view-words.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

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

/* The device that a message names, or the bridge that its address stands for. */
static const struct iow_view_function *find_function(
    const struct iow_view *view, const struct iow_message_parts *parts)
{
    uint32_t i = parts->has_device ? iow_facts_find_function(view->facts, &parts->device) : IOW_NONE;

    if (i != IOW_NONE)
        return &view->functions[i];
    return parts->has_device && topics[parts->row->topic].alias ? iow_message_alias(view, &parts->device)
                                                                : NULL;
}

static const struct iow_view_group *find_group(
    const struct iow_view *view, const struct iow_message_parts *parts, const struct iow_view_function *v)
{
    if (parts->group != IOW_NONE)
        return iow_view_group_of(view, parts->group);
    return v ? iow_view_group_of(view, v->record->group) : NULL;
}

static const char *device_text(const struct iow_message_search *s, const struct iow_message_parts *parts)
{
    char *text;

    if (s->function)
        return s->function->address;
    if (!parts->has_device)
        return "the device";
    text = iow_mem_alloc(s->mem, IOW_ADDRESS_TEXT, 1);
    return text ? iow_address_format(&parts->device, text) : NULL;
}

static void begin(struct iow_message_search *s)
{
    const struct iow_message_parts *parts = &s->message->parts;

    *s->answer = (struct iow_message_answer){.function = IOW_NONE};
    s->function = find_function(s->view, parts);
    if (s->function)
        s->answer->function = s->function->position;
    s->answer->group = find_group(s->view, parts, s->function);
    s->device = device_text(s, parts);
    s->failed = !s->device;
    s->groups = s->answer->group;
    s->n_groups = s->answer->group ? 1 : 0;
    if (topics[parts->row->topic].anywhere && parts->group == IOW_NONE && !parts->has_device) {
        s->groups = s->view->groups;
        s->n_groups = s->view->n_groups;
    }
}

static void say(struct iow_message_search *s, enum iow_rule rule, const char *name)
{
    const struct iow_message_check check = {.rule = rule, .weight = IOW_CHECK_NOT_SO};
    bool group = rule == IOW_RULE_MSG_NO_SUCH_GROUP || rule == IOW_RULE_MSG_OTHER_GROUP;
    char *number = rule == IOW_RULE_MSG_NO_SUCH_GROUP
                       ? iow_mem_print(s->mem, "%" PRIu32, s->message->parts.group)
                       : NULL;

    s->failed |= rule == IOW_RULE_MSG_NO_SUCH_GROUP && !number;
    iow_message_add(s, &check,
        &(struct iow_message_found){.function = s->function,
            .group = group && s->function ? iow_view_group_of(s->view, s->function->record->group) : NULL,
            .places = {.group = number, .name = name}});
}

/* Does the machine have what the message names, and as it names it? */
static void check_names(struct iow_message_search *s)
{
    const struct iow_message_parts *parts = &s->message->parts;
    char number[16];

    if (parts->has_device && !s->function)
        say(s, IOW_RULE_MSG_NO_FUNCTION, NULL);
    if (parts->group == IOW_NONE)
        return;
    if (!s->answer->group) {
        say(s, IOW_RULE_MSG_NO_SUCH_GROUP, NULL);
    } else if (s->function && s->function->record->group != IOW_NONE &&
               s->function->record->group != parts->group && !topics[parts->row->topic].other_group) {
        (void)snprintf(number, sizeof(number), "%" PRIu32, parts->group);
        say(s, IOW_RULE_MSG_OTHER_GROUP, number);
    }
}

static bool applies(const struct iow_topic_check *check, const struct iow_message_parts *parts)
{
    return check->error == ANY_ERROR || parts->error == 0 || check->error == parts->error;
}

static bool is_named(const struct iow_message_parts *parts)
{
    return parts->has_device || parts->group != IOW_NONE;
}

int iow_message_explain(const struct iow_view *view, const struct iow_message *message, struct iow_mem *mem,
    struct iow_message_answer *ret)
{
    const struct iow_message_parts *parts = &message->parts;
    struct iow_message_search s = {.view = view, .message = message, .mem = mem, .answer = ret};
    uint32_t named;

    begin(&s);
    check_names(&s);
    named = ret->n;
    for (const struct iow_topic_check *c = topics[parts->row->topic].checks; c->check; c++)
        if (applies(c, parts) && (c->check->weight == IOW_CHECK_CAUSE || ret->n == named))
            c->check->find(&s, c->check);
    if (!ret->n)
        say(&s, is_named(parts) ? IOW_RULE_MSG_UNEXPLAINED : IOW_RULE_MSG_NAMELESS, NULL);
    return s.failed ? -IOW_ENOMEM : 0;
}

const char *iow_message_shown(struct iow_message_search *s, const char *raw)
{
    struct iow_text text = {0};
    char *shown;

    if (!raw)
        return NULL;
    iow_escape_text(&text, raw);
    shown = iow_text_take(&text, s->mem);
    s->failed |= !shown;
    return shown;
}

const char *iow_message_list(
    struct iow_message_search *s, const struct iow_view_function *const *list, uint32_t n)
{
    const uint32_t most = 6;
    struct iow_text text = {0};
    char *shown;

    if (!n)
        return NULL;
    for (uint32_t i = 0; i < n && i < most; i++)
        iow_text_print(&text, "%s%s", i == 0 ? "" : i == n - 1 ? " and " : ", ", list[i]->address);
    if (n > most)
        iow_text_print(&text, " and %" PRIu32 " more", n - most);
    shown = iow_text_take(&text, s->mem);
    s->failed |= !shown;
    return shown;
}

const struct iow_view_function *iow_message_claimable(
    const struct iow_message_search *s, const struct iow_view_group *group)
{
    const struct iow_view_function *first = NULL;

    if (s->function && s->function->record->group == group->record->number &&
        !iow_config_is_bridge(&s->function->record->config))
        return s->function;
    for (uint32_t i = 0; i < group->n_members; i++) {
        if (iow_config_is_bridge(&group->members[i]->record->config))
            continue;
        if (iow_driver_is_vfio(group->members[i]->driver))
            return group->members[i];
        first = first ? first : group->members[i];
    }
    return first;
}

/* The places that the check left open. */
static bool fill_places(struct iow_message_search *s, const struct iow_message_found *found,
    const struct iow_view_group *group, struct iow_rule_places *places)
{
    const struct iow_view_function *other = group ? iow_message_claimable(s, group) : NULL;

    *places = found->places;
    if (!places->function)
        places->function = found->function ? found->function->address : s->device;
    if (!places->group && group) {
        places->group = iow_mem_print(s->mem, "%" PRIu32, group->record->number);
        if (!places->group)
            return false;
    }
    if (!places->other)
        places->other = other ? other->address : "DEVICE";
    return true;
}

static const char *filled(
    struct iow_message_search *s, const char *sentence, const struct iow_rule_places *places)
{
    struct iow_text text = {0};
    char *taken;

    iow_rule_fill(&text, sentence, places);
    taken = iow_text_take(&text, s->mem);
    s->failed |= !taken;
    return taken;
}

void iow_message_add(struct iow_message_search *s, const struct iow_message_check *check,
    const struct iow_message_found *found)
{
    const struct iow_rule_words *words = iow_rule_words(check->rule);
    const struct iow_view_group *group = found->group ? found->group : s->answer->group;
    const char *remedy = found->remedy_otherwise ? words->remedy_otherwise : words->remedy;
    struct iow_message_cause *cause;
    struct iow_rule_places places;

    if (s->answer->n == IOW_MESSAGE_CAUSES) {
        s->answer->n_left_out++;
        return;
    }
    if (!fill_places(s, found, group, &places)) {
        s->failed = true;
        return;
    }
    cause = &s->answer->cause[s->answer->n++];
    cause->rule = check->rule;
    cause->now = check->weight != IOW_CHECK_NOT_SO;
    cause->text = filled(s, words->sentence, &places);
    cause->remedy = remedy ? filled(s, remedy, &places) : NULL;
    cause->seen = found->seen;
    cause->wanted = check->wanted;
    cause->function = found->function ? found->function->position : IOW_NONE;
    cause->group = group ? group->record->number : IOW_NONE;
}
