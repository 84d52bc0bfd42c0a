/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/names.h"

#include "report/escape.h"
#include <ioward/error.h>

#include <errno.h>
#include <pci/pci.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct iow_names {
    struct pci_access *access;
    bool loaded; /* once: libpci would try an unreadable file again at every name */
    bool broken; /* there is no file, or it could not be parsed: no names at all */
};

/* libpci reports errors to a callback that must not return and carries no context. */
static _Thread_local jmp_buf *error_exit;

static void on_error(char *message, ...)
{
    (void)message;
    if (error_exit)
        longjmp(*error_exit, 1);
    abort();
}

static void on_message(char *message, ...)
{
    (void)message;
}

struct iow_names *iow_names_new(const char *file)
{
    struct iow_names *names = calloc(1, sizeof(*names));
    char *copy = file ? strdup(file) : NULL;

    if (!names || (file && !copy)) {
        free(names);
        free(copy);
        return NULL;
    }
    names->access = pci_alloc();
    names->access->error = (__typeof__(names->access->error))on_error;
    names->access->warning = on_message;
    names->access->debug = on_message;
    if (copy)
        pci_set_name_list_path(names->access, copy, 1);
    return names;
}

struct iow_names *iow_names_free(struct iow_names *names)
{
    if (names) {
        pci_cleanup(names->access);
        free(names);
    }
    return NULL;
}

#define NAME_BYTES 256
#define LOOKUP_FLAGS (PCI_LOOKUP_NO_NUMBERS | PCI_LOOKUP_NO_HWDB)

/* In buf, or NULL. */
static const char *look_up_raw(struct iow_names *names, char buf[NAME_BYTES], int what, int a, int b)
{
    const char *volatile found = NULL;
    jmp_buf here;

    if (!names || names->broken)
        return NULL;
    if (setjmp(here)) {
        error_exit = NULL;
        names->broken = true;
        return NULL;
    }
    error_exit = &here;
    if (!names->loaded)
        names->broken = !pci_load_name_list(names->access);
    names->loaded = true;
    if (!names->broken)
        found = pci_lookup_name(names->access, buf, NAME_BYTES, what | LOOKUP_FLAGS, a, b);
    error_exit = NULL;
    return found;
}

int iow_names_check(struct iow_names *names)
{
    char buf[NAME_BYTES];

    if (access(names->access->id_file_name, R_OK) < 0)
        return errno == ENOENT || errno == ENOTDIR ? -IOW_ENOENT : errno == EACCES ? -IOW_EACCES : -IOW_EIO;
    for (int vendor = 0; vendor <= 0xffff && !names->broken; vendor++)
        if (look_up_raw(names, buf, PCI_LOOKUP_VENDOR, vendor, 0))
            return 0;
    return -IOW_EINVAL;
}

static const char *look_up(struct iow_names *names, struct iow_mem *mem, int what, int a, int b)
{
    struct iow_text text = {0};
    char buf[NAME_BYTES];
    const char *found = look_up_raw(names, buf, what, a, b);

    if (!found)
        return NULL;
    iow_escape_text(&text, found); /* the file may be anybody's */
    return iow_text_take(&text, mem);
}

const char *iow_names_vendor(struct iow_names *names, struct iow_mem *mem, uint16_t vendor)
{
    return look_up(names, mem, PCI_LOOKUP_VENDOR, vendor, 0);
}

const char *iow_names_device(struct iow_names *names, struct iow_mem *mem, uint16_t vendor, uint16_t device)
{
    return look_up(names, mem, PCI_LOOKUP_DEVICE, vendor, device);
}

const char *iow_names_class(struct iow_names *names, struct iow_mem *mem, uint32_t class_code)
{
    return look_up(names, mem, PCI_LOOKUP_CLASS, (int)(class_code >> 8), 0);
}
