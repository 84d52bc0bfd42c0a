/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/read.h"

#include "base/explain.h"
#include "base/limits.h"
#include "facts/parse.h"

#include <stdlib.h>
#include <string.h>

int iow_reader_fail(struct iow_reader *rd, int r, enum iow_rule rule, const char *path)
{
    if (rd->fatal)
        return rd->fatal;
    rd->fatal = r;
    return iow_explain_text(rd->reterr, r, rule, path ? path : "");
}

void iow_reader_missing(
    struct iow_reader *rd, enum iow_rule rule, const struct iow_subject *subject, const char *path)
{
    if (iow_facts_add_missing(rd->facts, rule, subject, path) < 0)
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, path);
}

static enum iow_rule rule_of(int r)
{
    switch (-r) {
    case IOW_EACCES:
    case IOW_EPERM:
        return IOW_RULE_READ_DENIED;
    case IOW_ENOENT:
    case IOW_ENODEV:
        return IOW_RULE_READ_VANISHED;
    case IOW_EINVAL:
    case IOW_E2BIG: /* a text longer than any of its kind */
        return IOW_RULE_READ_BAD_VALUE;
    default:
        return IOW_RULE_READ_FAILED;
    }
}

void iow_reader_failed(struct iow_reader *rd, int r, const struct iow_subject *subject, const char *path)
{
    if (r == -IOW_ENOMEM)
        iow_reader_fail(rd, r, IOW_RULE_READ_NO_MEMORY, path);
    else if (r == -IOW_EBADMSG)
        iow_reader_fail(rd, r, IOW_RULE_CAP_DAMAGED, path);
    else
        iow_reader_missing(rd, rule_of(r), subject, path);
}

const char *iow_reader_keep(struct iow_reader *rd, const char *text, size_t len)
{
    const char *kept = iow_mem_text(&rd->facts->mem, text, len);

    if (kept)
        return kept;
    iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
    return "";
}

int iow_reader_text(struct iow_reader *rd, int at, const char *path, char *buf, size_t size)
{
    int n = iow_source_read_text(rd->source, at, path, buf, size);

    return n > 0 && memchr(buf, '\0', (size_t)n) ? -IOW_EINVAL : n;
}

int iow_reader_number(struct iow_reader *rd, int at, const char *name, bool hex, uint64_t most, uint64_t *ret)
{
    char text[IOW_WORD];
    int n = iow_source_read_text(rd->source, at, name, text, sizeof(text));

    if (n < 0)
        return n == -IOW_E2BIG ? -IOW_EINVAL : n;
    return iow_parse_number(text, (size_t)n, hex, most, ret);
}

int iow_reader_link_name(struct iow_reader *rd, int at, const char *name, char buf[IOW_WORD])
{
    char text[IOW_MAX_PATH];
    const char *base;
    size_t n;
    int r = rd->source->ops->read_link(rd->source, at, name, text, sizeof(text));

    if (r < 0)
        return r;
    base = strrchr(text, '/');
    base = base ? base + 1 : text;
    n = strlen(base);
    if (n >= IOW_WORD)
        return -IOW_E2BIG;
    memcpy(buf, base, n + 1);
    return (int)n;
}

int iow_reader_open_link(struct iow_reader *rd, const char *folder, const char *name, char *path, size_t size)
{
    char text[IOW_MAX_PATH], at[IOW_MAX_PATH];
    int r = iow_source_resolve(folder, name, at, sizeof(at));

    if (r < 0)
        return r;
    r = rd->source->ops->read_link(rd->source, IOW_SOURCE_ROOT, at, text, sizeof(text));
    if (r < 0 && r != -IOW_EINVAL)
        return r;
    r = iow_source_resolve(folder, r < 0 ? name : text, path, size);
    if (r == -IOW_EBADMSG)
        iow_reader_fail(rd, r, IOW_RULE_CAP_OUTSIDE, at);
    return r < 0 ? r : rd->source->ops->open_folder(rd->source, IOW_SOURCE_ROOT, path);
}

static int add_entry(void *ctx, const char *name)
{
    struct iow_entries *e = ctx;
    size_t n = strlen(name) + 1, *at;

    if (e->at.n >= IOW_MAX_FUNCTIONS)
        return -IOW_E2BIG;
    if (n > e->room - e->used) {
        size_t room = 2 * (e->room + n);
        char *text = realloc(e->text, room);

        if (!text)
            return -IOW_ENOMEM;
        e->text = text;
        e->room = room;
    }
    at = iow_list_add(&e->at, sizeof(*at));
    if (!at)
        return -IOW_ENOMEM;
    *at = e->used;
    memcpy(e->text + e->used, name, n);
    e->used += n;
    return 0;
}

static int compare_entries(const void *a, const void *b, void *text)
{
    return strcmp((const char *)text + *(const size_t *)a, (const char *)text + *(const size_t *)b);
}

int iow_reader_list(struct iow_reader *rd, int folder, struct iow_entries *ret)
{
    int r;

    *ret = (struct iow_entries){0};
    r = rd->source->ops->list(rd->source, folder, add_entry, ret);
    if (r < 0) {
        iow_entries_done(ret);
        if (r == -IOW_ENOMEM)
            iow_reader_fail(rd, r, IOW_RULE_READ_NO_MEMORY, NULL);
        if (r == -IOW_E2BIG)
            iow_reader_fail(rd, r, IOW_RULE_READ_TOO_MANY, NULL);
        return r;
    }
    if (ret->at.n > 1)
        qsort_r(ret->at.items, ret->at.n, sizeof(size_t), compare_entries, ret->text);
    return 0;
}

int iow_reader_list_path(struct iow_reader *rd, const char *path, struct iow_entries *ret)
{
    int folder = rd->source->ops->open_folder(rd->source, IOW_SOURCE_ROOT, path), r;

    *ret = (struct iow_entries){0};
    if (folder < 0)
        return folder;
    r = iow_reader_list(rd, folder, ret);
    rd->source->ops->close(rd->source, folder);
    return r;
}

const char *iow_entries_at(const struct iow_entries *entries, uint32_t i)
{
    return entries->text + ((const size_t *)entries->at.items)[i];
}

void iow_entries_done(struct iow_entries *entries)
{
    free(entries->text);
    iow_list_done(&entries->at);
    *entries = (struct iow_entries){0};
}
