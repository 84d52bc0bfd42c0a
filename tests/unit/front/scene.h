/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine for the tests of this room.
 *
 *   function 0   a root port, alone in group 0
 *   function 1   a NIC below it, with two VFs possible, in group 1
 *   function 2   its sibling, in group 1 too
 *   function 3   a NIC, alone in group 2
 *   function 4   a NIC without a group
 *   function 5,6 VFs of function 1, each alone, in groups 3 and 4
 *   function 7   a NIC, alone in group 5, for hot-adding; not there at first
 *
 * Functions 1 to 4 and 7 are of model 1 (a NIC's), the port of model 2, VFs of model 3.
 */
#ifndef IOWARD_TESTS_FRONT_SCENE_H
#define IOWARD_TESTS_FRONT_SCENE_H

#include "testing.h"

#include "front/front.h"

enum {
    PORT,
    NIC,
    SIBLING,
    OTHER,
    GROUPLESS,
    VF1,
    VF2,
    LATE,
    N_FUNCTIONS,
};

/* Drivers: in the order the bus has them. */
enum {
    PCIEPORT,
    E1000,   /* the NIC's, in the kernel */
    IXGBEVF, /* the VFs', in the kernel */
    VFIO_PCI,
    PCI_STUB,
    UIO,    /* takes any that is given to it, counted like any kernel driver */
    MODULE, /* knows NICs too, not loaded */
    N_DRIVERS,
};

/* Models that drivers know. */
enum {
    NIC_MODEL = 1,
    PORT_MODEL = 2,
    VF_MODEL = 3,
};

#define V6_1 (6 << 8 | 1)
#define V6_12 (6 << 8 | 12)
#define IOMMUFD_BUILT (1u << IOW_FRONT_IOMMUFD | 1u << IOW_FRONT_CDEV)
#define NOIOMMU_ON (1u << IOW_FRONT_NOIOMMU)

struct scene {
    struct iow_mem mem;
    struct iow_front front;
    struct iow_front_answer answer;
};

/* All are there, unbound, the drivers but MODULE loaded. */
void scene_init(struct scene *s, uint16_t release, uint32_t built);
void scene_done(struct scene *s);

/* Asks as process 0 (op.process otherwise); the answer's code, its value in s->answer. */
int ask(struct scene *s, struct iow_front_op op);

#define ASK(s, name, ...) ask(s, (struct iow_front_op){.call = IOW_FRONT_CALL_##name, __VA_ARGS__})

/* Each call once, by what it needs. */
int bind_to(struct scene *s, uint32_t driver, uint32_t function);
int unbind_from(struct scene *s, uint32_t driver, uint32_t function);
int override(struct scene *s, uint32_t function, uint32_t driver);
int probe_drivers(struct scene *s, uint32_t function);
int add(struct scene *s, uint32_t function);
int take_away(struct scene *s, uint32_t function);
int set_vfs(struct scene *s, uint32_t function, uint32_t n);
int set_type(struct scene *s, uint32_t group, enum iow_domain_type type);
int close_fd(struct scene *s, uint32_t fd);

/* Must succeed; the descriptor. */
uint32_t open_group(struct scene *s, uint32_t group);
uint32_t open_container(struct scene *s);
uint32_t open_iommufd(struct scene *s);
uint32_t open_cdev(struct scene *s, uint32_t function);
uint32_t get_device(struct scene *s, uint32_t group_fd, uint32_t function);
uint32_t map(struct scene *s, uint32_t fd);
uint32_t fork_process(struct scene *s);

int set_container(struct scene *s, uint32_t group_fd, uint32_t fd);
int unset_container(struct scene *s, uint32_t group_fd);
int set_iommu(struct scene *s, uint32_t container_fd);
int ask_device(struct scene *s, uint32_t group_fd, uint32_t function, uint64_t token);
int try_open_group(struct scene *s, uint32_t group);
int bind_iommufd(struct scene *s, uint32_t cdev_fd, uint32_t iommufd_fd);
int attach_pt(struct scene *s, uint32_t cdev_fd, uint32_t pt);
int detach_pt(struct scene *s, uint32_t cdev_fd);
int status(struct scene *s, uint32_t group_fd); /* flags, or the error */

/* To vfio-pci by its override. */
void to_vfio(struct scene *s, uint32_t function);
void to_kernel(struct scene *s, uint32_t function, uint32_t driver);

/* A group in a container with its IOMMU; the descriptors. */
struct user {
    uint32_t group, container;
};
struct user use(struct scene *s, uint32_t group);

/* What is seen. */
uint32_t driver_of(struct scene *s, uint32_t function);
enum iow_owner owner_of(struct scene *s, uint32_t group);
int open_answers(struct scene *s, uint32_t group);
bool has_node(struct scene *s, uint32_t group);

/* The one task that has ended since; its code. -1000: none. */
#define NONE_ENDED (-1000)
int ended(struct scene *s);

/* How often each row answered in any scene of the program. */
#define MOST_ROWS 512
extern unsigned rows_answered[MOST_ROWS];

/* Every file of tests here; main.c runs one, or all and then looks for rows that never answered. */
int ask_tests(void);
int cdev_tests(void);
int device_tests(void);
int driver_tests(void);
int file_tests(void);
int group_tests(void);
int iommufd_tests(void);
int machine_tests(void);
int module_tests(void);
int object_tests(void);
int order_tests(void);
int presence_tests(void);
int random_tests(void);
int table_tests(void);
int vfs_tests(void);

#define BOTH_KERNELS(s, built)                                                                               \
    for (uint16_t both_i = 0, both_release = V6_1; both_i < 2 && (scene_init(s, both_release, built), true); \
         scene_done(s), both_i++, both_release = V6_12)

#endif
