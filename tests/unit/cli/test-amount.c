/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "cli/amount.h"
#include <ioward/error.h>

struct row {
    const char *text;
    uint64_t amount; /* 0 with refused */
    bool refused;
};

static const struct row seconds[] = {
    {"30", 30000000, false},
    {"0", 0, false},
    {"0.5", 500000, false},
    {"1.0000019", 1000001, false},
    {"86400", UINT64_C(86400000000), false},
    {"86400.1", 0, true},
    {"99999999999999999999999999", 0, true},
    {"", 0, true},
    {".5", 0, true},
    {"1.", 0, true},
    {"-1", 0, true},
    {"1s", 0, true},
    {" 1", 0, true},
};

static const struct row bytes[] = {
    {"4096", 4096, false},
    {"512K", 524288, false},
    {"512k", 524288, false},
    {"2M", 2097152, false},
    {"4G", UINT64_C(4294967296), false},
    {"1T", UINT64_C(1099511627776), false},
    {"unlimited", UINT64_MAX, false},
    {"4K", 4096, false},
    {"0", 0, true},
    {"1", 0, true},
    {"4095", 0, true},
    {"3K", 0, true},
    {"0G", 0, true},
    {"", 0, true},
    {"G", 0, true},
    {"4GB", 0, true},
    {"4X", 0, true},
    {"-4", 0, true},
    {"9999999999999999T", 0, true},
    {"99999999999999999999", 0, true},
};

static void check(const struct row *row, int (*parse)(const char *text, uint64_t *ret))
{
    uint64_t amount = 7;

    assert_int_equal(parse(row->text, &amount), row->refused ? -IOW_EINVAL : 0);
    assert_true(amount == (row->refused ? 7 : row->amount));
}

static void seconds_are_read_to_a_millionth(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(seconds); i++)
        check(&seconds[i], iow_amount_seconds);
}

static void bytes_have_units(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bytes); i++)
        check(&bytes[i], iow_amount_bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_are_read_to_a_millionth),
        cmocka_unit_test(bytes_have_units),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
