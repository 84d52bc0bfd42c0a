/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/acs.h>

/* Invalid Receive Bus Number Check Enable: the last thing that the kernel's enable step for these ports sets
 * (drivers/pci/quirks.c pci_quirk_enable_intel_rp_mpc_acs()). Firmware may have set it, too. */
#define INTEL_MPC_IRBNCE (1u << 26)

static struct iow_acs_answer answer(enum iow_acs_basis basis, uint16_t missing)
{
    return (struct iow_acs_answer){
        .value = missing ? IOW_ACS_NO : IOW_ACS_YES, .basis = basis, .missing = missing, .quirk = UINT16_MAX};
}

static struct iow_acs_answer never(enum iow_acs_basis basis)
{
    return (struct iow_acs_answer){.value = IOW_ACS_NO, .basis = basis, .quirk = UINT16_MAX};
}

static struct iow_acs_answer unknown(void)
{
    return (struct iow_acs_answer){.value = IOW_ACS_UNKNOWN, .basis = IOW_ACS_BY_UNREAD, .quirk = UINT16_MAX};
}

static struct iow_acs_answer by_quirk(const struct iow_config *config, const struct iow_acs_context *context,
    uint16_t required, const struct iow_acs_quirk *quirk)
{
    uint16_t has = quirk->provides;
    struct iow_acs_answer a;

    switch ((enum iow_acs_quirk_answer)quirk->answer) {
    case IOW_ACS_QUIRK_PROVIDES:
        break;
    case IOW_ACS_QUIRK_NEVER:
        return never(IOW_ACS_BY_QUIRK);
    case IOW_ACS_QUIRK_DWORD:
        required &= (uint16_t)(config->acs_dword_cap | IOW_ACS_EC);
        has = (uint16_t)config->acs_dword_ctrl;
        break;
    case IOW_ACS_QUIRK_AMD_SB:
        required &= IOW_ACS_RR | IOW_ACS_CR | IOW_ACS_EC | IOW_ACS_DT;
        break;
    case IOW_ACS_QUIRK_PCH:
        if (!context->acs_requested || !(config->mpc & INTEL_MPC_IRBNCE))
            return never(IOW_ACS_BY_QUIRK);
        a = answer(IOW_ACS_BY_QUIRK, required & (uint16_t)~has);
        a.assumed = true;
        return a;
    }
    return answer(IOW_ACS_BY_QUIRK, required & (uint16_t)~has);
}

static struct iow_acs_answer by_registers(const struct iow_config *config, uint16_t required)
{
    if (!(config->known & IOW_CONFIG_EXT_CAPS))
        return unknown();
    if (!config->acs_offset)
        return never(IOW_ACS_BY_NO_CAPABILITY);
    required &= config->acs_cap | IOW_ACS_EC;
    return answer(IOW_ACS_BY_BITS, required & (uint16_t)~config->acs_ctrl);
}

static struct iow_acs_answer by_type(
    const struct iow_config *config, const struct iow_acs_context *context, uint16_t required)
{
    switch (config->pcie_type) {
    case IOW_PCIE_NONE:
        return never(IOW_ACS_BY_CONVENTIONAL);
    case IOW_PCIE_TO_PCI_BRIDGE:
    case IOW_PCI_TO_PCIE_BRIDGE:
    case IOW_PCIE_RC_EVENT_COLLECTOR:
        return never(IOW_ACS_BY_BRIDGE_TYPE);
    case IOW_PCIE_ROOT_PORT:
    case IOW_PCIE_DOWNSTREAM_PORT:
        return by_registers(config, required);
    case IOW_PCIE_ENDPOINT:
    case IOW_PCIE_LEGACY_ENDPOINT:
    case IOW_PCIE_RC_ENDPOINT:
    case IOW_PCIE_UPSTREAM_PORT:
        if (context->multifunction)
            return by_registers(config, required);
        return answer(IOW_ACS_BY_SINGLE_FUNCTION, 0);
    default:
        return answer(IOW_ACS_BY_OTHER_TYPE, 0);
    }
}

struct iow_acs_answer iow_acs_enabled(
    const struct iow_config *config, const struct iow_acs_context *context, uint16_t required)
{
    struct iow_acs_answer a;
    uint32_t row;

    if (!(config->known & IOW_CONFIG_IDS) || !(config->known & IOW_CONFIG_CAPS))
        return unknown();
    row = iow_acs_quirk_find(config, context);
    if (row == IOW_NONE)
        return by_type(config, context, required);
    a = by_quirk(config, context, required, iow_acs_quirk_at(row));
    a.quirk = (uint16_t)row;
    return a;
}
