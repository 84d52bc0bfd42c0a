/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs share: the command table's row, the options, and a machine that was read. */
#ifndef IOWARD_CLI_CLI_H
#define IOWARD_CLI_CLI_H

#include "cli/exit.h"
#include "cli/host.h"
#include "report/report.h"
#include <ioward/host.h>

/* Sets of options: bits. */
typedef uint64_t option_set;

#define OPTION_FROM (UINT64_C(1) << 0)
#define OPTION_JSON (UINT64_C(1) << 1)
#define OPTION_COLUMNS (UINT64_C(1) << 2)
#define OPTION_NOHEADINGS (UINT64_C(1) << 3)
#define OPTION_TREE (UINT64_C(1) << 4)
#define OPTION_LIST (UINT64_C(1) << 5)
#define OPTION_IDS (UINT64_C(1) << 6)
#define OPTION_KEEP_PRIVATE (UINT64_C(1) << 7)
#define OPTION_FORCE (UINT64_C(1) << 8)
#define OPTION_HELP (UINT64_C(1) << 9)
#define OPTION_VERSION (UINT64_C(1) << 10)
#define OPTION_WITH_GROUP (UINT64_C(1) << 11)
#define OPTION_USER (UINT64_C(1) << 12)
#define OPTION_DRY_RUN (UINT64_C(1) << 13)
#define OPTION_TIMEOUT (UINT64_C(1) << 14)
#define OPTION_RESUME (UINT64_C(1) << 15)
#define OPTION_DEVICE (UINT64_C(1) << 16)
#define OPTION_LOCK_MEMORY (UINT64_C(1) << 17)
#define OPTION_KERNEL (UINT64_C(1) << 18)
#define OPTION_ECHO (UINT64_C(1) << 19)
#define OPTION_STRICT (UINT64_C(1) << 20)
#define OPTION_FORGET (UINT64_C(1) << 21)
#define OPTION_TRACES (UINT64_C(1) << 22)
#define OPTION_MATRIX (UINT64_C(1) << 23)
#define OPTION_MEMORY (UINT64_C(1) << 24) /* --kernel of a verb where it takes no release */
#define OPTION_SETS (UINT64_C(1) << 25)
#define OPTION_GRADE (UINT64_C(1) << 26)
#define OPTION_GROUP (UINT64_C(1) << 27)
#define OPTION_PID (UINT64_C(1) << 28)
#define OPTION_COUNT (UINT64_C(1) << 29)
#define OPTION_LENGTH (UINT64_C(1) << 30)
#define OPTION_SEVERITY (UINT64_C(1) << 31)
#define OPTION_RULES (UINT64_C(1) << 32)
#define OPTION_ACCEPT (UINT64_C(1) << 33)

struct options {
    struct host *host; /* never NULL */
    const char *verb;  /* the command that these are for */
    option_set given;  /* OPTION_... */
    const char *from, *columns, *ids, *user, *timeout, *lock_memory, *kernel, *grade, *group, *pid, *count,
        *length, *severity, *accept;
    int n_devices; /* of --device, which may be given again and again */
    char **devices;
};

/* One verb. Help, usage and dispatch all come from this. */
struct command {
    const char *verb;
    const char *operands; /* for the usage line */
    const char *summary;
    option_set options; /* OPTION_... it takes */
    int least, most;    /* operands */
    bool foreign; /* its operands are a command line of somebody else: what follows the first is no option */
    bool simulated; /* works on a simulated machine too */
    int (*run)(const struct options *options, int n, char **operands);
};

int iow_cli_status(const struct options *options, int n, char **operands);
int iow_cli_show(const struct options *options, int n, char **operands);
int iow_cli_why(const struct options *options, int n, char **operands);
int iow_cli_route(const struct options *options, int n, char **operands);
int iow_cli_audit(const struct options *options, int n, char **operands);
int iow_cli_explain_messages(const struct options *options, int n, char **operands);
int iow_cli_claim(const struct options *options, int n, char **operands);
int iow_cli_release(const struct options *options, int n, char **operands);
int iow_cli_run(const struct options *options, int n, char **operands);
int iow_cli_history(const struct options *options, int n, char **operands);
int iow_cli_prove(const struct options *options, int n, char **operands);
int iow_cli_trace(const struct options *options, int n, char **operands);
int iow_cli_sim(const struct options *options, int n, char **operands);
int iow_cli_capture(const struct options *options, int n, char **operands);
int iow_cli_help(const struct options *options, int n, char **operands);

/* A machine, read and analysed. */
struct machine {
    struct iow_source *source;
    struct iow_facts *facts;
    struct iow_mem mem; /* owns analysis and view */
    struct iow_analysis *analysis;
    struct iow_view *view;
    struct iow_names *names;
};

/* iow_cli_read - opens, reads, analyses; an exit code, and what went wrong was said */
int iow_cli_read(struct machine *machine, const struct options *options, unsigned what);

/* iow_cli_check - are all operands selectors? Asked before anything is read */
int iow_cli_check(const struct options *options, int n, char **operands);

/* How many functions one operand may name. */
enum select_width {
    SELECT_ONE,
    SELECT_GROUP, /* several, if all are of one group */
    SELECT_ANY,
};

/*
 * iow_cli_select - the functions that operands name, each once, in the order named
 * Out:     ret   in the machine's memory
 */
int iow_cli_select(struct machine *machine, const struct options *options, int n, char **operands,
    enum select_width width, uint32_t **ret, uint32_t *ret_n);

/* iow_cli_view - builds the view, after all that it shows was read; with words from pci.ids or without */
int iow_cli_view(struct machine *machine, const struct options *options, bool with_names);

/* iow_cli_drawn - the exit code for what a drawer returned; lack of memory is said */
int iow_cli_drawn(const struct options *options, int r);

/* iow_cli_done - also a cleanup function, for a machine of zeros too */
void iow_cli_done(struct machine *machine);

/* iow_cli_explain - says on stderr (and with --json as a document on stdout) why it failed; the exit code
 * that fits */
int iow_cli_explain(const struct options *options, const struct iow_explain *explain, const char *detail);

/* iow_cli_usage - says what is wrong with the command line, and whose help to read; verb NULL: everyone's.
 * EXIT_USAGE */
int iow_cli_usage(const char *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
