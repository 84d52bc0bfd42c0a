/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What both halves of the naive rule are made of. */
#ifndef IOWARD_TESTS_CORE_NAIVE_PARTS_H
#define IOWARD_TESTS_CORE_NAIVE_PARTS_H

#include "naive.h"

/* The group, who asks what of it, and what is answered. */
struct call {
    struct iow_ownership is;
    struct iow_event e;
    bool new; /* Linux 6.12 */
    struct naive_answer a;
};

#define REFUSE(call, error, name) ((call)->a.code = -IOW_##error, (call)->a.rule = IOW_RULE_DMA_##name)
#define SHOW(call, what, should)                                                                             \
    ((call)->a.shows = true, (call)->a.seen = (what), (call)->a.wanted = (should))
#define WARN(call, name) ((call)->a.warned = true, (call)->a.rule = IOW_RULE_DMA_##name)

typedef void (*naive_function)(struct call *c);

static inline void nothing(struct call *c)
{
    (void)c;
}

static inline struct naive_answer naive_call(
    naive_function function, bool is_6_12, const struct iow_ownership *is, const struct iow_event *event)
{
    struct call c = {*is, *event, is_6_12, {.next = *is, .failed = *is}};

    function(&c);
    return c.a;
}

static inline void count_driver(struct call *c)
{
    if (c->is.drivers == IOW_MOST_DRIVERS)
        REFUSE(c, E2BIG, TOO_MANY), SHOW(c, c->is.drivers, 0);
    else
        c->a.next.drivers++;
}

static inline void set_domain(struct call *c, enum iow_domain_kind kind, enum iow_on_failure failure)
{
    c->a.next.kind = kind;
    c->a.move = IOW_MOVE_ALL;
    c->a.target = kind;
    c->a.failure = failure;
}

#endif
