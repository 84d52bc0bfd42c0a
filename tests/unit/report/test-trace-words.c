/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proof-stage.h"

static const char *const addresses[] = {"0000:01:00.0", "0000:01:00.1", "0000:01:00.2"};
static const struct iow_trace_names named = {COUNT(addresses), 1, addresses};
static const struct iow_trace_names pair = {2, 1, addresses}, alone = {1, 1, addresses};
static const struct iow_trace_names unnamed = {.n_devices = 2, .n_groups = 2};

static void tells(const struct iow_proof_trace *trace, enum iow_proof_invariant invariant,
    const struct iow_trace_names *names, const char *wanted)
{
    struct iow_text text = {0};

    iow_trace_text(&text, trace, invariant, names);
    assert_false(text.failed);
    assert_string_equal(text.data, wanted);
    iow_text_done(&text);
}

static void a_claim_that_fails_half_way_is_told(void **state)
{
    const struct iow_proof_trace trace = proof_stage_half_claimed();

    (void)state;
    tells(&trace, IOW_PROOF_INVARIANT_RETURNS, &pair,
        "1. owner 1 claims the group; this fails, because 0000:01:00.1 cannot be moved, and 0000:01:00.0 is "
        "left on the blocking domain\n"
        "Then nobody has the group, and no driver that uses the DMA API is in it, while 0000:01:00.1 is on "
        "the "
        "default domain, 0000:01:00.0 is on the blocking domain\n");
    tells(&trace, IOW_PROOF_INVARIANT_ONE_SPACE, &unnamed,
        "1. owner 1 claims group 1; this fails, because device 2 cannot be moved, and device 1 is left on "
        "the "
        "blocking domain\n"
        "Then device 2 is on the default domain, device 1 is on the blocking domain\n");
}

static void a_driver_that_came_before_its_group_is_told(void **state)
{
    const struct iow_proof_trace trace = proof_stage_late_group();

    (void)state;
    tells(&trace, IOW_PROOF_INVARIANT_NO_DRIVER, &alone,
        "1. 0000:01:00.0 appears, and is in no group yet\n"
        "2. a driver that uses the DMA API is probed on 0000:01:00.0, and nobody is asked, because it is in "
        "no "
        "group\n"
        "3. 0000:01:00.0 joins the group, on the default domain\n"
        "4. owner 1 claims the group: 0000:01:00.0 goes to the blocking domain\n"
        "Then owner 1 has the group, and a driver that uses the DMA API is on 0000:01:00.0, while "
        "0000:01:00.0 "
        "is on the blocking domain\n");
}

static void the_word_is_told_where_it_is_wrong(void **state)
{
    const struct iow_proof_trace trace = proof_stage_late_group();
    struct iow_text text = {0};

    (void)state;
    iow_trace_end_text(&text, &trace, IOW_PROOF_INVARIANT_DERIVED, &alone);
    says(text.data,
        "the word of the group says \"user, owner 1, on the blocking domain, 0 drivers and 1 claim "
        "counted\", and owner 1 has the group, and ");
    iow_text_done(&text);
}

static void check_step(const struct iow_proof_step *step, const char *wanted)
{
    struct iow_proof_step copy = *step;
    const struct iow_proof_trace trace = {.n_steps = 1, .steps = &copy};
    struct iow_text text = {0};

    iow_trace_step_text(&text, &trace, 0, &named);
    assert_string_equal(text.data, wanted);
    iow_text_done(&text);
}

#define CORE(what, ...)                                                                                      \
    {                                                                                                        \
        .actor = IOW_PROOF_DRIVER_CORE, .act = (what), __VA_ARGS__                                           \
    }
#define DRIVER(what, ...)                                                                                    \
    {                                                                                                        \
        .actor = IOW_PROOF_DRIVER, .act = (what), __VA_ARGS__                                                \
    }
#define OWNER(what, ...)                                                                                     \
    {                                                                                                        \
        .actor = IOW_PROOF_OWNER, .act = (what), .owner = 1, __VA_ARGS__                                     \
    }
#define BUS(what, ...)                                                                                       \
    {                                                                                                        \
        .actor = IOW_PROOF_BUS, .act = (what), __VA_ARGS__                                                   \
    }
