/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/act.h"

#include "base/cleanup.h"
#include "base/explain.h"
#include "cli/amount.h"
#include "cli/supervise.h"
#include "cli/tell.h"

#include <inttypes.h>
#include <string.h>

#define DEFAULT_TIMEOUT_USEC UINT64_C(30000000)

/* For what was left behind: one that waits for its user must not keep everybody else waiting. */
#define FINISH_USEC UINT64_C(2000000)

static int no_memory(const struct act *act)
{
    return iow_cli_drawn(act->options, -IOW_ENOMEM);
}

static bool is_held(void *ctx, uint32_t group)
{
    return iow_act_is_held(ctx, group);
}

static void prepare(struct act *act, const struct options *options, uint64_t timeout_usec)
{
    struct host *host = options->host;

    act->options = options;
    act->host = host;
    act->telling = !(options->given & OPTION_JSON) && isatty(STDERR_FILENO);
    act->exec = (struct iow_exec){.boot_id = host->boot_id,
        .timeout_usec = timeout_usec,
        .stop = host->stop,
        .now_usec = host->now_usec,
        .tell = act->telling ? iow_tell_progress : NULL,
        .is_held = is_held,
        .ctx = act};
    iow_mem_init_malloc(&act->mem);
}

int iow_act_reread(struct act *act)
{
    struct iow_explain explain = {0};
    struct iow_claim const *claims = NULL;

    act->claims = NULL;
    act->n_claims = 0;
    if (!act->host->journal)
        return EXIT_DONE;
    if (iow_journal_claims(act->host->journal, &act->mem, &claims, &act->n_claims, &explain) < 0)
        return iow_cli_explain(act->options, &explain, NULL);
    act->claims = claims;
    return EXIT_DONE;
}

/* What --timeout says, in microseconds; wrong is wrong also where nothing waits. */
static int take_timeout(const struct options *options, uint64_t *ret)
{
    *ret = DEFAULT_TIMEOUT_USEC;
    if (options->timeout && iow_amount_seconds(options->timeout, ret) < 0)
        return iow_cli_usage(options->verb, "--timeout wants seconds, at most a day of them");
    return EXIT_DONE;
}

int iow_act_look(struct act *act, const struct options *options, bool must)
{
    struct iow_explain explain = {0};
    uint64_t unused;

    if (take_timeout(options, &unused) != EXIT_DONE)
        return EXIT_USAGE;
    prepare(act, options, 0);
    if (act->host->journal || act->host->ops->look(act->host, false, &explain) >= 0)
        return iow_act_reread(act);
    return must ? iow_cli_explain(options, &explain, NULL) : EXIT_DONE;
}

static int start(struct act *act, const struct options *options)
{
    struct iow_explain explain = {0};
    struct host *host = options->host;
    uint64_t timeout;
    int r;

    if (take_timeout(options, &timeout) != EXIT_DONE)
        return EXIT_USAGE;
    prepare(act, options, timeout);
    r = host->ops->begin(host, timeout, !act->telling, &explain);
    if (r < 0)
        return iow_cli_explain(options, &explain, NULL);
    act->exec.actor = host->actor;
    act->exec.journal = host->journal;
    act->exec.history = host->history;
    return iow_act_reread(act);
}

int iow_act_begin(struct act *act, const struct options *options, bool finish)
{
    int code = start(act, options);

    return code == EXIT_DONE && finish ? iow_act_finish_abandoned(act) : code;
}

void iow_act_done(struct act *act)
{
    if (act->host)
        act->host->ops->unlock(act->host);
    if (act->mem.release)
        iow_mem_done(&act->mem);
}

int iow_act_outcome(enum iow_outcome_kind kind)
{
    static const enum exit_code codes[IOW_OUTCOME__COUNT] = {
        [IOW_OUTCOME_DONE] = EXIT_DONE,
        [IOW_OUTCOME_ROLLED_BACK] = EXIT_ROLLED_BACK,
        [IOW_OUTCOME_PENDING] = EXIT_TIMED_OUT,
        [IOW_OUTCOME_OPEN] = EXIT_FAILED,
    };

    return kind < IOW_OUTCOME__COUNT ? (int)codes[kind] : EXIT_FAILED;
}

int iow_act_draw(
    struct act *act, const struct iow_outcome *outcome, const struct iow_outcome_about *about, FILE *out)
{
    bool json = act->options->given & OPTION_JSON && out == stdout;
    FILE *text = outcome->kind == IOW_OUTCOME_DONE ? out : stderr;
    int r = json ? iow_outcome_json(outcome, about, out) : iow_outcome_text(outcome, about, text);

    return r < 0 ? iow_cli_drawn(act->options, r) : iow_act_outcome(outcome->kind);
}

