/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

#define PORT IOW_PCIE_ROOT_PORT, 0x5f, 0x1d
#define EP IOW_PCIE_ENDPOINT, -1, 0

static const struct actor actors[] = {
    [PORT_A] = {"00:02.0", NULL, PORT, GROUP_PORT_A, "pcieport"},
    [PORT_B] = {"00:03.0", NULL, PORT, GROUP_PORT_B, "pcieport"},
    [NIC] = {"01:00.0", "00:02.0", EP, GROUP_NIC, "e1000e", .master = true},
    [CARD] = {"02:00.0", "00:03.0", EP, GROUP_CARD, "vfio-pci", .multifunction = true, .master = true},
    [SOUND] = {"02:00.1", "00:03.0", EP, GROUP_CARD, "vfio-pci", .multifunction = true, .master = true},
};

static void add_details(struct iow_function *f)
{
    static const struct iow_bar bar = {.first = 0xfe000000, .last = 0xfe003fff, .flags = 0x40200};

    f->known |= IOW_FUNCTION_DETAILS;
    f->reset_methods = "flr";
    f->bars = &bar;
    f->n_bars = 1;
}

void quiet(struct scene *s)
{
    static const struct iow_held held[] = {
        {IOW_HELD_GROUP, GROUP_CARD, IOW_NONE}, {IOW_HELD_DEVICE, IOW_NONE, CARD}};
    static const struct iow_region none[1];

    scene_set(s, actors, COUNT(actors));
    s->function[PORT_A].config.secondary = 1;
    s->function[PORT_B].config.secondary = 2;
    for (uint32_t i = 0; i < COUNT(actors); i++)
        add_details(&s->function[i]);
    for (uint32_t g = 0; g < s->facts.n_groups; g++)
        s->group[g].regions = none;
    s->group[GROUP_CARD].vfio_node = true;
    scene_hold(s, 812, held, COUNT(held));
    s->facts.machine.surroundings = true;
    s->facts.machine.lockdown = IOW_LOCKDOWN_INTEGRITY;
    s->facts.machine.interrupts = IOW_INTERRUPTS_ISOLATED;
}

void as_it_is(struct scene *s)
{
    (void)s;
}

void surroundings_unread(struct scene *s)
{
    s->facts.machine.surroundings = false;
}
