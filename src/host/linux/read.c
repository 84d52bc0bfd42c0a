/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/read.h"

#include "base/explain.h"
#include "base/limits.h"

/* Groups come before functions: whether a group has a vfio node decides which attributes of its functions may
 * be read. */
static int read_lists(
    struct iow_reader *rd, struct iow_facts_builder *builder, struct iow_found_functions *found)
{
    int r;

    iow_read_machine(rd);
    if (!rd->fatal)
        iow_read_groups(rd, builder);
    r = rd->fatal ? rd->fatal : iow_read_function_list(rd, builder, found);
    return r < 0 ? r : iow_facts_finish(builder, &rd->facts, rd->reterr);
}

static int read_rest(struct iow_reader *rd, struct iow_found_functions *found)
{
    struct iow_facts *facts = rd->facts;
    struct iow_kernel_looks *looks = rd->what & IOW_READ_KERNEL ? iow_kernel_look_first(rd) : NULL;

    iow_read_nodes(rd);
    iow_read_functions(rd, found);
    if (!rd->fatal)
        iow_check_listings(rd);
    if (!rd->fatal && iow_facts_complete_groups(facts) < 0)
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
    if (rd->what & IOW_READ_REGIONS)
        for (uint32_t i = 0; i < facts->n_groups && !rd->fatal; i++)
            iow_read_regions(rd, &facts->groups[i]);
    if (rd->what & IOW_READ_HOLDERS && !rd->fatal)
        iow_read_holders(rd);
    if (rd->what & IOW_READ_NAMES && !rd->fatal)
        iow_read_names(rd);
    if (rd->what & IOW_READ_SURROUNDINGS && !rd->fatal)
        iow_read_surroundings(rd);
    if (rd->what & IOW_READ_KERNEL)
        iow_read_kernel(rd, looks);
    return rd->fatal;
}

int iow_facts_read(
    struct iow_source *source, unsigned what, struct iow_facts **ret, struct iow_explain *reterr)
{
    struct iow_found_functions found = {0};
    struct iow_facts_builder builder;
    struct iow_reader rd = {.source = source, .what = what, .reterr = reterr};
    int r = iow_facts_builder_init(&builder, source->provenance);

    if (r < 0)
        return iow_explain(reterr, r, IOW_RULE_READ_NO_MEMORY);
    rd.facts = builder.facts;
    r = read_lists(&rd, &builder, &found);
    if (r == 0) {
        r = read_rest(&rd, &found);
        if (r == 0)
            *ret = rd.facts;
        else
            iow_facts_free(rd.facts);
    }
    iow_found_functions_done(&found);
    iow_listings_done(&rd.listings);
    iow_facts_builder_done(&builder);
    return r;
}

int iow_facts_read_details(
    struct iow_source *source, struct iow_facts *facts, uint32_t function, struct iow_explain *reterr)
{
    struct iow_reader rd = {.source = source, .facts = facts, .reterr = reterr};
    char name[IOW_ADDRESS_TEXT], path[IOW_MAX_PATH] = "";
    struct iow_function *f;
    int folder;

    if (function >= facts->n_functions)
        return iow_explain(reterr, -IOW_ENOENT, IOW_RULE_NONE);
    f = &facts->functions[function];
    if (f->known & IOW_FUNCTION_DETAILS || f->dying)
        return 0;
    iow_address_format(&f->address, name);
    folder = iow_reader_open_link(&rd, IOW_PCI_DEVICES, name, path, sizeof(path));
    if (folder >= 0) {
        iow_read_details(&rd, f, folder);
        source->ops->close(source, folder);
    } else if (iow_reader_gone(folder)) {
        iow_read_vanished(&rd, f);
    } else {
        struct iow_subject subject = iow_subject_function(&f->address);

        iow_reader_failed(&rd, folder, &subject, path);
    }
    return rd.fatal;
}

int iow_facts_read_names(struct iow_source *source, struct iow_facts *facts, struct iow_explain *reterr)
{
    struct iow_reader rd = {.source = source, .facts = facts, .reterr = reterr};

    if (!facts->names_read)
        iow_read_names(&rd);
    return rd.fatal;
}

int iow_facts_read_regions(
    struct iow_source *source, struct iow_facts *facts, uint32_t group, struct iow_explain *reterr)
{
    struct iow_reader rd = {.source = source, .facts = facts, .reterr = reterr};

    if (group >= facts->n_groups)
        return iow_explain(reterr, -IOW_ENOENT, IOW_RULE_NONE);
    iow_read_regions(&rd, &facts->groups[group]);
    return rd.fatal;
}
