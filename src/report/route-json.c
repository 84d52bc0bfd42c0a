/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The documents "ioward.route" and "ioward.route-matrix". */
#include "report/acs-words.h"
#include "report/route.h"
#include "report/view-json.h"

static struct json_object *hop_json(const struct iow_view *view, const struct iow_hop *hop, uint32_t target)
{
    struct json_object *object = json_object_new_object();
    struct iow_text text = {0};

    iow_route_hop_text(&text, view, hop, target);
    iow_json_put_position(object, "function", view, hop->node);
    iow_json_put_text(object, "way", iow_hop_way_name(hop->way));
    iow_json_put_text(object, "rule", iow_rule_id(hop->rule));
    iow_json_put_text(object, "text", text.data);
    iow_json_put(object, "acs_bits", iow_acs_bits_json(hop->bit));
    iow_json_put_bool(object, "assumed", hop->assumed);
    iow_text_done(&text);
    return object;
}

static struct json_object *route_json(const struct iow_view *view, const struct iow_route_view *pair,
    const struct iow_route *route, bool translated, bool enabled)
{
    struct json_object *object = json_object_new_object(), *hops = json_object_new_array();

    for (uint32_t i = 0; i < route->n_hops; i++)
        json_object_array_add(hops, hop_json(view, &route->hop[i], pair->to));
    iow_json_put_bool(object, "translated", translated);
    iow_json_put_bool(object, "switched_on", enabled);
    iow_json_put_text(object, "answer", iow_route_answer_name(route->answer));
    iow_json_put_text(object, "grade", iow_route_grade_name(route->grade));
    if (route->address)
        iow_json_put_hex(object, "address", route->address, 1);
    else
        iow_json_put(object, "address", NULL);
    iow_json_put(object, "deciding", hop_json(view, &route->deciding, pair->to));
    iow_json_put(object, "hops", hops);
    return object;
}

int iow_route_json(const struct iow_view *view, const struct iow_route_view *pair, FILE *out)
{
    struct json_object *document = iow_json_document(view, "ioward.route/1"),
                       *routes = json_object_new_array();

    for (unsigned i = 0; i < 4; i++)
        json_object_array_add(
            routes, route_json(view, pair, i < 2 ? &pair->now[i] : &pair->enabled[i - 2], i & 1, i >= 2));
    iow_json_put_position(document, "from", view, pair->from);
    iow_json_put_position(document, "to", view, pair->to);
    iow_json_put(document, "routes", routes);
    return iow_json_write(document, out);
}

static struct json_object *cell_json(const struct iow_view *view, const struct iow_route_view *pair)
{
    const struct iow_route *worse = iow_route_worse(&pair->enabled[0], &pair->enabled[1]);
    struct json_object *object = json_object_new_object();

    iow_json_put_position(object, "from", view, pair->from);
    iow_json_put_position(object, "to", view, pair->to);
    iow_json_put_bool(object, "translated", worse == &pair->enabled[1]);
    iow_json_put_text(object, "answer", iow_route_answer_name(worse->answer));
    iow_json_put_text(object, "grade", iow_route_grade_name(worse->grade));
    iow_json_put(object, "deciding", hop_json(view, &worse->deciding, pair->to));
    return object;
}

int iow_route_matrix_json(const struct iow_view *view, const uint32_t *functions, uint32_t n, FILE *out)
{
    struct json_object *document = iow_json_document(view, "ioward.route-matrix/1");
    struct json_object *names = json_object_new_array(), *cells = json_object_new_array();

    for (uint32_t i = 0; i < n; i++)
        json_object_array_add(names, iow_json_text(iow_view_address(view, functions[i])));
    for (uint32_t k = 0; k < n * n; k++) {
        struct iow_route_view pair;

        if (k / n == k % n)
            continue;
        iow_route_view_find(view, functions[k / n], functions[k % n], &pair);
        json_object_array_add(cells, cell_json(view, &pair));
    }
    iow_json_put(document, "functions", names);
    iow_json_put(document, "routes", cells);
    return iow_json_write(document, out);
}
