/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"

#include "report/json.h"

static void strangers_bytes_become_valid_utf8(void **state)
{
    struct json_object *value = iow_json_text(HOSTILE), *empty = iow_json_text("");

    (void)state;
    assert_string_equal(json_object_get_string(value), "bad\x1b[2J\xef\xbf\xbd");
    assert_string_equal(json_object_get_string(empty), "");
    assert_null(iow_json_text(NULL));
    json_object_put(value);
    json_object_put(empty);
}

static void what_does_not_exist_is_null(void **state)
{
    struct json_object *object = json_object_new_object();

    (void)state;
    iow_json_put_text(object, "text", NULL);
    iow_json_put_index(object, "none", IOW_NONE);
    iow_json_put_index(object, "index", IOW_NONE - 1);
    has_text(object, "text", NULL);
    has_text(object, "none", NULL);
    has_number(object, "index", UINT32_MAX - 1);
    json_object_put(object);
}

static void numbers_keep_all_their_bits(void **state)
{
    struct json_object *object = json_object_new_object();

    (void)state;
    iow_json_put_number(object, "large", UINT64_MAX);
    iow_json_put_hex(object, "hex", UINT64_MAX, 1);
    iow_json_put_hex(object, "short", 0x1f, 4);
    iow_json_put_hex(object, "zero", 0, 1);
    iow_json_put_bool(object, "yes", true);
    has_number(object, "large", UINT64_MAX);
    has_text(object, "hex", "0xffffffffffffffff");
    has_text(object, "short", "0x001f");
    has_text(object, "zero", "0x0");
    has_bool(object, "yes", true);
    json_object_put(object);
}

/* There is no object only when memory ran out: no document is written as if it were whole. */
static void a_value_without_an_object_spoils_the_document(void **state)
{
    struct json_object *value = json_object_new_string("kept twice");
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    (void)json_object_get(value);
    iow_json_put(NULL, "key", value);
    assert_int_equal(json_object_put(value), 1);
    assert_int_equal(iow_json_write(json_object_new_object(), out), -IOW_ENOMEM);
    assert_int_equal(iow_json_write(json_object_new_object(), out), 0);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "{\n}\n");
    free(text);
}

static void a_document_ends_with_its_line_and_is_released(void **state)
{
    struct json_object *document = json_object_new_object();
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    iow_json_put_text(document, "path", "sys/bus/\n");
    (void)json_object_get(document);
    assert_int_equal(iow_json_write(document, out), 0);
    assert_int_equal(json_object_put(document), 1);
    assert_int_equal(iow_json_write(NULL, out), -IOW_ENOMEM);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "{\n  \"path\": \"sys/bus/\\n\"\n}\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strangers_bytes_become_valid_utf8),
        cmocka_unit_test(what_does_not_exist_is_null),
        cmocka_unit_test(numbers_keep_all_their_bits),
        cmocka_unit_test(a_value_without_an_object_spoils_the_document),
        cmocka_unit_test(a_document_ends_with_its_line_and_is_released),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
