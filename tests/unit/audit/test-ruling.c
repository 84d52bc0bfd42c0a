/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "audit/ruling.h"

/*
 * Every event in every state under both of Linux's profiles is decided by the core itself; what a kernel that does the
 * same would have shown of it must lead back to the core's row.
 */

static const enum iow_decision_what whats[] = {IOW_DECISION_CLAIM_GROUP, IOW_DECISION_CLAIM_DEVICE,
    IOW_DECISION_RELEASE_GROUP, IOW_DECISION_RELEASE_DEVICE, IOW_DECISION_PROBE, IOW_DECISION_UNBOUND,
    IOW_DECISION_ATTACH_GROUP, IOW_DECISION_DETACH_GROUP, IOW_DECISION_ATTACH_DEVICE,
    IOW_DECISION_DETACH_DEVICE, IOW_DECISION_REPLACE, IOW_DECISION_ATTACH_PASID, IOW_DECISION_DETACH_PASID,
    IOW_DECISION_SET_TYPE};

static const enum iow_operation operations[] = {IOW_OPERATION_CLAIM_GROUP, IOW_OPERATION_CLAIM_DEVICE,
    IOW_OPERATION_RELEASE_GROUP, IOW_OPERATION_RELEASE_DEVICE, IOW_OPERATION_PROBE, IOW_OPERATION_UNBOUND,
    IOW_OPERATION_ATTACH_GROUP, IOW_OPERATION_DETACH_GROUP, IOW_OPERATION_ATTACH_DEVICE,
    IOW_OPERATION_DETACH_DEVICE, IOW_OPERATION_REPLACE, IOW_OPERATION_ATTACH_PASID,
    IOW_OPERATION_DETACH_PASID, IOW_OPERATION_SET_TYPE};

static const uint32_t domains[IOW_KIND__COUNT] = {[IOW_KIND_DEFAULT] = IOW_LOOK_DEFAULT,
    [IOW_KIND_BLOCKING] = IOW_LOOK_BLOCKING,
    [IOW_KIND_TABLE] = IOW_LOOK_OTHER,
    [IOW_KIND_IDENTITY] = IOW_LOOK_OTHER_IDENTITY};

static const uint32_t type_numbers[IOW_TYPE__COUNT] = {[IOW_TYPE_DMA] = IOW_LOOK_TYPE_DMA,
    [IOW_TYPE_DMA_FQ] = IOW_LOOK_TYPE_DMA_FQ,
    [IOW_TYPE_IDENTITY] = IOW_LOOK_TYPE_IDENTITY};

static const char *const type_texts[IOW_TYPE__COUNT] = {
    [IOW_TYPE_DMA] = "DMA\n", [IOW_TYPE_DMA_FQ] = "DMA-FQ", [IOW_TYPE_IDENTITY] = "identity\n"};

#define TOKEN(tag) ((tag)*0x1000u + 7)

static struct iow_group_look look_of(uint64_t word, uint32_t members)
{
    struct iow_ownership is = iow_ownership_unpack(word);

    return (struct iow_group_look){.flags = IOW_LOOK_SEEN | (is.tag ? IOW_LOOK_OWNED : 0) |
                                            (is.type != IOW_TYPE_NONE ? IOW_LOOK_HAS_DEFAULT : 0) |
                                            (is.pasids ? IOW_LOOK_PASIDS : 0),
        .count = is.claims + is.drivers,
        .token = is.tag ? TOKEN(is.tag) : 0,
        .domain = domains[is.kind],
        .default_type = type_numbers[is.type],
        .members = members};
}

/* What is seen of an event, with everything that can be. */
static struct iow_decision decision_of(
    unsigned i, const struct iow_event *event, uint64_t before, uint64_t after, int result)
{
    struct iow_decision d = {.what = whats[i],
        .result = result,
        .flags = IOW_DECISION_NAMES | IOW_DECISION_OTHER_SEEN | IOW_DECISION_BOUND_SEEN,
        .domain = domains[event->domain]};

    if (event->outside)
        d.flags |= IOW_DECISION_OUTSIDE;
    else {
        d.before = look_of(before, event->members);
        d.after = look_of(after, event->members);
    }
    if (event->tag) {
        d.flags |= IOW_DECISION_COOKIE;
        d.asker = TOKEN(event->tag);
    }
    d.flags |= event->other_iommu ? IOW_DECISION_OTHER_IOMMU : 0;
    d.flags |= event->not_attached ? IOW_DECISION_OTHER_DOMAIN : 0;
    d.flags |= event->any_bound ? IOW_DECISION_BOUND : 0;
    if (type_texts[event->type])
        memcpy(d.wanted, type_texts[event->type], strlen(type_texts[event->type]) + 1);
    return d;
}

