/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dma-test - does DMA of QEMU's edu device go through the IOMMU, for an ordinary user?
 *
 * Takes the device through VFIO, lets it copy a page of ours into its buffer and back into another
 * page, then shows that an address that is not mapped can neither be read nor written by it. A
 * blocked edu notices nothing (writes are dropped, reads give zeros), so only the data can tell.
 *
 * With --identify it asks a device that nobody has whether it answers, without VFIO. */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

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

enum depth {
    DEPTH_GROUP,
    DEPTH_CONTAINER,
    DEPTH_DEVICE,
};

struct options {
    enum depth depth;
    bool hold;
    bool close_files;
    bool identify;
    const char *address;
};

#define PAGE ((size_t)4096)

/* Half of edu's buffer: a transfer that ends where the buffer ends makes QEMU abort. */
#define LENGTH ((size_t)2048)

/* Below 256 MB, since edu's DMA mask cuts an address to 28 bits unless told otherwise. */
#define IOVA_SOURCE ((uint64_t)0x100000)
#define IOVA_TARGET ((uint64_t)0x200000)
#define IOVA_UNMAPPED ((uint64_t)0x300000)

/* The registers and the buffer in BAR 0: docs/specs/edu.txt of QEMU. */
#define EDU_SIZE ((size_t)0x100000)
#define EDU_IDENTITY 0x00
#define EDU_IDENTITY_MASK 0xffffu
#define EDU_IDENTITY_VALUE 0x00edu
#define EDU_DMA_FROM 0x80
#define EDU_DMA_TO 0x88
#define EDU_DMA_COUNT 0x90
#define EDU_DMA_COMMAND 0x98
#define EDU_DMA_START 1u
#define EDU_DMA_TO_MEMORY 2u
#define EDU_BUFFER ((uint64_t)0x40000)

/* A transfer takes 100 ms of the guest's clock. */
#define POLL_NSEC 5000000L
#define POLL_LIMIT 2000

struct edu {
    int container;
    int group;
    int device;
    volatile uint8_t *registers;
    uint8_t *source;
    uint8_t *target;
};

static _Noreturn void fail(enum step step, const char *format, ...) __attribute__((format(printf, 2, 3)));

