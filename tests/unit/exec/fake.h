/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine of a few variables that follow Linux's rules for binding, and an actor over it that can be made to fail:
 * what the executor needs of a machine, and no more.
 */
#ifndef IOWARD_TESTS_EXEC_FAKE_H
#define IOWARD_TESTS_EXEC_FAKE_H

#include "testing.h"

#include "exec/exec.h"

#define FAKE_FUNCTIONS 4
#define FAKE_GROUPS 3

struct fake_function {
    struct iow_address address;
    uint32_t identity, group;
    const char *native; /* the kernel's driver for it */
    char driver[32], override[32];
    bool gone;
    uint32_t busy_pid; /* who is in the middle of changing its driver, with the device locked; 0: nobody */
    bool busy_user;    /* because its user has it open */
    char next[32];     /* its driver when he is done */
};

enum fake_fault {
    FAKE_NONE,
    FAKE_REFUSE,
    FAKE_HANG, /* an unbind hides the driver at once and ends at fake_let_go() */
    FAKE_LIE,
    FAKE_VANISH,
    FAKE_REPLACED,
    FAKE_FOREIGN, /* somebody binds another driver just after the effect */
    FAKE_STOP,    /* whoever asked wants to stop */
    FAKE_CRASH,
    FAKE_CRASH_AFTER,
    FAKE_HANG_CRASH, /* whoever acts dies, and what he began goes on */
    FAKE__COUNT
};

struct fake {
    struct iow_actor actor;
    struct fake_function functions[FAKE_FUNCTIONS];
    unsigned n_functions;
    char access[FAKE_GROUPS][IOW_ACCESS_TEXT]; /* of nodes that are there */
    bool in_use[FAKE_GROUPS];                  /* somebody has the group open: unbinds of vfio-pci wait */
    bool vfio_loaded, odd_loaded;
    bool joined;                           /* one more function appears in group 1 when facts are read */
    bool joined_other;                     /* and one of another bus */
    void (*at_the_end)(struct fake *fake); /* just before facts are read after this many effects */
    unsigned end;
    bool unread; /* facts cannot be read */
    enum fake_fault fault;
    unsigned fault_at, n_effects;
    bool lasting; /* every later effect, too */
    int error;
    int stop;
    bool stop_on_hang; /* whoever asked loses patience */
    bool dead;
    struct iow_step ready;
    bool is_ready;
    struct iow_effort effort;
    uint32_t last_pid;
    unsigned n_refused_busy; /* binds the kernel refused since the group has its user */
    unsigned n_awaits;
    bool heard_stop; /* an effect was begun by an actor that does not wait because of its stop flag */
};

/* n functions: the first three in group 1 if !spread, else 1, 2, 1. overrides: 0 none, 1 the driver they have, 2 one that
 * nobody has, and no driver. */
void fake_init(struct fake *fake, unsigned n, bool spread, int overrides);

/* Everything that effects can change, as text; to be freed. Of functions that are not ours any more it says only that. */
char *fake_text(const struct fake *fake);

struct iow_facts *fake_facts(struct fake *fake);

/* Takes all groups for uid 1000; in mem. */
struct iow_plan *fake_plan(struct fake *fake, const struct iow_facts *facts, struct iow_mem *mem);

/* What hangs ends, users let go. */
void fake_let_go(struct fake *fake);

/* The process died: it can be started again, without the fault. */
void fake_restart(struct fake *fake);

#endif