static bool has_rule(const struct iow_ruling *ruling, enum iow_rule rule)
{
    for (uint32_t i = 0; i < ruling->n_rules; i++)
        if (ruling->rules[i] == rule)
            return true;
    return false;
}

static bool visited[256];

/* A type that the firmware forbids is never seen to be, so that a refusal for it, or instead of it, has two reasons. */
static bool may_be_ambiguous(unsigned i, int code)
{
    return whats[i] == IOW_DECISION_SET_TYPE && code == -IOW_EINVAL;
}

static void check(const struct iow_profile *profile, unsigned i, const struct iow_event *event, uint64_t word)
{
    struct iow_transition_row row;
    struct iow_transition t;
    struct iow_ruling ruling;
    struct iow_decision d;
    int code = iow_transition(profile, word, event, &t, NULL);

    assert_true(iow_transition_row_at(t.row, &row));
    if (row.rule == IOW_RULE_DMA_UNSUPPORTED || row.rule == IOW_RULE_DMA_TOO_MANY)
        return; /* this kernel has no such function to look at; a count that it does not have */
    visited[t.row] = true;
    d = decision_of(i, event, word, t.next, code);
    iow_ruling_of(profile, &d, &ruling);
    assert_int_equal(ruling.operation, operations[i]);
    assert_false(ruling.changed);
    if (row.rule == IOW_RULE_NONE) {
        assert_int_equal(ruling.reading, IOW_READING_DONE);
        return;
    }
    assert_true(has_rule(&ruling, row.rule));
    if (!may_be_ambiguous(i, code)) {
        assert_int_equal(ruling.reading, IOW_READING_REASON);
        assert_int_equal(ruling.n_rules, 1);
    }
}

static void all_events(const struct iow_profile *profile, unsigned i, uint64_t word)
{
    struct iow_event event = {.operation = operations[i]};
    bool claims = whats[i] == IOW_DECISION_CLAIM_GROUP || whats[i] == IOW_DECISION_CLAIM_DEVICE;

    for (unsigned bits = 0; bits < 32; bits++)
        for (event.tag = 0; event.tag <= (claims ? 2 : 0); event.tag++)
            for (event.domain = 0; event.domain < IOW_KIND__COUNT; event.domain++)
                for (event.type = IOW_TYPE_DMA; event.type < IOW_TYPE__COUNT; event.type++) {
                    event.outside = bits & 1;
                    event.any_bound = bits & 2;
                    event.other_iommu = bits & 4;
                    event.not_attached = bits & 8;
                    event.forced = bits & 16;
                    for (event.members = 0; event.members < 3; event.members++)
                        check(profile, i, &event, word);
                }
}

static void all_states(const struct iow_profile *profile, unsigned i)
{
    struct iow_ownership is = {0};

    for (is.kind = 0; is.kind < IOW_KIND__COUNT; is.kind++)
        for (is.type = 0; is.type < IOW_TYPE__COUNT; is.type++)
            for (is.pasids = 0; is.pasids < 2; is.pasids++)
                for (is.tag = 0; is.tag < 2; is.tag++)
                    for (uint32_t count = 0; count < 3; count++) {
                        is.claims = is.tag ? count : 0;
                        is.drivers = is.tag ? 0 : count;
                        all_events(profile, i, iow_ownership_pack(&is));
                    }
}

static bool is_watched(enum iow_operation operation)
{
    for (unsigned i = 0; i < COUNT(operations); i++)
        if (operations[i] == operation)
            return true;
    return false;
}

static void each_row_is_found_again(void **state)
{
    struct iow_transition_row row;

    (void)state;
    for (uint32_t p = 1; iow_profile_at(p); p++)
        for (unsigned i = 0; i < COUNT(whats); i++)
            all_states(iow_profile_at(p), i);
    for (uint32_t i = 0; iow_transition_row_at(i, &row); i++) {
        bool pure = row.with & 1u << IOW_FEATURE_PURE;
        bool none = row.rule == IOW_RULE_DMA_UNSUPPORTED || row.rule == IOW_RULE_DMA_TOO_MANY;

        if (is_watched(row.operation) && !pure && !none && !visited[i])
            fail_msg("row %u (%s, %s) was never asked", i, iow_operation_words(row.operation), row.when);
    }
}

/* --- what is no plain case --- */

#define FREE                                                                                                 \
    {                                                                                                        \
        .flags = IOW_LOOK_SEEN | IOW_LOOK_HAS_DEFAULT, .default_type = IOW_LOOK_TYPE_DMA, .members = 1       \
    }
