/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stranger's machine and its stored answers: what it does with its functions. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "facts/facts.h"
#include "tree.h"

static void check(const struct iow_facts *facts)
{
    for (uint32_t i = 0; i < facts->n_uses; i++) {
        const struct iow_use *use = &facts->uses[i], *before = i ? use - 1 : NULL;

        FUZZ_REQUIRE(use->function < facts->n_functions && use->kind < IOW_USE__COUNT);
        FUZZ_REQUIRE(use->name && use->by);
        FUZZ_REQUIRE(!before || before->function <= use->function);
        FUZZ_REQUIRE(!before || before->function < use->function || before->kind <= use->kind);
    }
    for (uint32_t i = 0; i < facts->n_functions; i++)
        FUZZ_REQUIRE(facts->functions[i].known & IOW_FUNCTION_USES);
}

static void read_uses(struct iow_source *source, struct iow_facts *facts)
{
    uint32_t *all = calloc(facts->n_functions + 1, sizeof(*all));
    struct iow_explain why;

    FUZZ_REQUIRE(all);
    for (uint32_t i = 0; i < facts->n_functions; i++)
        all[i] = i;
    if (iow_facts_read_uses(source, facts, all, facts->n_functions, &why) == 0)
        check(facts);
    else
        FUZZ_REQUIRE(why.code < 0 && facts->n_uses == 0);
    free(all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iow_source *source;
    struct iow_facts *facts;
    struct iow_explain why;

    FUZZ_REQUIRE(iow_source_memory(&source) == 0);
    fuzz_tree(source, (const char *)data, size);
    if (iow_facts_read(source, 0, &facts, &why) == 0) {
        read_uses(source, facts);
        iow_facts_free(facts);
    }
    iow_source_close(source);
    return 0;
}
