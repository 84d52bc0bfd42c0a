/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line against the table of messages. */
#include "report/message.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What strerror() says in the C locale; Go writes the same in small letters. */
static const struct {
    int number;
    const char *text;
} errors[] = {
    {EPERM, "Operation not permitted"},
    {ENOENT, "No such file or directory"},
    {EIO, "Input/output error"},
    {ENXIO, "No such device or address"},
    {EBADF, "Bad file descriptor"},
    {EAGAIN, "Resource temporarily unavailable"},
    {ENOMEM, "Cannot allocate memory"},
    {EACCES, "Permission denied"},
    {EFAULT, "Bad address"},
    {EBUSY, "Device or resource busy"},
    {EEXIST, "File exists"},
    {ENODEV, "No such device"}, /* after ENXIO, of which it is the beginning */
    {EINVAL, "Invalid argument"},
    {ENOTTY, "Inappropriate ioctl for device"},
    {ENOSPC, "No space left on device"},
    {ETIMEDOUT, "Connection timed out"},
    {EOPNOTSUPP, "Operation not supported"},
};

static size_t error_text(const char *at, int *ret)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        size_t len = strlen(errors[i].text);

        if (strncasecmp(at, errors[i].text, len) == 0) {
            *ret = errors[i].number;
            return len;
        }
    }
    return 0;
}

/* "-22", "12 (Cannot allocate memory)", "[Errno 22] Invalid argument", "Invalid argument"; how much it is. */
static size_t take_error(const char *at, int *ret)
{
    const char prefix[] = "[Errno ";
    const char *digits = at;
    long number;
    char *end;

    if (strncmp(at, prefix, sizeof(prefix) - 1) == 0)
        digits += sizeof(prefix) - 1;
    if (*digits == '-')
        digits++;
    if (!isdigit((unsigned char)*digits))
        return error_text(at, ret);
    number = strtol(digits, &end, 10);
    if (number < 1 || number > 4095)
        return 0;
    *ret = (int)number;
    return (size_t)(end - at);
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* An address with or without its domain, at the end of which nothing goes on; how much it is. The kernel writes a domain
 * with four digits at least: fewer are the hours of a time. */
static size_t take_device(const char *at, struct iow_address *ret)
{
    size_t len = strspn(at, "0123456789abcdefABCDEF:."), first = strcspn(at, ":");

    if (first < 4 && first + 3 < len && at[first + 3] == ':')
        return 0;
    while (len && (at[len - 1] == ':' || at[len - 1] == '.'))
        len--;
    return len < IOW_ADDRESS_TEXT && !is_word(at[len]) && iow_address_parse(at, len, ret) == 0 ? len : 0;
}

/* Up to nine digits: a group's number. */
static size_t take_group(const char *at, uint32_t *ret)
{
    size_t len = strspn(at, "0123456789");

    if (len < 1 || len > 9 || is_word(at[len]))
        return 0;
    *ret = (uint32_t)strtoul(at, NULL, 10);
    return len;
}

static size_t take_number(const char *at)
{
    size_t prefix = at[0] == '0' && at[1] == 'x' ? 2 : 0;

    return strspn(at + prefix, "0123456789abcdef") ? prefix + strspn(at + prefix, "0123456789abcdef") : 0;
}

/* How much of the line the beginning of a pattern is, up to its first hole; -1: another text. */
static long literal_length(const char *line, const char *pattern, size_t len)
{
    const char *at = line;

    for (size_t i = 0; i < len; i++) {
        if (pattern[i] == ' ' && *at == ' ')
            at += strspn(at, " ");
        else if (*at++ != pattern[i])
            return -1;
    }
    return at - line;
}

/* Where a text of a pattern is in a line; NULL: nowhere. */
static const char *find_literal(const char *line, const char *pattern, size_t len)
{
    for (; *line; line++)
        if (literal_length(line, pattern, len) >= 0)
            return line;
    return NULL;
}

/* {text}: up to what follows in the pattern, or to the end. */
static const char *take_text(const char *at, const char *after, struct iow_message_parts *parts)
{
    size_t len = strcspn(after, "{");
    const char *end = len ? find_literal(at, after, len) : at + strlen(at);

    if (end && !parts->text_len) {
        parts->text = at;
        parts->text_len = (size_t)(end - at);
    }
    return end;
}

static size_t take_hole(const char *at, const char *hole, size_t len, struct iow_message_parts *parts)
{
    if (len == strlen("device") && memcmp(hole, "device", len) == 0) {
        size_t taken = take_device(at, &parts->device);

        parts->has_device |= taken > 0;
        return taken;
    }
    if (len == strlen("group") && memcmp(hole, "group", len) == 0)
        return take_group(at, &parts->group);
    if (len == strlen("error") && memcmp(hole, "error", len) == 0)
        return take_error(at, &parts->error);
    return take_number(at);
}

/* Does the pattern fit here? Every hole takes what it can, and nothing is tried again. */
static bool fits(const char *at, const char *pattern, struct iow_message_parts *parts)
{
    while (*pattern) {
        size_t len = strcspn(pattern, "{"), hole, taken;
        long length = literal_length(at, pattern, len);

        if (length < 0)
            return false;
        at += length;
        pattern += len;
        if (!*pattern)
            break;
        hole = strcspn(++pattern, "}");
        if (hole == strlen("text") && memcmp(pattern, "text", hole) == 0) {
            at = take_text(at, pattern + hole + 1, parts);
            if (!at)
                return false;
        } else {
            taken = take_hole(at, pattern, hole, parts);
            if (!taken)
                return false;
            at += taken;
        }
        pattern += hole + 1;
    }
    return true;
}

static bool fits_anywhere(const char *line, const struct iow_message_row *row, struct iow_message_parts *ret)
{
    size_t first = strcspn(row->pattern, "{");

    for (const char *at = line; (at = find_literal(at, row->pattern, first)); at++) {
        struct iow_message_parts parts = {.row = row, .group = IOW_NONE, .error = row->error};

        if (fits(at, row->pattern, &parts)) {
            *ret = parts;
            return true;
        }
    }
    return false;
}

static void look_for_device(const char *line, struct iow_message_parts *parts)
{
    for (const char *at = line; *at && !parts->has_device; at++)
        if (at == line || !(is_word(at[-1]) || at[-1] == ':' || at[-1] == '.'))
            parts->has_device = take_device(at, &parts->device) > 0;
}

/* "group 7" or a group's file. */
static void look_for_group(const char *line, struct iow_message_parts *parts)
{
    static const char *const before[] = {"/dev/vfio/", "group "};

    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]) && parts->group == IOW_NONE; i++)
        for (const char *at = line; (at = strstr(at, before[i])) && parts->group == IOW_NONE;) {
            at += strlen(before[i]);
            (void)take_group(at, &parts->group);
        }
}

bool iow_message_match(const char *line, struct iow_message_parts *ret)
{
    const struct iow_message_row *row;
    uint32_t i = 0;

    while ((row = iow_message_row_at(i)) && !fits_anywhere(line, row, ret))
        i++;
    if (!row)
        return false;
    if (!ret->has_device)
        look_for_device(line, ret);
    if (ret->group == IOW_NONE)
        look_for_group(line, ret);
    return true;
}
