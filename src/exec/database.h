/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One SQLite file of ours: recognised before it is touched, its statements prepared once and always bound.
 *
 * Write-ahead logging: a process that is killed at any moment leaves the last commit as it was, and somebody who reads
 * (or hangs while reading) never keeps the writer from committing. Where there is no space for what both share, a writer
 * goes on alone, and nobody reads meanwhile. A file that is not ours, damaged, or made by a
 * newer ioward is refused and left as it is. All errors but lack of memory and permission are -IOW_EIO
 * (IOW-EXEC-JOURNAL), text "PATH: what SQLite says", evidence its extended result code.
 */
#ifndef IOWARD_EXEC_DATABASE_H
#define IOWARD_EXEC_DATABASE_H

#include <ioward/error.h>

struct iow_database;

/* What a kind of file looks like. The texts of the schema are compared with those in the file, so they are as SQLite
 * stores them: no IF NOT EXISTS, no trailing semicolon. */
struct iow_database_kind {
    int32_t application; /* PRAGMA application_id */
    int32_t version;     /* PRAGMA user_version */
    const char *pragmas; /* for each connection that writes */
    const char *const *schema;
    unsigned n_schema;
    const char *const *statements; /* by number */
    unsigned n_statements;
};

enum iow_database_mode {
    IOW_DATABASE_READ,  /* -IOW_ENOENT when there is no such file, or nothing in it yet */
    IOW_DATABASE_WRITE, /* made with mode 0600 when there is none */
};

/* iow_database_open - Errors: also -IOW_ENOENT (see above), -IOW_EACCES, -IOW_ENOMEM */
int iow_database_open(const struct iow_database_kind *kind, const char *path, enum iow_database_mode mode,
    struct iow_database **ret, struct iow_explain *reterr);
struct iow_database *iow_database_close(struct iow_database *database);

/*
 * iow_database_query - begins a statement with its values
 * In:      types   one letter a value: 'i' int64_t, 't' const char * (copied; NULL is NULL)
 * An error shows at the first iow_database_next().
 */
void iow_database_query(struct iow_database *database, unsigned statement, const char *types, ...);

/* iow_database_next - the next row: 1 there is one, 0 there is none, or an error */
int iow_database_next(struct iow_database *database, unsigned statement, struct iow_explain *reterr);

/* iow_database_finish - a query that gives no rows, or whose rows nobody wants: 0 or an error */
int iow_database_finish(struct iow_database *database, unsigned statement, struct iow_explain *reterr);

/* Values of the current row. A value of another type, a number above last, or text with a NUL in it marks the file as
 * damaged: see iow_database_sound(). Texts live until the statement goes on. */
uint64_t iow_database_number(struct iow_database *database, unsigned statement, int column, uint64_t last);
const char *iow_database_text(struct iow_database *database, unsigned statement, int column);
void iow_database_unsound(struct iow_database *database);

/* iow_database_sound - 0, or an error when a value read since it was opened made no sense */
int iow_database_sound(const struct iow_database *database, struct iow_explain *reterr);

/* iow_database_begin, iow_database_end - a transaction; end commits when r is 0 and there was no error, rolls back
 * otherwise, and returns r or what went wrong */
int iow_database_begin(struct iow_database *database, bool write, struct iow_explain *reterr);
int iow_database_end(struct iow_database *database, int r, struct iow_explain *reterr);

int64_t iow_database_last_row(const struct iow_database *database);
/* Rows changed by the statement finished last. */
int iow_database_changes(const struct iow_database *database);

#endif
