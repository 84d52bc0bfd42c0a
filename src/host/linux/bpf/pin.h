/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Asking the BPF programs that look at the kernel's memory, once they are in place.
 *
 * They stay until the next boot through files in a folder of the BPF file system that is root's alone. Asking takes
 * two system calls and no library; putting them in place is load.h's.
 */
#ifndef IOWARD_HOST_LINUX_BPF_PIN_H
#define IOWARD_HOST_LINUX_BPF_PIN_H

#include "host/linux/bpf/record.h"
#include <stdbool.h>
#include <stdint.h>

/* Where they are, from the root. */
#define IOW_PIN_BPFFS "sys/fs/bpf"
#define IOW_PIN_FOLDER IOW_PIN_BPFFS "/ioward"

/* Files in IOW_PIN_FOLDER/IDENTITY. */
#define IOW_PIN_GROUPS "groups"
#define IOW_PIN_MEMBERS "members"
#define IOW_PIN_FILES "files"
#define IOW_PIN_MAPPINGS "mappings"

struct iow_pin {
    int root_fd; /* borrowed */
    int groups, members;
};

/* iow_pin_identity - of the programs and records of this build */
const char *iow_pin_identity(void);

/*
 * iow_pin_folder_open - a folder below root_fd, provided that it is of the BPF file system and that nobody but root
 * can have put anything into it
 * Returns: a descriptor; -IOW_ENOENT, -IOW_EACCES; -IOW_EPERM: it is not such a folder
 */
int iow_pin_folder_open(int root_fd, const char *path);

/* iow_pin_open - the programs of this build's identity
 * Errors:  those of iow_pin_folder_open(), of the kernel; -IOW_EBADMSG: the maps are not ours */
int iow_pin_open(int root_fd, struct iow_pin *ret);
void iow_pin_close(struct iow_pin *pin);

/* iow_pin_look_at_group - has the kernel write the records of a group, and takes the group's
 * Out:     ret     with the time before the look, which no record of it is older than
 * Errors:  -IOW_ENOENT no such group, or nothing was written; -IOW_EIO */
int iow_pin_look_at_group(const struct iow_pin *pin, uint32_t number, struct iow_group_record *ret);

/* iow_pin_member - a member's record, after iow_pin_look_at_group() gave its group's. False: there are no more */
bool iow_pin_member(const struct iow_pin *pin, uint32_t number, uint32_t position,
    const struct iow_group_record *group, struct iow_member_record *ret);

/* iow_pin_files_path - of the file whose presence tells that holders can be asked for, from the root */
const char *iow_pin_files_path(void);

/*
 * iow_pin_holders - every anonymous file of VFIO that a process has open or mapped
 * Out:     found   called for each, in no order, until it returns other than 0; a name is NUL-terminated
 * Errors:  those of iow_pin_folder_open() and of the kernel; -IOW_ENOENT, also where the numbers of processes are not
 *          those that this process sees; what found returned
 */
int iow_pin_holders(int root_fd, int (*found)(void *ctx, const struct iow_file_record *record), void *ctx);

#endif
