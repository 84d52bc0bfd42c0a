/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "ioward prove", for people. */
#include "report/escape.h"
#include "report/page.h"
#include "report/proof.h"

#include <inttypes.h>

const char *iow_part_words(enum iow_part part, bool many)
{
    static const char *const words[][2] = {
#define WORDS(name, one, many) {one, many},
        IOW_PART_LIST(WORDS)
#undef WORDS
    };

    return (unsigned)part < IOW_PART__COUNT ? words[part][many] : "?";
}

/* --- the table --- */

static bool same_conditions(const struct iow_prove *p, uint32_t i, uint32_t k)
{
    return p->findings[i].dropped == p->findings[k].dropped;
}

/* Which set of conditions a finding is about: 1 for the first, and so on; 0: none were dropped. */
static unsigned set_of(const struct iow_prove *p, uint32_t finding)
{
    unsigned set = 0;

    for (uint32_t i = 0; i <= finding; i++)
        set += p->findings[i].dropped && (i == 0 || !same_conditions(p, i - 1, i));
    return set;
}

#define LETTERS 26

/* "a" to "z", then "aa" and so on: fewer than 26 times 26 sets are searched. */
static void put_letter(struct iow_text *to, unsigned set)
{
    if (set > LETTERS)
        iow_text_print(to, "%c", 'a' + (int)((set - 1) / LETTERS) - 1);
    iow_text_print(to, "%c", 'a' + (int)((set - 1) % LETTERS));
}

static bool concerns(const struct iow_prove_finding *f, const struct iow_prove_make *make)
{
    for (uint32_t i = 0; i < f->n_groups; i++)
        if (f->groups[i] == make->groups[0])
            return true;
    return false;
}

static void put_invariants(struct iow_text *to, uint32_t invariants, const char *last)
{
    unsigned left = (unsigned)__builtin_popcount(invariants);

    for (unsigned i = 0; i < IOW_PROOF_INVARIANT__COUNT; i++) {
        if (!(invariants >> i & 1))
            continue;
        left--;
        iow_text_print(to, "%u%s", i + 1, left > 1 ? ", " : left == 1 ? last : "");
    }
}

/* The next set of conditions, after the last one, that a make-up needs; 0: no more. */
static unsigned next_set(const struct iow_prove *p, const struct iow_prove_make *make, unsigned last)
{
    for (uint32_t i = 0; i < p->n_findings; i++)
        if (set_of(p, i) > last && concerns(&p->findings[i], make))
            return set_of(p, i);
    return 0;
}

/* " a-d g": sets that follow each other are one stretch. */
static void put_sets(struct iow_text *to, const struct iow_prove *p, const struct iow_prove_make *make)
{
    for (unsigned set = next_set(p, make, 0); set;) {
        unsigned end = set, next;

        while ((next = next_set(p, make, end)) == end + 1)
            end = next;
        iow_text_puts(to, " ");
        put_letter(to, set);
        if (end > set)
            iow_text_puts(to, end == set + 1 ? " " : "-");
        if (end > set)
            put_letter(to, end);
        set = next;
    }
}

/* "hold", "hold if a-c e", "broken: 2 and 5" */
static void put_verdict(struct iow_text *to, const struct iow_prove *p, const struct iow_prove_make *make)
{
    if (make->kept.violated) {
        iow_text_puts(to, "broken: ");
        put_invariants(to, make->kept.violated, " and ");
        return;
    }
    iow_text_puts(to, make->kept.complete ? "hold" : "not broken so far");
    if (next_set(p, make, 0)) {
        iow_text_puts(to, " if");
        put_sets(to, p, make);
    }
}

static void put_make_up(struct iow_text *to, const struct iow_prove_make *make)
{
    const char *separator = "";

    for (unsigned part = 0; part < IOW_PART__COUNT; part++) {
        uint32_t n = make->parts[part];

        if (!n)
            continue;
        iow_text_print(to, "%s%" PRIu32 " %s", separator, n, iow_part_words((enum iow_part)part, n > 1));
        separator = ", ";
    }
    if (make->direct)
        iow_text_puts(to, " with direct mappings");
    if (make->newcomers)
        iow_text_puts(to, " + newcomers");
    if (make->n_searched < make->n_members)
        iow_text_print(to, " (%" PRIu32 " searched)", make->n_searched);
}

