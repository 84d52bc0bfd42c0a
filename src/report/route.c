/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/route.h"

#include "report/rules.h"

#include <string.h>

static void find(const struct iow_view *view, struct iow_route_view *pair, bool translated)
{
    struct iow_route_request request = {.from = pair->from, .to = pair->to, .translated = translated};

    iow_route_worst(&view->analysis->grouping, &request, &pair->now[translated]);
    request.enabled = true;
    iow_route_worst(&view->analysis->grouping, &request, &pair->enabled[translated]);
}

void iow_route_view_find(const struct iow_view *view, uint32_t from, uint32_t to, struct iow_route_view *ret)
{
    ret->from = from;
    ret->to = to;
    find(view, ret, false);
    find(view, ret, true);
}

static bool is_identity(const struct iow_view *view, uint32_t function)
{
    const struct iow_view_group *g = iow_view_group_of(view, view->functions[function].record->group);

    return g && g->record->type && strcmp(g->record->type, "identity") == 0;
}

void iow_route_hop_text(
    struct iow_text *to, const struct iow_view *view, const struct iow_hop *hop, uint32_t target)
{
    iow_rule_sentence(to, hop->rule,
        &(struct iow_rule_places){
            .function = iow_view_address(view, hop->node),
            .other = iow_view_address(view, target),
        });
    if (hop->way == IOW_HOP_ROOT_COMPLEX && hop->bit)
        iow_text_puts(to, ", if the root complex passes requests between its ports at all");
    if (hop->rule == IOW_RULE_ROUTE_IOMMU && is_identity(view, hop->node))
        iow_text_puts(to,
            "; its default domain is identity: unless another is attached, every address passes as it is");
    if (hop->assumed)
        iow_text_puts(to, ", assuming the kernel switched it on at boot, which no file shows");
}

const char *iow_route_answer_words(const struct iow_route *route)
{
    /* By rank. */
    static const char *const words[] = {
        "does not arrive",
        "goes through the IOMMU",
        "goes around the IOMMU if the root complex passes it on, which no register tells",
        "may go around the IOMMU: the specification leaves that to the device",
        "goes where ioward cannot tell",
        "goes around the IOMMU",
    };

    return words[iow_route_rank(route)];
}

const struct iow_route *iow_route_worse(const struct iow_route *a, const struct iow_route *b)
{
    return iow_route_rank(b) > iow_route_rank(a) ? b : a;
}
