/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/capture-redact.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "facts/redact.h"

/* The MAC addresses met in names, each once: a link and what it points to must be renamed alike. */
struct macs {
    char (*mac)[IOW_REDACT_MAC];
    size_t n, room;
};

static int number_of(struct macs *macs, const char *mac, uint32_t *ret)
{
    for (size_t i = 0; i < macs->n; i++)
        if (!memcmp(macs->mac[i], mac, IOW_REDACT_MAC)) {
            *ret = (uint32_t)i;
            return 0;
        }
    if (macs->n == macs->room) {
        size_t room = macs->room ? macs->room * 2 : 16;
        void *more = realloc(macs->mac, room * sizeof(*macs->mac));

        if (!more)
            return -IOW_ENOMEM;
        macs->mac = more;
        macs->room = room;
    }
    memcpy(macs->mac[macs->n], mac, IOW_REDACT_MAC);
    *ret = (uint32_t)macs->n++;
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

static void free_macs(struct macs *macs)
{
    free(macs->mac);
}

int iow_capture_redact(struct iow_tree *tree, const char *host)
{
    IOW_CLEANUP(free_macs) struct macs macs = {.mac = NULL};
    char path[IOW_MAX_PATH];
    int r = 0;

    for (struct iow_tree_node *node = tree->root; node && !r; node = iow_tree_next(tree->root, node)) {
        if (node->kind == IOW_TREE_FILE)
            redact_file(node, iow_tree_path(tree->root, node, path), host);
        r = redact_name(&macs, node->name, strlen(node->name));
        if (r == 0 && node->kind == IOW_TREE_LINK && node->bytes)
            r = redact_name(&macs, node->bytes, node->len);
    }
    return r;
}
