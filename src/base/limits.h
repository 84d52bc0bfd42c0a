/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bounds on what a stranger's input may make us use, each with its reason. Exceeding one is -IOW_E2BIG. */
#ifndef IOWARD_BASE_LIMITS_H
#define IOWARD_BASE_LIMITS_H

/* 256 buses of 256 functions are one domain; the largest machines have tens of thousands of functions. */
#define IOW_MAX_FUNCTIONS (1u << 20)

/* The kernel hands out group numbers from an allocator that starts at 0. */
#define IOW_MAX_GROUPS (1u << 20)

/* pid_max is at most 2^22; holders are those with vfio files. */
#define IOW_MAX_HOLDERS (1u << 16)

/* A path of a captured file: sysfs nests one folder a bridge, 256 buses deep at the very most, PATH_MAX in
 * practice. */
#define IOW_MAX_PATH 4096u

/* One captured file. Config space is 4096 bytes, ACPI tables and process lists some hundred KiB. */
#define IOW_MAX_FILE_BYTES (4u << 20)

/* A whole capture when unpacked: a machine of 10,000 functions takes about 100 MB. */
#define IOW_MAX_CAPTURE_BYTES (512u << 20)
#define IOW_MAX_CAPTURE_FILES (1u << 20)

#endif
