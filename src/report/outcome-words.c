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
    if (failure->rule == IOW_RULE_EXEC_OVERRIDDEN) {
        iow_text_puts(to, seen_words[IOW_STEP_OVERRIDE].some);
        iow_escape_text(to, failure->seen);
        return;
    }
    if (!*failure->seen) {
        iow_text_puts(to, seen_words[failure->step.kind].none);
        return;
    }
    iow_text_puts(to, seen_words[failure->step.kind].some);
    if (failure->step.kind != IOW_STEP_LOAD)
        iow_escape_text(to, failure->seen);
}

/*
 * What was not over in time, by the step that was not. An unbind from VFIO waits for whoever has the device open, and has
 * the words of the rule; every other one for the kernel. driver_override is read and written under the device's lock.
 */
static const struct {
    const char *sentence, *remedy;
} waits_words[IOW_STEP__COUNT] = {
    [IOW_STEP_LOAD] = {"the kernel has not loaded it yet, and this cannot be taken back",
        "see the kernel's log (dmesg)"},
    [IOW_STEP_UNBIND] = {"the driver has not let go of the device yet, and this cannot be taken back",
        "see the kernel's log (dmesg) for what the driver does"},
    [IOW_STEP_OVERRIDE] = {"somebody in the kernel has the device locked, so this was not over in time",
        "try again; if it stays so, see the kernel's log (dmesg)"},
    [IOW_STEP_BIND] = {"the driver has not started the device yet, and this cannot be taken back",
        "see the kernel's log (dmesg) for what the driver does"},
};

bool iow_failure_waits_for_user(const struct iow_failure *failure)
{
    return failure->rule == IOW_RULE_EXEC_WAITS && failure->step.kind == IOW_STEP_UNBIND &&
           iow_driver_is_vfio(failure->step.before);
}

static bool waits_otherwise(const struct iow_failure *failure)
{
    return failure->rule == IOW_RULE_EXEC_WAITS && waits_words[failure->step.kind].sentence &&
           !iow_failure_waits_for_user(failure);
}

static void put_sentence(struct iow_text *to, const struct iow_failure *failure)
{
    struct iow_text subject = {0};

    if (waits_otherwise(failure)) {
        iow_text_puts(to, waits_words[failure->step.kind].sentence);
        return;
    }
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
    const char *remedy = waits_otherwise(failure) ? waits_words[failure->step.kind].remedy
                                                  : iow_rule_remedy(failure->rule, failure->error);
    struct iow_text subject = {0};

    if (!remedy)
        return;
    iow_step_subject(&subject, &failure->step);
    iow_rule_fill(to, remedy, &(struct iow_rule_places){.subject = subject.data});
    to->failed |= subject.failed;
    iow_text_done(&subject);
}
