/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/config.h>

#include "base/explain.h"
#include "base/memory.h"

/* Offsets and bits of include/uapi/linux/pci_regs.h. */
enum {
    HEADER_BYTES = 64,
    EXTENDED_START = 0x100,
    SPACE_END = 0x1000,

    STATUS_CAPABILITIES = 0x10,
    CAPABILITIES_POINTER = 0x34,
    CAPABILITIES_POINTER_CARDBUS = 0x14,

    BARS = 0x10,
    LINK_CAPABILITIES = 0x0c, /* in the PCI Express capability */
    ACS_EGRESS = 0x08,        /* here and below: in their extended capabilities */
    ATS_REGISTERS = 0x04,
    SRIOV_CONTROL = 0x08,
    SRIOV_BARS = 0x24,

    CAPABILITY_EXPRESS = 0x10,
    EXTENDED_ACS = 0x0d,
    EXTENDED_ATS = 0x0f,
    EXTENDED_SRIOV = 0x10,

    VENDOR_INTEL = 0x8086,
    INTEL_MPC = 0xd8,
};

static uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)get16(p) | (uint32_t)get16(p + 2) << 16;
}

/* 1 when all len bytes came, 0 when fewer did, or the reader's error. */
static int read_all(const struct iow_config_reader *reader, uint32_t offset, void *buf, uint32_t len)
{
    int n = reader->read(reader->ctx, offset, buf, len);

    return n < 0 ? n : n == (int)len;
}

static int read32(const struct iow_config_reader *reader, uint32_t offset, uint32_t *ret)
{
    uint8_t raw[4];
    int r = read_all(reader, offset, raw, sizeof(raw));

    if (r > 0)
        *ret = get32(raw);
    return r;
}

static int explain_offset(
    struct iow_explain *reterr, int code, enum iow_rule rule, uint64_t seen, uint64_t wanted, uint32_t offset)
{
    iow_explain(reterr, code, rule);
    iow_explain_evidence(reterr, seen, wanted, offset);
    return code;
}

/* Takes a capability and the dword it starts with; other than 0 ends the walk. */
typedef int visit_fn(void *ctx, const struct iow_capability *cap, uint32_t entry);

/* The dwords of config space that a list went through: a list that returns to one never ends. */
struct visited {
    uint64_t word[SPACE_END / 4 / 64];
};

static bool visit_once(struct visited *visited, uint32_t offset)
{
    uint64_t bit = UINT64_C(1) << (offset / 4 % 64);
    uint64_t *word = &visited->word[offset / 4 / 64];
    bool fresh = !(*word & bit);

    *word |= bit;
    return fresh;
}

/*
 * Both walks return 1 at the end of the list, 0 when it goes on where the reader gives nothing, a negative
 * error, or whatever ended it early.
 */
static int walk_conventional(const struct iow_config_reader *reader, uint8_t pointer, visit_fn *visit,
    void *ctx, struct iow_explain *reterr)
{
    struct visited visited = {0};
    uint32_t at = pointer & ~3u, from = CAPABILITIES_POINTER;

    while (at) {
        struct iow_capability cap = {0};
        uint32_t entry;
        int r;

        if (at < HEADER_BYTES)
            return explain_offset(reterr, -IOW_EINVAL, IOW_RULE_READ_CONFIG_POINTER, at, HEADER_BYTES, from);
        if (!visit_once(&visited, at))
            return explain_offset(reterr, -IOW_ELOOP, IOW_RULE_READ_CONFIG_LOOP, at, 0, from);
        r = read32(reader, at, &entry);
        if (r <= 0)
            return r;
        if ((entry & 0xff) == 0xff) /* no device answers there: the kernel ends its walk here, too */
            return 1;
        cap.id = (uint16_t)(entry & 0xff);
        cap.offset = (uint16_t)at;
        r = visit(ctx, &cap, entry);
        if (r)
            return r;
        from = at;
        at = entry >> 8 & 0xfc;
    }
    return 1;
}

