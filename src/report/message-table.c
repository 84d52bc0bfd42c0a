/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/message.h"

#include <assert.h>
#include <errno.h>

#define ROW(id, program, topic, ...) {id, IOW_MESSAGE_OF_##program, IOW_TOPIC_##topic, __VA_ARGS__},

static const struct iow_message_row rows[] = {
#include "report/message-rows.h"
};

static const char *const program_name[] = {
    [IOW_MESSAGE_OF_QEMU] = "QEMU",
    [IOW_MESSAGE_OF_DPDK] = "DPDK",
    [IOW_MESSAGE_OF_SPDK] = "SPDK",
    [IOW_MESSAGE_OF_LIBVIRT] = "libvirt",
    [IOW_MESSAGE_OF_DRIVERCTL] = "driverctl",
    [IOW_MESSAGE_OF_KERNEL] = "Linux",
    [IOW_MESSAGE_OF_ANY] = "a program",
};

static_assert(
    sizeof(program_name) / sizeof(program_name[0]) == IOW_MESSAGE_OF__COUNT, "a program has no name");

const struct iow_message_row *iow_message_row_at(uint32_t i)
{
    return i < sizeof(rows) / sizeof(rows[0]) ? &rows[i] : NULL;
}

const char *iow_message_program_name(enum iow_message_program program)
{
    return program_name[program];
}
