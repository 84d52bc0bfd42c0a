/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "ioward route", in sentences. */
#include "report/page.h"
#include "report/route.h"

#include <inttypes.h>
#include <string.h>

static bool same_hop(const struct iow_hop *a, const struct iow_hop *b)
{
    return a->node == b->node && a->rule == b->rule && a->way == b->way;
}

static bool same_route(const struct iow_route *a, const struct iow_route *b)
{
    if (a->n_hops != b->n_hops || a->answer != b->answer || a->grade != b->grade)
        return false;
    for (uint32_t i = 0; i < a->n_hops; i++)
        if (!same_hop(&a->hop[i], &b->hop[i]))
            return false;
    return true;
}

static void put_hops(
    struct iow_page *page, const struct iow_view *view, const struct iow_route *route, uint32_t target)
{
    bool marked = false;

    for (uint32_t i = 0; i < route->n_hops; i++) {
        bool decides = !marked && same_hop(&route->hop[i], &route->deciding);
        struct iow_text line = {0};
        char number[24];

        (void)snprintf(number, sizeof(number), "%s%2" PRIu32 ". ", decides ? "> " : "  ", i + 1);
        marked = marked || decides;
        iow_route_hop_text(&line, view, &route->hop[i], target);
        iow_text_print(&line, " (%s)", iow_rule_id(route->hop[i].rule));
        iow_page_put(page, number, &line);
    }
}

/* What becomes of the request, and hop by hop why. */
static void put_route(struct iow_page *page, const struct iow_view *view, struct iow_text *line,
    const struct iow_route *route, uint32_t target)
{
    iow_text_print(line, " %s.", iow_route_answer_words(route));
    iow_page_put(page, "", line);
    put_hops(page, view, route, target);
}

static void put_translated(
    struct iow_page *page, const struct iow_view *view, const struct iow_route_view *pair)
{
    struct iow_text line = {0};

    (void)fputc('\n', page->out);
    if (same_route(&pair->now[0], &pair->now[1])) {
        iow_text_puts(&line, "Saying that its address was translated before (ATS) changes nothing.");
        iow_page_put(page, "", &line);
        return;
    }
    iow_text_puts(&line, "If it says that its address was translated before (ATS), it");
    put_route(page, view, &line, &pair->now[1], pair->to);
}

/* What is off now, whoever has the devices can switch on. */
static void put_enabled(struct iow_page *page, const struct iow_view *view, const struct iow_route_view *pair)
{
    const struct iow_route *now = iow_route_worse(&pair->now[0], &pair->now[1]);
    const struct iow_route *then = iow_route_worse(&pair->enabled[0], &pair->enabled[1]);
    struct iow_text line = {0};

    if (iow_route_rank(then) == iow_route_rank(now))
        return;
    iow_text_puts(
        &line, "Once bus mastering and memory decoding are on, as whoever has a device can see to, it");
    (void)fputc('\n', page->out);
    put_route(page, view, &line, then, pair->to);
}

static void put_names(struct iow_page *page, const struct iow_view *view, const struct iow_route_view *pair)
{
    const struct iow_view_function *a = &view->functions[pair->from], *b = &view->functions[pair->to];

    (void)fprintf(page->out, "from %s %s\n  to %s %s\n\n", a->address, a->name, b->address, b->name);
}

int iow_route_text(const struct iow_view *view, const struct iow_route_view *pair, FILE *out)
{
    struct iow_page page = iow_page_on(out);
    struct iow_text line = {0};

    put_names(&page, view, pair);
    iow_text_print(&line, "A request of %s for the registers of %s", iow_view_address(view, pair->from),
        iow_view_address(view, pair->to));
    if (pair->now[0].address)
        iow_text_print(&line, " at 0x%" PRIx64, pair->now[0].address);
    put_route(&page, view, &line, &pair->now[0], pair->to);
    put_translated(&page, view, pair);
    put_enabled(&page, view, pair);
    return page.failed ? -IOW_ENOMEM : 0;
}

/* By rank. */
static const char *const cells[] = {"-", "iommu", "root", "may", "?", "DIRECT"};

#define N_RANKS (sizeof(cells) / sizeof(cells[0]))

/* What was in the table: a route of each rank, and one that takes a translated request. */
struct legend {
    struct iow_route of[N_RANKS];
    bool seen[N_RANKS], translated;
};

static const char *note_cell(struct legend *legend, const struct iow_route *route)
{
    int rank = iow_route_rank(route);

    legend->seen[rank] = true;
    legend->of[rank] = *route;
    return cells[rank];
}

static void put_row(const struct iow_view *view, const uint32_t *functions, uint32_t n, uint32_t row,
    struct legend *legend, FILE *out)
{
    const struct iow_view_function *from = &view->functions[functions[row]];

    (void)fprintf(out, "%3" PRIu32 " %s", row + 1, from->address);
    for (uint32_t k = 0; k < n; k++) {
        struct iow_route_view pair;
        const struct iow_route *worse;
        char cell[16];

        if (k == row) {
            (void)fprintf(out, "  %-7s", ".");
            continue;
        }
        iow_route_view_find(view, functions[row], functions[k], &pair);
        worse = iow_route_worse(&pair.enabled[0], &pair.enabled[1]);
        legend->translated = legend->translated || worse == &pair.enabled[1];
        (void)snprintf(
            cell, sizeof(cell), "%s%s", note_cell(legend, worse), worse == &pair.enabled[1] ? "*" : "");
        (void)fprintf(out, "  %-7s", cell);
    }
    (void)fprintf(out, "  %s\n", from->name);
}

int iow_route_matrix_text(const struct iow_view *view, const uint32_t *functions, uint32_t n, FILE *out)
{
    struct legend legend = {.translated = false};

    if (n < 2) {
        (void)fputs("A route is between two devices, and there are fewer.\n", out);
        return 0;
    }
    (void)fprintf(out, "%16s", "");
    for (uint32_t k = 0; k < n; k++)
        (void)fprintf(out, k + 1 < n ? "  %-7" PRIu32 : "  %" PRIu32 "\n", k + 1);
    for (uint32_t i = 0; i < n; i++)
        put_row(view, functions, n, i, &legend, out);
    (void)fputs(
        "\nA request of a row's device for the registers of a column's, once both are switched on:\n", out);
    for (size_t i = N_RANKS; i-- > 0;)
        if (legend.seen[i])
            (void)fprintf(out, "  %-6s  %s\n", cells[i], iow_route_answer_words(&legend.of[i]));
    if (legend.translated)
        (void)fputs("  *       only if it says that its address was translated before (ATS)\n", out);
    return 0;
}
