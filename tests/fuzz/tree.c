/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CONFIG_BYTES 4096u

static int digit(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

static size_t read_hex(const char *hex, uint8_t *bytes, size_t room)
{
    size_t n = 0;

    for (; n < room && digit(hex[0]) >= 0 && digit(hex[1]) >= 0; hex += 2)
        bytes[n++] = (uint8_t)(digit(hex[0]) << 4 | digit(hex[1]));
    return n;
}

static void add_config(struct iow_source *source, const char *path, const char *text)
{
    uint8_t bytes[CONFIG_BYTES] = {0};
    size_t len = 256;
    char *end;

    while (*text) {
        unsigned long offset = strtoul(text, &end, 16);

        if (end == text || offset >= sizeof(bytes))
            break;
        if (offset >= 256)
            len = sizeof(bytes);
        text = end + strspn(end, " ");
        read_hex(text, bytes + offset, sizeof(bytes) - offset);
        text += strcspn(text, " ");
    }
    iow_memory_add_file(source, path, bytes, len);
}

static void add_line(struct iow_source *source, char *line)
{
    char *kind = strchr(line, '\t'), *rest;
    uint8_t bytes[CONFIG_BYTES];

    if (!kind)
        return;
    *kind++ = '\0';
    rest = *kind && kind[1] == '\t' ? kind + 2 : kind + strlen(kind);
    switch (*kind) {
    case 'T':
        iow_memory_add_file(source, line, rest, strlen(rest));
        break;
    case 'F':
        iow_memory_add_file(source, line, bytes, read_hex(rest, bytes, sizeof(bytes)));
        break;
    case 'C':
        add_config(source, line, rest);
        break;
    case 'L':
        iow_memory_add_link(source, line, rest);
        break;
    case 'D':
        iow_memory_add_folder(source, line);
        break;
    case 'E':
        iow_memory_add_error(source, line, IOW_EACCES);
    }
}

void fuzz_tree(struct iow_source *source, const char *text, size_t len)
{
    const char *end = text + len;

    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t n = (size_t)((newline ? newline : end) - text);
        char *line = strndup(text, n);

        if (line)
            add_line(source, line);
        free(line);
        text += n + 1;
    }
}
