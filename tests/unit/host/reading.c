/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reading.h"

const struct device port = {.address = "0000:00:01.0",
    .above = "pci0000:00",
    .vendor = 0x8086,
    .device = 0x1901,
    .class_code = 0x060400,
    .bridge = true,
    .driver = "pcieport",
    .group = 1};

const struct device card = {.address = "0000:01:00.0",
    .above = "pci0000:00/0000:00:01.0",
    .vendor = 0x10de,
    .device = 0x2204,
    .class_code = 0x030000,
    .driver = "vfio-pci",
    .group = 2};

const char *device_folder(const struct device *d, char buf[256])
{
    snprintf(buf, 256, "sys/devices/%s/%s", d->above, d->address);
    return buf;
}

void put_text(struct iow_source *s, const char *folder, const char *name, const char *text)
{
    char path[1024];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_int_equal(iow_memory_add_file(s, path, text, strlen(text)), 0);
}

void put_link(struct iow_source *s, const char *folder, const char *name, const char *text)
{
    char path[1024];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_int_equal(iow_memory_add_link(s, path, text), 0);
}

static void put_number(
    struct iow_source *s, const char *folder, const char *name, const char *format, uint32_t value)
{
    char text[32];

    snprintf(text, sizeof(text), format, (unsigned)value);
    put_text(s, folder, name, text);
}

/* A header with one capability: PCI Express at 40h, an endpoint or a root port. */
static void make_config(const struct device *d, uint8_t config[4096])
{
    bool virtual = d->physfn;
    uint16_t vendor = virtual ? 0xffff : d->vendor, device = virtual ? 0xffff : d->device;

    memset(config, 0, 4096);
    config[0] = (uint8_t)vendor;
    config[1] = (uint8_t)(vendor >> 8);
    config[2] = (uint8_t)device;
    config[3] = (uint8_t)(device >> 8);
    config[6] = 0x10;
    config[9] = (uint8_t)d->class_code;
    config[10] = (uint8_t)(d->class_code >> 8);
    config[11] = (uint8_t)(d->class_code >> 16);
    config[14] = d->bridge;
    config[0x34] = 0x40;
    config[0x40] = 0x10;
    config[0x42] = d->bridge ? 0x42 : 0x02;
}

void put_device(struct iow_source *s, const struct device *d)
{
    char folder[256], text[512];
    uint8_t config[4096];

    device_folder(d, folder);
    snprintf(text, sizeof(text), "../../../devices/%s/%s", d->above, d->address);
    put_link(s, "sys/bus/pci/devices", d->address, text);
    if (!d->power || *d->power)
        put_text(s, folder, "power_state", d->power ? d->power : "D0\n");
    put_number(s, folder, "vendor", "0x%04x\n", d->vendor);
    put_number(s, folder, "device", "0x%04x\n", d->device);
    put_number(s, folder, "class", "0x%06x\n", d->class_code);
    put_text(s, folder, "subsystem_vendor", "0x1af4\n");
    put_text(s, folder, "subsystem_device", "0x1100\n");
    put_text(s, folder, "revision", "0x03\n");
    make_config(d, config);
    snprintf(text, sizeof(text), "%s/config", folder);
    if (d->config_bytes != 1)
        assert_int_equal(iow_memory_add_file(s, text, config, d->config_bytes ? d->config_bytes : 4096), 0);
    snprintf(text, sizeof(text), "../../../bus/pci/drivers/%s", d->driver ? d->driver : "");
    if (d->driver)
        put_link(s, folder, "driver", text);
    snprintf(text, sizeof(text), "../%s", d->physfn ? d->physfn : "");
    if (d->physfn)
        put_link(s, folder, "physfn", text);
    if (!d->group)
        return;
    snprintf(text, sizeof(text), "../../../kernel/iommu_groups/%d", d->group);
    put_link(s, folder, "iommu_group", text);
    snprintf(text, sizeof(text), "sys/kernel/iommu_groups/%d/devices", d->group);
    put_link(s, text, d->address, folder);
}

struct iow_source *new_machine(void)
{
    struct iow_source *s;

    assert_int_equal(iow_source_memory(&s), 0);
    assert_int_equal(iow_memory_add_file(s, "proc/sys/kernel/osrelease", "6.12.117+deb12-amd64\n", 21), 0);
    assert_int_equal(iow_memory_add_file(s, "proc/cmdline", "root=/dev/sda1 intel_iommu=on\n", 30), 0);
    return s;
}

static struct watched *watched_of(struct iow_source *source)
{
    return (struct watched *)source;
}

static const char *full_path(struct watched *w, int at, const char *path, char buf[512])
{
    snprintf(buf, 512, "%s%s%s", at ? w->paths[at] : "", at && *path ? "/" : "", path);
    return buf;
}

