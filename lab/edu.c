/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edu.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* The registers and the buffer in BAR 0: docs/specs/edu.txt of QEMU. */
#define EDU_IDENTITY_MASK 0xffffu
#define EDU_IDENTITY_VALUE 0x00edu
#define EDU_DMA_FROM 0x80
#define EDU_DMA_TO 0x88
#define EDU_DMA_COUNT 0x90
#define EDU_DMA_COMMAND 0x98
#define EDU_DMA_START 1u

/* A transfer takes 100 ms of the guest's clock. */
#define POLL_NSEC 5000000L
#define POLL_LIMIT 2000

_Noreturn void edu_fail(enum step step, const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "%s: ", program_invocation_short_name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit((int)step);
}

_Noreturn void edu_fail_errno(enum step step, const char *call)
{
    edu_fail(step, "%s: %s (errno %d)", call, strerror(errno), errno);
}

static void group_path(const char *address, char *path, size_t size)
{
    char link[128];
    char target[256];
    ssize_t length;
    const char *number;

    snprintf(link, sizeof link, "/sys/bus/pci/devices/%s/iommu_group", address);
    length = readlink(link, target, sizeof target - 1);
    if (length < 0)
        edu_fail_errno(STEP_FIND_GROUP, link);
    target[length] = '\0';
    number = strrchr(target, '/');
    if (number == NULL)
        edu_fail(STEP_FIND_GROUP, "%s does not name a group: %s", link, target);
    snprintf(path, size, "/dev/vfio/%s", number + 1);
}

void edu_open_group(struct edu *edu, const char *address)
{
    char path[280];

    group_path(address, path, sizeof path);
    edu->group = open(path, O_RDWR | O_CLOEXEC);
    if (edu->group < 0)
        edu_fail_errno(STEP_OPEN_GROUP, path);
}

void edu_claim_group(struct edu *edu)
{
    struct vfio_group_status status = {.argsz = sizeof status};
    int version;

    edu->container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
    if (edu->container < 0)
        edu_fail_errno(STEP_OPEN_CONTAINER, "/dev/vfio/vfio");
    version = ioctl(edu->container, VFIO_GET_API_VERSION);
    if (version != VFIO_API_VERSION)
        edu_fail(STEP_CHECK_API, "VFIO_GET_API_VERSION: %d, not %d", version, VFIO_API_VERSION);
    if (ioctl(edu->group, VFIO_GROUP_GET_STATUS, &status) < 0)
        edu_fail_errno(STEP_GROUP_VIABLE, "VFIO_GROUP_GET_STATUS");
    if ((status.flags & VFIO_GROUP_FLAGS_VIABLE) == 0)
        edu_fail(STEP_GROUP_VIABLE, "VFIO_GROUP_GET_STATUS: the group is not viable");
    if (ioctl(edu->group, VFIO_GROUP_SET_CONTAINER, &edu->container) < 0)
        edu_fail_errno(STEP_SET_CONTAINER, "VFIO_GROUP_SET_CONTAINER");
}

static struct vfio_region_info region_info(const struct edu *edu, uint32_t index)
{
    struct vfio_region_info region = {.argsz = sizeof region, .index = index};

    if (ioctl(edu->device, VFIO_DEVICE_GET_REGION_INFO, &region) < 0)
        edu_fail_errno(STEP_REGION_INFO, "VFIO_DEVICE_GET_REGION_INFO");
    return region;
}

/* VFIO hands a device over with bus mastering off; without it every transfer is dropped. */
static void enable_bus_master(const struct edu *edu)
{
    struct vfio_region_info config = region_info(edu, VFIO_PCI_CONFIG_REGION_INDEX);
    off_t offset = (off_t)config.offset + PCI_COMMAND;
    uint16_t command;

    if (pread(edu->device, &command, sizeof command, offset) != sizeof command)
        edu_fail_errno(STEP_BUS_MASTER, "read of the command register");
    command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
    if (pwrite(edu->device, &command, sizeof command, offset) != sizeof command)
        edu_fail_errno(STEP_BUS_MASTER, "write of the command register");
}

