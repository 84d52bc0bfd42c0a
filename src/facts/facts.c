/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/facts.h"

#include <stdlib.h>

struct iow_facts *iow_facts_new(enum iow_provenance provenance)
{
    struct iow_facts *facts = calloc(1, sizeof(*facts));

    if (!facts)
        return NULL;
    iow_mem_init_malloc(&facts->mem);
    facts->provenance = provenance;
    facts->machine.kernel = facts->machine.command_line = "";
    return facts;
}

void iow_facts_free(struct iow_facts *facts)
{
    if (!facts)
        return;
    iow_mem_done(&facts->mem);
    free(facts);
}

enum iow_provenance iow_facts_provenance(const struct iow_facts *facts)
{
    return facts->provenance;
}

const struct iow_machine *iow_facts_machine(const struct iow_facts *facts)
{
    return &facts->machine;
}

const struct iow_function *iow_facts_function_at(const struct iow_facts *facts, uint32_t i)
{
    return i < facts->n_functions ? &facts->functions[i] : NULL;
}

const struct iow_group *iow_facts_group_at(const struct iow_facts *facts, uint32_t i)
{
    return i < facts->n_groups ? &facts->groups[i] : NULL;
}

const struct iow_other_member *iow_facts_other_member_at(const struct iow_facts *facts, uint32_t i)
{
    return i < facts->n_other_members ? &facts->other_members[i] : NULL;
}

const struct iow_holder *iow_facts_holder_at(const struct iow_facts *facts, uint32_t i)
{
    return i < facts->n_holders ? &facts->holders[i] : NULL;
}

const struct iow_name *iow_facts_name_at(const struct iow_facts *facts, uint32_t i)
{
    return i < facts->n_names ? &facts->names[i] : NULL;
}

const struct iow_use *iow_facts_use_at(const struct iow_facts *facts, uint32_t i)
{
    return i < facts->n_uses ? &facts->uses[i] : NULL;
}

const struct iow_missing *iow_facts_missing_at(const struct iow_facts *facts, uint32_t i)
{
    return i < facts->n_missing ? &facts->missing[i] : NULL;
}

uint32_t iow_facts_find_function(const struct iow_facts *facts, const struct iow_address *address)
{
    uint32_t low = 0, high = facts->n_functions;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = iow_address_compare(&facts->functions[middle].address, address);

        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return IOW_NONE;
}

uint32_t iow_facts_find_group(const struct iow_facts *facts, uint32_t number)
{
    uint32_t low = 0, high = facts->n_groups;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (facts->groups[middle].number == number)
            return middle;
        if (facts->groups[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return IOW_NONE;
}