/* Raw: the drawer escapes it. */
static void name_holders(struct iow_text *to, const struct iow_analysis *analysis, uint32_t group)
{
    uint32_t at = iow_facts_find_group(analysis->facts, group);
    const struct iow_group_owner *o = at == IOW_NONE ? NULL : &analysis->owners[at];
    uint32_t n = !o ? 0 : o->n_holders ? o->n_holders : o->n_possible;

    for (uint32_t i = 0; i < n && i < 3; i++) {
        uint32_t position = o->n_holders ? o->holders[i] : o->possible[i];
        const struct iow_holder *holder = iow_facts_holder_at(analysis->facts, position);

        if (!holder)
            continue;
        if (to->len)
            iow_text_puts(to, ", ");
        iow_text_print(to, "%s (process %" PRIu32 ")",
            holder->command && *holder->command ? holder->command : "a process", holder->pid);
    }
}

/* The facts, which the analysis refers to; NULL: they cannot be read. */
static struct iow_facts *read_holders(struct act *act, struct iow_analysis **ret)
{
    struct iow_source *source = NULL;
    struct iow_facts *facts = NULL;
    bool good = act->host->ops->open_source(act->host, &source, NULL) == 0 &&
                iow_facts_read(source, IOW_READ_HOLDERS, &facts, NULL) == 0 &&
                iow_analyse(facts, &act->mem, ret, NULL) == 0;

    if (source)
        (void)iow_source_close(source);
    if (good)
        return facts;
    iow_facts_free(facts);
    return NULL;
}

const char *iow_act_holders(struct act *act, const uint32_t *groups, uint32_t n)
{
    struct iow_analysis *analysis;
    struct iow_facts *facts = read_holders(act, &analysis);
    struct iow_text text = {0};

    for (uint32_t i = 0; facts && i < n; i++)
        name_holders(&text, analysis, groups[i]);
    iow_facts_free(facts);
    return text.len ? iow_text_take(&text, &act->mem) : NULL;
}

/* Who cannot be seen counts as somebody. */
static bool holds_anybody(const struct iow_analysis *analysis, uint32_t group)
{
    const struct iow_facts *facts = analysis->facts;
    uint32_t at = iow_facts_find_group(facts, group);

    if (at == IOW_NONE || !iow_facts_group_at(facts, at)->vfio_node)
        return false;
    return analysis->owners[at].n_holders || analysis->owners[at].n_possible ||
           !iow_facts_machine(facts)->holders_complete;
}

bool iow_act_is_held(struct act *act, uint32_t group)
{
    struct iow_analysis *analysis;
    struct iow_facts *facts = read_holders(act, &analysis);
    bool held = !facts || holds_anybody(analysis, group);

    iow_facts_free(facts);
    return held;
}

/* The groups of claims, ascending, each once; NULL when memory is exhausted. */
static uint32_t *groups_of(
    struct act *act, const struct iow_claim *const *claims, uint32_t n, uint32_t *ret_n)
{
    uint32_t *groups = iow_mem_alloc(&act->mem, n, sizeof(uint32_t)), total = 0;

    for (uint32_t i = 0; groups && i < n; i++) {
        uint32_t at = 0;

        while (at < total && groups[at] < claims[i]->group)
            at++;
        if (at < total && groups[at] == claims[i]->group)
            continue;
        memmove(groups + at + 1, groups + at, (total++ - at) * sizeof(uint32_t));
        groups[at] = claims[i]->group;
    }
    *ret_n = total;
    return groups;
}

/* Said before the waiting begins: whoever reads it can end what is waited for. */
static void tell_holders(struct act *act, const uint32_t *groups, uint32_t n)
{
    const char *holders = act->telling ? iow_act_holders(act, groups, n) : NULL;

    if (holders)
        iow_tell_line("held by %s, who may have to let go first", holders);
}

/* The files by which it was seen that a command was gone. */
static void forget_commands(const struct act *act, const struct iow_claim *const *claims, uint32_t n,
    const struct iow_outcome *outcome)
{
    bool closed = outcome->kind == IOW_OUTCOME_DONE || outcome->kind == IOW_OUTCOME_ROLLED_BACK;

    for (uint32_t i = 0; closed && act->host->lock_folder && i < n; i++)
        if (claims[i]->bound)
            iow_supervision_unlock(act->host->lock_folder, claims[i]->transaction, -1);
}

static int begin_about(struct act *act, const struct iow_claim *const *claims, uint32_t n,
    enum iow_outcome_verb verb, struct iow_outcome_about *about, char name[HOST_NAME])
{
    about->groups = groups_of(act, claims, n, &about->n_groups);
    if (!about->groups)
        return no_memory(act);
    about->verb = verb;
    about->uid = claims[0]->uid;
    about->user = act->host->ops->user_name(act->host, about->uid, name);
    return EXIT_DONE;
}

/* Undoes; what there is to say of it is in ret and about, in the memory of act and in name. */
static int undo(struct act *act, const struct iow_claim *const *claims, uint32_t n, bool rolled_back,
    struct iow_outcome *ret, struct iow_outcome_about *about, char name[HOST_NAME])
{
    struct iow_explain explain = {0};
    int code = begin_about(act, claims, n, IOW_OUTCOME_RELEASE, about, name);

