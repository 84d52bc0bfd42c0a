/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Audit: rules over what is known of a machine, and what was found broken.
 *
 * A rule has a severity and one check. A check yields findings, each one breach of the rule with its evidence,
 * and says where it could not be judged: what cannot be read is unknown, never fine. A risk may be accepted for
 * a time; an acceptance names the rule and everything the finding is about, so that nothing new ever matches
 * it. Pure: facts, acceptances and today's date in, values out.
 */
#ifndef IOWARD_AUDIT_H
#define IOWARD_AUDIT_H

#include <ioward/address.h>
#include <ioward/error.h>
#include <ioward/mem.h>

#ifdef __cplusplus
extern "C" {
#endif

struct iow_analysis;

enum iow_severity {
    IOW_NOTICE,   /* good to know: a door that only root may use, a claim that would fail */
    IOW_WARNING,  /* a protection is weaker than it looks, or something will go wrong */
    IOW_CRITICAL, /* a device reaches memory or devices that it must not */
    IOW_SEVERITY__COUNT
};

/* iow_severity_name - "notice", "warning", "critical" */
const char *iow_severity_name(enum iow_severity severity);

/* iow_severity_parse - the severity of that name; -IOW_EINVAL: there is none */
int iow_severity_parse(const char *name, enum iow_severity *ret);

/* One rule broken, or one that could not be judged. */
struct iow_finding {
    enum iow_rule rule; /* IOW_RULE_REM_... */
    enum iow_severity severity;
    struct iow_subject subject;
    uint32_t function, other; /* positions, IOW_NONE if none */
    uint32_t group;           /* kernel's number, IOW_NONE if none */
    uint32_t holder;          /* position, IOW_NONE if none */
    const char *name, *by;    /* what it is about beside devices: a module, a slot, a use; NULL: none. Raw */
    uint32_t accepted;        /* position of that in force for it which ends last, IOW_NONE if none */
};

/* A rule that yields findings. */
struct iow_audit_row {
    enum iow_rule rule;
    enum iow_severity severity;
};

/* iow_audit_row_at - row i of the table; false past the end */
bool iow_audit_row_at(uint32_t i, struct iow_audit_row *ret);

/* A function as an acceptance names it: what is at the address must still be that device. */
struct iow_accept_device {
    struct iow_address address;
    uint16_t vendor, device;
};

/* What becomes of an acceptance. */
enum iow_accept_state {
    IOW_ACCEPT_IN_FORCE,
    IOW_ACCEPT_ENDS_SOON, /* in force, for IOW_ACCEPT_WARN_DAYS at most */
    IOW_ACCEPT_EXPIRED,   /* accepts nothing any more */
    IOW_ACCEPT__COUNT
};

#define IOW_ACCEPT_WARN_DAYS 30

/* A risk that somebody took on. */
struct iow_acceptance {
    enum iow_rule rule;
    uint32_t n_devices;
    const struct iow_accept_device *devices; /* all that the finding is about */
    const char *name;                        /* the finding's; NULL: it has none */
    const char *reason, *until_text, *file;  /* as written, raw */
    uint32_t line;                           /* where its section begins */
    int32_t until;                           /* the last day it holds, in days since 1970-01-01 */
    /* by iow_audit() */
    enum iow_accept_state state;
    uint32_t n_findings; /* how many it is about, in force or not */
};

/*
 * iow_accept_parse - one file of accepted risks
 * In:      text, len  any bytes
 *          file       its name, for errors and output; kept by reference
 * Out:     *list, *n  acceptances are added behind those of earlier files; they live as long as mem
 * Errors:  -IOW_EINVAL (IOW-ACCEPT-...; the text names the file, the evidence's number seen is the line);
 *          -IOW_ENOMEM
 */
int iow_accept_parse(const char *text, size_t len, const char *file, struct iow_mem *mem,
    struct iow_acceptance **list, uint32_t *n, struct iow_explain *reterr);

/* iow_date_parse - "2027-01-31" as days since 1970-01-01; -IOW_EINVAL: no such day */
int iow_date_parse(const char *text, size_t len, int32_t *ret);

/*
 * iow_acceptance_of_pair - the acceptance in force for what a rule would find between two functions, in either direction
 * In:      rule  one whose findings have no name
 * Returns: of several the one that ends last; NULL: nobody accepted that
 */
const struct iow_acceptance *iow_acceptance_of_pair(const struct iow_analysis *analysis,
    const struct iow_acceptance *list, uint32_t n, int32_t today, enum iow_rule rule, uint32_t a, uint32_t b);

struct iow_audit_request {
    uint32_t n_given;
    const uint32_t
        *given;    /* functions that are about to be given away, as far as the machine does not tell */
    int32_t today; /* days since 1970-01-01 */
    uint32_t n_acceptances;
    struct iow_acceptance *acceptances; /* their state and n_findings are written */
};

struct iow_audit {
    uint32_t n_findings;
    struct iow_finding *findings; /* the worst first, then in the order of the rules */
    uint32_t n_unknown;
    struct iow_finding *unknown; /* where a rule could not be judged, in the same order */
};

/*
 * iow_audit - every rule
 * In:      analysis  of facts read with all that the rules look at (IOW_READ_ALL, and the uses of the functions that
 *                    iow_audit_wants_uses() names); what was not read is unknown
 *          request   NULL: nothing is about to be given away but what shows in the facts, nothing is accepted
 * Errors:  -IOW_ENOMEM
 */
int iow_audit(const struct iow_analysis *analysis, const struct iow_audit_request *request,
    struct iow_mem *mem, struct iow_audit *ret);

/*
 * iow_audit_wants_uses - the functions whose uses matter: members of groups that are about to be given away
 * Out:     ret  positions, ascending
 * Errors:  -IOW_ENOMEM
 */
int iow_audit_wants_uses(const struct iow_analysis *analysis, const struct iow_audit_request *request,
    struct iow_mem *mem, uint32_t **ret, uint32_t *ret_n);

/*
 * iow_finding_devices - all functions that a finding is about: its own, or every PCI member of the group
 * Out:     ret  positions, ascending; n is 0 for a finding about the machine
 * Errors:  -IOW_ENOMEM
 */
int iow_finding_devices(const struct iow_analysis *analysis, const struct iow_finding *finding,
    struct iow_mem *mem, uint32_t **ret, uint32_t *ret_n);

#ifdef __cplusplus
}
#endif
#endif
