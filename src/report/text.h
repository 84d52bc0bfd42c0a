/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text that grows while it is written.
 *
 * A failed allocation is remembered and every later call does nothing, so that a writer checks once, at the
 * end.
 */
#ifndef IOWARD_REPORT_TEXT_H
#define IOWARD_REPORT_TEXT_H

#include <ioward/mem.h>
#include <stdbool.h>
#include <stddef.h>

struct iow_text {
    char *data; /* NUL-terminated once anything was written; NULL before */
    size_t len, size;
    bool failed;
};

void iow_text_add(struct iow_text *text, const char *bytes, size_t len);
void iow_text_puts(struct iow_text *text, const char *string);
void iow_text_print(struct iow_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* iow_text_done - lets go of the memory; also a cleanup function */
void iow_text_done(struct iow_text *text);

/* iow_text_take - a copy in the arena, and the text is empty again; NULL when memory was exhausted anywhere
 */
char *iow_text_take(struct iow_text *text, struct iow_mem *mem);

/* iow_mem_print - a formatted text in the arena; NULL when exhausted */
char *iow_mem_print(struct iow_mem *mem, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
