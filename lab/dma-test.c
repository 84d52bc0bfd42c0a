/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dma-test - does DMA of QEMU's edu device go through the IOMMU, for an ordinary user?
 *
 * Takes the device through VFIO, lets it copy a page of ours into its buffer and back into another
 * page, then shows that an address that is not mapped can neither be read nor written by it. A
 * blocked edu notices nothing (writes are dropped, reads give zeros), so only the data can tell.
 *
 * With --identify it asks a device that nobody has whether it answers, without VFIO. */

#include "edu.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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
#define LENGTH ((size_t)2048) /* half of the device's buffer */

/* Below 256 MB, since edu's DMA mask cuts an address to 28 bits unless told otherwise. */
#define IOVA_SOURCE ((uint64_t)0x100000)
#define IOVA_TARGET ((uint64_t)0x200000)
#define IOVA_UNMAPPED ((uint64_t)0x300000)

struct pages {
    uint8_t *source, *target;
};

static uint8_t *allocate_page(void)
{
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED)
        edu_fail_errno(STEP_ALLOCATE, "mmap of a page");
    return page;
}

static void read_memory(const struct edu *edu, uint64_t iova)
{
    edu_transfer(edu, iova, EDU_BUFFER, LENGTH, 0);
}

static void write_memory(const struct edu *edu, uint64_t iova)
{
    edu_transfer(edu, EDU_BUFFER, iova, LENGTH, EDU_DMA_TO_MEMORY);
}

static bool is_zero(const uint8_t *data)
{
    static const uint8_t zeros[LENGTH];

    return memcmp(data, zeros, LENGTH) == 0;
}

static void check_mapped(const struct edu *edu, const struct pages *pages)
{
    for (size_t i = 0; i < LENGTH; i++)
        pages->source[i] = (uint8_t)(i * 7 + i / 256 + 1);
    read_memory(edu, IOVA_SOURCE);
    write_memory(edu, IOVA_TARGET);
    if (memcmp(pages->source, pages->target, LENGTH) != 0)
        edu_fail(STEP_DATA_DIFFERS, "the copy differs from the original");
}

/* The device's buffer still holds the pattern here, so zeros in it can only come from a blocked read. */
static void check_unmapped(const struct edu *edu, const struct pages *pages)
{
    read_memory(edu, IOVA_UNMAPPED);
    write_memory(edu, IOVA_TARGET);
    if (!is_zero(pages->target))
        edu_fail(STEP_UNMAPPED_READ, "a read of an unmapped address gave data");

    read_memory(edu, IOVA_SOURCE);
    edu_unmap(edu, IOVA_TARGET, PAGE);
    write_memory(edu, IOVA_TARGET);
    if (!is_zero(pages->target))
        edu_fail(STEP_UNMAPPED_WRITE, "a write to an address arrived after its mapping was gone");
}

static void test_dma(const struct edu *edu)
{
    const struct pages all = {.source = allocate_page(), .target = allocate_page()}, *pages = &all;

    edu_map(edu, IOVA_SOURCE, pages->source, PAGE);
    edu_map(edu, IOVA_TARGET, pages->target, PAGE);
    check_mapped(edu, pages);
    check_unmapped(edu, pages);
}

/* Counted by the kernel: every '1' wants a '0' after it. */
static void enable(const char *address, char value)
{
    char path[128];
    int file;

    snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/enable", address);
    file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0 || write(file, &value, 1) != 1)
        edu_fail_errno(STEP_MAP_REGISTERS, path);
    close(file);
}

static void identify(struct edu *edu, const char *address)
{
    enable(address, '1');
    edu_open_resource(edu, address);
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
    edu_open_group(&edu, options.address);
    if (options.depth >= DEPTH_CONTAINER)
        edu_claim_group(&edu);
    if (options.depth == DEPTH_DEVICE) {
        edu_open_device(&edu, options.address);
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
