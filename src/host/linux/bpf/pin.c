/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/bpf/pin.h"

#include "base/cleanup.h"
#include "host/linux/bpf/bpf-identity.h"
#include <ioward/error.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>

const char *iow_pin_identity(void)
{
    return IOW_PIN_IDENTITY;
}

static int call_bpf(int command, union bpf_attr *attr, size_t size)
{
    long r = syscall(SYS_bpf, command, attr, size);

    return r < 0 ? -errno : (int)r;
}

int iow_pin_folder_open(int root_fd, const char *path)
{
    int folder = openat(root_fd, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct statfs fs;
    struct stat st;

    if (folder < 0)
        return -errno;
    if (fstatfs(folder, &fs) == 0 && fs.f_type == BPF_FS_MAGIC && fstat(folder, &st) == 0 && st.st_uid == 0 &&
        !(st.st_mode & (S_IWGRP | S_IWOTH)))
        return folder;
    (void)close(folder);
    return -IOW_EPERM;
}

static int open_map(int folder, const char *name)
{
    char path[64];
    union bpf_attr attr = {.file_flags = BPF_F_RDONLY, .pathname = (uintptr_t)path};

    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", folder, name);
    return call_bpf(BPF_OBJ_GET, &attr, sizeof(attr));
}

/* The kernel copies as many bytes as the map has for a value: they must be as many as we have room for. */
static int check_map(int map, size_t key, size_t value)
{
    struct bpf_map_info info = {0};
    union bpf_attr attr = {
        .info = {.bpf_fd = (uint32_t)map, .info_len = sizeof(info), .info = (uintptr_t)&info}};
    int r = call_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr));

    if (r < 0)
        return r;
    return info.key_size == key && info.value_size == value ? 0 : -IOW_EBADMSG;
}

int iow_pin_open(int root_fd, struct iow_pin *ret)
{
    /* Others may have put folders beside it in the file system itself, but nothing into ours. */
    IOW_CLEANUP_CLOSE int outer = iow_pin_folder_open(root_fd, IOW_PIN_FOLDER), folder = -1;
    struct iow_pin pin = {.root_fd = root_fd, .groups = -1, .members = -1};
    int r;

    if (outer < 0)
        return outer;
    folder = iow_pin_folder_open(outer, IOW_PIN_IDENTITY);
    if (folder < 0)
        return folder;
    pin.groups = r = open_map(folder, IOW_PIN_GROUPS);
    if (r >= 0)
        pin.members = r = open_map(folder, IOW_PIN_MEMBERS);
    if (r >= 0)
        r = check_map(pin.groups, sizeof(uint32_t), sizeof(struct iow_group_record));
    if (r >= 0)
        r = check_map(pin.members, sizeof(struct iow_member_key), sizeof(struct iow_member_record));
    if (r < 0)
        iow_pin_close(&pin);
    else
        *ret = pin;
    return r;
}

void iow_pin_close(struct iow_pin *pin)
{
    iow_cleanup_close(&pin->groups);
    iow_cleanup_close(&pin->members);
    pin->groups = pin->members = -1;
}

static int look_up(int map, const void *key, void *value)
{
    union bpf_attr attr = {.map_fd = (uint32_t)map, .key = (uintptr_t)key, .value = (uintptr_t)value};

    return call_bpf(BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr));
}

static uint64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* What the file says does not matter: that it is read makes the kernel call the function. */
static int touch(const struct iow_pin *pin, uint32_t number)
{
    char path[64], text[32];
    IOW_CLEANUP_CLOSE int file = -1;

    (void)snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%u/type", number);
    file = openat(pin->root_fd, path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -errno;
    return read(file, text, sizeof(text)) < 0 ? -errno : 0;
}

int iow_pin_look_at_group(const struct iow_pin *pin, uint32_t number, struct iow_group_record *ret)
{
    uint64_t since = now_ns();
    int r = touch(pin, number);

    if (r == 0)
        r = look_up(pin->groups, &number, ret);
    /* An older record may be of a group that had this number before. */
    if (r == 0 && ret->time_ns < since)
        r = -IOW_ENOENT;
    ret->time_ns = since;
    return r;
}

bool iow_pin_member(const struct iow_pin *pin, uint32_t number, uint32_t position,
    const struct iow_group_record *group, struct iow_member_record *ret)
{
    const struct iow_member_key key = {.group = number, .position = position};

    if (position >= IOW_RECORD_MEMBERS_OF_ONE || look_up(pin->members, &key, ret) < 0)
        return false;
    ret->name[sizeof(ret->name) - 1] = '\0';
    return ret->name[0] && ret->time_ns >= group->time_ns;
}
