/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/redact.h"

#include "base/memory.h"

/* Source: PCI Local Bus 3.0 sections 6.7, I.3.1; PCIe Base 6.0 sections 7.6, 7.9.3. */
#define CONFIG_STATUS 0x06
#define CONFIG_HEADER_TYPE 0x0e
#define STATUS_CAPABILITIES 0x10
#define CAPABILITY_VPD 0x03
#define CAPABILITY_SERIAL 0x0003
#define CONVENTIONAL_BYTES 256u
#define EXTENDED_BYTES 4096u

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t wipe(uint8_t *bytes, size_t len, size_t first, size_t n)
{
    if (first >= len)
        return 0;
    memset(bytes + first, 0, n < len - first ? n : len - first);
    return 1;
}

static uint32_t redact_vpd(uint8_t *bytes, size_t len)
{
    bool cardbus = (bytes[CONFIG_HEADER_TYPE] & 0x7f) == 2;
    size_t at = bytes[cardbus ? 0x14 : 0x34] & 0xfcu;
    uint32_t n = 0;

    /* A list cannot be longer than its space has dwords: the bound is what ends a loop. */
    for (unsigned left = CONVENTIONAL_BYTES / 4; left && at >= 0x40 && at + 2 <= len; left--) {
        if (bytes[at] == CAPABILITY_VPD)
            n += wipe(bytes, len < CONVENTIONAL_BYTES ? len : CONVENTIONAL_BYTES, at + 4, 4);
        at = bytes[at + 1] & 0xfcu;
    }
    return n;
}

static uint32_t redact_serial(uint8_t *bytes, size_t len)
{
    size_t at = CONVENTIONAL_BYTES;
    uint32_t n = 0;

    for (unsigned left = EXTENDED_BYTES / 4; left && at >= CONVENTIONAL_BYTES && at + 4 <= len; left--) {
        uint32_t header = get32(bytes + at);

        if (header == 0 || header == UINT32_MAX)
            break;
        if ((header & 0xffff) == CAPABILITY_SERIAL)
            n += wipe(bytes, len, at + 4, 8);
        at = header >> 20 & 0xffcu;
    }
    return n;
}

