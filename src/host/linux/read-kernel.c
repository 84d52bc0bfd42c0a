/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel's memory says of each group: the answer of the probe "kernel".
 *
 * A live machine is asked where BPF programs are in place (bpf/pin.h), when a reading begins and again when it ends: what
 * is the same both times also held while drivers and holders were read. A capture has the answer stored:
 *
 *   {"schema": "ioward.probe.kernel/1", "complete": true, "groups": [
 *      {"group": 5, "count": 1, "domain": "blocking", "owner": "3f2a9c01", "pasids": false, "steady": true, "members": [
 *         {"name": "0000:01:00.0", "bound": true, "managed": true, "untrusted": false, "external": false,
 *          "ats": false, "aliases": false}]}]}
 *
 * "owner" is a token, and there only for a group that has an owner. "members" are PCI functions.
 */
#include "host/linux/read-kernel.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "facts/parse.h"
#include "host/linux/bpf/pin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBE "probe/kernel.json"
struct iow_kernel_looks {
    struct iow_pin pin;
    struct iow_group_record *first; /* of each group of the facts; time_ns 0: not seen */
    struct iow_member_record members[IOW_RECORD_MEMBERS_OF_ONE]; /* of the group that is looked at */
};

/* --- from the answer to facts --- */

static bool get_bool(json_object *object, const char *key, bool *ret)
{
    json_object *value = iow_json_member(object, key, json_type_boolean);

    *ret = value && json_object_get_boolean(value);
    return value;
}

static bool get_domain(json_object *object, enum iow_kernel_domain *ret)
{
    const char *name = iow_answer_text(object, "domain");

    for (int i = 0; name && i < IOW_KERNEL_DOMAIN__COUNT; i++) {
        *ret = (enum iow_kernel_domain)i;
        if (strcmp(name, iow_kernel_domain_word[i]) == 0)
            return true;
    }
    return false;
}

static bool get_owner(json_object *object, struct iow_kernel_group *ret)
{
    const char *token;
    int end = 0;

    if (!json_object_object_get_ex(object, "owner", NULL))
        return true;
    token = iow_answer_text(object, "owner");
    ret->owned = true;
    return token && strlen(token) == IOW_TOKEN_DIGITS &&
           strspn(token, "0123456789abcdef") == IOW_TOKEN_DIGITS &&
           sscanf(token, "%" SCNx32 "%n", &ret->token, &end) == 1 && end == IOW_TOKEN_DIGITS;
}

/* Members that the facts do not have came or went meanwhile. */
static bool take_member(struct iow_reader *rd, uint32_t group, json_object *object)
{
    const char *name = iow_answer_text(object, "name");
    uint8_t flags = IOW_KERNEL_READ;
    struct iow_address address;
    uint32_t at;
    bool set;

    if (!name || iow_parse_address_name(name, strlen(name), &address) < 0)
        return false;
    for (size_t i = 0; i < IOW_KERNEL_FLAGS; i++) {
        if (!get_bool(object, iow_kernel_flag[i].name, &set))
            return false;
        flags |= set ? iow_kernel_flag[i].kept : 0;
    }
    at = iow_facts_find_function(rd->facts, &address);
    if (at != IOW_NONE && rd->facts->functions[at].group == group)
        rd->facts->functions[at].kernel = flags;
    return true;
}

static bool take_group(struct iow_reader *rd, void *ctx, json_object *item)
{
    json_object *members = iow_json_member(item, "members", json_type_array);
    struct iow_kernel_group read = {0}, *kept;
    uint32_t number, at;

    (void)ctx;
    if (!members || !iow_json_number(item, "group", &number) ||
        !iow_json_number(item, "count", &read.count) || !get_domain(item, &read.domain) ||
        !get_owner(item, &read) || !get_bool(item, "pasids", &read.pasids) ||
        !get_bool(item, "steady", &read.steady))
        return false;
    for (size_t i = 0; i < json_object_array_length(members); i++)
        if (!take_member(rd, number, json_object_array_get_idx(members, i)))
            return false;
    at = iow_facts_find_group(rd->facts, number);
    if (at == IOW_NONE)
        return true;
    kept = iow_mem_alloc(&rd->facts->mem, 1, sizeof(*kept));
    if (!kept) {
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, PROBE);
        return false;
    }
    *kept = read;
    rd->facts->groups[at].kernel = kept;
    return true;
}

