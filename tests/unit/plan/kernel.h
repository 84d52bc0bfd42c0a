/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Linux does to the variables of a plan's steps, as a value: a driver binds only where none is, and only
 * to a function whose driver_override is empty and whose ids it knows, or names it; a group has a node as long
 * as a member is under vfio-pci, owned by root at first. Source: drivers/base/bus.c bind_store(),
 * drivers/pci/pci-driver.c pci_match_device(), drivers/vfio/group.c vfio_device_set_group()
 */
#ifndef IOWARD_TESTS_PLAN_KERNEL_H
#define IOWARD_TESTS_PLAN_KERNEL_H

#include "plan-scene.h"

#define VALUE_BYTES 64
#define NEW_NODE "0:0:0600"

struct kernel_function {
    char driver[VALUE_BYTES], override[VALUE_BYTES];
    char native[VALUE_BYTES]; /* the driver that knows its ids; it may not be the one bound */
    uint32_t group;
};

struct kernel {
    bool loaded;
    uint32_t n;
    struct kernel_function function[SCENE_MOST];
    char access[16][VALUE_BYTES]; /* by group number; "" no node */
};

static inline const char *or_empty(const char *text)
{
    return text ? text : "";
}

static inline void kernel_set(char to[VALUE_BYTES], const char *value)
{
    assert_true(strlen(value) < VALUE_BYTES);
    memset(to, 0, VALUE_BYTES);
    memcpy(to, value, strlen(value));
}

/* Nodes come with the first member under VFIO and go with the last. */
static inline void kernel_update_nodes(struct kernel *k)
{
    for (uint32_t g = 0; g < COUNT(k->access); g++) {
        bool node = false;

        for (uint32_t i = 0; i < k->n; i++)
            node |= k->function[i].group == g && iow_driver_is_vfio(k->function[i].driver);
        if (!node)
            kernel_set(k->access[g], "");
        else if (!*k->access[g])
            kernel_set(k->access[g], NEW_NODE);
    }
}

static inline void kernel_boot(struct kernel *k, const struct scene *s)
{
    memset(k, 0, sizeof(*k));
    k->n = s->facts.n_functions;
    for (uint32_t i = 0; i < k->n; i++) {
        const struct iow_function *f = &s->function[i];

        kernel_set(k->function[i].driver, or_empty(f->driver));
        kernel_set(k->function[i].override, or_empty(f->driver_override));
        /* A driver that is bound against its override was bound before that was set: by its ids. */
        kernel_set(k->function[i].native,
            f->driver && strcmp(f->driver, or_empty(f->driver_override)) != 0 ? f->driver : "native");
        k->function[i].group = f->group;
        k->loaded |= iow_driver_is_vfio(f->driver);
    }
    kernel_update_nodes(k);
}

static inline uint32_t kernel_find(const struct scene *s, const struct iow_address *address)
{
    uint32_t i = 0;

    while (i < s->facts.n_functions && iow_address_compare(&s->function[i].address, address) != 0)
        i++;
    assert_true(i < s->facts.n_functions);
    return i;
}

static inline int kernel_bind(struct kernel *k, struct kernel_function *f, const char *driver)
{
    if (*f->driver)
        return -16;
    if (strcmp(driver, "vfio-pci") == 0 && !k->loaded)
        return -2;
    if (strcmp(*f->override ? f->override : f->native, driver) != 0)
        return -19;
    kernel_set(f->driver, driver);
    return 0;
}

static inline int kernel_unbind(struct kernel_function *f, const char *driver)
{
    if (strcmp(f->driver, driver) != 0)
        return -19;
    kernel_set(f->driver, "");
    return 0;
}

/* The value of the step's variable. */
static inline const char *kernel_value(
    const struct kernel *k, const struct scene *s, const struct iow_step *step)
{
    switch (step->kind) {
    case IOW_STEP_LOAD:
        return k->loaded ? "vfio-pci" : "";
    case IOW_STEP_UNBIND:
    case IOW_STEP_BIND:
        return k->function[kernel_find(s, &step->function)].driver;
    case IOW_STEP_OVERRIDE:
        return k->function[kernel_find(s, &step->function)].override;
    case IOW_STEP_GIVE:
        return k->access[step->group];
    default:
        fail_msg("no such step");
        return NULL;
    }
}

static inline int kernel_do(struct kernel *k, const struct scene *s, const struct iow_step *step)
{
    int r = 0;

    switch (step->kind) {
    case IOW_STEP_LOAD:
        k->loaded = true;
        break;
    case IOW_STEP_UNBIND:
        r = kernel_unbind(&k->function[kernel_find(s, &step->function)], step->before);
        break;
    case IOW_STEP_OVERRIDE:
        kernel_set(k->function[kernel_find(s, &step->function)].override, step->after);
        break;
    case IOW_STEP_BIND:
        r = kernel_bind(k, &k->function[kernel_find(s, &step->function)], step->after);
        break;
    case IOW_STEP_GIVE:
        if (!*k->access[step->group])
            return -2;
        kernel_set(k->access[step->group], step->after);
        break;
    default:
        return -22;
    }
    kernel_update_nodes(k);
    return r;
}

#endif
