/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder that looks like the files of a machine that the live actor works on, with the test program as its helper. */
#ifndef IOWARD_TESTS_HOST_ACTING_H
#define IOWARD_TESTS_HOST_ACTING_H

#include "folder.h"

#include <errno.h>

#include "host/linux/act.h"

#define SECOND_USEC 1000000u
#define NETWORK "sys/bus/pci/devices/0000:01:00.0/"
#define DRIVER "sys/bus/pci/drivers/e1000e/"

struct acting {
    struct folder folder;
    struct iow_actor *actor;
};

static const struct iow_step network = {
    .group = 7, .function = {.bus = 1}, .identity = 0x808610d3, .before = "", .after = ""};

static inline struct iow_step step_of(enum iow_step_kind kind, const char *before, const char *after)
{
    struct iow_step step = network;

    step.kind = kind;
    step.before = before;
    step.after = after;
    return step;
}

/* One network card on e1000e; vfio-pci is there too. */
static inline void acting_begin(struct acting *acting)
{
    static const char *const folders[] = {"sys", "sys/bus", "sys/bus/pci", "sys/bus/pci/devices",
        "sys/bus/pci/drivers", "sys/bus/pci/drivers/e1000e", "sys/bus/pci/drivers/vfio-pci", "sys/devices",
        "sys/devices/0000:01:00.0", "dev", "dev/vfio", "run", "run/udev", "run/udev/data"};

    folder_make(&acting->folder);
    for (size_t i = 0; i < COUNT(folders); i++)
        folder_add_folder(&acting->folder, folders[i]);
    folder_add_link(&acting->folder, "sys/bus/pci/devices/0000:01:00.0", "../../../devices/0000:01:00.0");
    folder_add(&acting->folder, NETWORK "vendor", "0x8086\n");
    folder_add(&acting->folder, NETWORK "device", "0x10d3\n");
    folder_add(&acting->folder, NETWORK "driver_override", "(null)\n");
    folder_add_link(&acting->folder, NETWORK "driver", "../../bus/pci/drivers/e1000e");
    folder_add(&acting->folder, DRIVER "bind", "");
    folder_add(&acting->folder, DRIVER "unbind", "");
    folder_add(&acting->folder, "sys/bus/pci/drivers/vfio-pci/bind", "");
    folder_add(&acting->folder, "sys/bus/pci/drivers/vfio-pci/unbind", "");
    assert_int_equal(
        iow_actor_live(fcntl(acting->folder.fd, F_DUPFD_CLOEXEC, 3), "/proc/self/exe", &acting->actor, NULL),
        0);
}

static inline void acting_end(struct acting *acting)
{
    acting->actor = iow_actor_close(acting->actor);
    folder_remove(&acting->folder);
}

static inline void acting_remove(const struct acting *acting, const char *path)
{
    assert_int_equal(unlinkat(acting->folder.fd, path, 0), 0);
}

static inline const char *acting_text(const struct acting *acting, const char *path)
{
    static char text[4096];
    int n = iow_act_read_text(acting->folder.fd, path, text, sizeof(text));

    assert_true(n >= 0);
    return text;
}

static inline int observe(struct acting *acting, const struct iow_step *step, char *value)
{
    return acting->actor->ops->observe(acting->actor, step, value);
}

static inline int prepare(struct acting *acting, const struct iow_step *step, struct iow_effort *effort)
{
    return acting->actor->ops->prepare(acting->actor, step, effort);
}

static inline int act(struct acting *acting, uint64_t timeout_usec)
{
    return acting->actor->ops->act(acting->actor, timeout_usec);
}

static inline int prepare_and_act(struct acting *acting, const struct iow_step *step)
{
    struct iow_effort effort;
    int r = prepare(acting, step, &effort);

    return r < 0 ? r : act(acting, 20 * SECOND_USEC);
}

#endif
