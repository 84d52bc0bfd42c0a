/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs share: the command table's row, the options, and a machine that was read. */
#ifndef IOWARD_CLI_CLI_H
#define IOWARD_CLI_CLI_H

#include "cli/exit.h"
#include "cli/host.h"
#include "report/report.h"
#include <ioward/host.h>

enum option_id {
    OPTION_FROM = 0x000001,
    OPTION_JSON = 0x000002,
    OPTION_COLUMNS = 0x000004,
    OPTION_NOHEADINGS = 0x000008,
    OPTION_TREE = 0x000010,
    OPTION_LIST = 0x000020,
    OPTION_IDS = 0x000040,
    OPTION_KEEP_PRIVATE = 0x000080,
    OPTION_FORCE = 0x000100,
    OPTION_HELP = 0x000200,
    OPTION_VERSION = 0x000400,
    OPTION_WITH_GROUP = 0x000800,
    OPTION_USER = 0x001000,
    OPTION_DRY_RUN = 0x002000,
    OPTION_TIMEOUT = 0x004000,
    OPTION_RESUME = 0x008000,
    OPTION_DEVICE = 0x010000,
    OPTION_LOCK_MEMORY = 0x020000,
    OPTION_KERNEL = 0x040000,
    OPTION_ECHO = 0x080000,
    OPTION_STRICT = 0x100000,
    OPTION_FORGET = 0x200000,
    OPTION_TRACES = 0x400000,
    OPTION_MATRIX = 0x800000,
    OPTION_MEMORY = 0x1000000, /* --kernel of a verb where it takes no release */
    OPTION_SETS = 0x2000000,
    OPTION_GRADE = 0x4000000,
    OPTION_GROUP = 0x8000000,
    OPTION_PID = 0x10000000,
    OPTION_COUNT = 0x20000000,
    OPTION_LENGTH = 0x40000000,
};

struct options {
    struct host *host; /* never NULL */
    const char *verb;  /* the command that these are for */
    unsigned given;    /* OPTION_... */
    const char *from, *columns, *ids, *user, *timeout, *lock_memory, *kernel, *grade, *group, *pid, *count, *length;
    int n_devices; /* of --device, which may be given again and again */
    char **devices;
};

/* One verb. Help, usage and dispatch all come from this. */
struct command {
    const char *verb;
    const char *operands; /* for the usage line */
    const char *summary;
    unsigned options; /* OPTION_... it takes */
    int least, most;  /* operands */
    bool foreign; /* its operands are a command line of somebody else: what follows the first is no option */
    bool simulated; /* works on a simulated machine too */
    int (*run)(const struct options *options, int n, char **operands);
};

int iow_cli_status(const struct options *options, int n, char **operands);
int iow_cli_show(const struct options *options, int n, char **operands);
int iow_cli_why(const struct options *options, int n, char **operands);
int iow_cli_route(const struct options *options, int n, char **operands);
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
