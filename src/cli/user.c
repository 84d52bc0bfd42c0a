/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/user.h"

#include "base/explain.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int iow_user_number(const char *text, uint32_t *ret)
{
    uint64_t number = 0;

    if (!*text || strspn(text, "0123456789") != strlen(text) || strlen(text) > 10)
        return -IOW_EINVAL;
    for (; *text; text++)
        number = number * 10 + (uint64_t)(*text - '0');
    if (number >= UINT32_MAX) /* (uid_t)-1 is nobody at all */
        return -IOW_EINVAL;
    *ret = (uint32_t)number;
    return 0;
}

static bool from_name(const char *name, uint32_t *ret)
{
    const struct passwd *entry = name ? getpwnam(name) : NULL;

    if (entry)
        *ret = entry->pw_uid;
    return entry;
}

uint32_t iow_user_asking(bool root, char *(*get)(const char *name))
{
    static const char *const numbers[] = {"SUDO_UID", "PKEXEC_UID"};
    uint32_t uid;

    for (size_t i = 0; root && i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        const char *text = get(numbers[i]);

        if (text && iow_user_number(text, &uid) == 0)
            return uid;
    }
    return root && from_name(get("DOAS_USER"), &uid) ? uid : getuid();
}

static void fill(struct user *user, uint32_t uid, const struct passwd *entry)
{
    *user = (struct user){.uid = uid, .gid = entry ? entry->pw_gid : uid};
    if (entry)
        (void)snprintf(user->name, sizeof(user->name), "%s", entry->pw_name);
}

int iow_user_find(const char *text, struct user *ret, struct iow_explain *reterr)
{
    const struct passwd *entry = text ? getpwnam(text) : NULL;
    uint32_t uid;

    if (!text)
        uid = iow_user_asking(geteuid() == 0, getenv);
    else if (entry)
        uid = entry->pw_uid;
    else if (iow_user_number(text, &uid) < 0)
        return iow_explain_text(reterr, -IOW_ENOENT, IOW_RULE_EXEC_USER, text);
    fill(ret, uid, entry ? entry : getpwuid(uid));
    return 0;
}

const char *iow_user_name(uint32_t uid, char buf[HOST_NAME])
{
    const struct passwd *entry = getpwuid(uid);

    if (!entry)
        return NULL;
    (void)snprintf(buf, HOST_NAME, "%s", entry->pw_name);
    return buf;
}
