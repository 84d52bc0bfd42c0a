/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* IOMMU groups: at boot all at once, later one function at a time, by the kernel's rule (ioward/grouping.h). */
#include "host/sim/machine.h"

/* The functions that are there now, as the grouping rule wants them. node[i] is the position of its node i. */
struct view {
    struct iow_mem mem;
    struct iow_grouping_input input;
    uint32_t *node;
    uint32_t *position; /* of each function among the nodes */
    uint32_t n;
};

static uint32_t map(const struct view *view, uint32_t position)
{
    return position == IOW_NONE ? IOW_NONE : view->position[position];
}

/* Before boot there is all but virtual functions. */
static int look(const struct iow_sim *sim, bool booting, struct view *view)
{
    struct iow_topology_input *input;
    struct iow_topology *topology;
    bool *covered;
    int r;

    iow_mem_init_malloc(&view->mem);
    input = iow_mem_alloc(&view->mem, sim->n, sizeof(*input));
    covered = iow_mem_alloc(&view->mem, sim->n, sizeof(*covered));
    view->node = iow_mem_alloc(&view->mem, sim->n, sizeof(*view->node));
    view->position = iow_mem_alloc(&view->mem, sim->n, sizeof(*view->position));
    if (!input || !covered || !view->node || !view->position)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < sim->n; i++) {
        view->position[i] = view->n;
        if (booting ? sim->functions[i].physical_function == IOW_NONE : sim->functions[i].front->present)
            view->node[view->n++] = i;
    }
    for (uint32_t k = 0; k < view->n; k++) {
        const struct iow_sim_function *f = &sim->functions[view->node[k]];

        covered[k] = !f->bypass;
        input[k] = (struct iow_topology_input){.address = f->address,
            .config = &f->decoded,
            .parent = map(view, f->parent),
            .physical_function = map(view, f->physical_function),
            .real_dma = IOW_NONE};
    }
    r = iow_topology_build(input, view->n, &view->mem, &topology, NULL);
    view->input =
        (struct iow_grouping_input){.topology = topology, .covered = covered, .acs_requested = true};
    return r;
}

int iow_sim_form_groups(struct iow_sim *sim)
{
    struct view view = {.n = 0};
    struct iow_partition *partition;
    int r = look(sim, true, &view);

    if (r == 0)
        r = iow_partition_predict(&view.input, &view.mem, &partition, NULL);
    for (uint32_t k = 0; r == 0 && k < view.n; k++)
        sim->functions[view.node[k]].front->home = partition->set[k];
    iow_mem_done(&view.mem);
    return r;
}

/* Linux gives the lowest number that is free. */
static uint32_t free_number(const struct iow_sim *sim)
{
    uint32_t number = 0;

    while (sim->front.groups[number].dma.n_members)
        number++;
    return number;
}

/* One that there is no memory for is left without a group, and nobody is told. Source: drivers/iommu/iommu.c
 * iommu_bus_notifier(), Linux 6.12 */
uint32_t iow_sim_home(void *ctx, uint32_t function)
{
    const struct iow_history late = {.header_multifunction = true};
    const struct iow_sim *sim = ctx;
    struct view view = {.n = 0};
    struct iow_reason reason;
    uint32_t home = IOW_NONE, *groups = NULL;
    int r = look(sim, false, &view);

    if (r == 0 && !sim->functions[function].bypass)
        groups = iow_mem_alloc(&view.mem, view.n, sizeof(*groups));
    if (groups) {
        for (uint32_t k = 0; k < view.n; k++)
            groups[k] = iow_sim_group(&sim->functions[view.node[k]]);
        iow_group_find(&view.input, groups, view.position[function], &late, &reason, NULL, NULL);
        home = reason.joined == IOW_NONE ? free_number(sim) : groups[reason.joined];
    }
    iow_mem_done(&view.mem);
    return home;
}
