/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/select.h"

#include "base/explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Words for classes. Source: PCI Code and ID Assignment Specification, section 1. */
static const struct {
    const char *word;
    uint32_t value, mask;
} class_word[] = {
    {"accelerator", 0x120000, 0xff0000},
    {"audio", 0x040300, 0xffff00},
    {"bridge", 0x060000, 0xff0000},
    {"crypto", 0x100000, 0xff0000},
    {"display", 0x030000, 0xff0000},
    {"ethernet", 0x020000, 0xffff00},
    {"input", 0x090000, 0xff0000},
    {"memory", 0x050000, 0xff0000},
    {"multimedia", 0x040000, 0xff0000},
    {"network", 0x020000, 0xff0000},
    {"nvme", 0x010800, 0xffff00},
    {"sata", 0x010600, 0xffff00},
    {"serial", 0x0c0000, 0xff0000},
    {"signal", 0x110000, 0xff0000},
    {"storage", 0x010000, 0xff0000},
    {"system", 0x080000, 0xff0000},
    {"usb", 0x0c0300, 0xffff00},
    {"wireless", 0x0d0000, 0xff0000},
};

const char *iow_select_class_at(unsigned i)
{
    return i < sizeof(class_word) / sizeof(class_word[0]) ? class_word[i].word : NULL;
}

static int digit(char c)
{
    const char *digits = "0123456789abcdef",
               *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* Exactly len hex digits. */
static bool parse_hex(const char *text, size_t len, uint32_t *ret)
{
    uint32_t value = 0;

    for (size_t i = 0; i < len; i++) {
        if (digit(text[i]) < 0)
            return false;
        value = value << 4 | (uint32_t)digit(text[i]);
    }
    *ret = value;
    return len > 0;
}

static bool parse_ids(const char *text, struct iow_selector *ret)
{
    uint32_t vendor, device;

    if (strlen(text) != 9 || text[4] != ':' || !parse_hex(text, 4, &vendor) ||
        !parse_hex(text + 5, 4, &device))
        return false;
    ret->kind = IOW_SELECT_IDS;
    ret->vendor = (uint16_t)vendor;
    ret->device = (uint16_t)device;
    return true;
}

/* A decimal number alone. */
static bool parse_group_number(const char *text, struct iow_selector *ret)
{
    uint64_t number = 0;

    if (!*text || strspn(text, "0123456789") != strlen(text) || strlen(text) > 10)
        return false;
    for (const char *p = text; *p; p++)
        number = number * 10 + (uint64_t)(*p - '0');
    if (number >= IOW_NONE)
        return false;
    ret->kind = IOW_SELECT_GROUP;
    ret->group = (uint32_t)number;
    return true;
}

static bool parse_group(const char *text, struct iow_selector *ret)
{
    return text[0] == 'g' && parse_group_number(text + 1, ret);
}

/* A file of VFIO names its group, one of sysfs a function by its last folder. */
static bool parse_file(const char *text, struct iow_selector *ret)
{
    size_t len = strlen(text), at;

    if (strncmp(text, "/dev/vfio/", strlen("/dev/vfio/")) == 0)
        return parse_group_number(text + strlen("/dev/vfio/"), ret);
    while (len > 1 && text[len - 1] == '/')
        len--;
    for (at = len; at && text[at - 1] != '/'; at--)
        ;
    ret->kind = IOW_SELECT_ADDRESS;
    return strncmp(text, "/sys/", strlen("/sys/")) == 0 &&
           iow_address_parse(text + at, len - at, &ret->address) == 0;
}

/* "class=word", or 2, 4 or 6 hex digits: base class, subclass, interface. */
static bool parse_class(const char *text, struct iow_selector *ret)
{
    const char *value = text + strlen("class=");
    size_t len;
    uint32_t hex;

    ret->kind = IOW_SELECT_CLASS;
    for (size_t i = 0; i < sizeof(class_word) / sizeof(class_word[0]); i++) {
        if (strcmp(class_word[i].word, value) == 0) {
            ret->class_value = class_word[i].value;
            ret->class_mask = class_word[i].mask;
            return true;
        }
    }
    if (strncmp(value, "0x", 2) == 0)
        value += 2; /* as in sysfs */
    len = strlen(value);
    if ((len != 2 && len != 4 && len != 6) || !parse_hex(value, len, &hex))
        return false;
    ret->class_value = hex << (24 - 4 * len);
    ret->class_mask = UINT32_C(0xffffff) << (24 - 4 * len) & 0xffffff;
    return true;
}

/* "02.2": device and function below a bridge; the length read, 0 for none. */
static size_t parse_level(const char *text, uint8_t *ret)
{
    size_t len = digit(text[0]) >= 0 && digit(text[1]) >= 0 ? 2 : 1;
    uint32_t device;

    if (!parse_hex(text, len, &device) || device > 31 || text[len] != '.' || text[len + 1] < '0' ||
        text[len + 1] > '7')
        return 0;
    *ret = (uint8_t)(device << 3 | (uint32_t)(text[len + 1] - '0'));
    return len + 2;
}

static bool parse_path(const char *text, struct iow_selector *ret)
{
    size_t at = strcspn(text, "/");

    if (iow_address_parse(text, at, &ret->address) < 0)
        return false;
    ret->kind = IOW_SELECT_PATH;
    while (text[at] == '/') {
        size_t len;

        if (ret->n_levels == IOW_SELECT_LEVELS)
            return false;
        len = parse_level(text + at + 1, &ret->level[ret->n_levels++]);
        if (!len)
            return false;
        at += 1 + len;
    }
    return !text[at];
}

/* What the kernel names interfaces and disks: no colon, slash, "=" or blank. */
static bool parse_name(const char *text, struct iow_selector *ret)
{
    size_t len = strlen(text);

    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] <= ' ' || strchr(":/=,\x7f", text[i]))
            return false;
    ret->kind = IOW_SELECT_NAME;
    /* A name begins with a letter or is more than a number with dots: "01.0" is a slip, not a name. */
    return len > 0 && len < 128 && strspn(text, "0123456789.") != len;
}

