/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/table.h"

/*
 * What a profile must have, and must not have, for a row to be looked at. Features beyond PURE are Linux's,
 * so WITH(one of them) is never true of pure.
 */
#define WITH(feature) (1ull << IOW_FEATURE_##feature)
#define WITHOUT(feature) (1ull << (32 + IOW_FEATURE_##feature))
#define EVERY 0ull
#define PURELY WITH(PURE)
#define LINUX WITHOUT(PURE)
#define FITS(features, filter)                                                                               \
    (((features) & (uint32_t)(filter)) == (uint32_t)(filter) && !((features) & (uint32_t)((filter) >> 32)))

#define OUTSIDE (1u << IOW_STATE_OUTSIDE)
#define FREE (1u << IOW_STATE_FREE)
#define KERNEL (1u << IOW_STATE_KERNEL)
#define PRIVATE (1u << IOW_STATE_PRIVATE)
#define STRAY (1u << IOW_STATE_STRAY)
#define BLOCKED (1u << IOW_STATE_BLOCKED)
#define ATTACHED (1u << IOW_STATE_ATTACHED)
#define LEAKED (1u << IOW_STATE_LEAKED)
#define OWNED (BLOCKED | ATTACHED)
#define ANY ((1u << IOW_STATE__COUNT) - 1)
#define GROUPED (ANY & ~OUTSIDE)
#define COUNTED (KERNEL | PRIVATE | OWNED) /* Linux: owner_cnt > 0 */
#define UNCOUNTED (FREE | STRAY | LEAKED)  /* Linux: owner_cnt == 0 */

/*
 * Answers, as a row spells them. A refusal: error, rule, what to show. A warning: rule; Linux prints it, does
 * nothing and returns nothing.
 */
#define DO(effect) 0, IOW_RULE_NONE, IOW_EFFECT_##effect, IOW_SHOW_NOTHING
#define REFUSE(code, rule, shown) -IOW_##code, IOW_RULE_DMA_##rule, IOW_EFFECT_NOTHING, IOW_SHOW_##shown
#define WARN(rule) 0, IOW_RULE_DMA_##rule, IOW_EFFECT_NOTHING, IOW_SHOW_NOTHING

/*
 * The table, an operation at a time: profiles, states, condition, answer, the kernel's function. The first row
 * that fits answers.
 */
/* One row a line. clang-format would fill them. */
/* clang-format off */
#define PURE_ATTACH(R) \
    R(PURELY,                         GROUPED,                             IS_DEFAULT,         REFUSE(EINVAL, NO_DOMAIN, NOTHING),        "") \
    R(PURELY,                         GROUPED,                             OTHER_IOMMU,        REFUSE(EINVAL, OTHER_IOMMU, NOTHING),      "") \
    R(PURELY,                         GROUPED,                             NOT_A_DRIVER,       REFUSE(EINVAL, ATTACH_BY_NOBODY, NOTHING), "") \
    R(PURELY,                         KERNEL | PRIVATE,                    OTHER_DRIVERS,      REFUSE(EBUSY, ATTACH_DRIVERS, DRIVERS),    "") \
    R(PURELY,                         OWNED,                               OTHER_TAG,          REFUSE(EBUSY, OTHER_OWNER, TAG),           "") \
    R(PURELY,                         STRAY | LEAKED,                      ALWAYS,             REFUSE(EBUSY, ATTACH_AWAY, KIND),          "") \
    R(PURELY,                         FREE | COUNTED,                      ALWAYS,             DO(ATTACH_AS_OWNER),                       "")

#define PURE_DETACH(R) \
    R(PURELY,                         FREE | KERNEL,                       ALWAYS,             REFUSE(EINVAL, NOT_ATTACHED, KIND),        "") \
    R(PURELY,                         GROUPED & ~(FREE | KERNEL),          OTHER_TAG,          REFUSE(EPERM, OTHER_OWNER, TAG),           "") \
    R(PURELY,                         GROUPED & ~(FREE | KERNEL),          HAS_PASIDS,         REFUSE(EBUSY, DETACH_PASIDS, PASIDS),      "") \
    R(PURELY,                         GROUPED & ~(FREE | KERNEL),          ALWAYS,             DO(RETURN),                                "")