static bool about_victim(const struct watched *w, const char *path)
{
    size_t n = w->victim ? strlen(w->victim) : 0;

    return !w->victim || (strncmp(path, w->victim, n) == 0 && (path[n] == '/' || !path[n]));
}

/* The error of this call, 0 if it is to be passed on. */
static int failure(struct watched *w, const char *path, bool opening)
{
    bool now;

    if (!about_victim(w, path))
        return 0;
    w->n_calls++;
    now = w->fail_at && (w->lasting ? w->n_calls >= w->fail_at : w->n_calls == w->fail_at);
    if (!now)
        return 0;
    return w->victim && opening ? -IOW_ENOENT : -(int)w->failure;
}

static int keep_handle(struct watched *w, int handle, const char *path)
{
    if (handle < 0)
        return handle;
    assert_in_range(handle, 1, COUNT(w->paths) - 1);
    snprintf(w->paths[handle], sizeof(w->paths[handle]), "%s", path);
    w->n_open++;
    return handle;
}

static int open_folder(struct iow_source *source, int at, const char *path)
{
    struct watched *w = watched_of(source);
    char full[512];
    int r = failure(w, full_path(w, at, path, full), true);

    return r < 0 ? r : keep_handle(w, w->inner->ops->open_folder(w->inner, at, path), full);
}

static int open_file(struct iow_source *source, int at, const char *path)
{
    struct watched *w = watched_of(source);
    char full[512];
    int r = failure(w, full_path(w, at, path, full), true);

    if (w->forbidden && strlen(full) >= strlen(w->forbidden) &&
        strcmp(full + strlen(full) - strlen(w->forbidden), w->forbidden) == 0)
        w->n_forbidden++;
    return r < 0 ? r : keep_handle(w, w->inner->ops->open_file(w->inner, at, path), full);
}

static void close_handle(struct iow_source *source, int handle)
{
    struct watched *w = watched_of(source);

    w->n_open--;
    w->inner->ops->close(w->inner, handle);
}

static int read_file(struct iow_source *source, int file, uint64_t offset, void *buf, size_t len)
{
    struct watched *w = watched_of(source);
    int r = failure(w, w->paths[file], false);

    return r < 0 ? r : w->inner->ops->read(w->inner, file, offset, buf, len);
}

static int read_link(struct iow_source *source, int at, const char *path, char *buf, size_t size)
{
    struct watched *w = watched_of(source);
    char full[512];
    int r = failure(w, full_path(w, at, path, full), true);

    return r < 0 ? r : w->inner->ops->read_link(w->inner, at, path, buf, size);
}

static int list(struct iow_source *source, int folder, int (*entry)(void *ctx, const char *name), void *ctx)
{
    struct watched *w = watched_of(source);
    int r = failure(w, w->paths[folder], false);

    return r < 0 ? r : w->inner->ops->list(w->inner, folder, entry, ctx);
}

static bool exists(struct iow_source *source, int at, const char *path)
{
    struct watched *w = watched_of(source);
    char full[512];

    return failure(w, full_path(w, at, path, full), true) == 0 && w->inner->ops->exists(w->inner, at, path);
}

static void free_watched(struct iow_source *source)
{
    iow_source_close(watched_of(source)->inner);
}

static const struct iow_source_ops watched_ops = {
    .open_folder = open_folder,
    .open_file = open_file,
    .close = close_handle,
    .read = read_file,
    .read_link = read_link,
    .list = list,
    .exists = exists,
    .free = free_watched,
};

void watch(struct watched *w, struct iow_source *inner)
{
    memset(w, 0, sizeof(*w));
    w->source = *inner;
    w->source.ops = &watched_ops;
    w->inner = inner;
}

struct iow_facts *read_all(struct iow_source *s, unsigned what)
{
    struct iow_facts *facts = NULL;
    struct iow_explain why = {0};
    int r = iow_facts_read(s, what, &facts, &why);

    if (r < 0)
        fail_msg("%s %s %s", iow_error_name(r), iow_rule_id(why.rule), why.text);
    return facts;
}

const struct iow_function *function_at(const struct iow_facts *facts, const char *address)
{
    struct iow_address a;
    uint32_t i;

    assert_int_equal(iow_address_parse(address, strlen(address), &a), 0);
    i = iow_facts_find_function(facts, &a);
    assert_int_not_equal(i, IOW_NONE);
    return iow_facts_function_at(facts, i);
}

uint32_t count_missing(const struct iow_facts *facts, enum iow_rule rule)
{
    uint32_t n = 0;

    for (uint32_t i = 0; iow_facts_missing_at(facts, i); i++)
        n += iow_facts_missing_at(facts, i)->rule == rule;
    return n;
}
