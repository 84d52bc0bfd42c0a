/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every operation on every kind of group, asked by whomever: the table against the naive rule. And what
 * only a broken guard of the arbiter's would change.
 */
#include "machine.h"
#include "naive.h"

/* The numbers that make a difference; the last of each is the most that fits. */
static const uint32_t count_of_drivers[] = {0, 1, 2, IOW_MOST_DRIVERS};
static const uint32_t count_of_claims[] = {0, 1, 2, IOW_MOST_CLAIMS};
static const uint32_t count_of_pasids[] = {0, 1, IOW_MOST_PASIDS};

static uint32_t next_digit(uint32_t *i, uint32_t base)
{
    uint32_t digit = *i % base;

    *i /= base;
    return digit;
}

#define N_GROUPS (IOW_KIND__COUNT * IOW_TYPE__COUNT * 2 * 4 * 4 * 3)

static struct iow_ownership group_at(uint32_t i)
{
    return (struct iow_ownership){
        .kind = (enum iow_domain_kind)next_digit(&i, IOW_KIND__COUNT),
        .type = (enum iow_domain_type)next_digit(&i, IOW_TYPE__COUNT),
        .tag = next_digit(&i, 2) ? 7 : 0,
        .drivers = count_of_drivers[next_digit(&i, 4)],
        .claims = count_of_claims[next_digit(&i, 4)],
        .pasids = count_of_pasids[next_digit(&i, 3)],
    };
}

/*
 * Nothing leads there: pure has no claims; an owner's group is on its default domain only where the default
 * type was changed under it, which Linux 6.12 alone allows.
 */
static bool is_possible(const struct iow_profile *profile, const struct iow_ownership *is)
{
    if (profile->release == 0 && is->claims)
        return false;
    return profile->release == (6 << 8 | 12) || !is->tag || is->kind != IOW_KIND_DEFAULT;
}

/* What an operation looks at beside the group, so that only that is varied: bits. */
enum {
    TAG = 1,
    DOMAIN = 2,
    TYPE = 4,
    MEMBERS = 8,
    ASKER = 16,
    NEWCOMER = 32,
    BOUND = 64,
    OTHER = 128,
    ATTACHED = 256,
    FORCED = 512,
};

static const uint32_t looks_at[IOW_OPERATION__COUNT] = {
    [IOW_OPERATION_PROBE] = TAG | TYPE,
    [IOW_OPERATION_CLAIM_GROUP] = TAG,
    [IOW_OPERATION_CLAIM_DEVICE] = TAG,
    [IOW_OPERATION_ATTACH_GROUP] = TAG | DOMAIN | ASKER | OTHER,
    [IOW_OPERATION_DETACH_GROUP] = TAG,
    [IOW_OPERATION_ATTACH_DEVICE] = TAG | DOMAIN | ASKER | OTHER | MEMBERS,
    [IOW_OPERATION_DETACH_DEVICE] = TAG | ATTACHED | MEMBERS,
    [IOW_OPERATION_REPLACE] = TAG | DOMAIN | OTHER,
    [IOW_OPERATION_ATTACH_PASID] = TAG | OTHER,
    [IOW_OPERATION_DETACH_PASID] = TAG,
    [IOW_OPERATION_ADD] = NEWCOMER,
    [IOW_OPERATION_REMOVE] = MEMBERS,
    [IOW_OPERATION_SET_TYPE] = TYPE | MEMBERS | BOUND | FORCED,
};