#define ROWS_PROBE(R) \
    R(EVERY,                          OUTSIDE,                             ALWAYS,             DO(NOTHING),                               "iommu_device_use_default_domain") \
    R(WITH(DEFERS),                   GROUPED,                             NO_DEFAULT,         REFUSE(EPROBE_DEFER, NO_DEFAULT, TYPE),    "iommu_device_use_default_domain") \
    R(WITH(IDENTITY_ALIKE),           PRIVATE,                             DRIVERS_FULL,       REFUSE(E2BIG, TOO_MANY, DRIVERS),          "") \
    R(WITH(IDENTITY_ALIKE),           PRIVATE,                             BOTH_IDENTITY,      DO(COUNT),                                 "iommu_is_default_domain") \
    R(LINUX,                          OWNED,                               ALWAYS,             REFUSE(EBUSY, PROBE_OWNED, TAG),           "iommu_device_use_default_domain") \
    R(LINUX,                          PRIVATE,                             ALWAYS,             REFUSE(EBUSY, PROBE_PRIVATE, KIND),        "iommu_device_use_default_domain") \
    R(WITH(PASID),                    KERNEL,                              HAS_PASIDS,         REFUSE(EBUSY, PROBE_PASIDS, PASIDS),       "iommu_device_use_default_domain") \
    R(LINUX,                          KERNEL,                              DRIVERS_FULL,       REFUSE(E2BIG, TOO_MANY, DRIVERS),          "") \
    R(LINUX,                          KERNEL | UNCOUNTED,                  ALWAYS,             DO(COUNT),                                 "iommu_device_use_default_domain") \
    R(PURELY,                         OWNED | LEAKED,                      ALWAYS,             REFUSE(EBUSY, PROBE_OWNED, TAG),           "") \
    R(PURELY,                         PRIVATE | STRAY,                     ALWAYS,             REFUSE(EBUSY, PROBE_PRIVATE, KIND),        "") \
    R(PURELY,                         KERNEL,                              DRIVERS_FULL,       REFUSE(E2BIG, TOO_MANY, DRIVERS),          "") \
    R(PURELY,                         FREE | KERNEL,                       ALWAYS,             DO(COUNT),                                 "")

#define ROWS_PROBE_MANAGED(R) \
    R(EVERY,                          ANY,                                 ALWAYS,             DO(NOTHING),                               "pci_dma_configure")

#define ROWS_PROBE_FAILED(R) \
    R(EVERY,                          OUTSIDE,                             ALWAYS,             DO(NOTHING),                               "iommu_device_unuse_default_domain") \
    R(LINUX,                          UNCOUNTED,                           ALWAYS,             WARN(COUNT_LOST),                          "iommu_device_unuse_default_domain") \
    R(WITH(PASID),                    COUNTED,                             HAS_PASIDS,         WARN(COUNT_KEPT),                          "iommu_device_unuse_default_domain") \
    R(LINUX,                          COUNTED,                             ALWAYS,             DO(UNCOUNT),                               "iommu_device_unuse_default_domain") \
    R(PURELY,                         PRIVATE,                             ALWAYS,             REFUSE(EBUSY, DETACH_FIRST, KIND),         "") \
    R(PURELY,                         KERNEL,                              ALWAYS,             DO(UNCOUNT),                               "") \
    R(PURELY,                         UNCOUNTED | OWNED,                   ALWAYS,             WARN(COUNT_LOST),                          "")

#define ROWS_UNBIND(R) \
    R(PURELY,                         PRIVATE,                             ALWAYS,             REFUSE(EBUSY, DETACH_FIRST, KIND),         "") \
    R(PURELY,                         ANY & ~PRIVATE,                      ALWAYS,             DO(NOTHING),                               "") \
    R(LINUX,                          ANY,                                 ALWAYS,             DO(NOTHING),                               "__device_release_driver")

