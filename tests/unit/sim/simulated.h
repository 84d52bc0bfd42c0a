/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Simulated machines for tests: made of a topology of the lab, moved by commands, read by the reader. */
#ifndef IOWARD_TESTS_SIM_SIMULATED_H
#define IOWARD_TESTS_SIM_SIMULATED_H

#include "testing.h"

#include "host/sim/sim.h"

#include <ioward/plan.h>

/* text of lab/topologies/NAME.json; to be freed */
char *read_topology(const char *name);
struct iow_sim *boot(const char *topology, const char *release);

/* What a command answers; *ret_answer, if asked for, is to be freed. */
int command_of(struct iow_sim *sim, char **ret_answer, const char *format, va_list args);
int try(struct iow_sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A command that works, and its answer; the number at the end of "process N" or so. */
void must(struct iow_sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
unsigned must_number(struct iow_sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
void must_say(struct iow_sim *sim, const char *line, const char *answer);

/* Steps, and what an actor does with them. */
struct iow_step step(enum iow_step_kind kind, const char *address, const char *before, const char *after);
struct iow_step step_give(uint32_t group, const char *before, const char *after);
int act(struct iow_sim *sim, const struct iow_step *step, struct iow_effort *effort);
int act_on(
    struct iow_sim *sim, enum iow_step_kind kind, const char *address, const char *before, const char *after);
int seen(struct iow_sim *sim, enum iow_step_kind kind, const char *address, char value[IOW_VALUE_BYTES]);
void assert_seen(struct iow_sim *sim, enum iow_step_kind kind, const char *address, const char *value);

/* Facts as the reader finds them. */
struct iow_facts *read_facts(struct iow_sim *sim, struct iow_source **ret_source);
const struct iow_function *fact_of(const struct iow_facts *facts, const char *address);

#endif