#define KERNEL                                                                                               \
    {                                                                                                        \
        .flags = IOW_LOOK_SEEN | IOW_LOOK_HAS_DEFAULT, .default_type = IOW_LOOK_TYPE_DMA, .members = 1,      \
        .count = 1                                                                                           \
    }
#define KERNELS                                                                                              \
    {                                                                                                        \
        .flags = IOW_LOOK_SEEN | IOW_LOOK_HAS_DEFAULT, .default_type = IOW_LOOK_TYPE_DMA, .members = 1,      \
        .count = 2                                                                                           \
    }
#define OWNED                                                                                                \
    {                                                                                                        \
        .flags = IOW_LOOK_SEEN | IOW_LOOK_HAS_DEFAULT | IOW_LOOK_OWNED, .default_type = IOW_LOOK_TYPE_DMA,   \
        .members = 1, .count = 1, .token = 99, .domain = IOW_LOOK_BLOCKING                                   \
    }

struct special {
    const char *name;
    const char *profile;
    struct iow_decision decision;
    enum iow_reading reading;
    uint32_t n_rules;
    enum iow_rule rules[3];
    bool changed, perhaps_earlier;
};

#define CLAIM .what = IOW_DECISION_CLAIM_GROUP, .flags = IOW_DECISION_COOKIE | IOW_DECISION_NAMES, .asker = 5

static const struct special specials[] = {
    {"released by a driver and claimed by another meanwhile: both would have refused", "linux-6.12",
        {CLAIM, .result = -IOW_EPERM, .before = KERNEL, .after = OWNED}, IOW_READING_AMBIGUOUS, 2,
        {IOW_RULE_DMA_CLAIM_KERNEL, IOW_RULE_DMA_CLAIM_OWNED}, .changed = true},
    {"free by now: what was there refused, or it came too late for that and failed", "linux-6.12",
        {CLAIM, .result = -IOW_EPERM, .before = KERNEL, .after = FREE}, IOW_READING_AMBIGUOUS, 2,
        {IOW_RULE_DMA_CLAIM_KERNEL, IOW_RULE_DMA_ATTACH_FAILED}, .changed = true},
    {"another driver came: it is the same reason", "linux-6.12",
        {CLAIM, .result = -IOW_EPERM, .before = KERNEL, .after = KERNELS}, IOW_READING_REASON, 1,
        {IOW_RULE_DMA_CLAIM_KERNEL}, .changed = true},
    {"free before and after, so it was let through", "linux-6.1",
        {CLAIM, .result = -IOW_EPERM, .before = FREE, .after = FREE}, IOW_READING_REASON, 1,
        {IOW_RULE_DMA_ATTACH_FAILED}},
    {"an error that no row has", "linux-6.12",
        {CLAIM, .result = -IOW_EINTR, .before = KERNEL, .after = KERNEL}, IOW_READING_NONE},
    {"memory ran out behind the table", "linux-6.12",
        {CLAIM, .result = -IOW_ENOMEM, .before = FREE, .after = FREE}, IOW_READING_NONE},
    {"the IOMMU's driver, or the firmware", "linux-6.12",
        {CLAIM, .result = -IOW_EINVAL, .before = FREE, .after = FREE}, IOW_READING_AMBIGUOUS, 2,
        {IOW_RULE_DMA_ATTACH_FAILED, IOW_RULE_DMA_DIRECT}},
    {"the older kernel asks no firmware", "linux-6.1",
        {CLAIM, .result = -IOW_EINVAL, .before = FREE, .after = FREE}, IOW_READING_REASON, 1,
        {IOW_RULE_DMA_ATTACH_FAILED}},
    {"how it was before is not seen", "linux-6.12", {CLAIM, .result = -IOW_EPERM, .after = OWNED},
        IOW_READING_REASON, 1, {IOW_RULE_DMA_CLAIM_OWNED}},
    {"nothing is seen", "linux-6.12", {CLAIM, .result = -IOW_EPERM}, IOW_READING_NONE},
    {"claimed, and taken by a driver's unbinding meanwhile", "linux-6.12",
        {CLAIM, .before = KERNEL, .after = OWNED}, IOW_READING_NONE, .changed = true},
    {"let through, and another driver came", "linux-6.12",
        {.what = IOW_DECISION_PROBE, .before = FREE, .after = OWNED}, IOW_READING_DONE, .changed = true},
    {"a text that is no type", "linux-6.1",
        {.what = IOW_DECISION_SET_TYPE,
            .flags = IOW_DECISION_NAMES | IOW_DECISION_BOUND_SEEN,
            .result = -IOW_EINVAL,
            .before = KERNEL,
            .after = KERNEL,
            .wanted = "odd\n"},
        IOW_READING_NONE},
    {"a text that is not seen", "linux-6.12",
        {.what = IOW_DECISION_SET_TYPE, .result = -IOW_EINVAL, .before = FREE, .after = FREE},
        IOW_READING_AMBIGUOUS, 2, {IOW_RULE_DMA_ATTACH_FAILED, IOW_RULE_DMA_TYPE_FORCED},
        .perhaps_earlier = true},
    {"a type that is not seen does not matter", "linux-6.12",
        {.what = IOW_DECISION_SET_TYPE, .result = -IOW_EPERM, .before = KERNEL, .after = KERNEL},
        IOW_READING_REASON, 1, {IOW_RULE_DMA_TYPE_IN_USE}},
    {"whatever automatic is", "linux-6.12",
        {.what = IOW_DECISION_SET_TYPE,
            .flags = IOW_DECISION_NAMES,
            .wanted = "auto\n",
            .before = FREE,
            .after = FREE},
        IOW_READING_DONE},
    {"whose domain it is, is not seen", "linux-6.12",
        {.what = IOW_DECISION_ATTACH_GROUP,
            .domain = IOW_LOOK_OTHER,
            .result = -IOW_EINVAL,
            .before = FREE,
            .after = FREE},
        IOW_READING_AMBIGUOUS, 2, {IOW_RULE_DMA_ATTACH_FAILED, IOW_RULE_DMA_OTHER_IOMMU}},
    {"it is the group's own IOMMU's", "linux-6.12",
        {.what = IOW_DECISION_ATTACH_HANDLE,
            .flags = IOW_DECISION_OTHER_SEEN,
            .domain = IOW_LOOK_OTHER,
            .result = -IOW_EINVAL,
            .before = FREE,
            .after = FREE},
        IOW_READING_REASON, 1, {IOW_RULE_DMA_ATTACH_FAILED}},
    {"released by nobody, or so it seems: the group is another now", "linux-6.12",
        {.what = IOW_DECISION_RELEASE_GROUP, .flags = IOW_DECISION_NO_RESULT, .before = FREE, .after = OWNED},
        IOW_READING_NONE, .changed = true},
    {"a member that joins is seen at one moment", "linux-6.12",
        {.what = IOW_DECISION_JOIN, .flags = IOW_DECISION_NO_RESULT, .after = OWNED}, IOW_READING_DONE},
    {"one that could not", "linux-6.12", {.what = IOW_DECISION_NO_JOIN, .result = -IOW_EBUSY},
        IOW_READING_NONE},
    {"a device in no group", "linux-6.12", {.what = IOW_DECISION_PROBE, .flags = IOW_DECISION_OUTSIDE},
        IOW_READING_DONE},
    {"ownership does not reset", "linux-6.12", {.what = IOW_DECISION_RESET_BUS, .result = -IOW_EINVAL},
        IOW_READING_BESIDE},
    {"a number that is no decision", "linux-6.12", {.what = 1000, .result = -IOW_EINVAL}, IOW_READING_BESIDE},
};

