/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SQLite's files, with writes that fail when a test says so. */
#ifndef IOWARD_TESTS_FAULTY_VFS_H
#define IOWARD_TESTS_FAULTY_VFS_H

#include <stdbool.h>

struct faulty_writes {
    unsigned n;       /* writes so far, from 1 */
    unsigned fail_at; /* this one finds the disk full; 0: none */
    bool lasting;     /* and every later one */
    bool dead;        /* every write fails: the process is gone */
    bool no_sharing;  /* there is no space for the file that readers and writers share */
    unsigned die_at;  /* from this one on it is; 0: never */
};

extern struct faulty_writes faulty;

/* Becomes SQLite's way to files, for the whole process. */
void faulty_install(void);

#endif
