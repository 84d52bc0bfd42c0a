/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/wrap.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

unsigned iow_wrap_columns(const char *text, size_t len)
{
    unsigned n = 0;

    for (size_t i = 0; i < len; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

void iow_wrap(FILE *out, const char *first, const char *text, unsigned width)
{
    unsigned indent = iow_wrap_columns(first, strlen(first)), at = indent;

    if (width < indent + 20)
        width = indent + 20;
    (void)fputs(first, out);
    for (const char *word = text; *word;) {
        size_t len = strcspn(word, " ");
        unsigned columns = iow_wrap_columns(word, len);

        if (word != text && at + 1 + columns > width) {
            (void)fprintf(out, "\n%*s", (int)indent, "");
            at = indent;
        } else if (word != text) {
            (void)fputc(' ', out);
            at++;
        }
        (void)fwrite(word, 1, len, out);
        at += columns;
        word += len + (word[len] == ' ');
    }
    (void)fputc('\n', out);
}

unsigned iow_wrap_width(FILE *out)
{
    struct winsize size;
    int fd = fileno(out);

    if (fd >= 0 && isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        return size.ws_col;
    return 100;
}
