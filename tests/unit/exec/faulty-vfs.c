/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "faulty-vfs.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct faulty_writes faulty;

/* The tables of methods of the system's files, and ours made of each. */
static struct {
    const sqlite3_io_methods *theirs;
    sqlite3_io_methods ours;
} tables[8];

static sqlite3_vfs *inner, outer;

static const sqlite3_io_methods *methods_of(sqlite3_file *file)
{
    for (unsigned i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        if (&tables[i].ours == file->pMethods)
            return tables[i].theirs;
    abort();
}

static int faulty_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
    faulty.n++;
    if (faulty.die_at && faulty.n >= faulty.die_at)
        faulty.dead = true;
    if (faulty.dead)
        return SQLITE_IOERR_WRITE;
    if (faulty.fail_at && (faulty.lasting ? faulty.n >= faulty.fail_at : faulty.n == faulty.fail_at))
        return SQLITE_FULL;
    return methods_of(file)->xWrite(file, bytes, n, at);
}

static int faulty_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return faulty.dead ? SQLITE_IOERR_TRUNCATE : methods_of(file)->xTruncate(file, size);
}

static int faulty_share(sqlite3_file *file, int region, int size, int extend, void volatile **ret)
{
    return faulty.no_sharing ? SQLITE_IOERR_SHMSIZE
                             : methods_of(file)->xShmMap(file, region, size, extend, ret);
}

static void wrap(sqlite3_file *file)
{
    unsigned i = 0;

    while (tables[i].theirs && tables[i].theirs != file->pMethods)
        i++;
    tables[i].theirs = file->pMethods;
    tables[i].ours = *file->pMethods;
    tables[i].ours.xWrite = faulty_write;
    tables[i].ours.xTruncate = faulty_truncate;
    if (file->pMethods->iVersion >= 2 && file->pMethods->xShmMap)
        tables[i].ours.xShmMap = faulty_share;
    file->pMethods = &tables[i].ours;
}

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
    int r = inner->xOpen(inner, name, file, flags, ret_flags);

    (void)vfs;
    if (r == SQLITE_OK && file->pMethods)
        wrap(file);
    return r;
}

static int faulty_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    return faulty.dead ? SQLITE_IOERR_DELETE : inner->xDelete(inner, name, sync);
}

void faulty_install(void)
{
    inner = sqlite3_vfs_find(NULL);
    outer = *inner;
    outer.zName = "faulty";
    outer.pNext = NULL;
    outer.xOpen = faulty_open;
    outer.xDelete = faulty_delete;
    if (sqlite3_vfs_register(&outer, 1) != SQLITE_OK)
        abort();
}
