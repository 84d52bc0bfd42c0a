/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random calls: what must be so after each of them, whatever they are, and that the machine comes to rest
 * once everybody has ended.
 */
#include "scene.h"

enum {
    SEQUENCES = 3000,
    STEPS = 80,
};

static uint64_t seed;

static uint32_t below(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

static uint32_t or_none(uint32_t n)
{
    uint32_t value = below(n + 1);

    return value == n ? IOW_NONE : value;
}

/* Mostly one that is open, of any process: most calls are for a file of one kind only. */
static uint32_t any_fd(const struct iow_front *front)
{
    uint32_t fd = below(front->n_fds);

    for (uint32_t i = 0; i < front->n_fds && below(10); i++, fd = (fd + 1) % front->n_fds)
        if (front->fds[fd].file != IOW_NONE)
            return fd;
    return fd;
}

/* Numbers small enough to hit each other; arguments are fine, mostly. */
static struct iow_front_op any_call(const struct iow_front *front)
{
    struct iow_front_op op = {.call = (enum iow_front_call)below(IOW_FRONT_CALL__COUNT),
        .argument = below(12) ? IOW_FRONT_FINE : (enum iow_front_argument)below(7),
        .process = below(6) ? 0 : below(4),
        .function = below(N_FUNCTIONS),
        .driver = below(N_DRIVERS),
        .group = below(6),
        .fd = any_fd(front),
        .to = any_fd(front),
        .number = below(4),
        .hangs = below(12) == 0,
        .type = (enum iow_domain_type)below(4),
        .token = below(3)};

    if (op.call == IOW_FRONT_CALL_EXIT && below(8))
        op.call = IOW_FRONT_CALL_GET_DEVICE_FD;
    if (below(3) == 0)
        op.function = NIC;
    if (op.fd < front->n_fds && front->fds[op.fd].file != IOW_NONE && below(12))
        op.process = front->fds[op.fd].process;
    if (below(2))
        op.driver = VFIO_PCI;
    if (op.call == IOW_FRONT_CALL_OVERRIDE && below(4) == 0)
        op.driver = or_none(N_DRIVERS);
    if (op.call == IOW_FRONT_CALL_EXIT || op.call == IOW_FRONT_CALL_PASS)
        op.to = below(4);
    if (op.call == IOW_FRONT_CALL_OPEN_GROUP && below(6) == 0)
        op.group = IOW_NONE;
    if (op.call == IOW_FRONT_CALL_REMOVE && op.function == PORT && below(4))
        op.function = OTHER;
    if (op.call == IOW_FRONT_CALL_UNPLUG && below(4))
        op.call = IOW_FRONT_CALL_SET_VFS;
    for (uint32_t i = 0; i < IOW_FRONT_MOST_FDS; i++)
        op.fds[i] = any_fd(front);
    return op;
}

/* A process that has ended asks nothing, and one more than sleep can always ask. */
static bool may_ask(const struct iow_front *front, const struct iow_front_op *op)
{
    uint32_t asleep = 0;

    for (uint32_t i = 0; i < front->n_tasks; i++)
        asleep += front->tasks[i].number != 0;
    return front->processes[op->process].alive && asleep + 1 < front->n_tasks;
}

static uint32_t drivers_counted(const struct iow_front *front, uint32_t group)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < N_FUNCTIONS; i++)
        n += front->functions[i].dma.group == &front->groups[group].dma &&
             front->functions[i].driver != IOW_NONE &&
             front->drivers[front->functions[i].driver].trait == IOW_DRIVER_DMA_API;
    return n;
}

static uint32_t registered(const struct iow_front *front, uint32_t group)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < N_FUNCTIONS; i++)
        n += front->functions[i].registered && front->functions[i].dma.group == &front->groups[group].dma;
    return n;
}

static void check_group(struct iow_front *front, uint32_t group)
{
    const struct iow_ownership is = iow_ownership_unpack(iow_dma_word(&front->groups[group].dma));
    uint32_t vg = iow_front_vgroup_of(front, group);

    assert_int_equal(is.drivers, drivers_counted(front, group));
    assert_true(!is.tag || !is.drivers);
    assert_int_equal(vg != IOW_NONE, registered(front, group) != 0);
    if (vg != IOW_NONE) {
        assert_int_equal(front->vgroups[vg].devices, registered(front, group));
        if (front->vgroups[vg].container != IOW_NONE)
            assert_int_equal(is.tag, vg + 1);
    }
    if (is.tag)
        assert_int_equal(iow_front_see_group(front, group).owner, IOW_OWNER_USER);
}

