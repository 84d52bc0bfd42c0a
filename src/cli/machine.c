/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the command line to a machine that was read, and to the functions that it names. */
#include "base/cleanup.h"
#include "base/explain.h"
#include "cli/cli.h"
#include "cli/select.h"
#include "report/explain.h"
#include "report/json.h"

#include <stdio.h>
#include <string.h>

static int exit_code_of(const struct iow_explain *explain)
{
    if (explain->rule == IOW_RULE_SEL_SYNTAX || explain->rule == IOW_RULE_SEL_AMBIGUOUS)
        return EXIT_USAGE;
    switch (explain->code) {
    case -IOW_EOPNOTSUPP:
        return EXIT_NOT_POSSIBLE;
    case -IOW_ETIMEDOUT:
        return EXIT_TIMED_OUT;
    case -IOW_EINTR:
        return EXIT_ROLLED_BACK;
    default:
        return EXIT_FAILED;
    }
}

int iow_cli_explain(const struct options *options, const struct iow_explain *explain, const char *detail)
{
    struct iow_text line = {0};

    iow_explain_print(&line, explain, detail);
    (void)fprintf(stderr, "ioward: %s\n", line.data ? line.data : "out of memory");
    iow_text_done(&line);
    if (options->given & OPTION_JSON) {
        struct json_object *document = json_object_new_object();

        iow_json_put_text(document, "schema", "ioward.error/1");
        iow_json_put(document, "error", iow_explain_json(explain, detail));
        (void)iow_json_write(document, stdout);
    }
    return exit_code_of(explain);
}

