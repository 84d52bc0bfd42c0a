/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bounds on what a stranger's input may make us use, each with its reason. Exceeding one is -IOW_E2BIG. */
#ifndef IOWARD_BASE_LIMITS_H
#define IOWARD_BASE_LIMITS_H

#include <stdint.h>

/* 256 buses of 256 functions are one domain; the largest machines have tens of thousands of functions. */
#define IOW_MAX_FUNCTIONS (1u << 20)

/* The kernel hands out group numbers from an allocator that starts at 0. */
#define IOW_MAX_GROUPS (1u << 20)

/* pid_max is at most 2^22; holders are those with vfio files. */
#define IOW_MAX_HOLDERS (1u << 16)

/* Block devices of the functions asked about, partitions and what is made of them included: the largest storage
 * controllers have some thousand. Each is compared with each. */
#define IOW_MAX_DISKS (1u << 13)

/* Uses of the functions asked about: one for each place where a file system of theirs is seen, some thousand on a
 * machine full of containers. */
#define IOW_MAX_USES (1u << 16)

/* A path of a captured file: sysfs nests one folder a bridge, 256 buses deep at the very most, PATH_MAX in
 * practice. */
#define IOW_MAX_PATH 4096u

/* Folders of such a path: 256 bridges, and what stands above and below them. Finding a path costs its depth. */
#define IOW_MAX_DEPTH 300u

/* One captured file. Config space is 4096 bytes, ACPI tables and process lists some hundred KiB. */
#define IOW_MAX_FILE_BYTES (4u << 20)

/* A whole capture when unpacked, all of it in memory: a machine of 10,000 functions takes about 100 MB. */
#define IOW_MAX_CAPTURE_BYTES (256u << 20)
#define IOW_MAX_CAPTURE_FILES (1u << 20)

/* What stands in front of a member's bytes in an archive: its header and those for long names. Paths are short
 * (IOW_MAX_PATH), and what libarchive makes of headers takes many times their bytes. */
#define IOW_MAX_HEADER_BYTES (1u << 20)

/* A whole archive, unpacked: its members' bytes, and 1 KiB for each for its header and padding. It costs time but
 * no memory. */
#define IOW_MAX_ARCHIVE_BYTES (IOW_MAX_CAPTURE_BYTES + (uint64_t)IOW_MAX_CAPTURE_FILES * 1024)

/* Objects and arrays in one JSON text: json-c takes about 750 bytes for each, however short it is written. The
 * longest real texts, the holders of a machine, have one for each open file. */
#define IOW_MAX_JSON_CONTAINERS 200000u

/* A file of accepted risks: some hundred risks with their reasons; people write them. */
#define IOW_MAX_ACCEPT_BYTES (1u << 18)

/* What one accepted risk is about: the members of a group. */
#define IOW_MAX_ACCEPTED_DEVICES 1024u

#endif
