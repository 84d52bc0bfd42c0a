/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the checker found out about the groups of a machine.
 *
 * Groups of equal make-up behave alike, so each make-up was searched once. Texts from outside (drivers,
 * names of devices that are no PCI functions) are raw here, but for the names in traces, which are safe to
 * show.
 */
#ifndef IOWARD_REPORT_PROOF_H
#define IOWARD_REPORT_PROOF_H

#include "proof/proof.h"
#include "report/trace-words.h"
#include "report/view.h"
#include <stdio.h>

/* What a member can be in the game of owners, the freest first: X(name, one, many). */
#define IOW_PART_LIST(X)                                                                                     \
    X(DEVICE, "device", "devices") /* any driver, also one that attaches a domain of its own */              \
    X(OTHER, "device of another bus", "devices of other buses") /* the same, but it stays where it is */     \
    X(BRIDGE, "bridge", "bridges") /* an ordinary driver (shpchp) or a managed-DMA one */                    \
    X(PORT, "port", "ports")       /* only managed-DMA drivers fit it */                                     \
    X(UNASKED, "device that is not asked", "devices that are not asked") /* its bus asks for no ownership */

enum iow_part {
#define IOW_PART_ENUM(name, one, many) IOW_PART_##name,
    IOW_PART_LIST(IOW_PART_ENUM)
#undef IOW_PART_ENUM
    IOW_PART__COUNT
};

/* "port", "device that is not asked" */
const char *iow_part_words(enum iow_part part, bool many);

struct iow_prove_member {
    const char *name; /* address, or the raw name of a device of another bus */
    const char *driver;
    enum iow_driver_trait trait;
    enum iow_part part;
};

/* Groups that are made up alike. */
struct iow_prove_make {
    uint32_t n_groups;
    uint32_t *groups;                /* the kernel's numbers, ascending */
    uint32_t parts[IOW_PART__COUNT]; /* members */
    bool newcomers;                  /* a device that appears may join */
    bool direct;                     /* the firmware demands direct mappings */
    uint32_t n_members;
    const struct iow_prove_member *members; /* of the first group */
    uint32_t n_searched;                    /* of them; fewer only where a group is larger than any world */
    struct iow_proof_result kept;           /* all members, every condition kept */
    bool always; /* the same was searched with every condition dropped, and nothing is broken either */
};

/* An invariant that may be broken when some conditions are dropped. */
struct iow_prove_finding {
    enum iow_proof_invariant invariant;
    uint32_t dropped; /* 0: it is broken though every condition is kept */
    uint32_t n_groups;
    uint32_t *groups;             /* where, ascending */
    struct iow_proof_trace trace; /* shortest there is, in a group whose devices it names */
    struct iow_trace_names names;
    uint32_t group; /* that group */
};

struct iow_prove {
    const struct iow_profile *profile;
    bool assumed; /* that the kernel keeps to this profile */
    const char
        *kernel; /* the release that is meant, raw; NULL: the profile was asked for, or none is known */
    uint32_t n_makes;
    struct iow_prove_make *makes;
    uint32_t n_findings; /* by the conditions dropped, then by invariant */
    struct iow_prove_finding *findings;
    bool complete; /* nothing had to be left out for lack of memory or time */
};

/* iow_prove_text - a table of the make-ups, then what they rest on; with the traces or without */
int iow_prove_text(const struct iow_prove *prove, bool traces, FILE *out);
int iow_prove_json(const struct iow_view *view, const struct iow_prove *prove, FILE *out);

#endif
