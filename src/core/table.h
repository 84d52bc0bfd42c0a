/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of transitions: what its rows are made of. The rows are in table.c, what they mean when they are
 * asked in transition.c.
 */
#ifndef IOWARD_CORE_TABLE_H
#define IOWARD_CORE_TABLE_H

#include <ioward/transition.h>

#define IOW_HAS(feature) (1u << IOW_FEATURE_##feature)

/* The features of each profile, as constants: the compiler checks the table against them. */
#define IOW_FEATURES_PURE IOW_HAS(PURE)
#define IOW_FEATURES_6_1 IOW_HAS(IDENTITY_ALIKE)
#define IOW_FEATURES_6_12                                                                                    \
    (IOW_HAS(DEVICE_CLAIM) | IOW_HAS(PASID) | IOW_HAS(REPLACE) | IOW_HAS(DEFERS) | IOW_HAS(COOKIE_CHECKED) | \
        IOW_HAS(REVERTS) | IOW_HAS(OPS_CHECKED) | IOW_HAS(JOINS_AS_IS) | IOW_HAS(DIRECT_KEPT) |              \
        IOW_HAS(TYPE_BY_COUNT))

/* What else must be so for a row to answer: X(name, words). */
#define IOW_CONDITION_LIST(X)                                                                                \
    X(ALWAYS, "")                                                                                            \
    X(NO_TAG, "no owner is named")                                                                           \
    X(OTHER_TAG, "another owner's")                                                                          \
    X(NO_DEFAULT, "there is no default domain")                                                              \
    X(BOTH_IDENTITY, "the domain and the default domain are both identity")                                  \
    X(OFF_DEFAULT, "attached to other than the default domain")                                              \
    X(AWAY, "attached to a page table or identity domain")                                                   \
    X(NOT_ALONE, "the group has other than one member")                                                      \
    X(LAST, "it is the last member")                                                                         \
    X(EMPTY, "the group has no member")                                                                      \
    X(HAS_PASIDS, "a PASID is attached")                                                                     \
    X(NO_PASIDS, "no PASID is attached")                                                                     \
    X(OTHER_DRIVERS, "a driver other than the asker's is counted")                                           \
    X(NOT_A_DRIVER, "who asks is no owner, and no driver that is counted")                                   \
    X(NEWCOMER_IDLE, "the newcomer has no DMA-API driver bound")                                             \
    X(MORE_COUNTED, "more than one is counted")                                                              \
    X(NOT_ATTACHED, "the asker's domain is not attached")                                                    \
    X(OTHER_IOMMU, "the domain is another IOMMU's")                                                          \
    X(NOT_OWN_DOMAIN, "the default or the blocking domain is named")                                         \
    X(IS_DEFAULT, "the default domain is named")                                                             \
    X(BINDS_ANY_NOT_LIVE, "a driver of any kind is bound, and it is not from DMA to DMA-FQ")                 \
    X(LIVE, "from DMA to DMA-FQ")                                                                            \
    X(FORCED, "another type is required")                                                                    \
    X(SAME_TYPE, "it is of that type already")                                                               \
    X(DRIVERS_FULL, "no more drivers can be counted")                                                        \
    X(CLAIMS_FULL, "no more claims can be counted")                                                          \
    X(PASIDS_FULL, "no more PASIDs can be counted")

enum iow_row_condition {
#define CONDITION_ENUM(name, words) IOW_WHEN_##name,
    IOW_CONDITION_LIST(CONDITION_ENUM)
#undef CONDITION_ENUM
};

/* What a row does when it does not refuse: X(name, words). */
#define IOW_EFFECT_LIST(X)                                                                                   \
    X(NOTHING, "nothing changes")                                                                            \
    X(COUNT, "one more driver")                                                                              \
    X(UNCOUNT, "one driver fewer")                                                                           \
    X(BLOCK, "to the blocking domain, the owner's")                                                          \
    X(COUNT_CLAIM, "one more claim")                                                                         \
    X(UNCOUNT_CLAIM, "one claim fewer")                                                                      \
    X(RESTORE, "to the default domain, nobody's, nothing counted")                                           \
    X(DETACH, "to the blocking domain if owned, else to the default domain")                                 \
    X(RETURN, "to the default domain, nobody's")                                                             \
    X(ATTACH, "to the domain given")                                                                         \
    X(ATTACH_AS_OWNER, "to the domain given, its owner's")                                                   \
    X(JOIN, "the newcomer joins the domain of the group")                                                    \
    X(JOIN_COUNTED, "the newcomer joins with its driver counted")                                            \
    X(JOIN_DEFAULT, "the newcomer joins and ends on the default domain")                                     \
    X(LEAVE, "the member leaves")                                                                            \
    X(LEAVE_EMPTY, "the member leaves, and the group starts anew")                                           \
    X(RETYPE, "all to a new default domain")                                                                 \
    X(RETYPE_LIVE, "the default domain changes in place")                                                    \
    X(COUNT_PASID, "one more PASID")                                                                         \
    X(UNCOUNT_PASID, "one PASID fewer")

enum iow_row_effect {
#define EFFECT_ENUM(name, words) IOW_EFFECT_##name,
    IOW_EFFECT_LIST(EFFECT_ENUM)
#undef EFFECT_ENUM
};

/* Which number a refusal shows, and beside it the one it should have been. */
enum iow_row_shown {
    IOW_SHOW_NOTHING,
    IOW_SHOW_DRIVERS,
    IOW_SHOW_CLAIMS,
    IOW_SHOW_TAG,
    IOW_SHOW_KIND,
    IOW_SHOW_MEMBERS,
    IOW_SHOW_PASIDS,
    IOW_SHOW_TYPE,
};

struct iow_row {
    uint8_t condition, effect, shown;
    uint8_t states; /* bit n: state n */
    int16_t code;
    uint16_t rule;
    uint32_t with, without; /* features */
    const char *source;
};

/* The rows of an operation, in order; ret_first is the number of the first in the whole table. The last fits
 * whatever is left. */
const struct iow_row *iow_rows_of(enum iow_operation operation, uint32_t *ret_first);

#endif
