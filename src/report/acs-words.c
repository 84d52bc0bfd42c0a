/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/acs-words.h"

#include "report/json.h"

#include <assert.h>

static const struct {
    uint16_t bit;
    const char *name;
} bit_name[] = {
    {IOW_ACS_SV, "SV"},
    {IOW_ACS_TB, "TB"},
    {IOW_ACS_RR, "RR"},
    {IOW_ACS_CR, "CR"},
    {IOW_ACS_UF, "UF"},
    {IOW_ACS_EC, "EC"},
    {IOW_ACS_DT, "DT"},
};

void iow_acs_bits_text(struct iow_text *to, uint16_t bits)
{
    const char *separator = "";

    for (size_t i = 0; i < sizeof(bit_name) / sizeof(bit_name[0]); i++) {
        if (!(bits & bit_name[i].bit))
            continue;
        iow_text_print(to, "%s%s", separator, bit_name[i].name);
        separator = " ";
    }
    if (!*separator)
        iow_text_puts(to, "none");
}

struct json_object *iow_acs_bits_json(uint16_t bits)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < sizeof(bit_name) / sizeof(bit_name[0]); i++)
        if (bits & bit_name[i].bit)
            json_object_array_add(list, json_object_new_string(bit_name[i].name));
    return list;
}

/* What each basis says for a yes and for a no. */
static const struct {
    const char *name, *yes, *no;
} basis[] = {
    [IOW_ACS_BY_QUIRK] = {"quirk", "is known to Linux as isolating", "is known to Linux as not isolating"},
    [IOW_ACS_BY_CONVENTIONAL] = {"conventional", "is conventional PCI",
        "is conventional PCI, which has no ACS"},
    [IOW_ACS_BY_BRIDGE_TYPE] = {"bridge-type", "is of a type without ACS",
        "is of a type that cannot isolate"},
    [IOW_ACS_BY_NO_CAPABILITY] = {"no-capability", "has no ACS capability", "has no ACS capability"},
    [IOW_ACS_BY_BITS] = {"bits", "has every ACS bit that Linux requires and the device offers switched on",
        "has required ACS bits switched off"},
    [IOW_ACS_BY_SINGLE_FUNCTION] = {"single-function", "is a device of one function, which needs no ACS",
        "is a device of one function"},
    [IOW_ACS_BY_OTHER_TYPE] = {"other-type", "is of a type that Linux takes as isolating",
        "is of another type"},
    [IOW_ACS_BY_UNREAD] = {"unread", "has registers that could not be read",
        "has registers that could not be read"},
};

static_assert(sizeof(basis) / sizeof(basis[0]) == IOW_ACS_BY_UNREAD + 1, "every basis has words");

void iow_acs_phrase(struct iow_text *to, const struct iow_acs_answer *answer)
{
    const struct iow_acs_quirk *quirk =
        answer->basis == IOW_ACS_BY_QUIRK ? iow_acs_quirk_at(answer->quirk) : NULL;

    if (answer->value == IOW_ACS_UNKNOWN) {
        iow_text_puts(to, basis[IOW_ACS_BY_UNREAD].no);
        return;
    }
    if (answer->basis == IOW_ACS_BY_BITS && answer->value == IOW_ACS_NO) {
        iow_text_puts(to, "has its ACS switched off for ");
        iow_acs_bits_text(to, answer->missing);
    } else {
        iow_text_puts(to, answer->value == IOW_ACS_YES ? basis[answer->basis].yes : basis[answer->basis].no);
    }
    if (quirk)
        iow_text_print(to, " (its table of quirks, %s)", quirk->source);
    if (answer->assumed)
        iow_text_puts(to, ", assuming the kernel switched it on at boot, which no file shows");
}

struct json_object *iow_acs_answer_json(const struct iow_acs_answer *answer)
{
    const struct iow_acs_quirk *quirk =
        answer->basis == IOW_ACS_BY_QUIRK ? iow_acs_quirk_at(answer->quirk) : NULL;
    struct json_object *object = json_object_new_object();

    iow_json_put(object, "isolates",
        answer->value == IOW_ACS_UNKNOWN ? NULL : json_object_new_boolean(answer->value == IOW_ACS_YES));
    iow_json_put_text(object, "basis", basis[answer->basis].name);
    iow_json_put(object, "missing", iow_acs_bits_json(answer->missing));
    iow_json_put_text(object, "quirk", quirk ? quirk->source : NULL);
    iow_json_put_bool(object, "assumed", answer->assumed);
    return object;
}
