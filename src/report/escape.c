/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/escape.h"

#include <inttypes.h>
#include <stdint.h>

/* Length of the UTF-8 sequence at p and its character; 0 when it is none (overlong, surrogate, too large, cut
 * off). */
static size_t decode(const unsigned char *p, uint32_t *ret)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3 : p[0] >> 3 == 30 ? 4 : 0;
    uint32_t c;

    if (len < 2) {
        *ret = p[0];
        return len;
    }
    c = p[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if (p[i] >> 6 != 2)
            return 0;
        c = c << 6 | (p[i] & 0x3f);
    }
    *ret = c;
    return c < smallest[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0 : len;
}

static const struct {
    uint32_t first, last;
} hidden[] = {
    {0x0000, 0x001f}, /* C0 controls */
    {0x007f, 0x009f}, /* DEL and C1 controls: some terminals obey these, too */
    {0x00ad, 0x00ad}, /* soft hyphen */
    {0x061c, 0x061c}, /* direction marks, embeddings, overrides, isolates */
    {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb},
    {0xe0000, 0xe0fff}, /* tags */
};

static bool shows(uint32_t c)
{
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        if (c >= hidden[i].first && c <= hidden[i].last)
            return false;
    return true;
}

void iow_escape_text(struct iow_text *to, const char *bytes)
{
    const unsigned char *p = (const unsigned char *)bytes;

    while (*p) {
        uint32_t c = 0;
        size_t len = decode(p, &c);

        if (c == '\\' && len == 1) {
            iow_text_puts(to, "\\\\");
        } else if (len && shows(c)) {
            iow_text_add(to, (const char *)p, len);
        } else {
            len = len ? len : 1;
            for (size_t i = 0; i < len; i++)
                iow_text_print(to, "\\x%02x", p[i]);
        }
        p += len;
    }
}

void iow_escape_json(struct iow_text *to, const char *bytes)
{
    const unsigned char *p = (const unsigned char *)bytes;

    while (*p) {
        size_t plain = 0, len;
        uint32_t c;

        while (p[plain] && p[plain] < 0x80)
            plain++;
        iow_text_add(to, (const char *)p, plain);
        p += plain;
        if (!*p)
            break;
        len = decode(p, &c);
        if (len)
            iow_text_add(to, (const char *)p, len);
        else
            iow_text_puts(to, "\xef\xbf\xbd");
        p += len ? len : 1;
    }
}

static void print_unit(FILE *out, uint32_t unit)
{
    (void)fprintf(out, "\\u%04" PRIx32, unit);
}

void iow_escape_print_document(FILE *out, const char *json)
{
    const unsigned char *p = (const unsigned char *)json;

    while (*p) {
        size_t plain = 0, len;
        uint32_t c;

        while (p[plain] && p[plain] < 0x7f)
            plain++;
        (void)fwrite(p, 1, plain, out);
        p += plain;
        if (!*p)
            break;
        len = decode(p, &c);
        if (!len || shows(c)) {
            len = len ? len : 1;
            (void)fwrite(p, 1, len, out);
        } else if (c < 0x10000) {
            print_unit(out, c);
        } else {
            print_unit(out, 0xd800 + ((c - 0x10000) >> 10));
            print_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
        }
        p += len;
    }
}
