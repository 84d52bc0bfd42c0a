/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cli.h"
#include "cli/select.h"
#include "cli/suggest.h"
#include "report/escape.h"

#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define READING (OPTION_FROM | OPTION_JSON | OPTION_IDS)

static int run_help(const struct options *options, int n, char **operands);

/* The first row is what ioward does when no verb is given. */
static const struct command commands[] = {
    {.verb = "status",
        .operands = "",
        .summary = "groups, their owners and members (what ioward does without a command)",
        .options = READING | OPTION_COLUMNS | OPTION_NOHEADINGS | OPTION_TREE | OPTION_LIST,
        .least = 0,
        .most = 0,
        .run = iow_cli_status},
    {.verb = "show",
        .operands = "DEVICE...",
        .summary = "everything about devices",
        .options = READING,
        .least = 1,
        .most = 4096,
        .run = iow_cli_show},
    {.verb = "why",
        .operands = "DEVICE [DEVICE]",
        .summary = "why a device is in its group, or why two are together or apart",
        .options = READING,
        .least = 1,
        .most = 2,
        .run = iow_cli_why},
    {.verb = "capture",
        .operands = "FILE.tar.zst",
        .summary = "record this machine in a file that --from reads ('-': standard output)",
        .options = OPTION_FROM | OPTION_JSON | OPTION_KEEP_PRIVATE | OPTION_FORCE,
        .least = 1,
        .most = 1,
        .run = iow_cli_capture},
    {.verb = "help",
        .operands = "[COMMAND]",
        .summary = "what there is, or the options of a command",
        .options = 0,
        .least = 0,
        .most = 1,
        .run = run_help},
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))
#define EVERYWHERE (OPTION_HELP | OPTION_VERSION)

static const struct option_row {
    enum option_id id;
    char letter; /* 0: none */
    const char *name;
    const char *value; /* NULL: takes none */
    const char *help;
} option_rows[] = {
    {OPTION_FROM, 'f', "from", "FILE|DIR", "read a capture instead of this machine"},
    {OPTION_JSON, 'J', "json", NULL, "print JSON"},
    {OPTION_COLUMNS, 'o', "output", "COLUMNS", "choose columns, one line for each member"},
    {OPTION_NOHEADINGS, 'n', "noheadings", NULL, "only the table, and without its headings"},
    {OPTION_TREE, 'T', "tree", NULL, "members below their groups, also with -o"},
    {OPTION_LIST, 'l', "list", NULL, "one line for each member"},
    {OPTION_IDS, 'i', "ids", "FILE", "take names of devices from this pci.ids file"},
    {OPTION_KEEP_PRIVATE, 0, "keep-private", NULL, "keep serial numbers, MAC addresses and the host name"},
    {OPTION_FORCE, 0, "force", NULL, "replace the file if it exists"},
    {OPTION_HELP, 'h', "help", NULL, "print this help"},
    {OPTION_VERSION, 'V', "version", NULL, "print the version"},
};

#define N_OPTIONS (sizeof(option_rows) / sizeof(option_rows[0]))

static int point_to_help(const char *verb)
{
    (void)fprintf(stderr, "Try 'ioward %s%s--help'.\n", verb ? verb : "", verb ? " " : "");
    return EXIT_USAGE;
}

int iow_cli_usage(const char *verb, const char *format, ...)
{
    va_list args;

    (void)fputs("ioward: ", stderr);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
    return point_to_help(verb);
}

static const struct command *find_command(const char *verb)
{
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(commands[i].verb, verb) == 0)
            return &commands[i];
    return NULL;
}

static void help_options(unsigned options)
{
    (void)puts("\nOptions:");
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option_row *row = &option_rows[i];
        char name[48];

        if (!(options & row->id))
            continue;
        (void)snprintf(
            name, sizeof(name), "--%s%s%s", row->name, row->value ? " " : "", row->value ? row->value : "");
        if (row->letter)
            (void)printf("  -%c, %-22s %s\n", row->letter, name, row->help);
        else
            (void)printf("      %-22s %s\n", name, row->help);
    }
}

