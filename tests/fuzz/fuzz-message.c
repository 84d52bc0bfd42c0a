/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stranger's log, explained on a small machine in both formats. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/message.h"
#include "tree.h"

#define CARD "sys/devices/pci0000:00/0000:01:00."

static const char machine[] =
    "proc/sys/kernel/osrelease\tT\t6.12.1-amd64\n"
    "sys/class/iommu/dmar0\tD\n"
    "sys/bus/pci/devices/0000:01:00.0\tL\t../../../devices/pci0000:00/0000:01:00.0\n"
    "sys/bus/pci/devices/0000:01:00.1\tL\t../../../devices/pci0000:00/0000:01:00.1\n" CARD
    "0/driver\tL\t../../../bus/pci/drivers/vfio-pci\n" CARD
    "1/driver\tL\t../../../bus/pci/drivers/e1000e\n" CARD
    "0/iommu_group\tL\t../../../kernel/iommu_groups/7\n" CARD
    "1/iommu_group\tL\t../../../kernel/iommu_groups/7\n"
    "sys/kernel/iommu_groups/7/devices/0000:01:00.0\tL\t../../../../devices/pci0000:00/0000:01:00.0\n"
    "sys/kernel/iommu_groups/7/devices/0000:01:00.1\tL\t../../../../devices/pci0000:00/0000:01:00.1\n";

static void take(struct iow_message_log *log, const uint8_t *data, size_t size, struct iow_mem *mem)
{
    char *text = calloc(size + 1, 1), *rest = text, *line;

    FUZZ_REQUIRE(text);
    memcpy(text, data, size);
    while ((line = strsep(&rest, "\n")))
        FUZZ_REQUIRE(iow_message_take(log, line, mem) == 0);
    free(text);
}

/* Read once: the machine is always the same. */
static const struct iow_facts *small_machine(void)
{
    static struct iow_facts *facts;
    struct iow_source *source;

    if (!facts) {
        FUZZ_REQUIRE(iow_source_memory(&source) == 0);
        fuzz_tree(source, machine, sizeof(machine) - 1);
        FUZZ_REQUIRE(iow_facts_read(source, 0, &facts, NULL) == 0);
        FUZZ_REQUIRE(iow_facts_function_at(facts, 1) && iow_facts_group_at(facts, 0));
        iow_source_close(source);
    }
    return facts;
}

static void explain(const struct iow_facts *facts, const struct iow_message_log *log, struct iow_mem *mem)
{
    struct iow_analysis *analysis;
    struct iow_view *view;
    FILE *out = fopen("/dev/null", "w");

    FUZZ_REQUIRE(out);
    FUZZ_REQUIRE(iow_analyse(facts, mem, &analysis, NULL) == 0);
    FUZZ_REQUIRE(iow_view_build(analysis, NULL, NULL, mem, &view) == 0);
    FUZZ_REQUIRE(iow_messages_text(view, log, mem, out) == 0);
    FUZZ_REQUIRE(iow_messages_json(view, log, mem, out) == 0);
    (void)fclose(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iow_message_log log = {0};
    struct iow_mem mem;
    uint32_t n = 0;

    iow_mem_init_malloc(&mem);
    take(&log, data, size, &mem);
    for (const struct iow_message *m = log.first; m; m = m->next, n++)
        FUZZ_REQUIRE(m->times && m->first_line <= log.n_lines && m->parts.text_len <= strlen(m->line));
    FUZZ_REQUIRE(n == log.n && n <= IOW_MESSAGE_MOST && log.n_unknown <= log.n_lines);
    explain(small_machine(), &log, &mem);
    iow_mem_done(&mem);
    return 0;
}