/* Question i of an operation; false: there is none. The last digit is whether the device is in no group. */
static bool question_at(enum iow_operation operation, uint32_t i, struct iow_event *ret)
{
    static const uint32_t tags[] = {0, 7, 9};
    uint32_t looks = looks_at[operation];

    *ret = (struct iow_event){.operation = operation};
    ret->tag = tags[next_digit(&i, looks & TAG ? 3 : 1)];
    ret->domain = (enum iow_domain_kind)next_digit(&i, looks & DOMAIN ? IOW_KIND__COUNT : 1);
    ret->type = (enum iow_domain_type)next_digit(&i, looks & TYPE ? IOW_TYPE__COUNT : 1);
    ret->members = next_digit(&i, looks & MEMBERS ? 3 : 1);
    ret->asker_counted = next_digit(&i, looks & ASKER ? 2 : 1);
    ret->newcomer_counted = next_digit(&i, looks & NEWCOMER ? 2 : 1);
    ret->any_bound = next_digit(&i, looks & BOUND ? 2 : 1);
    ret->other_iommu = next_digit(&i, looks & OTHER ? 2 : 1);
    ret->not_attached = next_digit(&i, looks & ATTACHED ? 2 : 1);
    ret->forced = next_digit(&i, looks & FORCED ? 2 : 1);
    ret->outside = next_digit(&i, 2);
    return i == 0;
}

static void same(const char *profile, const struct iow_ownership *is, const struct iow_event *event,
    const char *what, uint64_t said, uint64_t wanted)
{
    if (said == wanted)
        return;
    print_error("%s, %s: %s is %#llx, not %#llx\n", profile, iow_operation_words(event->operation), what,
        (unsigned long long)said, (unsigned long long)wanted);
    print_error("group: kind %d, type %d, tag %u, drivers %u, claims %u, PASIDs %u\n", (int)is->kind,
        (int)is->type, is->tag, is->drivers, is->claims, is->pasids);
    print_error("asked: tag %u, domain %d, type %d, members %u, outside %d, asker %d, newcomer %d, bound %d, "
                "other %d, not attached %d, forced %d\n",
        event->tag, (int)event->domain, (int)event->type, event->members, event->outside,
        event->asker_counted, event->newcomer_counted, event->any_bound, event->other_iommu,
        event->not_attached, event->forced);
    fail();
}

static void ask(
    const struct iow_profile *profile, const struct iow_ownership *is, const struct iow_event *event)
{
    struct naive_answer a =
        profile->release ? naive_linux(profile->release > (6 << 8 | 1), is, event) : naive_pure(is, event);
    struct iow_explain explain = {0};
    struct iow_transition t;
    int code = iow_transition(profile, iow_ownership_pack(is), event, &t, &explain);

#define SAME(what, said, wanted) same(profile->name, is, event, what, (uint64_t)(said), (uint64_t)(wanted))
    SAME("error", -code, -a.code);
    SAME("warning", t.warned, a.warned);
    SAME("next word", t.next, iow_ownership_pack(&a.next));
    SAME("word on failure", t.failed, iow_ownership_pack(&a.failed));
    SAME("move", t.move, a.move);
    SAME("target", t.target, a.target);
    SAME("policy on failure", t.failure, a.failure);
    SAME("silence", t.unsaid, a.unsaid);
    if (code) {
        SAME("rule", explain.rule, a.rule);
        SAME("explained error", -explain.code, -code);
        SAME("evidence", explain.n_evidence, a.shows);
        SAME("what was seen", explain.evidence[0].seen, a.seen);
        SAME("what was wanted", explain.evidence[0].wanted, a.wanted);
    }
    if (t.warned) {
        struct iow_transition_row row;

        assert_true(iow_transition_row_at(t.row, &row));
        SAME("rule of the warning", row.rule, a.rule);
    }
#undef SAME
}

/* Linux asks owner_cnt alone, pure the domain and the drivers. */
static void ask_whether_claimed(const struct iow_profile *profile, const struct iow_ownership *is)
{
    bool counted = is->drivers + is->claims != 0;
    bool claimed = profile->release ? counted : counted || is->tag || is->kind != IOW_KIND_DEFAULT;

    assert_int_equal(iow_ownership_claimed(profile, iow_ownership_pack(is)), claimed);
}

