/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-stage.h"

#include "report/step-json.h"

static void a_step_of_a_function_has_it_and_its_way_back(void **state)
{
    static const struct iow_step step = STEP(UNBIND, "e1000e", "");
    struct json_object *object = iow_json_step(&step);

    (void)state;
    has_text(object, "kind", "unbind");
    has_number(object, "group", 4);
    has_text(object, "address", "0000:01:00.0");
    has_text(object, "identity", "8086:10d3");
    has_text(object, "before", "e1000e");
    has_text(object, "after", "");
    has_text(object, "text", "unbind 0000:01:00.0 from e1000e");
    has_text(get(object, "inverse"), "kind", "bind");
    has_text(get(object, "inverse"), "after", "e1000e");
    json_object_put(object);
}

static void other_steps_have_no_function(void **state)
{
    static const struct iow_step load = {.kind = IOW_STEP_LOAD, .before = "", .after = "vfio-pci"};
    static const struct iow_step give = {
        .kind = IOW_STEP_GIVE, .group = 9, .before = "0:0:0600", .after = "1:2:0600"};
    struct json_object *a = iow_json_step(&load), *b = iow_json_step(&give);

    (void)state;
    has_text(a, "address", NULL);
    has_text(a, "identity", NULL);
    assert_null(get(a, "inverse"));
    has_text(b, "address", NULL);
    has_text(get(b, "inverse"), "after", "0:0:0600");
    json_object_put(a);
    json_object_put(b);
}

static void users_times_and_numbers(void **state)
{
    static const uint32_t numbers[] = {4, 7};
    struct json_object *user = iow_json_user(7, NULL), *object = json_object_new_object();
    struct iow_text empty = {0};

    (void)state;
    has_number(user, "uid", 7);
    has_text(user, "name", NULL);
    iow_json_put_time(object, "when", STAGE_TIME_USEC);
    has_text(object, "when", "2026-03-01T14:07:12Z");
    iow_json_put_time(object, "never", UINT64_MAX); /* year 586524 is a year too */
    assert_non_null(get(object, "never"));
    iow_json_put(object, "numbers", iow_json_numbers(numbers, 2));
    assert_int_equal(length(object, "numbers"), 2);
    iow_json_put_composed(object, "empty", &empty);
    has_text(object, "empty", NULL);
    json_object_put(object);
    json_object_put(user);
}

/* A text that could not be composed makes the document fail. */
static void lack_of_memory_is_not_taken_for_an_empty_text(void **state)
{
    struct json_object *object = json_object_new_object();
    struct iow_text text = {0};
    char *drawn = NULL;
    size_t len;
    FILE *out = open_memstream(&drawn, &len);

    (void)state;
    iow_text_puts(&text, "half");
    text.failed = true;
    iow_json_put_composed(object, "text", &text);
    assert_int_equal(iow_json_write(object, out), -IOW_ENOMEM);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(len, 0);
    free(drawn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_of_a_function_has_it_and_its_way_back),
        cmocka_unit_test(other_steps_have_no_function),
        cmocka_unit_test(users_times_and_numbers),
        cmocka_unit_test(lack_of_memory_is_not_taken_for_an_empty_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
