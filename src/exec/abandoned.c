/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "exec/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>

#include "base/cleanup.h"

/* Everyone whom a command left behind inherited its lock. What cannot be looked at counts as somebody. */
static bool locked_by_anybody(const char *lock_folder, int64_t transaction)
{
    IOW_CLEANUP_CLOSE int fd = -1;
    char path[PATH_MAX];
    int len = snprintf(path, sizeof(path), "%s/run-%" PRId64, lock_folder, transaction);

    if (len < 0 || (size_t)len >= sizeof(path))
        return true;
    fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return errno != ENOENT;
    return flock(fd, LOCK_EX | LOCK_NB) < 0;
}

static bool alive(struct iow_actor *actor, const struct iow_effort *effort)
{
    return effort->pid && actor->ops->await(actor, effort, 0) != 0;
}

bool iow_claim_abandoned(struct iow_actor *actor, const char *lock_folder, const struct iow_claim *claim)
{
    switch (claim->state) {
    case IOW_CLAIM_TAKING:
    case IOW_CLAIM_RELEASING:
        return true;
    case IOW_CLAIM_HELD:
        return claim->bound && !alive(actor, &claim->supervisor) &&
               !locked_by_anybody(lock_folder, claim->transaction);
    case IOW_CLAIM__COUNT:
        break;
    }
    return false;
}

bool iow_claim_has_group(const struct iow_claim *claim, const struct iow_facts *facts)
{
    for (uint32_t i = 0; i < claim->n_members; i++) {
        uint32_t position = iow_facts_find_function(facts, &claim->members[i].function);
        const struct iow_function *f = iow_facts_function_at(facts, position);

        if (f && f->group == claim->group)
            return true;
    }
    return false;
}
