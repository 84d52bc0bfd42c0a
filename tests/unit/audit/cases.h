/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machines for every rule of the audit, as changes of one on which nothing is found.
 *
 * That machine is a workstation: below PORT_A a network card for the kernel, below PORT_B a graphics card with sound
 * that a user owns.
 */
#ifndef IOWARD_TESTS_AUDIT_CASES_H
#define IOWARD_TESTS_AUDIT_CASES_H

#include "scene.h"

/* Functions; each group has the number of its position. */
enum {
    PORT_A,
    PORT_B,
    NIC,
    CARD,
    SOUND
};
enum {
    GROUP_PORT_A,
    GROUP_NIC,
    GROUP_PORT_B,
    GROUP_CARD
};

typedef void change(struct scene *s);

struct audit_case {
    enum iow_rule rule;
    change *fires;     /* the rule finds something */
    change *not_quite; /* it does not, and knows that */
    change
        *unclear; /* it finds nothing, and does not know; NULL: what it rests on is always read, or missing */
};

/* The cases of an area end with a rule of 0. */
extern const struct audit_case machine_cases[], isolation_cases[], reach_cases[], device_cases[],
    group_cases[], kernel_cases[], host_cases[], slot_cases[], door_cases[], peer_cases[];

/* quiet - the machine on which nothing is found */
void quiet(struct scene *s);

/* What several areas change. */
void as_it_is(struct scene *s);
void surroundings_unread(struct scene *s);

#endif
