/* SPDX-License-Identifier: GPL-2.0-or-later */
/* peer-dma - does DMA of one edu device arrive in the registers of another?
 *
 * A transfer reads the identity of the target into the device's buffer, and writes it from there where the target can be
 * asked what came. The device notices nothing of a transfer that does not arrive (a read gives zeros, a write is dropped),
 * so only the target can tell. All as root. */

#include "edu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD ((uint64_t)4)
#define UNTOUCHED 0x12345678u

/* Below 256 MB, since edu's DMA mask cuts an address to 28 bits unless told otherwise. */
#define IOVA_PEER ((uint64_t)0x400000)

/* Reads where the identity is, if this is where the target's registers begin, and writes beside it. */
static void poke(const struct edu *edu, uint64_t registers)
{
    edu_transfer(edu, registers + EDU_IDENTITY, EDU_BUFFER, WORD, 0);
    edu_transfer(edu, EDU_BUFFER, registers + EDU_LIVENESS, WORD, EDU_DMA_TO_MEMORY);
}

static void poke_by_address(const char *from, const char *registers)
{
    struct edu edu;

    edu_open_resource(&edu, from);
    poke(&edu, strtoull(registers, NULL, 0));
}

static void poke_by_mapping(const char *from, const char *to)
{
    struct edu edu, target;

    edu_open_resource(&target, to);
    edu_open_group(&edu, from);
    edu_claim_group(&edu);
    edu_open_device(&edu, from);
    edu_map(&edu, IOVA_PEER, target.registers, EDU_SIZE);
    poke(&edu, IOVA_PEER);
}

static void prepare(const char *to)
{
    struct edu edu;

    edu_open_resource(&edu, to);
    edu_write32(&edu, EDU_LIVENESS, UNTOUCHED);
}

static const char *look(const char *to)
{
    struct edu edu;
    uint32_t came;

    edu_open_resource(&edu, to);
    came = ~edu_read32(&edu, EDU_LIVENESS);
    if (came == UNTOUCHED)
        return "untouched";
    if (came == 0)
        return "written";
    return came == edu_read32(&edu, EDU_IDENTITY) ? "read and written" : "garbled";
}

static _Noreturn void usage(void)
{
    fputs("usage: peer-dma prepare TO\n"
          "       peer-dma address FROM REGISTERS\n"
          "       peer-dma mapped FROM TO\n"
          "       peer-dma look TO\n"
          "  prepare  has TO remember that nobody wrote to it\n"
          "  address  has FROM, which has no driver, do DMA at an address on the bus\n"
          "  mapped   takes FROM through VFIO, maps the registers of TO for it, and has it do DMA there\n"
          "  look     what came of it: untouched, written, or read and written\n",
        stderr);
    exit((int)STEP_USAGE);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "prepare") == 0)
        prepare(argv[2]);
    else if (argc == 4 && strcmp(argv[1], "address") == 0)
        poke_by_address(argv[2], argv[3]);
    else if (argc == 4 && strcmp(argv[1], "mapped") == 0)
        poke_by_mapping(argv[2], argv[3]);
    else if (argc == 3 && strcmp(argv[1], "look") == 0)
        puts(look(argv[2]));
    else
        usage();
    return EXIT_SUCCESS;
}