static void help_columns(void)
{
    const char *name, *help;

    (void)puts("\nColumns:");
    for (unsigned i = 0; (name = iow_status_column_at(i, &help)); i++)
        (void)printf("  %-10s %s\n", name, help);
}

#define DEVICE_HELP                                                                                          \
    "\nA DEVICE is an address (01:00.0), vendor:device (10de:2204), a name of the kernel (eth1, nvme0n1),\n" \
    "a group (g12), a class (class=display), a path through bridges (00:02.2/00.0) or a file that\n"         \
    "stands for it (/dev/vfio/12, /sys/bus/pci/devices/0000:01:00.0).\n"

static void help_command(const struct command *command)
{
    (void)printf("Usage: ioward %s [OPTION...]%s%s\n%c%s.\n", command->verb, *command->operands ? " " : "",
        command->operands, command->summary[0] - 'a' + 'A', command->summary + 1);
    help_options(command->options | EVERYWHERE);
    if (command->options & OPTION_COLUMNS)
        help_columns();
    if (strstr(command->operands, "DEVICE"))
        (void)fputs(DEVICE_HELP, stdout);
    (void)printf("\nSee ioward%s%s(1).\n", command->run == run_help ? "" : "-",
        command->run == run_help ? "" : command->verb);
}

static void help_all(void)
{
    (void)puts("Usage: ioward [COMMAND] [OPTION...] [OPERAND...]\nWho may do DMA here?\n\nCommands:");
    for (size_t i = 0; i < N_COMMANDS; i++) {
        char synopsis[48];

        (void)snprintf(synopsis, sizeof(synopsis), "%s %s", commands[i].verb, commands[i].operands);
        (void)printf("  %-22s %s\n", synopsis, commands[i].summary);
    }
    (void)fputs(DEVICE_HELP, stdout);
    (void)puts("\n'ioward COMMAND --help' lists the options of a command. See ioward(1).");
}

static const char *verb_at(unsigned i)
{
    return i < N_COMMANDS ? commands[i].verb : NULL;
}

/* Does text name a device by more than a word that might be anything? */
static bool names_device(const char *text)
{
    struct iow_selector selector;

    return iow_select_parse(text, &selector, NULL) == 0 && selector.kind != IOW_SELECT_NAME;
}

/* The command that someone may have wanted who typed an operand alone. */
static void hint_at_operand(struct iow_text *to, const char *text)
{
    struct iow_selector selector;

    if (!names_device(text) && access(text, F_OK) == 0)
        iow_text_puts(to, "; to read a capture, use 'ioward --from ");
    else if (iow_select_parse(text, &selector, NULL) == 0)
        iow_text_puts(to, "; to see a device, use 'ioward show ");
    else
        return;
    iow_escape_text(to, text);
    iow_text_puts(to, "'");
}

static int unknown_command(const char *typed)
{
    const char *near = iow_suggest(typed, verb_at);
    struct iow_text line = {0};
    int code;

    iow_text_puts(&line, "unknown command '");
    iow_escape_text(&line, typed);
    iow_text_puts(&line, "'");
    if (near)
        iow_text_print(&line, "; did you mean '%s'?", near);
    else
        hint_at_operand(&line, typed);
    code = iow_cli_usage(NULL, "%s", line.data ? line.data : "unknown command");
    iow_text_done(&line);
    return code;
}

static int no_operand(const struct command *command, const char *typed)
{
    struct iow_text line = {0};
    int code;

    hint_at_operand(&line, typed);
    code = iow_cli_usage(command->verb, "'%s' takes no operand%s", command->verb, line.data ? line.data : "");
    iow_text_done(&line);
    return code;
}

static int run_help(const struct options *options, int n, char **operands)
{
    const struct command *command = n ? find_command(operands[0]) : NULL;

    (void)options;
    if (n && !command)
        return unknown_command(operands[0]);
    if (command)
        help_command(command);
    else
        help_all();
    return EXIT_DONE;
}

