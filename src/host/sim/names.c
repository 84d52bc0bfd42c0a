/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interfaces and disks that functions bring, and what the machine does with them. */
#include "host/sim/machine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Its own driver is bound and not on its way out. */
bool iow_sim_brings(const struct iow_sim_function *f, enum iow_sim_brings what)
{
    return f->front->ready && f->model->brings == what && f->model->native &&
           strcmp(iow_sim_drivers[f->front->driver].name, f->model->native) == 0;
}

bool iow_sim_has_interface(const struct iow_sim_function *f)
{
    return iow_sim_brings(f, IOW_SIM_NET) || iow_sim_brings(f, IOW_SIM_VIRTIO);
}

bool iow_sim_has_disk(const struct iow_sim_function *f)
{
    return f->drive && iow_sim_brings(f, IOW_SIM_NVME);
}

static const char *prefix_of(const struct iow_sim_function *f)
{
    if (f->model->brings == IOW_SIM_SOUND)
        return "card";
    return f->model->brings == IOW_SIM_NVME ? "nvme" : "eth";
}

const char *iow_sim_name(const struct iow_sim_function *f, const char *suffix, char buf[IOW_SIM_NAME])
{
    snprintf(buf, IOW_SIM_NAME, "%s%u%s", prefix_of(f), (unsigned)f->name_index, suffix);
    return buf;
}

bool iow_sim_has_file(const struct iow_sim_function *f, bool block)
{
    if (block)
        return iow_sim_has_disk(f);
    return iow_sim_brings(f, IOW_SIM_NVME) || iow_sim_brings(f, IOW_SIM_SOUND);
}

const char *iow_sim_file(const struct iow_sim_function *f, bool block, char buf[IOW_SIM_NAME])
{
    if (f->model->brings != IOW_SIM_SOUND)
        return iow_sim_name(f, block ? "n1" : "", buf);
    snprintf(buf, IOW_SIM_NAME, "snd/pcmC%uD0p", (unsigned)f->name_index);
    return buf;
}

/* Numbers as a kernel that has just booted gives them out. */
const char *iow_sim_number(const struct iow_sim_function *f, bool block, char buf[IOW_SIM_NAME])
{
    if (block)
        return iow_sim_disk_number(f->numbered, buf);
    snprintf(
        buf, IOW_SIM_NAME, "%d:%u", f->model->brings == IOW_SIM_SOUND ? 116 : 240, (unsigned)f->name_index);
    return buf;
}

const char *iow_sim_disk_number(uint32_t numbered, char buf[IOW_SIM_NAME])
{
    snprintf(buf, IOW_SIM_NAME, "259:%u", (unsigned)numbered);
    return buf;
}

uint32_t iow_sim_find_name(const struct iow_sim *sim, const char *name)
{
    char own[IOW_SIM_NAME];

    for (uint32_t i = 0; i < sim->n; i++) {
        const struct iow_sim_function *f = &sim->functions[i];

        if ((iow_sim_has_interface(f) && strcmp(iow_sim_name(f, "", own), name) == 0) ||
            (iow_sim_has_disk(f) && strcmp(iow_sim_name(f, "n1", own), name) == 0))
            return i;
    }
    return IOW_NONE;
}

int iow_sim_add_use(struct iow_sim *sim, enum iow_sim_use_kind kind, uint32_t function, const char *text)
{
    char *copy = strdup(text);
    struct iow_sim_use *use = copy ? iow_list_add(&sim->uses, sizeof(*use)) : NULL;

    if (!use) {
        free(copy);
        return -ENOMEM;
    }
    *use = (struct iow_sim_use){
        .kind = kind, .function = function, .numbered = sim->functions[function].numbered, .text = copy};
    return 0;
}

uint32_t iow_sim_count_uses(const struct iow_sim *sim, enum iow_sim_use_kind kind, uint32_t function)
{
    const struct iow_sim_use *uses = sim->uses.items;
    uint32_t n = 0;

    for (uint32_t i = 0; i < sim->uses.n; i++)
        n += uses[i].kind == kind && uses[i].function == function;
    return n;
}

uint32_t iow_sim_drop_uses(
    struct iow_sim *sim, enum iow_sim_use_kind kind, uint32_t function, const char *text)
{
    struct iow_sim_use *uses = sim->uses.items;
    uint32_t kept = 0, n = sim->uses.n;

    for (uint32_t i = 0; i < n; i++) {
        if (uses[i].kind == kind && (function == IOW_NONE || uses[i].function == function) &&
            (!text || strcmp(uses[i].text, text) == 0))
            free(uses[i].text);
        else
            uses[kept++] = uses[i];
    }
    sim->uses.n = kept;
    return n - kept;
}

/* An interface takes its settings along. A mounted disk stays mounted, dead, and keeps its number. */
void iow_sim_names_go(struct iow_sim *sim, uint32_t function)
{
    iow_sim_drop_uses(sim, IOW_SIM_USE_ADDRESS, function, NULL);
    iow_sim_drop_uses(sim, IOW_SIM_USE_UP, function, NULL);
    iow_sim_drop_uses(sim, IOW_SIM_USE_ROUTE, function, NULL);
    if (iow_sim_count_uses(sim, IOW_SIM_USE_MOUNT, function))
        sim->functions[function].numbered = sim->next_disk++;
}
