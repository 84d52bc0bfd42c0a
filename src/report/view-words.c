/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sentences of a view: what fills the places of each rule. */
#include "report/view-words.h"

#include "report/acs-words.h"
#include "report/audit-words.h"
#include "report/escape.h"
#include "report/kernel-words.h"
#include "report/rules.h"

#include <inttypes.h>
#include <stdio.h>

const char *iow_view_address(const struct iow_view *view, uint32_t position)
{
    return position < view->n_functions ? view->functions[position].address : "?";
}

const char *iow_driver_trait_name(enum iow_driver_trait trait)
{
    static const char *const name[IOW_DRIVER__COUNT] = {
        [IOW_DRIVER_NONE] = "none",
        [IOW_DRIVER_DMA_API] = "dma-api",
        [IOW_DRIVER_MANAGED] = "managed",
        [IOW_DRIVER_PRIVATE] = "private",
    };

    return (unsigned)trait < IOW_DRIVER__COUNT ? name[trait] : "none";
}

void iow_view_holder(struct iow_text *to, const struct iow_holder *holder)
{
    iow_escape_text(to, holder->command && *holder->command ? holder->command : "a process");
    iow_text_print(to, " (process %" PRIu32 ")", holder->pid);
}

void iow_view_holders(
    struct iow_text *to, const struct iow_facts *facts, const uint32_t *positions, uint32_t n)
{
    for (uint32_t i = 0; i < n && i < 3; i++) {
        const struct iow_holder *holder = iow_facts_holder_at(facts, positions[i]);

        if (i)
            iow_text_puts(to, i + 1 == n ? " and " : ", ");
        if (holder)
            iow_view_holder(to, holder);
    }
    if (n > 3)
        iow_text_print(to, " and %" PRIu32 " more", n - 3);
}

char *iow_view_reason(
    const struct iow_view *view, uint32_t function, const struct iow_reason *reason, struct iow_mem *mem)
{
    const struct iow_alias_quirk *row =
        reason->alias_quirk == IOW_NONE ? NULL : iow_alias_quirk_at(reason->alias_quirk);
    struct iow_text acs = {0}, quirk = {0}, text = {0};

    iow_acs_phrase(&acs, &reason->acs);
    if (row)
        iow_text_print(&quirk, " (Linux's table of quirks: %s)", row->about);
    iow_rule_sentence(&text, reason->rule,
        &(struct iow_rule_places){
            .function = iow_view_address(view, function),
            .joined = iow_view_address(view, reason->joined),
            .deciding = iow_view_address(view, reason->deciding),
            .acs = acs.data,
            .quirk = quirk.data ? quirk.data : "",
        });
    iow_text_done(&acs);
    iow_text_done(&quirk);
    return iow_text_take(&text, mem);
}

char *iow_view_step(const struct iow_view *view, const struct iow_trace_step *step, struct iow_mem *mem)
{
    struct iow_text acs = {0}, text = {0};

    iow_acs_phrase(&acs, &step->acs);
    iow_rule_sentence(&text, step->rule,
        &(struct iow_rule_places){
            .subject = iow_view_address(view, step->subject),
            .other = iow_view_address(view, step->other),
            .acs = acs.data,
        });
    iow_text_done(&acs);
    return iow_text_take(&text, mem);
}

/* "the driver nvme of 0000:01:00.0", with the traits that decide the group's owner. */
static void name_drivers(struct iow_text *to, const struct iow_view *view, const struct iow_view_group *g)
{
    uint16_t release = view->machine->release;
    uint32_t n = 0;

    for (uint32_t i = 0; i < g->n_members + g->n_others; i++) {
        const char *driver, *of;

        if (i < g->n_members) {
            driver = g->members[i]->driver;
            of = g->members[i]->address;
        } else {
            driver = g->others[i - g->n_members]->driver;
            of = g->others[i - g->n_members]->name;
            if (!iow_bus_checks_ownership(g->others[i - g->n_members]->bus, release))
                continue;
        }
        switch (iow_driver_trait_of(driver)) {
        case IOW_DRIVER_DMA_API:
        case IOW_DRIVER_PRIVATE:
            break;
        default:
            continue;
        }
        if (n++ < 3) {
            iow_text_puts(to, n == 1 ? "the driver " : " and ");
            iow_escape_text(to, driver);
            iow_text_puts(to, " of ");
            iow_escape_text(to, of);
        }
    }
    if (n > 3)
        iow_text_print(to, " and %" PRIu32 " more", n - 3);
    if (!n)
        iow_text_puts(to, "a driver");
}

char *iow_view_basis(const struct iow_view *view, const struct iow_view_group *g, struct iow_mem *mem)
{
    const struct iow_group_owner *o = g->owner;
    struct iow_text group = {0}, holder = {0}, drivers = {0}, text = {0};

    iow_text_print(&group, "%" PRIu32, g->record->number);
    if (o->n_holders)
        iow_view_holders(&holder, view->facts, o->holders, o->n_holders);
    else
        iow_view_holders(&holder, view->facts, o->possible, o->n_possible);
    name_drivers(&drivers, view, g);
    iow_rule_sentence(&text, o->basis,
        &(struct iow_rule_places){
            .group = group.data,
            .holder = holder.data ? holder.data : "a process",
            .drivers = drivers.data,
        });
    iow_text_done(&group);
    iow_text_done(&holder);
    iow_text_done(&drivers);
    return iow_text_take(&text, mem);
}