/* "0-3, 7": numbers that follow each other are one stretch. */
static void put_numbers(struct iow_text *to, const uint32_t *numbers, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t end = i;

        while (end + 1 < n && numbers[end + 1] == numbers[end] + 1)
            end++;
        iow_text_print(to, "%s%" PRIu32, i ? ", " : "", numbers[i]);
        if (end > i)
            iow_text_print(to, "%s%" PRIu32, end == i + 1 ? ", " : "-", numbers[end]);
        i = end;
    }
}

enum column {
    MEMBERS,
    STATES,
    STEPS,
    INVARIANTS,
    GROUPS,
    N_COLUMNS
};

static void put_cell(
    struct iow_text *to, const struct iow_prove *p, const struct iow_prove_make *make, enum column column)
{
    static const char *const heading[N_COLUMNS] = {"MEMBERS", "STATES", "STEPS", "INVARIANTS", "GROUPS"};

    if (!make) {
        iow_text_puts(to, heading[column]);
        return;
    }
    switch (column) {
    case MEMBERS:
        put_make_up(to, make);
        return;
    case STATES:
        iow_text_print(to, "%" PRIu64, make->kept.states);
        return;
    case STEPS:
        iow_text_print(to, "%" PRIu64, make->kept.transitions);
        return;
    case INVARIANTS:
        put_verdict(to, p, make);
        return;
    default:
        put_numbers(to, make->groups, make->n_groups);
    }
}

/* The cells before the last, as wide as the widest of each. */
struct widths {
    unsigned of[N_COLUMNS];
};

static void widen(struct iow_page *page, struct widths *widths, const struct iow_prove *p,
    const struct iow_prove_make *make)
{
    for (unsigned column = 0; column < GROUPS; column++) {
        struct iow_text cell = {0};

        put_cell(&cell, p, make, (enum column)column);
        if (cell.len > widths->of[column])
            widths->of[column] = (unsigned)cell.len;
        page->failed |= cell.failed;
        iow_text_done(&cell);
    }
}

/* The last cell is broken at spaces, below itself. */
static void put_row(struct iow_page *page, const struct widths *widths, const struct iow_prove *p,
    const struct iow_prove_make *make)
{
    struct iow_text first = {0}, groups = {0};

    for (unsigned column = 0; column < GROUPS; column++) {
        bool right = column == STATES || column == STEPS;
        struct iow_text cell = {0};

        put_cell(&cell, p, make, (enum column)column);
        iow_text_print(
            &first, right ? "%*s  " : "%-*s  ", (int)widths->of[column], cell.data ? cell.data : "");
        page->failed |= cell.failed;
        iow_text_done(&cell);
    }
    put_cell(&groups, p, make, GROUPS);
    page->failed |= first.failed;
    if (first.data && !page->failed)
        iow_page_put(page, first.data, &groups);
    iow_text_done(&first);
    iow_text_done(&groups);
}

static void put_table(struct iow_page *page, const struct iow_prove *p)
{
    struct widths widths = {0};

    widen(page, &widths, p, NULL);
    for (uint32_t i = 0; i < p->n_makes; i++)
        widen(page, &widths, p, &p->makes[i]);
    put_row(page, &widths, p, NULL);
    for (uint32_t i = 0; i < p->n_makes; i++)
        put_row(page, &widths, p, &p->makes[i]);
}

/* --- what it rests on --- */

/* "no attach fails, or every claim names its owner": one of them has to be so. */
static void put_conditions(struct iow_text *to, uint32_t dropped)
{
    const char *separator = "";

    for (unsigned i = 0; i < IOW_PROOF_CONDITION__COUNT; i++) {
        if (!(dropped >> i & 1))
            continue;
        iow_text_print(to, "%s%s", separator, iow_proof_condition_words((enum iow_proof_condition)i));
        separator = ", or else ";
    }
}

