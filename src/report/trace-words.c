/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/trace-words.h"

#include "report/evidence-words.h"
#include "report/rules.h"

#include <inttypes.h>

/* One step, and how its things are called. */
struct telling {
    struct iow_text *to;
    const struct iow_proof_step *step;
    const struct iow_trace_names *names;
};

const char *iow_proof_space_words(unsigned space)
{
    static const char *const words[IOW_PROOF_SPACE__COUNT] = {
        [IOW_PROOF_SPACE_NONE] = "no domain",
        [IOW_PROOF_SPACE_DEFAULT] = "the default domain",
        [IOW_PROOF_SPACE_BLOCKING] = "the blocking domain",
        [IOW_PROOF_SPACE_PRIVATE] = "the driver's own domain",
        [IOW_PROOF_SPACE_OWNER1] = "owner 1's page table",
        [IOW_PROOF_SPACE_OWNER2] = "owner 2's page table",
        [IOW_PROOF_SPACE_OWNER3] = "owner 3's page table",
    };

    return space < IOW_PROOF_SPACE__COUNT ? words[space] : "?";
}

const char *iow_proof_actor_name(enum iow_proof_actor actor)
{
    switch (actor) {
    case IOW_PROOF_DRIVER_CORE:
        return "driver-core";
    case IOW_PROOF_DRIVER:
        return "driver";
    case IOW_PROOF_OWNER:
        return "owner";
    case IOW_PROOF_BUS:
        return "bus";
    case IOW_PROOF_ADMIN:
        return "admin";
    }
    return "?";
}

const char *iow_proof_act_words(uint32_t act)
{
    if (act == IOW_PROOF_ACT_BOUND)
        return "bind";
    if (act == IOW_PROOF_ACT_APPEAR)
        return "appear";
    return iow_operation_words((enum iow_operation)act);
}

static void put_device(const struct telling *t, uint32_t device)
{
    if (t->names->devices)
        iow_text_puts(t->to, t->names->devices[device]);
    else
        iow_text_print(t->to, "device %" PRIu32, device + 1);
}

static void put_group(const struct telling *t, uint32_t group)
{
    if (t->names->n_groups > 1)
        iow_text_print(t->to, "group %" PRIu32, group + 1);
    else
        iow_text_puts(t->to, "the group");
}

static void put_owner(const struct telling *t, unsigned owner)
{
    if (owner)
        iow_text_print(t->to, "owner %u", owner);
    else
        iow_text_puts(t->to, "somebody without a name");
}

/* "A", "A and B", "A, B and C" */
static void put_devices(const struct telling *t, uint32_t devices)
{
    unsigned left = (unsigned)__builtin_popcount(devices);

    for (uint32_t i = 0; i < IOW_PROOF_DEVICES; i++) {
        if (!(devices >> i & 1))
            continue;
        put_device(t, i);
        left--;
        iow_text_puts(t->to, left > 1 ? ", " : left == 1 ? " and " : "");
    }
}

static uint32_t members_of(const struct telling *t, uint32_t group)
{
    uint32_t members = 0;

    for (uint32_t i = 0; i < t->names->n_devices; i++)
        if (t->step->devices[i].group == group)
            members |= 1u << i;
    return members;
}

static uint32_t under(const struct iow_proof_step *step, uint32_t devices, unsigned space)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < IOW_PROOF_DEVICES; i++)
        if (devices >> i & 1 && step->devices[i].space == space)
            found |= 1u << i;
    return found;
}

/* "every member goes to the blocking domain", "A and B go to ..., C goes to ..." */
static void put_places(
    const struct telling *t, uint32_t group, uint32_t devices, const char *one, const char *many)
{
    uint32_t members = members_of(t, group);
    const char *separator = "";

    for (unsigned space = 0; space < IOW_PROOF_SPACE__COUNT; space++) {
        uint32_t there = under(t->step, devices, space);
        bool several = __builtin_popcount(there) > 1, all = several && there == members;

        if (!there)
            continue;
        iow_text_puts(t->to, separator);
        if (all)
            iow_text_puts(t->to, "every member");
        else
            put_devices(t, there);
        iow_text_print(t->to, " %s %s", several && !all ? many : one, iow_proof_space_words(space));
        separator = ", ";
    }
}

