/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stage: a scene of the audit room with its view, and what drawers make of it. */
#ifndef IOWARD_TESTS_REPORT_STAGE_H
#define IOWARD_TESTS_REPORT_STAGE_H

#include "audit/scene.h"

#include "report/report.h"

#include <ctype.h>
#include <json-c/json.h>

#define PORT IOW_PCIE_ROOT_PORT, 0x5f, 0x1d
#define PORT_OPEN IOW_PCIE_ROOT_PORT, -1, 0
#define PORT_CLEARED IOW_PCIE_ROOT_PORT, 0x5f, 0x00
#define EP IOW_PCIE_ENDPOINT, -1, 0

/* What a stranger may call himself, and how people get to see it. */
#define HOSTILE "bad\x1b[2J\xff"
#define HOSTILE_SHOWN "bad\\x1b[2J\\xff"

struct stage {
    struct scene scene;
    struct iow_view *view;
};

static inline void stage_play(struct stage *s)
{
    scene_play(&s->scene);
    assert_int_equal(iow_view_build(s->scene.analysis, NULL, NULL, &s->scene.mem, &s->view), 0);
}

static inline void stage_end(struct stage *s)
{
    scene_end(&s->scene);
}

static inline const struct iow_view_function *stage_function(const struct stage *s, const char *address)
{
    return &s->view->functions[scene_function(&s->scene, address)];
}

/* A port, and below it one device that VFIO has: groups 0 and 5. */
static inline void stage_set_vfio(struct stage *s, const char *driver)
{
    const struct actor actor[] = {
        {"00:02.0", NULL, PORT, 0, "pcieport"}, {"01:00.0", "00:02.0", EP, 5, driver}};

    scene_set(&s->scene, actor, COUNT(actor));
    s->scene.group[1].vfio_node = true;
}

/* A device that does its DMA in the name of the host bridge above its domain. */
static inline void stage_set_vmd(struct stage *s)
{
    static const struct actor actor[] = {{"0000:00:0e.0", NULL, EP, 3, "vmd"},
        {"10000:e0:00.0", NULL, PORT, 3, "pcieport"}, {"10000:e1:00.0", "10000:e0:00.0", EP, 3, "nvme"}};

    scene_set(&s->scene, actor, COUNT(actor));
    s->scene.function[1].real_dma = s->scene.function[2].real_dma = 0;
}

/* Two functions, of which the first is known to use the requester ID of the second, too. */
static inline void stage_set_alias(struct stage *s)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0, "pcieport"},
        {"01:00.0", "00:02.0", EP, 1, "ahci"}, {"01:00.1", "00:02.0", EP, 1, "pata_marvell"}};

    scene_set(&s->scene, actor, COUNT(actor));
    s->scene.function[1].config.vendor = 0x1b4b;
    s->scene.function[1].config.device = 0x9230;
}

/* A machine that groups a device when a driver first binds: a port still waits, a device came before its. */
static inline void stage_set_lazy(struct stage *s)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT_OPEN, 0, "pcieport"},
        {"00:03.0", NULL, PORT, NO_GROUP}, {"01:00.0", "00:02.0", EP, 1, "virtio-pci"}};

    scene_set(&s->scene, actor, COUNT(actor));
    s->scene.iommu[0] = "virtio0";
}

/* A device that sleeps, so that only its ids are known; the list of what is missing says it. */
static inline void stage_set_asleep(struct stage *s, struct iow_missing *room)
{
    stage_set_vfio(s, "snd_hda_intel");
    s->scene.group[1].vfio_node = false;
    s->scene.function[1].config.known = IOW_CONFIG_IDS;
    s->scene.function[1].asleep = true;
    s->scene.function[1].power_state = IOW_POWER_D3COLD;
    *room = (struct iow_missing){.rule = IOW_RULE_READ_ASLEEP,
        .subject = {.kind = IOW_SUBJECT_FUNCTION, .address = s->scene.function[1].address},
        .path = "sys/x/config"};
    s->scene.facts.missing = room;
    s->scene.facts.n_missing = 1;
}

/* --- what is drawn --- */

static inline char *drawn_status(const struct stage *s, const struct iow_status_style *style)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    assert_int_equal(style ? iow_status_text(s->view, style, out) : iow_status_json(s->view, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

static inline char *drawn_show(const struct stage *s, const uint32_t *functions, uint32_t n, bool json)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    assert_int_equal((json ? iow_show_json : iow_show_text)(s->view, functions, n, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* b NULL: about a alone */
static inline char *drawn_why(struct stage *s, const char *a, const char *b, bool json)
{
    const uint32_t both[] = {scene_function(&s->scene, a), scene_function(&s->scene, b ? b : a)};
    struct iow_why *why;
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    assert_int_equal(iow_why_build(s->view, both, b ? 2 : 1, &s->scene.mem, &why), 0);
    assert_int_equal((json ? iow_why_json : iow_why_text)(s->view, why, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* Lines are broken where the width wants it: every stretch of white space becomes one space. */
static inline char *flat(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        if (!isspace((unsigned char)*from))
            *to++ = *from;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    }
    *to = '\0';
    return text;
}

static inline unsigned count_of(const char *text, const char *wanted)
{
    unsigned n = 0;

    for (const char *at = text; (at = strstr(at, wanted)); at += strlen(wanted))
        n++;
    return n;
}

static inline void says(const char *text, const char *wanted)
{
    if (!text || !strstr(text, wanted))
        fail_msg("\"%s\" is not in: %s", wanted, text ? text : "nothing");
}

static inline void says_not(const char *text, const char *unwanted)
{
    if (!text || strstr(text, unwanted))
        fail_msg("\"%s\" is in: %s", unwanted, text ? text : "nothing");
}

/* --- documents --- */

static inline struct json_object *parsed(char *text)
{
    struct json_object *document = json_tokener_parse(text);

    assert_non_null(document);
    free(text);
    return document;
}

static inline struct json_object *get(struct json_object *object, const char *key)
{
    struct json_object *value = NULL;

    if (!json_object_object_get_ex(object, key, &value))
        fail_msg("no key %s", key);
    return value;
}

static inline struct json_object *item(struct json_object *object, const char *key, size_t i)
{
    struct json_object *list = get(object, key);

    assert_true(i < json_object_array_length(list));
    return json_object_array_get_idx(list, i);
}

static inline size_t length(struct json_object *object, const char *key)
{
    return json_object_array_length(get(object, key));
}

/* wanted NULL: null */
static inline void has_text(struct json_object *object, const char *key, const char *wanted)
{
    struct json_object *value = get(object, key);

    if (!wanted) {
        assert_null(value);
        return;
    }
    assert_true(json_object_is_type(value, json_type_string));
    assert_string_equal(json_object_get_string(value), wanted);
}

static inline void has_number(struct json_object *object, const char *key, uint64_t wanted)
{
    assert_true(json_object_is_type(get(object, key), json_type_int));
    assert_true(json_object_get_uint64(get(object, key)) == wanted);
}

static inline void has_bool(struct json_object *object, const char *key, bool wanted)
{
    assert_true(json_object_is_type(get(object, key), json_type_boolean));
    assert_int_equal(json_object_get_boolean(get(object, key)), wanted);
}

#endif
