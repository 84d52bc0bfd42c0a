/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What did not go as planned, in words. */
#include "report/escape.h"
#include "report/plan.h"
#include "report/rules.h"

#include <string.h>

/* How the value that was seen is said: with a value, and without one. */
static const struct {
    const char *some, *none;
} seen_words[IOW_STEP__COUNT] = {
    [IOW_STEP_LOAD] = {"the driver is there", "the driver is not there"},
    [IOW_STEP_UNBIND] = {"its driver is ", "it has no driver"},
    [IOW_STEP_OVERRIDE] = {"its driver_override is ", "its driver_override is empty"},
    [IOW_STEP_BIND] = {"its driver is ", "it has no driver"},
    [IOW_STEP_GIVE] = {"its owner and mode are ", "it does not exist"},
};

static void put_seen(struct iow_text *to, const struct iow_failure *failure)
{
    if (failure->step.kind == IOW_STEP_GIVE && iow_step_is_check(&failure->step)) {
        iow_text_puts(to, "; found ");
        iow_escape_text(to, *failure->seen ? failure->seen : "nothing");
        return;
    }
    iow_text_puts(to, "; now ");
    if (!*failure->seen) {
        iow_text_puts(to, seen_words[failure->step.kind].none);
        return;
    }
    iow_text_puts(to, seen_words[failure->step.kind].some);
    if (failure->step.kind != IOW_STEP_LOAD)
        iow_escape_text(to, failure->seen);
}

static void put_sentence(struct iow_text *to, const struct iow_failure *failure)
{
    struct iow_text subject = {0};

    iow_step_subject(&subject, &failure->step);
    iow_rule_sentence(to, failure->rule, &(struct iow_rule_places){.subject = subject.data});
    to->failed |= subject.failed;
    iow_text_done(&subject);
}

void iow_failure_text(struct iow_text *to, const struct iow_failure *failure)
{
    const char *meaning = iow_step_meaning(&failure->step, failure->error);

    iow_step_text(to, &failure->step);
    iow_text_puts(to, ": ");
    put_sentence(to, failure);
    if (failure->error)
        iow_text_print(to, " (%s)", strerror(failure->error));
    if (meaning)
        iow_text_print(to, ": %s", meaning);
    if (failure->seen)
        put_seen(to, failure);
}

void iow_failure_remedy(struct iow_text *to, const struct iow_failure *failure)
{
    const char *remedy = iow_rule_remedy(failure->rule, failure->error);
    struct iow_text subject = {0};

    if (!remedy)
        return;
    iow_step_subject(&subject, &failure->step);
    iow_rule_fill(to, remedy, &(struct iow_rule_places){.subject = subject.data});
    to->failed |= subject.failed;
    iow_text_done(&subject);
}
