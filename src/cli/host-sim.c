/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated machine: its journal and history are in memory, its users are three, nobody else changes it. */
#include "base/explain.h"
#include "cli/host.h"
#include "cli/sim-program.h"
#include "cli/user.h"
#include "host/sim/sim.h"

#include <stdio.h>
#include <string.h>

static const struct {
    uint32_t uid;
    const char *name;
} users[] = {{0, "root"}, {1000, "alice"}, {1001, "bob"}};

#define ALICE 1

/* 2026-01-01 00:00:00 UTC, and a second each time somebody looks: the same commands, the same times. */
static uint64_t clock_usec = UINT64_C(1767225600000000);

static uint64_t now_usec(void)
{
    return clock_usec += 1000000;
}

static int open_source(struct host *host, struct iow_source **ret, struct iow_explain *reterr)
{
    return host->actor->ops->open_source(host->actor, ret, reterr);
}

static int look(struct host *host, bool history, struct iow_explain *reterr)
{
    if (history)
        return host->history ? 0 : iow_history_open(":memory:", &host->history, reterr);
    return host->journal ? 0 : iow_journal_open(":memory:", host->boot_id, &host->journal, reterr);
}

static int begin(struct host *host, uint64_t timeout_usec, bool quiet, struct iow_explain *reterr)
{
    int r = look(host, false, reterr);

    (void)timeout_usec;
    (void)quiet;
    return r < 0 ? r : look(host, true, reterr);
}

static void unlock(struct host *host)
{
    (void)host;
}

static void fill(struct user *user, size_t i)
{
    *user = (struct user){.uid = users[i].uid, .gid = users[i].uid};
    (void)snprintf(user->name, sizeof(user->name), "%s", users[i].name);
}

static int find_user(struct host *host, const char *text, struct user *ret, struct iow_explain *reterr)
{
    uint32_t uid = 0;
    bool number = text && iow_user_number(text, &uid) == 0;

    (void)host;
    if (!text) {
        fill(ret, ALICE);
        return 0;
    }
    for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
        if (number ? users[i].uid != uid : strcmp(users[i].name, text) != 0)
            continue;
        fill(ret, i);
        return 0;
    }
    if (!number)
        return iow_explain_text(reterr, -IOW_ENOENT, IOW_RULE_EXEC_USER, text);
    *ret = (struct user){.uid = uid, .gid = uid};
    return 0;
}

static uint32_t asking(struct host *host)
{
    (void)host;
    return users[ALICE].uid;
}

static const char *user_name(struct host *host, uint32_t uid, char buf[HOST_NAME])
{
    (void)host;
    for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
        if (users[i].uid != uid)
            continue;
        (void)snprintf(buf, HOST_NAME, "%s", users[i].name);
        return buf;
    }
    return NULL;
}

static void done(struct host *host)
{
    host->actor = NULL; /* ends with the machine */
    host->sim = iow_sim_free(host->sim);
}

static const struct host_ops sim_ops = {
    .open_source = open_source,
    .begin = begin,
    .unlock = unlock,
    .look = look,
    .find_user = find_user,
    .asking = asking,
    .user_name = user_name,
    .supervisor = iow_sim_program_supervisor,
    .run = iow_sim_program_run,
    .done = done,
};

void iow_host_init_sim(struct host *host, struct iow_sim *sim)
{
    *host = (struct host){
        .ops = &sim_ops,
        .simulated = true,
        .lock_folder = "/nonexistent",
        .boot_id = "simulated",
        .now_usec = now_usec,
        .sim = sim,
        .actor = iow_sim_actor(sim),
        .lock = -1,
    };
}
