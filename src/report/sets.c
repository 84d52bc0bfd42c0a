/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/sets.h"

#include "report/route.h"
#include "report/rules.h"

#include <inttypes.h>

/* More would be read by nobody; how many there are is told. */
#define BREACHES 64
#define PAIRS 64

/* --- which sets --- */

struct counting {
    uint32_t *size; /* per set: members */
    bool *wanted;   /* per set */
    uint32_t *place;
};

static int count(
    const struct iow_isolation *sets, const bool *about, struct iow_mem *mem, struct counting *ret)
{
    ret->size = iow_mem_alloc(mem, sets->n_sets, sizeof(*ret->size));
    ret->wanted = iow_mem_alloc(mem, sets->n_sets, sizeof(*ret->wanted));
    ret->place = iow_mem_alloc(mem, sets->n_sets, sizeof(*ret->place));
    if (!ret->size || !ret->wanted || !ret->place)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < sets->n; i++) {
        ret->size[sets->set[i]]++;
        ret->wanted[sets->set[i]] |= !about || about[i];
    }
    return 0;
}

/* Sets one after the other, their members in order. */
static int list_members(
    const struct iow_isolation *sets, struct counting *c, struct iow_mem *mem, struct iow_sets_of_grade *ret)
{
    uint32_t *first = iow_mem_alloc(mem, (size_t)sets->n_sets + 1, sizeof(*first)), total = 0;
    uint32_t *member = iow_mem_alloc(mem, sets->n, sizeof(*member));

    if (!first || !member)
        return -IOW_ENOMEM;
    for (uint32_t s = 0; s < sets->n_sets; s++) {
        c->wanted[s] = c->wanted[s] && c->size[s] > 1;
        if (!c->wanted[s])
            continue;
        first[ret->n++] = c->place[s] = total;
        total += c->size[s];
    }
    first[ret->n] = total;
    for (uint32_t i = 0; i < sets->n; i++)
        if (c->wanted[sets->set[i]])
            member[c->place[sets->set[i]]++] = i;
    ret->first = first;
    ret->member = member;
    return 0;
}

/* Is it of this grade, and no surer? */
static bool is_of(const struct iow_breach *breach, enum iow_route_grade grade)
{
    return breach->answer == IOW_ROUTE_UNKNOWN ? grade == IOW_ROUTE_POSSIBLY : breach->grade == grade;
}

static int choose(const bool *about, bool surest, struct iow_mem *mem, struct iow_sets_of_grade *ret)
{
    const struct iow_closure *closure = ret->agreement.closure;
    struct counting c;

    if (count(closure->sets, about, mem, &c) < 0 || list_members(closure->sets, &c, mem, ret) < 0)
        return -IOW_ENOMEM;
    ret->shown = iow_mem_alloc(mem, closure->n_listed, sizeof(*ret->shown));
    for (uint32_t i = 0; ret->shown && i < closure->n_listed; i++)
        ret->shown[i] = c.wanted[closure->sets->set[closure->breach[i].from]] &&
                        (surest || is_of(&closure->breach[i], ret->agreement.grade));
    return ret->shown ? 0 : -IOW_ENOMEM;
}

static int choose_coarse(
    const struct iow_view *view, const bool *about, struct iow_mem *mem, struct iow_sets_view *ret)
{
    ret->coarse = iow_mem_alloc(mem, ret->agreement->n_coarse, sizeof(*ret->coarse));
    for (uint32_t i = 0; ret->coarse && i < ret->agreement->n_coarse; i++) {
        const struct iow_view_group *group = &view->groups[ret->agreement->coarse[i].group];

        for (uint32_t k = 0; k < group->n_members; k++)
            ret->coarse[i] |= !about || about[group->members[k]->position];
    }
    return ret->coarse ? 0 : -IOW_ENOMEM;
}

