/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake.h"

#include <errno.h>

#include "faulty-vfs.h"
#include "host/linux/memory.h"

static struct fake *of(struct iow_actor *actor)
{
    return (struct fake *)actor;
}

static struct fake_function *find(struct fake *fake, const struct iow_address *address)
{
    for (unsigned i = 0; i < fake->n_functions; i++)
        if (iow_address_compare(&fake->functions[i].address, address) == 0)
            return &fake->functions[i];
    fail_msg("a step about a function that never was");
    return NULL;
}

/* A group's node is there while one of its members has vfio-pci. */
static void update_nodes(struct fake *fake)
{
    for (unsigned g = 0; g < FAKE_GROUPS; g++) {
        bool there = false;

        for (unsigned i = 0; i < fake->n_functions; i++) {
            const struct fake_function *f = &fake->functions[i];

            there |= !f->gone && f->group == g && (!strcmp(f->driver, "vfio-pci") || f->busy_pid);
        }
        if (!there)
            fake->access[g][0] = '\0';
        else if (!fake->access[g][0])
            strcpy(fake->access[g], "0:0:0600");
    }
}

static bool is_loaded(const struct fake *fake, const char *driver)
{
    return strcmp(driver, "vfio-pci") ? true : fake->vfio_loaded;
}

static bool matches(const struct fake_function *f, const char *driver)
{
    if (f->override[0])
        return !strcmp(f->override, driver);
    return !strcmp(f->native, driver);
}

static bool group_in_use(const struct fake *fake, uint32_t group)
{
    for (unsigned i = 0; i < fake->n_functions; i++)
        if (fake->functions[i].group == group && fake->functions[i].busy_pid && fake->functions[i].busy_user)
            return true;
    return false;
}

static int bind(struct fake *fake, struct fake_function *f, const char *driver)
{
    if (!is_loaded(fake, driver) || !matches(f, driver))
        return -ENODEV;
    if (f->driver[0])
        return -EBUSY;
    if (strcmp(driver, "vfio-pci") && (fake->in_use[f->group] || group_in_use(fake, f->group))) {
        fake->n_refused_busy++;
        return -EBUSY;
    }
    strcpy(f->driver, driver);
    return 0;
}

static int hang(struct fake *fake, struct fake_function *f, const char *next)
{
    f->busy_pid = fake->effort.pid;
    fake->stop |= fake->stop_on_hang;
    f->busy_user = !strcmp(f->driver, "vfio-pci");
    strcpy(f->next, next);
    if (!*next)
        f->driver[0] = '\0';
    return -IOW_EINPROGRESS;
}

static int unbind(struct fake *fake, struct fake_function *f, const char *driver)
{
    if (strcmp(f->driver, driver))
        return -ENODEV;
    if (!strcmp(driver, "vfio-pci") && fake->in_use[f->group])
        return hang(fake, f, "");
    f->driver[0] = '\0';
    return 0;
}

static int give(struct fake *fake, const struct iow_step *step)
{
    if (!fake->access[step->group][0])
        return -ENOENT;
    strcpy(fake->access[step->group], step->after);
    return 0;
}

static int effect(struct fake *fake, const struct iow_step *step)
{
    struct fake_function *f = NULL;
    int r = 0;

    if (step->kind != IOW_STEP_LOAD && step->kind != IOW_STEP_GIVE) {
        f = find(fake, &step->function);
        if (f->gone)
            return -ENODEV;
        assert_int_equal(f->busy_pid, 0); /* would wait behind whoever has it locked */
    }
    switch (step->kind) {
    case IOW_STEP_LOAD:
        fake->vfio_loaded = true;
        break;
    case IOW_STEP_UNBIND:
        r = unbind(fake, f, step->before);
        break;
    case IOW_STEP_OVERRIDE:
        strcpy(f->override, step->after);
        break;
    case IOW_STEP_BIND:
        r = bind(fake, f, step->after);
        break;
    case IOW_STEP_GIVE:
        r = give(fake, step);
        break;
    case IOW_STEP__COUNT:
        break;
    }
    update_nodes(fake);
    return r;
}

static struct fake_function *function_of(struct fake *fake, const struct iow_step *step)
{
    bool about_it = step->kind != IOW_STEP_LOAD && step->kind != IOW_STEP_GIVE;

