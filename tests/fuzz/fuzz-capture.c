/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stranger's capture: opening it, reading the machine in it, concluding from it, and writing it again. */
#include "fuzz.h"

#include <ioward/analysis.h>
#include <stdlib.h>
#include <string.h>

#include "host/linux/capture-json.h"
#include "host/linux/capture-redact.h"
#include "host/linux/record.h"
#include "tree.h"

static bool looks_like_archive(const uint8_t *data, size_t size)
{
    static const char *const magic[] = {"\x28\xb5\x2f\xfd", "\x1f\x8b", "\xfd\x37zXZ"};

    for (size_t i = 0; i < sizeof(magic) / sizeof(magic[0]); i++)
        if (size >= strlen(magic[i]) && !memcmp(data, magic[i], strlen(magic[i])))
            return true;
    return size >= 512 && !memcmp(data + 257, "ustar", 5);
}

static void conclude(const struct iow_facts *facts)
{
    const struct iow_link *links;
    struct iow_analysis *analysis;
    struct iow_explain why;
    struct iow_mem mem;
    struct iow_audit audit;
    uint32_t n = 0, n_links;

    iow_mem_init_malloc(&mem);
    if (iow_analyse(facts, &mem, &analysis, &why) == 0) {
        while (iow_facts_function_at(facts, n))
            n++;
        for (uint32_t i = 1; i < n; i++)
            iow_explain_pair(analysis, 0, i, &mem, &links, &n_links);
        FUZZ_REQUIRE(
            iow_audit(analysis, NULL, &mem, &audit) == 0 && audit.n_findings >= analysis->n_findings);
    }
    iow_mem_done(&mem);
}

/* What a recording of the whole reading holds is what a capture would. */
static void read_machine(struct iow_source *recording)
{
    struct iow_facts *facts = NULL;
    struct iow_explain why;
    char *label = NULL;
    size_t len;

    if (iow_facts_read(recording, IOW_READ_ALL, &facts, &why) < 0)
        return;
    conclude(facts);
    iow_facts_free(facts);
    iow_tree_sort(iow_record_tree(recording));
    FUZZ_REQUIRE(iow_capture_redact(iow_record_tree(recording), "host") == 0);
    FUZZ_REQUIRE(iow_capture_make_label(iow_record_tree(recording), true, true, &label, &len) == 0);
    free(label);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iow_source *source, *recording;
    struct iow_explain why;

    if (looks_like_archive(data, size)) {
        if (iow_source_open_memory(data, size, &source, &why) < 0) {
            FUZZ_REQUIRE(why.code < 0);
            return 0;
        }
    } else {
        FUZZ_REQUIRE(iow_source_memory(&source) == 0);
        fuzz_tree(source, (const char *)data, size);
    }
    FUZZ_REQUIRE(iow_source_recording(source, &recording) == 0);
    read_machine(recording);
    iow_source_close(recording);
    return 0;
}