uint32_t edu_read32(const struct edu *edu, size_t offset)
{
    return *(const volatile uint32_t *)(edu->registers + offset);
}

void edu_write32(const struct edu *edu, size_t offset, uint32_t value)
{
    *(volatile uint32_t *)(edu->registers + offset) = value;
}

static void write64(const struct edu *edu, size_t offset, uint64_t value)
{
    *(volatile uint64_t *)(edu->registers + offset) = value;
}

static void check_identity(const struct edu *edu)
{
    uint32_t identity = edu_read32(edu, EDU_IDENTITY);

    if ((identity & EDU_IDENTITY_MASK) != EDU_IDENTITY_VALUE)
        edu_fail(STEP_IDENTIFY, "not an edu device: its identity register reads %08x", identity);
}

static void map_registers(struct edu *edu, int file, off_t offset)
{
    void *registers = mmap(NULL, EDU_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, offset);

    if (registers == MAP_FAILED)
        edu_fail_errno(STEP_MAP_REGISTERS, "mmap of BAR 0");
    edu->registers = registers;
    check_identity(edu);
}

static void map_registers_of_vfio(struct edu *edu)
{
    struct vfio_region_info bar = region_info(edu, VFIO_PCI_BAR0_REGION_INDEX);

    if (bar.size != EDU_SIZE)
        edu_fail(STEP_IDENTIFY, "not an edu device: BAR 0 has %llu bytes", (unsigned long long)bar.size);
    map_registers(edu, edu->device, (off_t)bar.offset);
}

void edu_open_device(struct edu *edu, const char *address)
{
    if (ioctl(edu->container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) < 0)
        edu_fail_errno(STEP_SET_IOMMU, "VFIO_SET_IOMMU");
    edu->device = ioctl(edu->group, VFIO_GROUP_GET_DEVICE_FD, address);
    if (edu->device < 0)
        edu_fail_errno(STEP_GET_DEVICE, "VFIO_GROUP_GET_DEVICE_FD");
    enable_bus_master(edu);
    map_registers_of_vfio(edu);
}

void edu_map(const struct edu *edu, uint64_t iova, const volatile void *memory, size_t size)
{
    struct vfio_iommu_type1_dma_map map = {
        .argsz = sizeof map,
        .flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
        .vaddr = (uintptr_t)memory,
        .iova = iova,
        .size = size,
    };

    if (ioctl(edu->container, VFIO_IOMMU_MAP_DMA, &map) < 0)
        edu_fail_errno(STEP_MAP_DMA, "VFIO_IOMMU_MAP_DMA");
}

void edu_unmap(const struct edu *edu, uint64_t iova, size_t size)
{
    struct vfio_iommu_type1_dma_unmap unmap = {.argsz = sizeof unmap, .iova = iova, .size = size};

    if (ioctl(edu->container, VFIO_IOMMU_UNMAP_DMA, &unmap) < 0)
        edu_fail_errno(STEP_UNMAP_DMA, "VFIO_IOMMU_UNMAP_DMA");
}

void edu_transfer(const struct edu *edu, uint64_t from, uint64_t to, uint64_t length, uint32_t command)
{
    static const struct timespec pause = {.tv_nsec = POLL_NSEC};

    write64(edu, EDU_DMA_FROM, from);
    write64(edu, EDU_DMA_TO, to);
    write64(edu, EDU_DMA_COUNT, length);
    write64(edu, EDU_DMA_COMMAND, EDU_DMA_START | command);
    for (int polls = 0; polls < POLL_LIMIT; polls++) {
        if ((edu_read32(edu, EDU_DMA_COMMAND) & EDU_DMA_START) == 0)
            return;
        nanosleep(&pause, NULL);
    }
    edu_fail(STEP_TRANSFER, "the device does not finish a transfer");
}

void edu_open_resource(struct edu *edu, const char *address)
{
    char path[128];
    int file;

    snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/resource0", address);
    file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        edu_fail_errno(STEP_MAP_REGISTERS, path);
    map_registers(edu, file, 0);
    close(file);
}