int iow_select_parse(const char *text, struct iow_selector *ret, struct iow_explain *reterr)
{
    struct iow_selector s = {.text = text};
    bool ok;

    if (strncmp(text, "class=", strlen("class=")) == 0) {
        ok = parse_class(text, &s);
    } else if (text[0] == '/') {
        ok = parse_file(text, &s);
    } else if (strchr(text, '/')) {
        ok = parse_path(text, &s);
    } else if (iow_address_parse(text, strlen(text), &s.address) == 0) {
        s.kind = IOW_SELECT_ADDRESS;
        ok = true;
    } else {
        ok = parse_ids(text, &s) || parse_group(text, &s) || parse_name(text, &s);
    }
    if (!ok)
        return iow_explain_text(reterr, -IOW_EINVAL, IOW_RULE_SEL_SYNTAX, text);
    *ret = s;
    return 0;
}

const char *iow_select_hint(const char *text)
{
    size_t len = strlen(text);
    uint32_t value;

    if (!len)
        return "it is empty: perhaps a variable of the shell is not set";
    if (text[0] == '/')
        return "of files, those below /sys that end with an address and the groups in /dev/vfio name devices";
    if (strncmp(text, "class=", 6) == 0)
        return "after class= comes a word such as display, network, storage, nvme, usb, audio or bridge, or "
               "hex digits such as 03 or 0302";
    if (strchr(text, '/'))
        return "a path is the address of a port, then /device.function for each level below it";
    if (len == 5 && text[2] == ':' && parse_hex(text, 2, &value) && parse_hex(text + 3, 2, &value))
        return "an address ends with a function, such as .0";
    if (strchr(text, ':') && !strchr(text, '.'))
        return "vendor:device takes four hex digits each";
    if (strchr(text, '.') && !strchr(text, ':'))
        return "an address begins with a bus, such as 01:00.0";
    return NULL;
}