    return about_it ? find(fake, &step->function) : NULL;
}

static void die(struct fake *fake)
{
    fake->dead = true;
    faulty.dead = true;
}

static int hanging_effect(struct fake *fake, const struct iow_step *step)
{
    struct fake_function *f = function_of(fake, step);

    if (!f || step->kind == IOW_STEP_OVERRIDE || strcmp(f->driver, step->before))
        return effect(fake, step);
    return hang(fake, f, step->after);
}

static int faulty_effect(struct fake *fake, const struct iow_step *step)
{
    struct fake_function *f = function_of(fake, step);
    int r;

    switch (fake->fault) {
    case FAKE_REFUSE:
        return -fake->error;
    case FAKE_HANG:
        return hanging_effect(fake, step);
    case FAKE_LIE:
        return 0;
    case FAKE_VANISH:
        if (f)
            f->gone = true;
        update_nodes(fake);
        return effect(fake, step);
    case FAKE_REPLACED:
        if (f) {
            f->identity ^= 1;
            f->driver[0] = f->override[0] = '\0';
            update_nodes(fake);
        }
        return -EIO;
    case FAKE_FOREIGN:
        r = effect(fake, step);
        if (f && step->kind == IOW_STEP_UNBIND)
            strcpy(f->driver, "foreign");
        return r;
    case FAKE_STOP:
        fake->stop = 1;
        return effect(fake, step);
    case FAKE_CRASH:
        die(fake);
        return -EIO;
    case FAKE_CRASH_AFTER:
        r = effect(fake, step);
        die(fake);
        return r;
    case FAKE_HANG_CRASH:
        r = hanging_effect(fake, step);
        die(fake);
        return r;
    case FAKE_NONE:
    case FAKE__COUNT:
        break;
    }
    return effect(fake, step);
}

static bool is_dead(struct fake *fake)
{
    fake->dead |= faulty.dead;
    return fake->dead;
}

static void access_value(const struct fake *fake, const struct iow_step *step, char *value)
{
    strcpy(value, fake->access[step->group]);
}

static int fake_observe(struct iow_actor *actor, const struct iow_step *step, char value[IOW_VALUE_BYTES])
{
    struct fake *fake = of(actor);
    const struct fake_function *f = function_of(fake, step);

    if (is_dead(fake))
        return -EIO;
    if (f && f->gone)
        return -IOW_ENODEV;
    if (f && step->identity && f->identity != step->identity)
        return -IOW_ESTALE;
    if (step->kind == IOW_STEP_LOAD)
        strcpy(value, is_loaded(fake, step->after) ? step->after : "");
    else if (step->kind == IOW_STEP_GIVE)
        access_value(fake, step, value);
    else if (step->kind == IOW_STEP_OVERRIDE && f->busy_pid)
        return -IOW_EINPROGRESS;
    else
        strcpy(value, step->kind == IOW_STEP_OVERRIDE ? f->override : f->driver);
    return 0;
}

static int fake_prepare(struct iow_actor *actor, const struct iow_step *step, struct iow_effort *ret)
{
    struct fake *fake = of(actor);

    if (is_dead(fake))
        return -EIO;
    assert_false(fake->is_ready);
    fake->ready = *step;
    fake->is_ready = true;
    *ret = (struct iow_effort){0};
    if (step->kind == IOW_STEP_UNBIND || step->kind == IOW_STEP_BIND)
        *ret = (struct iow_effort){.pid = ++fake->last_pid, .start_ticks = 77};
    fake->effort = *ret;
    return 0;
}

static int fake_act(struct iow_actor *actor, uint64_t timeout_usec)
{
    struct fake *fake = of(actor);

    (void)timeout_usec;
    if (is_dead(fake))
        return -EIO;
    assert_true(fake->is_ready);
    fake->is_ready = false;
    fake->heard_stop |= actor->stop && *actor->stop;
    if (++fake->n_effects == fake->fault_at || (fake->lasting && fake->n_effects > fake->fault_at))
        return faulty_effect(fake, &fake->ready);
    return effect(fake, &fake->ready);
}

static void fake_cancel(struct iow_actor *actor)
{
    of(actor)->is_ready = false;
}

