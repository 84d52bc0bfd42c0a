/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/supervise-user.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int iow_become_user(const struct iow_supervision *what)
{
    gid_t gid = what->gid;
    int r;

    if (what->uid == geteuid() && what->gid == getegid())
        return 0;
    r = what->user ? initgroups(what->user, gid) : setgroups(1, &gid);
    if (r == 0)
        r = setresgid(gid, gid, gid);
    if (r == 0)
        r = setresuid(what->uid, what->uid, what->uid);
    return r;
}

/* Variables that tell who somebody is, and where his entry has them. */
static const struct {
    const char *name;
    size_t at;
} personal[] = {
    {"HOME", offsetof(struct passwd, pw_dir)},
    {"USER", offsetof(struct passwd, pw_name)},
    {"LOGNAME", offsetof(struct passwd, pw_name)},
    {"SHELL", offsetof(struct passwd, pw_shell)},
};

#define N_PERSONAL (sizeof(personal) / sizeof(personal[0]))

static const char *field(const struct passwd *user, size_t at)
{
    return *(char *const *)((const char *)user + at);
}

/* What each variable is for us. getpwuid() has room for one user only. */
static bool keep_ours(char *ours[N_PERSONAL])
{
    const struct passwd *us = getpwuid(geteuid());

    for (size_t i = 0; i < N_PERSONAL; i++) {
        ours[i] = us ? strdup(field(us, personal[i].at)) : NULL;
        if (us && !ours[i])
            return false;
    }
    return true;
}

/* One that was set on purpose is not ours to change. */
static bool is_ours(size_t i, const char *ours)
{
    const char *now = getenv(personal[i].name);

    return !now || (ours && strcmp(now, ours) == 0);
}

static char *assignment(const char *name, const char *value)
{
    char *text;

    return asprintf(&text, "%s=%s", name, value) < 0 ? NULL : text;
}

/* Replaces the variable's text, or adds it at the end, where there is room. */
static bool put(char **environment, const char *name, const char *value)
{
    char *text = assignment(name, value);
    size_t len = strlen(name);

    if (!text)
        return false;
    while (*environment && !(strncmp(*environment, name, len) == 0 && (*environment)[len] == '='))
        environment++;
    free(*environment);
    *environment = text;
    return true;
}

static char **copy_environment(void)
{
    char **copy;
    size_t n = 0;

    while (environ && environ[n])
        n++;
    copy = calloc(n + N_PERSONAL + 1, sizeof(*copy));
    for (size_t i = 0; copy && i < n; i++) {
        copy[i] = strdup(environ[i]);
        if (!copy[i])
            iow_environment_free(&copy);
    }
    return copy;
}

static bool put_personal(char **environment, uint32_t uid, char *const ours[N_PERSONAL])
{
    const struct passwd *user = getpwuid(uid);
    bool good = true;

    for (size_t i = 0; good && user && i < N_PERSONAL; i++)
        if (is_ours(i, ours[i]))
            good = put(environment, personal[i].name, field(user, personal[i].at));
    return good;
}

char **iow_environment_for(const struct iow_supervision *what)
{
    char **environment = copy_environment(), *ours[N_PERSONAL] = {NULL};

    if (!environment || what->uid == geteuid())
        return environment;
    if (!keep_ours(ours) || !put_personal(environment, what->uid, ours))
        iow_environment_free(&environment);
    for (size_t i = 0; i < N_PERSONAL; i++)
        free(ours[i]);
    return environment;
}

void iow_environment_free(char ***environment)
{
    for (char **at = *environment; at && *at; at++)
        free(*at);
    free(*environment);
    *environment = NULL;
}
