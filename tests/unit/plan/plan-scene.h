/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scene that is read completely, and a request about it. */
#ifndef IOWARD_TESTS_PLAN_SCENE_H
#define IOWARD_TESTS_PLAN_SCENE_H

#include "audit/scene.h"

#include <ioward/plan.h>

#define EP IOW_PCIE_ENDPOINT, -1, 0
#define PORT IOW_PCIE_ROOT_PORT, 0x5f, 0x1d
#define NAMED_MOST 8

/* A port above one group of four: a bound function, a free one, one of VFIO's, and a parked one. */
#define PLAN_CAST                                                                                            \
    {                                                                                                        \
        {"00:02.0", NULL, PORT, 4, "pcieport"}, {"01:00.0", "00:02.0", EP, 4, "e1000e"},                     \
            {"01:00.1", "00:02.0", EP, 4, NULL}, {"01:00.2", "00:02.0", EP, 4, "vfio-pci"},                  \
            {"01:00.3", "00:02.0", EP, 4, "pci-stub"}, {"02:00.0", NULL, EP, 7, "nvme"},                     \
            {"03:00.0", NULL, EP, NO_GROUP, "ahci"},                                                         \
    }

struct plan_scene {
    struct scene scene;
    uint32_t named[NAMED_MOST], whole[NAMED_MOST], claimed[NAMED_MOST];
    struct iow_claim_request request;
    struct iow_plan *plan;
};

/* Of everything all is known, and nothing is in use. Classes: a bridge for what has something below it. */
static inline void plan_scene_set(struct plan_scene *s, const struct actor *actor, uint32_t n)
{
    static const struct iow_region none;

    memset(s, 0, sizeof(*s));
    scene_set(&s->scene, actor, n);
    for (uint32_t i = 0; i < n; i++) {
        struct iow_function *f = &s->scene.function[i];

        f->known = IOW_FUNCTION_PATH | IOW_FUNCTION_DRIVER | IOW_FUNCTION_DETAILS | IOW_FUNCTION_USES;
        f->config.class_code = f->config.header_type == 1 ? 0x060400 : 0x020000;
        f->config.device = (uint16_t)(0x100 + i);
    }
    for (uint32_t g = 0; g < s->scene.facts.n_groups; g++)
        s->scene.group[g].regions = &none;
    s->request = (struct iow_claim_request){
        .functions = s->named, .whole = s->whole, .claimed = s->claimed, .uid = 1000, .gid = 100};
}

static inline struct iow_function *plan_scene_function(struct plan_scene *s, const char *address)
{
    return &s->scene.function[scene_function(&s->scene, address)];
}

static inline void plan_scene_name(struct plan_scene *s, const char *address)
{
    assert_true(s->request.n < NAMED_MOST);
    s->named[s->request.n++] = scene_function(&s->scene, address);
}

static inline void plan_scene_name_group(struct plan_scene *s, uint32_t number)
{
    assert_true(s->request.n_whole < NAMED_MOST);
    s->whole[s->request.n_whole++] = number;
}

static inline void plan_scene_play(struct plan_scene *s)
{
    scene_play(&s->scene);
    assert_int_equal(iow_plan_claim(s->scene.analysis, &s->request, &s->scene.mem, &s->plan), 0);
}

static inline void plan_scene_end(struct plan_scene *s)
{
    scene_end(&s->scene);
}

#endif
