/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This machine: its folders, its lock and its users. */
#include "base/explain.h"
#include "cli/host-run.h"
#include "cli/stop.h"
#include "cli/user.h"
#include "exec/lock.h"
#include "host/linux/bpf/load.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define STATE_FOLDER "/var/lib/ioward"
#define LOCK_PATH RUN_FOLDER "/lock"
#define JOURNAL_PATH RUN_FOLDER "/journal.db"
#define BOOT_ID_PATH "/proc/sys/kernel/random/boot_id"
#define BOOT_ID_LENGTH 36
#define HISTORY_PATH STATE_FOLDER "/history.db"

static char boot_id[64];

/* Who is stopped keeps the lock, and everybody else waiting; at a terminal that happens by mistake. */
static void hold_off_stops(bool hold)
{
    static sigset_t before;
    static bool held;
    sigset_t stops;

    if (held == hold)
        return;
    held = hold;
    (void)sigemptyset(&stops);
    (void)sigaddset(&stops, SIGTSTP);
    (void)sigaddset(&stops, SIGTTIN);
    (void)sigaddset(&stops, SIGTTOU);
    (void)sigprocmask(hold ? SIG_BLOCK : SIG_SETMASK, hold ? &stops : &before, hold ? &before : NULL);
}

static uint64_t now_usec(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static const char *read_boot_id(void)
{
    int fd = open(BOOT_ID_PATH, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, boot_id, sizeof(boot_id) - 1);

    if (fd >= 0)
        (void)close(fd);
    boot_id[len > 0 ? len : 0] = '\0';
    boot_id[strcspn(boot_id, "\n")] = '\0';
    return boot_id;
}

/* A journal of another boot is void, and without this all would be. */
static int check_boot_id(const struct host *host, struct iow_explain *reterr)
{
    if (strlen(host->boot_id) == BOOT_ID_LENGTH)
        return 0;
    return iow_explain_text(reterr, -IOW_EIO, IOW_RULE_READ_FAILED, BOOT_ID_PATH);
}

static int open_source(struct host *host, struct iow_source **ret, struct iow_explain *reterr)
{
    (void)host;
    return iow_source_open_live(ret, reterr);
}

static int make_folder(const char *path, struct iow_explain *reterr)
{
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return 0;
    (void)iow_explain_text(reterr, -IOW_EIO, IOW_RULE_EXEC_JOURNAL, path);
    return -IOW_EIO;
}

static void say_waiting(void *ctx, uint32_t pid)
{
    (void)ctx;
    if (pid)
        (void)fprintf(stderr, "waiting for ioward (process %u) ...\n", pid);
    else
        (void)fputs("waiting for another ioward ...\n", stderr);
}

static int open_all(struct host *host, struct iow_explain *reterr)
{
    int r = host->actor ? 0 : iow_actor_open_live("/proc/self/exe", &host->actor, reterr);

    if (r >= 0)
        host->actor->stop = iow_stop_flag();
    if (r >= 0 && !host->journal)
        r = iow_journal_open(JOURNAL_PATH, host->boot_id, &host->journal, reterr);
    /* A history that cannot be written is said and keeps nothing from being done. */
    if (r >= 0 && !host->history &&
        (make_folder(STATE_FOLDER, NULL) < 0 || iow_history_open(HISTORY_PATH, &host->history, NULL) < 0))
        (void)fputs("ioward: the history in " STATE_FOLDER " cannot be written\n", stderr);
    return r;
}

static int begin(struct host *host, uint64_t timeout_usec, bool quiet, struct iow_explain *reterr)
{
    int r;

    if (geteuid() != 0)
        return iow_explain_text(reterr, -IOW_EPERM, IOW_RULE_EXEC_PRIVILEGE, "hand devices over");
    r = check_boot_id(host, reterr);
    if (r == 0)
        r = make_folder(RUN_FOLDER, reterr);
    if (r < 0)
        return r;
    iow_stop_catch();
    (void)signal(SIGPIPE, SIG_IGN); /* nobody reading what is said must not end it halfway */
    hold_off_stops(true);           /* before it is ours, so that there is no moment between */
    r = iow_lock_take(
        LOCK_PATH, timeout_usec, iow_stop_flag(), quiet ? NULL : say_waiting, NULL, &host->lock, reterr);
    return r < 0 ? r : open_all(host, reterr);
}

static void unlock(struct host *host)
{
    if (host->lock >= 0)
        (void)close(host->lock);
    host->lock = -1;
    hold_off_stops(false);
}

/* Only with nobody at work can it be told which claims somebody left behind; nobody is disturbed to find out. */
static void look_around(struct host *host)
{
    if (geteuid() != 0 || access(LOCK_PATH, F_OK) < 0)
        return;
    hold_off_stops(true);
    if (iow_lock_take(LOCK_PATH, 0, NULL, NULL, NULL, &host->lock, NULL) == 0 &&
        iow_actor_open_live("/proc/self/exe", &host->actor, NULL) < 0)
        host->actor = NULL;
    unlock(host);
}

static int look(struct host *host, bool history, struct iow_explain *reterr)
{
    const char *path = history ? HISTORY_PATH : JOURNAL_PATH;
    int r = history ? 0 : check_boot_id(host, reterr);

    if (r == 0)
        r = history ? iow_history_open_read(path, &host->history, reterr)
                    : iow_journal_open_read(path, host->boot_id, &host->journal, reterr);

    /* It holds command lines, and is root's alone. */
    if (r == -IOW_EACCES)
        return iow_explain_text(
            reterr, r, IOW_RULE_EXEC_PRIVILEGE, history ? "read the history" : "see what is claimed");
    if (r >= 0 && !history)
        look_around(host);
    return r;
}

static int find_user(struct host *host, const char *text, struct user *ret, struct iow_explain *reterr)
{
    (void)host;
    return iow_user_find(text, ret, reterr);
}

static uint32_t asking(struct host *host)
{
    (void)host;
    return iow_user_asking(geteuid() == 0, getenv);
}

static const char *user_name(struct host *host, uint32_t uid, char buf[HOST_NAME])
{
    (void)host;
    return iow_user_name(uid, buf);
}

static void done(struct host *host)
{
    host->actor = iow_actor_close(host->actor);
    unlock(host);
}

static const struct host_ops live_ops = {
    .open_source = open_source,
    .pin_kernel = iow_pin_make,
    .begin = begin,
    .unlock = unlock,
    .look = look,
    .find_user = find_user,
    .asking = asking,
    .user_name = user_name,
    .supervisor = iow_host_supervisor,
    .look_for = iow_host_look_for,
    .run = iow_host_run,
    .done = done,
};

void iow_host_init_live(struct host *host)
{
    *host = (struct host){
        .ops = &live_ops,
        .lock_folder = RUN_FOLDER,
        .boot_id = read_boot_id(),
        .now_usec = now_usec,
        .stop = iow_stop_flag(),
        .lock = -1,
    };
}
