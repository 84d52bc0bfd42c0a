/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "cli/act.h"

#include <string.h>

struct names {
    char user[HOST_NAME], by[HOST_NAME];
};

static void fill_row(struct iow_history_row *row, struct host *host, const struct iow_history_entry *entry,
    struct names *names)
{
    *row = (struct iow_history_row){
        .when_usec = entry->when_usec,
        .boot_id = entry->boot_id,
        .this_boot = strcmp(entry->boot_id, host->boot_id) == 0,
        .event = iow_history_kind_name(entry->kind),
        .group = entry->group,
        .uid = entry->uid,
        .by_uid = entry->by_uid,
        .user = host->ops->user_name(host, entry->uid, names->user),
        .by = host->ops->user_name(host, entry->by_uid, names->by),
        .members = entry->members,
        .command = entry->command,
        .note = entry->note,
    };
}

static int draw(
    const struct options *options, struct iow_mem *mem, const struct iow_history_entry *entries, uint32_t n)
{
    struct iow_history_row *rows = iow_mem_alloc(mem, n, sizeof(*rows));
    struct names *names = iow_mem_alloc(mem, n, sizeof(*names));

    if (!rows || !names)
        return iow_cli_drawn(options, -IOW_ENOMEM);
    for (uint32_t i = 0; i < n; i++)
        fill_row(&rows[i], options->host, &entries[i], &names[i]);
    return iow_cli_drawn(options,
        options->given & OPTION_JSON ? iow_history_json(rows, n, stdout) : iow_history_text(rows, n, stdout));
}

static void done(struct iow_mem *mem)
{
    iow_mem_done(mem);
}

int iow_cli_history(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(done) struct iow_mem mem;
    const struct iow_history_entry *entries = NULL;
    struct host *host = options->host;
    struct iow_explain explain = {0};
    uint32_t total = 0;
    int r = 0;

    (void)n;
    (void)operands;
    iow_mem_init_malloc(&mem);
    if (!host->history)
        r = host->ops->look(host, true, &explain);
    if (r >= 0 && host->history)
        r = iow_history_list(host->history, UINT32_MAX, &mem, &entries, &total, &explain);
    return r < 0 ? iow_cli_explain(options, &explain, NULL) : draw(options, &mem, entries, total);
}