/* Is the port asked about, or anything below it? */
static bool is_below(const struct iow_view *view, uint32_t port, const bool *about)
{
    for (uint32_t i = 0; i < view->n_functions; i++) {
        uint32_t at = i;

        while (about[i] && at != IOW_NONE && at != port)
            at = view->analysis->topology->node[at].parent;
        if (about[i] && at == port)
            return true;
    }
    return false;
}

static int find_drifts(
    const struct iow_view *view, const bool *about, struct iow_mem *mem, struct iow_sets_view *ret)
{
    uint32_t *ports, n;

    if (iow_drift_ports(view->analysis, mem, &ports, &n) < 0)
        return -IOW_ENOMEM;
    ret->drifts = iow_mem_alloc(mem, n, sizeof(*ret->drifts));
    if (!ret->drifts)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < n; i++) {
        const struct iow_config *c = view->analysis->topology->node[ports[i]].config;
        struct iow_sets_drift *drift = &ret->drifts[ret->n_drifts];

        if (about && !is_below(view, ports[i], about))
            continue;
        drift->port = ports[i];
        drift->cleared = c->acs_cap & IOW_ACS_REQUIRED & ~c->acs_ctrl;
        if (iow_drift_opened(
                view->analysis, drift->port, PAIRS, mem, &drift->opened, &drift->n_opened, &drift->more) < 0)
            return -IOW_ENOMEM;
        ret->n_drifts++;
    }
    return 0;
}

static int find_grade(const struct iow_view *view, const struct iow_agreement *agreement,
    enum iow_route_grade grade, uint32_t most, struct iow_mem *mem, struct iow_grade_agreement *ret)
{
    switch (grade) {
    case IOW_ROUTE_SURELY:
        *ret = agreement->surely;
        return 0;
    case IOW_ROUTE_POSSIBLY:
        *ret = agreement->possibly;
        return 0;
    default:
        return iow_agreement_grade(view->analysis, grade, most, mem, ret, NULL);
    }
}

int iow_sets_view_find(const struct iow_view *view, unsigned grades, const bool *about, struct iow_mem *mem,
    struct iow_sets_view **ret)
{
    struct iow_sets_view *sets = iow_mem_alloc(mem, 1, sizeof(*sets));
    uint32_t most = about ? UINT32_MAX : BREACHES; /* those asked about may be any */
    struct iow_agreement *agreement;

    if (!sets || iow_agreement_find(view->analysis, most, mem, &agreement, NULL) < 0)
        return -IOW_ENOMEM;
    sets->agreement = agreement;
    for (unsigned g = IOW_ROUTE_GRADE__COUNT; g-- > 0;) {
        struct iow_sets_of_grade *of = &sets->grade[sets->n_grades];

        if (!(grades & 1u << g))
            continue;
        if (find_grade(view, agreement, (enum iow_route_grade)g, most, mem, &of->agreement) < 0 ||
            choose(about, sets->n_grades == 0, mem, of) < 0)
            return -IOW_ENOMEM;
        sets->n_grades++;
    }
    *ret = sets;
    return choose_coarse(view, about, mem, sets) < 0 ? -IOW_ENOMEM : find_drifts(view, about, mem, sets);
}

/* --- in words --- */

static void put_function(struct iow_text *to, const struct iow_view *view, uint32_t function)
{
    uint32_t group = view->functions[function].record->group;

    iow_text_puts(to, iow_view_address(view, function));
    if (group == IOW_NONE)
        iow_text_puts(to, " (in no group)");
    else
        iow_text_print(to, " (group %" PRIu32 ")", group);
}

static const char *reaches(const struct iow_breach *breach)
{
    if (breach->answer == IOW_ROUTE_UNKNOWN)
        return " may reach (ioward cannot tell) the registers of ";
    return breach->grade == IOW_ROUTE_SURELY ? " reaches the registers of " : " may reach the registers of ";
}

