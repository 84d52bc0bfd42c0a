/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the manual page ioward-rules(7) from the table of rules, in mdoc.   rules-page VERSION */
#include "report/rules.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How the places of a sentence are shown, and what DESCRIPTION says of them. */
static const struct iow_rule_places shown = {
    .function = "FUNCTION",
    .joined = "JOINED",
    .deciding = "DECIDING",
    .other = "OTHER",
    .group = "GROUP",
    .holder = "HOLDER",
    .subject = "SUBJECT",
    .path = "PATH",
    .acs = "HAS SUCH ACS",
    .quirk = " (QUIRK)",
    .drivers = "DRIVERS",
    .release = "RELEASE",
    .name = "NAME",
    .by = "BY",
};

static_assert(sizeof(shown) == 14 * sizeof(char *), "a place is missing above and below");

static const struct {
    const char *word, *meaning;
} places[] = {
    {"FUNCTION", "the PCI function that the sentence is about"},
    {"JOINED", "the function whose group it joined"},
    {"DECIDING", "the bridge or function whose properties decided"},
    {"OTHER", "the function that it is compared with"},
    {"SUBJECT", "what was looked at, mostly a bridge or a function"},
    {"GROUP", "the number of the group"},
    {"HOLDER", "one or more processes"},
    {"DRIVERS", "one or more drivers, each with its device"},
    {"PATH", "a file"},
    {"RELEASE", "the release of the kernel"},
    {"NAME", "what the kernel calls a part of the function: a disk, a network interface, a file of /dev"},
    {"BY", "what uses it: a mount point, another disk, a process"},
    {"HAS SUCH ACS", "what decides about ACS, as \"has no ACS capability\" or "
                     "\"is a device of one function, which needs no ACS\""},
    {"(QUIRK)", "the row of Linux's table of quirks, if it is one that decides"},
};

/* A rule's kind is its id up to the second hyphen. */
static const struct {
    const char *kind, *heading, *about;
} kinds[] = {
    {"IOW-GRP", "Reasons of a membership", "Why a function is in its group, by the rule of Linux."},
    {"IOW-STEP", "Steps to a reason",
        "What the rule of Linux looked at on the way to such a reason, in order."},
    {"IOW-OWN", "Owners", "From what the owner of a group follows."},
    {"IOW-DIFF", "Differences", "Why the kernel's group of a function is not the predicted one."},
    {"IOW-REM", "Findings",
        "What somebody who gives devices away, or keeps them, should know; see ioward-audit(1)."},
    {"IOW-ACCEPT", "Accepted risks", "Why a file of accepted risks is refused."},
    {"IOW-READ", "What is missing",
        "What could not be read, and why; answers that would rest on it are left open."},
    {"IOW-KERNEL", "The kernel's memory", "Why owners are not read from the kernel's memory."},
    {"IOW-TRACE", "Watching the kernel",
        "Why the kernel's decisions cannot be watched, or not all of them; see ioward-trace(1)."},
    {"IOW-TOPO", "Topology",
        "Why the functions that were read make no tree; only a damaged capture has such."},
    {"IOW-CAP", "Captures", "Why a capture could not be read or written."},
    {"IOW-SEL", "Selectors", "Why a device named on the command line was not found."},
    {"IOW-USE", "Uses", "What a device is in use for, so that it is not taken away."},
    {"IOW-PLAN", "No plan", "Why a group cannot be given to a user now."},
    {"IOW-EXEC", "Handing over",
        "What went otherwise than planned while devices were handed over or put back."},
    {"IOW-DMA", "Ownership",
        "What the rule of ownership refuses, or warns of, when drivers, users and devices come and go."},
    {"IOW-ROUTE", "Routes",
        "What becomes of a memory request of one function for the registers of another, at each place that "
        "it passes: "
        "FUNCTION is the place, OTHER whom the request is for."},
    {"IOW-HW", "Kernel groups against the hardware",
        "What makes Linux keep functions in different groups that the hardware does not isolate, and what "
        "would split a group that the hardware isolates: see "
        "ioward-route(1)."},
    {"IOW-MSG", "Messages",
        "What is behind a message of another program on this machine, or contradicts it; see "
        "ioward-explain(1)."},
    {"IOW-SIM", "Simulated machines", "Why a simulated machine does not do what was asked."},
    {"IOW-NONE", "Other failures", "Failures without a rule of their own."},
};