static int fake_await(struct iow_actor *actor, const struct iow_effort *effort, uint64_t timeout_usec)
{
    struct fake *fake = of(actor);

    (void)timeout_usec;
    if (is_dead(fake))
        return -EIO;
    fake->n_awaits++;
    for (unsigned i = 0; i < fake->n_functions; i++)
        if (fake->functions[i].busy_pid && fake->functions[i].busy_pid == effort->pid)
            return -IOW_EINPROGRESS;
    return 0;
}

static void put(struct iow_source *s, const char *folder, const char *name, const char *text, bool link)
{
    char path[256];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_int_equal(
        link ? iow_memory_add_link(s, path, text) : iow_memory_add_file(s, path, text, strlen(text)), 0);
}

static void show(struct iow_source *s, const struct fake_function *f)
{
    unsigned char config[256] = {0x86, 0x80, 0x34, 0x12, 0x06, 0x04, 0x10, 0x00};
    char address[IOW_ADDRESS_TEXT], folder[96], text[160];

    iow_address_format(&f->address, address);
    (void)snprintf(folder, sizeof(folder), "sys/devices/pci0000:00/%s", address);
    (void)snprintf(text, sizeof(text), "%s/config", folder);
    config[2] = (unsigned char)f->identity;
    assert_int_equal(iow_memory_add_file(s, text, config, sizeof(config)), 0);
    put(s, folder, "power_state", "D0\n", false);
    (void)snprintf(text, sizeof(text), "../../../bus/pci/drivers/%s", f->driver);
    if (f->driver[0])
        put(s, folder, "driver", text, true);
    (void)snprintf(text, sizeof(text), "../../../kernel/iommu_groups/%u", f->group);
    put(s, folder, "iommu_group", text, true);
    (void)snprintf(text, sizeof(text), "../../../devices/pci0000:00/%s", address);
    put(s, "sys/bus/pci/devices", address, text, true);
    (void)snprintf(folder, sizeof(folder), "sys/kernel/iommu_groups/%u/devices", f->group);
    (void)snprintf(text, sizeof(text), "../../../../devices/pci0000:00/%s", address);
    put(s, folder, address, text, true);
}

static int fake_open_source(struct iow_actor *actor, struct iow_source **ret, struct iow_explain *reterr)
{
    struct fake *fake = of(actor);
    struct iow_source *s;

    (void)reterr;
    if (fake->at_the_end && fake->n_effects == fake->end)
        fake->at_the_end(fake);
    if (is_dead(fake) || fake->unread)
        return -IOW_EIO;
    assert_int_equal(iow_source_memory(&s), 0);
    s->provenance = IOW_FROM_SIMULATION;
    for (unsigned i = 0; i < fake->n_functions; i++)
        if (!fake->functions[i].gone)
            show(s, &fake->functions[i]);
    if (fake->joined)
        show(s, &(struct fake_function){.address = {.device = 9}, .group = 1});
    if (fake->joined_other)
        put(s, "sys/kernel/iommu_groups/1/devices", "newcomer.0", "../../../../devices/platform/newcomer.0",
            true);
    *ret = s;
    return 0;
}

static const struct iow_actor_ops ops = {
    .open_source = fake_open_source,
    .observe = fake_observe,
    .prepare = fake_prepare,
    .act = fake_act,
    .cancel = fake_cancel,
    .await = fake_await,
};

void fake_init(struct fake *fake, unsigned n, bool spread, int overrides)
{
    static const char *const native[] = {"nvme", "e1000e", "xhci_hcd", "i915"};

    *fake = (struct fake){.actor = {.ops = &ops, .provenance = IOW_FROM_SIMULATION}, .n_functions = n};
    for (unsigned i = 0; i < n; i++) {
        struct fake_function *f = &fake->functions[i];

        f->address = (struct iow_address){.device = (uint8_t)(i + 1)};
        f->identity = 0x80861234 + 2 * i;
        f->group = spread && i == 1 ? 2 : 1;
        f->native = native[i];
        if (overrides != 2)
            strcpy(f->driver, native[i]);
        if (overrides)
            strcpy(f->override, overrides == 1 ? native[i] : "nobody");
    }
}