/* Each member is on the domain of its group, whoever moved it there. */
static void check_function(const struct iow_front *front, uint32_t i)
{
    const struct iow_front_function *f = &front->functions[i];

    assert_int_equal(f->dma.trait != IOW_DRIVER_NONE, f->driver != IOW_NONE);
    assert_true(f->present || f->driver == IOW_NONE);
    assert_true(f->present || !f->dma.group);
    assert_true(!f->linked || f->driver != IOW_NONE);
    assert_true(!f->listed || f->registered);
    assert_true(f->registrations >= f->opens);
    assert_true((f->iommufd == IOW_NONE) || f->opens);
    if (f->dma.group)
        assert_int_equal(f->domain.kind, iow_ownership_unpack(iow_dma_word(f->dma.group)).kind);
}

static void check(struct iow_front *front)
{
    for (uint32_t i = 0; i < front->n_groups; i++)
        check_group(front, i);
    for (uint32_t i = 0; i < N_FUNCTIONS; i++)
        check_function(front, i);
}

static bool waits_in(const struct iow_front *front, enum iow_front_call call)
{
    for (uint32_t i = 0; i < front->n_tasks; i++)
        if (front->tasks[i].number && !front->tasks[i].finished && front->tasks[i].op.call == call)
            return true;
    return false;
}

/* Nobody uses anything any more: nothing is held, and nobody waits but for each other (removal and VFs). */
static void check_rest(struct scene *s)
{
    struct iow_front *front = &s->front;
    bool deadlocked = waits_in(front, IOW_FRONT_CALL_SET_VFS) &&
                      (waits_in(front, IOW_FRONT_CALL_REMOVE) || waits_in(front, IOW_FRONT_CALL_ADD) ||
                          waits_in(front, IOW_FRONT_CALL_UNPLUG));

    while (ended(s) != NONE_ENDED)
        ;
    for (uint32_t i = 0; i < front->n_tasks && !deadlocked; i++)
        assert_int_equal(front->tasks[i].number, 0);
    for (uint32_t i = 0; i < front->n_files; i++) {
        assert_int_equal(front->files[i].kind, IOW_FRONT_FILE_NONE);
        assert_int_equal(front->containers[i].refs, 0);
        assert_true(!(front->features & 1u << IOW_FRONT_IOMMUFD) || !front->iommufds[i].refs);
    }
    for (uint32_t i = 0; i < front->n_groups; i++)
        assert_true(owner_of(s, i) != IOW_OWNER_USER);
    for (uint32_t i = 0; i < N_FUNCTIONS; i++) {
        assert_int_equal(front->functions[i].opens, 0);
        assert_true(front->functions[i].registrations <= 1);
        assert_true(deadlocked || !front->functions[i].lock);
    }
}

static void run(uint16_t release, uint32_t built)
{
    struct scene s;

    scene_init(&s, release, built);
    if (below(4)) {
        to_vfio(&s, NIC);
        to_vfio(&s, below(2) ? SIBLING : OTHER);
    }
    for (int step = 0; step < STEPS; step++) {
        struct iow_front_op op = any_call(&s.front);

        if (below(12) == 0) {
            s.front.functions[below(N_FUNCTIONS)].sticks ^= true;
            if (below(2))
                iow_front_continue(&s.front);
            else
                iow_front_go_on(&s.front);
        }
        if (may_ask(&s.front, &op))
            (void)ask(&s, op);
        while (below(2) && ended(&s) != NONE_ENDED)
            ;
        check(&s.front);
    }
    for (uint32_t i = 0; i < N_FUNCTIONS; i++)
        s.front.functions[i].sticks = false;
    for (uint32_t i = 0; i < s.front.n_processes; i++)
        (void)ASK(&s, EXIT, .process = i);
    iow_front_continue(&s.front);
    check(&s.front);
    check_rest(&s);
    scene_done(&s);
}

static void whatever_is_asked_the_machine_is_consistent_and_comes_to_rest(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < SEQUENCES; i++) {
        seed = i;
        run(i % 2 ? V6_1 : V6_12, (below(2) ? IOMMUFD_BUILT : 0) | (below(4) ? 0 : NOIOMMU_ON));
    }
}

int random_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_asked_the_machine_is_consistent_and_comes_to_rest),
    };

    return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
