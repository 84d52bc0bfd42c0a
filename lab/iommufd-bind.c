/* SPDX-License-Identifier: GPL-2.0-or-later */
/* iommufd-bind - claims VFIO devices for one IOMMUFD context, each by its own file, and holds them until a line or the
 * end of the input.   iommufd-bind /dev/vfio/devices/vfioN... */

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* Linux 6.6; older headers do not have it. */
#define BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)

struct bind_iommufd {
    uint32_t argsz, flags;
    int32_t iommufd;
    uint32_t out_devid;
};

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "iommufd-bind: %s: %s (errno %d)\n", what, strerror(errno), errno);
    exit(EXIT_FAILURE);
}

static void claim(int context, const char *path)
{
    struct bind_iommufd bind = {.argsz = sizeof bind, .iommufd = context};
    int device = open(path, O_RDWR | O_CLOEXEC);

    if (device < 0 || ioctl(device, BIND_IOMMUFD, &bind) < 0)
        fail(path);
}

int main(int argc, char **argv)
{
    int context = open("/dev/iommu", O_RDWR | O_CLOEXEC);

    if (context < 0)
        fail("/dev/iommu");
    for (int i = 1; i < argc; i++)
        claim(context, argv[i]);
    puts("holding");
    fflush(stdout);
    (void)getchar();
    return EXIT_SUCCESS;
}