static _Noreturn void fail(enum step step, const char *format, ...)
{
    va_list arguments;

    fputs("dma-test: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit((int)step);
}

static _Noreturn void fail_errno(enum step step, const char *call)
{
    fail(step, "%s: %s (errno %d)", call, strerror(errno), errno);
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
        fail_errno(STEP_FIND_GROUP, link);
    target[length] = '\0';
    number = strrchr(target, '/');
    if (number == NULL)
        fail(STEP_FIND_GROUP, "%s does not name a group: %s", link, target);
    snprintf(path, size, "/dev/vfio/%s", number + 1);
}

static void open_group(struct edu *edu, const char *address)
{
    char path[280];

    group_path(address, path, sizeof path);
    edu->group = open(path, O_RDWR | O_CLOEXEC);
    if (edu->group < 0)
        fail_errno(STEP_OPEN_GROUP, path);
}

static void claim_group(struct edu *edu)
{
    struct vfio_group_status status = {.argsz = sizeof status};
    int version;

    edu->container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
    if (edu->container < 0)
        fail_errno(STEP_OPEN_CONTAINER, "/dev/vfio/vfio");
    version = ioctl(edu->container, VFIO_GET_API_VERSION);
    if (version != VFIO_API_VERSION)
        fail(STEP_CHECK_API, "VFIO_GET_API_VERSION: %d, not %d", version, VFIO_API_VERSION);
    if (ioctl(edu->group, VFIO_GROUP_GET_STATUS, &status) < 0)
        fail_errno(STEP_GROUP_VIABLE, "VFIO_GROUP_GET_STATUS");
    if ((status.flags & VFIO_GROUP_FLAGS_VIABLE) == 0)
        fail(STEP_GROUP_VIABLE, "VFIO_GROUP_GET_STATUS: the group is not viable");
    if (ioctl(edu->group, VFIO_GROUP_SET_CONTAINER, &edu->container) < 0)
        fail_errno(STEP_SET_CONTAINER, "VFIO_GROUP_SET_CONTAINER");
}

static struct vfio_region_info region_info(const struct edu *edu, uint32_t index)
{
    struct vfio_region_info region = {.argsz = sizeof region, .index = index};

    if (ioctl(edu->device, VFIO_DEVICE_GET_REGION_INFO, &region) < 0)
        fail_errno(STEP_REGION_INFO, "VFIO_DEVICE_GET_REGION_INFO");
    return region;
}

/* VFIO hands a device over with bus mastering off; without it every transfer is dropped. */
static void enable_bus_master(const struct edu *edu)
{
    struct vfio_region_info config = region_info(edu, VFIO_PCI_CONFIG_REGION_INDEX);
    off_t offset = (off_t)config.offset + PCI_COMMAND;
    uint16_t command;

    if (pread(edu->device, &command, sizeof command, offset) != sizeof command)
        fail_errno(STEP_BUS_MASTER, "read of the command register");
    command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
    if (pwrite(edu->device, &command, sizeof command, offset) != sizeof command)
        fail_errno(STEP_BUS_MASTER, "write of the command register");
}

static uint32_t read32(const struct edu *edu, size_t offset)
{
    return *(const volatile uint32_t *)(edu->registers + offset);
}

static void write64(const struct edu *edu, size_t offset, uint64_t value)
{
    *(volatile uint64_t *)(edu->registers + offset) = value;
}

static void check_identity(const struct edu *edu)
{
    uint32_t identity = read32(edu, EDU_IDENTITY);

    if ((identity & EDU_IDENTITY_MASK) != EDU_IDENTITY_VALUE)
        fail(STEP_IDENTIFY, "not an edu device: its identity register reads %08x", identity);
}

static void map_registers(struct edu *edu, int file, off_t offset)
{
    void *registers = mmap(NULL, EDU_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, offset);

    if (registers == MAP_FAILED)
        fail_errno(STEP_MAP_REGISTERS, "mmap of BAR 0");
    edu->registers = registers;
    check_identity(edu);
}

static void map_registers_of_vfio(struct edu *edu)
{
    struct vfio_region_info bar = region_info(edu, VFIO_PCI_BAR0_REGION_INDEX);

    if (bar.size != EDU_SIZE)
        fail(STEP_IDENTIFY, "not an edu device: BAR 0 has %llu bytes", (unsigned long long)bar.size);
    map_registers(edu, edu->device, (off_t)bar.offset);
}

static void open_device(struct edu *edu, const char *address)
{
    if (ioctl(edu->container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) < 0)
        fail_errno(STEP_SET_IOMMU, "VFIO_SET_IOMMU");
    edu->device = ioctl(edu->group, VFIO_GROUP_GET_DEVICE_FD, address);
    if (edu->device < 0)
        fail_errno(STEP_GET_DEVICE, "VFIO_GROUP_GET_DEVICE_FD");
    enable_bus_master(edu);
    map_registers_of_vfio(edu);
}

static uint8_t *allocate_page(void)
{
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED)
        fail_errno(STEP_ALLOCATE, "mmap of a page");
    return page;
}

static void map_dma(const struct edu *edu, uint64_t iova, const uint8_t *page)
{
    struct vfio_iommu_type1_dma_map map = {
        .argsz = sizeof map,
        .flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
        .vaddr = (uintptr_t)page,
        .iova = iova,
        .size = PAGE,
    };

    if (ioctl(edu->container, VFIO_IOMMU_MAP_DMA, &map) < 0)
        fail_errno(STEP_MAP_DMA, "VFIO_IOMMU_MAP_DMA");
}

static void unmap_dma(const struct edu *edu, uint64_t iova)
{
    struct vfio_iommu_type1_dma_unmap unmap = {.argsz = sizeof unmap, .iova = iova, .size = PAGE};

    if (ioctl(edu->container, VFIO_IOMMU_UNMAP_DMA, &unmap) < 0)
        fail_errno(STEP_UNMAP_DMA, "VFIO_IOMMU_UNMAP_DMA");
}

static void transfer(const struct edu *edu, uint64_t from, uint64_t to, uint32_t command)
{
    static const struct timespec pause = {.tv_nsec = POLL_NSEC};

    write64(edu, EDU_DMA_FROM, from);
    write64(edu, EDU_DMA_TO, to);
    write64(edu, EDU_DMA_COUNT, LENGTH);
    write64(edu, EDU_DMA_COMMAND, EDU_DMA_START | command);
    for (int polls = 0; polls < POLL_LIMIT; polls++) {
        if ((read32(edu, EDU_DMA_COMMAND) & EDU_DMA_START) == 0)
            return;
        nanosleep(&pause, NULL);
    }
    fail(STEP_TRANSFER, "the device does not finish a transfer");
}

static void read_memory(const struct edu *edu, uint64_t iova)
{
    transfer(edu, iova, EDU_BUFFER, 0);
}

static void write_memory(const struct edu *edu, uint64_t iova)
{
    transfer(edu, EDU_BUFFER, iova, EDU_DMA_TO_MEMORY);
}

