/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "14:07:12.345678  qemu (812)  claim the group: group 4: EPERM, kernel drivers use it (IOW-DMA-CLAIM-KERNEL); ..." */
#include "report/decision.h"
#include "report/escape.h"
#include "report/rules.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

/* Texts of the kernel fill their fields to the end when they were cut. */
static void put_field(struct iow_text *to, const char *field, size_t size)
{
    char text[64];
    size_t len = strnlen(field, size < sizeof(text) ? size : sizeof(text) - 1);

    memcpy(text, field, len);
    text[len] = '\0';
    iow_escape_text(to, text);
}

/* Up to the newline that it is written with. */
static size_t wanted_length(const struct iow_decision *d)
{
    const char *end = memchr(d->wanted, '\n', sizeof(d->wanted));

    return end ? (size_t)(end - d->wanted) : sizeof(d->wanted);
}

#define PUT_FIELD(to, field) put_field(to, field, sizeof(field))

static void put_time(struct iow_text *to, uint64_t usec)
{
    time_t seconds = (time_t)(usec / 1000000);
    struct tm when = {0};

    (void)localtime_r(&seconds, &when);
    iow_text_print(
        to, "%02d:%02d:%02d.%06u  ", when.tm_hour, when.tm_min, when.tm_sec, (unsigned)(usec % 1000000));
}

static void put_subject(struct iow_text *to, const struct iow_decision_view *view)
{
    const struct iow_decision *d = view->decision;

    if (view->device)
        iow_escape_text(to, view->device);
    else if (d->inode)
        iow_text_puts(to, "a device that is gone");
    if (*d->driver) {
        iow_text_puts(to, " with ");
        PUT_FIELD(to, d->driver);
    }
    if (d->flags & IOW_DECISION_HAS_GROUP)
        iow_text_print(to, "%sgroup %" PRIu32, d->inode ? " of " : "", d->group);
    if (*d->wanted) {
        iow_text_puts(to, " to ");
        put_field(to, d->wanted, wanted_length(d));
    }
}

static void put_rules(struct iow_text *to, const struct iow_ruling *ruling)
{
    for (uint32_t i = 0; i < ruling->n_rules; i++)
        iow_text_print(to, "%s%s (%s)", i ? ", or " : "", iow_rule_words(ruling->rules[i])->title,
            iow_rule_id(ruling->rules[i]));
}

static void put_reason(struct iow_text *to, const struct iow_decision_view *view)
{
    const struct iow_ruling *ruling = view->ruling;

    switch (ruling->reading) {
    case IOW_READING_REASON:
        iow_text_puts(to, ", ");
        put_rules(to, ruling);
        break;
    case IOW_READING_AMBIGUOUS:
        iow_text_puts(to, ", ambiguous: ");
        put_rules(to, ruling);
        if (ruling->perhaps_done)
            iow_text_puts(to, ", or it was done");
        if (ruling->perhaps_earlier)
            iow_text_puts(to, ", or what was asked makes no sense");
        break;
    case IOW_READING_NONE:
        iow_text_puts(to, ", and no rule of ownership gives that from what was seen");
        break;
    default:
        break;
    }
    if (ruling->changed)
        iow_text_puts(to, "; the group changed meanwhile");
}

/* How the group was when it was asked about, where that says why. */
static void put_look(struct iow_text *to, const struct iow_decision_view *view)
{
    const struct iow_decision *d = view->decision;
    const struct iow_group_look *look = &d->before;

    if (view->ruling->reading == IOW_READING_DONE || view->ruling->reading == IOW_READING_BESIDE)
        return;
    if (!(look->flags & IOW_LOOK_SEEN)) {
        iow_text_puts(to, d->flags & IOW_DECISION_OUTSIDE ? "" : "; how the group was before is not seen");
        return;
    }
    iow_text_print(to, "; count %" PRIu32 ", domain %s", look->count, iow_look_domain_name(look->domain));
    if (look->flags & IOW_LOOK_OWNED)
        iow_text_print(to, ", owner %08" PRIx32, look->token);
    if (look->flags & IOW_LOOK_PASIDS)
        iow_text_puts(to, ", more address spaces");
}

int iow_decision_text(const struct iow_decision_view *view, FILE *out)
{
    const struct iow_decision *d = view->decision;
    char buf[IOW_DECISION_ERROR];
    const char *error = iow_decision_error_name(d, buf);
    struct iow_text line = {0};
    bool failed;

    put_time(&line, view->when_usec);
    PUT_FIELD(&line, d->comm);
    iow_text_print(&line, " (%" PRIu32 ")  %s: ", d->pid, iow_decision_operation(view->ruling));
    put_subject(&line, view);
    if (error)
        iow_text_print(&line, ": %s", error);
    else
        iow_text_puts(&line, d->flags & IOW_DECISION_NO_RESULT ? ": done" : ": let through");
    put_reason(&line, view);
    put_look(&line, view);
    failed = line.failed;
    if (!failed)
        (void)fprintf(out, "%s\n", line.data);
    iow_text_done(&line);
    return failed ? -IOW_ENOMEM : 0;
}