static int walk_extended(
    const struct iow_config_reader *reader, visit_fn *visit, void *ctx, struct iow_explain *reterr)
{
    struct visited visited = {0};
    uint32_t at = EXTENDED_START, from = 0;

    while (at) {
        struct iow_capability cap = {.extended = true};
        uint32_t entry;
        int r;

        if (at < EXTENDED_START)
            return explain_offset(
                reterr, -IOW_EINVAL, IOW_RULE_READ_CONFIG_POINTER, at, EXTENDED_START, from);
        if (!visit_once(&visited, at))
            return explain_offset(reterr, -IOW_ELOOP, IOW_RULE_READ_CONFIG_LOOP, at, 0, from);
        r = read32(reader, at, &entry);
        if (r < 0)
            return r;
        /* A function without extended space ends at 100h: then there is no list, which is an answer. */
        if (r == 0)
            return at == EXTENDED_START;
        if (entry == 0 || entry == UINT32_MAX)
            return 1;
        cap.id = (uint16_t)entry;
        cap.version = entry >> 16 & 15;
        cap.offset = (uint16_t)at;
        r = visit(ctx, &cap, entry);
        if (r)
            return r;
        from = at;
        at = entry >> 20 & 0xffc;
    }
    return 1;
}

static void close_windows(struct iow_windows *w)
{
    *w = (struct iow_windows){.io_base = 1, .memory_base = 1, .prefetch_base = 1};
}

static void decode_windows(const uint8_t *h, struct iow_windows *w)
{
    w->io_base = (uint64_t)(h[0x1c] & 0xf0) << 8;
    w->io_last = (uint64_t)(h[0x1d] & 0xf0) << 8 | 0xfff;
    if ((h[0x1c] & 15) == 1) {
        w->io_base |= (uint64_t)get16(h + 0x30) << 16;
        w->io_last |= (uint64_t)get16(h + 0x32) << 16;
    }
    w->memory_base = (uint64_t)(get16(h + 0x20) & 0xfff0) << 16;
    w->memory_last = (uint64_t)(get16(h + 0x22) & 0xfff0) << 16 | 0xfffff;
    w->prefetch_base = (uint64_t)(get16(h + 0x24) & 0xfff0) << 16;
    w->prefetch_last = (uint64_t)(get16(h + 0x26) & 0xfff0) << 16 | 0xfffff;
    if ((h[0x24] & 15) == 1) {
        w->prefetch_base |= (uint64_t)get32(h + 0x28) << 32;
        w->prefetch_last |= (uint64_t)get32(h + 0x2c) << 32;
    }
}

/* PC Card Standard 8.0 volume 2 section 4.5.2: two ranges of memory in units of 4 KiB. */
static void decode_cardbus_windows(const uint8_t *h, struct iow_windows *w)
{
    close_windows(w);
    w->memory_base = get32(h + 0x1c) & ~0xfffu;
    w->memory_last = get32(h + 0x20) | 0xfffu;
    w->prefetch_base = get32(h + 0x24) & ~0xfffu;
    w->prefetch_last = get32(h + 0x28) | 0xfffu;
}

static void decode_bridge(const uint8_t *h, struct iow_config *c)
{
    c->primary = h[0x18];
    c->secondary = h[0x19];
    c->subordinate = h[0x1a];
    c->bridge_control = get16(h + 0x3e);
    if (c->header_type == 1)
        decode_windows(h, &c->windows);
    else
        decode_cardbus_windows(h, &c->windows);
}

static void decode_bars(const uint8_t *h, struct iow_config *c)
{
    static const uint8_t n_bars[] = {IOW_BARS, 2, 1};

    for (uint32_t i = 0; c->header_type < 3 && i < n_bars[c->header_type]; i++)
        c->bar[i] = get32(h + BARS + 4 * i);
}

static void decode_header(const uint8_t *h, struct iow_config *c)
{
    c->vendor = get16(h);
    c->device = get16(h + 2);
    c->command = get16(h + 4);
    c->status = get16(h + 6);
    c->revision = h[8];
    c->class_code = get32(h + 8) >> 8;
    c->header_type = h[14] & 0x7f;
    c->multifunction = h[14] & 0x80;
    if (c->header_type == 0) {
        c->subvendor = get16(h + 0x2c);
        c->subdevice = get16(h + 0x2e);
    }
    decode_bars(h, c);
    if (iow_config_is_bridge(c))
        decode_bridge(h, c);
    c->known |= IOW_CONFIG_HEADER;
    if (c->vendor != 0xffff)
        c->known |= IOW_CONFIG_IDS;
}

static uint8_t capabilities_pointer(const uint8_t *h)
{
    if (!(get16(h + 6) & STATUS_CAPABILITIES))
        return 0;
    return h[(h[14] & 0x7f) == 2 ? CAPABILITIES_POINTER_CARDBUS : CAPABILITIES_POINTER];
}

