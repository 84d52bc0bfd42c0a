/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/facts.h"

#include <string.h>

#define FIRST_ROOM 16u

/* The old array stays in the arena until the facts are freed; doubling bounds that waste by the final size.
 */
static int make_room(struct iow_facts *facts)
{
    uint32_t room = facts->n_missing < FIRST_ROOM ? FIRST_ROOM : 2 * facts->n_missing;
    struct iow_missing *bigger;

    if (facts->n_missing < facts->missing_room)
        return 0;
    bigger = iow_mem_alloc(&facts->mem, room, sizeof(*bigger));
    if (!bigger)
        return -IOW_ENOMEM;
    if (facts->n_missing)
        memcpy(bigger, facts->missing, facts->n_missing * sizeof(*bigger));
    facts->missing = bigger;
    facts->missing_room = room;
    return 0;
}

int iow_facts_add_missing(
    struct iow_facts *facts, enum iow_rule rule, const struct iow_subject *subject, const char *path)
{
    const char *kept = path ? iow_mem_text(&facts->mem, path, strlen(path)) : NULL;

    if ((path && !kept) || make_room(facts) < 0)
        return -IOW_ENOMEM;
    facts->missing[facts->n_missing++] =
        (struct iow_missing){.rule = rule, .subject = *subject, .path = kept};
    return 0;
}

struct iow_subject iow_subject_function(const struct iow_address *address)
{
    return (struct iow_subject){.kind = IOW_SUBJECT_FUNCTION, .address = *address};
}

struct iow_subject iow_subject_group(uint32_t number)
{
    return (struct iow_subject){.kind = IOW_SUBJECT_GROUP, .number = number};
}

struct iow_subject iow_subject_machine(void)
{
    return (struct iow_subject){.kind = IOW_SUBJECT_MACHINE};
}
