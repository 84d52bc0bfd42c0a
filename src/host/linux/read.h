/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading a machine into facts: what the parts of the reader share.
 *
 * Every part adds to facts and goes on when something cannot be had: it records what is missing. Only what
 * would make any answer wrong (no memory, a damaged capture) ends the reading; it is kept in fatal, so that
 * parts need not pass it along.
 */
#ifndef IOWARD_HOST_LINUX_READ_H
#define IOWARD_HOST_LINUX_READ_H

#include "facts/build.h"
#include "host/linux/source.h"

/* Which functions the groups list; private to read-groups.c. */
struct iow_listings {
    struct iow_list groups, functions;
};

struct iow_reader {
    struct iow_source *source;
    struct iow_facts *facts;
    struct iow_listings listings;
    unsigned what; /* IOW_READ_... */
    int fatal;     /* 0, or the error to end with */
    struct iow_explain *reterr;
};

#define IOW_PCI_DEVICES "sys/bus/pci/devices"
#define IOW_GROUPS "sys/kernel/iommu_groups"
#define IOW_VFIO_CLASS "sys/class/vfio"
#define IOW_VFIO_DEVICE_CLASS "sys/class/vfio-dev"

/* Room for a value of one word: an id, a state, a driver's name. */
#define IOW_WORD 128

/* The names in a folder, sorted. */
struct iow_entries {
    char *text;
    size_t used, room;
    struct iow_list at; /* size_t: where each begins */
};

/* read-basics.c */

/* iow_reader_fail - ends the reading, unless it ended before; returns r */
int iow_reader_fail(struct iow_reader *rd, int r, enum iow_rule rule, const char *path);

/* iow_reader_missing - records what rule is about; path may be NULL */
void iow_reader_missing(
    struct iow_reader *rd, enum iow_rule rule, const struct iow_subject *subject, const char *path);

/* iow_reader_failed - records what a source's error r is about, or ends the reading for an error that must */
void iow_reader_failed(struct iow_reader *rd, int r, const struct iow_subject *subject, const char *path);

/* iow_reader_gone - does this error mean that the thing is not there (any more)? */
static inline bool iow_reader_gone(int r)
{
    return r == -IOW_ENOENT || r == -IOW_ENODEV;
}

/* iow_reader_keep - a copy in the facts; "" after running out of memory, which ends the reading */
const char *iow_reader_keep(struct iow_reader *rd, const char *text, size_t len);

/* iow_reader_text - iow_source_read_text(); -IOW_EINVAL for a text that a NUL would cut */
int iow_reader_text(struct iow_reader *rd, int at, const char *path, char *buf, size_t size);

/* iow_reader_number - an attribute that is one number. The source's error; -IOW_EINVAL something else is in
 * it */
int iow_reader_number(
    struct iow_reader *rd, int at, const char *name, bool hex, uint64_t most, uint64_t *ret);

/* iow_reader_link_name - last component of a link's text; its length, or the source's error */
int iow_reader_link_name(struct iow_reader *rd, int at, const char *name, char buf[IOW_WORD]);

/* iow_reader_open_link - the folder that a link in this folder points to, or the folder of that name itself
 * Out:     path, size   the path it has from the root; a damaged link ends the reading */
int iow_reader_open_link(
    struct iow_reader *rd, const char *folder, const char *name, char *path, size_t size);

/* iow_reader_list - what a folder holds
 * Errors: the source's; -IOW_ENOMEM, -IOW_E2BIG have ended the reading */
int iow_reader_list(struct iow_reader *rd, int folder, struct iow_entries *ret);
int iow_reader_list_path(struct iow_reader *rd, const char *path, struct iow_entries *ret);
const char *iow_entries_at(const struct iow_entries *entries, uint32_t i);
void iow_entries_done(struct iow_entries *entries);

/* read-place.c */

/*
 * iow_reader_functions_of - the functions that a device belongs to: the last one on its path in sysfs, or of
 * an NVMe multipath device those of every controller of its subsystem
 * In:      folder, link_text  a link to the device and the path of its folder; a damaged one ends the reading
 * Errors:  the source's, when not all could be found
 */
