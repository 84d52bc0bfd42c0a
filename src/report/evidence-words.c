/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/evidence-words.h"

#include <inttypes.h>
#include <string.h>

const char *iow_domain_kind_words(enum iow_domain_kind kind)
{
    static const char *const words[IOW_KIND__COUNT] = {
        [IOW_KIND_DEFAULT] = "the default domain",
        [IOW_KIND_BLOCKING] = "the blocking domain",
        [IOW_KIND_TABLE] = "a page table",
        [IOW_KIND_IDENTITY] = "an identity domain",
    };

    return (unsigned)kind < IOW_KIND__COUNT ? words[kind] : "?";
}

const char *iow_domain_type_name(enum iow_domain_type type)
{
    static const char *const name[IOW_TYPE__COUNT] = {
        [IOW_TYPE_NONE] = "none",
        [IOW_TYPE_DMA] = "DMA",
        [IOW_TYPE_DMA_FQ] = "DMA-FQ",
        [IOW_TYPE_IDENTITY] = "identity",
    };

    return (unsigned)type < IOW_TYPE__COUNT ? name[type] : "?";
}

static void put_register(struct iow_text *to, const struct iow_evidence *e)
{
    iow_text_print(to, "; seen 0x%" PRIx64 ", wanted 0x%" PRIx64, e->seen, e->wanted);
    if (e->offset)
        iow_text_print(to, " at offset 0x%" PRIx32, e->offset);
}

/* ": 2 drivers are counted"; what: "driver" */
static void put_number(struct iow_text *to, uint64_t n, const char *what, const char *state)
{
    iow_text_print(to, ": %" PRIu64 " %s%s %s %s", n, what, n == 1 ? "" : "s", n == 1 ? "is" : "are", state);
}

static void put_owner(struct iow_text *to, const struct iow_evidence *e)
{
    if (e->seen)
        iow_text_print(to, ": it is owner %" PRIu64 "'s", e->seen);
    else
        iow_text_puts(to, ": it is a driver's of the kernel");
    if (e->wanted)
        iow_text_print(to, ", and owner %" PRIu64 " asks", e->wanted);
}

static void put_type(struct iow_text *to, const struct iow_evidence *e)
{
    iow_text_print(to, ": it is %s, and %s is wanted", iow_domain_type_name((enum iow_domain_type)e->seen),
        iow_domain_type_name((enum iow_domain_type)e->wanted));
}

void iow_evidence_text(struct iow_text *to, enum iow_evidence_kind kind, const struct iow_evidence *e)
{
    switch (kind) {
    case IOW_EVIDENCE_REGISTER:
        put_register(to, e);
        return;
    case IOW_EVIDENCE_ERRNO:
        iow_text_print(to, ": %s", strerror((int)e->seen));
        return;
    case IOW_EVIDENCE_SILENT:
    case IOW_EVIDENCE_LINE: /* stands with the file */
        return;
    case IOW_EVIDENCE_NUMBER:
        iow_text_print(to, ": %" PRIu64 " are counted already", e->seen);
        return;
    case IOW_EVIDENCE_DRIVERS:
        put_number(to, e->seen, "driver", "counted");
        return;
    case IOW_EVIDENCE_MEMBERS:
        iow_text_print(to, ": it has %" PRIu64 " member%s", e->seen, e->seen == 1 ? "" : "s");
        return;
    case IOW_EVIDENCE_PASIDS:
        put_number(to, e->seen, "PASID", "attached");
        return;
    case IOW_EVIDENCE_OWNER:
        put_owner(to, e);
        return;
    case IOW_EVIDENCE_KIND:
        iow_text_print(to, ": it is on %s", iow_domain_kind_words((enum iow_domain_kind)e->seen));
        return;
    case IOW_EVIDENCE_TYPE:
        put_type(to, e);
        return;
    }
}
