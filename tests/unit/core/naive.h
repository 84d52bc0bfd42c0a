/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an operation does, a second time, to compare the table with: Linux's functions one after the other, as
 * drivers/iommu/iommu.c has them, with owner, owner_cnt and domain; and the pure profile as it is told.
 */
#ifndef IOWARD_TESTS_CORE_NAIVE_H
#define IOWARD_TESTS_CORE_NAIVE_H

#include <ioward/transition.h>

struct naive_answer {
    int code;
    enum iow_rule rule; /* of a refusal or a warning */
    bool warned;
    bool shows; /* a refusal with its evidence */
    uint64_t seen, wanted;
    enum iow_move move;
    enum iow_domain_kind target;
    enum iow_on_failure failure;
    bool unsaid;
    struct iow_ownership next, failed;
};

struct naive_answer naive_pure(const struct iow_ownership *is, const struct iow_event *event);
struct naive_answer naive_linux(bool is_6_12, const struct iow_ownership *is, const struct iow_event *event);

#endif
