/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filling the places of a rule's sentence. */
#include "report/rules.h"

#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} place[] = {
#define PLACE(name)                                                                                          \
    {                                                                                                        \
#name, offsetof(struct iow_rule_places, name)                                                        \
    }
    PLACE(function),
    PLACE(joined),
    PLACE(deciding),
    PLACE(other),
    PLACE(group),
    PLACE(holder),
    PLACE(subject),
    PLACE(path),
    PLACE(acs),
    PLACE(quirk),
    PLACE(drivers),
    PLACE(release),
    PLACE(name),
    PLACE(by),
#undef PLACE
};

static size_t find_place(const char *name, size_t len)
{
    size_t i = 0;

    while (i < sizeof(place) / sizeof(place[0]) &&
           (strlen(place[i].name) != len || memcmp(place[i].name, name, len) != 0))
        i++;
    return i;
}

bool iow_rule_place_known(const char *name, size_t len)
{
    return find_place(name, len) < sizeof(place) / sizeof(place[0]);
}

void iow_rule_fill(struct iow_text *to, const char *sentence, const struct iow_rule_places *places)
{
    while (*sentence) {
        size_t plain = strcspn(sentence, "{"), len, i;
        const char *value;

        iow_text_add(to, sentence, plain);
        sentence += plain;
        if (!*sentence)
            break;
        len = strcspn(++sentence, "}");
        i = find_place(sentence, len);
        value = i < sizeof(place) / sizeof(place[0])
                    ? *(const char *const *)((const char *)places + place[i].offset)
                    : NULL;
        iow_text_puts(to, value ? value : "?");
        sentence += len + (sentence[len] == '}');
    }
}

void iow_rule_sentence(struct iow_text *to, enum iow_rule rule, const struct iow_rule_places *places)
{
    iow_rule_fill(to, iow_rule_words(rule)->sentence, places);
}
