/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files of accepted risks. Strict: what is not understood is an error, never passed over, since a line that
 * is passed over may be the one that narrows what is accepted.
 *
 *   [accept]
 *   rule = IOW-REM-IDLE-MASTER
 *   device = 0000:01:00.1 10de:1aef
 *   reason = left unbound on purpose
 *   until = 2027-01-31
 */
#include "audit/rules.h"
#include "base/explain.h"
#include "base/limits.h"
#include "facts/parse.h"

#include <string.h>

struct span {
    const char *at;
    size_t len;
};

struct parser {
    const char *file;
    struct iow_mem *mem;
    void *list, *devices;
    uint32_t n, line;
    struct iow_acceptance *open; /* the section being read; NULL before the first */
    struct iow_explain *reterr;
};

static int fail(const struct parser *p, enum iow_rule rule, uint32_t line)
{
    iow_explain_text(p->reterr, -IOW_EINVAL, rule, p->file);
    iow_explain_evidence(p->reterr, line, 0, 0);
    return -IOW_EINVAL;
}

static int no_memory(const struct parser *p)
{
    return iow_explain(p->reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct span trim(struct span s)
{
    while (s.len && is_blank(s.at[0])) {
        s.at++;
        s.len--;
    }
    while (s.len && is_blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

static bool is_text(struct span s, const char *text)
{
    return s.len == strlen(text) && memcmp(s.at, text, s.len) == 0;
}

static bool has_control(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (((unsigned char)s.at[i] < ' ' && s.at[i] != '\t') || s.at[i] == 0x7f)
            return true;
    return false;
}

/* 0, or -IOW_EINVAL: the value is none; -IOW_ENOMEM. Each says only that; the caller explains. */
typedef int setter(struct parser *p, struct span value);

static int keep_text(struct parser *p, struct span value, const char **ret)
{
    if (*ret || !value.len)
        return -IOW_EINVAL;
    *ret = iow_mem_text(p->mem, value.at, value.len);
    return *ret ? 0 : -IOW_ENOMEM;
}

static int set_rule(struct parser *p, struct span value)
{
    struct iow_audit_row row;

    for (uint32_t i = 0; !p->open->rule && iow_audit_row_at(i, &row); i++)
        if (is_text(value, iow_rule_id(row.rule))) {
            p->open->rule = row.rule;
            return 0;
        }
    return -IOW_EINVAL;
}

/* "10de:2204" */
static bool parse_ids(struct span ids, struct iow_accept_device *ret)
{
    uint64_t vendor, device;

    if (ids.len != 9 || ids.at[4] != ':' || iow_parse_number(ids.at, 4, true, UINT16_MAX, &vendor) < 0 ||
        iow_parse_number(ids.at + 5, 4, true, UINT16_MAX, &device) < 0)
        return false;
    ret->vendor = (uint16_t)vendor;
    ret->device = (uint16_t)device;
    return true;
}

static int set_device(struct parser *p, struct span value)
{
    struct iow_accept_device device, *slot;
    size_t n = 0;

    while (n < value.len && !is_blank(value.at[n]))
        n++;
    if (iow_address_parse(value.at, n, &device.address) < 0 ||
        !parse_ids(trim((struct span){value.at + n, value.len - n}), &device) ||
        p->open->n_devices == IOW_MAX_ACCEPTED_DEVICES)
        return -IOW_EINVAL;
    for (uint32_t i = 0; i < p->open->n_devices; i++)
        if (iow_address_compare(&p->open->devices[i].address, &device.address) == 0)
            return -IOW_EINVAL;
    slot = iow_audit_append(p->mem, &p->devices, &p->open->n_devices, sizeof(*slot));
    if (!slot)
        return -IOW_ENOMEM;
    *slot = device;
    p->open->devices = p->devices;
    return 0;
}

static int set_name(struct parser *p, struct span value)
{
    return keep_text(p, value, &p->open->name);
}

static int set_reason(struct parser *p, struct span value)
{
    return keep_text(p, value, &p->open->reason);
}

static int set_until(struct parser *p, struct span value)
{
    int r = iow_date_parse(value.at, value.len, &p->open->until);

    return r < 0 ? r : keep_text(p, value, &p->open->until_text);
}

static const struct {
    const char *name;
    setter *set;
} keys[] = {
    {"rule", set_rule},
    {"device", set_device},
    {"name", set_name},
    {"reason", set_reason},
    {"until", set_until},
};

static int read_key(struct parser *p, struct span key, struct span value)
{
    for (size_t i = 0; p->open && i < sizeof(keys) / sizeof(keys[0]); i++)
        if (is_text(key, keys[i].name)) {
            int r = keys[i].set(p, value);

            if (r == -IOW_ENOMEM)
                return no_memory(p);
            return r < 0 ? fail(p, IOW_RULE_ACCEPT_VALUE, p->line) : 0;
        }
    return fail(p, IOW_RULE_ACCEPT_KEY, p->line);
}

static int close_section(const struct parser *p)
{
    const struct iow_acceptance *a = p->open;

    return a && (!a->rule || !a->reason || !a->until_text) ? fail(p, IOW_RULE_ACCEPT_LACKS, a->line) : 0;
}

static int open_section(struct parser *p)
{
    int r = close_section(p);

    if (r < 0)
        return r;
    p->open = iow_audit_append(p->mem, &p->list, &p->n, sizeof(*p->open));
    if (!p->open)
        return no_memory(p);
    *p->open = (struct iow_acceptance){.file = p->file, .line = p->line};
    p->devices = NULL;
    return 0;
}

static int read_line(struct parser *p, struct span line)
{
    const char *equals;

    if (has_control(line))
        return fail(p, IOW_RULE_ACCEPT_SYNTAX, p->line);
    line = trim(line);
    if (!line.len || line.at[0] == '#' || line.at[0] == ';')
        return 0;
    if (is_text(line, "[accept]"))
        return open_section(p);
    equals = memchr(line.at, '=', line.len);
    if (!equals)
        return fail(p, IOW_RULE_ACCEPT_SYNTAX, p->line);
    return read_key(p, trim((struct span){line.at, (size_t)(equals - line.at)}),
        trim((struct span){equals + 1, line.len - (size_t)(equals + 1 - line.at)}));
}

int iow_accept_parse(const char *text, size_t len, const char *file, struct iow_mem *mem,
    struct iow_acceptance **list, uint32_t *n, struct iow_explain *reterr)
{
    struct parser p = {.file = file, .mem = mem, .list = *list, .n = *n, .reterr = reterr};
    struct span line;
    int r = 0;

    while (r == 0 && iow_parse_line(&text, &len, &line.at, &line.len)) {
        p.line++;
        r = read_line(&p, line);
    }
    if (r == 0)
        r = close_section(&p);
    if (r < 0)
        return r;
    *list = p.list;
    *n = p.n;
    return 0;
}
