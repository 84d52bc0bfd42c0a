/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stranger's list of accepted risks, read behind another. */
#include "fuzz.h"

#include <ioward/audit.h>
#include <string.h>

#include "base/limits.h"

static const char before[] = "[accept]\nrule=IOW-REM-DRIFT\nreason=r\nuntil=2027-01-31\n";

static void check(const struct iow_acceptance *a)
{
    struct iow_audit_row row;
    int32_t until;
    uint32_t i = 0;

    while (iow_audit_row_at(i, &row) && row.rule != a->rule)
        i++;
    FUZZ_REQUIRE(row.rule == a->rule);
    FUZZ_REQUIRE(a->reason && *a->reason && (!a->name || *a->name) && a->line && a->file);
    FUZZ_REQUIRE(a->n_devices <= IOW_MAX_ACCEPTED_DEVICES && (a->devices || !a->n_devices));
    FUZZ_REQUIRE(iow_date_parse(a->until_text, strlen(a->until_text), &until) == 0 && until == a->until);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iow_acceptance *list = NULL;
    struct iow_explain why = {0};
    struct iow_mem mem;
    uint32_t n = 0;

    iow_mem_init_malloc(&mem);
    FUZZ_REQUIRE(
        iow_accept_parse(before, sizeof(before) - 1, "before", &mem, &list, &n, &why) == 0 && n == 1);
    if (iow_accept_parse((const char *)data, size, "fuzz", &mem, &list, &n, &why) < 0)
        FUZZ_REQUIRE(n == 1 && why.code == -IOW_EINVAL && why.evidence[0].seen > 0);
    for (uint32_t i = 0; i < n; i++)
        check(&list[i]);
    FUZZ_REQUIRE(strcmp(list[0].file, "before") == 0);
    iow_mem_done(&mem);
    return 0;
}
