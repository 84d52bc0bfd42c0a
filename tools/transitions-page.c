/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints docs/transitions.md from the table of transitions and from the list of the tests that are about
 * Linux. */
#include "core/kernel-tests.h"
#include "core/transitions.h"

#define MOST_PROFILES 4
#define MOST_ROWS 256
#define MOST_ANSWERS 8

static const struct iow_profile *profile[MOST_PROFILES];
static unsigned n_profiles;

/* The rows that answer some question in a state: more may fit, but never come first. */
static bool answers[MOST_PROFILES][IOW_STATE__COUNT][MOST_ROWS];

static void mark(const struct iow_profile *p, uint64_t word, const struct iow_event *event)
{
    enum iow_state state = event->outside ? IOW_STATE_OUTSIDE : iow_ownership_state(p, word);
    struct iow_transition t;
    unsigned i = 0;

    (void)iow_transition(p, word, event, &t, NULL);
    while (profile[i] != p)
        i++;
    if (t.row >= MOST_ROWS)
        exit(EXIT_FAILURE);
    answers[i][state][t.row] = true;
}

/* Where a test's behaviour was observed. */
#define BOTH "6.1, 6.12"
#define OLDER "6.1"
#define NEWER "6.12"
#define READ "read only"

struct test {
    const char *name, *seen;
};

#define LINE(name, seen) {#name, seen},
#define TESTS(list, about)                                                                                   \
    {                                                                                                        \
        about, list, sizeof(list) / sizeof(list[0])                                                          \
    }

static const struct test drivers[] = {DRIVER_TESTS(LINE)};
static const struct test claims[] = {CLAIM_TESTS(LINE)};
static const struct test domains[] = {DOMAIN_TESTS(LINE)};
static const struct test members[] = {MEMBER_TESTS(LINE) JOINING_TESTS(LINE)};
static const struct test types[] = {TYPE_TESTS(LINE)};
static const struct test moves[] = {MOVING_TESTS(LINE)};

static const struct {
    const char *about;
    const struct test *test;
    size_t n;
} tests[] = {
    TESTS(drivers, "Drivers"),
    TESTS(claims, "Claims"),
    TESTS(domains, "Domains"),
    TESTS(members, "Members"),
    TESTS(types, "The type of the default domain"),
    TESTS(moves, "When a member cannot be moved"),
};

static bool is_for(const struct iow_transition_row *row, const struct iow_profile *p)
{
    return (p->features & row->with) == row->with && !(p->features & row->without);
}

static bool first_time(const char *const *said, unsigned n, const char *word)
{
    for (unsigned i = 0; i < n; i++)
        if (strcmp(said[i], word) == 0)
            return false;
    return true;
}

static const char *answer_of(const struct iow_transition_row *row)
{
    if (row->code)
        return iow_error_name(row->code);
    if (row->warns)
        return "warns";
    return strcmp(row->effect, "nothing changes") == 0 ? "nothing" : "done";
}

/* What may be answered in one state, in the order of the rows; "-" if no group of the profile is ever in
 * it. */
static void put_cell(unsigned p, enum iow_operation operation, enum iow_state state)
{
    const char *said[MOST_ANSWERS];
    struct iow_transition_row row;
    unsigned n = 0;

    for (uint32_t i = 0; iow_transition_row_at(i, &row); i++) {
        if (row.operation != operation || !answers[p][state][i] || row.rule == IOW_RULE_DMA_TOO_MANY)
            continue;
        if (first_time(said, n, answer_of(&row)) && n < MOST_ANSWERS) {
            (void)printf("%s%s", n ? ", " : " ", answer_of(&row));
            said[n++] = answer_of(&row);
        }
    }
    (void)fputs(n ? " |" : " - |", stdout);
}

static void put_matrix(unsigned p)
{
    (void)printf("\n### %s\n\n|", profile[p]->name);
    for (int state = 0; state < IOW_STATE__COUNT; state++)
        (void)printf(" | %s", iow_state_words((enum iow_state)state));
    (void)fputs(" |\n|---|", stdout);
    for (int state = 0; state < IOW_STATE__COUNT; state++)
        (void)fputs("---|", stdout);
    (void)putchar('\n');
    for (int operation = 0; operation < IOW_OPERATION__COUNT; operation++) {
        (void)printf("| %s |", iow_operation_words((enum iow_operation)operation));
        for (int state = 0; state < IOW_STATE__COUNT; state++)
            put_cell(p, (enum iow_operation)operation, (enum iow_state)state);
        (void)putchar('\n');
    }
}

static void put_profiles(const struct iow_transition_row *row)
{
    const char *separator = "";
    unsigned n = 0;

    for (unsigned i = 0; i < n_profiles; i++)
        n += is_for(row, profile[i]);
    if (n == n_profiles) {
        (void)fputs("every", stdout);
        return;
    }
    for (unsigned i = 0; i < n_profiles; i++)
        if (is_for(row, profile[i])) {
            (void)printf("%s%s", separator, profile[i]->name);
            separator = ", ";
        }
}

/* A set is told by what is in it or, where that is shorter, by what is not. */
static void put_states(uint32_t states)
{
    uint32_t all = (1u << IOW_STATE__COUNT) - 1, grouped = all & ~(1u << IOW_STATE_OUTSIDE);
    uint32_t rest = grouped & ~states;
    bool but = states != grouped && !(states & 1u << IOW_STATE_OUTSIDE) && __builtin_popcount(rest) < 3;
    const char *separator = "";

    if (states == all || states == grouped) {
        (void)fputs(states == all ? "any" : "any group", stdout);
        return;
    }
    if (but)
        (void)fputs("any group but ", stdout);
    for (int state = 0; state < IOW_STATE__COUNT; state++)
        if ((but ? rest : states) >> state & 1) {
            (void)printf("%s*%s*", separator, iow_state_words((enum iow_state)state));
            separator = ", ";
        }
}

