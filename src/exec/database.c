/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "exec/database.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/explain.h"

/* Readers copy what they read; nobody takes longer unless stopped. */
#define BUSY_MSEC 2000

/* Far longer than any value of ours. */
#define MAX_VALUE_BYTES (1 << 20)

struct iow_database {
    sqlite3 *handle;
    const struct iow_database_kind *kind;
    char *path;
    bool unsound;
    int error; /* of preparing or binding the query begun last; SQLITE_OK */
    sqlite3_stmt *statement[];
};

static int explain(struct iow_explain *reterr, const char *path, int number, const char *words)
{
    char text[IOW_EXPLAIN_TEXT];

    if ((number & 0xff) == SQLITE_NOMEM)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    (void)snprintf(text, sizeof(text), "%s: %s", path, words);
    iow_explain_text(reterr, -IOW_EIO, IOW_RULE_EXEC_JOURNAL, text);
    iow_explain_evidence(reterr, (uint64_t)number, SQLITE_OK, 0);
    return -IOW_EIO;
}

static int fail(const struct iow_database *database, int number, struct iow_explain *reterr)
{
    return explain(reterr, database->path, number, sqlite3_errstr(number));
}

static int run(struct iow_database *database, const char *sql, struct iow_explain *reterr)
{
    int r = sqlite3_exec(database->handle, sql, NULL, NULL, NULL);

    return r == SQLITE_OK ? 0 : fail(database, r, reterr);
}

/* One number that a statement gives; also an error of ours. */
static int ask(struct iow_database *database, const char *sql, int64_t *ret, struct iow_explain *reterr)
{
    sqlite3_stmt *statement;
    int r = sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL);

    if (r == SQLITE_OK) {
        r = sqlite3_step(statement);
        *ret = r == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
        sqlite3_finalize(statement);
    }
    return r == SQLITE_ROW || r == SQLITE_DONE ? 0 : fail(database, r, reterr);
}

/* Compares every object in the file, which are there in the order of their making, with what we make. */
static bool same_schema(const struct iow_database_kind *kind, sqlite3_stmt *statement, int *r)
{
    for (unsigned i = 0;; i++) {
        const char *sql;

        *r = sqlite3_step(statement);
        if (*r != SQLITE_ROW)
            return i == kind->n_schema;
        sql = (const char *)sqlite3_column_text(statement, 0);
        if (i == kind->n_schema || !sql || strcmp(sql, kind->schema[i]) != 0)
            return false;
    }
}

static int check_schema(struct iow_database *database, struct iow_explain *reterr)
{
    sqlite3_stmt *statement;
    int r = sqlite3_prepare_v2(
        database->handle, "SELECT sql FROM sqlite_schema ORDER BY rowid", -1, &statement, NULL);
    bool same = false;

    if (r == SQLITE_OK) {
        same = same_schema(database->kind, statement, &r);
        sqlite3_finalize(statement);
    }
    if (r != SQLITE_DONE && r != SQLITE_ROW)
        return fail(database, r, reterr);
    return same ? 0 : explain(reterr, database->path, SQLITE_MISMATCH, "its tables are not ioward's");
}

/* Looks at every page, since a row that cannot be read may be the one that matters. */
static int check_pages(struct iow_database *database, struct iow_explain *reterr)
{
    sqlite3_stmt *statement;
    int r = sqlite3_prepare_v2(database->handle, "PRAGMA quick_check(1)", -1, &statement, NULL);
    bool ok = false;

    if (r == SQLITE_OK) {
        const char *answer;

        r = sqlite3_step(statement);
        answer = r == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
        ok = answer && strcmp(answer, "ok") == 0;
        sqlite3_finalize(statement);
    }
    if (r != SQLITE_ROW && r != SQLITE_DONE)
        return fail(database, r, reterr);
    return ok ? 0 : fail(database, SQLITE_CORRUPT, reterr);
}

static int make(struct iow_database *database, struct iow_explain *reterr)
{
    char numbers[96];
    int r = 0;

    (void)snprintf(numbers, sizeof(numbers), "PRAGMA application_id = %d; PRAGMA user_version = %d",
        database->kind->application, database->kind->version);
    for (unsigned i = 0; r == 0 && i < database->kind->n_schema; i++)
        r = run(database, database->kind->schema[i], reterr);
    return r < 0 ? r : run(database, numbers, reterr);
}

/* Nothing in it: just made, or its maker died before the first commit. 1 empty, 0 not. */
static int is_empty(struct iow_database *database, struct iow_explain *reterr)
{
    int64_t application, version, objects;
    int r = ask(database, "PRAGMA application_id", &application, reterr);

    if (r == 0)
        r = ask(database, "PRAGMA user_version", &version, reterr);
    if (r == 0)
        r = ask(database, "SELECT count(*) FROM sqlite_schema", &objects, reterr);
    return r < 0 ? r : !application && !version && !objects;
}

