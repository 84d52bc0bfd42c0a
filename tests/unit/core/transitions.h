/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saying what a kernel answers: a group, a question, the answer as a literal. Whatever is asked here is
 * counted as a visit to the row that answered, so that a file of tests can show that it left out no row.
 */
#ifndef IOWARD_TESTS_CORE_TRANSITIONS_H
#define IOWARD_TESTS_CORE_TRANSITIONS_H

#include "testing.h"

#include <errno.h>
#include <ioward/transition.h>

/* Profiles, to be joined: the answer is the same under each. */
#define PURE 1u
#define ON_6_1 2u
#define ON_6_12 4u
#define ON_BOTH (ON_6_1 | ON_6_12)
#define ON_EVERY (PURE | ON_BOTH)

/* Groups whose default domain translates, in the states of ioward/transition.h. */
uint64_t unused_group(void);
uint64_t kernel_group(uint32_t drivers);
uint64_t private_group(uint32_t drivers);
uint64_t stray_group(void);
uint64_t blocked_group(uint32_t owner, uint32_t claims);
uint64_t attached_group(uint32_t owner, uint32_t claims);
uint64_t leaked_group(uint32_t owner);

/* One of these with one value changed. */
uint64_t of_type(uint64_t word, enum iow_domain_type type);
uint64_t of_kind(uint64_t word, enum iow_domain_kind kind);
uint64_t with_pasids(uint64_t word, uint32_t pasids);
uint64_t with_drivers(uint64_t word, uint32_t drivers);
uint64_t with_claims(uint64_t word, uint32_t claims);

/* A question; fields that are not named are 0. */
#define ASK(name, ...)                                                                                       \
    (struct iow_event)                                                                                       \
    {                                                                                                        \
        .operation = IOW_OPERATION_##name, ##__VA_ARGS__                                                     \
    }

/* Refused: error number of the host, rule without its IOW_RULE_DMA_; nothing changes. */
#define REFUSED(on, word, event, error, rule)                                                                \
    expect_refused(__LINE__, on, word, event, error, IOW_RULE_DMA_##rule)
/* Success, with a warning, and nothing changes. */
#define WARNED(on, word, event, rule) expect_warned(__LINE__, on, word, event, IOW_RULE_DMA_##rule)
/* Success, no member moves. */
#define BECOMES(on, word, event, next) expect_becomes(__LINE__, on, word, event, next)
#define UNCHANGED(on, word, event) expect_becomes(__LINE__, on, word, event, word)
/* Success, all members are moved to a domain of this kind. */
#define MOVES_ALL(on, word, event, to, next) expect_moves(__LINE__, on, word, event, IOW_KIND_##to, next)
/* Success, the newcomer is moved; what the group is remains, or becomes next. */
#define JOINS(on, word, event, how, next) expect_joins(__LINE__, on, word, event, IOW_MOVE_##how, next)
/* What would become of it if a member could not be moved; SAID: the caller gets the error. */
#define SAID false
#define UNSAID true
#define FAILS(on, word, event, how, failed, unsaid)                                                          \
    expect_failure(__LINE__, on, word, event, IOW_ON_FAILURE_##how, failed, unsaid)

void expect_refused(
    int line, unsigned on, uint64_t word, struct iow_event event, int error, enum iow_rule rule);
void expect_warned(int line, unsigned on, uint64_t word, struct iow_event event, enum iow_rule rule);
void expect_becomes(int line, unsigned on, uint64_t word, struct iow_event event, uint64_t next);
void expect_moves(
    int line, unsigned on, uint64_t word, struct iow_event event, enum iow_domain_kind to, uint64_t next);
void expect_joins(
    int line, unsigned on, uint64_t word, struct iow_event event, enum iow_move move, uint64_t next);
void expect_failure(int line, unsigned on, uint64_t word, struct iow_event event, enum iow_on_failure failure,
    uint64_t failed, bool unsaid);

/* What a refusal shows. */
void expect_evidence(unsigned on, uint64_t word, struct iow_event event, uint64_t seen, uint64_t wanted);

/*
 * Every question worth asking of an operation, under every profile: each(profile, word, event). Words have
 * each of their counts at 0, 1 and the most, drivers at 2 too; events have at most one flag set.
 */
typedef void (*iow_each_question)(
    const struct iow_profile *profile, uint64_t word, const struct iow_event *event);
void ask_everything(enum iow_operation operation, iow_each_question each);

/* Fails if, of these operations, a row was not visited that some question reaches under that profile. */
void assert_every_row_visited(const enum iow_operation *operations, size_t n);

#endif
