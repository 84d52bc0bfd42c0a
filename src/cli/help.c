/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Help, from the tables; and what someone may have meant whose command line is none. */
#include "cli/command.h"
#include "cli/select.h"
#include "cli/suggest.h"
#include "report/escape.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#define SYNOPSIS_WIDTH 22

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

static void help_options(option_set given)
{
    const struct option_row *row;

    (void)puts("\nOptions:");
    for (unsigned i = 0; (row = iow_option_at(i)); i++) {
        char name[48];

        if (!(given & row->id))
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

void iow_help_command(const struct command *command)
{
    bool help = command->run == iow_cli_help;

    (void)printf("Usage: ioward %s [OPTION...]%s%s\n%c%s.\n", command->verb, *command->operands ? " " : "",
        command->operands, command->summary[0] - 'a' + 'A', command->summary + 1);
    help_options(command->options | EVERYWHERE);
    if (command->options & OPTION_COLUMNS)
        help_columns();
    if (strstr(command->operands, "DEVICE") || command->options & OPTION_DEVICE)
        (void)fputs(DEVICE_HELP, stdout);
    (void)printf("\nSee ioward%s%s(1).\n", help ? "" : "-", help ? "" : command->verb);
}

void iow_help_all(void)
{
    const struct command *command;

    (void)puts("Usage: ioward [COMMAND] [OPTION...] [OPERAND...]\nWho may do DMA here?\n\nCommands:");
    for (unsigned i = 0; (command = iow_command_at(i)); i++) {
        char synopsis[48];

        (void)snprintf(synopsis, sizeof(synopsis), "%s %s", command->verb, command->operands);
        if (strlen(synopsis) > SYNOPSIS_WIDTH)
            (void)printf("  %s\n  %-*s %s\n", synopsis, SYNOPSIS_WIDTH, "", command->summary);
        else
            (void)printf("  %-*s %s\n", SYNOPSIS_WIDTH, synopsis, command->summary);
    }
    (void)fputs(DEVICE_HELP, stdout);
    (void)puts("\n'ioward COMMAND --help' lists the options of a command. See ioward(1).");
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

int iow_command_unknown(const char *typed)
{
    const char *near = iow_suggest(typed, iow_command_verb_at);
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

int iow_command_no_operand(const struct command *command, const char *typed)
{
    struct iow_text line = {0};
    int code;

    hint_at_operand(&line, typed);
    code = iow_cli_usage(command->verb, "'%s' takes no operand%s", command->verb, line.data ? line.data : "");
    iow_text_done(&line);
    return code;
}

int iow_cli_help(const struct options *options, int n, char **operands)
{
    const struct command *command = n ? iow_command_find(operands[0]) : NULL;

    (void)options;
    if (n && !command)
        return iow_command_unknown(operands[0]);
    if (command)
        iow_help_command(command);
    else
        iow_help_all();
    return EXIT_DONE;
}
