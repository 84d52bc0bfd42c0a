/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "report/escape.h"

static const struct {
    const char *raw, *text, *json;
} cases[] = {
    {"", "", ""},
    {"qemu-system-x86", "qemu-system-x86", "qemu-system-x86"},
    {"a\\x41b", "a\\\\x41b", "a\\x41b"},
    {"\x1b[31mred", "\\x1b[31mred", "\x1b[31mred"},
    {"two\nlines\t\r", "two\\x0alines\\x09\\x0d", "two\nlines\t\r"},
    {"\x7f", "\\x7f", "\x7f"},
    {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
    {"\xf0\x9f\x92\xbe", "\xf0\x9f\x92\xbe", "\xf0\x9f\x92\xbe"},
    {"\xc2\x9b"
     "31m",
        "\\xc2\\x9b31m",
        "\xc2\x9b"
        "31m"}, /* CSI in eight bits */
    {"\xe2\x80\xae"
     "evil",
        "\\xe2\\x80\\xaeevil",
        "\xe2\x80\xae"
        "evil"}, /* right to left */
    {"\xff\xfe", "\\xff\\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
    {"\xc3", "\\xc3", "\xef\xbf\xbd"},                                           /* cut off */
    {"\xc0\x80", "\\xc0\\x80", "\xef\xbf\xbd\xef\xbf\xbd"},                      /* overlong NUL */
    {"\xed\xa0\x80", "\\xed\\xa0\\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* surrogate */
    {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
};

static void strangers_bytes_are_made_safe(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_text text = {0}, json = {0};

        iow_escape_text(&text, cases[i].raw);
        iow_escape_json(&json, cases[i].raw);
        assert_string_equal(text.data ? text.data : "", cases[i].text);
        assert_string_equal(json.data ? json.data : "", cases[i].json);
        iow_text_done(&text);
        iow_text_done(&json);
    }
}

/* Every byte on its own, and every pair: whatever comes, what goes out is printable ASCII or a UTF-8 letter.
 */
static void no_pair_of_bytes_gets_a_control_character_through(void **state)
{
    (void)state;
    for (unsigned a = 1; a < 256; a++) {
        for (unsigned b = 0; b < 256; b++) {
            const char raw[] = {(char)a, (char)b, '\0'};
            struct iow_text text = {0};

            iow_escape_text(&text, raw);
            for (size_t i = 0; i < text.len; i++) {
                unsigned char c = (unsigned char)text.data[i];

                assert_true(c >= 0x20 && c != 0x7f);
                if (c == 0xc2)
                    assert_true((unsigned char)text.data[i + 1] >= 0xa0);
            }
            iow_text_done(&text);
        }
    }
}

static void a_document_gives_no_terminal_anything_to_obey(void **state)
{
    static const struct {
        const char *json, *printed;
    } row[] = {
        {"{\"a\": \"plain\"}", "{\"a\": \"plain\"}"},
        {"\"\xc2\x9b[31m\"", "\"\\u009b[31m\""},
        {"\"\x7f\"", "\"\\u007f\""},
        {"\"\xe2\x80\xae\"", "\"\\u202e\""},
        {"\"\xf3\xa0\x80\x81\"", "\"\\udb40\\udc01\""},
        {"\"gr\xc3\xbc\xc3\x9f\"", "\"gr\xc3\xbc\xc3\x9f\""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        char *text = NULL;
        size_t len;
        FILE *out = open_memstream(&text, &len);

        iow_escape_print_document(out, row[i].json);
        assert_int_equal(fclose(out), 0);
        assert_string_equal(text, row[i].printed);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strangers_bytes_are_made_safe),
        cmocka_unit_test(no_pair_of_bytes_gets_a_control_character_through),
        cmocka_unit_test(a_document_gives_no_terminal_anything_to_obey),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
