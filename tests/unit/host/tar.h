/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tar archives byte by byte, also such as no program writes. */
#ifndef IOWARD_TESTS_HOST_TAR_H
#define IOWARD_TESTS_HOST_TAR_H

#include "testing.h"

struct tar {
    unsigned char *bytes;
    size_t len;
};

static inline unsigned char *tar_room(struct tar *tar, size_t n)
{
    tar->bytes = realloc(tar->bytes, tar->len + n);
    assert_non_null(tar->bytes);
    tar->len += n;
    return memset(tar->bytes + tar->len - n, 0, n);
}

/* type: '0' file, '1' hard link, '2' link, '5' folder, ... */
static inline void tar_add(
    struct tar *tar, char type, const char *name, const char *link, const void *bytes, size_t len)
{
    unsigned char *header = tar_room(tar, 512);
    unsigned sum = 0;

    assert_true(strlen(name) <= 100 && strlen(link) <= 100);
    memcpy(header, name, strlen(name));
    memcpy(header + 100, "0000644\0000000000\0000000000", 24);
    snprintf((char *)header + 124, 12, "%011o", (unsigned)len);
    memcpy(header + 136, "00000000000\0        ", 20);
    header[156] = (unsigned char)type;
    memcpy(header + 157, link, strlen(link));
    memcpy(header + 257, "ustar\00000", 8);
    for (int i = 0; i < 512; i++)
        sum += header[i];
    snprintf((char *)header + 148, 8, "%06o", sum);
    if (len)
        memcpy(tar_room(tar, (len + 511) / 512 * 512), bytes, len);
}

static inline void tar_file(struct tar *tar, const char *name, const char *text)
{
    tar_add(tar, '0', name, "", text, strlen(text));
}

static inline void tar_end(struct tar *tar)
{
    tar_room(tar, 1024);
}

static inline void tar_free(struct tar *tar)
{
    free(tar->bytes);
    *tar = (struct tar){.len = 0};
}

#endif