struct decoding {
    const struct iow_config_reader *reader;
    struct iow_config *config;
};

static int note_conventional(void *ctx, const struct iow_capability *cap, uint32_t entry)
{
    struct decoding *d = ctx;

    if (cap->id != CAPABILITY_EXPRESS || d->config->pcie_offset)
        return 0;
    d->config->pcie_offset = cap->offset;
    d->config->pcie_type = entry >> 20 & 15;
    return 0;
}

static bool is_port(const struct iow_config *c)
{
    return c->pcie_type == IOW_PCIE_ROOT_PORT || c->pcie_type == IOW_PCIE_UPSTREAM_PORT ||
           c->pcie_type == IOW_PCIE_DOWNSTREAM_PORT;
}

/* Some registers of a capability; those that do not fit in its space are no registers. 1, 0 or an error. */
static int read_registers(
    const struct iow_config_reader *reader, uint32_t offset, uint32_t *ret, uint32_t n, uint32_t end)
{
    uint8_t raw[4 * IOW_EGRESS_PORTS / 32];
    int r;

    if (offset + 4 * n > end)
        return 1;
    r = read_all(reader, offset, raw, 4 * n);
    for (uint32_t i = 0; r > 0 && i < n; i++)
        ret[i] = get32(raw + 4 * i);
    return r;
}

static int read_port_number(struct decoding *d)
{
    uint32_t link = 0;
    int r = is_port(d->config) ? read_registers(d->reader, d->config->pcie_offset + LINK_CAPABILITIES, &link,
                                     1, EXTENDED_START)
                               : 1;

    d->config->port_number = (uint8_t)(link >> 24);
    return r;
}

/* As many bits as the capability says; a size of 0 means 256. */
static int read_egress(struct decoding *d)
{
    struct iow_config *c = d->config;
    uint32_t size = c->acs_cap >> 8 ? c->acs_cap >> 8 : IOW_EGRESS_PORTS, n = (size + 31) / 32;
    int r;

    if (!(c->acs_cap & c->acs_ctrl & IOW_ACS_EC))
        return 1;
    r = read_registers(d->reader, c->acs_offset + ACS_EGRESS, c->acs_egress, n, SPACE_END);
    if (size % 32)
        c->acs_egress[n - 1] &= (UINT32_C(1) << size % 32) - 1;
    return r;
}

static int read_sriov(struct decoding *d)
{
    struct iow_config *c = d->config;
    uint32_t control = 0;
    int r = read_registers(d->reader, c->sriov_offset + SRIOV_CONTROL, &control, 1, SPACE_END);

    c->sriov_ctrl = (uint16_t)control;
    return r > 0 ? read_registers(d->reader, c->sriov_offset + SRIOV_BARS, c->vf_bar, IOW_BARS, SPACE_END)
                 : r;
}

static int read_ats(struct decoding *d)
{
    uint32_t registers = 0;
    int r = read_registers(d->reader, d->config->ats_offset + ATS_REGISTERS, &registers, 1, SPACE_END);

    d->config->ats_ctrl = (uint16_t)(registers >> 16);
    return r;
}

/* The registers of what the walks found. */
static int read_found(struct decoding *d)
{
    const struct iow_config *c = d->config;
    int r = read_port_number(d);

    if (r > 0 && c->acs_offset)
        r = read_egress(d);
    if (r > 0 && c->sriov_offset)
        r = read_sriov(d);
    if (r > 0 && c->ats_offset)
        r = read_ats(d);
    return r;
}

static int read_acs(struct decoding *d, uint16_t offset)
{
    uint8_t raw[8];
    int r;

    if (offset + 12 > SPACE_END)
        return 0;
    r = read_all(d->reader, offset + 4u, raw, sizeof(raw));
    if (r <= 0)
        return r;
    d->config->acs_offset = offset;
    d->config->acs_cap = get16(raw);
    d->config->acs_ctrl = get16(raw + 2);
    d->config->acs_dword_cap = get32(raw);
    d->config->acs_dword_ctrl = get32(raw + 4);
    return 0;
}