static void a_group_is_claimed_as_the_naive_rule_says(void **state)
{
    const struct iow_profile *profile;

    (void)state;
    for (uint32_t p = 0; (profile = iow_profile_at(p)); p++)
        for (uint32_t g = 0; g < N_GROUPS; g++) {
            struct iow_ownership is = group_at(g);

            if (is_possible(profile, &is))
                ask_whether_claimed(profile, &is);
        }
}

static void ask_all(enum iow_operation operation)
{
    const struct iow_profile *profile;
    struct iow_event event;

    for (uint32_t p = 0; (profile = iow_profile_at(p)); p++)
        for (uint32_t q = 0; question_at(operation, q, &event); q++)
            for (uint32_t g = 0; g < (event.outside ? 1 : N_GROUPS); g++) {
                struct iow_ownership is = group_at(g);

                if (is_possible(profile, &is))
                    ask(profile, &is, &event);
            }
}

static void a_driver_step_is_answered_as_the_naive_rule_does(void **state)
{
    (void)state;
    for (int o = IOW_OPERATION_PROBE; o <= IOW_OPERATION_UNBOUND; o++)
        ask_all((enum iow_operation)o);
}

static void a_claim_or_release_is_answered_as_the_naive_rule_does(void **state)
{
    (void)state;
    for (int o = IOW_OPERATION_CLAIM_GROUP; o <= IOW_OPERATION_RELEASE_DEVICE; o++)
        ask_all((enum iow_operation)o);
}

static void a_change_of_domain_is_answered_as_the_naive_rule_does(void **state)
{
    (void)state;
    for (int o = IOW_OPERATION_ATTACH_GROUP; o <= IOW_OPERATION_DETACH_PASID; o++)
        ask_all((enum iow_operation)o);
}

static void a_change_of_members_is_answered_as_the_naive_rule_does(void **state)
{
    (void)state;
    ask_all(IOW_OPERATION_ADD);
    ask_all(IOW_OPERATION_REMOVE);
}

static void a_change_of_type_is_answered_as_the_naive_rule_does(void **state)
{
    (void)state;
    ask_all(IOW_OPERATION_SET_TYPE);
}

static void a_refusal_and_a_warning_have_no_effect(void **state)
{
    struct iow_transition_row row;

    (void)state;
    for (uint32_t i = 0; iow_transition_row_at(i, &row); i++)
        assert_int_equal(*row.effect == '\0', row.code || row.warns);
}

static void a_row_says_which_features_it_is_not_for(void **state)
{
    struct iow_transition_row row;
    uint32_t without = 0, i = 0;

    (void)state;
    for (; iow_transition_row_at(i, &row); i++)
        without |= row.without;
    assert_true(without & 1u << IOW_FEATURE_PURE);
    assert_true(without & 1u << IOW_FEATURE_DEVICE_CLAIM);
    assert_true(iow_transition_row_at(i - 1, &row));
    assert_int_equal(row.without, 0);
}

static void a_member_that_is_removed_leaves(void **state)
{
    struct iow_event event = {.operation = IOW_OPERATION_REMOVE, .members = 2};
    struct iow_transition t;
    struct iow_transition_row row;

    (void)state;
    assert_int_equal(iow_transition(iow_profile_at(0), 0, &event, &t, NULL), 0);
    assert_true(iow_transition_row_at(t.row, &row));
    assert_string_equal(row.effect, "the member leaves");
}

static void a_bus_asks_from_the_very_release_on_that_has_it(void **state)
{
    (void)state;
    assert_false(iow_bus_checks_ownership("cdx", 6 << 8 | 3));
    assert_true(iow_bus_checks_ownership("cdx", 6 << 8 | 4));
}

static void what_succeeds_explains_nothing(void **state)
{
    struct iow_explain explain = {.code = 1};
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 2);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, &explain), 0);
    assert_int_equal(explain.code, 1);
    assert_int_equal(explain.rule, IOW_RULE_NONE);
}