static bool is_zero(const uint8_t *data)
{
    static const uint8_t zeros[LENGTH];

    return memcmp(data, zeros, LENGTH) == 0;
}

static void check_mapped(const struct edu *edu)
{
    for (size_t i = 0; i < LENGTH; i++)
        edu->source[i] = (uint8_t)(i * 7 + i / 256 + 1);
    read_memory(edu, IOVA_SOURCE);
    write_memory(edu, IOVA_TARGET);
    if (memcmp(edu->source, edu->target, LENGTH) != 0)
        fail(STEP_DATA_DIFFERS, "the copy differs from the original");
}

/* The device's buffer still holds the pattern here, so zeros in it can only come from a blocked read. */
static void check_unmapped(const struct edu *edu)
{
    read_memory(edu, IOVA_UNMAPPED);
    write_memory(edu, IOVA_TARGET);
    if (!is_zero(edu->target))
        fail(STEP_UNMAPPED_READ, "a read of an unmapped address gave data");

    read_memory(edu, IOVA_SOURCE);
    unmap_dma(edu, IOVA_TARGET);
    write_memory(edu, IOVA_TARGET);
    if (!is_zero(edu->target))
        fail(STEP_UNMAPPED_WRITE, "a write to an address arrived after its mapping was gone");
}

static void test_dma(struct edu *edu)
{
    edu->source = allocate_page();
    edu->target = allocate_page();
    map_dma(edu, IOVA_SOURCE, edu->source);
    map_dma(edu, IOVA_TARGET, edu->target);
    check_mapped(edu);
    check_unmapped(edu);
}

/* Counted by the kernel: every '1' wants a '0' after it. */
static void enable(const char *address, char value)
{
    char path[128];
    int file;

    snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/enable", address);
    file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0 || write(file, &value, 1) != 1)
        fail_errno(STEP_MAP_REGISTERS, path);
    close(file);
}

static void identify(struct edu *edu, const char *address)
{
    char path[128];
    int file;

    snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/resource0", address);
    file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        fail_errno(STEP_MAP_REGISTERS, path);
    enable(address, '1');
    map_registers(edu, file, 0);
    enable(address, '0');
}

static void hold(void)
{
    int byte;

    puts("holding");
    fflush(stdout);
    do {
        byte = getchar();
    } while (byte != EOF && byte != '\n');
}

static _Noreturn void usage(void)
{
    fputs("usage: dma-test [--hold] [--close-files] ADDRESS\n"
          "       dma-test --container|--group-only ADDRESS\n"
          "       dma-test --identify ADDRESS\n"
          "  --hold         keep everything open until a line or the end of the input\n"
          "  --close-files  close group and container before that: only the device stays open\n"
          "  --container    claim the group, open no device, hold\n"
          "  --group-only   open the group's file, claim nothing, hold\n"
          "  --identify     as root, of a device without a driver: only whether it answers\n",
        stderr);
    exit((int)STEP_USAGE);
}

static struct options parse(int count, char **words)
{
    static const struct option known[] = {
        {"hold", no_argument, NULL, 'h'},
        {"close-files", no_argument, NULL, 'f'},
        {"container", no_argument, NULL, 'c'},
        {"group-only", no_argument, NULL, 'g'},
        {"identify", no_argument, NULL, 'i'},
        {0},
    };
    struct options options = {.depth = DEPTH_DEVICE};
    int letter;

    while ((letter = getopt_long(count, words, "", known, NULL)) != -1) {
        switch (letter) {
        case 'h':
            options.hold = true;
            break;
        case 'f':
            options.close_files = true;
            break;
        case 'c':
            options.depth = DEPTH_CONTAINER;
            break;
        case 'g':
            options.depth = DEPTH_GROUP;
            break;
        case 'i':
            options.identify = true;
            break;
        default:
            usage();
        }
    }
    if (optind + 1 != count)
        usage();
    options.address = words[optind];
    return options;
}

int main(int argc, char **argv)
{
    struct options options = parse(argc, argv);
    struct edu edu = {.container = -1, .group = -1, .device = -1};

    if (options.identify) {
        identify(&edu, options.address);
        return EXIT_SUCCESS;
    }
    open_group(&edu, options.address);
    if (options.depth >= DEPTH_CONTAINER)
        claim_group(&edu);
    if (options.depth == DEPTH_DEVICE) {
        open_device(&edu, options.address);
        test_dma(&edu);
        puts("DMA goes through the IOMMU");
    }
    if (options.close_files) {
        close(edu.group);
        close(edu.container);
    }
    if (options.hold || options.depth != DEPTH_DEVICE)
        hold();
    return EXIT_SUCCESS;
}