int iow_reader_functions_of(struct iow_reader *rd, const char *folder, const char *link_text,
    void (*found)(void *ctx, const struct iow_address *address), void *ctx);

/* read-functions.c: lists the functions and their places; then, when facts are finished, reads each */
struct iow_found_functions {
    struct iow_mem mem;   /* of the texts */
    struct iow_list list; /* private to read-functions.c */
};

int iow_read_function_list(
    struct iow_reader *rd, struct iow_facts_builder *builder, struct iow_found_functions *found);
void iow_read_functions(struct iow_reader *rd, struct iow_found_functions *found);
void iow_found_functions_done(struct iow_found_functions *found);

/* read-function.c: one function; folder is where its attributes are */
void iow_read_function(struct iow_reader *rd, struct iow_function *f, int folder);
void iow_read_vanished(struct iow_reader *rd, struct iow_function *f);

/* iow_check_physical_functions - cuts and records links to what is virtual itself; when all are read */
void iow_check_physical_functions(struct iow_reader *rd);

/* iow_function_path - path of a function's attribute by way of the bus, for records of what is missing;
 * returns buf */
#define IOW_FUNCTION_PATH_BYTES 128
const char *iow_function_path(
    const struct iow_function *f, const char *attribute, char buf[IOW_FUNCTION_PATH_BYTES]);

/* read-config.c */
struct iow_config_file {
    struct iow_source *source;
    int file;
    int n_cached;        /* bytes of cache that are true, -1: nothing is cached */
    uint8_t cache[4096]; /* filled when everything is read: one read instead of many */
};

int iow_config_file_open(struct iow_reader *rd, int folder, struct iow_config_file *ret);
void iow_config_file_close(struct iow_config_file *file);
struct iow_config_reader iow_config_file_reader(struct iow_config_file *file);

/* iow_read_config - decodes; ids come from the attributes where config space does not tell. False: the
 * function vanished */
bool iow_read_config(struct iow_reader *rd, struct iow_function *f, int folder);

/* iow_read_ids - ids from the attributes; the source's error when one that every function has is gone */
int iow_read_ids(struct iow_reader *rd, struct iow_function *f, int folder);

/* read-details.c */
void iow_read_details(struct iow_reader *rd, struct iow_function *f, int folder);

/* read-groups.c */
int iow_read_groups(struct iow_reader *rd, struct iow_facts_builder *builder);
void iow_read_regions(struct iow_reader *rd, struct iow_group *group);

/* iow_check_listings - records where groups and functions contradict each other; when all are read */
void iow_check_listings(struct iow_reader *rd);
void iow_listings_done(struct iow_listings *listings);

/* iow_read_nodes - which groups have a node of vfio; when facts are finished */
void iow_read_nodes(struct iow_reader *rd);

/* iow_vfio_present - could anything of vfio be held open? */
bool iow_vfio_present(struct iow_reader *rd);

/* read-machine.c */
void iow_read_machine(struct iow_reader *rd);

/* read-surroundings.c: when functions are read */
void iow_read_surroundings(struct iow_reader *rd);

/* read-names.c */
void iow_read_names(struct iow_reader *rd);

/* read-kernel.c: looks at the kernel's memory when a reading begins, and once more when it ends */
struct iow_kernel_looks;

/* iow_kernel_look_first - NULL: there is nothing to look with, or the reading has ended */
struct iow_kernel_looks *iow_kernel_look_first(struct iow_reader *rd);

/* iow_read_kernel - looks again and keeps what was seen, or takes the stored answer; frees looks, which may be NULL */
void iow_read_kernel(struct iow_reader *rd, struct iow_kernel_looks *looks);

/* read-holders.c */
void iow_read_holders(struct iow_reader *rd);

/*
 * iow_holders_walk - looks at the open files of every process of the running machine
 * Out:     ret     JSON of schema ioward.probe.holders/1, to be freed
 * Errors:  -IOW_ENOMEM, -IOW_E2BIG
 */
int iow_holders_walk(struct iow_reader *rd, char **ret, size_t *ret_len);

#endif