#define ROWS_UNBOUND(R) \
    R(EVERY,                          OUTSIDE,                             ALWAYS,             DO(NOTHING),                               "iommu_device_unuse_default_domain") \
    R(LINUX,                          UNCOUNTED,                           ALWAYS,             WARN(COUNT_LOST),                          "iommu_device_unuse_default_domain") \
    R(WITH(PASID),                    COUNTED,                             HAS_PASIDS,         WARN(COUNT_KEPT),                          "iommu_device_unuse_default_domain") \
    R(LINUX,                          COUNTED,                             ALWAYS,             DO(UNCOUNT),                               "iommu_device_unuse_default_domain") \
    R(PURELY,                         KERNEL,                              ALWAYS,             DO(UNCOUNT),                               "") \
    R(PURELY,                         UNCOUNTED | PRIVATE | OWNED,         ALWAYS,             WARN(COUNT_LOST),                          "")

#define ROWS_CLAIM_GROUP(R) \
    R(PURELY,                         ANY,                                 ALWAYS,             REFUSE(EOPNOTSUPP, UNSUPPORTED, NOTHING),  "") \
    R(LINUX,                          OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "") \
    R(WITH(COOKIE_CHECKED),           GROUPED,                             NO_TAG,             REFUSE(EINVAL, CLAIM_BY_NOBODY, NOTHING),  "iommu_group_claim_dma_owner") \
    R(LINUX,                          KERNEL | PRIVATE,                    ALWAYS,             REFUSE(EPERM, CLAIM_KERNEL, DRIVERS),      "iommu_group_claim_dma_owner") \
    R(LINUX,                          OWNED,                               ALWAYS,             REFUSE(EPERM, CLAIM_OWNED, TAG),           "iommu_group_claim_dma_owner") \
    R(LINUX,                          STRAY | LEAKED,                      OFF_DEFAULT,        REFUSE(EBUSY, CLAIM_AWAY, KIND),           "__iommu_take_dma_ownership") \
    R(WITH(PASID),                    FREE | LEAKED,                       HAS_PASIDS,         REFUSE(EBUSY, CLAIM_PASIDS, PASIDS),       "__iommu_take_dma_ownership") \
    R(LINUX,                          UNCOUNTED,                           ALWAYS,             DO(BLOCK),                                 "__iommu_take_dma_ownership")

#define ROWS_RELEASE_GROUP(R) \
    R(PURELY,                         ANY,                                 ALWAYS,             REFUSE(EOPNOTSUPP, UNSUPPORTED, NOTHING),  "") \
    R(LINUX,                          OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "") \
    R(LINUX,                          GROUPED & ~OWNED,                    ALWAYS,             WARN(RELEASE_UNOWNED),                     "__iommu_release_dma_ownership") \
    R(WITH(PASID),                    OWNED,                               HAS_PASIDS,         WARN(RELEASE_PASIDS),                      "__iommu_release_dma_ownership") \
    R(LINUX,                          OWNED,                               ALWAYS,             DO(RESTORE),                               "__iommu_release_dma_ownership")

