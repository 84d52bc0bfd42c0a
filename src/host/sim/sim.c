/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sim/machine.h"

#include "base/explain.h"

#include <ioward/plan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *kernel;
    uint16_t release;
} kernels[] = {
    {"6.1", "6.1.0-simulated", 6 << 8 | 1},
    {"6.12", "6.12.0-simulated", 6 << 8 | 12},
};

#define FIRST_PID 1000
#define BOOT_USEC 60000000

static int choose_kernel(struct iow_sim *sim, const char *release, struct iow_explain *reterr)
{
    for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
        if (strcmp(kernels[i].name, release) != 0)
            continue;
        snprintf(sim->kernel, sizeof(sim->kernel), "%s", kernels[i].kernel);
        sim->release = kernels[i].release;
        return 0;
    }
    return iow_explain_text(
        reterr, -IOW_EINVAL, IOW_RULE_SIM_TOPOLOGY, "no such kernel; there are 6.1 and 6.12");
}

static int boot(struct iow_sim *sim, struct iow_explain *reterr)
{
    int r = iow_sim_make_config(sim);

    if (r == 0)
        r = iow_sim_start_kernel(sim);
    if (r == 0)
        r = iow_sim_act_new(sim);
    return r < 0 ? iow_explain(reterr, r, r == -IOW_ENOMEM ? IOW_RULE_READ_NO_MEMORY : IOW_RULE_SIM_TOPOLOGY)
                 : 0;
}

int iow_sim_new(const char *json, const char *release, struct iow_sim **ret, struct iow_explain *reterr)
{
    struct iow_sim *sim = calloc(1, sizeof(*sim));
    int r;

    if (!sim)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    iow_mem_init_malloc(&sim->mem);
    sim->next_pid = FIRST_PID;
    sim->clock_usec = BOOT_USEC;
    r = choose_kernel(sim, release, reterr);
    if (r == 0)
        r = iow_sim_read_topology(sim, json, reterr);
    if (r == 0)
        r = boot(sim, reterr);
    if (r < 0)
        iow_sim_free(sim);
    else
        *ret = sim;
    return r;
}

struct iow_sim *iow_sim_free(struct iow_sim *sim)
{
    struct iow_sim_process *processes;
    struct iow_sim_use *uses;

    if (!sim)
        return NULL;
    processes = sim->processes.items;
    uses = sim->uses.items;
    for (uint32_t i = 0; i < sim->processes.n; i++) {
        free(processes[i].command);
        iow_list_done(&processes[i].opens);
    }
    for (uint32_t i = 0; i < sim->uses.n; i++)
        free(uses[i].text);
    iow_list_done(&sim->processes);
    iow_list_done(&sim->uses);
    iow_list_done(&sim->efforts);
    iow_list_done(&sim->names);
    iow_sim_act_free(sim);
    iow_mem_done(&sim->mem);
    free(sim);
    return NULL;
}

static void print_function(FILE *out, const struct iow_sim *sim, const struct iow_sim_function *f)
{
    const struct iow_sim_driver *driver = iow_sim_shown_driver(f);
    const char *override = iow_sim_override(sim, f);
    char name[IOW_ADDRESS_TEXT];

    fprintf(out, "function %s driver %s override %s%s\n", iow_address_format(&f->address, name),
        driver ? driver->name : "-", override ? override : "-", f->front->lock ? " locked" : "");
}

static void print_node(FILE *out, const struct iow_sim *sim, uint32_t group)
{
    struct iow_sim_access access = iow_sim_access(sim, group);
    char text[IOW_ACCESS_TEXT];

    fprintf(out, "node %u access %s\n", (unsigned)group,
        iow_access_format(access.uid, access.gid, access.mode, text));
}

char *iow_sim_state(const struct iow_sim *sim)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    if (!out)
        return NULL;
    for (uint32_t i = 0; i < sim->n; i++)
        if (sim->functions[i].front->present)
            print_function(out, sim, &sim->functions[i]);
    for (uint32_t i = 0; i < sim->n; i++)
        if (iow_sim_has_node(sim, i))
            print_node(out, sim, i);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