    if (code != EXIT_DONE)
        return code;
    tell_holders(act, about->groups, about->n_groups);
    if (iow_exec_undo(&act->exec, claims, n, rolled_back, &act->mem, ret, &explain) < 0)
        return iow_cli_explain(act->options, &explain, NULL);
    forget_commands(act, claims, n, ret);
    if (ret->kind == IOW_OUTCOME_PENDING)
        about->holder = iow_act_holders(act, about->groups, about->n_groups);
    return EXIT_DONE;
}

int iow_act_undo(
    struct act *act, const struct iow_claim *const *claims, uint32_t n, bool rolled_back, FILE *out)
{
    struct iow_outcome_about about = {0};
    struct iow_outcome outcome = {0};
    char name[HOST_NAME];
    int code = undo(act, claims, n, rolled_back, &outcome, &about, name);

    if (code != EXIT_DONE || (!out && outcome.kind == IOW_OUTCOME_DONE))
        return code;
    return iow_act_draw(act, &outcome, &about, out ? out : stderr);
}

int iow_act_forget(struct act *act, const struct iow_claim *const *claims, uint32_t n)
{
    struct iow_outcome_about about = {0};
    struct iow_outcome outcome = {0};
    struct iow_explain explain = {0};
    char name[HOST_NAME];
    int code = begin_about(act, claims, n, IOW_OUTCOME_FORGET, &about, name);

    if (code != EXIT_DONE)
        return code;
    if (iow_exec_forget(&act->exec, claims, n, &act->mem, &outcome, &explain) < 0)
        return iow_cli_explain(act->options, &explain, NULL);
    forget_commands(act, claims, n, &outcome);
    return iow_act_draw(act, &outcome, &about, stdout);
}

bool iow_act_runs(struct act *act, const struct iow_claim *claim)
{
    struct iow_actor *actor = act->host->actor;

    return claim->bound && claim->state == IOW_CLAIM_HELD && claim->supervisor.pid && actor &&
           actor->ops->await(actor, &claim->supervisor, 0) == -IOW_EINPROGRESS;
}

bool iow_act_waits(struct act *act, const struct iow_claim *claim)
{
    struct iow_actor *actor = act->host->actor;

    for (uint32_t i = 0; actor && i < claim->n_steps; i++)
        if (claim->steps[i].effort.pid &&
            actor->ops->await(actor, &claim->steps[i].effort, 0) == -IOW_EINPROGRESS)
            return true;
    return false;
}

/* Nothing tells of its command any more. */
static bool is_left(const struct act *act, const struct iow_claim *claim)
{
    return act->host->actor && iow_claim_abandoned(act->host->actor, act->host->lock_folder, claim);
}

bool iow_act_orphaned(struct act *act, const struct iow_claim *claim)
{
    return claim->state == IOW_CLAIM_HELD && is_left(act, claim) && iow_act_is_held(act, claim->group);
}

bool iow_act_abandoned(struct act *act, const struct iow_claim *claim)
{
    return is_left(act, claim) && !iow_act_waits(act, claim) && !iow_act_orphaned(act, claim);
}

/* Those whose taking was interrupted are rolled back, all others released. */
static uint32_t choose_abandoned(struct act *act, const struct iow_claim **chosen, bool taking)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < act->n_claims; i++)
        if ((act->claims[i].state == IOW_CLAIM_TAKING) == taking && iow_act_abandoned(act, &act->claims[i]))
            chosen[n++] = &act->claims[i];
    return n;
}

static void finish(struct act *act, const struct iow_claim *const *claims, uint32_t n, bool taking)
{
    struct iow_outcome_about about = {0};
    struct iow_outcome outcome = {0};
    char name[HOST_NAME];

    if (undo(act, claims, n, taking, &outcome, &about, name) != EXIT_DONE)
        return;
    if (outcome.kind == IOW_OUTCOME_PENDING || outcome.kind == IOW_OUTCOME_OPEN)
        (void)iow_act_draw(act, &outcome, &about, stderr);
    else
        for (uint32_t i = 0; i < about.n_groups; i++)
            iow_tell_line(
                "group %" PRIu32 " was left unfinished, and is now as it was before", about.groups[i]);
}

/* How it ended is said; what was asked for is then judged by what the journal still has. */
int iow_act_finish_abandoned(struct act *act)
{
    const struct iow_claim **chosen = iow_mem_alloc(&act->mem, act->n_claims, sizeof(*chosen));
    uint64_t timeout_usec = act->exec.timeout_usec;
    uint32_t total = 0;

    if (!chosen)
        return no_memory(act);
    if (timeout_usec > FINISH_USEC)
        act->exec.timeout_usec = FINISH_USEC;
    for (int taking = 0; taking < 2; taking++) {
        uint32_t n = choose_abandoned(act, chosen, taking);

        total += n;
        if (n)
            finish(act, chosen, n, taking);
    }
    act->exec.timeout_usec = timeout_usec;
    return total ? iow_act_reread(act) : EXIT_DONE;
}
