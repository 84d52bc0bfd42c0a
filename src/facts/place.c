/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/parse.h"

#include <string.h>

int iow_parse_address_name(const char *name, size_t len, struct iow_address *ret)
{
    struct iow_address address;
    char text[IOW_ADDRESS_TEXT];

    if (iow_address_parse(name, len, &address) < 0)
        return -IOW_EINVAL;
    iow_address_format(&address, text);
    if (strlen(text) != len || memcmp(text, name, len) != 0)
        return -IOW_EINVAL;
    *ret = address;
    return 0;
}

static bool all_hex(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!memchr("0123456789abcdef", text[i], 16))
            return false;
    return len > 0;
}

/* "pciDDDD:BB", the folder of a host bridge. */
static bool is_host_bridge(const char *name, size_t len)
{
    const char *colon = memchr(name, ':', len);
    size_t before;

    if (len < 4 || memcmp(name, "pci", 3) != 0 || !colon)
        return false;
    before = (size_t)(colon - name) - 3;
    return before >= 4 && all_hex(name + 3, before) && all_hex(colon + 1, len - before - 4);
}

/* The component that begins at *at; moves *at past it and its slash. */
static size_t next_component(const char *path, size_t len, size_t *at, const char **ret)
{
    size_t n = 0;

    *ret = path + *at;
    while (*at + n < len && path[*at + n] != '/')
        n++;
    *at += n + 1;
    return n;
}

/* What the components so far said: the function passed last, and what that makes of the next one. */
struct walk {
    struct iow_place place;
    bool has_last;
    struct iow_address last;
};

/* A host bridge starts a root bus: no bridge is above, but the function it hangs on does its DMA. */
static void pass_host_bridge(struct walk *w)
{
    if (w->has_last) {
        w->place.has_real_dma = true;
        w->place.real_dma = w->last;
    }
    w->place.has_parent = false;
    w->has_last = false;
}

static void pass_function(struct walk *w, const struct iow_address *address)
{
    w->place.has_parent = w->has_last;
    w->place.parent = w->last;
    w->has_last = true;
    w->last = *address;
}

int iow_parse_place(const char *path, size_t len, const struct iow_address *own, struct iow_place *ret)
{
    struct walk w = {0};
    bool ends_in_own = false;

    for (size_t at = 0; at < len;) {
        struct iow_address address;
        const char *name;
        size_t n = next_component(path, len, &at, &name);

        ends_in_own = false;
        if (is_host_bridge(name, n)) {
            pass_host_bridge(&w);
        } else if (iow_parse_address_name(name, n, &address) == 0) {
            pass_function(&w, &address);
            ends_in_own = iow_address_compare(&address, own) == 0;
        }
    }
    if (!ends_in_own)
        return -IOW_EINVAL;
    *ret = w.place;
    return 0;
}

int iow_parse_last_function(const char *path, size_t len, struct iow_address *ret)
{
    int r = -IOW_EINVAL;

    for (size_t at = 0; at < len;) {
        const char *name;
        size_t n = next_component(path, len, &at, &name);

        if (iow_parse_address_name(name, n, ret) == 0)
            r = 0;
    }
    return r;
}
