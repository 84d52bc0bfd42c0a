/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of groups, drawn by libsmartcols. */
#include "report/escape.h"
#include "report/fit.h"
#include "report/kernel-words.h"
#include "report/notes.h"
#include "report/report.h"
#include "report/rules.h"
#include "report/wrap.h"

#include <inttypes.h>
#include <libsmartcols.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* One line of the table. In a tree what belongs to the group is said on the group's own line. */
struct row {
    const struct iow_view *view;
    const struct iow_view_group *group;       /* NULL: functions without group */
    const struct iow_view_function *function; /* NULL: not a function */
    const struct iow_other_member *other;     /* NULL: not such a member */
    bool head;                                /* the group's line of a tree */
    bool tree;
};

static bool is_member(const struct row *r)
{
    return !r->head;
}

static bool tells_group(const struct row *r)
{
    return r->group && (r->head || !r->tree);
}

static void put_name(struct iow_text *to, const struct row *r)
{
    if (r->head && r->group)
        iow_text_print(to, "group %" PRIu32, r->group->record->number);
    else if (r->head)
        iow_text_puts(to, "no group");
    else if (r->function)
        iow_text_puts(to, r->function->address);
    else if (r->other)
        iow_escape_text(to, r->other->name);
}

static void put_group(struct iow_text *to, const struct row *r)
{
    if (r->group)
        iow_text_print(to, "%" PRIu32, r->group->record->number);
}

static void put_address(struct iow_text *to, const struct row *r)
{
    if (is_member(r))
        put_name(to, r);
}

static void put_owner(struct iow_text *to, const struct row *r)
{
    if (tells_group(r))
        iow_text_puts(to, iow_owner_name(r->group->owner->owner));
    else if (!r->group && is_member(r))
        iow_text_puts(to, "-");
}

static void put_holder(struct iow_text *to, const struct row *r)
{
    if (tells_group(r))
        iow_text_puts(to, r->group->holder);
}

static void put_driver(struct iow_text *to, const struct row *r)
{
    const char *driver = r->function ? r->function->driver : r->other ? r->other->driver : NULL;

    if (driver)
        iow_escape_text(to, driver);
    else if (is_member(r))
        iow_text_puts(to, "-");
}

static void put_class(struct iow_text *to, const struct row *r)
{
    if (r->function)
        iow_text_puts(to, r->function->class_name);
    else if (r->other)
        iow_text_print(to, "not PCI");
}

static void put_device(struct iow_text *to, const struct row *r)
{
    if (r->function) {
        iow_text_puts(to, r->function->name);
    } else if (r->other) {
        iow_text_puts(to, "device of bus ");
        iow_escape_text(to, *r->other->bus ? r->other->bus : "unknown");
    }
}

static void put_ids(struct iow_text *to, const struct row *r)
{
    if (r->function && r->function->record->config.known & IOW_CONFIG_IDS)
        iow_text_print(
            to, "%04x:%04x", r->function->record->config.vendor, r->function->record->config.device);
}

static void put_type(struct iow_text *to, const struct row *r)
{
    if (tells_group(r) && r->group->record->type)
        iow_escape_text(to, r->group->record->type);
}

static void put_basis(struct iow_text *to, const struct row *r)
{
    if (tells_group(r))
        iow_text_puts(to, iow_rule_id(r->group->owner->basis));
}

static void put_kernel(struct iow_text *to, const struct row *r)
{
    if (tells_group(r) && r->group->record->kernel)
        iow_kernel_phrase(to, r->group->record->kernel);
}

static void put_predicted(struct iow_text *to, const struct row *r)
{
    if (r->function && r->function->predicted != IOW_NONE)
        iow_text_print(to, "%" PRIu32, r->function->predicted);
}

static void put_reason(struct iow_text *to, const struct row *r)
{
    if (r->function && r->function->certain)
        iow_text_puts(to, iow_rule_id(r->function->reason->rule));
}

enum column_use {
    IN_TREE = 0x1, /* shown when nobody asks for columns */
    IN_LIST = 0x2,
    IS_NAME = 0x8, /* words from pci.ids */
    IF_ANY = 0x4,  /* left out of those where every cell is empty */
};

