/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/source.h"

#include <string.h>

#include "base/limits.h"

struct iow_source *iow_source_close(struct iow_source *source)
{
    if (source)
        source->ops->free(source);
    return NULL;
}

/* Reads until the end or until buf is full: a file may come in several parts. */
static int read_all(struct iow_source *source, int file, char *buf, size_t size)
{
    size_t n = 0;

    while (n < size) {
        int r = source->ops->read(source, file, n, buf + n, size - n);

        if (r < 0)
            return r;
        if (r == 0)
            break;
        n += (size_t)r;
    }
    return (int)n;
}

int iow_source_read_text(struct iow_source *source, int at, const char *path, char *buf, size_t size)
{
    int file, n, more = 0;
    char beyond;

    if (size == 0)
        return -IOW_E2BIG;
    if (size > IOW_MAX_FILE_BYTES + 1)
        size = IOW_MAX_FILE_BYTES + 1;
    file = source->ops->open_file(source, at, path);
    if (file < 0)
        return file;
    n = read_all(source, file, buf, size);
    if (n >= 0 && (size_t)n == size)
        more = source->ops->read(source, file, size, &beyond, 1);
    source->ops->close(source, file);
    if (n < 0)
        return n;
    if (more)
        return more < 0 ? more : -IOW_E2BIG;
    if (n > 0 && buf[n - 1] == '\n')
        n--;
    if ((size_t)n == size)
        return -IOW_E2BIG;
    buf[n] = '\0';
    return n;
}

static size_t drop_last(const char *buf, size_t len)
{
    while (len && buf[len - 1] != '/')
        len--;
    return len ? len - 1 : 0;
}

int iow_source_resolve(const char *folder, const char *link_text, char *buf, size_t size)
{
    size_t len = strlen(folder);

    if (*link_text == '/')
        return -IOW_EBADMSG;
    if (len >= size)
        return -IOW_E2BIG;
    memcpy(buf, folder, len + 1);
    while (*link_text) {
        size_t n = strcspn(link_text, "/");

        if (n == 2 && !memcmp(link_text, "..", 2)) {
            if (!len)
                return -IOW_EBADMSG;
            len = drop_last(buf, len);
        } else if (n && !(n == 1 && *link_text == '.')) {
            if (n + (len > 0) >= size - len)
                return -IOW_E2BIG;
            if (len)
                buf[len++] = '/';
            memcpy(buf + len, link_text, n);
            len += n;
        }
        buf[len] = '\0';
        link_text += n + (link_text[n] == '/');
    }
    return 0;
}