static uint32_t child_at(const struct iow_topology *t, uint32_t bridge, uint8_t devfn)
{
    for (uint32_t i = t->node[bridge].first_child; i != IOW_NONE; i = t->node[i].next_sibling)
        if (iow_address_devfn(&t->node[i].address) == devfn)
            return i;
    return IOW_NONE;
}

static uint32_t follow_path(const struct iow_selector *s, const struct iow_topology *t)
{
    uint32_t at = iow_topology_find(t, &s->address);

    for (uint32_t i = 0; i < s->n_levels && at != IOW_NONE; i++)
        at = child_at(t, at, s->level[i]);
    return at;
}

static bool has_name(const struct iow_facts *facts, uint32_t function, const char *text)
{
    const struct iow_name *name;

    for (uint32_t i = 0; (name = iow_facts_name_at(facts, i)); i++)
        if (name->function == function && strcmp(name->name, text) == 0)
            return true;
    return false;
}

static bool matches(
    const struct iow_selector *s, const struct iow_facts *facts, const struct iow_function *f, uint32_t i)
{
    bool ids = f->config.known & IOW_CONFIG_IDS;

    switch (s->kind) {
    case IOW_SELECT_IDS:
        return ids && f->config.vendor == s->vendor && f->config.device == s->device;
    case IOW_SELECT_GROUP:
        return f->group == s->group;
    case IOW_SELECT_CLASS:
        return ids && (f->config.class_code & s->class_mask) == s->class_value;
    case IOW_SELECT_NAME:
        return has_name(facts, i, s->text);
    case IOW_SELECT_ADDRESS:
    case IOW_SELECT_PATH:
        break;
    }
    return false;
}

int iow_select_match(const struct iow_selector *selector, const struct iow_facts *facts,
    const struct iow_topology *topology, uint32_t *ret, struct iow_explain *reterr)
{
    const struct iow_function *f;
    int n = 0;

    if (selector->kind == IOW_SELECT_ADDRESS || selector->kind == IOW_SELECT_PATH) {
        ret[0] = selector->kind == IOW_SELECT_PATH ? follow_path(selector, topology)
                                                   : iow_topology_find(topology, &selector->address);
        n = ret[0] != IOW_NONE;
    } else {
        for (uint32_t i = 0; (f = iow_facts_function_at(facts, i)); i++)
            if (matches(selector, facts, f, i))
                ret[n++] = i;
    }
    return n ? n : iow_explain_text(reterr, -IOW_ENOENT, IOW_RULE_SEL_NO_MATCH, selector->text);
}

const char *iow_select_meaning(const struct iow_selector *s, char buf[IOW_SELECT_MEANING])
{
    char address[IOW_ADDRESS_TEXT];
    int digits = s->class_mask == 0xff0000 ? 2 : s->class_mask == 0xffff00 ? 4 : 6;

    switch (s->kind) {
    case IOW_SELECT_ADDRESS:
        (void)snprintf(
            buf, IOW_SELECT_MEANING, "the PCI address %s", iow_address_format(&s->address, address));
        break;
    case IOW_SELECT_IDS:
        (void)snprintf(buf, IOW_SELECT_MEANING, "vendor %04x, device %04x", s->vendor, s->device);
        break;
    case IOW_SELECT_GROUP:
        (void)snprintf(buf, IOW_SELECT_MEANING, "the members of IOMMU group %" PRIu32, s->group);
        break;
    case IOW_SELECT_CLASS:
        (void)snprintf(buf, IOW_SELECT_MEANING, "devices of class %0*" PRIx32, digits,
            s->class_value >> (24 - 4 * digits));
        break;
    case IOW_SELECT_PATH:
        (void)snprintf(buf, IOW_SELECT_MEANING,
            "the path that begins at %s and goes %" PRIu32 " level%s down",
            iow_address_format(&s->address, address), s->n_levels, s->n_levels == 1 ? "" : "s");
        break;
    case IOW_SELECT_NAME:
        (void)snprintf(buf, IOW_SELECT_MEANING, "the kernel's name %s of a PCI device", s->text);
        break;
    }
    return buf;
}
