/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Acting on the simulated machine, and the faults that tests put in the way.
 *
 * Effects are carried out by simulated processes. Only a change of access is made by the caller itself: it cannot wait, and is
 * never delayed.
 */
#include "host/sim/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct iow_sim_act {
    struct iow_actor actor;
    struct iow_sim *sim;
    bool prepared;
    enum iow_step_kind kind;
    struct iow_front_op op;
    uint32_t identity, pid, group;
    char *access; /* of a give */
    enum iow_sim_fault fault;
    unsigned n, at; /* effects so far, and which one fails */
    int error;
    bool dead;
};

static const enum iow_front_call call_of[IOW_STEP__COUNT] = {
    [IOW_STEP_LOAD] = IOW_FRONT_CALL_LOAD,
    [IOW_STEP_UNBIND] = IOW_FRONT_CALL_UNBIND,
    [IOW_STEP_OVERRIDE] = IOW_FRONT_CALL_OVERRIDE,
    [IOW_STEP_BIND] = IOW_FRONT_CALL_BIND,
};

static struct iow_sim_act *act_of(struct iow_actor *actor)
{
    return (struct iow_sim_act *)actor;
}

static bool about_function(enum iow_step_kind kind)
{
    return kind == IOW_STEP_UNBIND || kind == IOW_STEP_OVERRIDE || kind == IOW_STEP_BIND;
}

static uint32_t position_of(const struct iow_sim *sim, const struct iow_address *address)
{
    char text[IOW_ADDRESS_TEXT];

    return iow_sim_find(sim, iow_address_format(address, text));
}

/* Is the function of a step there, and is it the one that was planned for? */
static int check(const struct iow_sim *sim, uint32_t function, uint32_t identity)
{
    const struct iow_sim_function *f;

    if (function == IOW_NONE || !sim->functions[function].front->present)
        return -ENODEV;
    f = &sim->functions[function];
    if (identity && identity != ((uint32_t)f->model->vendor << 16 | f->model->device))
        return -ESTALE;
    return 0;
}

static int open_source(struct iow_actor *actor, struct iow_source **ret, struct iow_explain *reterr)
{
    (void)reterr;
    return act_of(actor)->dead ? -IOW_EIO : iow_sim_render(act_of(actor)->sim, ret);
}

static void say(char value[IOW_VALUE_BYTES], const char *text)
{
    size_t n = text ? strnlen(text, IOW_VALUE_BYTES - 1) : 0;

    if (n)
        memcpy(value, text, n);
    value[n] = '\0';
}

static int observe_node(const struct iow_sim *sim, uint32_t number, char value[IOW_VALUE_BYTES])
{
    struct iow_sim_access access;
    char text[IOW_ACCESS_TEXT];

    say(value, "");
    if (!iow_sim_has_node(sim, number))
        return 0;
    access = iow_sim_access(sim, number);
    say(value, iow_access_format(access.uid, access.gid, access.mode, text));
    return 0;
}

static int observe_load(const struct iow_sim *sim, const struct iow_step *step, char value[IOW_VALUE_BYTES])
{
    const char *name = *step->after ? step->after : step->before;
    const struct iow_sim_driver *driver = iow_sim_driver_find(name);

    say(value, driver && iow_sim_loaded(sim, driver) ? name : "");
    return 0;
}

/* Whoever reads it on older kernels waits for the lock. Source: Linux 6.1 drivers/pci/pci-sysfs.c driver_override_show();
 * Linux 6.12.117 drivers/base/bus.c driver_override_show() */
static int observe_override(
    const struct iow_sim *sim, const struct iow_sim_function *f, char value[IOW_VALUE_BYTES])
{
    if (!(sim->front.features & 1u << IOW_FRONT_SINCE_6_12) && f->front->lock)
        return -IOW_EINPROGRESS;
    say(value, iow_sim_override(sim, f));
    return 0;
}

static int observe_function(
    const struct iow_sim *sim, const struct iow_step *step, char value[IOW_VALUE_BYTES])
{
    uint32_t function = position_of(sim, &step->function);
    const struct iow_sim_driver *driver;
    int r = check(sim, function, step->identity);

    if (r < 0)
        return r;
    if (step->kind == IOW_STEP_OVERRIDE)
        return observe_override(sim, &sim->functions[function], value);
    driver = iow_sim_shown_driver(&sim->functions[function]);
    say(value, driver ? driver->name : NULL);
    return 0;
}

static int observe(struct iow_actor *actor, const struct iow_step *step, char value[IOW_VALUE_BYTES])
{
    const struct iow_sim *sim = act_of(actor)->sim;

    if (act_of(actor)->dead)
        return -IOW_EIO;
    if (step->kind == IOW_STEP_GIVE)
        return observe_node(sim, step->group, value);
    return step->kind == IOW_STEP_LOAD ? observe_load(sim, step, value) : observe_function(sim, step, value);
}

static void forget(struct iow_sim_act *act)
{
    free(act->access);
    act->access = NULL;
    act->prepared = false;
}