void iow_breach_text(struct iow_text *to, const struct iow_view *view, const struct iow_breach *breach)
{
    put_function(to, view, breach->from);
    iow_text_puts(to, reaches(breach));
    put_function(to, view, breach->to);
    iow_text_puts(to, " around the IOMMU");
    if (breach->translated)
        iow_text_puts(to, " by requests that say they were translated before (ATS)");
    iow_text_puts(to, breach->mutual ? ", and the other way round: " : ": ");
    iow_route_hop_text(to, view, &breach->deciding, breach->to);
    iow_text_print(to, " (%s)", iow_rule_id(breach->deciding.rule));
}

void iow_opened_text(struct iow_text *to, const struct iow_view *view, const struct iow_opened *opened)
{
    static const char *const how[IOW_ROUTE_GRADE__COUNT] = {
        [IOW_ROUTE_SURELY] = " now reaches the registers of ",
        [IOW_ROUTE_POSSIBLY] = " now may reach the registers of ",
        [IOW_ROUTE_IF_ROOT_COMPLEX] = " now reaches, if the root complex passes it on, the registers of ",
    };

    put_function(to, view, opened->from);
    iow_text_puts(to, how[opened->grade]);
    put_function(to, view, opened->to);
    iow_text_puts(to, " around the IOMMU");
    if (opened->translated)
        iow_text_puts(to, " by requests that say they were translated before (ATS)");
}

static struct iow_rule_places places_of(const struct iow_view *view, const struct iow_breach *breach)
{
    return (struct iow_rule_places){
        .function = iow_view_address(view, breach->from),
        .other = iow_view_address(view, breach->to),
        .deciding = iow_view_address(view, breach->deciding.node),
    };
}

void iow_breach_cause_text(
    struct iow_text *to, const struct iow_view *view, const struct iow_breach *breach, enum iow_rule cause)
{
    const struct iow_rule_places places = places_of(view, breach);

    iow_rule_sentence(to, cause, &places);
}

void iow_breach_remedy_text(
    struct iow_text *to, const struct iow_view *view, const struct iow_breach *breach, enum iow_rule cause)
{
    const struct iow_rule_places places = places_of(view, breach);
    const char *remedy = iow_rule_words(cause)->remedy;

    if (remedy)
        iow_rule_fill(to, remedy, &places);
}

static void put_groups(struct iow_text *to, uint32_t n, uint32_t all)
{
    iow_text_print(to, "%" PRIu32 " of %" PRIu32 " groups %s ", n, all, n == 1 ? "is" : "are");
}

void iow_closed_text(struct iow_text *to, const struct iow_view *view, const struct iow_agreement *agreement)
{
    if (view->n_groups == 0) { /* each of none is closed, and nothing is kept apart */
        iow_text_puts(to, "There are no IOMMU groups here: no IOMMU keeps a device from anything.");
        return;
    }
    switch (agreement->closed) {
    case IOW_CLOSED_NO:
        put_groups(to, agreement->surely.n_open, view->n_groups);
        iow_text_puts(to,
            "not isolated by the hardware: requests surely go around the IOMMU from one group to another.");
        break;
    case IOW_CLOSED_UNKNOWN:
        iow_text_print(to,
            "Whether the hardware isolates every group cannot be told: registers of %" PRIu32
            " function%s could not be read.",
            agreement->n_unread, agreement->n_unread == 1 ? "" : "s");
        break;
    case IOW_CLOSED_POSSIBLY_NOT:
        iow_text_puts(to, "No request surely goes around the IOMMU from one group to another; ");
        put_groups(to, agreement->possibly.n_open, view->n_groups);
        iow_text_puts(
            to, "isolated only if devices make nothing of what the specification leaves open to them.");
        break;
    default:
        iow_text_puts(to, "The hardware isolates every group, as far as the root complex passes no requests "
                          "between its ports.");
        break;
    }
}

enum iow_rule iow_coarse_rule(const struct iow_coarse_group *coarse)
{
    if (coarse->now)
        return IOW_RULE_HW_SPLIT_AT_BOOT;
    return coarse->with_bits ? IOW_RULE_HW_SPLIT_BY_BITS : IOW_RULE_HW_SPLIT_BY_NOTHING;
}
