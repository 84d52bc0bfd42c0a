/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading a machine: the live one, or a captured one, by the same code.
 *
 * A source is a tree of files as Linux shows them (sys/..., proc/...) and of stored answers (probe/...).
 * Reading a source never changes the machine and never wakes a sleeping device.
 */
#ifndef IOWARD_HOST_H
#define IOWARD_HOST_H

#include <ioward/facts.h>

#ifdef __cplusplus
extern "C" {
#endif

struct iow_source;

/* iow_source_open_live - the running machine */
int iow_source_open_live(struct iow_source **ret, struct iow_explain *reterr);

/*
 * iow_source_open_path - a capture: a folder, or an archive of one (tar, also compressed)
 * Errors:  -IOW_ENOENT, -IOW_EACCES; -IOW_EBADMSG damaged or cut off (IOW-CAP-DAMAGED), or a link that points
 *          outside (IOW-CAP-OUTSIDE); -IOW_E2BIG over the limits (IOW-CAP-TOO-BIG); -IOW_EINVAL not a
 *          capture (IOW-CAP-FOREIGN)
 */
int iow_source_open_path(const char *path, struct iow_source **ret, struct iow_explain *reterr);

/* iow_source_open_memory - an archive already in memory (borrowed only during the call) */
int iow_source_open_memory(
    const void *data, size_t size_bytes, struct iow_source **ret, struct iow_explain *reterr);

/* iow_source_close - accepts NULL, returns NULL */
struct iow_source *iow_source_close(struct iow_source *source);

/* What to read. Addresses, config space for grouping, drivers, groups and the machine itself are always read.
 */
enum iow_read {
    IOW_READ_HOLDERS = 0x01,
    IOW_READ_DETAILS = 0x02, /* of every function; see iow_facts_read_details() for one */
    IOW_READ_REGIONS = 0x04, /* reserved_regions of every group */
    IOW_READ_NAMES = 0x08,
    /* What the kernel's memory says of each group: where programs that look at it are in place (see
     * ioward-status(1), --kernel) and this user may ask them; nothing is missing where not */
    IOW_READ_KERNEL = 0x10,
    /* Slots, modules that move data between devices, files of raw memory, how interrupts come */
    IOW_READ_SURROUNDINGS = 0x20,
    IOW_READ_ALL = 0x3f,
};

/*
 * iow_facts_read - read a machine
 * In:      what    IOW_READ_...
 * Out:     ret     also when parts are missing: iow_facts_missing_at() tells what. Free with
 *                  iow_facts_free(); does not refer to source afterwards
 * Errors:  only what makes any answer wrong: -IOW_ENOMEM, -IOW_EBADMSG (damaged capture), -IOW_E2BIG
 */
int iow_facts_read(
    struct iow_source *source, unsigned what, struct iow_facts **ret, struct iow_explain *reterr);

/* iow_facts_read_details, iow_facts_read_names, iow_facts_read_regions - add to facts of the same source what
 * was not asked for before; no effect where it was. Function and group are positions; -IOW_ENOENT when there
 * is none at it */
int iow_facts_read_details(
    struct iow_source *source, struct iow_facts *facts, uint32_t function, struct iow_explain *reterr);
int iow_facts_read_names(struct iow_source *source, struct iow_facts *facts, struct iow_explain *reterr);
int iow_facts_read_regions(
    struct iow_source *source, struct iow_facts *facts, uint32_t group, struct iow_explain *reterr);

/*
 * iow_facts_read_uses - what the machine does with these functions: mounted and swapped-on disks, devices
 * made of them, interfaces in every network namespace, consoles, open files of /dev
 * In:      functions  positions; those read before are skipped
 * Out:     iow_facts_use_at(); in order of function, kind and name. Each function has IOW_FUNCTION_USES
 *          afterwards. What could not be seen (a namespace, a process) is missing under IOW-USE-UNKNOWN
 * Errors:  -IOW_ENOENT no function at a position; -IOW_ENOMEM, -IOW_EBADMSG (stored answer damaged),
 *          -IOW_E2BIG
 * Thread:  the calling one visits other network namespaces for a moment each
 * Cost:    looks at all processes once; opens block devices of these functions (only them) for a moment
 */
int iow_facts_read_uses(struct iow_source *source, struct iow_facts *facts, const uint32_t *functions,
    uint32_t n, struct iow_explain *reterr);

/* What a capture tells about the machine's people and serial numbers. */
enum iow_capture {
    IOW_CAPTURE_KEEP_PRIVATE = 0x01, /* keep serial numbers, MAC addresses, UUIDs and the host name */
};

/*
 * iow_capture_write - read everything and record exactly what was read
 * In:      fd      borrowed; gets a tar archive compressed with zstd
 * Errors:  as iow_facts_read(); -IOW_EIO writing failed (what was written is not a whole archive)
 */
int iow_capture_write(struct iow_source *source, int fd, unsigned flags, struct iow_explain *reterr);

#ifdef __cplusplus
}
#endif
#endif