static int out_of_memory(const struct options *options)
{
    struct iow_explain explain;

    (void)iow_explain(&explain, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    return iow_cli_explain(options, &explain, NULL);
}

int iow_cli_drawn(const struct options *options, int r)
{
    return r < 0 ? out_of_memory(options) : EXIT_DONE;
}

int iow_cli_read(struct machine *m, const struct options *options, unsigned what)
{
    struct iow_explain explain = {0};
    int r;

    iow_mem_init_malloc(&m->mem);
    r = options->from ? iow_source_open_path(options->from, &m->source, &explain)
                      : options->host->ops->open_source(options->host, &m->source, &explain);
    if (r >= 0)
        r = iow_facts_read(m->source, what, &m->facts, &explain);
    if (r >= 0)
        r = iow_analyse(m->facts, &m->mem, &m->analysis, &explain);
    if (r >= 0)
        return EXIT_DONE;
    explain.code = r;
    return iow_cli_explain(options, &explain, NULL);
}

/* A file that the user named must hold names; the system's may be missing. */
static int check_names(const struct machine *m, const struct options *options)
{
    struct iow_explain explain;
    int r = iow_names_check(m->names);

    if (r == 0)
        return EXIT_DONE;
    if (r == -IOW_EINVAL) {
        (void)iow_explain_text(&explain, r, IOW_RULE_READ_BAD_VALUE, options->ids);
        return iow_cli_explain(options, &explain, "it is no pci.ids file");
    }
    (void)iow_explain_text(
        &explain, r, r == -IOW_EACCES ? IOW_RULE_READ_DENIED : IOW_RULE_READ_FAILED, options->ids);
    return iow_cli_explain(options, &explain, strerror(-r));
}

int iow_cli_view(struct machine *m, const struct options *options, bool with_names)
{
    int code;

    m->names = with_names || options->ids ? iow_names_new(options->ids) : NULL;
    if ((with_names || options->ids) && !m->names)
        return out_of_memory(options);
    code = options->ids ? check_names(m, options) : EXIT_DONE;
    if (code != EXIT_DONE)
        return code;
    if (iow_view_build(m->analysis, m->names, options->from, &m->mem, &m->view) < 0)
        return out_of_memory(options);
    return EXIT_DONE;
}

void iow_cli_done(struct machine *m)
{
    m->names = iow_names_free(m->names);
    if (m->mem.release)
        iow_mem_done(&m->mem);
    iow_facts_free(m->facts);
    m->facts = NULL;
    if (m->source)
        m->source = iow_source_close(m->source);
}

struct choice {
    struct machine *m;
    const struct options *options;
    uint32_t *list, *found;
    bool *taken;
    uint32_t n;
};

static int explain_ambiguous(const struct choice *c, const char *text, int n)
{
    struct iow_explain explain;
    struct iow_text list = {0};
    char address[IOW_ADDRESS_TEXT];
    int code;

    (void)iow_explain_text(&explain, -IOW_EINVAL, IOW_RULE_SEL_AMBIGUOUS, text);
    for (int i = 0; i < n && i < 4; i++)
        iow_text_print(&list, "%s%s", i ? ", " : "",
            iow_address_format(&iow_facts_function_at(c->m->facts, c->found[i])->address, address));
    if (n > 4)
        iow_text_print(&list, " and %d more", n - 4);
    code = iow_cli_explain(c->options, &explain, list.data);
    iow_text_done(&list);
    return code;
}

static bool is_one_group(const struct choice *c, int n)
{
    uint32_t group = iow_facts_function_at(c->m->facts, c->found[0])->group;

    for (int i = 1; i < n; i++)
        if (iow_facts_function_at(c->m->facts, c->found[i])->group != group)
            return false;
    return group != IOW_NONE;
}

static int choose(struct choice *c, const char *text, enum select_width width)
{
    struct iow_explain explain = {0};
    struct iow_selector selector;
    int n;

    if (iow_select_parse(text, &selector, &explain) < 0)
        return iow_cli_explain(c->options, &explain, iow_select_hint(text));
    if (selector.kind == IOW_SELECT_NAME && iow_facts_read_names(c->m->source, c->m->facts, &explain) < 0)
        return iow_cli_explain(c->options, &explain, NULL);
    n = iow_select_match(&selector, c->m->facts, c->m->analysis->topology, c->found, &explain);
    if (n < 0) {
        char meaning[IOW_SELECT_MEANING], detail[IOW_SELECT_MEANING + 32];

        (void)snprintf(detail, sizeof(detail), "understood as %s", iow_select_meaning(&selector, meaning));
        return iow_cli_explain(c->options, &explain, detail);
    }
    if (n > 1 && width != SELECT_ANY && !(width == SELECT_GROUP && is_one_group(c, n)))
        return explain_ambiguous(c, text, n);
    for (int i = 0; i < n; i++) {
        if (!c->taken[c->found[i]])
            c->list[c->n++] = c->found[i];
        c->taken[c->found[i]] = true;
    }
    return EXIT_DONE;
}

int iow_cli_check(const struct options *options, int n, char **operands)
{
    struct iow_explain explain;
    struct iow_selector selector;

    for (int i = 0; i < n; i++)
        if (iow_select_parse(operands[i], &selector, &explain) < 0)
            return iow_cli_explain(options, &explain, iow_select_hint(operands[i]));
    return EXIT_DONE;
}

int iow_cli_select(struct machine *m, const struct options *options, int n, char **operands,
    enum select_width width, uint32_t **ret, uint32_t *ret_n)
{
    uint32_t total = m->analysis->topology->n;
    struct choice c = {.m = m,
        .options = options,
        .list = iow_mem_alloc(&m->mem, total, sizeof(uint32_t)),
        .found = iow_mem_alloc(&m->mem, total, sizeof(uint32_t)),
        .taken = iow_mem_alloc(&m->mem, total, sizeof(bool))};

    if (!c.list || !c.found || !c.taken)
        return out_of_memory(options);
    for (int i = 0; i < n; i++) {
        int code = choose(&c, operands[i], width);

        if (code != EXIT_DONE)
            return code;
    }
    *ret = c.list;
    *ret_n = c.n;
    return EXIT_DONE;
}
