/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A claim that lasts as long as a command. */
#include "base/cleanup.h"
#include "base/explain.h"
#include "cli/amount.h"
#include "cli/supervise.h"
#include "cli/take.h"
#include "cli/tell.h"

static char *join(char **words)
{
    struct iow_text text = {0};

    for (int i = 0; words[i]; i++) {
        if (i)
            iow_text_puts(&text, " ");
        iow_text_puts(&text, words[i]);
    }
    if (text.failed)
        iow_text_done(&text);
    return text.data;
}

/* Before anything is taken for it. */
static int look_for(const struct take *take, char **argv)
{
    struct host *host = take->act.host;
    struct iow_explain explain = {0};
    int r = host->ops->look_for ? host->ops->look_for(host, argv, &take->user, &explain) : 0;

    if (r == 0)
        return EXIT_DONE;
    (void)iow_cli_explain(take->act.options, &explain, NULL);
    return iow_supervise_failure_status(r);
}

static int begin(struct take *take, const struct options *options, char **argv)
{
    struct host *host = options->host;
    struct iow_explain explain = {0};
    int code;

    if (!options->n_devices)
        return iow_cli_usage("run", "'run' wants --device DEVICE, and then -- COMMAND");
    code = iow_cli_check(options, options->n_devices, options->devices);
    if (code == EXIT_DONE && host->ops->find_user(host, options->user, &take->user, &explain) < 0)
        code = iow_cli_explain(options, &explain, NULL);
    if (code == EXIT_DONE)
        code = iow_act_begin(&take->act, options, true);
    if (code == EXIT_DONE)
        code = look_for(take, argv);
    return code == EXIT_DONE ? iow_take_plan(take, options->n_devices, options->devices) : code;
}

static int take_groups(struct take *take, char **argv)
{
    IOW_CLEANUP_FREE char *command = join(argv);
    struct iow_transaction about = {.bound = true, .command = command};
    struct host *host = take->act.host;
    struct iow_explain explain = {0};
    int refused = iow_take_refused(take->plan), code;

    if (!command)
        return iow_cli_drawn(take->act.options, -IOW_ENOMEM);
    if (refused) {
        code = iow_take_draw_plan(take, stderr);
        return code == EXIT_DONE ? refused : code;
    }
    if (host->ops->supervisor(host, &about.supervisor, &explain) < 0)
        return iow_cli_explain(take->act.options, &explain, NULL);
    return iow_take_run(take, &about, true);
}

/* What is still claimed of it: others may have released groups meanwhile. */
static int give_back(struct take *take)
{
    const struct iow_claim **claims;
    struct act again = {0};
    uint32_t n = 0;
    int code;

    /* A signal that was for the command is not for this. */
    if (take->act.host->stop)
        *take->act.host->stop = 0;
    code = iow_act_begin(&again, take->act.options, false);
    claims = code == EXIT_DONE ? iow_mem_alloc(&again.mem, again.n_claims, sizeof(*claims)) : NULL;
    if (code == EXIT_DONE && !claims)
        code = iow_cli_drawn(again.options, -IOW_ENOMEM);
    for (uint32_t i = 0; code == EXIT_DONE && i < again.n_claims; i++)
        if (again.claims[i].transaction == take->transaction)
            claims[n++] = &again.claims[i];
    if (n)
        code = iow_act_undo(&again, claims, n, false, NULL);
    else if (code == EXIT_DONE)
        iow_tell_line("what the command was given is no longer claimed: somebody else ended the claim");
    iow_act_done(&again);
    return code;
}

/* The command's own exit status says more than ours, unless it went well. */
int iow_cli_run(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(iow_take_done) struct take take = {0};
    struct host *host = options->host;
    struct host_command command = {.argv = operands, .lock_bytes = UINT64_MAX};
    struct iow_explain explain = {0};
    int code, status;

    (void)n;
    if (options->lock_memory && iow_amount_bytes(options->lock_memory, &command.lock_bytes) < 0)
        return iow_cli_usage("run", "--lock-memory wants an amount such as 512M or 4G, or 'unlimited'");
    code = begin(&take, options, operands);
    if (code == EXIT_DONE)
        code = take_groups(&take, operands);
    if (code != EXIT_DONE)
        return code;
    command.plan = take.plan;
    command.facts = take.machine.facts;
    command.user = &take.user;
    command.transaction = take.transaction;
    host->ops->unlock(host);
    status = host->ops->run(host, &command, &explain);
    if (status < 0) {
        code = iow_cli_explain(options, &explain, NULL);
        status = explain.rule == IOW_RULE_EXEC_STOPPED ? code : iow_supervise_failure_status(status);
    }
    code = give_back(&take);
    return status ? status : code;
}
