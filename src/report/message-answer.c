/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A message against the machine: what it names is looked up, then its topic's checks are asked. */
#include "report/escape.h"
#include "report/message-checks.h"
#include "report/message-topics.h"

#include <inttypes.h>
#include <string.h>

/* The device that a message names, or the bridge that its address stands for. */
static const struct iow_view_function *find_function(
    const struct iow_view *view, const struct iow_message_parts *parts)
{
    uint32_t i = parts->has_device ? iow_facts_find_function(view->facts, &parts->device) : IOW_NONE;

    if (i != IOW_NONE)
        return &view->functions[i];
    return parts->has_device && iow_topic_row(parts->row->topic)->alias
               ? iow_message_alias(view, &parts->device)
               : NULL;
}

/* The device's group rather than one that is only a number: that may be of another boot. */
static const struct iow_view_group *find_group(
    const struct iow_view *view, const struct iow_message_parts *parts, const struct iow_view_function *v)
{
    uint32_t number = parts->group;

    if (v && (number == IOW_NONE || !iow_topic_row(parts->row->topic)->other_group) &&
        v->record->group != IOW_NONE)
        number = v->record->group;
    return iow_view_group_of(view, number);
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
    if (iow_topic_row(parts->row->topic)->anywhere && parts->group == IOW_NONE && !parts->has_device) {
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
               s->function->record->group != parts->group && !iow_topic_row(parts->row->topic)->other_group) {
        (void)snprintf(number, sizeof(number), "%" PRIu32, parts->group);
        say(s, IOW_RULE_MSG_OTHER_GROUP, number);
    }
}

static bool applies(const struct iow_topic_check *check, const struct iow_message_parts *parts)
{
    return check->error == 0 || parts->error == 0 || check->error == parts->error;
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
    for (const struct iow_topic_check *c = iow_topic_row(parts->row->topic)->checks; c->check; c++)
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
