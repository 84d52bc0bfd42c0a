/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of steps, and the text that says who may open a node. */
#include "facts/parse.h"

#include <inttypes.h>
#include <ioward/plan.h>
#include <stdio.h>
#include <string.h>

/* inverse: of which kind the step back is; IOW_STEP__COUNT: there is none. A loaded module stays. */
static const struct {
    const char *name;
    enum iow_step_kind inverse;
} kind[] = {
    [IOW_STEP_LOAD] = {"load", IOW_STEP__COUNT},
    [IOW_STEP_UNBIND] = {"unbind", IOW_STEP_BIND},
    [IOW_STEP_OVERRIDE] = {"override", IOW_STEP_OVERRIDE},
    [IOW_STEP_BIND] = {"bind", IOW_STEP_UNBIND},
    [IOW_STEP_GIVE] = {"give", IOW_STEP_GIVE},
};

_Static_assert(sizeof(kind) / sizeof(kind[0]) == IOW_STEP__COUNT, "a kind of step has no row");

const char *iow_step_kind_name(enum iow_step_kind number)
{
    return (unsigned)number < IOW_STEP__COUNT ? kind[number].name : "unknown";
}

int iow_step_kind_parse(const char *name)
{
    for (int i = 0; i < IOW_STEP__COUNT; i++)
        if (strcmp(kind[i].name, name) == 0)
            return i;
    return -IOW_EINVAL;
}

bool iow_step_has_inverse(const struct iow_step *step)
{
    return (unsigned)step->kind < IOW_STEP__COUNT && kind[step->kind].inverse != IOW_STEP__COUNT;
}

struct iow_step iow_step_inverse(const struct iow_step *step)
{
    struct iow_step back = *step;

    if (!iow_step_has_inverse(step))
        return back;
    back.kind = kind[step->kind].inverse;
    back.before = step->after;
    back.after = step->before;
    return back;
}

const char *iow_access_format(uint32_t uid, uint32_t gid, uint32_t mode, char buf[IOW_ACCESS_TEXT])
{
    (void)snprintf(buf, IOW_ACCESS_TEXT, "%" PRIu32 ":%" PRIu32 ":%04" PRIo32, uid, gid, mode & 07777);
    return buf;
}

/* One number that ends at a colon; moves *text past it. */
static int parse_id(const char **text, uint32_t *ret)
{
    size_t len = strcspn(*text, ":");
    uint64_t number;

    if ((*text)[len] != ':' || iow_parse_number(*text, len, false, UINT32_MAX, &number) < 0)
        return -IOW_EINVAL;
    *text += len + 1;
    *ret = (uint32_t)number;
    return 0;
}

/* Octal digits: "0600". */
static int parse_mode(const char *text, uint32_t *ret)
{
    size_t len = strlen(text);

    if (len < 3 || len > 5 || strspn(text, "01234567") != len)
        return -IOW_EINVAL;
    *ret = 0;
    for (; *text; text++)
        *ret = *ret << 3 | (uint32_t)(*text - '0');
    return *ret > 07777 ? -IOW_EINVAL : 0;
}

int iow_access_parse(const char *text, uint32_t *ret_uid, uint32_t *ret_gid, uint32_t *ret_mode)
{
    uint32_t uid, gid, mode;

    if (parse_id(&text, &uid) < 0 || parse_id(&text, &gid) < 0 || parse_mode(text, &mode) < 0)
        return -IOW_EINVAL;
    *ret_uid = uid;
    *ret_gid = gid;
    *ret_mode = mode;
    return 0;
}