#define ROWS_CLAIM_DEVICE(R) \
    R(WITHOUT(DEVICE_CLAIM),          ANY,                                 ALWAYS,             REFUSE(EOPNOTSUPP, UNSUPPORTED, NOTHING),  "") \
    R(WITH(DEVICE_CLAIM),             ANY,                                 NO_TAG,             REFUSE(EINVAL, CLAIM_BY_NOBODY, NOTHING),  "iommu_device_claim_dma_owner") \
    R(WITH(DEVICE_CLAIM),             OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "iommu_device_claim_dma_owner") \
    R(WITH(DEVICE_CLAIM),             KERNEL | PRIVATE,                    ALWAYS,             REFUSE(EPERM, CLAIM_KERNEL, DRIVERS),      "iommu_device_claim_dma_owner") \
    R(WITH(DEVICE_CLAIM),             OWNED,                               OTHER_TAG,          REFUSE(EPERM, CLAIM_OWNED, TAG),           "iommu_device_claim_dma_owner") \
    R(WITH(DEVICE_CLAIM),             OWNED,                               CLAIMS_FULL,        REFUSE(E2BIG, TOO_MANY, CLAIMS),           "") \
    R(WITH(DEVICE_CLAIM),             OWNED,                               ALWAYS,             DO(COUNT_CLAIM),                           "iommu_device_claim_dma_owner") \
    R(WITH(DEVICE_CLAIM),             STRAY | LEAKED,                      OFF_DEFAULT,        REFUSE(EBUSY, CLAIM_AWAY, KIND),           "__iommu_take_dma_ownership") \
    R(WITH(DEVICE_CLAIM),             FREE | LEAKED,                       HAS_PASIDS,         REFUSE(EBUSY, CLAIM_PASIDS, PASIDS),       "__iommu_take_dma_ownership") \
    R(WITH(DEVICE_CLAIM),             UNCOUNTED,                           ALWAYS,             DO(BLOCK),                                 "__iommu_take_dma_ownership")

#define ROWS_RELEASE_DEVICE(R) \
    R(WITHOUT(DEVICE_CLAIM),          ANY,                                 ALWAYS,             REFUSE(EOPNOTSUPP, UNSUPPORTED, NOTHING),  "") \
    R(WITH(DEVICE_CLAIM),             OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "") \
    R(WITH(DEVICE_CLAIM),             COUNTED,                             MORE_COUNTED,       DO(UNCOUNT_CLAIM),                         "iommu_device_release_dma_owner") \
    R(WITH(DEVICE_CLAIM),             GROUPED & ~OWNED,                    ALWAYS,             WARN(RELEASE_UNOWNED),                     "__iommu_release_dma_ownership") \
    R(WITH(DEVICE_CLAIM),             OWNED,                               HAS_PASIDS,         WARN(RELEASE_PASIDS),                      "__iommu_release_dma_ownership") \
    R(WITH(DEVICE_CLAIM),             OWNED,                               ALWAYS,             DO(RESTORE),                               "__iommu_release_dma_ownership")

#define ROWS_ATTACH_GROUP(R) \
    R(EVERY,                          OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "iommu_attach_group") \
    R(LINUX,                          GROUPED,                             NOT_OWN_DOMAIN,     REFUSE(EINVAL, NO_DOMAIN, NOTHING),        "") \
    R(LINUX,                          PRIVATE | STRAY | ATTACHED | LEAKED, AWAY,               REFUSE(EBUSY, ATTACH_AWAY, KIND),          "__iommu_attach_group") \
    R(WITH(OPS_CHECKED),              GROUPED,                             OTHER_IOMMU,        REFUSE(EINVAL, OTHER_IOMMU, NOTHING),      "__iommu_attach_group") \
    R(LINUX,                          GROUPED,                             ALWAYS,             DO(ATTACH),                                "__iommu_attach_group") \
    PURE_ATTACH(R)

#define ROWS_DETACH_GROUP(R) \
    R(EVERY,                          OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "") \
    R(LINUX,                          GROUPED,                             ALWAYS,             DO(DETACH),                                "__iommu_group_set_core_domain") \
    PURE_DETACH(R)

#define ROWS_ATTACH_DEVICE(R) \
    R(EVERY,                          OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "iommu_attach_device") \
    R(EVERY,                          GROUPED,                             NOT_ALONE,          REFUSE(EINVAL, NOT_ALONE, MEMBERS),        "iommu_attach_device") \
    R(LINUX,                          GROUPED,                             NOT_OWN_DOMAIN,     REFUSE(EINVAL, NO_DOMAIN, NOTHING),        "") \
    R(LINUX,                          PRIVATE | STRAY | ATTACHED | LEAKED, AWAY,               REFUSE(EBUSY, ATTACH_AWAY, KIND),          "__iommu_attach_group") \
    R(WITH(OPS_CHECKED),              GROUPED,                             OTHER_IOMMU,        REFUSE(EINVAL, OTHER_IOMMU, NOTHING),      "__iommu_attach_group") \
    R(LINUX,                          GROUPED,                             ALWAYS,             DO(ATTACH),                                "__iommu_attach_group") \
    PURE_ATTACH(R)

