/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU's edu device: a small device that does DMA when its registers say so, driven from a program. */
#ifndef IOWARD_LAB_EDU_H
#define IOWARD_LAB_EDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One exit code for each step that can fail, so that a script knows which without reading the text. */
enum step {
    STEP_USAGE = 2,
    STEP_FIND_GROUP = 10,
    STEP_OPEN_CONTAINER,
    STEP_CHECK_API,
    STEP_OPEN_GROUP,
    STEP_GROUP_VIABLE,
    STEP_SET_CONTAINER,
    STEP_SET_IOMMU,
    STEP_GET_DEVICE,
    STEP_REGION_INFO,
    STEP_BUS_MASTER,
    STEP_MAP_REGISTERS,
    STEP_IDENTIFY,
    STEP_ALLOCATE,
    STEP_MAP_DMA,
    STEP_UNMAP_DMA,
    STEP_TRANSFER,
    STEP_DATA_DIFFERS,
    STEP_UNMAPPED_READ,
    STEP_UNMAPPED_WRITE,
};

/* Of BAR 0: docs/specs/edu.txt of QEMU. */
#define EDU_SIZE ((size_t)0x100000)
#define EDU_IDENTITY 0x00
#define EDU_LIVENESS 0x04 /* what is written here is read back with every bit the other way round */

/* Where the device's own memory begins, in a transfer. One that ends where it ends makes QEMU abort. */
#define EDU_BUFFER ((uint64_t)0x40000)
#define EDU_DMA_TO_MEMORY 2u

struct edu {
    int container;
    int group;
    int device;
    volatile uint8_t *registers;
};

_Noreturn void edu_fail(enum step step, const char *format, ...) __attribute__((format(printf, 2, 3)));
_Noreturn void edu_fail_errno(enum step step, const char *call);

/* Through VFIO: the group's file; its claim; the device in it, with bus mastering and its registers. */
void edu_open_group(struct edu *edu, const char *address);
void edu_claim_group(struct edu *edu);
void edu_open_device(struct edu *edu, const char *address);
void edu_map(const struct edu *edu, uint64_t iova, const volatile void *memory, size_t size);
void edu_unmap(const struct edu *edu, uint64_t iova, size_t size);

/* Without VFIO, as root, of a device without a driver whose memory decoding is on: its registers. */
void edu_open_resource(struct edu *edu, const char *address);

uint32_t edu_read32(const struct edu *edu, size_t offset);
void edu_write32(const struct edu *edu, size_t offset, uint32_t value);

/* From the device's buffer to memory with EDU_DMA_TO_MEMORY, else the other way. It does not tell whether that worked. */
void edu_transfer(const struct edu *edu, uint64_t from, uint64_t to, uint64_t length, uint32_t command);

#endif