static void put_trace(struct iow_page *page, const struct iow_prove_finding *f)
{
    struct iow_text line = {0};

    iow_text_print(&line, "\"%s\" is broken in group %" PRIu32 ", when",
        iow_proof_invariant_words(f->invariant), f->group);
    iow_page_put(page, "  - ", &line);
    for (uint32_t i = 0; i < f->trace.n_steps; i++) {
        char number[24];

        (void)snprintf(number, sizeof(number), "    %2" PRIu32 ". ", i + 1);
        iow_trace_step_text(&line, &f->trace, i, &f->names);
        iow_page_put(page, number, &line);
    }
    iow_text_puts(&line, "Then ");
    iow_trace_end_text(&line, &f->trace, f->invariant, &f->names);
    iow_page_put(page, "    ", &line);
}

/* The findings with the same conditions, from this one on. Returns: how many. */
static uint32_t put_condition(struct iow_page *page, const struct iow_prove *p, uint32_t at, bool traces)
{
    const struct iow_prove_finding *f = &p->findings[at];
    struct iow_text line = {0}, first = {0};
    uint32_t n = 0, invariants = 0;

    while (at + n < p->n_findings && same_conditions(p, at, at + n))
        invariants |= 1u << p->findings[at + n++].invariant;
    if (f->dropped) {
        put_conditions(&line, f->dropped);
        iow_text_puts(&line, "; without, ");
        put_invariants(&line, invariants, " and ");
        iow_text_puts(&line, " may break");
        put_letter(&first, set_of(p, at));
        iow_text_puts(&first, "  ");
        page->failed |= first.failed;
        iow_page_put(page, first.failed ? "" : first.data, &line);
        iow_text_done(&first);
    }
    for (uint32_t i = 0; traces && i < n; i++)
        put_trace(page, &f[i]);
    return n;
}

static void put_legend(struct iow_page *page, const struct iow_prove *p)
{
    uint32_t invariants = 0;

    for (uint32_t i = 0; i < p->n_findings; i++)
        invariants |= 1u << p->findings[i].invariant;
    for (unsigned i = 0; i < IOW_PROOF_INVARIANT__COUNT; i++) {
        const char first[] = {(char)('1' + i), ' ', ' ', '\0'};
        struct iow_text line = {0};

        if (!(invariants >> i & 1))
            continue;
        iow_text_puts(&line, iow_proof_invariant_words((enum iow_proof_invariant)i));
        iow_page_put(page, first, &line);
    }
}

static void put_findings(struct iow_page *page, const struct iow_prove *p, bool traces)
{
    if (!p->n_findings)
        return;
    if (p->findings[0].dropped)
        (void)fputs("\nThey hold under these conditions:\n", page->out);
    else
        (void)fputs("\nWhat is broken, and the conditions under which the rest holds:\n", page->out);
    for (uint32_t i = 0; i < p->n_findings;)
        i += put_condition(page, p, i, traces);
    (void)fputs("\nThe invariants named:\n", page->out);
    put_legend(page, p);
    if (!traces)
        (void)fputs("\n'ioward prove --traces' shows how each may break.\n", page->out);
}

static bool all_always(const struct iow_prove *p)
{
    for (uint32_t i = 0; i < p->n_makes; i++)
        if (!p->makes[i].always)
            return false;
    return true;
}

static void put_headline(struct iow_page *page, const struct iow_prove *p)
{
    struct iow_text line = {0};

    if (p->profile->release)
        iow_text_print(
            &line, "By the rules of Linux %u.%u", p->profile->release >> 8u, p->profile->release & 0xffu);
    else
        iow_text_puts(&line, "By the rules of the pure profile");
    if (p->assumed) {
        iow_text_puts(&line, ", assumed to be those of ");
        iow_escape_text(&line, p->kernel ? p->kernel : "an unknown kernel");
    }
    iow_text_puts(&line, ", all that drivers, owners and devices may do was searched");
    iow_text_puts(&line, all_always(p) ? ", whatever goes wrong:" : ":");
    iow_page_put(page, "", &line);
}

int iow_prove_text(const struct iow_prove *p, bool traces, FILE *out)
{
    struct iow_page page = iow_page_on(out);

    if (!p->n_makes) {
        (void)fputs("There is no IOMMU group.\n", out);
        return 0;
    }
    put_headline(&page, p);
    (void)fputc('\n', out);
    put_table(&page, p);
    put_findings(&page, p, traces);
    if (!p->complete)
        (void)fputs("\nNot everything could be searched: there may be more.\n", out);
    return page.failed ? -IOW_ENOMEM : 0;
}