#define ROWS_DETACH_DEVICE(R) \
    R(LINUX,                          OUTSIDE,                             ALWAYS,             DO(NOTHING),                               "iommu_detach_device") \
    R(LINUX,                          GROUPED,                             NOT_ATTACHED,       WARN(DETACH_OTHER),                        "iommu_detach_device") \
    R(LINUX,                          GROUPED,                             NOT_ALONE,          WARN(DETACH_NOT_ALONE),                    "iommu_detach_device") \
    R(LINUX,                          GROUPED,                             ALWAYS,             DO(DETACH),                                "__iommu_group_set_core_domain") \
    R(PURELY,                         OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "") \
    PURE_DETACH(R)

#define ROWS_REPLACE(R) \
    R(LINUX | WITHOUT(REPLACE),       ANY,                                 ALWAYS,             REFUSE(EOPNOTSUPP, UNSUPPORTED, NOTHING),  "") \
    R(EVERY,                          OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "") \
    R(WITH(REPLACE),                  GROUPED,                             NOT_OWN_DOMAIN,     REFUSE(EINVAL, NO_DOMAIN, NOTHING),        "") \
    R(WITH(REPLACE),                  GROUPED,                             ALWAYS,             DO(ATTACH),                                "iommu_group_replace_domain") \
    R(PURELY,                         FREE | KERNEL,                       ALWAYS,             REFUSE(EINVAL, NOT_ATTACHED, KIND),        "") \
    R(PURELY,                         GROUPED & ~(FREE | KERNEL),          OTHER_TAG,          REFUSE(EPERM, OTHER_OWNER, TAG),           "") \
    R(PURELY,                         GROUPED & ~(FREE | KERNEL),          IS_DEFAULT,         REFUSE(EINVAL, NO_DOMAIN, NOTHING),        "") \
    R(PURELY,                         GROUPED & ~(FREE | KERNEL),          OTHER_IOMMU,        REFUSE(EINVAL, OTHER_IOMMU, NOTHING),      "") \
    R(PURELY,                         GROUPED & ~(FREE | KERNEL),          ALWAYS,             DO(ATTACH_AS_OWNER),                       "")

#define ROWS_ATTACH_PASID(R) \
    R(LINUX | WITHOUT(PASID),         ANY,                                 ALWAYS,             REFUSE(EOPNOTSUPP, UNSUPPORTED, NOTHING),  "") \
    R(EVERY,                          OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "iommu_attach_device_pasid") \
    R(EVERY,                          GROUPED,                             OTHER_IOMMU,        REFUSE(EINVAL, OTHER_IOMMU, NOTHING),      "iommu_attach_device_pasid") \
    R(PURELY,                         FREE | KERNEL,                       ALWAYS,             REFUSE(EINVAL, NOT_ATTACHED, KIND),        "") \
    R(PURELY,                         GROUPED & ~(FREE | KERNEL),          OTHER_TAG,          REFUSE(EPERM, OTHER_OWNER, TAG),           "") \
    R(EVERY,                          GROUPED,                             PASIDS_FULL,        REFUSE(E2BIG, TOO_MANY, PASIDS),           "") \
    R(EVERY,                          GROUPED,                             ALWAYS,             DO(COUNT_PASID),                           "iommu_attach_device_pasid")

#define ROWS_DETACH_PASID(R) \
    R(LINUX | WITHOUT(PASID),         ANY,                                 ALWAYS,             REFUSE(EOPNOTSUPP, UNSUPPORTED, NOTHING),  "") \
    R(EVERY,                          OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "") \
    R(EVERY,                          GROUPED,                             NO_PASIDS,          REFUSE(EINVAL, NO_PASID, PASIDS),          "") \
    R(PURELY,                         GROUPED,                             OTHER_TAG,          REFUSE(EPERM, OTHER_OWNER, TAG),           "") \
    R(EVERY,                          GROUPED,                             ALWAYS,             DO(UNCOUNT_PASID),                         "iommu_detach_device_pasid")

