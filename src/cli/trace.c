/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "base/explain.h"
#include "cli/amount.h"
#include "cli/cli.h"
#include "cli/stop.h"
#include "cli/trace-filter.h"
#include "cli/trace-names.h"
#include "host/linux/bpf/watch.h"
#include "report/decision.h"
#include "report/rules.h"
#include <ioward/facts.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#define LONGEST_WAIT_MS 200 /* a signal just before the waiting is noticed after that */
#define NEVER UINT64_MAX

struct trace {
    const struct options *options;
    const struct iow_profile *profile;
    bool assumed;
    struct machine machine;
    struct trace_filter filter;
    struct trace_names names;
    struct iow_watch *watch;
    uint64_t most, shown, lost;
    uint64_t end_nsec;   /* of the monotonic clock */
    uint64_t ahead_usec; /* the clock of the day is so far ahead of it */
    int r;
};

static uint64_t now_nsec(clockid_t clock)
{
    struct timespec now = {0};

    (void)clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void done(struct trace *trace)
{
    iow_watch_close(&trace->watch);
    iow_trace_names_done(&trace->names);
    iow_cli_done(&trace->machine);
}

/* --- what is asked for --- */

static int take_number(const char *verb, const char *option, const char *text, uint32_t *ret)
{
    char *end;
    unsigned long number;

    errno = 0;
    number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || number > UINT32_MAX)
        return iow_cli_usage(verb, "--%s wants a number, not '%s'", option, text);
    *ret = (uint32_t)number;
    return EXIT_DONE;
}

static int take_numbers(struct trace *trace)
{
    const struct options *options = trace->options;
    uint32_t count = 0;
    uint64_t usec = 0;
    int code = EXIT_DONE;

    trace->filter.by_group = options->group;
    trace->filter.by_pid = options->pid;
    trace->most = trace->end_nsec = NEVER;
    if (options->group)
        code = take_number(options->verb, "group", options->group, &trace->filter.group);
    if (code == EXIT_DONE && options->pid)
        code = take_number(options->verb, "pid", options->pid, &trace->filter.pid);
    if (code == EXIT_DONE && options->count)
        code = take_number(options->verb, "count", options->count, &count);
    if (code != EXIT_DONE)
        return code;
    if (options->count)
        trace->most = count;
    if (options->length && iow_amount_seconds(options->length, &usec) < 0)
        return iow_cli_usage(options->verb, "--for wants seconds, not '%s'", options->length);
    if (options->length)
        trace->end_nsec = usec * 1000; /* from when it begins */
    return EXIT_DONE;
}

static int take_devices(struct trace *trace)
{
    const struct options *options = trace->options;
    uint32_t *functions = NULL, n = 0;
    int code;

    if (!options->n_devices)
        return EXIT_DONE;
    code = iow_cli_select(
        &trace->machine, options, options->n_devices, options->devices, SELECT_ANY, &functions, &n);
    if (code != EXIT_DONE)
        return code;
    trace->filter.devices = iow_mem_alloc(&trace->machine.mem, n, sizeof(*trace->filter.devices));
    if (!trace->filter.devices)
        return iow_cli_drawn(options, -IOW_ENOMEM);
    for (uint32_t i = 0; i < n; i++) {
        const struct iow_function *function = iow_facts_function_at(trace->machine.facts, functions[i]);

        (void)iow_address_format(&function->address, trace->filter.devices[i].name);
        trace->filter.devices[i].group = function->group;
    }
    trace->filter.n_devices = n;
    return EXIT_DONE;
}

/* Also what names devices: names were read for those that are selected by one. */
static int read_machine(struct trace *trace)
{
    int code = iow_cli_check(trace->options, trace->options->n_devices, trace->options->devices);

    if (code == EXIT_DONE)
        code = iow_cli_read(&trace->machine, trace->options, 0);
    if (code != EXIT_DONE)
        return code;
    trace->profile = iow_profile_of(iow_facts_machine(trace->machine.facts)->release, &trace->assumed);
    return take_devices(trace);
}

/* --- what is said beside --- */

static void note(enum iow_rule rule, const struct iow_rule_places *places)
{
    IOW_CLEANUP(iow_text_done) struct iow_text line = {0};

    iow_rule_sentence(&line, rule, places);
    (void)fprintf(stderr, "ioward: %s (%s)\n", line.data ? line.data : "out of memory", iow_rule_id(rule));
}

