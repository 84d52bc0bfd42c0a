/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps of the checker's traces, as sentences. */
#ifndef IOWARD_REPORT_TRACE_WORDS_H
#define IOWARD_REPORT_TRACE_WORDS_H

#include "proof/proof.h"
#include "report/text.h"

/* Of the world that a trace is of. */
struct iow_trace_names {
    uint32_t n_devices, n_groups;
    const char *const
        *devices; /* safe to show; NULL: "device 1" and so on. Groups are "group 1" and so on, one alone is
                                 * "the group" */
};

/* iow_trace_step_text - "owner 1 claims the group: every member goes to the blocking domain" */
void iow_trace_step_text(struct iow_text *to, const struct iow_proof_trace *trace, uint32_t step,
    const struct iow_trace_names *names);

/* iow_trace_end_text - what is so after the last step, and breaks the invariant: "owner 1 owns the group,
 * and the driver of device 1 is in it" */
void iow_trace_end_text(struct iow_text *to, const struct iow_proof_trace *trace,
    enum iow_proof_invariant invariant, const struct iow_trace_names *names);

/* iow_trace_text - all of it, a line each: "1. ...", "2. ...", "Then ..." */
void iow_trace_text(struct iow_text *to, const struct iow_proof_trace *trace,
    enum iow_proof_invariant invariant, const struct iow_trace_names *names);

/* iow_proof_space_words - "the default domain", "owner 1's page table"; "?" for a number that is none */
const char *iow_proof_space_words(unsigned space);

/* iow_proof_actor_name - "driver-core", "driver", "owner", "bus", "admin" */
const char *iow_proof_actor_name(enum iow_proof_actor actor);

/* iow_proof_act_words - of an operation, or of the acts that are none: "claim the group", "bind" */
const char *iow_proof_act_words(uint32_t act);

#endif
