/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who asks the kernel, and who waits in it: writes into sysfs and their like are made by processes, each of which is an effort
 * until its call has ended.
 *
 * Source: drivers/base/driver.c driver_set_override(); drivers/iommu/iommu.c iommu_group_store_type()
 */
#include "host/sim/machine.h"

#include <errno.h>
#include <string.h>

/* A page less a newline and a NUL. */
#define MOST_OVERRIDE 4094

/* USER_HZ */
#define TICK_USEC 10000

/* By position, those that no driver has after those that one has. */
static int number_of(struct iow_sim *sim, const char *name, uint32_t *ret)
{
    const struct iow_sim_driver *driver = iow_sim_driver_find(name);
    const char **names = sim->names.items;

    *ret = IOW_SIM_DRIVERS;
    if (driver)
        *ret = (uint32_t)(driver - iow_sim_drivers);
    for (uint32_t i = 0; i < sim->names.n && !driver; i++, ++*ret)
        if (strcmp(names[i], name) == 0)
            return 0;
    if (driver)
        return 0;
    names = iow_list_add(&sim->names, sizeof(*names));
    if (names)
        *names = iow_mem_text(&sim->mem, name, strlen(name));
    return names && *names ? 0 : -ENOMEM;
}

static int write_override(struct iow_sim *sim, const char *text, struct iow_front_op *op)
{
    op->driver = IOW_NONE;
    if (strlen(text) > MOST_OVERRIDE)
        op->argument = IOW_FRONT_MALFORMED;
    else if (*text)
        return number_of(sim, text, &op->driver);
    return 0;
}

static void write_type(const char *text, struct iow_front_op *op)
{
    static const struct {
        const char *text;
        enum iow_domain_type type;
    } types[] = {{"DMA", IOW_TYPE_DMA}, {"DMA-FQ", IOW_TYPE_DMA_FQ}, {"identity", IOW_TYPE_IDENTITY},
        {"auto", IOW_FRONT_AUTO_TYPE}};

    op->argument = IOW_FRONT_MALFORMED;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (strcmp(types[i].text, text) == 0) {
            op->type = types[i].type;
            op->argument = IOW_FRONT_FINE;
        }
}

int iow_sim_write_of(
    struct iow_sim *sim, enum iow_front_call call, uint32_t of, const char *text, struct iow_front_op *ret)
{
    const struct iow_sim_driver *driver;

    *ret = (struct iow_front_op){.call = call, .function = of, .group = of};
    if (call == IOW_FRONT_CALL_OVERRIDE)
        return write_override(sim, text, ret);
    if (call == IOW_FRONT_CALL_SET_TYPE) {
        write_type(text, ret);
        return 0;
    }
    driver = iow_sim_driver_find(text);
    ret->driver = driver ? (uint32_t)(driver - iow_sim_drivers) : IOW_FRONT_NO_NAME;
    return 0;
}

uint64_t iow_sim_ticks(const struct iow_sim *sim)
{
    return sim->clock_usec / TICK_USEC;
}

static void drop_effort(struct iow_sim *sim, uint32_t i)
{
    struct iow_sim_effort *efforts = sim->efforts.items;

    memmove(&efforts[i], &efforts[i + 1], (sim->efforts.n - i - 1) * sizeof(*efforts));
    sim->efforts.n--;
}

/* Calls that have ended are no efforts any more. */
static void settle(struct iow_sim *sim)
{
    const struct iow_sim_effort *efforts = sim->efforts.items;
    struct iow_front_answer answer;
    uint32_t task;

    while (iow_front_ended(&sim->front, &task, &answer))
        for (uint32_t i = sim->efforts.n; i-- > 0;)
            if (efforts[i].task == task)
                drop_effort(sim, i);
}

int iow_sim_ask(struct iow_sim *sim, const struct iow_front_op *op, uint32_t *ret_value)
{
    struct iow_front_answer answer;
    int r = iow_front_ask(&sim->front, op, &answer);

    *ret_value = answer.value;
    settle(sim);
    return r;
}

static bool asks_a_driver(enum iow_front_call call)
{
    return call == IOW_FRONT_CALL_BIND || call == IOW_FRONT_CALL_UNBIND;
}

