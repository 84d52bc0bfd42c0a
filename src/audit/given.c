/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which groups are given away, or about to be. */
#include "audit/rules.h"

#include "facts/parse.h"

#include <string.h>

/* Options that have a driver take every device with these ids, at boot: vfio-pci.ids=10de:2204,8086:10d3 */
static const char *const options[] = {"vfio-pci.ids=", "vfio_pci.ids="};

/* One of the ids of an option, "10de:2204" and perhaps more fields, that do not widen what it names. */
static bool id_matches(const char *id, size_t len, const struct iow_config *c)
{
    const char *colon = memchr(id, ':', len), *end;
    uint64_t vendor, device;

    if (!colon)
        return false;
    end = memchr(colon + 1, ':', len - (size_t)(colon + 1 - id));
    if (!end)
        end = id + len;
    return iow_parse_number(id, (size_t)(colon - id), true, UINT32_MAX, &vendor) == 0 &&
           iow_parse_number(colon + 1, (size_t)(end - colon - 1), true, UINT32_MAX, &device) == 0 &&
           vendor == c->vendor && device == c->device;
}

static bool list_names(const char *list, const struct iow_config *c)
{
    for (;;) {
        size_t len = strcspn(list, ", ");

        if (id_matches(list, len, c))
            return true;
        if (list[len] != ',')
            return false;
        list += len + 1;
    }
}

static bool option_names(const char *command_line, const struct iow_config *c)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        for (const char *at = command_line; (at = strstr(at, options[i]));) {
            bool starts = at == command_line || at[-1] == ' ';

            at += strlen(options[i]);
            if (starts && list_names(at, c))
                return true;
        }
    return false;
}

static bool is_given(const struct iow_facts *facts, const struct iow_function *f)
{
    return iow_driver_is_vfio(f->driver) || iow_driver_is_vfio(f->driver_override) ||
           (f->config.known & IOW_CONFIG_IDS && !iow_config_is_bridge(&f->config) &&
               option_names(facts->machine.command_line, &f->config));
}

bool *iow_audit_given(
    const struct iow_facts *facts, const struct iow_audit_request *request, struct iow_mem *mem)
{
    bool *given = iow_mem_alloc(mem, facts->n_groups, sizeof(*given));

    if (!given)
        return NULL;
    for (uint32_t i = 0; i < facts->n_functions; i++) {
        uint32_t g = iow_facts_find_group(facts, facts->functions[i].group);

        if (g != IOW_NONE && is_given(facts, &facts->functions[i]))
            given[g] = true;
    }
    for (uint32_t i = 0; i < request->n_given; i++) {
        uint32_t g = iow_facts_find_group(facts, facts->functions[request->given[i]].group);

        if (g != IOW_NONE)
            given[g] = true;
    }
    return given;
}

int iow_audit_wants_uses(const struct iow_analysis *analysis, const struct iow_audit_request *request,
    struct iow_mem *mem, uint32_t **ret, uint32_t *ret_n)
{
    static const struct iow_audit_request nothing;
    const struct iow_facts *facts = analysis->facts;
    bool *given = iow_audit_given(facts, request ? request : &nothing, mem);
    uint32_t *list = iow_mem_alloc(mem, facts->n_functions, sizeof(*list)), n = 0;

    if (!given || !list)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < facts->n_functions; i++) {
        uint32_t g = iow_facts_find_group(facts, facts->functions[i].group);

        if (g != IOW_NONE && given[g] && !iow_config_is_bridge(&facts->functions[i].config))
            list[n++] = i;
    }
    *ret = list;
    *ret_n = n;
    return 0;
}
