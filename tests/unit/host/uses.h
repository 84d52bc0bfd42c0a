/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine with three functions, a port (position 0), a controller beside it (1) and another behind it (2), and
 * what may use them. */
#ifndef IOWARD_TESTS_HOST_USES_H
#define IOWARD_TESTS_HOST_USES_H

#include "reading.h"

#define PORT "pci0000:00/0000:00:01.0"
#define BESIDE "pci0000:00/0000:00:05.0"
#define BEHIND PORT "/0000:01:00.0"

#define NO_MOUNTS "{\"schema\": \"ioward.probe.mounts/1\", \"complete\": true, \"mounts\": []}"
#define NO_NETWORK "{\"schema\": \"ioward.probe.network/1\", \"complete\": true, \"interfaces\": []}"
#define NO_OPEN "{\"schema\": \"ioward.probe.open-devices/1\", \"complete\": true, \"open\": []}"
#define NO_EXCLUSIVE "{\"schema\": \"ioward.probe.exclusive/1\", \"complete\": true, \"devices\": []}"

/* Stored answers; NULL: nobody does anything. */
struct answers {
    const char *mounts, *network, *open, *exclusive;
};

static inline void put_answers(struct iow_source *s, const struct answers *a)
{
    put_text(s, "probe", "mounts.json", a->mounts ? a->mounts : NO_MOUNTS);
    put_text(s, "probe", "network.json", a->network ? a->network : NO_NETWORK);
    put_text(s, "probe", "open-devices.json", a->open ? a->open : NO_OPEN);
    put_text(s, "probe", "exclusive.json", a->exclusive ? a->exclusive : NO_EXCLUSIVE);
}

static inline struct iow_source *uses_machine(void)
{
    static const struct device behind = {
        .address = "0000:01:00.0", .above = PORT, .vendor = 0x144d, .device = 0xa808, .class_code = 0x010802};
    static const struct device beside = {.address = "0000:00:05.0",
        .above = "pci0000:00",
        .vendor = 0x144d,
        .device = 0xa808,
        .class_code = 0x010802};
    struct iow_source *s = new_machine();

    put_device(s, &port);
    put_device(s, &beside);
    put_device(s, &behind);
    return s;
}

/* A link in a class to a device below sys/devices. */
static inline void put_class(
    struct iow_source *s, const char *class, const char *name, const char *above, const char *rest)
{
    char folder[128], text[512];

    snprintf(folder, sizeof(folder), "sys/class/%s", class);
    snprintf(text, sizeof(text), "../../devices/%s/%s", above, rest);
    put_link(s, folder, name, text);
}

/* A block device: path is below sys/devices and ends in its name. */
static inline void put_block(struct iow_source *s, const char *above, const char *rest, const char *number)
{
    const char *name = strrchr(rest, '/');
    char path[512], text[512];

    snprintf(path, sizeof(path), "sys/devices/%s/%s", above, rest);
    snprintf(text, sizeof(text), "../../devices/%s/%s", above, rest);
    put_class(s, "block", name ? name + 1 : rest, above, rest);
    if (*number) {
        put_text(s, path, "dev", number);
        put_link(s, "sys/dev/block", number, text);
    }
}

static inline void put_partition(
    struct iow_source *s, const char *above, const char *rest, const char *number)
{
    char path[512];

    put_block(s, above, rest, number);
    snprintf(path, sizeof(path), "sys/devices/%s/%s", above, rest);
    put_text(s, path, "partition", "1\n");
}

/* An NVMe disk of a function with two partitions: NAME is 259:0, its partitions are 259:1 and 259:2. */
static inline void put_nvme(struct iow_source *s, const char *above)
{
    put_block(s, above, "nvme/nvme0/nvme0n1", "259:0");
    put_partition(s, above, "nvme/nvme0/nvme0n1/nvme0n1p1", "259:1");
    put_partition(s, above, "nvme/nvme0/nvme0n1/nvme0n1p2", "259:2");
}

/* A block device made of another: by is its name. */
static inline void put_holder(struct iow_source *s, const char *above, const char *rest, const char *by)
{
    char folder[512], text[128];

    snprintf(folder, sizeof(folder), "sys/devices/%s/%s/holders", above, rest);
    snprintf(text, sizeof(text), "../../../../virtual/block/%s", by);
    put_link(s, folder, by, text);
}

/* Reads the uses of all functions, and fails the test when that fails. */
static inline struct iow_facts *read_uses(struct iow_source *s)
{
    static const uint32_t all[] = {0, 1, 2};
    struct iow_facts *facts = read_all(s, 0);
    struct iow_explain why = {0};
    int r = iow_facts_read_uses(s, facts, all, COUNT(all), &why);

    if (r < 0)
        fail_msg("%s %s %s", iow_error_name(r), iow_rule_id(why.rule), why.text);
    return facts;
}

static inline void assert_use(const struct iow_facts *facts, uint32_t i, uint32_t function,
    enum iow_use_kind kind, const char *name, const char *by)
{
    const struct iow_use *use = iow_facts_use_at(facts, i);

    assert_non_null(use);
    assert_int_equal(use->function, function);
    assert_int_equal(use->kind, kind);
    assert_string_equal(use->name, name);
    assert_string_equal(use->by, by);
}

/* Reading the uses must refuse each of these stored answers. */
static inline void assert_refused(
    const char *name, const char *const *bad, size_t n_bad, struct iow_source *(*make)(const char *answer))
{
    static const uint32_t all[] = {0, 1, 2};
    char path[64];

    snprintf(path, sizeof(path), "probe/%s.json", name);
    for (size_t i = 0; i < n_bad; i++) {
        struct iow_source *s = make(bad[i]);
        struct iow_facts *facts = read_all(s, 0);
        struct iow_explain why = {0};

        if (iow_facts_read_uses(s, facts, all, COUNT(all), &why) != -IOW_EBADMSG)
            fail_msg("accepted: %s", bad[i]);
        assert_int_equal(why.rule, IOW_RULE_CAP_PROBE);
        assert_string_equal(why.text, path);
        assert_int_equal(facts->n_uses, 0);
        assert_int_equal(facts->functions[2].known & IOW_FUNCTION_USES, 0);
        iow_facts_free(facts);
        iow_source_close(s);
    }
}

#endif
