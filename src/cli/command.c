/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/command.h"

#include <assert.h>
#include <string.h>

#define READING (OPTION_FROM | OPTION_JSON | OPTION_IDS)
#define TAKING (OPTION_WITH_GROUP | OPTION_USER | OPTION_TIMEOUT)

static const struct command commands[] = {
    {.verb = "status",
        .operands = "",
        .summary = "groups, their owners and members (what ioward does without a command)",
        .options = READING | OPTION_COLUMNS | OPTION_NOHEADINGS | OPTION_TREE | OPTION_LIST | OPTION_MEMORY,
        .simulated = true,
        .run = iow_cli_status},
    {.verb = "show",
        .operands = "DEVICE...",
        .summary = "everything about devices",
        .options = READING,
        .least = 1,
        .most = 4096,
        .simulated = true,
        .run = iow_cli_show},
    {.verb = "why",
        .operands = "DEVICE [DEVICE]",
        .summary = "why a device is in its group, or why two are together or apart",
        .options = READING,
        .least = 1,
        .most = 2,
        .simulated = true,
        .run = iow_cli_why},
    {.verb = "route",
        .operands = "DEVICE DEVICE",
        .summary =
            "how a request of one device for another's registers goes; --matrix: between many; --sets: "
            "what is not isolated",
        .options = READING | OPTION_MATRIX | OPTION_SETS | OPTION_GRADE,
        .most = 4096,
        .simulated = true,
        .run = iow_cli_route},
    {.verb = "audit",
        .operands = "[DEVICE...]",
        .summary = "what is wrong or open here, by rules; what is accepted; what cannot be told",
        .options = READING | OPTION_SEVERITY | OPTION_RULES | OPTION_ACCEPT,
        .most = 4096,
        .simulated = true,
        .run = iow_cli_audit},
    {.verb = "explain",
        .operands = "TEXT|-",
        .summary = "what is behind a message of QEMU, DPDK, libvirt or Linux, on this machine",
        .options = READING,
        .least = 1,
        .most = 4096,
        .simulated = true,
        .run = iow_cli_explain_messages},
    {.verb = "claim",
        .operands = "DEVICE...",
        .summary = "take the whole groups of devices for a user",
        .options = TAKING | OPTION_DRY_RUN | OPTION_ACCEPT | OPTION_JSON,
        .least = 1,
        .most = 4096,
        .simulated = true,
        .run = iow_cli_claim},
    {.verb = "release",
        .operands = "[DEVICE...]",
        .summary = "give claimed groups back to the drivers they had; alone: list what is claimed",
        .options = OPTION_RESUME | OPTION_FORGET | OPTION_TIMEOUT | OPTION_JSON,
        .most = 4096,
        .simulated = true,
        .run = iow_cli_release},
    {.verb = "run",
        .operands = "-d DEVICE -- COMMAND...",
        .summary = "claim the groups of devices for as long as a command runs",
        .options = TAKING | OPTION_DEVICE | OPTION_ACCEPT | OPTION_LOCK_MEMORY,
        .least = 1,
        .most = 65536,
        .foreign = true,
        .simulated = true,
        .run = iow_cli_run},
    {.verb = "history",
        .operands = "",
        .summary = "who had which group when",
        .options = OPTION_JSON,
        .simulated = true,
        .run = iow_cli_history},
    {.verb = "trace",
        .operands = "",
        .summary = "what the kernel decides about owners, as it does, and why",
        .options = OPTION_DEVICE | OPTION_GROUP | OPTION_PID | OPTION_COUNT | OPTION_LENGTH | OPTION_JSON,
        .run = iow_cli_trace},
    {.verb = "prove",
        .operands = "[DEVICE...]",
        .summary = "search all that may happen to the owners of groups, for what should not",
        .options = OPTION_FROM | OPTION_JSON | OPTION_KERNEL | OPTION_TRACES,
        .most = 4096,
        .simulated = true,
        .run = iow_cli_prove},
    {.verb = "capture",
        .operands = "FILE.tar.zst",
        .summary = "record this machine in a file that --from reads ('-': standard output)",
        .options = OPTION_FROM | OPTION_JSON | OPTION_KEEP_PRIVATE | OPTION_FORCE,
        .least = 1,
        .most = 1,
        .run = iow_cli_capture},
    {.verb = "sim",
        .operands = "TOPOLOGY",
        .summary = "try all this on a simulated machine",
        .options = OPTION_KERNEL | OPTION_IDS | OPTION_ECHO | OPTION_STRICT,
        .least = 1,
        .most = 1,
        .run = iow_cli_sim},
    {.verb = "help",
        .operands = "[COMMAND]",
        .summary = "what there is, or the options of a command",
        .most = 1,
        .simulated = true,
        .run = iow_cli_help},
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct option_row options[] = {
    {OPTION_FROM, 'f', "from", "FILE|DIR", "read a capture instead of this machine",
        offsetof(struct options, from)},
    {OPTION_JSON, 'J', "json", NULL, "print JSON", 0},
    {OPTION_COLUMNS, 'o', "output", "COLUMNS", "choose columns, one line for each member",
        offsetof(struct options, columns)},
    {OPTION_NOHEADINGS, 'n', "noheadings", NULL, "only the table, and without its headings", 0},
    {OPTION_TREE, 'T', "tree", NULL, "members below their groups, also with -o", 0},
    {OPTION_LIST, 'l', "list", NULL, "one line for each member", 0},
    {OPTION_IDS, 'i', "ids", "FILE", "take names of devices from this pci.ids file",
        offsetof(struct options, ids)},
    {OPTION_DEVICE, 'd', "device", "DEVICE", "a device; may be given again", 0},
    {OPTION_GROUP, 0, "group", "NUMBER", "only what is about this group", offsetof(struct options, group)},
    {OPTION_PID, 'p', "pid", "PID", "only what this process asks", offsetof(struct options, pid)},
    {OPTION_COUNT, 'c', "count", "NUMBER", "end after so many", offsetof(struct options, count)},
    {OPTION_LENGTH, 0, "for", "SECONDS", "end after so long", offsetof(struct options, length)},
    {OPTION_WITH_GROUP, 'g', "with-group", NULL, "the other members of the group may follow", 0},
    {OPTION_USER, 'u', "user", "NAME|UID", "for this user rather than for whoever asks",
        offsetof(struct options, user)},
    {OPTION_LOCK_MEMORY, 0, "lock-memory", "SIZE", "how much memory the command may lock: 4G, unlimited",
        offsetof(struct options, lock_memory)},
    {OPTION_TIMEOUT, 't', "timeout", "SECONDS", "how long to wait for what has to let go (30)",
        offsetof(struct options, timeout)},
    {OPTION_DRY_RUN, 0, "dry-run", NULL, "only say what would be done", 0},
    {OPTION_RESUME, 0, "resume", NULL, "finish what was begun and not finished", 0},
    {OPTION_FORGET, 0, "forget", NULL, "give up on claims: put nothing back", 0},
    {OPTION_KEEP_PRIVATE, 0, "keep-private", NULL, "keep serial numbers, MAC addresses and the host name", 0},
    {OPTION_FORCE, 0, "force", NULL, "replace the file if it exists", 0},
    {OPTION_TRACES, 0, "traces", NULL, "show step by step how each may come about", 0},
    {OPTION_KERNEL, 'k', "kernel", "RELEASE",
        "by the rules of Linux 6.1 or 6.12; prove: of any release, or pure",
        offsetof(struct options, kernel)},
    {OPTION_MEMORY, 'k', "kernel", NULL, "read owners from the kernel's memory; later runs then do, too", 0},
    {OPTION_ECHO, 'e', "echo", NULL, "print each line before what it does", 0},
    {OPTION_STRICT, 0, "strict", NULL, "end at the first line that fails, with its exit status", 0},
    {OPTION_SEVERITY, 's', "severity", "SEVERITY",
        "only findings at least so severe: critical, warning, notice", offsetof(struct options, severity)},
    {OPTION_RULES, 0, "rules", NULL, "list the rules instead", 0},
    {OPTION_ACCEPT, 'a', "accept", "FOLDER", "take accepted risks from there (/etc/ioward/accept.d)",
        offsetof(struct options, accept)},
    {OPTION_MATRIX, 'm', "matrix", NULL, "a table of the routes between devices, or between all", 0},
    {OPTION_SETS, 0, "sets", NULL, "what the hardware does not isolate, and which groups it is in", 0},
    {OPTION_GRADE, 0, "grade", "GRADE", "--sets of this grade only: surely, possibly, root-complex",
        offsetof(struct options, grade)},
    {OPTION_HELP, 'h', "help", NULL, "print this help", 0},
    {OPTION_VERSION, 'V', "version", NULL, "print the version", 0},
};

static_assert(sizeof(options) / sizeof(options[0]) <= MOST_OPTIONS, "more options than a set has bits");

#define N_OPTIONS (sizeof(options) / sizeof(options[0]))

const struct command *iow_command_at(unsigned i)
{
    return i < N_COMMANDS ? &commands[i] : NULL;
}

const struct option_row *iow_option_at(unsigned i)
{
    return i < N_OPTIONS ? &options[i] : NULL;
}

const struct command *iow_command_find(const char *verb)
{
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(commands[i].verb, verb) == 0)
            return &commands[i];
    return NULL;
}

const char *iow_command_verb_at(unsigned i)
{
    return i < N_COMMANDS ? commands[i].verb : NULL;
}
