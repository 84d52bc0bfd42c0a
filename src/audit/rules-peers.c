/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about what the kernel can be asked to do between devices, beside the owners of their groups. */
#include "audit/rules.h"

static void check_modules(struct iow_audit_run *run)
{
    const struct iow_machine *m = &run->facts->machine;

    if (!m->surroundings)
        iow_unknown_machine(run, "which modules are loaded");
    for (uint32_t i = 0; i < m->n_modules; i++)
        iow_found_machine(run)->name = m->modules[i];
}

static void check_memory(struct iow_audit_run *run)
{
    const struct iow_facts *facts = run->facts;
    bool told = facts->machine.surroundings;

    for (uint32_t i = 0; i < facts->n_functions; i++) {
        told &= (facts->functions[i].known & IOW_FUNCTION_DETAILS) != 0;
        if (facts->functions[i].peer_memory)
            iow_found_function(run, i, IOW_NONE);
    }
    if (!told)
        iow_unknown_machine(run, "which devices offer memory to others");
}

static const struct iow_audit_check checks[] = {
    {IOW_RULE_REM_PEER_MODULE, IOW_NOTICE, false, check_modules},
    {IOW_RULE_REM_PEER_MEMORY, IOW_NOTICE, false, check_memory},
};

const struct iow_audit_area iow_audit_of_peers = IOW_AUDIT_AREA(checks);