#define ROWS_ADD(R) \
    R(EVERY,                          OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "") \
    R(LINUX | WITHOUT(JOINS_AS_IS),   PRIVATE | STRAY,                     NO_DEFAULT,         DO(JOIN),                                  "iommu_probe_device") \
    R(LINUX | WITHOUT(JOINS_AS_IS),   PRIVATE | STRAY,                     ALWAYS,             DO(JOIN_DEFAULT),                          "iommu_probe_device") \
    R(LINUX,                          GROUPED,                             ALWAYS,             DO(JOIN),                                  "iommu_group_add_device") \
    R(PURELY,                         GROUPED,                             NEWCOMER_IDLE,      DO(JOIN),                                  "") \
    R(PURELY,                         GROUPED & ~(FREE | KERNEL),          ALWAYS,             REFUSE(EBUSY, NEWCOMER_BOUND, KIND),       "") \
    R(PURELY,                         KERNEL,                              DRIVERS_FULL,       REFUSE(E2BIG, TOO_MANY, DRIVERS),          "") \
    R(PURELY,                         FREE | KERNEL,                       ALWAYS,             DO(JOIN_COUNTED),                          "")

#define ROWS_REMOVE(R) \
    R(EVERY,                          OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "") \
    R(LINUX,                          GROUPED,                             LAST,               DO(LEAVE_EMPTY),                           "iommu_deinit_device") \
    R(EVERY,                          GROUPED,                             ALWAYS,             DO(LEAVE),                                 "iommu_deinit_device")

#define ROWS_SET_TYPE(R) \
    R(EVERY,                          OUTSIDE,                             ALWAYS,             REFUSE(ENODEV, NO_GROUP, NOTHING),         "") \
    R(EVERY,                          GROUPED,                             NO_DEFAULT,         REFUSE(EINVAL, TYPE_NONE, TYPE),           "iommu_group_store_type") \
    R(LINUX | WITHOUT(TYPE_BY_COUNT), GROUPED,                             NOT_ALONE,          REFUSE(EINVAL, TYPE_NOT_ALONE, MEMBERS),   "iommu_change_dev_def_domain") \
    R(WITH(TYPE_BY_COUNT),            GROUPED,                             LIVE,               DO(RETYPE_LIVE),                           "iommu_group_store_type") \
    R(WITH(TYPE_BY_COUNT),            COUNTED,                             ALWAYS,             REFUSE(EPERM, TYPE_IN_USE, DRIVERS),       "iommu_group_store_type") \
    R(WITH(TYPE_BY_COUNT),            UNCOUNTED,                           EMPTY,              REFUSE(EPERM, TYPE_EMPTY, MEMBERS),        "iommu_group_store_type") \
    R(LINUX | WITHOUT(TYPE_BY_COUNT), GROUPED,                             BINDS_ANY_NOT_LIVE, REFUSE(EBUSY, TYPE_BOUND, NOTHING),        "iommu_group_store_type") \
    R(LINUX | WITHOUT(TYPE_BY_COUNT), GROUPED & ~(FREE | KERNEL),          ALWAYS,             REFUSE(EBUSY, TYPE_AWAY, KIND),            "iommu_change_dev_def_domain") \
    R(PURELY,                         GROUPED & ~FREE,                     ALWAYS,             REFUSE(EPERM, TYPE_IN_USE, DRIVERS),       "") \
    R(EVERY,                          GROUPED,                             FORCED,             REFUSE(EINVAL, TYPE_FORCED, TYPE),         "iommu_get_def_domain_type") \
    R(EVERY,                          GROUPED,                             SAME_TYPE,          DO(NOTHING),                               "iommu_setup_default_domain") \
    R(LINUX | WITHOUT(TYPE_BY_COUNT), FREE | KERNEL,                       LIVE,               DO(RETYPE_LIVE),                           "iommu_change_dev_def_domain") \
    R(EVERY,                          GROUPED,                             ALWAYS,             DO(RETYPE),                                "iommu_setup_default_domain")

