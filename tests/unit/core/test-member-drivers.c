/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The drivers of members: their steps, and when they count. */
#include "machine.h"

/* A driver's own domain; its device is alone in the group when it attaches, and no longer is when another
 * comes. */
static void with_private_domain(struct machine *m, const char *profile)
{
    const struct iow_dma_domain own = table_of(0, "own");

    machine_init(m, profile, 1);
    machine_bind(m, 0, IOW_DRIVER_PRIVATE);
    assert_int_equal(iow_dma_attach_device(&m->device[0], &own, NULL), 0);
    machine_forget(m);
}

enum {
    N_STEPS = 5
};

static int step(struct machine *m, unsigned n, struct iow_explain *reterr)
{
    struct iow_dma_device *device = &m->device[0];

    switch (n) {
    case 0:
        return iow_dma_probe(device, IOW_DRIVER_DMA_API, reterr);
    case 1:
        return iow_dma_bound(device, reterr);
    case 2:
        return iow_dma_probe_failed(device, reterr);
    case 3:
        return iow_dma_unbind(device, reterr);
    default:
        return iow_dma_unbound(device, reterr);
    }
}

/* A device in this phase, alone in its group or in none. */
static void bring_to(struct machine *m, unsigned phase, unsigned members)
{
    static const unsigned way[] = {0, 1, 3};

    machine_init(m, "linux-6.12", members);
    for (unsigned i = 0; i < phase; i++)
        assert_int_equal(step(m, way[i], NULL), 0);
    assert_int_equal(m->device[0].phase, phase);
    machine_forget(m);
}

static void assert_out_of_order(struct machine *m, unsigned n)
{
    static const enum iow_dma_phase belongs[] = {
        IOW_PHASE_UNBOUND, IOW_PHASE_PROBING, IOW_PHASE_PROBING, IOW_PHASE_BOUND, IOW_PHASE_REMOVING};
    struct iow_explain explain = {0};
    enum iow_dma_phase phase = m->device[0].phase;
    uint64_t word = iow_dma_word(&m->group);

    assert_int_equal(step(m, n, &explain), -EINVAL);
    assert_int_equal(explain.code, -EINVAL);
    assert_int_equal(explain.rule, IOW_RULE_DMA_PHASE);
    assert_int_equal(explain.evidence[0].seen, phase);
    assert_int_equal(explain.evidence[0].wanted, belongs[n]);
    assert_int_equal(m->device[0].phase, phase);
    assert_int_equal(iow_dma_word(&m->group), word);
    assert_int_equal(m->n_notes, 0);
    assert_log(m, "");
}

/* Every step in every phase: the phase it leads to, or that it is out of order. */
static void driver_steps_have_one_order(void **state)
{
    enum {
        NO = -1,
        UNBOUND = IOW_PHASE_UNBOUND,
        PROBING = IOW_PHASE_PROBING,
        BOUND = IOW_PHASE_BOUND,
        REMOVING = IOW_PHASE_REMOVING,
    };
    static const int leads_to[IOW_PHASE__COUNT][N_STEPS] = {
        [UNBOUND] = {PROBING, NO, NO, NO, NO},
        [PROBING] = {NO, BOUND, UNBOUND, NO, NO},
        [BOUND] = {NO, NO, NO, REMOVING, NO},
        [REMOVING] = {NO, NO, NO, NO, UNBOUND},
    };

    (void)state;
    for (unsigned members = 0; members < 2; members++)
        for (unsigned phase = 0; phase < IOW_PHASE__COUNT; phase++)
            for (unsigned n = 0; n < N_STEPS; n++) {
                struct machine m;

                bring_to(&m, phase, members);
                if (leads_to[phase][n] == NO) {
                    assert_out_of_order(&m, n);
                    continue;
                }
                assert_int_equal(step(&m, n, NULL), 0);
                assert_int_equal(m.device[0].phase, leads_to[phase][n]);
                assert_int_equal(m.locks, members);
            }
}

static void a_driver_is_counted_from_its_probe_until_it_is_gone(void **state)
{
    static const enum iow_driver_trait traits[] = {IOW_DRIVER_DMA_API, IOW_DRIVER_PRIVATE};
    struct machine m;

    (void)state;
    for (size_t i = 0; i < COUNT(traits); i++) {
        machine_init(&m, "linux-6.12", 1);
        assert_int_equal(iow_dma_probe(&m.device[0], traits[i], NULL), 0);
        assert_int_equal(m.device[0].trait, traits[i]);
        assert_state(&m, KERNEL);
        assert_int_equal(iow_dma_bound(&m.device[0], NULL), 0);
        assert_state(&m, KERNEL);
        assert_int_equal(iow_dma_unbind(&m.device[0], NULL), 0);
        assert_state(&m, KERNEL);
        assert_int_equal(iow_dma_unbound(&m.device[0], NULL), 0);
        assert_state(&m, FREE);
        assert_int_equal(m.device[0].trait, IOW_DRIVER_NONE);
        assert_int_equal(m.n_notes, 3);
        assert_note(&m, 0, IOW_OPERATION_PROBE, IOW_RULE_NONE);
        assert_note(&m, 1, IOW_OPERATION_UNBIND, IOW_RULE_NONE);
        assert_note(&m, 2, IOW_OPERATION_UNBOUND, IOW_RULE_NONE);
    }
}