/* A private domain on 6.1: the newcomer goes to it and then to the default domain, or nowhere. */
static void a_newcomer_that_cannot_follow_goes_no_further(void **state)
{
    struct machine m;
    const struct iow_dma_domain own = {.kind = IOW_KIND_TABLE, .handle = &m};

    (void)state;
    machine_init(&m, "linux-6.1", 1);
    machine_bind(&m, 0, IOW_DRIVER_PRIVATE);
    assert_int_equal(iow_dma_attach_device(&m.device[0], &own, NULL), 0);
    machine_break(&m, 1, IOW_KIND_TABLE);
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), -IOW_EIO);
    machine_mend(&m, 1);
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), 0);
    assert_int_equal(m.on[1].kind, IOW_KIND_DEFAULT);
    assert_int_equal(m.on[1].type, IOW_TYPE_DMA);
}

static void the_blocking_domain_is_its_owners_and_nobody_elses(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    assert_int_equal(m.on[0].kind, IOW_KIND_BLOCKING);
    assert_int_equal(m.on[0].owner, 7);
    assert_false(m.on[0].other_iommu);
    assert_null(m.on[0].handle);
}

static void who_attached_nothing_detaches_nothing(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_detach_device(&m.device[0], 0, NULL), 0);
    assert_note(&m, 0, IOW_OPERATION_DETACH_DEVICE, IOW_RULE_DMA_DETACH_OTHER);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    assert_int_equal(iow_dma_detach_device(&m.device[0], 7, NULL), 0);
    assert_note(&m, 2, IOW_OPERATION_DETACH_DEVICE, IOW_RULE_DMA_DETACH_OTHER);
    machine_init(&m, "pure", 1);
    assert_int_equal(iow_dma_detach_device(&m.device[0], 7, NULL), -IOW_EINVAL);
}

/* The first of three leaves and comes back: it is the last now, and each is moved once. */
static void a_member_that_comes_back_is_the_last(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 3);
    assert_int_equal(iow_dma_remove(&m.device[0], NULL), 0);
    assert_null(m.device[0].next);
    assert_null(m.device[0].previous);
    assert_int_equal(iow_dma_add(&m.group, &m.device[0], NULL), 0);
    assert_ptr_equal(m.group.first, &m.device[1]);
    assert_ptr_equal(m.group.last, &m.device[0]);
    assert_null(m.device[0].next);
    assert_ptr_equal(m.device[0].previous, &m.device[2]);
}

static void a_managed_driver_is_noted_when_it_is_probed(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_probe(&m.device[0], IOW_DRIVER_MANAGED, NULL), 0);
    assert_int_equal(m.n_notes, 1);
    assert_note(&m, 0, IOW_OPERATION_PROBE_MANAGED, IOW_RULE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_driver_step_is_answered_as_the_naive_rule_does),
        cmocka_unit_test(a_claim_or_release_is_answered_as_the_naive_rule_does),
        cmocka_unit_test(a_change_of_domain_is_answered_as_the_naive_rule_does),
        cmocka_unit_test(a_change_of_members_is_answered_as_the_naive_rule_does),
        cmocka_unit_test(a_change_of_type_is_answered_as_the_naive_rule_does),
        cmocka_unit_test(a_group_is_claimed_as_the_naive_rule_says),
        cmocka_unit_test(a_refusal_and_a_warning_have_no_effect),
        cmocka_unit_test(a_row_says_which_features_it_is_not_for),
        cmocka_unit_test(a_member_that_is_removed_leaves),
        cmocka_unit_test(a_bus_asks_from_the_very_release_on_that_has_it),
        cmocka_unit_test(what_succeeds_explains_nothing),
        cmocka_unit_test(a_newcomer_that_cannot_follow_goes_no_further),
        cmocka_unit_test(the_blocking_domain_is_its_owners_and_nobody_elses),
        cmocka_unit_test(who_attached_nothing_detaches_nothing),
        cmocka_unit_test(a_member_that_comes_back_is_the_last),
        cmocka_unit_test(a_managed_driver_is_noted_when_it_is_probed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