/* clang-format on */

/* Every operation has an answer in every state, whatever the conditions come to, or this does not compile. */
#define COVERS(filter, states, condition, ...)                                                               \
    | (FITS(PROFILE, filter) && IOW_WHEN_##condition == IOW_WHEN_ALWAYS ? (states) : 0u)
#define COVERED(name, words)                                                                                 \
    _Static_assert((0u ROWS_##name(COVERS)) == ANY, "a state without an answer: " #name);

__attribute__((unused)) static void every_state_has_an_answer(void)
{
    {
        enum {
            PROFILE = IOW_FEATURES_PURE
        };
        IOW_OPERATION_LIST(COVERED)
    }
    {
        enum {
            PROFILE = IOW_FEATURES_6_1
        };
        IOW_OPERATION_LIST(COVERED)
    }
    {
        enum {
            PROFILE = IOW_FEATURES_6_12
        };
        IOW_OPERATION_LIST(COVERED)
    }
}

/* Where the rows of each operation begin in the table, and where they end. */
enum {
#define ONE(...) +1
#define RANGE(name, words) FIRST_##name, LAST_##name = FIRST_##name + (0 ROWS_##name(ONE)) - 1,
    IOW_OPERATION_LIST(RANGE)
#undef RANGE
#undef ONE
    N_ROWS
};

static const struct {
    uint8_t first, last;
} range[] = {
#define RANGE(name, words) {FIRST_##name, LAST_##name},
    IOW_OPERATION_LIST(RANGE)
#undef RANGE
};

_Static_assert(N_ROWS <= UINT8_MAX, "a row's number fits a byte");

_Static_assert(ANY <= UINT8_MAX, "states fit a row");

static const struct iow_row table[] = {
#define ROW(filter, states, condition, code, rule, effect, shown, source)                                    \
    {condition, effect, shown, states, code, rule, (uint32_t)(filter), (uint32_t)((filter) >> 32), source},
#define SPREAD(filter, states, condition, answer, source)                                                    \
    ROW(filter, states, IOW_WHEN_##condition, answer, source)
#define ROWS(name, words) ROWS_##name(SPREAD)
    IOW_OPERATION_LIST(ROWS)
#undef ROWS
#undef SPREAD
#undef ROW
};

const struct iow_row *iow_rows_of(enum iow_operation operation, uint32_t *ret_first)
{
    *ret_first = range[operation].first;
    return &table[range[operation].first];
}

static const char *const condition_words[] = {
#define CONDITION_WORDS(name, words) words,
    IOW_CONDITION_LIST(CONDITION_WORDS)
#undef CONDITION_WORDS
};

static const char *const effect_words[] = {
#define EFFECT_WORDS(name, words) words,
    IOW_EFFECT_LIST(EFFECT_WORDS)
#undef EFFECT_WORDS
};

static enum iow_operation operation_of(uint32_t i)
{
    uint32_t operation = 0;

    while (range[operation].last < i)
        operation++;
    return (enum iow_operation)operation;
}

bool iow_transition_row_at(uint32_t i, struct iow_transition_row *ret)
{
    const struct iow_row *row;

    if (i >= N_ROWS)
        return false;
    row = &table[i];
    *ret = (struct iow_transition_row){
        .operation = operation_of(i),
        .with = row->with,
        .without = row->without,
        .states = row->states,
        .when = condition_words[row->condition],
        .code = row->code,
        .rule = (enum iow_rule)row->rule,
        .warns = !row->code && row->rule != IOW_RULE_NONE,
        .effect = row->rule != IOW_RULE_NONE ? "" : effect_words[row->effect],
        .source = row->source,
    };
    return true;
}
