/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a command line to a verb. */
#include "base/cleanup.h"
#include "cli/command.h"

#include <getopt.h>
#include <string.h>

struct line {
    struct options options;
    const struct command *command; /* NULL: none was named yet */
    const char *unknown;           /* the word that should have been a command */
    int n;
    char **operands;
};

/* Is a word of the command line short for the names of both options? */
static bool is_short_for_both(char **argv, const char *name, const char *other)
{
    for (; *argv; argv++) {
        size_t n = strncmp(*argv, "--", 2) == 0 ? strcspn(*argv + 2, "=") : 0;

        if (n && n < strlen(name) && strncmp(*argv + 2, name, n) == 0 && strncmp(*argv + 2, other, n) == 0)
            return true;
    }
    return false;
}

/* Another verb's option, which is known only to be refused: may one of the verb that was given be meant? */
static bool gives_way(const struct option_row *row, option_set taken, char **argv)
{
    const struct option_row *other;

    for (unsigned i = 0; !(row->id & taken) && (other = iow_option_at(i)); i++)
        if (other->id & taken &&
            (strcmp(other->name, row->name) == 0 || is_short_for_both(argv, row->name, other->name)))
            return true;
    return false;
}

/* The tables that getopt_long() wants, from ours. '-': it gives operands one by one, in their order. */
static void fill_getopt(struct option *longs, char *shorts, option_set taken, char **argv)
{
    const struct option_row *row;

    *shorts++ = '-';
    for (unsigned i = 0; (row = iow_option_at(i)); i++) {
        if (gives_way(row, taken, argv))
            continue;
        *longs++ = (struct option){
            .name = row->name, .has_arg = row->value ? required_argument : no_argument, .val = 256 + (int)i};
        if (!row->letter)
            continue;
        *shorts++ = row->letter;
        if (row->value)
            *shorts++ = ':';
    }
    *shorts = '\0';
}

static void take_option(struct options *options, const struct option_row *row, char *value)
{
    options->given |= row->id;
    if (row->at)
        memcpy((char *)options + row->at, &value, sizeof(value));
    if (row->id == OPTION_DEVICE)
        options->devices[options->n_devices++] = value;
}

static const struct option_row *find_option(int c, option_set taken, char **argv)
{
    const struct option_row *row = NULL;

    if (c >= 256)
        return iow_option_at((unsigned)c - 256);
    for (unsigned i = 0; (row = iow_option_at(i)) && (row->letter != c || gives_way(row, taken, argv)); i++)
        ;
    return row;
}

/* The first word that is no option is the verb. */
static void take_word(struct line *line, char *word)
{
    if (line->command || line->unknown) {
        line->operands[line->n++] = word;
        return;
    }
    line->command = iow_command_find(word);
    if (!line->command)
        line->unknown = word;
}

/* Everything from argv[optind] on is a word. */
static void take_rest(struct line *line, int argc, char **argv)
{
    while (optind < argc)
        take_word(line, argv[optind++]);
}

/* The command that a command line seems to be for, before its options are understood; NULL: it names none. */
static const struct command *guess_command(int argc, char **argv)
{
    const struct command *command = NULL;

    for (int i = 1; i < argc && !command; i++)
        command = iow_command_find(argv[i]);
    return command;
}

static bool parse(struct line *line, int argc, char **argv)
{
    static char program[] = "ioward";
    struct option longs[MOST_OPTIONS + 1] = {0};
    char shorts[2 * MOST_OPTIONS + 2];
    const struct command *guess = guess_command(argc, argv);
    option_set taken = (guess ? guess : iow_command_at(0))->options | EVERYWHERE;
    const struct option_row *row;
    int c;

    argv[0] = program; /* what getopt_long() calls us in its messages */
    fill_getopt(longs, shorts, taken, argv);
    optind = 0; /* begin anew: a shell has many lines */
    while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        row = c == 1 ? NULL : find_option(c, taken, argv);
        if (c == 1)
            take_word(line, optarg);
        else if (!row)
            return false;
        else
            take_option(&line->options, row, optarg);
        if (c == 1 && line->n && line->command && line->command->foreign)
            break;
    }
    take_rest(line, argc, argv);
    return true;
}

/* The first of these options; there is one. */
static const char *option_name(option_set options)
{
    unsigned i = 0;

    while (iow_option_at(i + 1) && !(options & iow_option_at(i)->id))
        i++;
    return iow_option_at(i)->name;
}

static int check_options(const struct command *command, option_set given)
{
    option_set foreign = given & ~(command->options | EVERYWHERE);
    option_set drawing = given & (OPTION_COLUMNS | OPTION_NOHEADINGS | OPTION_TREE | OPTION_LIST);

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
        return iow_command_no_operand(command, operands[0]);
    if (n > command->most)
        return iow_cli_usage(verb, "'%s' wants no more than %s", verb, command->operands);
    if (options->host->simulated && !command->simulated)
        return iow_cli_usage(NULL, "'%s' does not work on a simulated machine", verb);
    return EXIT_DONE;
}

static int help(const struct command *command)
{
    if (command)
        iow_help_command(command);
    else
        iow_help_all();
    return EXIT_DONE;
}

static int run(struct line *line)
{
    const struct command *command = line->command ? line->command : iow_command_at(0);
    int code;

    if (line->options.given & OPTION_VERSION) {
        (void)puts("ioward " IOWARD_VERSION);
        return EXIT_DONE;
    }
    if (line->unknown)
        return iow_command_unknown(line->unknown);
    if (line->options.given & OPTION_HELP)
        return help(line->command);
    line->options.verb = command->verb;
    code = check_command(command, &line->options, line->n, line->operands);
    return code == EXIT_DONE ? command->run(&line->options, line->n, line->operands) : code;
}

int iow_command_run(struct host *host, int argc, char **argv)
{
    IOW_CLEANUP_FREE char **words = calloc((size_t)argc + 1, sizeof(char *));
    IOW_CLEANUP_FREE char **devices = calloc((size_t)argc + 1, sizeof(char *));
    struct line line = {.options = {.host = host, .devices = devices, .ids = host->ids}, .operands = words};

    if (!words || !devices) {
        (void)fputs("ioward: out of memory\n", stderr);
        return EXIT_FAILED;
    }
    if (!parse(&line, argc, argv)) {
        const struct command *guess = guess_command(argc, argv);

        (void)fprintf(stderr, "Try 'ioward %s%s--help'.\n", guess ? guess->verb : "", guess ? " " : "");
        return EXIT_USAGE;
    }
    return run(&line);
}