static void what_is_no_plain_case_is_not_made_one(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT(specials); i++) {
        const struct special *s = &specials[i];
        struct iow_ruling ruling;

        iow_ruling_of(iow_profile_find(s->profile), &s->decision, &ruling);
        if (ruling.reading != s->reading || ruling.n_rules != s->n_rules || ruling.changed != s->changed ||
            ruling.perhaps_earlier != s->perhaps_earlier)
            fail_msg("%s: %s, %u rules (%s), changed %d", s->name, iow_reading_name(ruling.reading),
                ruling.n_rules, iow_rule_id(ruling.rules[0]), ruling.changed);
        for (uint32_t k = 0; k < s->n_rules; k++)
            if (!has_rule(&ruling, s->rules[k]))
                fail_msg("%s: no %s", s->name, iow_rule_id(s->rules[k]));
    }
}

static void numbers_have_names(void **state)
{
    (void)state;
    assert_string_equal(iow_reading_name(IOW_READING_AMBIGUOUS), "ambiguous");
    assert_string_equal(iow_reading_name(IOW_READING__COUNT), "?");
    assert_string_equal(iow_decision_function(IOW_DECISION_PROBE), "iommu_device_use_default_domain");
    assert_string_equal(iow_decision_function(IOW_DECISION__COUNT), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_is_found_again),
        cmocka_unit_test(what_is_no_plain_case_is_not_made_one),
        cmocka_unit_test(numbers_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