/* Only the first of a kind counts, as for the kernel's pci_find_ext_capability(). */
static int note_extended(void *ctx, const struct iow_capability *cap, uint32_t entry)
{
    struct decoding *d = ctx;

    (void)entry;
    if (cap->id == EXTENDED_ACS && !d->config->acs_offset)
        return read_acs(d, cap->offset);
    if (cap->id == EXTENDED_ATS && !d->config->ats_offset)
        d->config->ats_offset = cap->offset;
    if (cap->id == EXTENDED_SRIOV && !d->config->sriov_offset)
        d->config->sriov_offset = cap->offset;
    return 0;
}

static int decode_extended(struct decoding *d, struct iow_explain *reterr)
{
    struct iow_config *c = d->config;
    int r = c->pcie_type == IOW_PCIE_NONE ? 1 : walk_extended(d->reader, note_extended, d, reterr);

    if (r <= 0)
        return r;
    if (c->vendor == VENDOR_INTEL && c->pcie_type == IOW_PCIE_ROOT_PORT && !c->acs_offset) {
        r = read32(d->reader, INTEL_MPC, &c->mpc);
        if (r < 0)
            return r;
    }
    r = read_found(d);
    if (r > 0)
        c->known |= IOW_CONFIG_EXT_CAPS;
    return r;
}

/* What a walk came to: marks damage, names a short read, passes errors on. */
static int conclude(struct iow_config *config, int r, struct iow_explain *reterr)
{
    if (r == -IOW_ELOOP || r == -IOW_EINVAL)
        config->known |= IOW_CONFIG_DAMAGED;
    if (r == 0)
        iow_explain(reterr, 0, IOW_RULE_READ_CONFIG_SHORT);
    return r < 0 ? r : 0;
}

int iow_config_decode(
    const struct iow_config_reader *reader, struct iow_config *ret, struct iow_explain *reterr)
{
    struct decoding d = {.reader = reader, .config = ret};
    uint8_t header[HEADER_BYTES];
    int r;

    memset(ret, 0, sizeof(*ret));
    ret->pcie_type = IOW_PCIE_NONE;
    close_windows(&ret->windows);
    r = read_all(reader, 0, header, sizeof(header));
    if (r <= 0)
        return conclude(ret, r, reterr);
    if (get32(header) == UINT32_MAX && header[14] == 0xff)
        return iow_explain(reterr, -IOW_ENODEV, IOW_RULE_READ_VANISHED);
    decode_header(header, ret);
    r = walk_conventional(reader, capabilities_pointer(header), note_conventional, &d, reterr);
    if (r > 0) {
        ret->known |= IOW_CONFIG_CAPS;
        r = decode_extended(&d, reterr);
    }
    return conclude(ret, r, reterr);
}

struct listing {
    struct iow_capability *list;
    uint32_t n, max;
};

static int note_any(void *ctx, const struct iow_capability *cap, uint32_t entry)
{
    struct listing *l = ctx;

    (void)entry;
    if (l->n == l->max)
        return -IOW_E2BIG;
    l->list[l->n++] = *cap;
    return 0;
}

int iow_config_list(const struct iow_config_reader *reader, const struct iow_config *config,
    struct iow_capability *list, uint32_t max, uint32_t *ret_n, struct iow_explain *reterr)
{
    struct listing l = {.list = list, .max = max};
    uint8_t header[HEADER_BYTES];
    int r = read_all(reader, 0, header, sizeof(header));

    if (r > 0)
        r = walk_conventional(reader, capabilities_pointer(header), note_any, &l, reterr);
    if (r > 0 && config->pcie_type != IOW_PCIE_NONE)
        r = walk_extended(reader, note_any, &l, reterr);
    if (r == -IOW_E2BIG)
        explain_offset(reterr, r, IOW_RULE_READ_CONFIG_MANY, (uint64_t)max + 1, max, 0);
    if (r == 0)
        iow_explain(reterr, 0, IOW_RULE_READ_CONFIG_SHORT);
    *ret_n = l.n;
    return r < 0 ? r : 0;
}

uint32_t iow_config_memory(const uint32_t *bar, uint32_t at, uint64_t *ret)
{
    while (at < IOW_BARS) {
        uint32_t low = bar[at++];
        bool ports = low & 1, wide = (low & 6) == 4;

        *ret = low & ~15u;
        if (!ports && wide && at < IOW_BARS)
            *ret |= (uint64_t)bar[at++] << 32;
        if (!ports && *ret)
            return at;
    }
    return 0;
}
