/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine with much to find: a card that a user has, a card driven from user space, nothing around them read. */
#ifndef IOWARD_TESTS_REPORT_AUDIT_STAGE_H
#define IOWARD_TESTS_REPORT_AUDIT_STAGE_H

#include "stage.h"

#include "report/audit.h"

#define TODAY 20000

struct audit_stage {
    struct stage stage;
    struct iow_acceptance acceptances[4];
    uint32_t n_acceptances;
    struct iow_missing missing[2];
    struct iow_audit audit;
    struct iow_audit_view view;
};

enum {
    STAGE_PORT,
    STAGE_CARD,
    STAGE_OTHER
};

static inline void audit_set(struct audit_stage *s)
{
    static const struct iow_held held[] = {
        {IOW_HELD_GROUP, 5, IOW_NONE}, {IOW_HELD_DEVICE, IOW_NONE, STAGE_CARD}};
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0, "pcieport"},
        {"01:00.0", "00:02.0", EP, 5, "vfio-pci"}, {"80:00.0", NULL, EP, 7, "uio_pci_generic"}};
    struct scene *scene = &s->stage.scene;

    memset(s, 0, sizeof(*s));
    scene_set(scene, actor, COUNT(actor));
    scene_hold(scene, 812, held, COUNT(held));
    scene->group[1].vfio_node = true;
    scene->function[STAGE_CARD].config.ats_offset = 0x200;
    scene->function[STAGE_CARD].config.ats_ctrl = IOW_ATS_ENABLE;
    scene->parameter[0] = (struct iow_parameter){"vfio.enable_unsafe_noiommu_mode", "Y"};
    scene->facts.machine.n_parameters = 1;
    scene->facts.machine.lockdown = IOW_LOCKDOWN_NONE;
}

/* One more acceptance of a finding about a device, or about none. */
static inline void audit_accept(struct audit_stage *s, enum iow_rule rule, uint32_t function, int32_t until)
{
    static struct iow_accept_device devices[4];
    uint32_t n = s->n_acceptances++;

    s->acceptances[n] = (struct iow_acceptance){.rule = rule,
        .reason = HOSTILE,
        .until_text = "2024-10-04",
        .until = until,
        .file = "a.conf",
        .line = n + 1};
    if (function == IOW_NONE)
        return;
    devices[n] = (struct iow_accept_device){.address = s->stage.scene.function[function].address,
        .vendor = s->stage.scene.function[function].config.vendor,
        .device = s->stage.scene.function[function].config.device};
    s->acceptances[n].devices = &devices[n];
    s->acceptances[n].n_devices = 1;
}

static inline void audit_miss(struct audit_stage *s, uint32_t n, struct iow_subject subject)
{
    s->missing[n] = (struct iow_missing){.rule = IOW_RULE_READ_DENIED, .subject = subject, .path = "sys/x"};
    s->stage.scene.facts.missing = s->missing;
    s->stage.scene.facts.n_missing = n + 1;
}

static inline void audit_play(struct audit_stage *s, const struct iow_audit_choice *choice)
{
    const struct iow_audit_request request = {
        .today = TODAY, .n_acceptances = s->n_acceptances, .acceptances = s->acceptances};
    struct iow_mem *mem = &s->stage.scene.mem;

    stage_play(&s->stage);
    assert_int_equal(iow_audit(s->stage.scene.analysis, &request, mem, &s->audit), 0);
    assert_int_equal(iow_audit_view_build(s->stage.view, &s->audit, &request, choice, mem, &s->view), 0);
}

static inline char *drawn_audit(struct audit_stage *s, bool json)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    assert_int_equal(
        json ? iow_audit_json(&s->view, &s->stage.scene.mem, out) : iow_audit_text(&s->view, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

#endif
