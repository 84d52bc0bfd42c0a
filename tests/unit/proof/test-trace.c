/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The violations that are known of Linux, each by its shortest trace, to the letter. */
#include "proof-worlds.h"

#define END UINT32_MAX

/* Who does what to which device; NOBODY: to the group. */
struct wanted_step {
    uint32_t act;
    uint8_t device, owner;
    uint32_t failing;
    int code;
    bool warned;
};

#define NOBODY IOW_PROOF_DEVICES
#define OP(name) IOW_OPERATION_##name

struct known {
    const char *profile;
    uint8_t present, absent;
    uint32_t dropped;
    enum iow_proof_invariant invariant;
    struct wanted_step steps[8];
};

static const struct known claim_half_done = {"linux-6.1", 2, 0, DROP(ATTACH), IOW_PROOF_INVARIANT_RETURNS,
    {{OP(CLAIM_GROUP), NOBODY, 1, 2, -IOW_EIO, false}, {END}}};

static const struct known release_that_fails = {"linux-6.1", 1, 0, DROP(RELEASE), IOW_PROOF_INVARIANT_RETURNS,
    {{OP(CLAIM_GROUP), NOBODY, 1, 0, 0, false}, {OP(RELEASE_GROUP), NOBODY, 1, 1, 0, false}, {END}}};

static const struct known newcomer_into_private = {"linux-6.1", 1, 1, DROP(QUIET) | DROP(PLAIN),
    IOW_PROOF_INVARIANT_ONE_SPACE,
    {{OP(PROBE), 0, 0, 0, 0, false}, {OP(ATTACH_DEVICE), 0, 0, 0, 0, false}, {OP(ADD), 1, 0, 0, 0, false},
        {END}}};

static const struct known private_domain_stays = {"linux-6.12", 1, 1, DROP(QUIET) | DROP(PLAIN),
    IOW_PROOF_INVARIANT_RETURNS,
    {{OP(PROBE), 0, 0, 0, 0, false}, {OP(ATTACH_DEVICE), 0, 0, 0, 0, false}, {OP(ADD), 1, 0, 0, 0, false},
        {OP(DETACH_DEVICE), 0, 0, 0, 0, true}, {OP(PROBE_FAILED), 0, 0, 0, 0, false}, {END}}};

static const struct known claimed_under_a_driver = {"linux-6.12", 0, 1, DROP(EARLY),
    IOW_PROOF_INVARIANT_NO_DRIVER,
    {{IOW_PROOF_ACT_APPEAR, 0, 0, 0, 0, false}, {OP(PROBE), 0, 0, 0, 0, false}, {OP(ADD), 0, 0, 0, 0, false},
        {OP(CLAIM_DEVICE), 0, 1, 0, 0, false}, {END}}};

static const struct known count_taken_from_the_owner = {"linux-6.1", 0, 1, DROP(EARLY),
    IOW_PROOF_INVARIANT_RETURNS,
    {{IOW_PROOF_ACT_APPEAR, 0, 0, 0, 0, false}, {OP(PROBE), 0, 0, 0, 0, false}, {OP(ADD), 0, 0, 0, 0, false},
        {OP(CLAIM_GROUP), NOBODY, 1, 0, 0, false}, {OP(PROBE_FAILED), 0, 0, 0, 0, false},
        {OP(RELEASE_GROUP), NOBODY, 1, 0, 0, true}, {END}}};

static const struct known nameless_claim = {"linux-6.1", 1, 0, DROP(NAMED), IOW_PROOF_INVARIANT_RETURNS,
    {{OP(CLAIM_GROUP), NOBODY, 0, 0, 0, false}, {OP(RELEASE_GROUP), NOBODY, 0, 0, 0, true}, {END}}};

static const struct known claim_forgotten = {"linux-6.12", 1, 0, DROP(ONE_WAY), IOW_PROOF_INVARIANT_NO_DRIVER,
    {{OP(CLAIM_GROUP), NOBODY, 1, 0, 0, false}, {OP(CLAIM_DEVICE), 0, 1, 0, 0, false},
        {OP(RELEASE_GROUP), NOBODY, 1, 0, 0, false}, {OP(PROBE), 0, 0, 0, 0, false}, {END}}};

