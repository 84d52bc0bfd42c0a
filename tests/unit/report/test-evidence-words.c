/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "report/evidence-words.h"
#include "report/explain.h"

#include <errno.h>

static void what_was_seen_is_said_as_what_it_is(void **state)
{
    static const struct {
        enum iow_evidence_kind kind;
        struct iow_evidence evidence;
        const char *wanted;
    } cases[] = {
        {IOW_EVIDENCE_REGISTER, {0x40, 0, 0}, "; seen 0x40, wanted 0x0"},
        {IOW_EVIDENCE_REGISTER, {1, 2, 0x41}, "; seen 0x1, wanted 0x2 at offset 0x41"},
        {IOW_EVIDENCE_ERRNO, {ENOSPC, 0, 0}, ": No space left on device"},
        {IOW_EVIDENCE_SILENT, {1, 2, 3}, ""},
        {IOW_EVIDENCE_NUMBER, {255, 0, 0}, ": 255 are counted already"},
        {IOW_EVIDENCE_DRIVERS, {1, 0, 0}, ": 1 driver is counted"},
        {IOW_EVIDENCE_DRIVERS, {2, 0, 0}, ": 2 drivers are counted"},
        {IOW_EVIDENCE_MEMBERS, {1, 0, 0}, ": it has 1 member"},
        {IOW_EVIDENCE_MEMBERS, {3, 1, 0}, ": it has 3 members"},
        {IOW_EVIDENCE_PASIDS, {1, 0, 0}, ": 1 PASID is attached"},
        {IOW_EVIDENCE_OWNER, {1, 0, 0}, ": it is owner 1's"},
        {IOW_EVIDENCE_OWNER, {1, 2, 0}, ": it is owner 1's, and owner 2 asks"},
        {IOW_EVIDENCE_OWNER, {0, 2, 0}, ": it is a driver's of the kernel, and owner 2 asks"},
        {IOW_EVIDENCE_KIND, {IOW_KIND_BLOCKING, 0, 0}, ": it is on the blocking domain"},
        {IOW_EVIDENCE_KIND, {IOW_KIND__COUNT, 0, 0}, ": it is on ?"},
        {IOW_EVIDENCE_TYPE, {IOW_TYPE_DMA, IOW_TYPE_IDENTITY, 0}, ": it is DMA, and identity is wanted"},
        {IOW_EVIDENCE_TYPE, {IOW_TYPE__COUNT, IOW_TYPE_DMA_FQ, 0}, ": it is ?, and DMA-FQ is wanted"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_text text = {0};

        iow_evidence_text(&text, cases[i].kind, &cases[i].evidence);
        assert_string_equal(text.data ? text.data : "", cases[i].wanted);
        iow_text_done(&text);
    }
}

static void check_refusal(
    const struct iow_profile *profile, const struct iow_ownership *is, const struct iow_event *event)
{
    struct iow_explain explain = {0};
    struct iow_transition transition;
    struct iow_text text = {0};

    if (iow_transition(profile, iow_ownership_pack(is), event, &transition, &explain) == 0)
        return;
    iow_explain_print(&text, &explain, NULL);
    assert_false(text.failed);
    if (strstr(text.data, "0x") || strchr(text.data, '?'))
        fail_msg("%s", text.data);
    assert_int_equal(iow_rule_words(explain.rule)->evidence != IOW_EVIDENCE_REGISTER, explain.n_evidence > 0);
    iow_text_done(&text);
}

/* Bits of i choose the rest of the state and of what is asked. */
static void check_refusals(
    const struct iow_profile *profile, enum iow_operation operation, enum iow_domain_kind kind, unsigned i)
{
    const struct iow_ownership is = {.kind = kind,
        .type = i & 1 ? IOW_TYPE_DMA : IOW_TYPE_NONE,
        .tag = i >> 1 & 1,
        .drivers = i & 4 ? IOW_MOST_DRIVERS : 0,
        .claims = i & 8 ? IOW_MOST_CLAIMS : 0,
        .pasids = i & 16 ? IOW_MOST_PASIDS : 0};
    const struct iow_event event = {.operation = operation,
        .tag = i >> 5 & 3,
        .domain = i & 128 ? IOW_KIND_TABLE : IOW_KIND_DEFAULT,
        .type = IOW_TYPE_IDENTITY,
        .outside = i & 256,
        .newcomer_counted = i & 512,
        .any_bound = i & 1024,
        .other_iommu = i & 2048,
        .forced = i & 4096,
        .members = i >> 13 & 3};

    check_refusal(profile, &is, &event);
}

static void no_refusal_of_ownership_shows_bare_numbers(void **state)
{
    const struct iow_profile *profile;

    (void)state;
    for (uint32_t p = 0; (profile = iow_profile_at(p)); p++)
        for (unsigned op = 0; op < IOW_OPERATION__COUNT; op++)
            for (unsigned kind = 0; kind < IOW_KIND__COUNT; kind++)
                for (unsigned i = 0; i < 1u << 15; i += 3)
                    check_refusals(profile, (enum iow_operation)op, (enum iow_domain_kind)kind, i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_seen_is_said_as_what_it_is),
        cmocka_unit_test(no_refusal_of_ownership_shows_bare_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