char *fake_text(const struct fake *fake)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    for (unsigned i = 0; i < fake->n_functions; i++) {
        const struct fake_function *f = &fake->functions[i];

        if (f->gone || f->identity & 1 || !strcmp(f->driver, "foreign"))
            fprintf(out, "%u: not ours\n", i);
        else
            fprintf(out, "%u: driver '%s' override '%s'%s\n", i, f->driver, f->override,
                f->busy_pid ? " busy" : "");
    }
    for (unsigned i = 0; i < FAKE_GROUPS; i++)
        fprintf(out, "group %u '%s'\n", i, fake->access[i]);
    fclose(out);
    return text;
}

struct iow_facts *fake_facts(struct fake *fake)
{
    struct iow_source *source;
    struct iow_facts *facts;

    assert_int_equal(fake_open_source(&fake->actor, &source, NULL), 0);
    assert_int_equal(iow_facts_read(source, 0, &facts, NULL), 0);
    iow_source_close(source);
    return facts;
}

static void add(struct iow_plan *plan, struct iow_step *steps, enum iow_step_kind kind,
    const struct fake_function *f, const char *before, const char *after)
{
    steps[plan->n_steps++] = (struct iow_step){.kind = kind,
        .group = f->group,
        .function = f->address,
        .identity = f->identity,
        .before = before,
        .after = after};
}

struct iow_plan *fake_plan(struct fake *fake, const struct iow_facts *facts, struct iow_mem *mem)
{
    struct iow_plan *plan = iow_mem_alloc(mem, 1, sizeof(*plan));
    struct iow_plan_member *members = iow_mem_alloc(mem, fake->n_functions, sizeof(*members));
    struct iow_step *steps = iow_mem_alloc(mem, 3 * fake->n_functions + FAKE_GROUPS + 1, sizeof(*steps));
    const struct fake_function *f = fake->functions;

    plan->members = members;
    plan->steps = steps;
    for (uint32_t g = 1; g < FAKE_GROUPS; g++)
        for (unsigned i = 0; i < fake->n_functions; i++)
            if (f[i].group == g)
                members[plan->n_members++] =
                    (struct iow_plan_member){.function = iow_facts_find_function(facts, &f[i].address),
                        .group = g,
                        .role = i ? IOW_MEMBER_COMPANION : IOW_MEMBER_ASKED};
    steps[plan->n_steps++] =
        (struct iow_step){.kind = IOW_STEP_LOAD, .group = 1, .before = "", .after = "vfio-pci"};
    for (unsigned i = 0; i < fake->n_functions; i++)
        if (f[i].driver[0])
            add(plan, steps, IOW_STEP_UNBIND, &f[i], iow_mem_text(mem, f[i].driver, strlen(f[i].driver)), "");
    for (unsigned i = 0; i < fake->n_functions; i++)
        add(plan, steps, IOW_STEP_OVERRIDE, &f[i], iow_mem_text(mem, f[i].override, strlen(f[i].override)),
            "vfio-pci");
    for (unsigned i = 0; i < fake->n_functions; i++)
        add(plan, steps, IOW_STEP_BIND, &f[i], "", "vfio-pci");
    for (uint32_t g = 1; g < FAKE_GROUPS; g++)
        for (unsigned i = 0; i < fake->n_functions; i++)
            if (f[i].group == g) {
                steps[plan->n_steps++] = (struct iow_step){
                    .kind = IOW_STEP_GIVE, .group = g, .before = "", .after = "1000:1000:0600"};
                break;
            }
    return plan;
}

void fake_let_go(struct fake *fake)
{
    memset(fake->in_use, 0, sizeof(fake->in_use));
    for (unsigned i = 0; i < fake->n_functions; i++) {
        struct fake_function *f = &fake->functions[i];

        if (f->busy_pid)
            strcpy(f->driver, f->next);
        f->busy_pid = 0;
    }
    update_nodes(fake);
}

void fake_restart(struct fake *fake)
{
    fake->dead = faulty.dead = false;
    faulty = (struct faulty_writes){0};
    fake->fault = FAKE_NONE;
    fake->fault_at = 0;
    fake->lasting = false;
    fake->n_effects = 0;
    fake->is_ready = false;
    fake->stop = 0;
}