/* --- what is done --- */

static const char *driver_words(unsigned trait)
{
    switch (trait) {
    case IOW_DRIVER_MANAGED:
        return "a managed-DMA driver";
    case IOW_DRIVER_PRIVATE:
        return "a driver that attaches a domain of its own";
    default:
        return "a driver that uses the DMA API";
    }
}

static void put_driver_core(const struct telling *t)
{
    const struct iow_proof_step *s = t->step;

    switch (s->act) {
    case IOW_OPERATION_PROBE:
    case IOW_OPERATION_PROBE_MANAGED:
        iow_text_print(t->to, "%s is probed on ", driver_words(s->trait));
        put_device(t, s->device);
        break;
    case IOW_OPERATION_PROBE_FAILED:
        iow_text_puts(t->to, "the probe of the driver on ");
        put_device(t, s->device);
        iow_text_puts(t->to, " fails");
        break;
    case IOW_PROOF_ACT_BOUND:
        iow_text_puts(t->to, "the driver is bound to ");
        put_device(t, s->device);
        break;
    case IOW_OPERATION_UNBIND:
        iow_text_puts(t->to, "the driver begins to let go of ");
        put_device(t, s->device);
        break;
    default:
        put_device(t, s->device);
        iow_text_puts(t->to, " is unbound");
    }
}

/* "to the group", "from device 1": what is attached or detached, claimed or released. */
static void put_object(const struct telling *t, const char *before)
{
    iow_text_puts(t->to, before);
    if (t->step->device < IOW_PROOF_DEVICES)
        put_device(t, t->step->device);
    else
        put_group(t, t->step->group);
}

static const char *owner_verb(uint32_t act)
{
    switch (act) {
    case IOW_OPERATION_CLAIM_GROUP:
    case IOW_OPERATION_CLAIM_DEVICE:
        return " claims ";
    case IOW_OPERATION_RELEASE_GROUP:
    case IOW_OPERATION_RELEASE_DEVICE:
        return " releases ";
    case IOW_OPERATION_ATTACH_GROUP:
    case IOW_OPERATION_ATTACH_DEVICE:
        return " attaches a page table to ";
    case IOW_OPERATION_DETACH_GROUP:
    case IOW_OPERATION_DETACH_DEVICE:
        return " detaches what is attached to ";
    case IOW_OPERATION_REPLACE:
        return " puts another page table in the place of that of ";
    case IOW_OPERATION_ATTACH_PASID:
        return " attaches a page table to a PASID of ";
    default:
        return " detaches the PASID of ";
    }
}

static const char *driver_verb(uint32_t act)
{
    switch (act) {
    case IOW_OPERATION_ATTACH_PASID:
        return " attaches a domain to a PASID of it";
    case IOW_OPERATION_DETACH_PASID:
        return " detaches its PASID";
    case IOW_OPERATION_DETACH_GROUP:
    case IOW_OPERATION_DETACH_DEVICE:
        return " detaches its own domain";
    default:
        return " attaches a domain of its own";
    }
}

static void put_bus(const struct telling *t)
{
    const struct iow_proof_step *s = t->step;

    put_device(t, s->device);
    if (s->act == IOW_PROOF_ACT_APPEAR) {
        iow_text_puts(t->to, " appears, and is in no group yet");
        return;
    }
    iow_text_puts(t->to, s->act == IOW_OPERATION_REMOVE ? " leaves " : " joins ");
    put_group(t, s->group);
}