static int recognise(struct iow_database *database, struct iow_explain *reterr)
{
    const struct iow_database_kind *kind = database->kind;
    int64_t application, version;
    int r = ask(database, "PRAGMA application_id", &application, reterr);

    if (r == 0)
        r = ask(database, "PRAGMA user_version", &version, reterr);
    if (r < 0)
        return r;
    if (application != kind->application)
        return explain(reterr, database->path, SQLITE_MISMATCH, "not a file of ioward");
    if (version > kind->version)
        return explain(reterr, database->path, SQLITE_MISMATCH, "made by a newer ioward");
    r = check_schema(database, reterr);
    return r < 0 ? r : check_pages(database, reterr);
}

/* Log mode is kept in the file, and cannot be entered within a transaction. */
static int prepare_new(struct iow_database *database, struct iow_explain *reterr)
{
    int r = run(database, "PRAGMA journal_mode = WAL", reterr);

    if (r == 0)
        r = iow_database_begin(database, true, reterr);
    if (r < 0)
        return r;
    r = is_empty(database, reterr); /* another may have been faster */
    if (r > 0)
        r = make(database, reterr);
    return iow_database_end(database, r, reterr);
}

static int enter(struct iow_database *database, enum iow_database_mode mode, struct iow_explain *reterr)
{
    int r = is_empty(database, reterr);

    if (r > 0 && mode == IOW_DATABASE_READ)
        return -IOW_ENOENT;
    if (r > 0)
        r = prepare_new(database, reterr);
    if (r == 0)
        r = recognise(database, reterr);
    return r == 0 && mode == IOW_DATABASE_WRITE ? run(database, database->kind->pragmas, reterr) : r;
}

/* Whoever made the file may have put anything in: nothing of it is run, and no value is larger than ours. */
static void harden(sqlite3 *handle)
{
    (void)sqlite3_busy_timeout(handle, BUSY_MSEC);
    (void)sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES);
    (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
}

static int refuse_file(const char *path, int error, struct iow_explain *reterr)
{
    int r = explain(reterr, path, SQLITE_CANTOPEN, strerror(error));

    if (error != EACCES && error != EPERM)
        return r;
    if (reterr)
        reterr->code = -IOW_EACCES;
    return -IOW_EACCES;
}

/*
 * There is a plain file afterwards, with our mode, which SQLite gives its other files, too. A file that exists is not
 * opened here: closing it would drop the locks that this process has on it.
 */
static int ready_file(const char *path, enum iow_database_mode mode, struct iow_explain *reterr)
{
    struct stat status;
    int fd;

    if (strcmp(path, ":memory:") == 0)
        return 0;
    if (lstat(path, &status) == 0)
        return S_ISREG(status.st_mode) ? 0 : explain(reterr, path, SQLITE_CANTOPEN, "not a plain file");
    if (errno != ENOENT)
        return refuse_file(path, errno, reterr);
    if (mode == IOW_DATABASE_READ)
        return -IOW_ENOENT;
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno != EEXIST)
        return refuse_file(path, errno, reterr);
    if (fd >= 0)
        (void)close(fd);
    return 0;
}

static int connect_file(
    struct iow_database *database, enum iow_database_mode mode, struct iow_explain *reterr)
{
    int flags = mode == IOW_DATABASE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    int r = sqlite3_open_v2(
        database->path, &database->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);

    if (r == SQLITE_OK) {
        harden(database->handle);
        return 0;
    }
    if ((r & 0xff) == SQLITE_CANTOPEN && sqlite3_system_errno(database->handle) == EACCES)
        return refuse_file(database->path, EACCES, reterr);
    return fail(database, r, reterr);
}

/*
 * Where there is no space, the file that writers and readers share (-shm) cannot be made. A writer that keeps everybody else
 * out needs none, and can at least read; writing then fails each time.
 * Source: https://www.sqlite.org/wal.html "Use of WAL Without Shared-Memory"
 */
static int enter_alone(struct iow_database *database, struct iow_explain *reterr)
{
    int r;

    sqlite3_close(database->handle);
    database->handle = NULL;
    r = connect_file(database, IOW_DATABASE_WRITE, reterr);
    if (r == 0)
        r = run(database, "PRAGMA locking_mode = EXCLUSIVE", reterr);
    return r == 0 ? enter(database, IOW_DATABASE_WRITE, reterr) : r;
}

static bool lacks_space(const struct iow_database *database)
{
    int number = sqlite3_extended_errcode(database->handle);

    return number == SQLITE_IOERR_SHMSIZE || number == SQLITE_IOERR_SHMOPEN ||
           number == SQLITE_IOERR_SHMMAP || (number & 0xff) == SQLITE_CANTOPEN;
}

