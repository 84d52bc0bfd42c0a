/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a transaction ended: what is so now, then why it is not as asked, then what to do. */
#include "report/escape.h"
#include "report/page.h"
#include "report/plan.h"
#include "report/rules.h"

#include <inttypes.h>

struct drawing {
    struct iow_page page;
    const struct iow_outcome *outcome;
    const struct iow_outcome_about *about;
};

static void put_groups(struct iow_text *to, const struct drawing *d)
{
    iow_page_groups(to, d->about->groups, d->about->n_groups);
}

static bool many(const struct drawing *d)
{
    return d->about->n_groups != 1;
}

static void put_nodes(struct iow_text *to, const struct drawing *d)
{
    for (uint32_t i = 0; i < d->about->n_groups; i++)
        iow_text_print(to, "%s/dev/vfio/%" PRIu32,
            i == 0                        ? ""
            : i + 1 == d->about->n_groups ? " and "
                                          : ", ",
            d->about->groups[i]);
}

static void claim_done(struct iow_text *to, const struct drawing *d)
{
    put_groups(to, d);
    iow_text_print(to, " %s ", many(d) ? "are claimed for" : "is claimed for");
    iow_page_user(to, d->about->uid, d->about->user);
    iow_text_puts(to, ": ");
    put_nodes(to, d);
}

static void claim_rolled_back(struct iow_text *to, const struct drawing *d)
{
    put_groups(to, d);
    if (d->outcome->n_left)
        iow_text_puts(
            to, " could not be claimed; what was done is undone, as far as the devices are still here:");
    else
        iow_text_print(to,
            " could not be claimed; everything is as it was before (%" PRIu32 " step%s undone):",
            d->outcome->n_undone, d->outcome->n_undone == 1 ? "" : "s");
}

static void claim_pending(struct iow_text *to, const struct drawing *d)
{
    put_groups(to, d);
    iow_text_puts(to, " could not be claimed, and not everything is as it was before yet:");
}

static void claim_open(struct iow_text *to, const struct drawing *d)
{
    put_groups(to, d);
    iow_text_puts(to, " could not be claimed, and not everything could be put back:");
}

static void release_done(struct iow_text *to, const struct drawing *d)
{
    put_groups(to, d);
    if (d->outcome->n_failures)
        iow_text_print(to, " %s released; this was left as it is:", many(d) ? "are" : "is");
    else
        iow_text_print(to, " %s released: what was changed for %s is as it was before",
            many(d) ? "are" : "is", many(d) ? "them" : "it");
}

static void release_rolled_back(struct iow_text *to, const struct drawing *d)
{
    iow_text_puts(to, "the unfinished claim of ");
    put_groups(to, d);
    iow_text_puts(to, d->outcome->n_failures ? " is undone; this was left as it is:"
                                             : " is undone: what was changed for it is as it was before");
}

static void release_pending(struct iow_text *to, const struct drawing *d)
{
    put_groups(to, d);
    iow_text_print(to, " %s not released yet:", many(d) ? "are" : "is");
}

static void release_open(struct iow_text *to, const struct drawing *d)
{
    put_groups(to, d);
    iow_text_print(to, " %s not released: not everything could be put back:", many(d) ? "are" : "is");
}

static void forget_done(struct iow_text *to, const struct drawing *d)
{
    put_groups(to, d);
    iow_text_print(to, " %s given up: nothing was put back, and %s no longer claimed", many(d) ? "are" : "is",
        many(d) ? "they are" : "it is");
}

static void (*const headline[IOW_OUTCOME__VERBS][IOW_OUTCOME__COUNT])(
    struct iow_text *to, const struct drawing *d) = {
    [IOW_OUTCOME_CLAIM] = {[IOW_OUTCOME_DONE] = claim_done,
        [IOW_OUTCOME_ROLLED_BACK] = claim_rolled_back,
        [IOW_OUTCOME_PENDING] = claim_pending,
        [IOW_OUTCOME_OPEN] = claim_open},
    [IOW_OUTCOME_RELEASE] = {[IOW_OUTCOME_DONE] = release_done,
        [IOW_OUTCOME_ROLLED_BACK] = release_rolled_back,
        [IOW_OUTCOME_PENDING] = release_pending,
        [IOW_OUTCOME_OPEN] = release_open},
    [IOW_OUTCOME_FORGET] = {[IOW_OUTCOME_DONE] = forget_done},
};

static void put_headline(struct drawing *d)
{
    struct iow_text line = {0};

    headline[d->about->verb][d->outcome->kind](&line, d);
    iow_page_put(&d->page, "", &line);
}

static void put_failure(struct drawing *d, const struct iow_failure *failure)
{
    struct iow_text text = {0}, remedy = {0};

    iow_failure_text(&text, failure);
    if (!iow_failure_waits_for_user(failure) || d->outcome->kind != IOW_OUTCOME_PENDING)
        iow_failure_remedy(&remedy, failure); /* else put_next() says it better */
    iow_page_reason(&d->page, failure->rule, &text, &remedy);
}

/* Also when nothing tells for what. */
static bool waits_for_user(const struct iow_outcome *outcome)
{
    bool otherwise = false;

    for (uint32_t i = 0; i < outcome->n_failures; i++) {
        if (iow_failure_waits_for_user(&outcome->failures[i]))
            return true;
        otherwise |= outcome->failures[i].rule == IOW_RULE_EXEC_WAITS ||
                     outcome->failures[i].rule == IOW_RULE_EXEC_UNSEEN;
    }
    return !otherwise;
}

/* Whom it waits for, and what goes on afterwards. */
static void put_next(struct drawing *d)
{
    bool pending = d->outcome->kind == IOW_OUTCOME_PENDING, user = pending && waits_for_user(d->outcome);
    struct iow_text line = {0};

    if (user && d->about->holder) {
        iow_text_puts(&line, "it waits for ");
        iow_escape_text(&line, d->about->holder);
        iow_text_puts(&line, "; end it, or have it let go, then: ioward release --resume");
    } else if (user) {
        iow_text_puts(&line,
            "who has it open cannot be told ('ioward show' as root tells most); have them let go, "
            "then: ioward release --resume");
    } else if (pending || d->outcome->kind == IOW_OUTCOME_OPEN) {
        iow_text_puts(&line, "what is left to do is kept; to try it again: ioward release --resume");
    } else {
        return;
    }
    iow_page_put(&d->page, "", &line);
}

int iow_outcome_text(const struct iow_outcome *outcome, const struct iow_outcome_about *about, FILE *out)
{
    struct drawing d = {.page = iow_page_on(out), .outcome = outcome, .about = about};

    put_headline(&d);
    for (uint32_t i = 0; i < outcome->n_failures; i++)
        put_failure(&d, &outcome->failures[i]);
    put_next(&d);
    return d.page.failed ? -IOW_ENOMEM : 0;
}
