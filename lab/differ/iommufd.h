/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls of iommufd and of VFIO's character devices, which older headers do not know. */
#ifndef IOWARD_LAB_IOMMUFD_H
#define IOWARD_LAB_IOMMUFD_H

#include "language.h"

/* What the kernel is built with. */
bool has_iommufd(void);
bool has_cdev(void);

/* Is the container's node really an iommufd's? */
bool container_is_iommufd(void);

/* Is it a container or an iommufd, which know other calls of the same numbers as a device's? */
bool is_container(int fd);

/* As open(): -1 with errno set. */
int open_cdev(const struct function *f);

/* 0 or a negative error number; ret_id: the object's number. */
int bind_iommufd(int fd, enum manner manner, int iommufd, unsigned *ret_id);
int attach_pt(int fd, enum manner manner, unsigned pt, unsigned *ret_id);
int detach_pt(int fd, enum manner manner);
int new_ioas(int fd, enum manner manner, unsigned *ret_id);
int destroy_object(int fd, enum manner manner, unsigned id);

/* A page where devices write for their interrupts. */
int map_interrupts(int fd, enum manner manner, unsigned ioas);

#endif