static const struct iow_probe probe_kernel = {
    .name = "kernel",
    .list = "groups",
    .most = IOW_MAX_GROUPS,
    .take = take_group,
};

/* --- from the kernel to the answer --- */

static uint32_t look_at_members(struct iow_kernel_looks *looks, const struct iow_seen_group *seen)
{
    uint32_t n = 0;

    while (iow_pin_member(&looks->pin, seen->number, n, &seen->again, &looks->members[n]) &&
           n + 1 < IOW_RECORD_MEMBERS_OF_ONE)
        n++;
    return n;
}

/* False: no memory. A group that cannot be looked at is left out. */
static bool look_again(struct iow_reader *rd, struct iow_kernel_looks *looks, json_object *groups)
{
    for (uint32_t i = 0; i < rd->facts->n_groups; i++) {
        struct iow_seen_group seen = {
            .number = rd->facts->groups[i].number, .first = looks->first[i], .members = looks->members};

        if (iow_pin_look_at_group(&looks->pin, seen.number, &seen.again) < 0)
            continue;
        seen.n_members = look_at_members(looks, &seen);
        if (!iow_json_append(groups, iow_kernel_json(&seen)))
            return false;
    }
    return true;
}

static void take_live(struct iow_reader *rd, struct iow_kernel_looks *looks)
{
    IOW_CLEANUP_FREE char *json = NULL;
    json_object *groups = json_object_new_array();
    bool complete;
    size_t len;
    int r = groups && look_again(rd, looks, groups) ? 0 : -IOW_ENOMEM;

    if (r == 0)
        r = iow_probe_print(&probe_kernel, groups, true, &json, &len);
    json_object_put(groups);
    if (r == 0 && rd->source->ops->record_probe)
        r = rd->source->ops->record_probe(rd->source, probe_kernel.name, json, len);
    if (r < 0)
        iow_reader_fail(rd, r, IOW_RULE_READ_NO_MEMORY, PROBE);
    else
        (void)iow_probe_replay(rd, &probe_kernel, NULL, json, len, &complete);
}

static void free_looks(struct iow_kernel_looks *looks)
{
    iow_pin_close(&looks->pin);
    free(looks->first);
    free(looks);
}

static struct iow_kernel_looks *new_looks(const struct iow_pin *pin, uint32_t n_groups)
{
    struct iow_kernel_looks *looks = calloc(1, sizeof(*looks));
    struct iow_group_record *first = calloc(n_groups ? n_groups : 1, sizeof(*first));

    if (looks && first) {
        *looks = (struct iow_kernel_looks){.pin = *pin, .first = first};
        return looks;
    }
    free(looks);
    free(first);
    return NULL;
}

struct iow_kernel_looks *iow_kernel_look_first(struct iow_reader *rd)
{
    struct iow_kernel_looks *looks;
    struct iow_pin pin;

    if (rd->source->provenance != IOW_FROM_LIVE || iow_pin_open(rd->source->root_fd, &pin) < 0)
        return NULL;
    looks = new_looks(&pin, rd->facts->n_groups);
    if (!looks) {
        iow_pin_close(&pin);
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, PROBE);
        return NULL;
    }
    for (uint32_t i = 0; i < rd->facts->n_groups; i++)
        if (iow_pin_look_at_group(&pin, rd->facts->groups[i].number, &looks->first[i]) < 0)
            looks->first[i].time_ns = 0;
    return looks;
}

void iow_read_kernel(struct iow_reader *rd, struct iow_kernel_looks *looks)
{
    bool complete;

    if (looks && !rd->fatal)
        take_live(rd, looks);
    else if (!rd->fatal && rd->source->provenance != IOW_FROM_LIVE)
        (void)iow_probe_replay_stored(rd, &probe_kernel, NULL, &complete);
    if (looks)
        free_looks(looks);
}
