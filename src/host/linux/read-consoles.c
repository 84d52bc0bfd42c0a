/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which functions show the system's consoles.
 *
 * A serial console is a terminal of the function. The virtual consoles are drawn by a driver, a "vtconsole":
 * the one for frame buffers draws on one of them, and which is not told, so each counts; that for VGA draws on
 * the graphics card that the firmware booted with, and so does a frame buffer of the firmware's that belongs to
 * no function. The dummy draws nothing. What is drawn is typed on a keyboard, which may be below a function, too.
 * Source: drivers/tty/vt/vt.c show_name(), show_bind(); drivers/video/fbdev/core/fbcon.c fbcon_startup();
 *         drivers/video/console/dummycon.c; drivers/tty/tty_io.c show_cons_active();
 *         drivers/pci/pci-sysfs.c boot_vga_show(); drivers/input/input.c input_devices_seq_show();
 *         drivers/tty/vt/keyboard.c kbd_match()
 */
#include "host/linux/read-uses.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "facts/parse.h"

#include <linux/input-event-codes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TTY "sys/class/tty"
#define GRAPHICS "sys/class/graphics"
#define VTCONSOLE "sys/class/vtconsole"
#define VIRTIO_CONSOLES "sys/bus/virtio/drivers/virtio_console"
#define INPUTS "proc/bus/input/devices"

struct console {
    struct iow_search *search;
    const char *name;
    bool of_function; /* it belongs to some function, asked about or not */
};

static void add_console(struct iow_search *search, const char *name, uint32_t function)
{
    iow_search_add(search, &(struct iow_use){.kind = IOW_USE_CONSOLE, .function = function, .name = name});
}

static void found_function(void *ctx, const struct iow_address *address)
{
    struct console *console = ctx;
    uint32_t function = iow_search_function(console->search, address);

    console->of_function = true;
    if (function != IOW_NONE)
        add_console(console->search, console->name, function);
}

/* Tells the functions that an entry of a class belongs to. Returns whether there is any. */
static bool add_entry(struct iow_search *search, const char *class, const char *name)
{
    struct console console = {.search = search, .name = name};

    iow_search_entry(search, class, name, found_function, &console);
    return console.of_function;
}

/* A terminal of a hypervisor, "hvc0", is of no device, and which function's it is is not told: each of virtio's
 * counts. Source: drivers/tty/hvc/hvc_console.c; drivers/char/virtio_console.c */
static void add_virtio_consoles(struct iow_search *search, const char *name)
{
    struct iow_entries entries;
    int r = iow_reader_list_path(search->rd, VIRTIO_CONSOLES, &entries);

    if (r < 0)
        iow_search_failed(search, r, VIRTIO_CONSOLES);
    for (uint32_t i = 0; r == 0 && i < entries.at.n && !search->rd->fatal; i++) {
        struct console console = {.search = search, .name = name};

        if (strncmp(iow_entries_at(&entries, i), "virtio", 6) == 0)
            iow_search_entry(search, VIRTIO_CONSOLES, iow_entries_at(&entries, i), found_function, &console);
    }
    iow_entries_done(&entries);
}

static void read_terminals(struct iow_search *search)
{
    char path[IOW_MAX_PATH], text[4096], *name, *rest;
    int folder = iow_reader_open_link(search->rd, TTY, "console", path, sizeof(path)), n = folder;

    if (folder >= 0) {
        n = iow_reader_text(search->rd, folder, "active", text, sizeof(text));
        search->rd->source->ops->close(search->rd->source, folder);
    }
    if (n < 0) {
        iow_search_failed(search, n, TTY "/console/active");
        return;
    }
    for (name = strtok_r(text, " ", &rest); name && !search->rd->fatal; name = strtok_r(NULL, " ", &rest)) {
        add_entry(search, TTY, name);
        if (strncmp(name, "hvc", 3) == 0)
            add_virtio_consoles(search, name);
    }
}

/* What draws the virtual consoles. */
struct drawing {
    bool frame_buffer, vga;
};

static int read_attribute(
    struct iow_search *search, const char *name, const char *attribute, char text[IOW_WORD])
{
    char path[IOW_MAX_PATH] = VTCONSOLE;
    int folder = iow_reader_open_link(search->rd, VTCONSOLE, name, path, sizeof(path)), n = folder;

    if (folder >= 0) {
        n = iow_reader_text(search->rd, folder, attribute, text, IOW_WORD);
        search->rd->source->ops->close(search->rd->source, folder);
    }
    if (n < 0)
        iow_search_failed(search, n, path);
    return n;
}