static const struct column {
    const char *name;
    const char *help;
    void (*put)(struct iow_text *to, const struct row *row);
    unsigned use;
    double width; /* hint */
    int flags;
} columns[] = {
    {"NAME", "group, or address or name of a member, as a tree", put_name, IN_TREE, 14, SCOLS_FL_TREE},
    {"GROUP", "number of the IOMMU group", put_group, IN_LIST, 5, SCOLS_FL_RIGHT},
    {"ADDRESS", "address of the PCI function, or name of another member", put_address, IN_LIST, 12, 0},
    {"OWNER", "who may do DMA: none, kernel, user, kernel-private, unknown; - without group", put_owner,
        IN_TREE | IN_LIST, 6, 0},
    {"HOLDER", "processes that have the group or a device of it open", put_holder, IN_TREE | IN_LIST | IF_ANY,
        6, 0},
    {"DRIVER", "driver bound to the member; - for none", put_driver, IN_TREE | IN_LIST, 10, 0},
    {"CLASS", "what kind of device it is", put_class, IN_TREE | IN_LIST | IS_NAME, 5, 0},
    {"DEVICE", "vendor and name of the device", put_device, IN_TREE | IN_LIST | IS_NAME, 6, 0},
    {"IDS", "vendor and device id", put_ids, 0, 9, 0},
    {"TYPE", "type of the group's default domain", put_type, 0, 8, 0},
    {"BASIS", "rule from which the owner follows", put_basis, 0, 20, 0},
    {"KERNEL", "what the kernel's memory says of the group, where it was read", put_kernel, 0, 24, 0},
    {"PREDICTED", "group that Linux's rule gives for the hardware as it is; numbers of their own",
        put_predicted, 0, 9, SCOLS_FL_RIGHT},
    {"REASON", "rule that put the function into that group", put_reason, 0, 20, 0},
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static size_t find_column(const char *name, size_t len)
{
    size_t i = 0;

    while (i < N_COLUMNS && (strlen(columns[i].name) != len || strncasecmp(columns[i].name, name, len) != 0))
        i++;
    return i;
}

/* Reads a list of names; their number, or -IOW_EINVAL. */
static int parse_columns(const char *text, uint8_t ids[IOW_STATUS_COLUMNS], const char **ret_bad)
{
    int n = 0;

    for (;;) {
        size_t len = strcspn(text, ","), i = find_column(text, len);

        if (i == N_COLUMNS || n == IOW_STATUS_COLUMNS) {
            *ret_bad = text;
            return -IOW_EINVAL;
        }
        ids[n++] = (uint8_t)i;
        if (!text[len])
            return n;
        text += len + 1;
    }
}

int iow_status_columns(const char *text, const char **ret_bad)
{
    uint8_t ids[IOW_STATUS_COLUMNS];
    int n = parse_columns(text, ids, ret_bad);

    return n < 0 ? n : 0;
}

bool iow_status_wants_names(const char *text)
{
    uint8_t ids[IOW_STATUS_COLUMNS];
    const char *bad;
    int n = text ? parse_columns(text, ids, &bad) : 0;

    for (int i = 0; i < n; i++)
        if (columns[ids[i]].use & IS_NAME)
            return true;
    return !text;
}

const char *iow_status_column_at(unsigned i, const char **ret_help)
{
    if (i >= N_COLUMNS)
        return NULL;
    *ret_help = columns[i].help;
    return columns[i].name;
}

struct drawing {
    const struct iow_view *view;
    struct libscols_table *table;
    uint8_t ids[IOW_STATUS_COLUMNS + 1];
    int n;
    bool tree, dim;
};

static bool names_tree(const char *text)
{
    uint8_t ids[IOW_STATUS_COLUMNS];
    const char *bad;
    int n = parse_columns(text, ids, &bad);

    for (int i = 0; i < n; i++)
        if (columns[ids[i]].flags & SCOLS_FL_TREE)
            return true;
    return false;
}

static bool any_holder(const struct iow_view *view)
{
    for (uint32_t g = 0; g < view->n_groups; g++)
        if (*view->groups[g].holder)
            return true;
    return false;
}

static void choose_columns(struct drawing *d, const struct iow_status_style *style)
{
    const char *bad;

    d->tree = style->tree || (!style->columns && !style->list);
    if (style->columns) {
        /* The tree needs the column that carries it, asked for or not. */
        bool has_name = !d->tree || names_tree(style->columns);

        d->ids[0] = 0;
        d->n = !has_name + parse_columns(style->columns, d->ids + !has_name, &bad);
        return;
    }
    for (size_t i = 0; i < N_COLUMNS; i++) {
        if (!(columns[i].use & (d->tree ? IN_TREE : IN_LIST)))
            continue;
        if (columns[i].use & IF_ANY && !any_holder(d->view))
            continue;
        d->ids[d->n++] = (uint8_t)i;
    }
}

static bool add_columns(struct drawing *d)
{
    for (int k = 0; k < d->n; k++) {
        const struct column *c = &columns[d->ids[k]];
        int flags = d->tree ? c->flags : c->flags & ~SCOLS_FL_TREE;

        if (!scols_table_new_column(d->table, c->name, c->width, flags))
            return false;
    }
    return true;
}

static struct libscols_line *add_row(struct drawing *d, struct libscols_line *parent, struct row row)
{
    struct libscols_line *line = scols_table_new_line(d->table, d->tree ? parent : NULL);

    row.view = d->view;
    row.tree = d->tree;
    for (int k = 0; line && k < d->n; k++) {
        struct iow_text text = {0};
        int r;

        columns[d->ids[k]].put(&text, &row);
        r = text.failed ? -IOW_ENOMEM : scols_line_set_data(line, (size_t)k, text.data ? text.data : "");
        iow_text_done(&text);
        if (r < 0)
            return NULL;
    }
    if (line && d->dim && row.function && row.function->forwards)
        (void)scols_line_set_color(line, "\033[2m");
    return line;
}

static bool add_group(struct drawing *d, const struct iow_view_group *g)
{
    struct libscols_line *head = d->tree ? add_row(d, NULL, (struct row){.group = g, .head = true}) : NULL;

    if (d->tree && !head)
        return false;
    for (uint32_t i = 0; i < g->n_members; i++)
        if (!add_row(d, head, (struct row){.group = g, .function = g->members[i]}))
            return false;
    for (uint32_t i = 0; i < g->n_others; i++)
        if (!add_row(d, head, (struct row){.group = g, .other = g->others[i]}))
            return false;
    return true;
}

static bool add_rows(struct drawing *d)
{
    const struct iow_view *view = d->view;
    struct libscols_line *head = NULL;

    for (uint32_t g = 0; g < view->n_groups; g++)
        if (!add_group(d, &view->groups[g]))
            return false;
    if (d->tree && view->n_ungrouped) {
        head = add_row(d, NULL, (struct row){.head = true});
        if (!head)
            return false;
    }
    for (uint32_t i = 0; i < view->n_ungrouped; i++)
        if (!add_row(d, head, (struct row){.function = view->ungrouped[i]}))
            return false;
    return true;
}

/* The columns that a narrow terminal cuts, the first to go first; what names things and people is never cut. */
static bool fit(struct drawing *d, unsigned width)
{
    static const char *const order[] = {"DEVICE", "CLASS"};

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        for (int k = 0; k < d->n; k++)
            if (strcmp(columns[d->ids[k]].name, order[i]) == 0 && !iow_fit(d->table, (size_t)k, width))
                return false;
    return true;
}

static bool on_terminal(FILE *out)
{
    int fd = fileno(out);

    return fd >= 0 && isatty(fd);
}

static int draw_table(struct drawing *d, const struct iow_status_style *style, FILE *out)
{
    int r = -IOW_ENOMEM;

    d->table = scols_new_table();
    if (!d->table)
        return -IOW_ENOMEM;
    (void)scols_table_set_stream(d->table, out);
    (void)scols_table_enable_noheadings(d->table, style->noheadings);
    (void)scols_table_enable_noencoding(d->table, 1); /* cells are escaped already */
    (void)scols_table_enable_colors(d->table, style->dim);
    (void)scols_table_set_termforce(d->table, SCOLS_TERMFORCE_NEVER); /* it fits already */
    if (add_columns(d) && add_rows(d) && (!on_terminal(out) || fit(d, iow_wrap_width(out))))
        r = scols_print_table(d->table) < 0 ? -IOW_ENOMEM : 0;
    scols_unref_table(d->table);
    return r;
}

/* Which of the two the owners are: said where it is not what files say. */
static void tell_source(const struct iow_view *view, FILE *out)
{
    uint32_t n = 0;

    for (uint32_t g = 0; g < view->n_groups; g++)
        n += view->groups[g].owner->read;
    if (n && n == view->n_groups)
        (void)fputs("\nOwners are as the kernel's memory has them.\n", out);
    else if (n)
        (void)fprintf(out,
            "\nOwners are as the kernel's memory has them, but for %" PRIu32
            " group%s: there they are derived from files.\n",
            view->n_groups - n, view->n_groups - n == 1 ? "" : "s");
}

int iow_status_text(const struct iow_view *view, const struct iow_status_style *style, FILE *out)
{
    struct drawing d = {.view = view, .dim = style->dim};
    int r;

    choose_columns(&d, style);
    r = view->n_functions || view->n_groups ? draw_table(&d, style, out) : 0;
    /* Who asks for columns or no headings feeds a program, which wants nothing but the table. */
    if (r < 0 || style->columns || style->noheadings)
        return r;
    tell_source(view, out);
    if (view->n_findings || view->n_missing) {
        if (view->n_functions || view->n_groups)
            (void)fputc('\n', out);
        return iow_notes_print(view, out, iow_wrap_width(out)) ? 0 : -IOW_ENOMEM;
    }
    return 0;
}
