/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal's file, for the two who know its tables: journal.c writes it, journal-read.c reads it. */
#ifndef IOWARD_EXEC_JOURNAL_FILE_H
#define IOWARD_EXEC_JOURNAL_FILE_H

#include "exec/database.h"
#include "exec/journal.h"

/* Rows of the table of statements in journal.c. */
enum statement {
    GET_BOOT,
    DROP_BOOT,
    DROP_CLAIMS,
    DROP_MEMBERS,
    DROP_STEPS,
    ADD_BOOT,
    COUNT_UP,
    GET_COUNT,
    ADD_CLAIM,
    ADD_MEMBER,
    ADD_STEP,
    SET_STEP,
    SET_STATE,
    SET_HELD,
    COUNT_OPEN,
    END_STEPS,
    END_MEMBERS,
    END_CLAIM,
    GET_CLAIMS,
    GET_MEMBERS,
    GET_STEPS,
    N_STATEMENTS
};

struct iow_journal {
    struct iow_database *database; /* NULL: there is none of this boot, and it is only read */
};

#endif