static void read_drawing(struct iow_search *search, struct drawing *ret)
{
    struct iow_entries names;
    int r = iow_reader_list_path(search->rd, VTCONSOLE, &names);

    if (r < 0)
        iow_search_failed(search, r, VTCONSOLE);
    for (uint32_t i = 0; r == 0 && i < names.at.n && !search->rd->fatal; i++) {
        const char *entry = iow_entries_at(&names, i);
        char bound[IOW_WORD], name[IOW_WORD];

        if (read_attribute(search, entry, "bind", bound) < 0 || strcmp(bound, "1") != 0 ||
            read_attribute(search, entry, "name", name) < 0)
            continue;
        if (strstr(name, "frame buffer"))
            ret->frame_buffer = true;
        else if (!strstr(name, "dummy device"))
            ret->vga = true;
    }
    iow_entries_done(&names);
}

/* Returns whether a frame buffer belongs to any function. */
static bool read_frame_buffers(struct iow_search *search)
{
    struct iow_entries names;
    int r = iow_reader_list_path(search->rd, GRAPHICS, &names);
    bool found = false;

    if (r < 0)
        iow_search_failed(search, r, GRAPHICS);
    for (uint32_t i = 0; r == 0 && i < names.at.n && !search->rd->fatal; i++) {
        const char *name = iow_entries_at(&names, i);

        if (strncmp(name, "fb", 2) == 0 && name[2] >= '0' && name[2] <= '9' &&
            add_entry(search, GRAPHICS, name))
            found = true;
    }
    iow_entries_done(&names);
    return found;
}

static void read_boot_card(struct iow_search *search, uint32_t function)
{
    const struct iow_function *f = &search->rd->facts->functions[function];
    char name[IOW_ADDRESS_TEXT], path[IOW_MAX_PATH] = IOW_PCI_DEVICES, text[IOW_WORD];
    int folder = iow_reader_open_link(
            search->rd, IOW_PCI_DEVICES, iow_address_format(&f->address, name), path, sizeof(path)),
        n = folder;

    if (folder >= 0) {
        n = iow_reader_text(search->rd, folder, "boot_vga", text, sizeof(text));
        search->rd->source->ops->close(search->rd->source, folder);
    }
    if (n < 0)
        iow_search_failed(search, n, path);
    else if (strcmp(text, "1") == 0)
        add_console(search, "VGA", function);
}

/* An input device as it is told, in lines that begin with a letter each. */
struct input {
    uint32_t function;
    bool handled, has_enter;
};

/* Headsets and mice with keys for the volume type on the console, too; a keyboard has an Enter key. The last word of
 * the map has the keys of the lowest numbers. */
static bool has_enter(const char *map)
{
    const char *last = strrchr(map, ' ');

    return strtoull(last ? last : map, NULL, 16) >> KEY_ENTER & 1;
}

static void take_line(struct iow_search *search, struct input *input, const char *line)
{
    const char path[] = "S: Sysfs=", handlers[] = "H: Handlers=", keys[] = "B: KEY=";
    struct iow_address address;

    if (strncmp(line, "I:", 2) == 0)
        *input = (struct input){.function = IOW_NONE};
    else if (strncmp(line, path, sizeof(path) - 1) == 0 &&
             iow_parse_last_function(line, strlen(line), &address) == 0)
        input->function = iow_search_function(search, &address);
    else if (strncmp(line, handlers, sizeof(handlers) - 1) == 0)
        input->handled = strstr(line, "=kbd ") || strstr(line, " kbd ");
    else if (strncmp(line, keys, sizeof(keys) - 1) == 0)
        input->has_enter = has_enter(line + sizeof(keys) - 1);
}

static void read_keyboards(struct iow_search *search)
{
    IOW_CLEANUP_FREE char *text = malloc(IOW_MAX_FILE_BYTES + 1);
    struct input input = {.function = IOW_NONE};
    char *line, *rest;
    int n = text ? iow_reader_text(search->rd, IOW_SOURCE_ROOT, INPUTS, text, IOW_MAX_FILE_BYTES + 1)
                 : -IOW_ENOMEM;

    if (n < 0) {
        iow_search_failed(search, n, INPUTS);
        return;
    }
    for (line = strtok_r(text, "\n", &rest); line && !search->rd->fatal; line = strtok_r(NULL, "\n", &rest)) {
        take_line(search, &input, line);
        if (input.function == IOW_NONE || !input.handled || !input.has_enter)
            continue;
        add_console(search, "the keyboard", input.function);
        input.function = IOW_NONE;
    }
}

void iow_search_consoles(struct iow_search *search)
{
    const struct iow_reader *rd = search->rd;
    struct drawing drawing = {0};

    read_terminals(search);
    if (!rd->fatal)
        read_drawing(search, &drawing);
    if (!rd->fatal && drawing.frame_buffer && !read_frame_buffers(search))
        drawing.vga = true;
    if (!rd->fatal && (drawing.frame_buffer || drawing.vga))
        read_keyboards(search);
    for (uint32_t i = 0; i < rd->facts->n_functions && drawing.vga && !rd->fatal; i++)
        if (search->wanted[i])
            read_boot_card(search, i);
}
