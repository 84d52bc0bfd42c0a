/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Config space and, where it does not tell, the attributes that name the ids. */
#include "host/linux/read.h"

#include <stddef.h>
#include <string.h>

int iow_config_file_open(struct iow_reader *rd, int folder, struct iow_config_file *ret)
{
    ret->source = rd->source;
    ret->n_cached = -1;
    ret->file = rd->source->ops->open_file(rd->source, folder, "config");
    if (ret->file < 0)
        return ret->file;
    /* A capture is to hold all of it, also what this version does not decode. */
    if ((rd->what & IOW_READ_ALL) == IOW_READ_ALL) {
        ret->n_cached = rd->source->ops->read(rd->source, ret->file, 0, ret->cache, sizeof(ret->cache));
        if (ret->n_cached < 0) {
            iow_config_file_close(ret);
            return ret->n_cached;
        }
    }
    return 0;
}

void iow_config_file_close(struct iow_config_file *file)
{
    file->source->ops->close(file->source, file->file);
}

static int read_config(void *ctx, uint32_t offset, void *buf, uint32_t len)
{
    struct iow_config_file *file = ctx;
    uint32_t n = (uint32_t)file->n_cached;

    if (file->n_cached < 0)
        return file->source->ops->read(file->source, file->file, offset, buf, len);
    n = offset < n ? n - offset : 0;
    if (n > len)
        n = len;
    memcpy(buf, file->cache + (n ? offset : 0), n);
    return (int)n;
}

struct iow_config_reader iow_config_file_reader(struct iow_config_file *file)
{
    return (struct iow_config_reader){.read = read_config, .ctx = file};
}

/* Source: drivers/pci/pci-sysfs.c pci_config_attr() */
static const struct id {
    const char *name;
    uint8_t offset, bytes; /* in struct iow_config */
    uint32_t most;
    bool needed;
} ids[] = {
    {"vendor", offsetof(struct iow_config, vendor), 2, 0xffff, true},
    {"device", offsetof(struct iow_config, device), 2, 0xffff, true},
    {"class", offsetof(struct iow_config, class_code), 4, 0xffffff, true},
    {"subsystem_vendor", offsetof(struct iow_config, subvendor), 2, 0xffff, false},
    {"subsystem_device", offsetof(struct iow_config, subdevice), 2, 0xffff, false},
    {"revision", offsetof(struct iow_config, revision), 1, 0xff, false},
};

static void put_id(struct iow_config *config, const struct id *id, uint64_t value)
{
    uint32_t v32 = (uint32_t)value;
    uint16_t v16 = (uint16_t)value;
    uint8_t v8 = (uint8_t)value;
    const void *from = id->bytes == 4 ? (const void *)&v32 : id->bytes == 2 ? (const void *)&v16 : &v8;

    memcpy((char *)config + id->offset, from, id->bytes);
}

int iow_read_ids(struct iow_reader *rd, struct iow_function *f, int folder)
{
    struct iow_subject subject = iow_subject_function(&f->address);
    char path[IOW_FUNCTION_PATH_BYTES];
    bool all = true;

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        uint64_t value;
        int r = iow_reader_number(rd, folder, ids[i].name, true, ids[i].most, &value);

        if (r == 0) {
            put_id(&f->config, &ids[i], value);
            continue;
        }
        if (iow_reader_gone(r) && ids[i].needed)
            return r;
        if (!iow_reader_gone(r))
            iow_reader_failed(rd, r, &subject, iow_function_path(f, ids[i].name, path));
        all = all && !ids[i].needed;
    }
    if (all)
        f->config.known |= IOW_CONFIG_IDS;
    return 0;
}

/* What a decoder's answer means; false: the function vanished. */
static bool judge(struct iow_reader *rd, const struct iow_function *f, int r, enum iow_rule rule)
{
    struct iow_subject subject = iow_subject_function(&f->address);
    char path[IOW_FUNCTION_PATH_BYTES];

    if (r == -IOW_ENODEV)
        return false;
    iow_function_path(f, "config", path);
    if ((r == 0 || r == -IOW_ELOOP || r == -IOW_EINVAL) && rule != IOW_RULE_NONE)
        iow_reader_missing(rd, rule, &subject, path);
    else if (r < 0)
        iow_reader_failed(rd, r, &subject, path);
    return true;
}

bool iow_read_config(struct iow_reader *rd, struct iow_function *f, int folder)
{
    struct iow_explain why = {0};
    struct iow_config_file file;
    int r = iow_config_file_open(rd, folder, &file);

    if (r == 0) {
        struct iow_config_reader reader = iow_config_file_reader(&file);

        r = iow_config_decode(&reader, &f->config, &why);
        iow_config_file_close(&file);
    } else if (r == -IOW_ENOENT) {
        why.rule = IOW_RULE_READ_CONFIG_SHORT;
        r = 0;
    }
    /* A folder without config space and ids went away while it was read; a virtual function only lacks the
     * ids. */
    if (!(f->config.known & IOW_CONFIG_IDS) && iow_reader_gone(iow_read_ids(rd, f, folder)))
        return f->config.known & IOW_CONFIG_HEADER && r != -IOW_ENODEV && judge(rd, f, r, why.rule);
    return judge(rd, f, r, why.rule);
}
