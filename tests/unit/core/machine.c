/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine.h"

static unsigned number_of(const struct machine *m, const struct iow_dma_device *device)
{
    return (unsigned)(device - m->device);
}

static const char *name_of(const struct iow_dma_domain *domain)
{
    static const char *const kind[IOW_KIND__COUNT] = {
        [IOW_KIND_DEFAULT] = "default",
        [IOW_KIND_BLOCKING] = "blocking",
        [IOW_KIND_TABLE] = "table",
        [IOW_KIND_IDENTITY] = "identity",
    };

    return domain->handle ? domain->handle : kind[domain->kind];
}

static void write_down(struct machine *m, const char *what)
{
    size_t n = strlen(m->log);

    assert_true(n + strlen(what) + 2 < sizeof(m->log));
    (void)snprintf(m->log + n, sizeof(m->log) - n, "%s%s", n ? " " : "", what);
}

static void lock(void *lock)
{
    struct machine *m = lock;

    assert_int_equal(m->depth, 0);
    m->depth++;
    m->locks++;
}

static void unlock(void *lock)
{
    struct machine *m = lock;

    assert_int_equal(m->depth, 1);
    m->depth--;
}

static int attach(void *ctx, struct iow_dma_device *device, const struct iow_dma_domain *domain)
{
    struct machine *m = ctx;
    unsigned i = number_of(m, device);
    bool fails = m->failing[i] >> domain->kind & 1;
    char what[64];

    assert_int_equal(m->depth, m->hooks.lock ? 1 : 0);
    assert_true(domain->handle || domain->kind == IOW_KIND_DEFAULT || domain->kind == IOW_KIND_BLOCKING);
    (void)snprintf(what, sizeof(what), "%u>%s%s", i, name_of(domain), fails ? "!" : "");
    write_down(m, what);
    if (fails)
        return -EIO;
    m->on[i] = *domain;
    return 0;
}

static void detach(void *ctx, struct iow_dma_device *device)
{
    struct machine *m = ctx;
    char what[16];

    assert_int_equal(m->depth, m->hooks.lock ? 1 : 0);
    (void)snprintf(what, sizeof(what), "-%u", number_of(m, device));
    write_down(m, what);
}

static int pasid(
    void *ctx, struct iow_dma_device *device, uint32_t number, const struct iow_dma_domain *domain)
{
    struct machine *m = ctx;
    char what[64];

    assert_int_equal(m->depth, m->hooks.lock ? 1 : 0);
    (void)snprintf(
        what, sizeof(what), "%u:%u>%s", number_of(m, device), number, domain ? name_of(domain) : "");
    write_down(m, what);
    return m->failing_pasid ? -ENOMEM : 0;
}

static void noted(void *ctx, struct iow_dma_group *group, uint64_t before, uint64_t after, uint32_t row)
{
    struct machine *m = ctx;

    assert_ptr_equal(group, &m->group);
    assert_int_equal(m->depth, m->hooks.lock ? 1 : 0);
    assert_true(m->n_notes < MOST_NOTES);
    m->note[m->n_notes++] = (struct note){before, after, row};
}

void machine_init(struct machine *m, const char *profile, unsigned members)
{
    *m = (struct machine){
        .hooks =
            {
                .lock = lock,
                .unlock = unlock,
                .attach = attach,
                .detach = detach,
                .pasid = pasid,
                .noted = noted,
            },
    };
    m->arbiter = (struct iow_arbiter){.hooks = &m->hooks, .profile = iow_profile_find(profile), .ctx = m};
    iow_dma_group_init(&m->group, &m->arbiter, IOW_TYPE_DMA, m);
    for (unsigned i = 0; i < MOST_DEVICES; i++)
        iow_dma_device_init(&m->device[i], &m->arbiter, NULL);
    for (unsigned i = 0; i < members; i++)
        assert_int_equal(iow_dma_add(&m->group, &m->device[i], NULL), 0);
    machine_forget(m);
}

void machine_break(struct machine *m, unsigned device, enum iow_domain_kind kind)
{
    m->failing[device] |= 1u << kind;
}

void machine_mend(struct machine *m, unsigned device)
{
    m->failing[device] = 0;
}

void machine_bind(struct machine *m, unsigned device, enum iow_driver_trait trait)
{
    assert_int_equal(iow_dma_probe(&m->device[device], trait, NULL), 0);
    assert_int_equal(iow_dma_bound(&m->device[device], NULL), 0);
    machine_forget(m);
}

void machine_unbind(struct machine *m, unsigned device)
{
    assert_int_equal(iow_dma_unbind(&m->device[device], NULL), 0);
    assert_int_equal(iow_dma_unbound(&m->device[device], NULL), 0);
    machine_forget(m);
}

void machine_forget(struct machine *m)
{
    m->log[0] = '\0';
    m->n_notes = 0;
    m->locks = 0;
}

void assert_machine_log(struct machine *m, const char *wanted, const char *file, int line)
{
    _assert_string_equal(m->log, wanted, file, line);
    _assert_int_equal((uintmax_t)m->depth, 0, file, line);
    m->log[0] = '\0';
}

enum iow_state machine_state(const struct machine *m)
{
    return iow_ownership_state(m->arbiter.profile, iow_dma_word(&m->group));
}

void assert_members_follow(const struct machine *m, unsigned except)
{
    struct iow_ownership is = iow_ownership_unpack(iow_dma_word(&m->group));

    assert_int_equal(m->group.domain.kind, is.kind);
    for (const struct iow_dma_device *d = m->group.first; d; d = d->next) {
        unsigned i = number_of(m, d);

        if (except >> i & 1)
            continue;
        assert_int_equal(m->on[i].kind, is.kind);
        assert_ptr_equal(m->on[i].handle, m->group.domain.handle);
    }
}

void assert_note(const struct machine *m, unsigned i, enum iow_operation operation, enum iow_rule rule)
{
    struct iow_transition_row row;

    assert_true(i < m->n_notes);
    assert_true(iow_transition_row_at(m->note[i].row, &row));
    assert_int_equal(row.operation, operation);
    assert_int_equal(row.rule, rule);
}

void assert_stuck_note(const struct machine *m, unsigned i)
{
    assert_true(i < m->n_notes);
    assert_int_equal(m->note[i].row, IOW_NONE);
    assert_int_equal(m->note[i].before, m->note[i].after);
}

struct iow_dma_domain table_of(uint32_t owner, const char *name)
{
    return (struct iow_dma_domain){.kind = IOW_KIND_TABLE, .owner = owner, .handle = (void *)(uintptr_t)name};
}

struct iow_dma_domain blocking_of(uint32_t owner)
{
    return (struct iow_dma_domain){.kind = IOW_KIND_BLOCKING, .owner = owner};
}