uint32_t iow_redact_config(uint8_t *bytes, size_t len)
{
    uint32_t n = 0;

    if (len < 64)
        return 0;
    if (bytes[CONFIG_STATUS] & STATUS_CAPABILITIES)
        n += redact_vpd(bytes, len);
    return n + redact_serial(bytes, len);
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool is_word(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
}

static size_t hex_run(const char *text, size_t len, size_t at)
{
    size_t n = 0;

    while (at + n < len && is_hex(text[at + n]))
        n++;
    return n;
}

/* Every function below looks at the beginning of a word and tells the length of what it found there, 0 for
 * nothing. */

static size_t match_uuid(const char *text, size_t len, size_t at)
{
    static const uint8_t digits[] = {8, 4, 4, 4, 12};
    size_t end = at;

    for (size_t i = 0; i < sizeof(digits); i++) {
        if (i && (end >= len || text[end++] != '-'))
            return 0;
        if (hex_run(text, len, end) != digits[i])
            return 0;
        end += digits[i];
    }
    return end < len && is_word(text[end]) ? 0 : end - at;
}

static size_t match_pairs(const char *text, size_t len, size_t at)
{
    size_t end = at, n_pairs = 0;
    char separator = at + 2 < len ? text[at + 2] : '\0';

    if (separator != ':' && separator != '-')
        return 0;
    while (hex_run(text, len, end) == 2) {
        n_pairs++;
        end += 2;
        if (end >= len || text[end] != separator)
            break;
        end++;
    }
    if (n_pairs < 6)
        return 0;
    if (text[end - 1] == separator)
        end--;
    return end < len && is_word(text[end]) ? 0 : end - at;
}

/* The name as it is (factor 1) or as LVM writes it, each '-' doubled (factor 2). */
static size_t match_name(
    const char *text, size_t len, size_t at, const char *name, size_t name_len, size_t factor)
{
    size_t end = at;

    for (size_t i = 0; i < name_len; i++)
        for (size_t k = name[i] == '-' ? factor : 1; k; k--)
            if (end >= len || lower(text[end++]) != lower(name[i]))
                return 0;
    return end < len && is_word(text[end]) ? 0 : end - at;
}

/* A domain that follows the host name belongs to it. */
static size_t domain_run(const char *text, size_t len, size_t at)
{
    size_t end = at;

    while (end + 1 < len && text[end] == '.' && is_word(text[end + 1])) {
        end++;
        while (end < len && (is_word(text[end]) || text[end] == '-'))
            end++;
    }
    return end - at;
}

static size_t match_host(const char *text, size_t len, size_t at, const char *host)
{
    size_t host_len = 0, label_len = 0, n = 0;

    for (; host && host[host_len]; host_len++)
        if (!label_len && host[host_len] == '.')
            label_len = host_len;
    if (!label_len)
        label_len = host_len;
    if (!label_len)
        return 0;
    n = match_name(text, len, at, host, label_len, 2);
    if (!n)
        n = match_name(text, len, at, host, label_len, 1);
    return n ? n + domain_run(text, len, at + n) : 0;
}

/* Where the digits of "enx001122334455", "rocex0011..." begin: behind 2 to 4 letters and an x; 0: no such
 * name here. */
static size_t match_mac_name(const char *text, size_t len, size_t at)
{
    for (size_t n = 0; n <= 4 && at + n + 1 + IOW_REDACT_MAC <= len && is_letter(text[at + n]); n++)
        if (n >= 2 && text[at + n] == 'x' && hex_run(text, len, at + n + 1) == IOW_REDACT_MAC)
            return at + n + 1;
    return 0;
}

size_t iow_redact_find_mac(const char *text, size_t len, size_t from)
{
    for (size_t at = from; at < len; at++) {
        size_t digits = at == 0 || !is_word(text[at - 1]) ? match_mac_name(text, len, at) : 0;

        if (digits)
            return digits;
    }
    return len;
}

void iow_redact_write_mac(char digits[IOW_REDACT_MAC], uint32_t number)
{
    memset(digits, 'X', IOW_REDACT_MAC);
    for (size_t i = IOW_REDACT_MAC; number || i > IOW_REDACT_MAC - 4; number /= 10)
        digits[--i] = (char)('0' + number % 10);
}

static void cross_out(char *text, size_t len, bool only_hex)
{
    for (size_t i = 0; i < len; i++)
        if (only_hex ? is_hex(text[i]) : is_word(text[i]) || text[i] == '-')
            text[i] = 'X';
}

static bool ends_token(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\0';
}

/* Does this token of a command line decide about groups, so that it has to stay as it is? */
static bool decides(const char *text, size_t len)
{
    static const char *const prefix[] = {"iommu", "intel_iommu", "amd_iommu", "pci", "vfio"};

    for (size_t i = 0; i < sizeof(prefix) / sizeof(prefix[0]); i++) {
        size_t k = 0;

        while (prefix[i][k] && k < len && text[k] == prefix[i][k])
            k++;
        if (!prefix[i][k])
            return true;
    }
    return false;
}

/* The value of a key that ends in "uuid": short forms (VFAT, MBR) have no shape of their own. */
static uint32_t redact_uuid_value(char *text, size_t len)
{
    for (size_t i = 4; i < len; i++) {
        if (text[i] != '=' || lower(text[i - 4]) != 'u' || lower(text[i - 3]) != 'u' ||
            lower(text[i - 2]) != 'i' || lower(text[i - 1]) != 'd')
            continue;
        for (size_t k = i + 1; k < len; k++)
            if (is_hex(text[k])) {
                cross_out(text + i + 1, len - i - 1, true);
                return 1;
            }
    }
    return 0;
}

static uint32_t redact_word_at(char *text, size_t len, size_t at, const char *host, size_t *ret_len)
{
    size_t mac = match_mac_name(text, len, at);
    size_t n = match_uuid(text, len, at);

    if (!n)
        n = match_pairs(text, len, at);
    *ret_len = n;
    if (n) {
        cross_out(text + at, n, true);
        return 1;
    }
    *ret_len = match_host(text, len, at, host);
    if (*ret_len) {
        cross_out(text + at, *ret_len, false);
        return 1;
    }
    if (!mac)
        return 0;
    cross_out(text + mac, IOW_REDACT_MAC, true);
    *ret_len = mac + IOW_REDACT_MAC - at;
    return 1;
}

static uint32_t redact_token(char *text, size_t len, const char *host)
{
    uint32_t n = redact_uuid_value(text, len);

    for (size_t at = 0; at < len;) {
        size_t found = 0;

        if (at == 0 || !is_word(text[at - 1]))
            n += redact_word_at(text, len, at, host, &found);
        at += found ? found : 1;
    }
    return n;
}

uint32_t iow_redact_text(char *text, size_t len, const char *host)
{
    uint32_t n = 0;

    for (size_t at = 0, end; at < len; at = end + 1) {
        for (end = at; end < len && !ends_token(text[end]);)
            end++;
        if (!decides(text + at, end - at))
            n += redact_token(text + at, end - at, host);
    }
    return n;
}
