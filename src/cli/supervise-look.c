/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether there is a command, before anything is done for it. */
#include "cli/supervise.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/supervise-user.h"

/* Source: glibc posix/execvpe.c, where there is no PATH */
#define USUAL_PATH "/bin:/usr/bin"

static int look_at(const char *path)
{
    struct stat status;

    if (stat(path, &status) < 0)
        return errno;
    if (!S_ISREG(status.st_mode))
        return EACCES;
    return access(path, X_OK) < 0 ? errno : 0;
}

/* As exec goes on: past folders without it, and past files that may not be executed, which it then tells of. */
static int look_along(const char *path, const char *name)
{
    int answer = ENOENT;

    for (const char *end; path; path = *end ? end + 1 : NULL) {
        char candidate[PATH_MAX];
        int len, r;

        end = strchrnul(path, ':');
        len = snprintf(
            candidate, sizeof(candidate), "%.*s%s%s", (int)(end - path), path, end == path ? "" : "/", name);
        r = len < 0 || (size_t)len >= sizeof(candidate) ? ENAMETOOLONG : look_at(candidate);
        if (r == 0)
            return 0;
        if (r == EACCES)
            answer = EACCES;
    }
    return answer;
}

static int look(const char *name)
{
    const char *path = getenv("PATH");

    if (!*name)
        return ENOENT;
    return strchr(name, '/') ? look_at(name) : look_along(path ? path : USUAL_PATH, name);
}

/* The user's permissions are asked for by a process that is the user. Its exit status is the errno. */
int iow_supervise_look(const struct iow_supervision *what)
{
    pid_t pid = fork(), r;
    int status;

    if (pid == 0)
        _exit(iow_become_user(what) < 0 ? errno : look(what->argv[0]));
    if (pid < 0)
        return -errno;
    do
        r = waitpid(pid, &status, 0);
    while (r < 0 && errno == EINTR);
    return r == pid && WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}
