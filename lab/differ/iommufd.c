/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "iommufd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)
#define ATTACH_PT _IO(VFIO_TYPE, VFIO_BASE + 19)
#define DETACH_PT _IO(VFIO_TYPE, VFIO_BASE + 20)
#define DESTROY _IO(VFIO_TYPE, 0x80)
#define IOAS_ALLOC _IO(VFIO_TYPE, 0x81)
#define IOAS_MAP _IO(VFIO_TYPE, 0x85)
#define FIXED_READABLE 5u

#define INTERRUPTS 0xfee00000u
#define PAGE 4096

#define CONTAINER_NODE "/dev/vfio/vfio"
#define IOMMUFD_NODE "/dev/iommu"

bool has_iommufd(void)
{
    return access(IOMMUFD_NODE, F_OK) == 0;
}

/* They have a range of device numbers of their own. */
bool has_cdev(void)
{
    FILE *file = fopen("/proc/devices", "re");
    char line[128], name[64];
    bool found = false;

    while (file && !found && fgets(line, sizeof(line), file))
        found = sscanf(line, "%*d %63s", name) == 1 && strcmp(name, "vfio-dev") == 0;
    if (file)
        fclose(file);
    return found;
}

static bool is_node(const struct stat *of, const char *path)
{
    struct stat node;

    return S_ISCHR(of->st_mode) && stat(path, &node) == 0 && of->st_rdev == node.st_rdev;
}

bool container_is_iommufd(void)
{
    struct stat container;

    return stat(CONTAINER_NODE, &container) == 0 && is_node(&container, IOMMUFD_NODE);
}

bool is_container(int fd)
{
    struct stat of;

    return fstat(fd, &of) == 0 && (is_node(&of, CONTAINER_NODE) || is_node(&of, IOMMUFD_NODE));
}

/* Its node is called as the one entry of a folder of the function's. */
int open_cdev(const struct function *f)
{
    char path[320];
    const struct dirent *entry = NULL;
    DIR *folder;
    int fd = -1;

    snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/vfio-dev", f->address);
    folder = opendir(path);
    while (folder && (entry = readdir(folder)) && entry->d_name[0] == '.')
        ;
    if (entry) {
        snprintf(path, sizeof(path), "/dev/vfio/devices/%s", entry->d_name);
        fd = open(path, O_RDWR);
    }
    if (folder)
        closedir(folder);
    return fd;
}

/* The first word of an argument is its size: malformed if it is smaller than that, nowhere if unreadable. */
static int call(int fd, unsigned long number, enum manner manner, uint32_t *argument)
{
    if (manner == MANNER_MALFORMED)
        argument[0] = sizeof(argument[0]);
    return ioctl(fd, number, manner == MANNER_UNREADABLE ? (void *)8 : argument) < 0 ? -errno : 0;
}

/* A negative number would be told from one of no open file. */
int bind_iommufd(int fd, enum manner manner, int iommufd, unsigned *ret_id)
{
    uint32_t bind[4] = {sizeof(bind), 0, iommufd < 0 ? INT16_MAX : (uint32_t)iommufd, 0};
    int r = call(fd, BIND_IOMMUFD, manner, bind);

    *ret_id = bind[3];
    return r;
}

int attach_pt(int fd, enum manner manner, unsigned pt, unsigned *ret_id)
{
    uint32_t attach[3] = {sizeof(attach), 0, pt};
    int r = call(fd, ATTACH_PT, manner, attach);

    *ret_id = attach[2];
    return r;
}

int detach_pt(int fd, enum manner manner)
{
    uint32_t detach[2] = {sizeof(detach), 0};

    return call(fd, DETACH_PT, manner, detach);
}

int new_ioas(int fd, enum manner manner, unsigned *ret_id)
{
    uint32_t alloc[3] = {sizeof(alloc), 0, 0};
    int r = call(fd, IOAS_ALLOC, manner, alloc);

    *ret_id = alloc[2];
    return r;
}

int destroy_object(int fd, enum manner manner, unsigned id)
{
    uint32_t destroy[2] = {sizeof(destroy), id};

    return call(fd, DESTROY, manner, destroy);
}

int map_interrupts(int fd, enum manner manner, unsigned ioas)
{
    static uint8_t page[PAGE] __attribute__((aligned(PAGE)));
    uint64_t from = (uintptr_t)page;
    uint32_t map[10] = {
        sizeof(map), FIXED_READABLE, ioas, 0, (uint32_t)from, (uint32_t)(from >> 32), PAGE, 0, INTERRUPTS, 0};

    return call(fd, IOAS_MAP, manner, map);
}
