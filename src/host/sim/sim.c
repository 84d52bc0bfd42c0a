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

    iow_sim_init_domains(sim);
    if (r == 0)
        r = iow_sim_form_groups(sim);
    if (r == 0)
        r = iow_sim_act_new(sim);
    if (r < 0)
        return iow_explain(reterr, r, r == -IOW_ENOMEM ? IOW_RULE_READ_NO_MEMORY : IOW_RULE_SIM_TOPOLOGY);
    for (unsigned i = 0; i < IOW_SIM_DRIVERS; i++)
        sim->loaded[i] = iow_sim_drivers[i].built_in || iow_sim_drivers[i].loaded_at_boot;
    for (uint32_t i = 0; i < sim->n; i++)
        iow_sim_attach(sim, i);
    return 0;
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
    struct iow_sim_effort *efforts;

    if (!sim)
        return NULL;
    processes = sim->processes.items;
    uses = sim->uses.items;
    efforts = sim->efforts.items;
    for (uint32_t i = 0; i < sim->processes.n; i++) {
        free(processes[i].command);
        iow_list_done(&processes[i].opens);
    }
    for (uint32_t i = 0; i < sim->uses.n; i++)
        free(uses[i].text);
    for (uint32_t i = 0; i < sim->efforts.n; i++)
        free(efforts[i].text);
    for (uint32_t i = 0; i < sim->n; i++)
        free(sim->functions[i].override);
    iow_list_done(&sim->processes);
    iow_list_done(&sim->uses);
    iow_list_done(&sim->efforts);
    iow_sim_act_free(sim);
    iow_mem_done(&sim->mem);
    free(sim);
    return NULL;
}

static void print_function(FILE *out, const struct iow_sim_function *f)
{
    const struct iow_sim_driver *driver = iow_sim_shown_driver(f);
    char name[IOW_ADDRESS_TEXT];

    fprintf(out, "function %s driver %s override %s%s\n", iow_address_format(&f->address, name),
        driver ? driver->name : "-", f->override ? f->override : "-", f->lock ? " locked" : "");
}

char *iow_sim_state(const struct iow_sim *sim)
{
    char *text = NULL, access[IOW_ACCESS_TEXT];
    size_t len;
    FILE *out = open_memstream(&text, &len);

    if (!out)
        return NULL;
    for (uint32_t i = 0; i < sim->n; i++)
        if (sim->functions[i].present)
            print_function(out, &sim->functions[i]);
    for (uint32_t i = 0; i < sim->n; i++)
        if (sim->groups[i].dma.n_members && sim->groups[i].node)
            fprintf(out, "node %u access %s\n", (unsigned)i,
                iow_access_format(sim->groups[i].uid, sim->groups[i].gid, sim->groups[i].mode, access));
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