static void step_is(const struct iow_proof_step *step, const struct wanted_step *wanted)
{
    assert_int_equal(step->act, wanted->act);
    assert_int_equal(step->device, wanted->device);
    assert_int_equal(step->owner, wanted->owner);
    assert_int_equal(step->failing, wanted->failing);
    assert_int_equal(step->code, wanted->code);
    assert_int_equal(step->warned, wanted->warned);
    assert_int_equal(step->rule != IOW_RULE_NONE, wanted->code != 0 || wanted->warned);
}

static void is_found(const struct known *known)
{
    struct iow_proof_world world =
        a_world(known->profile, 1, known->present + known->absent, 1, known->dropped);
    struct iow_proof_result result;
    const struct iow_proof_trace *trace;
    struct iow_mem mem;
    uint32_t n = 0;

    for (uint32_t i = known->present; i < world.n_devices; i++)
        world.devices[i].absent = true;
    for (uint32_t i = 0; i < world.n_devices; i++)
        world.devices[i].drivers = known->dropped & DROP(PLAIN) ? PRIVATE : API;
    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_proof_run(&world, &mem, &result), 0);
    trace = &result.traces[known->invariant];
    for (; known->steps[n].act != END; n++) {
        assert_true(n < trace->n_steps);
        step_is(&trace->steps[n], &known->steps[n]);
    }
    assert_int_equal(trace->n_steps, n);
    assert_int_equal(trace->group, 0);
    iow_mem_done(&mem);
}

static void a_claim_that_fails_half_way_leaves_members_blocked_on_6_1(void **state)
{
    (void)state;
    is_found(&claim_half_done);
}

static void a_release_that_fails_leaves_a_free_group_blocked_on_6_1(void **state)
{
    (void)state;
    is_found(&release_that_fails);
}

static void a_newcomer_of_a_private_domain_ends_on_the_default_domain_on_6_1(void **state)
{
    (void)state;
    is_found(&newcomer_into_private);
}

static void a_private_domain_stays_when_a_device_joined_before_it_was_detached(void **state)
{
    (void)state;
    is_found(&private_domain_stays);
}

static void a_group_is_claimed_under_a_driver_that_was_bound_before_there_was_a_group(void **state)
{
    (void)state;
    is_found(&claimed_under_a_driver);
}

static void a_driver_bound_before_there_was_a_group_takes_the_count_of_an_owner(void **state)
{
    (void)state;
    is_found(&count_taken_from_the_owner);
}

static void a_claim_without_a_name_is_never_released_on_6_1(void **state)
{
    (void)state;
    is_found(&nameless_claim);
}

static void releasing_a_group_forgets_device_claims_of_the_same_owner(void **state)
{
    (void)state;
    is_found(&claim_forgotten);
}

static void a_trace_shows_what_became_of_every_device(void **state)
{
    struct iow_proof_world world = a_world("linux-6.1", 1, 2, 1, DROP(ATTACH));
    struct iow_proof_result result;
    const struct iow_proof_step *step;
    struct iow_mem mem;

    (void)state;
    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_proof_run(&world, &mem, &result), 0);
    step = result.traces[IOW_PROOF_INVARIANT_RETURNS].steps;
    assert_int_equal(step->actor, IOW_PROOF_OWNER);
    assert_int_equal(step->devices[0].space, IOW_PROOF_SPACE_BLOCKING);
    assert_int_equal(step->devices[1].space, IOW_PROOF_SPACE_DEFAULT);
    assert_int_equal(step->moved, 1);
    assert_int_equal(step->rule, IOW_RULE_DMA_ATTACH_FAILED);
    assert_int_equal(iow_ownership_unpack(step->groups[0].word).kind, IOW_KIND_DEFAULT);
    assert_int_equal(step->groups[0].claims, 0);
    iow_mem_done(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_claim_that_fails_half_way_leaves_members_blocked_on_6_1),
        cmocka_unit_test(a_release_that_fails_leaves_a_free_group_blocked_on_6_1),
        cmocka_unit_test(a_newcomer_of_a_private_domain_ends_on_the_default_domain_on_6_1),
        cmocka_unit_test(a_private_domain_stays_when_a_device_joined_before_it_was_detached),
        cmocka_unit_test(a_group_is_claimed_under_a_driver_that_was_bound_before_there_was_a_group),
        cmocka_unit_test(a_driver_bound_before_there_was_a_group_takes_the_count_of_an_owner),
        cmocka_unit_test(a_claim_without_a_name_is_never_released_on_6_1),
        cmocka_unit_test(releasing_a_group_forgets_device_claims_of_the_same_owner),
        cmocka_unit_test(a_trace_shows_what_became_of_every_device),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
