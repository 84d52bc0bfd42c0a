/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "report/decision.h"

static void domains_and_types_have_names(void **state)
{
    struct iow_group_look look = {.flags = IOW_LOOK_HAS_DEFAULT, .default_type = IOW_LOOK_TYPE_DMA_FQ};

    (void)state;
    assert_string_equal(iow_look_domain_name(IOW_LOOK_DEFAULT), "default");
    assert_string_equal(iow_look_domain_name(IOW_LOOK_OTHER_IDENTITY), "other-identity");
    assert_string_equal(iow_look_domain_name(4), "?");
    assert_string_equal(iow_look_type_name(&look), "DMA-FQ");
    look.default_type = IOW_LOOK_TYPE_IDENTITY;
    assert_string_equal(iow_look_type_name(&look), "identity");
    look.default_type = 32;
    assert_null(iow_look_type_name(&look));
    look.flags = 0;
    look.default_type = IOW_LOOK_TYPE_DMA;
    assert_null(iow_look_type_name(&look));
}

static void errors_have_names_or_numbers(void **state)
{
    static const struct {
        int result;
        const char *name;
    } row[] = {{0, NULL}, {-IOW_EBUSY, "EBUSY"}, {-IOW_EPROBE_DEFER, "EPROBE_DEFER"}, {-25, "ENOTTY"},
        {-524, "error 524"}};

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct iow_decision decision = {.result = row[i].result};
        char buf[IOW_DECISION_ERROR];
        const char *name = iow_decision_error_name(&decision, buf);

        if (row[i].name)
            assert_string_equal(name, row[i].name);
        else
            assert_null(name);
    }
}

static void operations_have_words(void **state)
{
    struct iow_ruling ruling = {.reading = IOW_READING_DONE, .operation = IOW_OPERATION_PROBE};

    (void)state;
    assert_string_equal(iow_decision_operation(&ruling), "probe a driver");
    ruling.reading = IOW_READING_BESIDE;
    assert_string_equal(iow_decision_operation(&ruling), "reset");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(domains_and_types_have_names),
        cmocka_unit_test(errors_have_names_or_numbers),
        cmocka_unit_test(operations_have_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
