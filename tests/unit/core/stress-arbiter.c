/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arbiter under several threads: random operations on shared groups and devices, while others ask
 * without a lock. The hooks keep a truth of their own in plain fields, so that the thread sanitizer sees a
 * lock that is missing, and everyone else a word that differs.   stress-arbiter [OPERATIONS OF A THREAD]
 */
#include <ioward/lock.h>
#include <ioward/ownership.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define N_GROUPS 3
#define N_DEVICES 6
#define N_WORKERS 4
#define N_READERS 2
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What the hooks saw of a group: plain fields, under its lock. */
struct group {
    struct iow_dma_group is;
    pthread_mutex_t mutex;
    uint64_t word;
    unsigned long noted;
};

struct device {
    struct iow_dma_device is;
    pthread_mutex_t mutex;    /* around every call about this device */
    struct iow_dma_domain on; /* under the lock of its group, from here */
    unsigned left;
    uint32_t pasids;
};

struct world {
    const struct iow_profile *profile;
    bool pure;
    struct iow_arbiter arbiter;
    struct group group[N_GROUPS];
    struct device device[N_DEVICES];
    atomic_bool over;
    atomic_ulong wrong;
};

struct worker {
    struct world *world;
    pthread_t thread;
    uint64_t random;
    uint32_t tag;
    unsigned long n, accepted[IOW_OPERATION__COUNT], refused[IOW_OPERATION__COUNT];
};

static _Thread_local unsigned fail_in; /* the attach hook's call that fails, counted from 1; 0: none */

static void expect(struct world *world, bool right, const char *what)
{
    if (!right && atomic_fetch_add(&world->wrong, 1) < 10)
        (void)fprintf(stderr, "%s: %s\n", world->profile->name, what);
}

/* Hooks */

static int attach(void *ctx, struct iow_dma_device *is, const struct iow_dma_domain *domain)
{
    struct device *device = is->handle;

    (void)ctx;
    if (fail_in && !--fail_in)
        return -IOW_EIO;
    device->on = *domain;
    return 0;
}

static void detach(void *ctx, struct iow_dma_device *is)
{
    struct device *device = is->handle;

    (void)ctx;
    device->left++;
}

static int pasid(void *ctx, struct iow_dma_device *is, uint32_t number, const struct iow_dma_domain *domain)
{
    struct device *device = is->handle;

    (void)ctx;
    (void)number;
    device->pasids += domain ? 1u : -1u;
    return 0;
}

static void noted(void *ctx, struct iow_dma_group *is, uint64_t before, uint64_t after, uint32_t row)
{
    struct world *world = ctx;
    struct group *group = (struct group *)is;

    (void)row;
    expect(world, before == group->word, "a change does not begin where the last one ended");
    group->word = after;
    group->noted++;
}

static const struct iow_dma_hooks hooks = {
    iow_lock_pthread, iow_unlock_pthread, .attach = attach, .detach = detach, .pasid = pasid, .noted = noted};

/* Operations */

static uint32_t random_below(struct worker *w, uint32_t limit)
{
    w->random ^= w->random << 13;
    w->random ^= w->random >> 7;
    w->random ^= w->random << 17;
    return (uint32_t)(w->random >> 32) % limit;
}

static struct iow_dma_group *any_group(struct worker *w)
{
    return &w->world->group[random_below(w, N_GROUPS)].is;
}

static void count(struct worker *w, enum iow_operation operation, int r)
{
    fail_in = 0;
    w->n++;
    if (r >= 0)
        w->accepted[operation]++;
    else if (r != -IOW_EOPNOTSUPP)
        w->refused[operation]++;
}

/* A failure in one operation out of four, where the profile says that all goes back to where it was. */
static void may_fail(struct worker *w)
{
    if ((w->world->pure || w->world->profile->features & 1u << IOW_FEATURE_REVERTS) && !random_below(w, 4))
        fail_in = 1 + random_below(w, 2);
}

