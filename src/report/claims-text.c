/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The claims there are. */
#include "report/escape.h"
#include "report/page.h"
#include "report/plan.h"
#include "report/rules.h"

#include <inttypes.h>

/* What a claim's state means to the one who looks. */
static const char *state_words(const struct iow_claim_row *row)
{
    if (row->abandoned)
        return "unfinished";
    if (row->claim->state != IOW_CLAIM_HELD)
        return iow_claim_state_name(row->claim->state);
    if (row->orphaned)
        return "claimed, its command is gone";
    return row->claim->bound ? "claimed, until its command ends"
                             : "claimed"; /* "held" is said of processes */
}

static void put_headline(struct iow_page *page, const struct iow_claim_row *row)
{
    const struct iow_claim *claim = row->claim;
    struct iow_text line = {0};
    char group[32];

    (void)snprintf(group, sizeof(group), "group %" PRIu32 ": ", claim->group);
    iow_text_print(&line, "%s, for ", state_words(row));
    iow_page_user(&line, claim->uid, row->user);
    iow_text_puts(&line, ", since ");
    iow_page_time(&line, claim->began_usec);
    if (claim->by_uid != claim->uid) {
        iow_text_puts(&line, ", asked for by ");
        iow_page_user(&line, claim->by_uid, row->by);
    }
    iow_page_put(page, group, &line);
}

static void put_members(struct iow_page *page, const struct iow_claim *claim)
{
    struct iow_text line = {0};
    uint32_t n = 0;

    for (uint32_t i = 0; i < claim->n_members; i++) {
        char buf[IOW_ADDRESS_TEXT];

        if (claim->members[i].role != IOW_MEMBER_ASKED && claim->members[i].role != IOW_MEMBER_COMPANION)
            continue;
        iow_text_print(&line, "%s%s", n++ ? " " : "", iow_address_format(&claim->members[i].function, buf));
    }
    if (n)
        iow_page_put(page, "  devices: ", &line);
    else
        iow_text_done(&line);
}

static void put_command(struct iow_page *page, const struct iow_claim *claim)
{
    struct iow_text line = {0};

    if (!*claim->command)
        return;
    iow_escape_text(&line, claim->command);
    iow_page_put(page, "  command: ", &line);
}

/* A step that should be undone by now, and is not. Returns: its remedy says how to finish the claim. */
static bool put_open_step(struct iow_page *page, const struct iow_claim_step *step)
{
    bool undoing = step->state == IOW_STEP_UNDOING && iow_step_has_inverse(&step->step);
    const struct iow_failure failure = {
        .step = undoing ? iow_step_inverse(&step->step) : step->step,
        .undoing = undoing,
        .rule = step->rule,
        .error = step->error,
    };
    struct iow_text text = {0}, remedy = {0};

    iow_failure_text(&text, &failure);
    iow_failure_remedy(&remedy, &failure);
    iow_page_reason(page, step->rule, &text, &remedy);
    return iow_failure_waits_for_user(&failure);
}

static void put_holder(struct iow_page *page, const char *label, const char *holder)
{
    struct iow_text line = {0};

    if (!holder)
        return;
    iow_escape_text(&line, holder);
    iow_page_put(page, label, &line);
}

static void put_claim(struct iow_page *page, const struct iow_claim_row *row)
{
    const struct iow_claim *claim = row->claim;
    bool finished = claim->state == IOW_CLAIM_HELD && !row->abandoned, told = false;

    put_headline(page, row);
    put_members(page, claim);
    put_command(page, claim);
    for (uint32_t i = 0; i < claim->n_steps; i++)
        if (claim->steps[i].rule != IOW_RULE_NONE)
            told |= put_open_step(page, &claim->steps[i]);
    put_holder(page, row->orphaned ? "  held by: " : "  waits for: ", row->holder);
    if (!finished && !told)
        (void)fprintf(page->out, "  to finish it: ioward release --resume\n");
    if (row->orphaned)
        (void)fprintf(page->out, "  to end it: ioward release g%" PRIu32 "\n", claim->group);
}

/* The first of those that come after this one by group; NULL: no more. */
static const struct iow_claim_row *next_by_group(
    const struct iow_claim_row *rows, uint32_t n, const struct iow_claim_row *last)
{
    const struct iow_claim_row *found = NULL;

    for (uint32_t i = 0; i < n; i++) {
        const struct iow_claim_row *row = &rows[i];
        bool after = !last || row->claim->group > last->claim->group ||
                     (row->claim->group == last->claim->group && row > last);

        if (after && (!found || row->claim->group < found->claim->group))
            found = row;
    }
    return found;
}

int iow_claims_text(const struct iow_claim_row *rows, uint32_t n, FILE *out)
{
    struct iow_page page = iow_page_on(out);

    if (!n)
        (void)fprintf(out, "No group is claimed.\n");
    for (const struct iow_claim_row *row = next_by_group(rows, n, NULL); row;
         row = next_by_group(rows, n, row))
        put_claim(&page, row);
    return page.failed ? -IOW_ENOMEM : 0;
}