int iow_database_open(const struct iow_database_kind *kind, const char *path, enum iow_database_mode mode,
    struct iow_database **ret, struct iow_explain *reterr)
{
    struct iow_database *database;
    int r = ready_file(path, mode, reterr);

    if (r < 0)
        return r;
    database = calloc(1, sizeof(*database) + kind->n_statements * sizeof(database->statement[0]));
    if (!database || !(database->path = strdup(path))) {
        free(database);
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    }
    database->kind = kind;
    r = connect_file(database, mode, reterr);
    if (r == 0)
        r = enter(database, mode, reterr);
    if (r < 0 && mode == IOW_DATABASE_WRITE && lacks_space(database))
        r = enter_alone(database, reterr);
    if (r < 0) {
        iow_database_close(database);
        return r;
    }
    *ret = database;
    return 0;
}

struct iow_database *iow_database_close(struct iow_database *database)
{
    if (!database)
        return NULL;
    for (unsigned i = 0; i < database->kind->n_statements; i++)
        sqlite3_finalize(database->statement[i]);
    sqlite3_close(database->handle);
    free(database->path);
    free(database);
    return NULL;
}

static int bind(sqlite3_stmt *statement, const char *types, va_list values)
{
    int r = SQLITE_OK;

    for (int i = 0; r == SQLITE_OK && types[i]; i++)
        r = types[i] == 'i'
                ? sqlite3_bind_int64(statement, i + 1, va_arg(values, int64_t))
                : sqlite3_bind_text(statement, i + 1, va_arg(values, const char *), -1, SQLITE_TRANSIENT);
    return r;
}

void iow_database_query(struct iow_database *database, unsigned number, const char *types, ...)
{
    sqlite3_stmt **statement = &database->statement[number];
    va_list values;

    database->error = SQLITE_OK;
    if (*statement)
        (void)sqlite3_reset(*statement);
    else
        database->error = sqlite3_prepare_v3(database->handle, database->kind->statements[number], -1,
            SQLITE_PREPARE_PERSISTENT, statement, NULL);
    if (database->error != SQLITE_OK)
        return;
    va_start(values, types);
    database->error = bind(*statement, types, values);
    va_end(values);
}

int iow_database_next(struct iow_database *database, unsigned number, struct iow_explain *reterr)
{
    int r = database->error;

    if (r == SQLITE_OK)
        r = sqlite3_step(database->statement[number]);
    if (r == SQLITE_ROW)
        return 1;
    if (database->statement[number])
        (void)sqlite3_reset(database->statement[number]);
    return r == SQLITE_DONE ? 0 : fail(database, r, reterr);
}

int iow_database_finish(struct iow_database *database, unsigned number, struct iow_explain *reterr)
{
    int r = iow_database_next(database, number, reterr);

    if (r > 0)
        (void)sqlite3_reset(database->statement[number]);
    return r < 0 ? r : 0;
}

uint64_t iow_database_number(struct iow_database *database, unsigned number, int column, uint64_t last)
{
    sqlite3_stmt *statement = database->statement[number];
    int64_t value = sqlite3_column_int64(statement, column);

    if (sqlite3_column_type(statement, column) == SQLITE_INTEGER && value >= 0 && (uint64_t)value <= last)
        return (uint64_t)value;
    database->unsound = true;
    return 0;
}

const char *iow_database_text(struct iow_database *database, unsigned number, int column)
{
    sqlite3_stmt *statement = database->statement[number];

    if (sqlite3_column_type(statement, column) == SQLITE_TEXT) {
        const char *text = (const char *)sqlite3_column_text(statement, column);

        if (text && strlen(text) == (size_t)sqlite3_column_bytes(statement, column))
            return text;
    }
    database->unsound = true;
    return "";
}

void iow_database_unsound(struct iow_database *database)
{
    database->unsound = true;
}

int iow_database_sound(const struct iow_database *database, struct iow_explain *reterr)
{
    return database->unsound ? fail(database, SQLITE_CORRUPT, reterr) : 0;
}

int iow_database_begin(struct iow_database *database, bool write, struct iow_explain *reterr)
{
    return run(database, write ? "BEGIN IMMEDIATE" : "BEGIN", reterr);
}

int iow_database_end(struct iow_database *database, int r, struct iow_explain *reterr)
{
    if (r == 0)
        r = run(database, "COMMIT", reterr);
    if (r < 0 && !sqlite3_get_autocommit(database->handle))
        (void)sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
    return r;
}

int64_t iow_database_last_row(const struct iow_database *database)
{
    return sqlite3_last_insert_rowid(database->handle);
}

int iow_database_changes(const struct iow_database *database)
{
    return sqlite3_changes(database->handle);
}