/* What is written, or the access that is given. */
static int make_ready(struct iow_sim_act *act, const struct iow_step *step)
{
    uint32_t function = about_function(step->kind) ? position_of(act->sim, &step->function) : IOW_NONE;

    act->op = (struct iow_front_op){.function = function};
    act->group = step->group;
    if (step->kind != IOW_STEP_GIVE)
        return iow_sim_write_of(act->sim, call_of[step->kind], function,
            step->kind == IOW_STEP_UNBIND ? step->before : step->after, &act->op);
    act->access = strdup(step->after);
    return act->access ? 0 : -IOW_ENOMEM;
}

static int prepare(struct iow_actor *actor, const struct iow_step *step, struct iow_effort *ret)
{
    struct iow_sim_act *act = act_of(actor);
    int r;

    if (act->dead)
        return -IOW_EIO;
    if (act->prepared || (unsigned)step->kind >= IOW_STEP__COUNT)
        return -IOW_EINVAL;
    r = make_ready(act, step);
    if (r < 0)
        return r;
    act->prepared = true;
    act->kind = step->kind;
    act->identity = step->identity;
    act->pid = step->kind == IOW_STEP_GIVE ? 0 : act->sim->next_pid++;
    *ret = (struct iow_effort){.pid = act->pid, .start_ticks = act->pid ? iow_sim_ticks(act->sim) : 0};
    return 0;
}

static void pull_out(struct iow_sim_act *act)
{
    struct iow_front_op op;

    if (act->op.function == IOW_NONE)
        return;
    op = iow_sim_removal_of(act->sim, act->op.function);
    (void)iow_sim_store(act->sim, &op, 0, IOW_SIM_AT_ONCE);
}

static int carry_out(struct iow_sim_act *act, bool fails, uint64_t timeout_usec)
{
    enum iow_sim_delay delay = IOW_SIM_AT_ONCE;
    int r = 0;

    if (fails && act->fault == IOW_SIM_FAULT_HANG)
        delay = IOW_SIM_HANGS;
    if (fails && act->fault == IOW_SIM_FAULT_LATE)
        delay = IOW_SIM_LATE;
    if (fails && act->fault == IOW_SIM_FAULT_REFUSE)
        return act->error;
    if (fails && act->fault == IOW_SIM_FAULT_LIE)
        return 0;
    if (fails && act->fault == IOW_SIM_FAULT_VANISH)
        pull_out(act);
    if (about_function(act->kind))
        r = check(act->sim, act->op.function, act->identity);
    if (r == 0 && act->kind == IOW_STEP_GIVE)
        r = iow_sim_give(act->sim, act->group, act->access);
    else if (r == 0)
        r = iow_sim_store(act->sim, &act->op, act->pid, delay);
    if (r != IOW_SIM_WAITS)
        return r;
    act->sim->clock_usec += timeout_usec;
    return -IOW_EINPROGRESS;
}

static int act_now(struct iow_actor *actor, uint64_t timeout_usec)
{
    struct iow_sim_act *act = act_of(actor);
    int r = -IOW_EIO;
    bool fails;

    if (act->dead)
        return r;
    if (!act->prepared)
        return -IOW_EINVAL;
    fails = ++act->n == act->at;
    if (!fails || act->fault != IOW_SIM_FAULT_CRASH)
        r = carry_out(act, fails, timeout_usec);
    act->dead = fails && (act->fault == IOW_SIM_FAULT_CRASH || act->fault == IOW_SIM_FAULT_CRASH_AFTER);
    forget(act);
    return act->dead ? -IOW_EIO : r;
}

static void cancel(struct iow_actor *actor)
{
    forget(act_of(actor));
}

static int await(struct iow_actor *actor, const struct iow_effort *effort, uint64_t timeout_usec)
{
    struct iow_sim_act *act = act_of(actor);
    const struct iow_sim_effort *found = effort->pid ? iow_sim_effort_of(act->sim, effort->pid) : NULL;

    if (act->dead)
        return -IOW_EIO;
    if (!found || found->start_ticks != effort->start_ticks)
        return 0;
    act->sim->clock_usec += timeout_usec;
    return -IOW_EINPROGRESS;
}

/* The machine owns it. */
static void end(struct iow_actor *actor)
{
    (void)actor;
}

static const struct iow_actor_ops ops = {
    .open_source = open_source,
    .observe = observe,
    .prepare = prepare,
    .act = act_now,
    .cancel = cancel,
    .await = await,
    .free = end,
};

int iow_sim_act_new(struct iow_sim *sim)
{
    struct iow_sim_act *act = calloc(1, sizeof(*act));

    if (!act)
        return -IOW_ENOMEM;
    act->actor = (struct iow_actor){.ops = &ops, .provenance = IOW_FROM_SIMULATION};
    act->sim = sim;
    sim->act = act;
    return 0;
}

void iow_sim_act_free(struct iow_sim *sim)
{
    if (sim->act)
        forget(sim->act);
    free(sim->act);
    sim->act = NULL;
}

struct iow_actor *iow_sim_actor(struct iow_sim *sim)
{
    return &sim->act->actor;
}

void iow_sim_set_fault(struct iow_sim *sim, enum iow_sim_fault fault, unsigned n, int error)
{
    sim->act->fault = fault;
    sim->act->at = n;
    sim->act->error = error;
    sim->act->n = 0;
    sim->act->dead = false;
    forget(sim->act); /* of one who is dead */
}

unsigned iow_sim_effects(const struct iow_sim *sim)
{
    return sim->act->n;
}
