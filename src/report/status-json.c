/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The document "ioward.status". */
#include "report/report.h"
#include "report/view-json.h"

int iow_status_json(const struct iow_view *view, FILE *out)
{
    struct json_object *document = iow_json_document(view, "ioward.status/1");
    struct json_object *groups = json_object_new_array(), *functions = json_object_new_array();
    struct json_object *differences = json_object_new_array(), *remarks = json_object_new_array();
    struct json_object *missing = json_object_new_array();

    for (uint32_t i = 0; i < view->n_groups; i++)
        json_object_array_add(groups, iow_json_group(view, &view->groups[i]));
    for (uint32_t i = 0; i < view->n_functions; i++)
        json_object_array_add(functions, iow_json_function(view, &view->functions[i]));
    for (uint32_t i = 0; i < view->n_differences; i++)
        json_object_array_add(differences, iow_json_difference(view, &view->differences[i]));
    for (uint32_t i = 0; i < view->n_findings; i++)
        json_object_array_add(remarks, iow_json_finding(view, &view->findings[i]));
    for (uint32_t i = 0; i < view->n_missing; i++)
        json_object_array_add(missing, iow_json_missing(&view->missing[i]));
    iow_json_put(document, "machine", iow_json_machine(view->machine));
    iow_json_put(document, "groups", groups);
    iow_json_put(document, "functions", functions);
    iow_json_put(document, "differences", differences);
    iow_json_put(document, "remarks", remarks);
    iow_json_put(document, "missing", missing);
    return iow_json_write(document, out);
}
