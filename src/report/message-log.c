/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages of a log, each once. */
#include "report/message.h"

#include <string.h>

static bool says_the_same(const struct iow_message_parts *a, const struct iow_message_parts *b)
{
    return a->row == b->row && a->has_device == b->has_device && a->group == b->group &&
           a->error == b->error && (!a->has_device || iow_address_compare(&a->device, &b->device) == 0);
}

static struct iow_message *find(const struct iow_message_log *log, const struct iow_message_parts *parts)
{
    struct iow_message *m = log->first;

    while (m && !says_the_same(&m->parts, parts))
        m = m->next;
    return m;
}

static int append(
    struct iow_message_log *log, const struct iow_message_parts *parts, const char *line, struct iow_mem *mem)
{
    struct iow_message *m = iow_mem_alloc(mem, 1, sizeof(*m));
    char *copy = iow_mem_text(mem, line, strlen(line));

    if (!m || !copy)
        return -IOW_ENOMEM;
    *m = (struct iow_message){.parts = *parts, .line = copy, .first_line = log->n_lines, .times = 1};
    if (parts->text_len)
        m->parts.text = copy + (parts->text - line);
    if (log->last)
        log->last->next = m;
    else
        log->first = m;
    log->last = m;
    log->n++;
    return 0;
}

int iow_message_take(struct iow_message_log *log, const char *line, struct iow_mem *mem)
{
    struct iow_message_parts parts;
    struct iow_message *m;

    log->n_lines++;
    if (!iow_message_match(line, &parts)) {
        log->n_unknown++;
        return 0;
    }
    m = find(log, &parts);
    if (m) {
        m->times++;
        return 0;
    }
    if (log->n == IOW_MESSAGE_MOST) {
        log->n_unknown++;
        return 0;
    }
    return append(log, &parts, line, mem);
}