#define D0 "0000:01:00.0"

static void every_step_is_a_sentence(void **state)
{
    static const struct {
        struct iow_proof_step step;
        const char *wanted;
    } cases[] = {
        {CORE(IOW_OPERATION_PROBE, .trait = IOW_DRIVER_DMA_API),
            "a driver that uses the DMA API is probed on " D0},
        {CORE(IOW_OPERATION_PROBE, .trait = IOW_DRIVER_PRIVATE),
            "a driver that attaches a domain of its own is probed on " D0},
        {CORE(IOW_OPERATION_PROBE_MANAGED, .trait = IOW_DRIVER_MANAGED),
            "a managed-DMA driver is probed on " D0},
        {CORE(IOW_OPERATION_PROBE_FAILED, .trait = 0), "the probe of the driver on " D0 " fails"},
        {CORE(IOW_PROOF_ACT_BOUND, .trait = 0), "the driver is bound to " D0},
        {CORE(IOW_OPERATION_UNBIND, .trait = 0), "the driver begins to let go of " D0},
        {CORE(IOW_OPERATION_UNBOUND, .trait = 0), D0 " is unbound"},
        {CORE(IOW_OPERATION_UNBOUND, .warned = true, .rule = IOW_RULE_DMA_COUNT_LOST),
            D0 " is unbound: a driver that was not counted lets go of the group, so a warning is printed and "
               "the "
               "count is left alone (IOW-DMA-COUNT-LOST)"},
        {CORE(IOW_OPERATION_PROBE, .trait = IOW_DRIVER_DMA_API, .code = -IOW_EBUSY,
             .rule = IOW_RULE_DMA_PROBE_OWNED),
            "a driver that uses the DMA API is probed on " D0
            "; this is refused: no driver that uses the kernel's "
            "DMA API can be bound in a group that a user owns (IOW-DMA-PROBE-OWNED)"},
        {DRIVER(IOW_OPERATION_ATTACH_DEVICE, .moved = 1, .devices = {{.space = IOW_PROOF_SPACE_PRIVATE}}),
            "the driver of " D0 " attaches a domain of its own: " D0 " goes to the driver's own domain"},
        {DRIVER(IOW_OPERATION_DETACH_DEVICE, .moved = 0), "the driver of " D0 " detaches its own domain"},
        {DRIVER(IOW_OPERATION_ATTACH_PASID, .moved = 0),
            "the driver of " D0 " attaches a domain to a PASID of it"},
        {DRIVER(IOW_OPERATION_DETACH_PASID, .moved = 0), "the driver of " D0 " detaches its PASID"},
        {OWNER(
             IOW_OPERATION_CLAIM_GROUP, .device = WHOLE, .moved = 7, .devices = {BLOCKED, BLOCKED, BLOCKED}),
            "owner 1 claims the group: every member goes to the blocking domain"},
        {OWNER(IOW_OPERATION_CLAIM_DEVICE, .moved = 3, .devices = {BLOCKED, BLOCKED, AT_DEFAULT}),
            "owner 1 claims " D0 ": " D0 " and 0000:01:00.1 go to the blocking domain"},
        {{.actor = IOW_PROOF_OWNER, .act = IOW_OPERATION_CLAIM_GROUP, .device = WHOLE},
            "somebody without a name claims the group"},
        {OWNER(
             IOW_OPERATION_RELEASE_GROUP, .device = WHOLE, .failing = 6, .moved = 1, .devices = {AT_DEFAULT}),
            "owner 1 releases the group: " D0
            " goes to the default domain; 0000:01:00.1 and 0000:01:00.2 cannot "
            "be moved, and nobody is told"},
        {OWNER(IOW_OPERATION_RELEASE_DEVICE, .moved = 0), "owner 1 releases " D0},
        {OWNER(IOW_OPERATION_ATTACH_GROUP, .device = WHOLE, .moved = 7,
             .devices = {{.space = IOW_PROOF_SPACE_OWNER1}, {.space = IOW_PROOF_SPACE_OWNER1}, BLOCKED}),
            "owner 1 attaches a page table to the group: 0000:01:00.2 goes to the blocking domain, " D0
            " and 0000:01:00.1 go to owner 1's page table"},
        {OWNER(IOW_OPERATION_ATTACH_DEVICE, .code = -IOW_EIO, .failing = 1),
            "owner 1 attaches a page table to " D0 "; this fails, because " D0
            " cannot be moved, and all is as "
            "before"},
        {OWNER(IOW_OPERATION_DETACH_GROUP, .device = WHOLE),
            "owner 1 detaches what is attached to the group"},
        {OWNER(IOW_OPERATION_DETACH_DEVICE, .moved = 0), "owner 1 detaches what is attached to " D0},
        {OWNER(IOW_OPERATION_REPLACE, .device = WHOLE),
            "owner 1 puts another page table in the place of that of the group"},
        {OWNER(IOW_OPERATION_ATTACH_PASID, .moved = 0), "owner 1 attaches a page table to a PASID of " D0},
        {OWNER(IOW_OPERATION_DETACH_PASID, .moved = 0), "owner 1 detaches the PASID of " D0},
        {BUS(IOW_OPERATION_REMOVE, .moved = 0), D0 " leaves the group"},
        {BUS(IOW_OPERATION_ADD, .devices = {BLOCKED}), D0 " joins the group, on the blocking domain"},
        {{.actor = IOW_PROOF_ADMIN,
             .act = IOW_OPERATION_SET_TYPE,
             .type = IOW_TYPE_IDENTITY,
             .device = WHOLE},
            "the type of the default domain of the group is to become identity"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        check_step(&cases[i].step, cases[i].wanted);
}

static void several_owners_are_told(void **state)
{
    struct iow_proof_step step = {
        .devices = {{.space = IOW_PROOF_SPACE_OWNER1, .claims = 2}, {.space = IOW_PROOF_SPACE_OWNER3},
            {.space = IOW_PROOF_SPACE_BLOCKING, .pasid = IOW_PROOF_SPACE_OWNER2}}};
    const struct iow_proof_trace trace = {.n_steps = 1, .steps = &step};
    struct iow_text text = {0};

    (void)state;
    iow_trace_end_text(&text, &trace, IOW_PROOF_INVARIANT_NO_DRIVER, &named);
    says(text.data,
        "owner 1 and owner 3 have the group, and no driver that uses the DMA API is in it, while "
        "0000:01:00.2 is on the blocking domain, " D0 " is on owner 1's page table, 0000:01:00.1 is on "
        "owner 3's page table, and a PASID of 0000:01:00.2 is on owner 2's page table");
    iow_text_done(&text);
    step.groups[0].claims = 1 | 4;
    iow_trace_end_text(&text, &trace, IOW_PROOF_INVARIANT_NO_DRIVER, &named);
    says(text.data, "somebody without a name, owner 1, owner 2 and owner 3 have the group");
    iow_text_done(&text);
}

static void numbers_that_are_none_have_words_too(void **state)
{
    (void)state;
    assert_string_equal(iow_proof_space_words(IOW_PROOF_SPACE__COUNT), "?");
    assert_string_equal(iow_proof_actor_name((enum iow_proof_actor)99), "?");
    assert_string_equal(iow_proof_act_words(99), "?");
    assert_string_equal(iow_proof_act_words(IOW_PROOF_ACT_BOUND), "bind");
    assert_string_equal(iow_proof_act_words(IOW_PROOF_ACT_APPEAR), "appear");
    assert_string_equal(iow_proof_act_words(IOW_OPERATION_PROBE), "probe a driver");
    for (unsigned i = IOW_PROOF_DRIVER_CORE; i <= IOW_PROOF_ADMIN; i++)
        for (unsigned k = 0; k < i; k++)
            assert_string_not_equal(
                iow_proof_actor_name((enum iow_proof_actor)i), iow_proof_actor_name((enum iow_proof_actor)k));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_claim_that_fails_half_way_is_told),
        cmocka_unit_test(a_driver_that_came_before_its_group_is_told),
        cmocka_unit_test(the_word_is_told_where_it_is_wrong),
        cmocka_unit_test(every_step_is_a_sentence),
        cmocka_unit_test(several_owners_are_told),
        cmocka_unit_test(numbers_that_are_none_have_words_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
