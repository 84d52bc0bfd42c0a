/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of commands and options, and the way from a command line to a verb. */
#ifndef IOWARD_CLI_COMMAND_H
#define IOWARD_CLI_COMMAND_H

#include "cli/cli.h"

/* As many as an option_set has bits. */
#define MOST_OPTIONS 64

#define EVERYWHERE (OPTION_HELP | OPTION_VERSION)

struct option_row {
    option_set id;
    char letter; /* 0: none */
    const char *name;
    const char *value; /* NULL: takes none */
    const char *help;
    size_t at; /* of the value in struct options; 0: not kept there as a text */
};

/* Row i; NULL past the end. The first command is what ioward does when no verb is given. */
const struct command *iow_command_at(unsigned i);
const struct option_row *iow_option_at(unsigned i);

const struct command *iow_command_find(const char *verb); /* NULL: there is none */
const char *iow_command_verb_at(unsigned i);

/* iow_help_all, iow_help_command - print the help */
void iow_help_all(void);
void iow_help_command(const struct command *command);

/* iow_command_unknown, iow_command_no_operand - say what may have been meant; EXIT_USAGE */
int iow_command_unknown(const char *typed);
int iow_command_no_operand(const struct command *command, const char *typed);

/* iow_command_run - a command line, argv[0] the program's name, on a host; the exit code. argv ends with NULL, and is reordered */
int iow_command_run(struct host *host, int argc, char **argv);

#endif