#define N_PLACES (sizeof(places) / sizeof(places[0]))
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static bool is_of_kind(const char *id, const char *kind)
{
    size_t n = strlen(kind);

    return strncmp(id, kind, n) == 0 && (id[n] == '-' || id[n] == '\0');
}

/* As it is, whatever roff makes of its characters; never first on a line, so '.' needs no care. */
static void put(const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '\\':
            (void)fputs("\\e", stdout);
            break;
        case '-':
            (void)fputs("\\-", stdout);
            break;
        case '\'':
            (void)fputs("\\(aq", stdout);
            break;
        case '"':
            (void)fputs("\\(dq", stdout);
            break;
        default:
            (void)putchar(*text);
        }
}

static void put_filled(const char *before, const char *sentence)
{
    struct iow_text text = {0};

    iow_rule_fill(&text, sentence, &shown);
    if (text.failed || !text.data)
        exit(EXIT_FAILURE);
    (void)fputs(before, stdout);
    put(text.data);
    (void)putchar('\n');
    iow_text_done(&text);
}

static void put_block(const char *before, const char *sentence)
{
    (void)puts(".Bd -filled -offset 2n -compact");
    put_filled(before, sentence);
    (void)puts(".Ed");
}

static void put_rule(enum iow_rule rule)
{
    const struct iow_rule_words *words = iow_rule_words(rule);

    (void)fputs(".It Li ", stdout);
    put(iow_rule_id(rule));
    put_filled("\n\\&", words->title);
    put_block("\\&", words->sentence);
    if (words->remedy)
        put_block("\\-> ", words->remedy);
    if (words->remedy_otherwise)
        put_block("\\-> ", words->remedy_otherwise);
}

static void put_kind(size_t k)
{
    (void)printf(".Ss %s\n%s\n.Bl -tag -width Ds\n", kinds[k].heading, kinds[k].about);
    for (unsigned rule = 0; rule < IOW_RULE__COUNT; rule++)
        if (is_of_kind(iow_rule_id((enum iow_rule)rule), kinds[k].kind))
            put_rule((enum iow_rule)rule);
    (void)puts(".El");
}

static void put_head(const char *version)
{
    (void)printf(".\\\" SPDX-License-Identifier: GPL-2.0-or-later\n"
                 ".\\\" Generated from src/report/rules.c by tools/rules-page.c.\n"
                 ".Dd November 22, 2026\n.Dt IOWARD-RULES 7\n.Os ioward %s\n"
                 ".Sh NAME\n.Nm ioward-rules\n.Nd the rules that ioward concludes by\n"
                 ".Sh DESCRIPTION\n"
                 "Whatever\n.Xr ioward 1\n"
                 "concludes, misses or refuses has a rule.\n"
                 "Its id keeps its meaning in all releases; the words may be worded better in any.\n"
                 ".Pp\n"
                 "Each rule is listed with its title, the sentence that the output has for it, and, after\n"
                 ".Ql \\-> ,\n"
                 "what to do next; twice where that depends on the machine.\n"
                 "These words stand for what the sentence is about:\n"
                 ".Bl -tag -width \"HAS SUCH ACS\" -compact\n",
        version);
    for (size_t i = 0; i < N_PLACES; i++) {
        (void)printf(".It %s\n\\&", places[i].word);
        put(places[i].meaning);
        (void)putchar('\n');
    }
    (void)puts(".El\n.Pp\nWhat the other words mean is told in\n.Xr ioward 1 .");
}

static void check_kinds(void)
{
    for (unsigned rule = 0; rule < IOW_RULE__COUNT; rule++) {
        const char *id = iow_rule_id((enum iow_rule)rule);
        size_t k = 0;

        while (k < N_KINDS && !is_of_kind(id, kinds[k].kind))
            k++;
        if (k == N_KINDS) {
            (void)fprintf(stderr, "rules-page: no kind is named for %s\n", id);
            exit(EXIT_FAILURE);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    check_kinds();
    put_head(argv[1]);
    for (size_t k = 0; k < N_KINDS; k++)
        put_kind(k);
    (void)puts(".Sh SEE ALSO\n.Xr ioward 1 ,\n.Xr ioward-route 1 ,\n.Xr ioward-show 1 ,\n.Xr ioward-status 1 "
               ",\n.Xr ioward-why 1");
    return fflush(stdout) != 0 || ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
