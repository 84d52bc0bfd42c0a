/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drawing what changes a machine: plans, how they went, which claims there are and were.
 *
 * Values in, text or JSON out. Every drawer returns 0 or -IOW_ENOMEM; errors of writing stay with the stream.
 * Texts in the structs below are raw: they are escaped here. docs/json.md documents each JSON document.
 */
#ifndef IOWARD_REPORT_PLAN_H
#define IOWARD_REPORT_PLAN_H

#include "report/view.h"
#include <ioward/claim.h>
#include <stdio.h>

/* For whom a plan is made. */
struct iow_plan_about {
    const struct iow_claim_request *request;
    const char *user; /* name of request->uid; NULL: it has none */
};

int iow_plan_text(
    const struct iow_view *view, const struct iow_plan *plan, const struct iow_plan_about *about, FILE *out);
int iow_plan_json(
    const struct iow_view *view, const struct iow_plan *plan, const struct iow_plan_about *about, FILE *out);

/* iow_plan_risks_text - the risks of a plan that were accepted, a paragraph each; nothing without any */
int iow_plan_risks_text(const struct iow_view *view, const struct iow_plan *plan, FILE *out);

/* iow_refusal_text, iow_refusal_remedy - one refusal of a plan, ready to show; no remedy adds nothing */
void iow_refusal_text(struct iow_text *to, const struct iow_view *view, const struct iow_refusal *refusal);
void iow_refusal_remedy(struct iow_text *to, const struct iow_view *view, const struct iow_refusal *refusal);

/* iow_step_is_check - a step whose values are the same changes nothing: what it is about was looked at */
bool iow_step_is_check(const struct iow_step *step);

/* iow_step_text - a step or an inverse in words: "unbind 0000:01:00.1 from e1000e", "check group 12"; ready to
 * show, one line */
void iow_step_text(struct iow_text *to, const struct iow_step *step);

/* iow_step_text_for - the same, with the name of a user whose number is in it; name: raw, NULL: none */
void iow_step_text_for(struct iow_text *to, const struct iow_step *step, uint32_t uid, const char *name);

/* iow_step_subject - what a step changes: "0000:01:00.1", "/dev/vfio/12", "vfio-pci", or what it looks at; ready to show */
void iow_step_subject(struct iow_text *to, const struct iow_step *step);

/* iow_step_meaning - what it means that the kernel refused this step with this errno (positive), a sentence
 * without its full stop; NULL: nothing that is known of this step */
const char *iow_step_meaning(const struct iow_step *step, int error);

/* What a transaction was for. */
enum iow_outcome_verb {
    IOW_OUTCOME_CLAIM,
    IOW_OUTCOME_RELEASE, /* also when resumed, and when a command that was run has ended */
    IOW_OUTCOME_FORGET,  /* nothing was put back; only done */
    IOW_OUTCOME__VERBS
};

struct iow_outcome_about {
    enum iow_outcome_verb verb;
    uint32_t n_groups;
    const uint32_t *groups; /* numbers, ascending */
    uint32_t uid;
    const char *user; /* name of uid; NULL: it has none */
    const char
        *holder; /* pending: who is waited for, as iow_view_holder() says it, but raw; NULL: not known */
};

int iow_outcome_text(const struct iow_outcome *outcome, const struct iow_outcome_about *about, FILE *out);
int iow_outcome_json(const struct iow_outcome *outcome, const struct iow_outcome_about *about, FILE *out);

/* iow_failure_waits_for_user - does it wait for whoever has the device open? */
bool iow_failure_waits_for_user(const struct iow_failure *failure);

/* iow_failure_text, iow_failure_remedy - one failure of an outcome, ready to show */
void iow_failure_text(struct iow_text *to, const struct iow_failure *failure);
void iow_failure_remedy(struct iow_text *to, const struct iow_failure *failure);

/* A claim and what the journal does not know of it. */
struct iow_claim_row {
    const struct iow_claim *claim;
    const char *user, *by; /* names of claim->uid and claim->by_uid; NULL: no names */
    bool abandoned;        /* nobody is behind it any more: release --resume ends it */
    bool orphaned;         /* its command is gone, and somebody has the group open none the less */
    const char *holder;    /* who is waited for, or has it open, raw; NULL: nobody, or not known */
};

/* Text: by group. JSON: as they come. */
int iow_claims_text(const struct iow_claim_row *rows, uint32_t n, FILE *out);
int iow_claims_json(const struct iow_claim_row *rows, uint32_t n, FILE *out);

/* A line of the history, as exec/history.h keeps it. */
struct iow_history_row {
    uint64_t when_usec; /* since the epoch */
    const char *boot_id;
    bool this_boot;
    const char *event; /* "claimed", "released", "rolled-back", "pending", "open", "forgotten" */
    uint32_t group, uid, by_uid;
    const char *user, *by; /* names; NULL: none */
    const char *members;   /* addresses with spaces between */
    const char *command;   /* "" none */
    const char *note;      /* rule ids; "" nothing to say */
};

/* Oldest first, in local time. */
int iow_history_text(const struct iow_history_row *rows, uint32_t n, FILE *out);
int iow_history_json(const struct iow_history_row *rows, uint32_t n, FILE *out);

#endif
