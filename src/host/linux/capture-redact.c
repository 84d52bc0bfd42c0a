/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/capture-redact.h"

#include <search.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "facts/redact.h"

/* Twelve characters of a name: the digits of a MAC address, or what replaces them. */
struct mac {
    char text[IOW_REDACT_MAC];
    uint32_t number;
};

struct macs {
    struct iow_mem mem;
    void *met;   /* tsearch(3) of those in names, each once: a link and what it points to are renamed alike */
    void *taken; /* tsearch(3) of replacements that stood in names before */
    uint32_t next;
};

static int compare(const void *a, const void *b)
{
    return memcmp(((const struct mac *)a)->text, ((const struct mac *)b)->text, IOW_REDACT_MAC);
}

/* The one with this text, made if there is none; NULL without memory. */
static struct mac *find_or_add(struct macs *macs, void **set, const char *text, bool *added)
{
    struct mac key, **found, *mac;

    memcpy(key.text, text, IOW_REDACT_MAC);
    found = tfind(&key, set, compare);
    *added = !found;
    if (found)
        return *found;
    mac = iow_mem_alloc(&macs->mem, 1, sizeof(*mac));
    if (!mac)
        return NULL;
    memcpy(mac->text, text, IOW_REDACT_MAC);
    return tsearch(mac, set, compare) ? mac : NULL;
}

/* The next number whose replacement no other name has. */
static uint32_t new_number(struct macs *macs)
{
    struct mac key;
    uint32_t number;

    do {
        number = macs->next++;
        iow_redact_write_mac(key.text, number);
    } while (tfind(&key, &macs->taken, compare));
    return number;
}

static int number_of(struct macs *macs, const char *text, uint32_t *ret)
{
    bool added;
    struct mac *mac = find_or_add(macs, &macs->met, text, &added);

    if (!mac)
        return -IOW_ENOMEM;
    if (added)
        mac->number = new_number(macs);
    *ret = mac->number;
    return 0;
}

/* Is this what iow_redact_write_mac() writes: X, then at least four digits? */
static bool is_replacement(const char text[IOW_REDACT_MAC])
{
    size_t n = 0;

    while (n < IOW_REDACT_MAC && text[n] == 'X')
        n++;
    if (n == 0 || n > IOW_REDACT_MAC - 4)
        return false;
    while (n < IOW_REDACT_MAC && text[n] >= '0' && text[n] <= '9')
        n++;
    return n == IOW_REDACT_MAC;
}

static int note_taken(struct macs *macs, char *text, size_t len)
{
    bool added;

    for (size_t at = 0; at + IOW_REDACT_MAC <= len; at++)
        if (is_replacement(text + at) && !find_or_add(macs, &macs->taken, text + at, &added))
            return -IOW_ENOMEM;
    return 0;
}

static int redact_name(struct macs *macs, char *text, size_t len)
{
    for (size_t at = 0; (at = iow_redact_find_mac(text, len, at)) < len; at += IOW_REDACT_MAC) {
        uint32_t number;
        int r = number_of(macs, text + at, &number);

        if (r < 0)
            return r;
        iow_redact_write_mac(text + at, number);
    }
    return 0;
}

/*
 * Process names in the answer of a probe. Only they are searched for the host name: a host that is called
 * like a key of the JSON must not break it. Inside a string, quotes are escaped, so a key cannot be imitated.
 */
static void redact_commands(char *json, size_t len, const char *host)
{
    static const char key[] = "\"command\"";
    char *end = json + len, *at = json;

    while ((at = memmem(at, (size_t)(end - at), key, sizeof(key) - 1))) {
        char *first;

        for (at += sizeof(key) - 1; at < end && strchr(" \t\n:", *at);)
            at++;
        if (at == end || *at != '"')
            continue;
        for (first = ++at; at < end && *at != '"';)
            at += *at == '\\' && at + 1 < end ? 2 : 1;
        iow_redact_text(first, (size_t)(at - first), host);
    }
}

static bool has_prefix(const char *text, const char *prefix)
{
    return !strncmp(text, prefix, strlen(prefix));
}

static void redact_file(struct iow_tree_node *node, const char *path, const char *host)
{
    if (!node->bytes)
        return;
    if (!strcmp(node->name, "config")) {
        iow_redact_config((uint8_t *)node->bytes, node->len);
        return;
    }
    if (has_prefix(path, "probe/"))
        redact_commands(node->bytes, node->len, host);
    iow_redact_text(node->bytes, node->len, has_prefix(path, "proc/cmdline") ? host : NULL);
}

static void keep(void *mac)
{
    (void)mac; /* the arena owns it */
}

static void free_macs(struct macs *macs)
{
    tdestroy(macs->met, keep);
    tdestroy(macs->taken, keep);
    iow_mem_done(&macs->mem);
}

/* Does the same with a node's name and, if it is a link, with its text. */
static int with_names(
    struct macs *macs, struct iow_tree_node *node, int (*apply)(struct macs *macs, char *text, size_t len))
{
    int r = apply(macs, node->name, strlen(node->name));

    return r < 0 || node->kind != IOW_TREE_LINK || !node->bytes ? r : apply(macs, node->bytes, node->len);
}

int iow_capture_redact(struct iow_tree *tree, const char *host)
{
    IOW_CLEANUP(free_macs) struct macs macs = {.next = 0};
    char path[IOW_MAX_PATH];
    int r = 0;

    iow_mem_init_malloc(&macs.mem);
    for (struct iow_tree_node *node = tree->root; node && !r; node = iow_tree_next(tree->root, node))
        r = with_names(&macs, node, note_taken);
    for (struct iow_tree_node *node = tree->root; node && !r; node = iow_tree_next(tree->root, node)) {
        if (node->kind == IOW_TREE_FILE)
            redact_file(node, iow_tree_path(tree->root, node, path), host);
        r = with_names(&macs, node, redact_name);
    }
    return r;
}