static void note_gaps(const struct trace *trace)
{
    const struct iow_watch_gap *gap;

    for (unsigned i = 0; (gap = iow_watch_gap_at(trace->watch, i)); i++) {
        IOW_CLEANUP(iow_text_done) struct iow_text why = {0};

        iow_text_print(&why, "%s: %s", gap->function, gap->error ? iow_error_name(gap->error) : "not there");
        note(IOW_RULE_TRACE_UNSEEN, &(struct iow_rule_places){.name = gap->purpose, .path = why.data});
    }
    if (!iow_watch_names(trace->watch))
        note(IOW_RULE_TRACE_NAMELESS, &(struct iow_rule_places){0});
    if (trace->assumed)
        note(IOW_RULE_TRACE_ASSUMED, &(struct iow_rule_places){.release = trace->profile->name});
    (void)fputs("ioward: watching\n", stderr);
}

/* As soon as it is known: what follows is not all that happened. */
static void note_lost(struct trace *trace)
{
    uint64_t lost = iow_watch_lost(trace->watch);
    char number[24];

    if (lost == trace->lost)
        return;
    (void)snprintf(number, sizeof(number), "%" PRIu64, lost);
    note(IOW_RULE_TRACE_LOST, &(struct iow_rule_places){.name = number});
    trace->lost = lost;
}

/* --- the decisions --- */

static int draw(struct trace *trace, const struct iow_decision *decision, const char *device)
{
    struct iow_ruling ruling;
    const struct iow_decision_view view = {.decision = decision,
        .ruling = &ruling,
        .device = device,
        .when_usec = decision->time_ns / 1000 + trace->ahead_usec};

    iow_ruling_of(trace->profile, decision, &ruling);
    return trace->options->given & OPTION_JSON ? iow_decision_json(&view, stdout)
                                               : iow_decision_text(&view, stdout);
}

static int take(void *ctx, const struct iow_decision *decision)
{
    struct trace *trace = ctx;
    char name[sizeof(decision->device) + 1] = "";
    const char *device = name;

    if (trace->shown == trace->most)
        return -IOW_EINTR; /* enough, which is no error */
    memcpy(name, decision->device, sizeof(decision->device));
    if (!*name)
        device = decision->inode ? iow_trace_name(&trace->names, decision->inode) : NULL;
    if (!iow_trace_shows(&trace->filter, decision, device))
        return 0;
    trace->shown++;
    trace->r = draw(trace, decision, device);
    if (trace->r == 0 && (fflush(stdout) != 0 || ferror(stdout)))
        trace->r = -IOW_EIO;
    return trace->r;
}

static bool is_over(const struct trace *trace)
{
    return *iow_stop_flag() || trace->r < 0 || trace->shown == trace->most ||
           now_nsec(CLOCK_MONOTONIC) >= trace->end_nsec;
}

static int wait_ms(const struct trace *trace)
{
    uint64_t now = now_nsec(CLOCK_MONOTONIC);
    uint64_t left = trace->end_nsec > now ? (trace->end_nsec - now) / 1000000 + 1 : 0;

    return left < LONGEST_WAIT_MS ? (int)left : LONGEST_WAIT_MS;
}

/* The kernel tells no more. */
static int failed(const struct trace *trace, int r)
{
    struct iow_explain explain;

    (void)iow_explain_text(&explain, r, IOW_RULE_TRACE_REFUSED, iow_error_name(r));
    return iow_cli_explain(trace->options, &explain, NULL);
}

/* What was decided before the end is told, too. */
static int watch(struct trace *trace)
{
    int r = 0;

    trace->ahead_usec = (now_nsec(CLOCK_REALTIME) - now_nsec(CLOCK_MONOTONIC)) / 1000;
    if (trace->end_nsec != NEVER)
        trace->end_nsec += now_nsec(CLOCK_MONOTONIC);
    note_gaps(trace);
    while (r == 0 && !is_over(trace)) {
        r = iow_watch_wait(trace->watch, wait_ms(trace), take, trace);
        note_lost(trace);
    }
    if (r == 0 && trace->r == 0)
        (void)iow_watch_wait(trace->watch, 0, take, trace);
    note_lost(trace);
    if (trace->r < 0)
        return trace->r == -IOW_ENOMEM ? iow_cli_drawn(trace->options, trace->r) : EXIT_FAILED;
    return r < 0 ? failed(trace, r) : EXIT_DONE;
}

int iow_cli_trace(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(done) struct trace trace = {.options = options, .names.folder = "/sys/bus/pci/devices"};
    struct iow_explain explain = {0};
    int code = take_numbers(&trace);

    (void)n;
    (void)operands;
    if (code == EXIT_DONE)
        code = read_machine(&trace);
    if (code != EXIT_DONE)
        return code;
    iow_stop_catch();
    explain.code = iow_watch_open(&trace.watch, &explain);
    if (explain.code < 0)
        return iow_cli_explain(options, &explain, NULL);
    return watch(&trace);
}
