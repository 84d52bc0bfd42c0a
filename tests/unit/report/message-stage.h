/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine on which much is refused, and what is said of a message there. */
#ifndef IOWARD_TESTS_REPORT_MESSAGE_STAGE_H
#define IOWARD_TESTS_REPORT_MESSAGE_STAGE_H

#include "stage.h"

#include "report/message.h"

/* One message, on the machine as it is or as a tweak makes it, and a rule that must be among its causes. */
struct message_case {
    const char *line;
    enum iow_rule rule;
    bool now;
    const char *words; /* in its sentence or remedy; NULL: not looked at */
    void (*tweak)(struct scene *s);
};

/*
 * Group 1 has a function of VFIO's and one of the kernel's, group 2 is VFIO's and held by process 100, group 3 has a
 * function without a driver and a region of the firmware's, group 4 is VFIO's and nobody's, group 6 is below an open
 * port, group 8 has a bridge that stands in for what is behind it; 05:00.0 has no group.
 */
static inline void message_stage_set(struct stage *s)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0, "pcieport"},
        {"00:03.0", NULL, PORT_OPEN, 6, "pcieport"}, {"00:04.0", NULL, PORT, 7, "pcieport"},
        {"01:00.0", "00:02.0", EP, 1, "vfio-pci"}, {"01:00.1", "00:02.0", EP, 1, "e1000e"},
        {"02:00.0", "00:02.0", EP, 2, "vfio-pci"}, {"03:00.0", "00:02.0", EP, 3, NULL},
        {"04:00.0", "00:02.0", EP, 4, "vfio-pci"}, {"05:00.0", "00:02.0", EP, NO_GROUP, "e1000e"},
        {"06:00.0", "00:03.0", EP, 6, "nvme"}, {"07:00.0", "00:04.0", IOW_PCIE_TO_PCI_BRIDGE, -1, 0, 8, NULL},
        {"08:01.0", "07:00.0", EP, 8, "e1000"}};
    static const struct iow_held held[] = {{IOW_HELD_GROUP, 2, IOW_NONE}};
    static const struct iow_region region[] = {{0x1000, 0x1fff, "direct"}, {0xfee00000, 0xfeefffff, "msi"}};
    struct scene *scene = &s->scene;

    scene_set(scene, actor, COUNT(actor));
    for (uint32_t i = 0; i < scene->facts.n_functions; i++) {
        scene->function[i].known |= IOW_FUNCTION_DETAILS;
        scene->function[i].power_state = IOW_POWER_D0;
        scene->function[i].reset_methods = "flr bus";
    }
    scene->group[scene_group(scene, 1)].vfio_node = true;
    scene->group[scene_group(scene, 2)].vfio_node = true;
    scene->group[scene_group(scene, 4)].vfio_node = true;
    scene->group[scene_group(scene, 3)].n_regions = COUNT(region);
    scene->group[scene_group(scene, 3)].regions = region;
    scene_hold(scene, 100, held, COUNT(held));
    scene->parameter[0] = (struct iow_parameter){"vfio_iommu_type1.allow_unsafe_interrupts", "N"};
    scene->parameter[1] = (struct iow_parameter){"vfio_pci.disable_idle_d3", "N"};
    scene->facts.machine.n_parameters = 2;
}

static inline struct iow_function *message_function(struct scene *s, const char *address)
{
    return &s->function[scene_function(s, address)];
}

/* The answer lives until the stage ends. */
static inline void message_ask(struct stage *s, const char *line, struct iow_message_answer *ret)
{
    struct iow_message_log log = {0};

    assert_int_equal(iow_message_take(&log, line, &s->scene.mem), 0);
    if (!log.first)
        fail_msg("'%s' is no message that is known", line);
    assert_int_equal(iow_message_explain(s->view, log.first, &s->scene.mem, ret), 0);
    assert_true(ret->n >= 1);
}

static inline const struct iow_message_cause *message_cause(
    const struct iow_message_answer *a, enum iow_rule rule)
{
    for (uint32_t i = 0; i < a->n; i++)
        if (a->cause[i].rule == rule)
            return &a->cause[i];
    return NULL;
}

static inline void message_check(const struct message_case *c)
{
    const struct iow_message_cause *cause;
    struct iow_message_answer answer;
    struct stage s;

    message_stage_set(&s);
    if (c->tweak)
        c->tweak(&s.scene);
    stage_play(&s);
    message_ask(&s, c->line, &answer);
    cause = message_cause(&answer, c->rule);
    if (!cause)
        fail_msg("'%s' is explained by %s", c->line, answer.cause[0].text);
    assert_int_equal(cause->now, c->now);
    assert_null(strchr(cause->text, '{'));
    assert_null(strstr(cause->text, "?"));
    if (c->words && !strstr(cause->text, c->words) && !(cause->remedy && strstr(cause->remedy, c->words)))
        fail_msg("'%s' is not in: %s -> %s", c->words, cause->text, cause->remedy);
    stage_end(&s);
}

static inline void message_check_all(const struct message_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++)
        message_check(&cases[i]);
}

#endif
