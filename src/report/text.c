/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text.h"

#include "base/cleanup.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool make_room(struct iow_text *text, size_t more)
{
    size_t need, size = text->size ? text->size : 128;
    char *data;

    if (text->failed || __builtin_add_overflow(text->len, more + 1, &need))
        return false;
    if (need <= text->size)
        return true;
    while (size < need)
        size *= 2;
    data = realloc(text->data, size);
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->size = size;
    return true;
}

void iow_text_add(struct iow_text *text, const char *bytes, size_t len)
{
    if (!make_room(text, len))
        return;
    if (len)
        memcpy(text->data + text->len, bytes, len);
    text->len += len;
    text->data[text->len] = '\0';
}

void iow_text_puts(struct iow_text *text, const char *string)
{
    iow_text_add(text, string, strlen(string));
}

static void print_args(struct iow_text *text, const char *format, va_list args)
{
    va_list again;
    int len;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len < 0 || !make_room(text, (size_t)len)) {
        text->failed = true;
        return;
    }
    (void)vsnprintf(text->data + text->len, (size_t)len + 1, format, args);
    text->len += (size_t)len;
}

void iow_text_print(struct iow_text *text, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_args(text, format, args);
    va_end(args);
}

void iow_text_done(struct iow_text *text)
{
    free(text->data);
    *text = (struct iow_text){0};
}

char *iow_text_take(struct iow_text *text, struct iow_mem *mem)
{
    char *copy = text->failed ? NULL : iow_mem_text(mem, text->data ? text->data : "", text->len);

    iow_text_done(text);
    return copy;
}

char *iow_mem_print(struct iow_mem *mem, const char *format, ...)
{
    struct iow_text text = {0};
    va_list args;

    va_start(args, format);
    print_args(&text, format, args);
    va_end(args);
    return iow_text_take(&text, mem);
}
