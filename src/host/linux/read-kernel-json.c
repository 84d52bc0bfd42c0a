/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was seen of a group in the kernel's memory, as JSON. */
#include "host/linux/read-kernel.h"

#include "facts/parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const iow_kernel_domain_word[IOW_KERNEL_DOMAIN__COUNT] = {
    [IOW_KERNEL_DOMAIN_NONE] = "none",
    [IOW_KERNEL_DOMAIN_DEFAULT] = "default",
    [IOW_KERNEL_DOMAIN_BLOCKING] = "blocking",
    [IOW_KERNEL_DOMAIN_OTHER] = "other",
};

const struct iow_kernel_flag iow_kernel_flag[IOW_KERNEL_FLAGS] = {
    {"bound", IOW_RECORD_BOUND, IOW_KERNEL_BOUND},
    {"managed", IOW_RECORD_MANAGED, IOW_KERNEL_MANAGED},
    {"untrusted", IOW_RECORD_UNTRUSTED, IOW_KERNEL_UNTRUSTED},
    {"external", IOW_RECORD_EXTERNAL, IOW_KERNEL_EXTERNAL},
    {"ats", IOW_RECORD_ATS, IOW_KERNEL_ATS},
    {"aliases", IOW_RECORD_ALIASES, IOW_KERNEL_ALIASES},
};

static const char *domain_of(uint32_t flags)
{
    if (!(flags & IOW_RECORD_HAS_DEFAULT))
        return iow_kernel_domain_word[IOW_KERNEL_DOMAIN_NONE];
    if (flags & IOW_RECORD_ON_DEFAULT)
        return iow_kernel_domain_word[IOW_KERNEL_DOMAIN_DEFAULT];
    return iow_kernel_domain_word[flags & IOW_RECORD_ON_BLOCKING ? IOW_KERNEL_DOMAIN_BLOCKING
                                                                 : IOW_KERNEL_DOMAIN_OTHER];
}

static json_object *member_json(const struct iow_member_record *record)
{
    json_object *object = json_object_new_object();
    bool good = iow_answer_put(object, "name", json_object_new_string(record->name));

    for (size_t i = 0; i < IOW_KERNEL_FLAGS; i++)
        good = good && iow_answer_put(object, iow_kernel_flag[i].name,
                           json_object_new_boolean((record->flags & iow_kernel_flag[i].recorded) != 0));
    if (good)
        return object;
    json_object_put(object);
    return NULL;
}

/* The list is followed without the group's lock: what is no address was a member on its way out. */
static bool is_function(const struct iow_member_record *record)
{
    struct iow_address address;

    return record->flags & IOW_RECORD_PCI && !(record->flags & IOW_RECORD_OTHER_GROUP) &&
           iow_parse_address_name(record->name, strlen(record->name), &address) == 0;
}

static json_object *members_json(const struct iow_seen_group *seen)
{
    json_object *list = json_object_new_array();

    for (uint32_t i = 0; list && i < seen->n_members; i++) {
        if (!is_function(&seen->members[i]) || iow_json_append(list, member_json(&seen->members[i])))
            continue;
        json_object_put(list);
        list = NULL;
    }
    return list;
}

static bool same(const struct iow_group_record *a, const struct iow_group_record *b)
{
    return a->time_ns && a->flags == b->flags && a->count == b->count && a->token == b->token;
}

json_object *iow_kernel_json(const struct iow_seen_group *seen)
{
    const struct iow_group_record *record = &seen->again;
    json_object *object = json_object_new_object();
    bool pasids = record->flags & IOW_RECORD_PASIDS, steady = same(&seen->first, record);
    char token[IOW_TOKEN_DIGITS + 1];
    bool good = iow_answer_put(object, "group", json_object_new_int64(seen->number)) &&
                iow_answer_put(object, "count", json_object_new_int64(record->count)) &&
                iow_answer_put(object, "domain", json_object_new_string(domain_of(record->flags))) &&
                iow_answer_put(object, "pasids", json_object_new_boolean(pasids)) &&
                iow_answer_put(object, "steady", json_object_new_boolean(steady)) &&
                iow_answer_put(object, "members", members_json(seen));

    (void)snprintf(token, sizeof(token), "%08" PRIx32, record->token);
    if (good && record->flags & IOW_RECORD_OWNED)
        good = iow_answer_put(object, "owner", json_object_new_string(token));
    if (good)
        return object;
    json_object_put(object);
    return NULL;
}
