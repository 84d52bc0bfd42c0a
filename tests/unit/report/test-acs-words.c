/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"

#include "report/acs-words.h"

static void bits_are_named_in_the_order_of_the_register(void **state)
{
    static const struct {
        uint16_t bits;
        const char *wanted;
    } row[] = {
        {0, "none"}, {IOW_ACS_REQUIRED, "SV RR CR UF"}, {IOW_ACS_EC, "EC"}, {0x5f, "SV TB RR CR UF DT"},
        {0x7f, "SV TB RR CR UF EC DT"}, {0xff80, "none"}, /* no bits of ACS */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct json_object *list = iow_acs_bits_json(row[i].bits);
        struct iow_text text = {0}, joined = {0};

        for (size_t k = 0; k < json_object_array_length(list); k++)
            iow_text_print(
                &joined, "%s%s", k ? " " : "", json_object_get_string(json_object_array_get_idx(list, k)));
        iow_acs_bits_text(&text, row[i].bits);
        assert_string_equal(text.data, row[i].wanted);
        assert_string_equal(joined.data ? joined.data : "none", row[i].wanted);
        json_object_put(list);
        iow_text_done(&text);
        iow_text_done(&joined);
    }
}

static void check(const struct iow_acs_answer *answer, const char *wanted, const char *quirk)
{
    struct json_object *json = iow_acs_answer_json(answer);
    struct iow_text text = {0};

    iow_acs_phrase(&text, answer);
    assert_string_equal(text.data, wanted);
    if (answer->value == IOW_ACS_UNKNOWN)
        assert_null(get(json, "isolates"));
    else
        has_bool(json, "isolates", answer->value == IOW_ACS_YES);
    has_text(json, "quirk", quirk);
    has_bool(json, "assumed", answer->assumed);
    json_object_put(json);
    iow_text_done(&text);
}

static void every_row_of_the_quirk_table_can_be_told(void **state)
{
    const struct iow_acs_quirk *row;
    char wanted[160];
    uint16_t i = 0;

    (void)state;
    for (; (row = iow_acs_quirk_at(i)); i++) {
        struct iow_acs_answer answer = {.value = IOW_ACS_YES, .basis = IOW_ACS_BY_QUIRK, .quirk = i};

        (void)snprintf(
            wanted, sizeof(wanted), "is known to Linux as isolating (its table of quirks, %s)", row->source);
        check(&answer, wanted, row->source);
        answer.value = IOW_ACS_NO;
        (void)snprintf(wanted, sizeof(wanted), "is known to Linux as not isolating (its table of quirks, %s)",
            row->source);
        check(&answer, wanted, row->source);
    }
    assert_true(i > 100);
}

/* A port of an old Intel chipset, set up by an enable step that no file shows. */
static void what_is_assumed_is_said(void **state)
{
    const struct iow_acs_context context = {.on_root_bus = true, .acs_requested = true};
    struct iow_config port = {.known = IOW_CONFIG_IDS | IOW_CONFIG_HEADER | IOW_CONFIG_CAPS,
        .vendor = 0x8086,
        .device = 0x1c10,
        .pcie_type = IOW_PCIE_ROOT_PORT,
        .mpc = 1u << 26};
    struct iow_acs_answer answer = iow_acs_enabled(&port, &context, IOW_ACS_REQUIRED);

    (void)state;
    check(&answer,
        "is known to Linux as isolating (its table of quirks, intel_pch_acs), assuming the kernel switched "
        "it on at boot, which no file shows",
        "intel_pch_acs");
    port.mpc = 0;
    answer = iow_acs_enabled(&port, &context, IOW_ACS_REQUIRED);
    check(
        &answer, "is known to Linux as not isolating (its table of quirks, intel_pch_acs)", "intel_pch_acs");
}

static void the_bits_that_are_off_are_named(void **state)
{
    const struct iow_acs_answer answer = {
        .basis = IOW_ACS_BY_BITS, .missing = IOW_ACS_SV | IOW_ACS_UF, .quirk = UINT16_MAX};
    struct json_object *json = iow_acs_answer_json(&answer);

    (void)state;
    check(&answer, "has its ACS switched off for SV UF", NULL);
    has_text(json, "basis", "bits");
    assert_int_equal(length(json, "missing"), 2);
    assert_string_equal(json_object_get_string(item(json, "missing", 1)), "UF");
    json_object_put(json);
}

static void what_was_not_read_is_not_judged(void **state)
{
    const struct iow_acs_answer answer = {.value = IOW_ACS_UNKNOWN, .basis = IOW_ACS_BY_UNREAD};

    (void)state;
    check(&answer, "has registers that could not be read", NULL);
}

static void every_basis_has_a_name_of_its_own(void **state)
{
    const char *seen[IOW_ACS_BY_UNREAD + 1];

    (void)state;
    for (int basis = 0; basis <= IOW_ACS_BY_UNREAD; basis++) {
        struct iow_acs_answer answer = {
            .value = IOW_ACS_YES, .basis = (enum iow_acs_basis)basis, .quirk = UINT16_MAX};
        struct json_object *json = iow_acs_answer_json(&answer);
        struct iow_text text = {0};

        iow_acs_phrase(&text, &answer);
        assert_true(text.len > 0);
        iow_text_done(&text);
        seen[basis] = strdup(json_object_get_string(get(json, "basis")));
        for (int k = 0; k < basis; k++)
            assert_string_not_equal(seen[k], seen[basis]);
        json_object_put(json);
    }
    for (int basis = 0; basis <= IOW_ACS_BY_UNREAD; basis++)
        free((void *)seen[basis]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_are_named_in_the_order_of_the_register),
        cmocka_unit_test(every_row_of_the_quirk_table_can_be_told),
        cmocka_unit_test(what_is_assumed_is_said),
        cmocka_unit_test(the_bits_that_are_off_are_named),
        cmocka_unit_test(what_was_not_read_is_not_judged),
        cmocka_unit_test(every_basis_has_a_name_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
