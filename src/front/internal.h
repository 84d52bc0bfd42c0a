/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of this room offer each other. */
#ifndef IOWARD_FRONT_INTERNAL_H
#define IOWARD_FRONT_INTERNAL_H

#include "front/table.h"

/* ask.c */
struct iow_front_frame *iow_front_frame(const struct iow_front_ask *ask);
/* A step that is done before the frame of ask goes on; what was called last is done first. */
struct iow_front_frame *iow_front_call(
    struct iow_front_ask *ask, enum iow_front_stage stage, uint32_t function);
/* A step that ends at once, about another VFIO group than the one asked (IOW_NONE: the same). */
int iow_front_decide(struct iow_front_ask *ask, enum iow_front_stage stage, uint32_t vgroup);
/* What the core answered, which whoever asked is told. */
int iow_front_answered(
    const struct iow_front_ask *ask, const struct iow_dma_group *group, int r, const struct iow_explain *why);
bool iow_front_has(const struct iow_front *front, enum iow_front_feature feature);

/* The function a call is about: of the file if that is a device's, else the one named. */
uint32_t iow_front_function_number(const struct iow_front_ask *ask);
struct iow_front_function *iow_front_function(const struct iow_front_ask *ask);

/* driver.c */
struct iow_front_driver *iow_front_driver_of(
    const struct iow_front *front, const struct iow_front_function *f);
bool iow_front_is_vfio(const struct iow_front *front, const struct iow_front_function *f);
bool iow_front_matches(const struct iow_front *front, const struct iow_front_function *f, uint32_t driver);

/* file.c */
uint32_t iow_front_new_file(struct iow_front *front, enum iow_front_file_kind kind, uint32_t of);
int iow_front_new_fd(struct iow_front *front, uint32_t process, uint32_t file, uint32_t *ret_fd);
void iow_front_put_file(struct iow_front *front, uint32_t file);
uint32_t iow_front_file_of(const struct iow_front *front, uint32_t process, uint32_t fd);

/* group.c */
uint32_t iow_front_vgroup_number(const struct iow_front_ask *ask);
struct iow_front_vgroup *iow_front_vgroup(const struct iow_front_ask *ask);
void iow_front_register_in_group(struct iow_front *front, struct iow_front_function *f);
void iow_front_leave_vgroup(struct iow_front *front, struct iow_front_function *f);
void iow_front_close_group(struct iow_front *front, struct iow_front_file *file);
void iow_front_put_container(struct iow_front *front, uint32_t container);

/* device.c */
void iow_front_register(struct iow_front *front, struct iow_front_function *f);
void iow_front_unlist(struct iow_front *front, struct iow_front_function *f);
void iow_front_close_device(struct iow_front *front, struct iow_front_file *file);

/* object.c: numbers are from 1; 0: none, or no room */
uint32_t iow_front_new_object(struct iow_front_iommufd *fd, enum iow_front_object_kind kind, uint32_t space);
void iow_front_drop_object(struct iow_front_iommufd *fd, uint32_t number);
enum iow_front_object_kind iow_front_object_kind(const struct iow_front_iommufd *fd, uint32_t number);
/* The table that attaching to an address space, or to a table, would be to; 0: one that is not made yet. */
uint32_t iow_front_table_at(const struct iow_front_iommufd *fd, uint32_t number);
/* The same, made if there is none, for so many devices more, or fewer. */
uint32_t iow_front_take_table(struct iow_front_iommufd *fd, uint32_t number, uint32_t devices);
void iow_front_put_table(struct iow_front_iommufd *fd, uint32_t table, uint32_t devices);

/* iommufd.c */
uint32_t iow_front_iommufd_number(const struct iow_front_ask *ask);
void iow_front_put_iommufd(struct iow_front *front, uint32_t iommufd);
void iow_front_unbind_iommufd(struct iow_front *front, struct iow_front_function *f);

#endif