static void put_act(const struct telling *t)
{
    const struct iow_proof_step *s = t->step;

    switch (s->actor) {
    case IOW_PROOF_DRIVER_CORE:
        put_driver_core(t);
        return;
    case IOW_PROOF_DRIVER:
        iow_text_puts(t->to, "the driver of ");
        put_device(t, s->device);
        iow_text_puts(t->to, driver_verb(s->act));
        return;
    case IOW_PROOF_OWNER:
        put_owner(t, s->owner);
        put_object(t, owner_verb(s->act));
        return;
    case IOW_PROOF_BUS:
        put_bus(t);
        return;
    case IOW_PROOF_ADMIN:
        iow_text_puts(t->to, "the type of the default domain of ");
        put_group(t, s->group);
        iow_text_print(t->to, " is to become %s", iow_domain_type_name((enum iow_domain_type)s->type));
        return;
    }
}

/* --- what comes of it --- */

static void put_rule(const struct telling *t, const char *before)
{
    iow_text_print(
        t->to, "%s%s (%s)", before, iow_rule_words(t->step->rule)->sentence, iow_rule_id(t->step->rule));
}

/* It was tried and could not be done, and on some kernels that leaves traces. */
static void put_failure(const struct telling *t)
{
    iow_text_puts(t->to, "; this fails, because ");
    put_devices(t, t->step->failing);
    iow_text_puts(t->to, " cannot be moved, and ");
    if (t->step->moved)
        put_places(t, t->step->group, t->step->moved, "is left on", "are left on");
    else
        iow_text_puts(t->to, "all is as before");
}

static bool asks_nobody(const struct iow_proof_step *s)
{
    return s->actor == IOW_PROOF_DRIVER_CORE && s->group == IOW_PROOF_OUTSIDE &&
           (s->act == IOW_OPERATION_PROBE || s->act == IOW_OPERATION_UNBOUND);
}

static void put_success(const struct telling *t)
{
    const struct iow_proof_step *s = t->step;
    uint32_t moved = s->moved & members_of(t, s->group);

    if (s->actor == IOW_PROOF_BUS && s->act == IOW_OPERATION_ADD)
        iow_text_print(t->to, ", on %s", iow_proof_space_words(s->devices[s->device].space));
    else if (asks_nobody(s))
        iow_text_puts(t->to, ", and nobody is asked, because it is in no group");
    else if (moved) {
        iow_text_puts(t->to, ": ");
        put_places(t, s->group, moved, "goes to", "go to");
    }
    if (s->failing) {
        iow_text_puts(t->to, "; ");
        put_devices(t, s->failing);
        iow_text_puts(t->to, " cannot be moved, and nobody is told");
    }
}

static void put_step(const struct telling *t)
{
    put_act(t);
    if (t->step->code && t->step->failing)
        put_failure(t);
    else if (t->step->code)
        put_rule(t, "; this is refused: ");
    else if (t->step->warned)
        put_rule(t, ": ");
    else
        put_success(t);
}

void iow_trace_step_text(struct iow_text *to, const struct iow_proof_trace *trace, uint32_t step,
    const struct iow_trace_names *names)
{
    const struct telling t = {to, &trace->steps[step], names};

    put_step(&t);
}

/* --- what is so at last --- */

/* Who believes to own the group or a device of it, or has something attached: bit n: owner n; bit 0: nobody
 * named. */
static unsigned owners_of(const struct telling *t, uint32_t group)
{
    const struct iow_proof_step *s = t->step;
    unsigned owners = (unsigned)(s->groups[group].claims | s->groups[group].attached);

    for (uint32_t i = 0; i < t->names->n_devices; i++) {
        const struct iow_proof_device_truth *d = &s->devices[i];

        if (d->group != group)
            continue;
        owners |= d->claims;
        if (d->space >= IOW_PROOF_SPACE_OWNER1)
            owners |= 1u << (d->space - IOW_PROOF_SPACE_OWNER1 + 1);
    }
    return owners;
}

/* Members with a driver that uses the DMA API, on its way in or out included. */
static uint32_t driven(const struct telling *t, uint32_t group)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < t->names->n_devices; i++) {
        const struct iow_proof_device_truth *d = &t->step->devices[i];

        if (d->group == group && d->phase != IOW_PHASE_UNBOUND &&
            (d->trait == IOW_DRIVER_DMA_API || d->trait == IOW_DRIVER_PRIVATE))
            found |= 1u << i;
    }
    return found;
}

