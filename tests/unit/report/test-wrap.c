/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "report/wrap.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

static char *wrapped(const char *first, const char *text, unsigned width)
{
    char *lines = NULL;
    size_t len;
    FILE *out = open_memstream(&lines, &len);

    iow_wrap(out, first, text, width);
    assert_int_equal(fclose(out), 0);
    return lines;
}

static void lines_are_broken_at_spaces_and_nowhere_else(void **state)
{
    static const struct {
        const char *first, *text;
        unsigned width;
        const char *wanted;
    } row[] = {
        {"", "", 40, "\n"},
        {"! ", "", 40, "! \n"},
        {"! ", "one", 40, "! one\n"},
        {"", "aaaaaaaaa bbbbbbbbbb", 20, "aaaaaaaaa bbbbbbbbbb\n"},
        {"", "aaaaaaaaaa bbbbbbbbbb", 20, "aaaaaaaaaa\nbbbbbbbbbb\n"},
        {"", "aaaaaaaaaa bbbbbbbbbb", 21, "aaaaaaaaaa bbbbbbbbbb\n"},
        {"  -> ", "aaaaaaaaaa bbbbbbbbbb c", 25, "  -> aaaaaaaaaa\n     bbbbbbbbbb c\n"},
        /* at least twenty columns are left, whatever the width */
        {"12345678", "aaaaaaaaaa bbbbbbbbb cc", 21, "12345678aaaaaaaaaa bbbbbbbbb\n        cc\n"},
        /* a word that is too long stays whole, on a line of its own */
        {"- ", "to sys/devices/pci0000:00/0000:00:01.0/config it", 22,
            "- to\n  sys/devices/pci0000:00/0000:00:01.0/config\n  it\n"},
        {"- ", "sys/devices/pci0000:00/0000:00:01.0 it", 22, "- sys/devices/pci0000:00/0000:00:01.0\n  it\n"},
        {"", "two  spaces", 40, "two  spaces\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        char *lines = wrapped(row[i].first, row[i].text, row[i].width);

        assert_string_equal(lines, row[i].wanted);
        free(lines);
    }
}

/* Ten characters of two, three and four bytes. */
#define TWO "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"
#define THREE                                                                                                \
    "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"       \
    "\xe6\x97\xa5\xe6\x97\xa5"
#define FOUR                                                                                                 \
    "\xf0\x9f\x92\xbe\xf0\x9f\x92\xbe\xf0\x9f\x92\xbe\xf0\x9f\x92\xbe\xf0\x9f\x92\xbe\xf0\x9f\x92\xbe"       \
    "\xf0\x9f\x92\xbe\xf0\x9f\x92\xbe\xf0\x9f\x92\xbe\xf0\x9f\x92\xbe"

static void a_character_counts_once_however_many_bytes_it_has(void **state)
{
    static const char *const ten[] = {TWO, THREE, FOUR};

    (void)state;
    for (size_t i = 0; i < COUNT(ten); i++) {
        char text[128], broken[128], *lines;

        (void)snprintf(text, sizeof(text), "%s bbbbbbbbbb", ten[i]);
        (void)snprintf(broken, sizeof(broken), "%s\nbbbbbbbbbb\n", ten[i]);
        lines = wrapped("", text, 20);
        assert_string_equal(lines, broken);
        free(lines);
        lines = wrapped("", text, 21);
        assert_null(memchr(lines, '\n', strlen(lines) - 1));
        free(lines);
    }
}

static void the_indent_is_as_wide_as_what_comes_first(void **state)
{
    char *lines = wrapped("\xe2\x86\x92 ", "aaaaaaaaaa bbbbbbbbbb", 22);

    (void)state;
    assert_string_equal(lines, "\xe2\x86\x92 aaaaaaaaaa\n  bbbbbbbbbb\n");
    free(lines);
}

/* Whatever the width: the words come out as they went in, and only a single word may be too wide. */
static void no_width_loses_a_word(void **state)
{
    static const char text[] = "a bb ccc dddd eeeee ffffff ggggggg hhhhhhhh iiiiiiiii jjjjjjjjjj kkkkkkkkkkk "
                               "llllllllllllllllllllllllllllllllllllllllllll m nn ooo pppp qqqqq";

    (void)state;
    for (unsigned width = 0; width < 130; width++) {
        unsigned most = width < 24 ? 24 : width;
        char *lines = wrapped("  - ", text, width), *rest = lines, joined[sizeof(text) + 1] = "";

        for (char *line = strsep(&rest, "\n"); rest; line = strsep(&rest, "\n")) {
            assert_true(strlen(line) <= most || !strchr(line + 4, ' '));
            (void)strcat(joined, line + 4);
            (void)strcat(joined, *rest ? " " : "");
        }
        assert_string_equal(joined, text);
        free(lines);
    }
}

static void where_there_is_no_terminal_the_width_is_fixed(void **state)
{
    char *text = NULL;
    size_t len;
    FILE *memory = open_memstream(&text, &len), *null = fopen("/dev/null", "w");

    (void)state;
    assert_int_equal(iow_wrap_width(memory), 100);
    assert_int_equal(iow_wrap_width(null), 100);
    assert_int_equal(fclose(memory), 0);
    assert_int_equal(fclose(null), 0);
    free(text);
}

static void a_terminal_tells_its_width_unless_it_is_too_narrow(void **state)
{
    static const struct {
        unsigned short columns;
        unsigned wanted;
    } row[] = {{57, 57}, {40, 40}, {39, 100}, {0, 100}, {300, 300}};
    int fd = posix_openpt(O_RDWR | O_NOCTTY);
    FILE *out;

    (void)state;
    if (fd < 0)
        skip();
    out = fdopen(fd, "w");
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct winsize size = {.ws_col = row[i].columns, .ws_row = 25};

        assert_int_equal(ioctl(fd, TIOCSWINSZ, &size), 0);
        assert_int_equal(iow_wrap_width(out), row[i].wanted);
    }
    (void)fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_broken_at_spaces_and_nowhere_else),
        cmocka_unit_test(a_character_counts_once_however_many_bytes_it_has),
        cmocka_unit_test(the_indent_is_as_wide_as_what_comes_first),
        cmocka_unit_test(no_width_loses_a_word),
        cmocka_unit_test(where_there_is_no_terminal_the_width_is_fixed),
        cmocka_unit_test(a_terminal_tells_its_width_unless_it_is_too_narrow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
