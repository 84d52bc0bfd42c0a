/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read a machine with everything in it, keep what was read, make it fit for strangers, write it. */
#include "base/cleanup.h"
#include "base/explain.h"
#include "host/linux/archive.h"
#include "host/linux/capture-json.h"
#include "host/linux/capture-redact.h"
#include "host/linux/record.h"

#include <string.h>

/* HOST_NAME_MAX and room for a domain, as in struct utsname. */
#define HOST_BYTES 256

static void close_source(struct iow_source **source)
{
    iow_source_close(*source);
}

/* "" when it is not told or says nothing about the machine. */
static void read_host(struct iow_source *source, char host[HOST_BYTES])
{
    static const char *const anybody[] = {"localhost", "localhost.localdomain", "(none)"};

    if (iow_source_read_text(source, IOW_SOURCE_ROOT, "proc/sys/kernel/hostname", host, HOST_BYTES) < 0)
        host[0] = '\0';
    for (size_t i = 0; i < sizeof(anybody) / sizeof(anybody[0]); i++)
        if (!strcmp(host, anybody[i]))
            host[0] = '\0';
}

static int record(struct iow_source *recording, bool *holders_complete, struct iow_explain *reterr)
{
    struct iow_facts *facts = NULL;
    int r = iow_facts_read(recording, IOW_READ_ALL, &facts, reterr);

    if (r == 0)
        *holders_complete = iow_facts_machine(facts)->holders_complete;
    iow_facts_free(facts);
    if (r < 0)
        return r;
    r = iow_record_error(recording);
    if (r == -IOW_E2BIG)
        return iow_explain(reterr, r, IOW_RULE_CAP_TOO_BIG);
    return r < 0 ? iow_explain(reterr, r, IOW_RULE_NONE) : 0;
}

int iow_capture_write(struct iow_source *source, int fd, unsigned flags, struct iow_explain *reterr)
{
    IOW_CLEANUP(close_source) struct iow_source *recording = NULL;
    IOW_CLEANUP_FREE char *label = NULL;
    bool redact = !(flags & IOW_CAPTURE_KEEP_PRIVATE), holders_complete = false;
    char host[HOST_BYTES];
    struct iow_tree *tree;
    size_t label_len;
    int r = iow_record_borrowed(source, &recording);

    if (r < 0)
        return iow_explain(reterr, r, IOW_RULE_NONE);
    r = record(recording, &holders_complete, reterr);
    if (r < 0)
        return r;
    tree = iow_record_tree(recording);
    iow_tree_sort(tree);
    read_host(source, host);
    if (redact && iow_capture_redact(tree, host) < 0)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    if (iow_capture_make_label(tree, redact, holders_complete, &label, &label_len) < 0)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    return iow_archive_write(tree, label, label_len, fd, reterr);
}
