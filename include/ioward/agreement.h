/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Agreement: do the kernel's groups agree with what the hardware isolates?
 *
 * The kernel decided once, by a rule with known holes, from ACS bits that may have been changed since. Tells where groups are
 * finer than the hardware (a function reaches registers of another group around the IOMMU), with a route and what made the
 * kernel keep them apart; and where they are coarser, with what would split them.
 *
 * A function without group is a part of its own: nobody can own it but the kernel. What could not be read makes the answer
 * "unknown" and is never taken for isolation.
 */
#ifndef IOWARD_AGREEMENT_H
#define IOWARD_AGREEMENT_H

#include <ioward/analysis.h>
#include <ioward/closure.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Is it closed under reach? */
enum iow_closed {
    IOW_CLOSED_YES,
    IOW_CLOSED_POSSIBLY_NOT, /* the specification or a device leaves it open */
    IOW_CLOSED_UNKNOWN,      /* too little was read to tell */
    IOW_CLOSED_NO,           /* a function surely reaches out of its group */
    IOW_CLOSED__COUNT
};

/* How groups hang together by reach of one grade or a higher one. */
struct iow_grade_agreement {
    enum iow_route_grade grade;
    struct iow_closure *closure; /* parts: groups by position, then functions without group, in order */
    enum iow_rule *cause;        /* per listed breach: IOW_RULE_HW_... */
    bool *open; /* per group position: it hangs together with another, or with a function without one */
    uint32_t n_open;
};

/* A port or function that makes the kernel's rule join members of a group. */
struct iow_splitter {
    uint32_t node;
    enum iow_rule rule; /* IOW_RULE_GRP_..., why it joins */
    uint16_t bits; /* ACS bits that the hardware has, the rule asks for, and are off; 0: none would help */
};

/* A group whose devices the hardware has in several isolation sets, even by what is possible, and of which all was read that
 * the kernel's rule looks at. */
struct iow_coarse_group {
    uint32_t group;  /* position */
    uint32_t n_sets; /* sets that its devices are in, the root complex aside */
    bool by_root;    /* fewer if the root complex routes between its ports */
    bool now;        /* the kernel's rule would split it at a boot with the registers as they are */
    bool with_bits;  /* it would if these bits of its splitters were set */
    uint32_t n_splitters;
    struct iow_splitter *splitters;
};

struct iow_agreement {
    enum iow_closed closed; /* the machine: are all groups? */
    enum iow_closed *group; /* per group position */
    uint32_t n_unread;      /* functions whose registers could not all be read */
    struct iow_grade_agreement surely, possibly;
    uint32_t n_coarse;
    struct iow_coarse_group *coarse; /* in order of position */
};

/*
 * iow_agreement_find
 * In:      most  breaches to list for each grade
 *          mem   the result lives until iow_mem_done(mem)
 * Errors:  -IOW_ENOMEM
 * Cost:    that of two iow_isolation_find() and, if groups are coarser, of a third and of an iow_partition_predict()
 */
int iow_agreement_find(const struct iow_analysis *analysis, uint32_t most, struct iow_mem *mem,
    struct iow_agreement **ret, struct iow_explain *reterr);

/* iow_agreement_grade - the same for one grade alone */
int iow_agreement_grade(const struct iow_analysis *analysis, enum iow_route_grade grade, uint32_t most,
    struct iow_mem *mem, struct iow_grade_agreement *ret, struct iow_explain *reterr);

/* iow_breach_cause - what makes the kernel keep both apart: IOW_RULE_HW_... */
enum iow_rule iow_breach_cause(const struct iow_analysis *analysis, const struct iow_breach *breach);

/* A pair of functions between which more is open since the ACS bits of a port were cleared. */
struct iow_opened {
    uint32_t from, to;
    bool translated;
    struct iow_hop deciding;
    enum iow_route_answer now, before;
    enum iow_route_grade grade; /* of now */
};

/*
 * iow_drift_ports - the ports whose ACS bits were cleared since the groups were made, each once, in order of the
 * analysis's differences
 * In:      mem      the list lives until iow_mem_done(mem)
 * Errors:  -IOW_ENOMEM
 */
int iow_drift_ports(
    const struct iow_analysis *analysis, struct iow_mem *mem, uint32_t **ret, uint32_t *ret_n);

/*
 * iow_drift_opened - the pairs that the bits cleared at one port opened
 * In:      port     a port whose ACS control lacks bits that Linux sets and the hardware has
 *          most     pairs to list
 *          mem      the list lives until iow_mem_done(mem)
 * Out:     ret_n    listed; *ret_more: there may be others
 * Cost:    two routes for each function below the port and each other one, for 65,536 pairs at most
 * Errors:  -IOW_ENOMEM
 */
int iow_drift_opened(const struct iow_analysis *analysis, uint32_t port, uint32_t most, struct iow_mem *mem,
    struct iow_opened **ret, uint32_t *ret_n, bool *ret_more);

/* iow_closed_name - "yes", "possibly-not", "unknown", "no"; "?" for a number that is none */
const char *iow_closed_name(enum iow_closed closed);

#ifdef __cplusplus
}
#endif
#endif
