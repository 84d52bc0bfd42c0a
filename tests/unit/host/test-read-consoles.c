/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "uses.h"

#define FOLDER_BEHIND "sys/devices/" BEHIND
#define FOLDER_BESIDE "sys/devices/" BESIDE

static void put_drawer(struct iow_source *s, const char *name, const char *what, const char *bind)
{
    char folder[128], rest[64];

    snprintf(rest, sizeof(rest), "vtconsole/%s", name);
    put_class(s, "vtconsole", name, "virtual", rest);
    snprintf(folder, sizeof(folder), "sys/devices/virtual/vtconsole/%s", name);
    put_text(s, folder, "name", what);
    put_text(s, folder, "bind", bind);
}

static struct iow_source *machine(const char *drawer, const char *bind)
{
    struct iow_source *s = uses_machine();

    put_answers(s, &(struct answers){0});
    put_drawer(s, "vtcon0", "(S) dummy device\n", *bind == '1' ? "0\n" : "1\n");
    put_drawer(s, "vtcon1", drawer, bind);
    put_text(s, FOLDER_BEHIND, "boot_vga", "1\n");
    put_text(s, FOLDER_BESIDE, "boot_vga", "0\n");
    return s;
}

static void a_serial_console_is_its_functions(void **state)
{
    struct iow_source *s = uses_machine();
    struct iow_facts *facts;

    (void)state;
    put_answers(s, &(struct answers){0});
    put_class(s, "tty", "console", "virtual", "tty/console");
    put_text(s, "sys/devices/virtual/tty/console", "active", "tty0 ttyS4 ttyS0\n");
    put_class(s, "tty", "tty0", "virtual", "tty/tty0");
    put_class(s, "tty", "ttyS0", "pnp0/00:04", "tty/ttyS0");
    put_class(s, "tty", "ttyS4", BESIDE, "0000:00:05.0:0/0000:00:05.0:0.0/tty/ttyS4");
    put_class(s, "tty", "ttyS5", BEHIND, "tty/ttyS5");
    facts = read_uses(s);
    assert_int_equal(facts->n_uses, 1);
    assert_use(facts, 0, 1, IOW_USE_CONSOLE, "ttyS4", "");
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void frame_buffers_show_the_console_while_they_are_drawn_on(void **state)
{
    (void)state;
    for (int bound = 0; bound <= 1; bound++) {
        struct iow_source *s = machine("(M) frame buffer device\n", bound ? "1\n" : "0\n");
        struct iow_facts *facts;

        put_class(s, "graphics", "fb1", BESIDE, "graphics/fb1");
        put_class(s, "graphics", "fbcon", "virtual", "graphics/fbcon");
        facts = read_uses(s);
        assert_int_equal(facts->n_uses, bound);
        if (bound)
            assert_use(facts, 0, 1, IOW_USE_CONSOLE, "fb1", "");
        iow_facts_free(facts);
        iow_source_close(s);
    }
}

static void a_frame_buffer_of_the_firmware_is_the_boot_cards(void **state)
{
    struct iow_source *s = machine("(M) frame buffer device\n", "1\n");
    struct iow_facts *facts;

    (void)state;
    put_class(s, "graphics", "fb0", "platform", "efi-framebuffer.0/graphics/fb0");
    facts = read_uses(s);
    assert_int_equal(facts->n_uses, 1);
    assert_use(facts, 0, 2, IOW_USE_CONSOLE, "VGA", "");
    iow_facts_free(facts);
    iow_source_close(s);
}

static void text_mode_is_the_boot_cards(void **state)
{
    struct iow_source *s = machine("(S) VGA+\n", "1\n");
    struct iow_facts *facts = read_uses(s);

    (void)state;
    assert_int_equal(facts->n_uses, 1);
    assert_use(facts, 0, 2, IOW_USE_CONSOLE, "VGA", "");
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_dummy_draws_nothing(void **state)
{
    struct iow_source *s = machine("(S) VGA+\n", "0\n");
    struct iow_facts *facts = read_uses(s);

    (void)state;
    assert_int_equal(facts->n_uses, 0);
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_hypervisors_console_is_of_every_virtio_console(void **state)
{
    (void)state;
    for (int active = 0; active <= 1; active++) {
        struct iow_source *s = uses_machine();
        struct iow_facts *facts;

        put_answers(s, &(struct answers){0});
        put_class(s, "tty", "console", "virtual", "tty/console");
        put_text(s, "sys/devices/virtual/tty/console", "active", active ? "tty0 hvc0\n" : "tty0\n");
        put_class(s, "tty", "hvc0", "virtual", "tty/hvc0");
        put_link(
            s, "sys/bus/virtio/drivers/virtio_console", "virtio1", "../../../../devices/" BEHIND "/virtio1");
        put_link(s, "sys/bus/virtio/drivers/virtio_console", "module", "../../../../module/virtio_console");
        facts = read_uses(s);
        assert_int_equal(facts->n_uses, active);
        if (active)
            assert_use(facts, 0, 2, IOW_USE_CONSOLE, "hvc0", "");
        assert_int_equal(facts->n_missing, 0);
        iow_facts_free(facts);
        iow_source_close(s);
    }
}

#define INPUT(above, handlers, keys)                                                                         \
    "I: Bus=0003 Vendor=0627 Product=0001 Version=0111\n"                                                    \
    "N: Name=\"a device\"\n"                                                                                 \
    "S: Sysfs=/devices/" above "/usb1/1-1/1-1:1.0/0003:0627:0001.0001/input/input2\n"                        \
    "H: Handlers=" handlers "\n"                                                                             \
    "B: EV=120013\n"                                                                                         \
    "B: KEY=" keys "\n\n"
#define ALL_KEYS "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
#define VOLUME_KEYS "7800 0 e000000000000 0"

static void the_keyboard_of_a_text_console_is_a_part_of_it(void **state)
{
    static const struct {
        const char *inputs, *bind;
        int n;
    } cases[] = {
        {INPUT(BESIDE, "sysrq kbd leds ", ALL_KEYS), "1\n", 1},
        {INPUT(BESIDE, "kbd event0 ", ALL_KEYS), "1\n", 1},
        {INPUT(BESIDE, "kbd event0 ", ALL_KEYS), "0\n", 0},
        {INPUT(BESIDE, "event0 ", ALL_KEYS), "1\n", 0},
        {INPUT(BESIDE, "kbd event0 ", VOLUME_KEYS), "1\n", 0},
        {INPUT("platform/i8042", "kbd event0 ", ALL_KEYS), "1\n", 0},
        {INPUT(BESIDE, "event1 ", VOLUME_KEYS) INPUT("platform/i8042", "kbd event0 ", ALL_KEYS), "1\n", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_source *s = machine("(S) VGA+\n", cases[i].bind);
        int boot_card = *cases[i].bind == '1';
        struct iow_facts *facts;

        put_text(s, "proc/bus/input", "devices", cases[i].inputs);
        facts = read_uses(s);
        assert_int_equal(facts->n_uses, cases[i].n + boot_card);
        if (cases[i].n)
            assert_use(facts, 0, 1, IOW_USE_CONSOLE, "the keyboard", "");
        assert_int_equal(facts->n_missing, 0);
        iow_facts_free(facts);
        iow_source_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_serial_console_is_its_functions),
        cmocka_unit_test(frame_buffers_show_the_console_while_they_are_drawn_on),
        cmocka_unit_test(a_frame_buffer_of_the_firmware_is_the_boot_cards),
        cmocka_unit_test(text_mode_is_the_boot_cards),
        cmocka_unit_test(a_dummy_draws_nothing),
        cmocka_unit_test(a_hypervisors_console_is_of_every_virtio_console),
        cmocka_unit_test(the_keyboard_of_a_text_console_is_a_part_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
