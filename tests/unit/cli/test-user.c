/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "cli/user.h"
#include <unistd.h>

static const char *sudo_uid, *pkexec_uid, *doas_user;

static char *get(const char *name)
{
    const char *value = strcmp(name, "SUDO_UID") == 0     ? sudo_uid
                        : strcmp(name, "PKEXEC_UID") == 0 ? pkexec_uid
                        : strcmp(name, "DOAS_USER") == 0  ? doas_user
                                                          : NULL;

    return (char *)value;
}

static int begin(void **state)
{
    (void)state;
    sudo_uid = pkexec_uid = doas_user = NULL;
    return 0;
}

static void a_number_is_digits_and_below_the_last(void **state)
{
    static const char *const bad[] = {
        "", "-1", "+1", "1 ", "0x10", "4294967295", "4294967296", "99999999999999"};
    uint32_t number;

    (void)state;
    assert_int_equal(iow_user_number("0", &number), 0);
    assert_int_equal(number, 0);
    assert_int_equal(iow_user_number("4294967294", &number), 0);
    assert_true(number == UINT32_C(4294967294));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(iow_user_number(bad[i], &number), -IOW_EINVAL);
}

static void root_asks_for_whoever_became_root(void **state)
{
    (void)state;
    sudo_uid = "1234";
    pkexec_uid = "1235";
    assert_int_equal(iow_user_asking(true, get), 1234);
    sudo_uid = "what";
    assert_int_equal(iow_user_asking(true, get), 1235);
    pkexec_uid = NULL;
    doas_user = "nobody";
    assert_int_equal(iow_user_asking(true, get), 65534);
    doas_user = "no such user";
    assert_int_equal(iow_user_asking(true, get), getuid());
}

static void nobody_but_root_speaks_for_others(void **state)
{
    (void)state;
    sudo_uid = "1234";
    doas_user = "nobody";
    assert_int_equal(iow_user_asking(false, get), getuid());
}

static void a_user_is_found_by_name_and_by_number(void **state)
{
    struct user user;

    (void)state;
    assert_int_equal(iow_user_find("nobody", &user, NULL), 0);
    assert_int_equal(user.uid, 65534);
    assert_int_equal(user.gid, 65534);
    assert_string_equal(user.name, "nobody");
    assert_int_equal(iow_user_find("65534", &user, NULL), 0);
    assert_string_equal(user.name, "nobody");
    assert_int_equal(iow_user_find("4000000000", &user, NULL), 0);
    assert_true(user.uid == UINT32_C(4000000000) && user.gid == user.uid);
    assert_string_equal(user.name, "");
}

static void a_user_who_is_not_there_is_named(void **state)
{
    struct iow_explain explain = {0};
    struct user user;

    (void)state;
    assert_int_equal(iow_user_find("no such user", &user, &explain), -IOW_ENOENT);
    assert_int_equal(explain.rule, IOW_RULE_EXEC_USER);
    assert_string_equal(explain.text, "no such user");
}

static void a_name_is_told_only_if_there_is_one(void **state)
{
    char name[HOST_NAME];

    (void)state;
    assert_string_equal(iow_user_name(0, name), "root");
    assert_null(iow_user_name(UINT32_C(4000000000), name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_number_is_digits_and_below_the_last, begin),
        cmocka_unit_test_setup(root_asks_for_whoever_became_root, begin),
        cmocka_unit_test_setup(nobody_but_root_speaks_for_others, begin),
        cmocka_unit_test_setup(a_user_is_found_by_name_and_by_number, begin),
        cmocka_unit_test_setup(a_user_who_is_not_there_is_named, begin),
        cmocka_unit_test_setup(a_name_is_told_only_if_there_is_one, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