static int keep_waiting(struct iow_sim *sim, const struct iow_front_op *op, uint32_t pid, uint32_t task)
{
    struct iow_sim_effort *effort = iow_list_add(&sim->efforts, sizeof(*effort));

    if (!effort)
        return -ENOMEM;
    *effort = (struct iow_sim_effort){
        .pid = pid ? pid : sim->next_pid++, .start_ticks = iow_sim_ticks(sim), .task = task, .op = *op};
    return IOW_SIM_WAITS;
}

int iow_sim_store(struct iow_sim *sim, const struct iow_front_op *op, uint32_t pid, enum iow_sim_delay delay)
{
    struct iow_front_op asked = *op;
    struct iow_front_answer answer;
    int r;

    if (delay == IOW_SIM_LATE || (delay == IOW_SIM_HANGS && !asks_a_driver(op->call)))
        return keep_waiting(sim, op, pid, 0);
    asked.hangs = delay == IOW_SIM_HANGS;
    r = iow_front_ask(&sim->front, &asked, &answer);
    if (r == IOW_SIM_WAITS)
        r = keep_waiting(sim, op, pid, answer.value);
    settle(sim);
    return r;
}

bool iow_sim_plays(const struct iow_sim *sim, uint32_t function)
{
    return sim->functions[function].model->brings == IOW_SIM_SOUND &&
           iow_sim_open_by_anybody(sim, function, false);
}

void iow_sim_stick(struct iow_sim *sim, uint32_t function, bool sticks)
{
    struct iow_sim_function *f = &sim->functions[function];

    f->sticks = sticks;
    f->front->sticks = sticks || iow_sim_plays(sim, function);
}

static bool is_stuck(const struct iow_sim_function *f)
{
    return f->sticks && f->front->driver != IOW_NONE && !f->front->linked && !iow_sim_has_vfio(f);
}

/* Those that had not begun do so now, one after the other. */
static void begin_the_late(struct iow_sim *sim)
{
    for (uint32_t i = 0; i < sim->efforts.n;) {
        struct iow_sim_effort *effort = &((struct iow_sim_effort *)sim->efforts.items)[i];
        struct iow_front_answer answer;

        if (effort->task) {
            i++;
            continue;
        }
        if (iow_front_ask(&sim->front, &effort->op, &answer) == IOW_SIM_WAITS)
            effort->task = answer.value;
        else
            drop_effort(sim, i);
        settle(sim);
        i = 0;
    }
}

void iow_sim_continue(struct iow_sim *sim)
{
    for (uint32_t i = 0; i < sim->n; i++)
        if (is_stuck(&sim->functions[i]))
            iow_sim_stick(sim, i, false);
    iow_front_continue(&sim->front);
    settle(sim);
    begin_the_late(sim);
}

const struct iow_sim_effort *iow_sim_effort_of(const struct iow_sim *sim, uint32_t pid)
{
    const struct iow_sim_effort *efforts = sim->efforts.items;

    for (uint32_t i = 0; i < sim->efforts.n; i++)
        if (efforts[i].pid == pid)
            return &efforts[i];
    return NULL;
}

/* With virtual functions on that nobody switches off it goes as its whole slot does; one of them goes with all the others.
 * Source: drivers/pci/iov.c sriov_disable() */
struct iow_front_op iow_sim_removal_of(const struct iow_sim *sim, uint32_t function)
{
    const struct iow_front_function *f = &sim->front.functions[function];

    if (f->physical_function != IOW_NONE)
        return (struct iow_front_op){.call = IOW_FRONT_CALL_SET_VFS, .function = f->physical_function};
    if (f->n_vfs && f->parent != IOW_NONE)
        return (struct iow_front_op){.call = IOW_FRONT_CALL_UNPLUG, .function = f->parent};
    return (struct iow_front_op){.call = IOW_FRONT_CALL_REMOVE, .function = function};
}

/* Another model in its place has no virtual functions. */
int iow_sim_plug(struct iow_sim *sim, uint32_t function, const struct iow_sim_model *model)
{
    struct iow_sim_function *f = &sim->functions[function];
    int r = 0;

    if (!f->front->present && model != f->model) {
        f->model = model;
        f->max_vfs = 0;
        iow_sim_describe(f);
        r = iow_sim_replace_config(f);
    }
    return r < 0
               ? r
               : iow_sim_store(sim, &(struct iow_front_op){.call = IOW_FRONT_CALL_ADD, .function = function},
                     0, IOW_SIM_AT_ONCE);
}
