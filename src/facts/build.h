/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Building facts: functions, groups and members are added in any order and finished into sorted arrays.
 *
 * A function names its parent, its physical function and the function it does DMA for by address; finishing
 * turns these into positions. Holders and names refer to positions already, so they are set on facts that are
 * finished.
 */
#ifndef IOWARD_FACTS_BUILD_H
#define IOWARD_FACTS_BUILD_H

#include "facts/facts.h"

struct iow_facts_builder {
    struct iow_facts *facts; /* its arena is for the texts and arrays of records that are added */
    struct iow_list functions, groups, other_members;
};

/* A link by address; not set: the record's own index stays as it is. */
struct iow_link_to {
    bool set;
    struct iow_address address;
};

/* A function being built. Starts with its links at IOW_NONE, but for the parent: IOW_PARENT_BY_BUS; no group.
 */
struct iow_built_function {
    struct iow_function function;
    struct iow_link_to parent, physical_function, real_dma;
};

/* iow_facts_builder_init - Errors: -IOW_ENOMEM. iow_facts_builder_done() is allowed after an error, too */
int iow_facts_builder_init(struct iow_facts_builder *builder, enum iow_provenance provenance);
void iow_facts_builder_done(struct iow_facts_builder *builder);

/*
 * iow_facts_add_function, iow_facts_add_group, iow_facts_add_other_member - one more record to fill in
 * Out:     ret     valid until the next record of the same kind is added
 * Errors:  -IOW_ENOMEM, -IOW_E2BIG (src/base/limits.h)
 */
int iow_facts_add_function(
    struct iow_facts_builder *builder, const struct iow_address *address, struct iow_built_function **ret);
int iow_facts_add_group(struct iow_facts_builder *builder, uint32_t number, struct iow_group **ret);
int iow_facts_add_other_member(
    struct iow_facts_builder *builder, uint32_t group, struct iow_other_member **ret);

/*
 * iow_facts_finish - sort, link, and hand the facts over
 * Out:     ret     a link to a function that was not added is cut (the parent: IOW_PARENT_BY_BUS) and
 *                  recorded as missing (IOW-READ-BAD-VALUE)
 * Errors:  -IOW_EINVAL an address or a group number twice (IOW-TOPO-DUPLICATE); -IOW_ENOMEM
 */
int iow_facts_finish(struct iow_facts_builder *builder, struct iow_facts **ret, struct iow_explain *reterr);

/*
 * iow_facts_complete_groups - adds a record for every group that a function is in and that has none
 *
 * Groups come and go while they are read. Afterwards a function's group is IOW_NONE or the number of a
 * record; what is known of an added one are the functions in it.
 * Errors:  -IOW_ENOMEM
 */
int iow_facts_complete_groups(struct iow_facts *facts);

/* iow_facts_set_holders, iow_facts_set_names - copy, sort and keep. Errors: -IOW_ENOMEM */
int iow_facts_set_holders(struct iow_facts *facts, const struct iow_list *holders);
int iow_facts_set_names(struct iow_facts *facts, const struct iow_list *names);

/* iow_facts_set_uses - copies what is in the list, adds it to the uses there are, sorts, drops repetitions.
 * Errors: -IOW_ENOMEM */
int iow_facts_set_uses(struct iow_facts *facts, const struct iow_list *uses);

#endif