static void put_answer(const struct iow_transition_row *row)
{
    if (row->code)
        (void)printf("`%s`, %s", iow_error_name(row->code), iow_rule_id(row->rule));
    else if (row->warns)
        (void)printf("warns, %s", iow_rule_id(row->rule));
    else
        (void)fputs(row->effect, stdout);
}

static void put_operation(enum iow_operation operation)
{
    struct iow_transition_row row;

    (void)printf("\n### To %s\n\n| profiles | states | when | answer | mirrors |\n|---|---|---|---|---|\n",
        iow_operation_words(operation));
    for (uint32_t i = 0; iow_transition_row_at(i, &row); i++) {
        if (row.operation != operation)
            continue;
        (void)fputs("| ", stdout);
        put_profiles(&row);
        (void)fputs(" | ", stdout);
        put_states(row.states);
        (void)printf(" | %s | ", row.when);
        put_answer(&row);
        (void)printf(*row.source ? " | `%s()` |\n" : " | %s |\n", row.source);
    }
}

/* A test's name as the sentence it is: "..._on_6_12" as "... on 6.12". */
static void put_sentence(const char *name)
{
    for (const char *c = name; *c; c++)
        (void)putchar(*c != '_' ? *c : c > name && c[-1] == '6' ? '.' : ' ');
}

static void put_tests(void)
{
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        (void)printf("\n### %s\n\n| test | seen on |\n|---|---|\n", tests[i].about);
        for (size_t j = 0; j < tests[i].n; j++) {
            (void)fputs("| ", stdout);
            put_sentence(tests[i].test[j].name);
            (void)printf(" | %s |\n", tests[i].test[j].seen);
        }
    }
}

static const char head[] =
    "<!-- Generated by tools/transitions-page.c from src/core/table.c and tests/unit/core/kernel-tests.h. "
    "-->\n"
    "# What each operation does to the ownership of a group\n\n"
    "The table that `ioward/transition.h` decides by, whole: for every operation and every state the answer "
    "of three\n"
    "profiles. *pure* is the rule as it could be; *linux-6.1* and *linux-6.12* answer as these kernels do, "
    "error number by\n"
    "error number. A state that an operation has no answer for would not compile.\n\n"
    "## States\n\n"
    "A group is known by what its members are attached to, whose that is (its tag), and how many drivers and "
    "claims are\n"
    "counted in it. *Default* is the domain that the kernel set up for its own DMA API.\n\n"
    "| state | attached to | tag | counted |\n|---|---|---|---|\n"
    "| *no group* | the device asked about is in no group | | |\n"
    "| *free* | default | none | nobody |\n"
    "| *kernel* | default | none | drivers that use the DMA API |\n"
    "| *inside the kernel* | a driver's own domain | none | that driver |\n"
    "| *stray* | other than default | none | nobody |\n"
    "| *owned, blocked* | blocking | the owner's | its claims; none in *pure* |\n"
    "| *owned, attached* | a page table or identity domain | the owner's | its claims; none in *pure* |\n"
    "| *owned, count lost* | anything | the owner's | nobody; Linux only |\n\n"
    "## At a glance\n\n"
    "What may be answered, in the order in which it is looked at. *done*: something changes, or is counted; "
    "*nothing*:\n"
    "success, and all stays as it was; *warns*: success for the caller, a warning in the kernel's log, and "
    "all stays as\n"
    "it was; *-*: no group is ever in that state. Which of several answers is given, the rows further down "
    "say. `E2BIG`, where\n"
    "a count would not fit the word, is left out.\n";

static const char rows[] =
    "\n## Row by row\n\n"
    "Rows are looked at in order; the first whose profile, states and condition fit answers. Their order is "
    "the kernel's\n"
    "order of checks, so that where two reasons meet, the error number is the kernel's. Functions are those "
    "of\n"
    "`drivers/iommu/iommu.c`, Linux 6.1 and 6.12, but `pci_dma_configure()` and `__device_release_driver()` "
    "of the driver\n"
    "core. A row without one is ours: of the *pure* profile, or a limit of the word.\n";

static const char named[] = "\n## What was seen of it\n\n"
                            "Each behaviour of Linux has a test of its own in `tests/unit/core`. Its name "
                            "says it, with underscores for the\n"
                            "spaces and dots below, and its error numbers are written out, not taken from "
                            "the table. *Seen* is what kernels in\n"
                            "virtual machines showed to a user: an error number, a file, which driver is "
                            "bound; not what the IOMMU was told.\n"
                            "*Read only* is what only the source shows, since nothing of the kernels at hand "
                            "leads there: claims by device,\n"
                            "PASIDs and replacing need iommufd, which they are built without; a driver's own "
                            "domain, firmware that needs direct\n"
                            "mappings, and a member that cannot be attached need hardware. Tests of *pure* "
                            "are not listed: it is so by\n"
                            "definition.\n";

int main(void)
{
    while (n_profiles < MOST_PROFILES && (profile[n_profiles] = iow_profile_at(n_profiles)))
        n_profiles++;
    for (int operation = 0; operation < IOW_OPERATION__COUNT; operation++)
        ask_everything((enum iow_operation)operation, mark);
    (void)fputs(head, stdout);
    for (unsigned i = 0; i < n_profiles; i++)
        put_matrix(i);
    (void)fputs(rows, stdout);
    for (int operation = 0; operation < IOW_OPERATION__COUNT; operation++)
        put_operation((enum iow_operation)operation);
    (void)fputs(named, stdout);
    put_tests();
    return fflush(stdout) != 0 || ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
