/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the history is told of a claim. */
#include "exec/work.h"

#include <stdlib.h>
#include <string.h>

/* Room for one text each; what does not fit is cut at a word. */
#define TEXT_BYTES 1024

static void append(char text[TEXT_BYTES], const char *word)
{
    size_t len = strlen(text), more = strlen(word);

    if (len + more + 2 > TEXT_BYTES)
        return;
    if (len)
        text[len++] = ' ';
    memcpy(text + len, word, more + 1);
}

/* Those that went to the user. */
static void members_text(const struct iow_claim *claim, char text[TEXT_BYTES])
{
    char address[IOW_ADDRESS_TEXT];

    text[0] = '\0';
    for (uint32_t i = 0; i < claim->n_members; i++)
        if (claim->members[i].role == IOW_MEMBER_ASKED || claim->members[i].role == IOW_MEMBER_COMPANION)
            append(text, iow_address_format(&claim->members[i].function, address));
}

static bool said_before(const struct iow_work *work, uint32_t group, uint32_t i)
{
    for (uint32_t j = 0; j < i; j++)
        if (work->failures[j].step.group == group && work->failures[j].rule == work->failures[i].rule)
            return true;
    return false;
}

static void note_text(const struct iow_work *work, uint32_t group, char text[TEXT_BYTES])
{
    text[0] = '\0';
    for (uint32_t i = 0; i < work->n_failures; i++)
        if (work->failures[i].step.group == group && !said_before(work, group, i))
            append(text, iow_rule_id(work->failures[i].rule));
}

void iow_work_history(struct iow_work *work, const struct iow_claim *claim, enum iow_history_kind kind)
{
    struct iow_exec *exec = work->exec;
    char members[TEXT_BYTES], note[TEXT_BYTES];
    struct iow_history_entry entry = {.when_usec = exec->now_usec ? exec->now_usec() : 0,
        .boot_id = exec->boot_id ? exec->boot_id : "",
        .kind = kind,
        .group = claim->group,
        .uid = claim->uid,
        .by_uid = claim->by_uid,
        .members = members,
        .command = claim->command,
        .note = note};

    if (!exec->history)
        return;
    members_text(claim, members);
    note_text(work, claim->group, note);
    if (iow_history_add(exec->history, &entry, NULL) < 0)
        exec->history_failed = true;
}