static struct iow_dma_domain domain_of(struct worker *w, uint32_t tag)
{
    static const enum iow_domain_kind kind[] = {IOW_KIND_TABLE, IOW_KIND_IDENTITY, IOW_KIND_BLOCKING};

    return (struct iow_dma_domain){.kind = kind[random_below(w, COUNT(kind))], .owner = tag};
}

static void on_group(struct worker *w)
{
    static const enum iow_operation which[] = {IOW_OPERATION_CLAIM_GROUP, IOW_OPERATION_RELEASE_GROUP,
        IOW_OPERATION_ATTACH_GROUP, IOW_OPERATION_DETACH_GROUP, IOW_OPERATION_REPLACE,
        IOW_OPERATION_SET_TYPE};
    enum iow_operation operation = which[random_below(w, COUNT(which))];
    struct iow_dma_domain domain = domain_of(w, w->tag);
    struct iow_dma_group *group = any_group(w);
    int r = 0;

    switch (operation) {
    case IOW_OPERATION_CLAIM_GROUP:
        may_fail(w);
        r = iow_dma_claim_group(group, w->tag, NULL);
        break;
    case IOW_OPERATION_RELEASE_GROUP:
        r = iow_dma_release_group(group, NULL);
        break;
    case IOW_OPERATION_ATTACH_GROUP:
        may_fail(w);
        r = iow_dma_attach_group(group, &domain, NULL);
        break;
    case IOW_OPERATION_DETACH_GROUP:
        r = iow_dma_detach_group(group, w->tag, NULL);
        break;
    case IOW_OPERATION_REPLACE:
        may_fail(w);
        r = iow_dma_replace(group, &domain, NULL);
        break;
    default:
        r = iow_dma_set_type(group, (enum iow_domain_type)(1 + random_below(w, 3)), false, NULL);
        break;
    }
    count(w, operation, r);
}

/* A member's own driver now and then takes a domain for itself: owner 0. */
static void on_device(struct worker *w, struct iow_dma_device *device)
{
    static const enum iow_operation which[] = {IOW_OPERATION_CLAIM_DEVICE, IOW_OPERATION_RELEASE_DEVICE,
        IOW_OPERATION_ATTACH_DEVICE, IOW_OPERATION_DETACH_DEVICE, IOW_OPERATION_ATTACH_PASID,
        IOW_OPERATION_DETACH_PASID};
    enum iow_operation operation = which[random_below(w, COUNT(which))];
    uint32_t tag = w->world->pure && random_below(w, 2) ? 0 : w->tag, number = 1 + random_below(w, 3);
    struct iow_dma_domain domain = domain_of(w, tag);
    int r = 0;

    switch (operation) {
    case IOW_OPERATION_CLAIM_DEVICE:
        may_fail(w);
        r = iow_dma_claim_device(device, w->tag, NULL);
        break;
    case IOW_OPERATION_RELEASE_DEVICE:
        r = iow_dma_release_device(device, NULL);
        break;
    case IOW_OPERATION_ATTACH_DEVICE:
        may_fail(w);
        r = iow_dma_attach_device(device, &domain, NULL);
        break;
    case IOW_OPERATION_DETACH_DEVICE:
        r = iow_dma_detach_device(device, tag, NULL);
        break;
    case IOW_OPERATION_ATTACH_PASID:
        r = iow_dma_attach_pasid(device, number, &domain, NULL);
        break;
    default:
        r = iow_dma_detach_pasid(device, number, tag, NULL);
        break;
    }
    count(w, operation, r);
}

