/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cli.h"

#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define READING (OPTION_FROM | OPTION_JSON | OPTION_IDS)

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

int iow_cli_usage(const char *format, ...)
{
    va_list args;

    (void)fputs("ioward: ", stderr);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputs("\nTry 'ioward --help'.\n", stderr);
    return EXIT_USAGE;
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
    "a group (g12), a class (class=display) or a path through bridges (00:02.2/00.0).\n"

static void help_command(const struct command *command)
{
    (void)printf("Usage: ioward %s [OPTION...]%s%s\n%c%s.\n", command->verb, *command->operands ? " " : "",
        command->operands, command->summary[0] - 'a' + 'A', command->summary + 1);
    help_options(command->options | EVERYWHERE);
    if (command->options & OPTION_COLUMNS)
        help_columns();
    if (strstr(command->operands, "DEVICE"))
        (void)fputs(DEVICE_HELP, stdout);
    (void)printf("\nSee ioward-%s(1).\n", command->verb);
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

static int check_command(const struct command *command, const struct options *options, int n)
{
    unsigned foreign = options->given & ~(command->options | EVERYWHERE);

    for (size_t i = 0; i < N_OPTIONS; i++)
        if (foreign & option_rows[i].id)
            return iow_cli_usage("'%s' does not take --%s", command->verb, option_rows[i].name);
    if (n < command->least)
        return iow_cli_usage("'%s' wants %s", command->verb, command->operands);
    if (n > command->most && !command->most)
        return iow_cli_usage("'%s' takes no operand; to see one device, use 'ioward show'", command->verb);
    if (n > command->most)
        return iow_cli_usage("'%s' wants no more than %s", command->verb, command->operands);
    return EXIT_DONE;
}

static int run(int argc, char **argv)
{
    const struct command *command = &commands[0];
    struct options options = {0};
    bool verb;
    int code;

    if (!parse_options(argc, argv, &options)) {
        (void)fputs("Try 'ioward --help'.\n", stderr);
        return EXIT_USAGE;
    }
    if (options.given & OPTION_VERSION) {
        (void)puts("ioward " IOWARD_VERSION);
        return EXIT_DONE;
    }
    verb = optind < argc;
    if (verb) {
        command = find_command(argv[optind]);
        if (!command)
            return iow_cli_usage(
                "unknown command '%s'; to see a device, use 'ioward show DEVICE'", argv[optind]);
        optind++;
    }
    if (options.given & OPTION_HELP) {
        if (verb)
            help_command(command);
        else
            help_all();
        return EXIT_DONE;
    }
    code = check_command(command, &options, argc - optind);
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
