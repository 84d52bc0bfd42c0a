/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "exec/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/explain.h"
#include "exec/database.h"
#include "facts/facts.h"

static const char *const schema[] = {
    "CREATE TABLE entry (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, boot TEXT NOT NULL, kind TEXT NOT NULL,"
    " iommu_group INTEGER NOT NULL, uid INTEGER NOT NULL, by_uid INTEGER NOT NULL, members TEXT NOT NULL,"
    " command TEXT NOT NULL, note TEXT NOT NULL) STRICT",
};

enum statement {
    ADD,
    LIST,
    N_STATEMENTS
};

static const char *const statements[N_STATEMENTS] = {
    [ADD] = "INSERT INTO entry VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [LIST] = "SELECT at, boot, kind, iommu_group, uid, by_uid, members, command, note"
             " FROM (SELECT * FROM entry ORDER BY id DESC LIMIT ?1) ORDER BY id",
};

/* On a disk: a power cut may lose the last entries, but not the file. */
static const struct iow_database_kind kind = {
    .application = 0x696f7768, /* "iowh" */
    .version = 1,
    .pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
    .schema = schema,
    .n_schema = sizeof(schema) / sizeof(schema[0]),
    .statements = statements,
    .n_statements = N_STATEMENTS,
};

static const char *const kind_name[] = {
    [IOW_HISTORY_CLAIMED] = "claimed",
    [IOW_HISTORY_RELEASED] = "released",
    [IOW_HISTORY_ROLLED_BACK] = "rolled-back",
    [IOW_HISTORY_PENDING] = "pending",
    [IOW_HISTORY_OPEN] = "open",
    [IOW_HISTORY_FORGOTTEN] = "forgotten",
};

_Static_assert(sizeof(kind_name) / sizeof(kind_name[0]) == IOW_HISTORY__COUNT, "a kind of entry has no name");

struct iow_history_file {
    struct iow_database *database; /* NULL: there is none, and it is only read */
};

const char *iow_history_kind_name(enum iow_history_kind number)
{
    return (unsigned)number < IOW_HISTORY__COUNT ? kind_name[number] : "unknown";
}

static int open_as(
    const char *path, enum iow_database_mode mode, struct iow_history_file **ret, struct iow_explain *reterr)
{
    struct iow_database *database = NULL;
    struct iow_history_file *history;
    int r = iow_database_open(&kind, path, mode, &database, reterr);

    if (r < 0 && !(r == -IOW_ENOENT && mode == IOW_DATABASE_READ))
        return r;
    history = calloc(1, sizeof(*history));
    if (!history) {
        iow_database_close(database);
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    }
    history->database = database;
    *ret = history;
    return 0;
}

int iow_history_open(const char *path, struct iow_history_file **ret, struct iow_explain *reterr)
{
    return open_as(path, IOW_DATABASE_WRITE, ret, reterr);
}

int iow_history_open_read(const char *path, struct iow_history_file **ret, struct iow_explain *reterr)
{
    return open_as(path, IOW_DATABASE_READ, ret, reterr);
}

struct iow_history_file *iow_history_close(struct iow_history_file *history)
{
    if (history)
        iow_database_close(history->database);
    free(history);
    return NULL;
}

int iow_history_add(
    struct iow_history_file *history, const struct iow_history_entry *entry, struct iow_explain *reterr)
{
    iow_database_query(history->database, ADD, "ittiiittt", (int64_t)entry->when_usec, entry->boot_id,
        iow_history_kind_name(entry->kind), (int64_t)entry->group, (int64_t)entry->uid,
        (int64_t)entry->by_uid, entry->members, entry->command, entry->note);
    return iow_database_finish(history->database, ADD, reterr);
}

static const char *keep(struct iow_mem *mem, struct iow_database *database, int column, bool *full)
{
    const char *text = iow_database_text(database, LIST, column);
    const char *copy = iow_mem_text(mem, text, strlen(text));

    if (!copy)
        *full = true;
    return copy;
}

static enum iow_history_kind read_kind(struct iow_database *database)
{
    const char *name = iow_database_text(database, LIST, 2);

    for (unsigned i = 0; i < IOW_HISTORY__COUNT; i++)
        if (strcmp(kind_name[i], name) == 0)
            return (enum iow_history_kind)i;
    iow_database_unsound(database);
    return IOW_HISTORY_CLAIMED;
}

static bool read_entry(struct iow_database *database, struct iow_mem *mem, struct iow_history_entry *entry)
{
    bool full = false;

    entry->when_usec = iow_database_number(database, LIST, 0, INT64_MAX);
    entry->boot_id = keep(mem, database, 1, &full);
    entry->kind = read_kind(database);
    entry->group = (uint32_t)iow_database_number(database, LIST, 3, UINT32_MAX);
    entry->uid = (uint32_t)iow_database_number(database, LIST, 4, UINT32_MAX);
    entry->by_uid = (uint32_t)iow_database_number(database, LIST, 5, UINT32_MAX);
    entry->members = keep(mem, database, 6, &full);
    entry->command = keep(mem, database, 7, &full);
    entry->note = keep(mem, database, 8, &full);
    return !full;
}

static int read_entries(struct iow_database *database, uint32_t limit, struct iow_mem *mem,
    struct iow_list *list, struct iow_explain *reterr)
{
    int r;

    iow_database_query(database, LIST, "i", (int64_t)limit);
    while ((r = iow_database_next(database, LIST, reterr)) > 0) {
        struct iow_history_entry *entry = iow_list_add(list, sizeof(*entry));

        if (!entry || !read_entry(database, mem, entry)) {
            (void)iow_database_finish(database, LIST, NULL);
            return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
        }
    }
    return r < 0 ? r : iow_database_sound(database, reterr);
}

int iow_history_list(struct iow_history_file *history, uint32_t limit, struct iow_mem *mem,
    const struct iow_history_entry **ret, uint32_t *ret_n, struct iow_explain *reterr)
{
    struct iow_list list = {0};
    int r = history->database ? read_entries(history->database, limit, mem, &list, reterr) : 0;

    *ret_n = list.n;
    *ret = iow_list_keep(&list, sizeof(**ret), mem);
    iow_list_done(&list);
    return r == 0 && !*ret ? iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE) : r;
}
