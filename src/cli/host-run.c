/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/host-run.h"

#include "base/explain.h"
#include "cli/supervise.h"
#include "cli/tell.h"
#include "host/effort.h"
#include "report/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

int iow_host_supervisor(struct host *host, struct iow_effort *ret, struct iow_explain *reterr)
{
    int r = iow_effort_of(getpid(), ret);

    (void)host;
    return r < 0 ? iow_explain_text(reterr, -IOW_EIO, IOW_RULE_READ_FAILED, "/proc/self/stat") : 0;
}

static void say_left_behind(void *ctx, const struct iow_left_behind *who)
{
    const struct host_command *command = ctx;

    if (!isatty(STDERR_FILENO))
        return;
    if (who->n == 1)
        iow_tell_line(
            "waiting for %s (process %d), which %s left behind", who->name, (int)who->pid, command->argv[0]);
    else
        iow_tell_line("waiting for %s (process %d) and %u more, which %s left behind", who->name,
            (int)who->pid, who->n - 1, command->argv[0]);
}

/* Do the members of a plan with this role go to the user? */
static bool goes(enum iow_member_role role)
{
    return role == IOW_MEMBER_ASKED || role == IOW_MEMBER_COMPANION;
}

static void list_devices(const struct host_command *command, struct iow_text *to)
{
    char buf[IOW_ADDRESS_TEXT];

    for (uint32_t i = 0; i < command->plan->n_members; i++) {
        const struct iow_plan_member *member = &command->plan->members[i];

        if (goes(member->role))
            iow_text_print(to, "%s%s", to->len ? " " : "",
                iow_address_format(&iow_facts_function_at(command->facts, member->function)->address, buf));
    }
}

static void list_groups(const struct host_command *command, struct iow_text *to)
{
    uint32_t last = IOW_NONE;

    for (uint32_t i = 0; i < command->plan->n_members; i++) {
        uint32_t group = command->plan->members[i].group;

        if (group != last)
            iow_text_print(to, "%s%" PRIu32, to->len ? " " : "", group);
        last = group;
    }
}

/* So that the command finds what it was given. */
static int tell_environment(const struct host_command *command)
{
    struct iow_text groups = {0}, devices = {0};
    int r = -ENOMEM;

    list_groups(command, &groups);
    list_devices(command, &devices);
    if (!groups.failed && !devices.failed &&
        setenv("IOWARD_GROUPS", groups.data ? groups.data : "", 1) == 0 &&
        setenv("IOWARD_DEVICES", devices.data ? devices.data : "", 1) == 0)
        r = 0;
    iow_text_done(&groups);
    iow_text_done(&devices);
    return r;
}

static struct iow_supervision supervision_of(char **argv, const struct user *user)
{
    return (struct iow_supervision){.argv = argv,
        .uid = user->uid,
        .gid = user->gid,
        .user = *user->name ? user->name : NULL,
        .lock = -1};
}

static int not_started(const char *name, int error, struct iow_explain *reterr)
{
    (void)iow_explain_text(reterr, error, IOW_RULE_EXEC_COMMAND, name);
    iow_explain_evidence(reterr, (uint64_t)-error, 0, 0);
    return error;
}

int iow_host_look_for(struct host *host, char **argv, const struct user *user, struct iow_explain *reterr)
{
    const struct iow_supervision what = supervision_of(argv, user);
    int r = iow_supervise_look(&what);

    (void)host;
    return r < 0 ? not_started(argv[0], r, reterr) : 0;
}

int iow_host_run(struct host *host, struct host_command *command, struct iow_explain *reterr)
{
    struct iow_supervision what = supervision_of(command->argv, command->user);
    int status = 0, r = tell_environment(command);

    what.asked = what.uid == host->ops->asking(host);
    what.stop = host->stop;
    what.memlock_bytes = command->lock_bytes;
    what.left_behind = say_left_behind;
    what.ctx = command;
    if (r == 0)
        r = iow_supervision_lock(host->lock_folder, command->transaction, &what.lock);
    if (r == 0)
        r = iow_supervise(&what, &status);
    iow_supervision_unlock(host->lock_folder, command->transaction, what.lock);
    if (r == -EINTR)
        return iow_explain(reterr, -IOW_EINTR, IOW_RULE_EXEC_STOPPED);
    return r == 0 ? status : not_started(command->argv[0], r, reterr);
}
