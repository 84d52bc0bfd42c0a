/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Acting on the live machine.
 *
 * Every store into sysfs is made by a helper, into a file that is opened here; only who may open a node is changed
 * by the actor itself, since that cannot wait. A helper is started when an effect is made ready and sleeps until it
 * gets a byte from us, so that whoever keeps a journal can write down its number in between.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/explain.h"
#include "host/effort.h"
#include "host/linux/act.h"
#include "host/linux/source-folder.h"

#define NO_OVERRIDE "\n" /* what takes the override away; a store of no bytes at all is not one */
#define MODALIAS_BYTES 256

/* A loaded machine takes seconds to start the process that reads; one whose device is locked never answers. */
#define READ_USEC UINT64_C(10000000)

static struct iow_live *live_of(struct iow_actor *actor)
{
    return (struct iow_live *)actor;
}

static int open_source(struct iow_actor *actor, struct iow_source **ret, struct iow_explain *reterr)
{
    int fd = fcntl(live_of(actor)->root, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

    if (fd < 0)
        return iow_explain_text(reterr, -IOW_EIO, IOW_RULE_READ_FAILED, "/");
    return iow_source_folder(fd, IOW_FOLDER_LIVE, ret, reterr);
}

static int prepare_helper(struct iow_live *live, int out, const char *const *args)
{
    int ends[2], r;

    /* Not a pipe: a send can do without SIGPIPE, should the helper have died. */
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    ends[0] = iow_fd_above_standard(ends[0]);
    ends[1] = iow_fd_above_standard(ends[1]);
    r = ends[0] < 0 || ends[1] < 0 ? -EMFILE
                                   : iow_helper_start(live->program, ends[0], out, args, &live->helper);
    iow_cleanup_close(&ends[0]);
    if (r < 0)
        iow_cleanup_close(&ends[1]);
    else
        live->go = ends[1];
    return r;
}

static int prepare_write(struct iow_live *live, int folder, const char *path, const char *text)
{
    const char *const args[] = {"write", text, NULL};
    IOW_CLEANUP_CLOSE int file =
        iow_fd_above_standard(openat(folder, path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC));

    return file < 0 ? -errno : prepare_helper(live, file, args);
}

static int prepare_with_bus(struct iow_live *live, const char *const *args)
{
    IOW_CLEANUP_CLOSE int bus =
        iow_fd_above_standard(openat(live->root, "sys/bus/pci", O_PATH | O_DIRECTORY | O_CLOEXEC));

    return bus < 0 ? -errno : prepare_helper(live, bus, args);
}

static int prepare_load(struct iow_live *live, const struct iow_step *step)
{
    const char *const args[] = {"load", step->after, NULL};

    return iow_act_file_name(step->after) ? prepare_with_bus(live, args) : -IOW_EINVAL;
}

/* The module of a driver that is to get its device back may be gone by now; then it is loaded first. */
static int prepare_load_and_bind(struct iow_live *live, int folder, const char *driver, const char *address)
{
    char modalias[MODALIAS_BYTES];
    const char *const args[] = {"bind", driver, modalias, address, NULL};

    if (iow_act_read_text(folder, "modalias", modalias, sizeof(modalias)) < 0)
        modalias[0] = '\0';
    return prepare_with_bus(live, args);
}

static int prepare_driver(struct iow_live *live, const struct iow_step *step, int folder)
{
    bool bind = step->after[0] != '\0';
    const char *driver = bind ? step->after : step->before;
    char address[IOW_ADDRESS_TEXT], path[NAME_MAX + sizeof("sys/bus/pci/drivers//unbind")];
    int r;

    if (!iow_act_file_name(driver) || (bind && step->before[0]))
        return -IOW_EINVAL;
    (void)iow_address_format(&step->function, address);
    (void)snprintf(path, sizeof(path), "sys/bus/pci/drivers/%s/%s", driver, bind ? "bind" : "unbind");
    r = prepare_write(live, live->root, path, address);
    return bind && r == -ENOENT ? prepare_load_and_bind(live, folder, driver, address) : r;
}

static int prepare_override(struct iow_live *live, const struct iow_step *step, int folder)
{
    return prepare_write(live, folder, "driver_override", step->after[0] ? step->after : NO_OVERRIDE);
}

static int prepare_function(struct iow_live *live, const struct iow_step *step)
{
    IOW_CLEANUP_CLOSE int folder = iow_act_open_function(live, step);

    if (folder < 0)
        return folder;
    return step->kind == IOW_STEP_OVERRIDE ? prepare_override(live, step, folder)
                                           : prepare_driver(live, step, folder);
}

static int prepare_give(struct iow_live *live, const struct iow_step *step)
{
    live->gives = true;
    live->group = step->group;
    return iow_access_parse(step->after, &live->uid, &live->gid, &live->mode);
}

static int prepare_kind(struct iow_live *live, const struct iow_step *step)
{
    switch (step->kind) {
    case IOW_STEP_LOAD:
        return prepare_load(live, step);
    case IOW_STEP_UNBIND:
    case IOW_STEP_BIND:
    case IOW_STEP_OVERRIDE:
        return prepare_function(live, step);
    case IOW_STEP_GIVE:
        return prepare_give(live, step);
    default:
        return -IOW_EINVAL;
    }
}

static int prepare(struct iow_actor *actor, const struct iow_step *step, struct iow_effort *ret)
{
    struct iow_live *live = live_of(actor);
    int r;

    if (live->ready)
        return -IOW_EBUSY;
    live->gives = false;
    live->helper = (struct iow_helper){.pidfd = -1};
    r = prepare_kind(live, step);
    if (r < 0)
        return r;
    live->ready = true;
    *ret = live->helper.effort;
    return 0;
}

static void end_go(struct iow_live *live)
{
    iow_cleanup_close(&live->go);
    live->go = -1;
}

static int act(struct iow_actor *actor, uint64_t timeout_usec)
{
    struct iow_live *live = live_of(actor);
    struct iow_wait wait = iow_wait_begin(timeout_usec, actor->stop);

    if (!live->ready)
        return -IOW_EINVAL;
    live->ready = false;
    if (live->gives)
        return iow_act_give(live, timeout_usec);
    (void)send(live->go, "", 1, MSG_NOSIGNAL);
    end_go(live);
    return iow_helper_wait(&live->helper, &wait);
}

static void cancel(struct iow_actor *actor)
{
    struct iow_live *live = live_of(actor);
    struct iow_wait wait = iow_wait_begin(UINT64_MAX, NULL);

    if (!live->ready)
        return;
    live->ready = false;
    if (live->gives)
        return;
    /* It sees that no byte will come, and then has nothing to wait for. */
    end_go(live);
    (void)iow_helper_wait(&live->helper, &wait);
}

static int await(struct iow_actor *actor, const struct iow_effort *effort, uint64_t timeout_usec)
{
    return iow_effort_await(effort, timeout_usec, actor->stop);
}

static void free_live(struct iow_actor *actor)
{
    struct iow_live *live = live_of(actor);

    cancel(actor);
    while (live->slow_reads) {
        struct iow_slow_read *slow = live->slow_reads;

        live->slow_reads = slow->next;
        free(slow);
    }
    iow_cleanup_close(&live->root);
    iow_cleanup_close(&live->program);
    free(live);
}

static const struct iow_actor_ops live_ops = {
    .open_source = open_source,
    .observe = iow_act_observe,
    .prepare = prepare,
    .act = act,
    .cancel = cancel,
    .await = await,
    .free = free_live,
};

int iow_actor_live(int root_fd, const char *helper, struct iow_actor **ret, struct iow_explain *reterr)
{
    struct iow_live *live = calloc(1, sizeof(*live));

    if (!live) {
        (void)close(root_fd);
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    }
    live->actor = (struct iow_actor){.ops = &live_ops, .provenance = IOW_FROM_LIVE};
    live->go = -1;
    live->read_usec = READ_USEC;
    live->root = iow_fd_above_standard(root_fd);
    /* Kept open: what runs later is this very program, also when an update has replaced it. */
    live->program = iow_fd_above_standard(open(helper, O_PATH | O_CLOEXEC));
    if (live->root < 0 || live->program < 0) {
        free_live(&live->actor);
        return iow_explain_text(reterr, -IOW_EIO, IOW_RULE_READ_FAILED, helper);
    }
    *ret = &live->actor;
    return 0;
}

int iow_actor_open_live(const char *helper, struct iow_actor **ret, struct iow_explain *reterr)
{
    int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return iow_explain_text(reterr, -IOW_EIO, IOW_RULE_READ_FAILED, "/");
    return iow_actor_live(fd, helper, ret, reterr);
}

struct iow_actor *iow_actor_close(struct iow_actor *actor)
{
    if (actor)
        actor->ops->free(actor);
    return NULL;
}
