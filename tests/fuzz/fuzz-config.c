/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stranger's config space: decoding it, and taking serial numbers out of it. */
#include "fuzz.h"

#include <ioward/acs.h>
#include <ioward/alias.h>
#include <stdlib.h>
#include <string.h>

#include "facts/redact.h"

struct space {
    const uint8_t *data;
    size_t size;
};

static int read_space(void *ctx, uint32_t offset, void *buf, uint32_t len)
{
    const struct space *space = ctx;

    FUZZ_REQUIRE(len <= 64 && (offset + len <= 64 || (offset % 4 == 0 && len % 4 == 0)));
    if (offset >= space->size)
        return 0;
    if (len > space->size - offset)
        len = (uint32_t)(space->size - offset);
    memcpy(buf, space->data + offset, len);
    return (int)len;
}

static void redact(const struct space *space)
{
    uint8_t *copy = malloc(space->size + !space->size);

    if (!copy)
        return;
    memcpy(copy, space->data, space->size);
    iow_redact_config(copy, space->size);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct space space = {.data = data, .size = size < 4096 ? size : 4096};
    struct iow_config_reader reader = {.read = read_space, .ctx = &space};
    struct iow_acs_context context = {.multifunction = true};
    struct iow_capability list[64];
    uint64_t base;
    struct iow_devfn_set set;
    struct iow_config config;
    struct iow_explain why;
    uint32_t n = 0;
    int r = iow_config_decode(&reader, &config, &why);

    FUZZ_REQUIRE(r == 0 || r == -IOW_ELOOP || r == -IOW_EINVAL || r == -IOW_ENODEV);
    iow_config_list(&reader, &config, list, 64, &n, &why);
    FUZZ_REQUIRE(n <= 64);
    for (uint32_t i = 0; i < n; i++)
        iow_capability_name(&list[i]);
    for (uint32_t at = 0, more; (more = iow_config_memory(config.bar, at, &base)); at = more)
        FUZZ_REQUIRE(more > at && more <= IOW_BARS && base);
    iow_acs_enabled(&config, &context, IOW_ACS_REQUIRED);
    iow_alias_devfns(&config, 0, &set);
    redact(&space);
    return 0;
}