static void step_driver(struct worker *w, struct iow_dma_device *device)
{
    static const enum iow_driver_trait trait[] = {IOW_DRIVER_DMA_API, IOW_DRIVER_MANAGED, IOW_DRIVER_PRIVATE};

    switch (device->phase) {
    case IOW_PHASE_UNBOUND:
        count(w, IOW_OPERATION_PROBE, iow_dma_probe(device, trait[random_below(w, COUNT(trait))], NULL));
        break;
    case IOW_PHASE_PROBING:
        if (random_below(w, 3))
            (void)iow_dma_bound(device, NULL);
        else
            count(w, IOW_OPERATION_PROBE_FAILED, iow_dma_probe_failed(device, NULL));
        break;
    case IOW_PHASE_BOUND:
        count(w, IOW_OPERATION_UNBIND, iow_dma_unbind(device, NULL));
        break;
    default:
        count(w, IOW_OPERATION_UNBOUND, iow_dma_unbound(device, NULL));
        break;
    }
}

static void plug(struct worker *w, struct iow_dma_device *device)
{
    if (device->group && !random_below(w, 3)) {
        count(w, IOW_OPERATION_REMOVE, iow_dma_remove(device, NULL));
        return;
    }
    may_fail(w);
    count(w, IOW_OPERATION_ADD, iow_dma_add(any_group(w), device, NULL));
}

static void operate(struct worker *w)
{
    uint32_t choice = random_below(w, 8);
    struct device *device = &w->world->device[random_below(w, N_DEVICES)];

    if (choice < 2) {
        on_group(w);
        return;
    }
    (void)pthread_mutex_lock(&device->mutex);
    if (choice < 4)
        on_device(w, &device->is);
    else if (choice < 7)
        step_driver(w, &device->is);
    else
        plug(w, &device->is);
    (void)pthread_mutex_unlock(&device->mutex);
}

/* Threads */

static unsigned long operations = 120000;

static void *work(void *worker)
{
    struct worker *w = worker;

    while (w->n < operations)
        operate(w);
    return NULL;
}

static void *ask(void *worker)
{
    struct worker *w = worker;

    while (!atomic_load(&w->world->over)) {
        const struct iow_dma_group *group = any_group(w);
        enum iow_state state = iow_ownership_state(w->world->profile, iow_dma_word(group));
        uint32_t tag = 0;
        enum iow_owner owner = iow_dma_owner(group, &tag);

        expect(w->world, (owner == IOW_OWNER_USER) == (tag != 0) || !w->world->pure,
            "an owner and a tag that are of different moments");
        expect(w->world, (state != IOW_STATE_STRAY && state != IOW_STATE_LEAKED) || !w->world->pure,
            "a state that the pure profile does not have");
        w->n += 2 + iow_dma_claimed(group);
    }
    return NULL;
}

/* What must be so once all is quiet */

static bool counted(const struct iow_dma_device *device)
{
    return device->phase != IOW_PHASE_UNBOUND && device->trait != IOW_DRIVER_MANAGED;
}

static void check_list(struct world *world, const struct iow_dma_group *group)
{
    const struct iow_dma_device *previous = NULL;
    uint32_t n = 0;

    for (const struct iow_dma_device *d = group->first; d; previous = d, d = d->next) {
        expect(world, d->group == group && d->previous == previous, "a member that is linked wrongly");
        n++;
    }
    expect(world, group->last == previous && group->n_members == n, "a list that does not end in its end");
}

/* A profile under which a half-done move is undone has every member where the word says. */
static void check_members(struct world *world, const struct iow_dma_group *group, struct iow_ownership is)
{
    uint32_t drivers = 0, pasids = 0;

    for (const struct iow_dma_device *d = group->first; d; d = d->next) {
        const struct device *device = d->handle;

        expect(world, device->on.kind == is.kind, "a member on another domain than the word says");
        expect(world, !world->pure || device->on.owner == is.tag, "a member on another owner's domain");
        drivers += counted(d);
        pasids += device->pasids;
    }
    expect(world, !world->pure || drivers == is.drivers, "drivers are bound that the word does not count");
    expect(world, pasids == is.pasids, "PASIDs are attached that the word does not count");
}