/* The tables that getopt_long() wants, from ours. */
static void fill_getopt(struct option *longs, char *shorts)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        longs[i] = (struct option){.name = option_rows[i].name,
            .has_arg = option_rows[i].value ? required_argument : no_argument,
            .val = 256 + (int)i};
        if (!option_rows[i].letter)
            continue;
        *shorts++ = option_rows[i].letter;
        if (option_rows[i].value)
            *shorts++ = ':';
    }
    *shorts = '\0';
}

static void take_option(struct options *options, const struct option_row *row, const char *value)
{
    options->given |= row->id;
    if (row->id == OPTION_FROM)
        options->from = value;
    else if (row->id == OPTION_COLUMNS)
        options->columns = value;
    else if (row->id == OPTION_IDS)
        options->ids = value;
}

static bool parse_options(int argc, char **argv, struct options *options)
{
    struct option longs[N_OPTIONS + 1] = {0};
    char shorts[2 * N_OPTIONS + 1];
    int c;

    static char program[] = "ioward";

    argv[0] = program; /* what getopt_long() calls us in its messages */
    fill_getopt(longs, shorts);
    while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        size_t i = c >= 256 ? (size_t)c - 256 : 0;

        while (c < 256 && i < N_OPTIONS && option_rows[i].letter != c)
            i++;
        if (c == '?' || i == N_OPTIONS)
            return false;
        take_option(options, &option_rows[i], optarg);
    }
    return true;
}

/* The first of these options; there is one. */
static const char *option_name(unsigned options)
{
    size_t i = 0;

    while (i + 1 < N_OPTIONS && !(options & option_rows[i].id))
        i++;
    return option_rows[i].name;
}

static int check_options(const struct command *command, unsigned given)
{
    unsigned foreign = given & ~(command->options | EVERYWHERE);
    unsigned drawing = given & (OPTION_COLUMNS | OPTION_NOHEADINGS | OPTION_TREE | OPTION_LIST);

    if (foreign)
        return iow_cli_usage(command->verb, "'%s' does not take --%s", command->verb, option_name(foreign));
    if (given & OPTION_JSON && drawing)
        return iow_cli_usage(
            command->verb, "--%s is about a table, and --json prints none", option_name(drawing));
    return EXIT_DONE;
}

static int check_command(const struct command *command, const struct options *options, int n, char **operands)
{
    const char *verb = command->verb;

    if (check_options(command, options->given) != EXIT_DONE)
        return EXIT_USAGE;
    if (n < command->least)
        return iow_cli_usage(verb, "'%s' wants %s", verb, command->operands);
    if (n > command->most && !command->most)
        return no_operand(command, operands[0]);
    if (n > command->most)
        return iow_cli_usage(verb, "'%s' wants no more than %s", verb, command->operands);
    return EXIT_DONE;
}

/* The verb of a command line whose options could not be read. */
static const char *find_verb(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (find_command(argv[i]))
            return argv[i];
    return NULL;
}

static int run(int argc, char **argv)
{
    const struct command *command = &commands[0];
    struct options options = {0};
    bool verb;
    int code;

    if (!parse_options(argc, argv, &options))
        return point_to_help(find_verb(argc, argv));
    if (options.given & OPTION_VERSION) {
        (void)puts("ioward " IOWARD_VERSION);
        return EXIT_DONE;
    }
    verb = optind < argc;
    if (verb) {
        command = find_command(argv[optind]);
        if (!command)
            return unknown_command(argv[optind]);
        optind++;
    }
    if (options.given & OPTION_HELP) {
        if (verb)
            help_command(command);
        else
            help_all();
        return EXIT_DONE;
    }
    code = check_command(command, &options, argc - optind, argv + optind);
    return code == EXIT_DONE ? command->run(&options, argc - optind, argv + optind) : code;
}

int main(int argc, char **argv)
{
    int code;

    (void)setlocale(LC_ALL, "");
    code = run(argc, argv);
    /* A full disk shows only here. */
    if (fflush(stdout) != 0 || ferror(stdout) || fclose(stdout) != 0) {
        (void)fprintf(stderr, "ioward: standard output: %s\n", strerror(errno));
        return EXIT_FAILED;
    }
    return code;
}