/* Of a rule with two cases the one that this machine is. */
static const char *choose_remedy(const struct iow_view *view, enum iow_rule rule)
{
    const struct iow_rule_words *words = iow_rule_words(rule);
    bool offered = view->machine->dmar || view->machine->ivrs;

    return rule == IOW_RULE_REM_NO_IOMMU && offered ? words->remedy_otherwise : words->remedy;
}

/* A sentence and its remedy with the same places. */
static bool fill_note(const struct iow_view *view, struct iow_view_note *note,
    const struct iow_rule_places *places, struct iow_mem *mem)
{
    const char *wanted = choose_remedy(view, note->rule);
    struct iow_text text = {0}, remedy = {0};

    iow_rule_sentence(&text, note->rule, places);
    note->text = iow_text_take(&text, mem);
    if (wanted) {
        iow_rule_fill(&remedy, wanted, places);
        note->remedy = iow_text_take(&remedy, mem);
    }
    return note->text && (note->remedy || !wanted);
}

/* What files say, and what the kernel's memory says; false: the finding is no such. */
static bool name_disagreement(const struct iow_view *view, const struct iow_finding *finding,
    struct iow_text *name, struct iow_text *by)
{
    const struct iow_view_group *g = iow_view_group_of(view, finding->group);
    const struct iow_view_function *f =
        finding->function < view->n_functions ? &view->functions[finding->function] : NULL;

    if (finding->rule == IOW_RULE_REM_OTHER_TRAIT && f) {
        iow_escape_text(name, f->driver);
        iow_text_puts(
            by, f->trait == IOW_DRIVER_MANAGED ? "leaves DMA to its user" : "does DMA through the kernel");
    } else if (finding->rule == IOW_RULE_REM_OTHER_OWNER && g) {
        iow_text_puts(name, iow_owner_name(g->owner->derived));
        iow_text_print(by, "%s (", iow_owner_name(g->owner->owner));
        iow_kernel_phrase(by, g->record->kernel);
        iow_text_puts(by, ")");
    } else if (finding->rule == IOW_RULE_REM_OTHER_COUNT && g) {
        const uint32_t *n = g->owner->drivers.n;
        uint32_t bound = n[IOW_DRIVER_DMA_API] + n[IOW_DRIVER_PRIVATE];

        iow_text_print(name, "%" PRIu32 " driver%s", bound, bound == 1 ? "" : "s");
        iow_text_print(by, "%" PRIu32, g->record->kernel->count);
    } else {
        return false;
    }
    return true;
}

/* The places of what a finding is about beside devices. */
static void name_evidence(const struct iow_view *view, const struct iow_finding *finding,
    struct iow_text *name, struct iow_text *by)
{
    if (name_disagreement(view, finding, name, by))
        return;
    if (finding->name)
        iow_escape_text(name, finding->name);
    if (finding->rule == IOW_RULE_REM_PEER_MODULE) {
        iow_text_puts(by, iow_peer_words(finding->name));
    } else if (finding->by) {
        iow_text_puts(by, " (");
        iow_escape_text(by, finding->by);
        iow_text_puts(by, ")");
    }
}

bool iow_view_finding(const struct iow_view *view, const struct iow_finding *finding, struct iow_mem *mem,
    struct iow_view_note *ret)
{
    const struct iow_holder *holder = iow_facts_holder_at(view->facts, finding->holder);
    struct iow_text who = {0}, release = {0}, name = {0}, by = {0};
    char group[16], member[40];
    bool ok;

    *ret = (struct iow_view_note){.rule = finding->rule,
        .severity = finding->severity,
        .finding = finding,
        .function = finding->function,
        .other = finding->other,
        .deciding = IOW_NONE,
        .group = finding->group};
    (void)snprintf(group, sizeof(group), "%" PRIu32, finding->group);
    (void)snprintf(member, sizeof(member), "a member of group %" PRIu32, finding->group);
    if (finding->holder != IOW_NONE && holder)
        iow_view_holder(&who, holder);
    iow_escape_text(&release, view->machine->kernel);
    name_evidence(view, finding, &name, &by);
    ok = fill_note(view, ret,
        &(struct iow_rule_places){
            .function = finding->function == IOW_NONE ? member : iow_view_address(view, finding->function),
            .other = iow_view_address(view, finding->other),
            .group = finding->group == IOW_NONE ? NULL : group,
            .holder = who.data ? who.data : "some process",
            .release = release.data ? release.data : "",
            .name = name.data,
            .by = by.data ? by.data : "",
        },
        mem);
    iow_text_done(&who);
    iow_text_done(&release);
    iow_text_done(&name);
    iow_text_done(&by);
    return ok;
}

bool iow_view_difference(const struct iow_view *view, const struct iow_difference *difference,
    struct iow_mem *mem, struct iow_view_note *ret)
{
    *ret = (struct iow_view_note){.rule = difference->rule,
        .function = difference->function,
        .other = difference->other,
        .deciding = difference->deciding,
        .group = view->functions[difference->function].record->group};
    return fill_note(view, ret,
        &(struct iow_rule_places){
            .function = iow_view_address(view, difference->function),
            .other = difference->other == IOW_NONE || difference->other == difference->function
                         ? "its neighbours"
                         : iow_view_address(view, difference->other),
            .deciding =
                difference->deciding == IOW_NONE ? "a port" : iow_view_address(view, difference->deciding),
        },
        mem);
}
