/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/host.h"

void iow_host_done(struct host *host)
{
    if (!host->ops)
        return;
    host->journal = iow_journal_close(host->journal);
    host->history = iow_history_close(host->history);
    host->ops->done(host);
    host->ops = NULL;
}