static void check_pure(struct world *world, struct iow_ownership is)
{
    if (is.tag)
        expect(world, is.kind != IOW_KIND_DEFAULT && !is.drivers, "an owner beside a driver of the kernel");
    else if (is.kind != IOW_KIND_DEFAULT)
        expect(world, is.drivers == 1, "a private domain that is not one driver's");
    expect(world, !is.claims, "a claim where there are none");
}

static void check_group(struct world *world, const struct group *group)
{
    uint64_t word = iow_dma_word(&group->is);
    struct iow_ownership is = iow_ownership_unpack(word);

    expect(world, word == group->word, "a word that its hooks do not know");
    expect(world, group->is.domain.kind == is.kind, "a domain that is not the word's");
    check_list(world, &group->is);
    if (world->pure || world->profile->features & 1u << IOW_FEATURE_REVERTS)
        check_members(world, &group->is, is);
    if (world->pure)
        check_pure(world, is);
}

/* One profile */

static void init_world(struct world *world, const struct iow_profile *profile)
{
    *world = (struct world){.profile = profile, .pure = !profile->release};
    world->arbiter = (struct iow_arbiter){&hooks, profile, world};
    for (int i = 0; i < N_GROUPS; i++) {
        struct group *group = &world->group[i];

        (void)pthread_mutex_init(&group->mutex, NULL);
        iow_dma_group_init(&group->is, &world->arbiter, IOW_TYPE_DMA, &group->mutex);
        group->word = iow_dma_word(&group->is);
    }
    for (int i = 0; i < N_DEVICES; i++) {
        (void)pthread_mutex_init(&world->device[i].mutex, NULL);
        iow_dma_device_init(&world->device[i].is, &world->arbiter, &world->device[i]);
    }
}

static void start(struct world *world, struct worker *w, uint32_t i, void *(*run)(void *))
{
    *w = (struct worker){.world = world, .tag = 1 + i, .random = 0x9e3779b97f4a7c15u * (i + 1)};
    if (pthread_create(&w->thread, NULL, run, w)) {
        perror("pthread_create");
        exit(2);
    }
}

/* Stress that never gets past a refusal proves nothing: what the profile has, must have been done. */
static void check_worked(struct world *world, const struct worker *worker, unsigned long *ret_accepted)
{
    for (int operation = 0; operation < IOW_OPERATION__COUNT; operation++) {
        unsigned long accepted = 0, refused = 0;

        for (int i = 0; i < N_WORKERS; i++) {
            accepted += worker[i].accepted[operation];
            refused += worker[i].refused[operation];
        }
        if (refused && !accepted)
            expect(world, false, iow_operation_words((enum iow_operation)operation));
        *ret_accepted += accepted;
    }
}

static unsigned long stress(const struct iow_profile *profile)
{
    static struct world world;
    static struct worker worker[N_WORKERS + N_READERS];
    unsigned long accepted = 0, asked = 0;

    init_world(&world, profile);
    for (uint32_t i = 0; i < COUNT(worker); i++)
        start(&world, &worker[i], i, i < N_WORKERS ? work : ask);
    for (uint32_t i = 0; i < COUNT(worker); i++) {
        if (i == N_WORKERS)
            atomic_store(&world.over, true);
        (void)pthread_join(worker[i].thread, NULL);
        asked += i < N_WORKERS ? 0 : worker[i].n;
    }
    for (int i = 0; i < N_GROUPS; i++)
        check_group(&world, &world.group[i]);
    check_worked(&world, worker, &accepted);
    (void)printf("figures: %s under %d threads: %lu operations, %lu accepted, %lu questions without a lock\n",
        profile->name, N_WORKERS + N_READERS, operations * N_WORKERS, accepted, asked);
    return atomic_load(&world.wrong);
}

int main(int argc, char **argv)
{
    const struct iow_profile *profile;
    unsigned long wrong = 0;

    if (argc > 1)
        operations = strtoul(argv[1], NULL, 10);
    for (uint32_t i = 0; (profile = iow_profile_at(i)); i++)
        wrong += stress(profile);
    return wrong ? 1 : 0;
}