static void a_probe_that_fails_is_no_longer_counted(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.1", 1);
    assert_int_equal(iow_dma_probe(&m.device[0], IOW_DRIVER_DMA_API, NULL), 0);
    assert_int_equal(iow_dma_probe_failed(&m.device[0], NULL), 0);
    assert_state(&m, FREE);
    assert_int_equal(m.device[0].trait, IOW_DRIVER_NONE);
    assert_int_equal(m.device[0].phase, IOW_PHASE_UNBOUND);
}

static void a_managed_driver_is_never_counted(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 2);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    machine_forget(&m);
    assert_int_equal(iow_dma_probe(&m.device[0], IOW_DRIVER_MANAGED, NULL), 0);
    assert_note(&m, 0, IOW_OPERATION_PROBE_MANAGED, IOW_RULE_NONE);
    assert_int_equal(iow_dma_bound(&m.device[0], NULL), 0);
    assert_state(&m, BLOCKED);
    assert_int_equal(iow_dma_unbind(&m.device[0], NULL), 0);
    assert_int_equal(iow_dma_unbound(&m.device[0], NULL), 0);
    assert_state(&m, BLOCKED);
    assert_int_equal(iow_ownership_unpack(iow_dma_word(&m.group)).claims, 1);
}

static void a_refused_probe_leaves_the_device_unbound(void **state)
{
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    machine_forget(&m);
    assert_int_equal(iow_dma_probe(&m.device[0], IOW_DRIVER_DMA_API, &explain), -EBUSY);
    assert_int_equal(explain.rule, IOW_RULE_DMA_PROBE_OWNED);
    assert_int_equal(m.device[0].phase, IOW_PHASE_UNBOUND);
    assert_int_equal(m.device[0].trait, IOW_DRIVER_NONE);
    assert_int_equal(m.n_notes, 0);
    assert_int_equal(m.locks, 1);
}

static void only_a_driver_is_probed(void **state)
{
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_probe(&m.device[0], IOW_DRIVER_NONE, &explain), -EINVAL);
    assert_int_equal(explain.rule, IOW_RULE_DMA_PHASE);
    assert_int_equal(iow_dma_probe(&m.device[0], IOW_DRIVER__COUNT, NULL), -EINVAL);
    assert_int_equal(m.device[0].phase, IOW_PHASE_UNBOUND);
}

static void pure_keeps_a_driver_bound_while_its_domain_is_attached(void **state)
{
    struct iow_explain explain;
    struct machine m;

    (void)state;
    with_private_domain(&m, "pure");
    assert_int_equal(iow_dma_unbind(&m.device[0], &explain), -EBUSY);
    assert_int_equal(explain.rule, IOW_RULE_DMA_DETACH_FIRST);
    assert_int_equal(m.device[0].phase, IOW_PHASE_BOUND);
    assert_int_equal(iow_dma_detach_device(&m.device[0], 0, NULL), 0);
    machine_unbind(&m, 0);
    assert_state(&m, FREE);
}

/* Another driver's private domain is no reason for a managed driver to stay. */
static void pure_lets_a_managed_driver_go_beside_a_private_domain(void **state)
{
    struct machine m;

    (void)state;
    with_private_domain(&m, "pure");
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), 0);
    machine_bind(&m, 1, IOW_DRIVER_MANAGED);
    machine_unbind(&m, 1);
    assert_state(&m, PRIVATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(driver_steps_have_one_order),
        cmocka_unit_test(a_driver_is_counted_from_its_probe_until_it_is_gone),
        cmocka_unit_test(a_probe_that_fails_is_no_longer_counted),
        cmocka_unit_test(a_managed_driver_is_never_counted),
        cmocka_unit_test(a_refused_probe_leaves_the_device_unbound),
        cmocka_unit_test(only_a_driver_is_probed),
        cmocka_unit_test(pure_keeps_a_driver_bound_while_its_domain_is_attached),
        cmocka_unit_test(pure_lets_a_managed_driver_go_beside_a_private_domain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