static void put_owners(const struct telling *t, unsigned owners)
{
    unsigned left = (unsigned)__builtin_popcount(owners);

    if (!left)
        iow_text_puts(t->to, "nobody");
    for (unsigned i = 0; i <= IOW_PROOF_OWNERS; i++) {
        if (!(owners >> i & 1))
            continue;
        put_owner(t, i);
        left--;
        iow_text_puts(t->to, left > 1 ? ", " : left == 1 ? " and " : "");
    }
}

static void put_driven(const struct telling *t, uint32_t devices)
{
    if (!devices) {
        iow_text_puts(t->to, "no driver that uses the DMA API is in it");
        return;
    }
    iow_text_puts(t->to, "a driver that uses the DMA API is on ");
    put_devices(t, devices);
}

/* "owner 1 has the group, and a driver that uses the DMA API is on device 2" */
static void put_ownership(const struct telling *t, uint32_t group)
{
    put_owners(t, owners_of(t, group));
    iow_text_puts(t->to, (unsigned)__builtin_popcount(owners_of(t, group)) > 1 ? " have " : " has ");
    put_group(t, group);
    iow_text_puts(t->to, ", and ");
    put_driven(t, driven(t, group));
}

/* What the group's word says. */
static void put_word(const struct telling *t, uint32_t group)
{
    struct iow_ownership is = iow_ownership_unpack(t->step->groups[group].word);

    iow_text_puts(t->to, "the word of ");
    put_group(t, group);
    iow_text_print(t->to, " says \"%s", iow_owner_name(iow_owner_of_word(t->step->groups[group].word)));
    if (is.tag)
        iow_text_print(t->to, ", owner %" PRIu32, is.tag);
    iow_text_print(t->to, ", on %s, %" PRIu32 " driver%s and %" PRIu32 " claim%s counted\", and ",
        iow_domain_kind_words(is.kind), is.drivers, is.drivers == 1 ? "" : "s", is.claims,
        is.claims == 1 ? "" : "s");
}

/* ", and a PASID of device 1 is on owner 1's page table" */
static void put_pasids(const struct telling *t, uint32_t members)
{
    for (uint32_t i = 0; i < t->names->n_devices; i++) {
        if (!(members >> i & 1) || t->step->devices[i].pasid == IOW_PROOF_SPACE_NONE)
            continue;
        iow_text_puts(t->to, ", and a PASID of ");
        put_device(t, i);
        iow_text_print(t->to, " is on %s", iow_proof_space_words(t->step->devices[i].pasid));
    }
}

void iow_trace_end_text(struct iow_text *to, const struct iow_proof_trace *trace,
    enum iow_proof_invariant invariant, const struct iow_trace_names *names)
{
    const struct iow_proof_step *last = &trace->steps[trace->n_steps - 1];
    struct telling t = {to, last, names};
    uint32_t members = members_of(&t, trace->group);

    if (invariant == IOW_PROOF_INVARIANT_DERIVED || invariant == IOW_PROOF_INVARIANT_BOOKKEEPING)
        put_word(&t, trace->group);
    if (invariant != IOW_PROOF_INVARIANT_ONE_SPACE) {
        put_ownership(&t, trace->group);
        iow_text_puts(to, members ? ", while " : "");
    }
    put_places(&t, trace->group, members, "is on", "are on");
    put_pasids(&t, members);
}

void iow_trace_text(struct iow_text *to, const struct iow_proof_trace *trace,
    enum iow_proof_invariant invariant, const struct iow_trace_names *names)
{
    for (uint32_t i = 0; i < trace->n_steps; i++) {
        iow_text_print(to, "%" PRIu32 ". ", i + 1);
        iow_trace_step_text(to, trace, i, names);
        iow_text_puts(to, "\n");
    }
    iow_text_puts(to, "Then ");
    iow_trace_end_text(to, trace, invariant, names);
    iow_text_puts(to, "\n");
}
