/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table: its steps, conditions and effects, each a function of the file that the list is headed by. The
 * rows are in driver-rows.h and vfio-rows.h, what they mean when they are asked in ask.c.
 */
#ifndef IOWARD_FRONT_TABLE_H
#define IOWARD_FRONT_TABLE_H

#include "front/front.h"

/* What calls come to after their first look: X(name, words). */
#define IOW_FRONT_STEP_LIST(X)                                                                               \
    X(BIND_LOCK, "bind: lock")                                                                               \
    X(BIND_PROBED, "bind: probed")                                                                           \
    X(PROBE, "probe")                                                                                        \
    X(PROBING, "probe: the bus's")                                                                           \
    X(PROBE_CALLED, "probe: the driver's own")                                                               \
    X(UNBIND_LOCK, "unbind: lock")                                                                           \
    X(UNBOUND, "unbind: done")                                                                               \
    X(RELEASE, "release the driver")                                                                         \
    X(RELEASE_VFS, "release: virtual functions")                                                             \
    X(RELEASE_VFIO, "release: VFIO")                                                                         \
    X(RELEASE_WAIT, "release: wait")                                                                         \
    X(OVERRIDE_LOCK, "driver_override: lock")                                                                \
    X(DRIVERS_PROBED, "drivers_probe: done")                                                                 \
    X(MATCH, "find a driver")                                                                                \
    X(MATCHED, "find a driver: asked one")                                                                   \
    X(ATTACH, "find functions")                                                                              \
    X(ATTACH_LOCK, "find functions: lock")                                                                   \
    X(ATTACHED, "find functions: asked one")                                                                 \
    X(DETACH, "unload: next function")                                                                       \
    X(DETACH_LOCK, "unload: lock")                                                                           \
    X(DETACHED, "unload: released one")                                                                      \
    X(ADDED, "add: done")                                                                                    \
    X(REMOVE_LOCK, "remove: lock")                                                                           \
    X(REMOVED, "remove: done")                                                                               \
    X(DESTROY, "remove: destroy")                                                                            \
    X(VFS_LOCK, "sriov_numvfs: lock")                                                                        \
    X(VFS_RESCAN, "sriov_numvfs: rescan lock")                                                               \
    X(VFS_SET, "sriov_numvfs: done")                                                                         \
    X(TYPE_LOCK, "type: lock")                                                                               \
    X(JOIN_CONTAINER, "join a container")                                                                    \
    X(BACKEND, "attach to the container's IOMMU")                                                            \
    X(JOIN_IOMMUFD, "join an iommufd")                                                                       \
    X(SET_IOMMU_FD, "VFIO_SET_IOMMU of an iommufd")                                                          \
    X(OPEN_DEVICE, "open the device")                                                                        \
    X(OPENED_DEVICE, "open the device: done")                                                                \
    X(CLAIM_FD, "bind to an iommufd")                                                                        \
    X(ATTACH_NEW, "attach a page table: not attached yet")                                                   \
    X(REPLACE_PT, "replace the page table")                                                                  \
    X(ATTACHED_PT, "attach a page table: done")

#define IOW_FRONT_STAGE_LIST(X) IOW_FRONT_CALL_LIST(X) IOW_FRONT_STEP_LIST(X)

enum iow_front_stage {
#define IOW_FRONT_STAGE_ENUM(name, words) IOW_FRONT_STAGE_##name,
    IOW_FRONT_STAGE_LIST(IOW_FRONT_STAGE_ENUM)
#undef IOW_FRONT_STAGE_ENUM
    IOW_FRONT_STAGE__COUNT
};

/* What is tried, when its row is reached, before the condition is looked at: X(name, words). */
#define IOW_FRONT_TRY_LIST(X)                                                                                \
    /* driver.c */                                                                                           \
    X(CONFIGURE, "the core is asked to probe")                                                               \
    X(OWN_PROBE, "the driver probes")                                                                        \
    X(RETYPE, "the core is asked to change the type")                                                        \
    /* file.c */                                                                                             \
    X(COPY, "a process with the same files")                                                                 \
    X(SECOND_FD, "a second descriptor")                                                                      \
    X(THEIR_FD, "a descriptor of the receiver's")                                                            \
    X(NEW_MAP, "a mapping")                                                                                  \
    X(CONTAINER, "a container and its file")                                                                 \
    X(IOMMUFD, "an iommufd and its file")                                                                    \
    X(GROUP, "the group's file")                                                                             \
    X(CDEV, "a file of the character device")                                                                \
    X(DEVICE, "a file of the device")                                                                        \
    /* group.c */                                                                                            \
    X(CLAIM, "the core is asked to claim the group")                                                         \
    X(BACKEND, "attach to the container's IOMMU, if it has one")                                             \
    X(BACKENDS, "attach every group of the container")                                                       \
    X(ALLOC, "a domain for the group")                                                                       \
    X(ATTACH, "the core is asked to attach the group")                                                       \
    /* device.c */                                                                                           \
    X(OPEN, "the driver opens the device, unless it is open")                                                \
    X(RESET_FDS, "the files of the reset")                                                                   \
    X(RESET, "the functions are reset")                                                                      \
    /* object.c */                                                                                           \
    X(NEW_IOAS, "an address space")                                                                          \
    /* iommufd.c */                                                                                          \
    X(COMPAT_IOAS, "the address space for groups, unless there is one")                                      \
    X(CLAIM_FD, "bind to the iommufd, if there is one")                                                      \
    X(CLAIM_DEVICE, "the core is asked to claim the device")                                                 \
    X(NEW_DEVICE, "a number for the device")                                                                 \
    X(COMPAT, "attach to the iommufd's address space for groups, if bound")                                  \
    X(ATTACH_FD, "the core is asked to attach, unless a sibling is attached")                                \
    X(REPLACE, "the core is asked to replace")

/* What must be so for a row to answer: X(name, words). */
#define IOW_FRONT_CONDITION_LIST(X)                                                                          \
    /* ask.c */                                                                                              \
    X(FAILED, "it failed")                                                                                   \
    X(BELOW_FAILED, "the step before failed")                                                                \
    X(BELOW_DEFERRED, "it is to be tried later")                                                             \
    X(BELOW_REFUSED, "it was refused before the driver was asked")                                           \
    X(UNREADABLE, "an unreadable argument")                                                                  \
    X(MALFORMED, "a malformed argument")                                                                     \
    X(GLUED, "text glued to the name")                                                                       \
    X(LOCKED, "somebody else has the device's lock")                                                         \
    X(RESCAN_LOCKED, "somebody else adds or removes")                                                        \
    X(HANGS, "the driver does not return")                                                                   \
    X(STICKS, "a driver of the kernel's does not let go")                                                    \
    /* driver.c */                                                                                           \
    X(NOT_LOADED, "the driver is not loaded")                                                                \
    X(LOADED, "the driver is loaded")                                                                        \
    X(NO_MODULE, "there is no such driver")                                                                  \
    X(MODULE_USED, "a device of the driver is open")                                                         \
    X(NEXT_BOUND, "there is a further function bound to it")                                                 \
    X(ABSENT, "there is no such function")                                                                   \
    X(PRESENT, "the function is there")                                                                      \
    X(NO_PARENT, "its bridge or physical function is not there")                                             \
    X(NO_MATCH, "the driver does not match")                                                                 \
    X(TAKEN, "a driver has it, or is about to")                                                              \
    X(NOT_TAKEN, "no driver has it")                                                                         \
    X(OTHER_DRIVER, "not this driver has it")                                                                \
    X(DENYLISTED, "VFIO denies the model")                                                                   \
    X(BRIDGE, "VFIO takes no bridge")                                                                        \
    X(VFS_BEFORE, "it has virtual functions already")                                                        \
    X(NOT_PROBED, "a VF whose PF has sriov_drivers_autoprobe off, without driver_override")                  \
    X(NO_VFIO_GROUP, "it has no group, and no-IOMMU mode is off")                                            \
    X(INCOHERENT, "the IOMMU does not keep caches coherent")                                                 \
    X(REGISTERED, "VFIO's users keep it")                                                                    \
    X(NEXT_DRIVER, "there is a further driver that matches")                                                 \
    X(NEXT_FUNCTION, "there is a further function that matches")                                             \
    X(STATIC_ID, "the driver's table has it")                                                                \
    X(DYNAMIC_ID, "it was given before")                                                                     \
    X(NO_DYNAMIC_ID, "it was not given before")                                                              \
    X(OTHER_DATA, "driver data that the table does not have")                                                \
    X(NO_REMOVE_FILE, "the function or its file is gone")                                                    \
    X(HAS_VFS, "the driver has virtual functions on")                                                        \
    X(NO_VFS_FILE, "it can have no virtual functions")                                                       \
    X(TOO_MANY_VFS, "more than it can have")                                                                 \
    X(SAME_VFS, "it has as many")                                                                            \
    X(OTHER_VFS, "it has another number, and none are not asked for")                                        \
    X(NO_VFS_DRIVER, "the driver does not do it")                                                            \
    X(NO_VFS_WANTED, "none are asked for")                                                                   \
    X(NO_MEMBERS, "there is no such group")                                                                  \
    X(NOT_ALLOWED, "a capability is lacking")                                                                \
    X(NO_DEFAULT, "there is no default domain")                                                              \
    X(ONLY_LOCKED, "somebody else has the lock of the only member")                                          \
    /* file.c */                                                                                             \
    X(NO_PROCESS, "there is no such process")                                                                \
    X(NO_RECEIVER, "there is no such receiver")                                                              \
    X(NO_FILE, "not an open file")                                                                           \
    X(NO_MAP, "not mapped")                                                                                  \
    X(NO_OTHER_FILE, "the other is not an open file")                                                        \
    X(NAKED_CONTAINER, "a container without IOMMU, which knows nothing else")                                \
    X(NO_GROUP_FILE, "not a group's file")                                                                   \
    X(NO_CONTAINER_FILE, "not a container's file")                                                           \
    X(NO_IOMMUFD_FILE, "not an iommufd")                                                                     \
    X(NO_DEVICE_FILE, "not a device's file, nothing to map")                                                 \
    X(NO_VFIO_DEVICE, "not a device's file")                                                                 \
    X(TO_CONTAINER, "the other is a container")                                                              \
    X(TO_IOMMUFD, "the other is an iommufd")                                                                 \
    X(NOT_TO_IOMMUFD, "the other is not an iommufd")                                                         \
    X(NO_BAR, "nothing can be mapped")                                                                       \
    X(UNBOUND_CDEV, "a character device that is not bound")                                                  \
    X(ON_IOMMUFD, "an iommufd")                                                                              \
    /* group.c */                                                                                            \
    X(RACED_TO_DEATH, "the last driver leaves right now")                                                    \
    X(NO_NODE, "the node is gone")                                                                           \
    X(NO_RAWIO, "no-IOMMU, without CAP_SYS_RAWIO")                                                           \
    X(CDEVS_OPEN, "a member is bound through its character device")                                          \
    X(GROUP_OPEN, "the group is open")                                                                       \
    X(GROUP_DEAD, "no vfio device is left")                                                                  \
    X(HAS_IOMMU, "it has a container or iommufd")                                                            \
    X(NO_IOMMU, "it has no container or iommufd")                                                            \
    X(CONTAINER_USED, "a device is open in the container")                                                   \
    X(MIXED, "no-IOMMU and real groups do not mix")                                                          \
    X(NOIOMMU_GROUP, "a no-IOMMU group")                                                                     \
    X(VADDR_INVALID, "mappings are between two owners of memory")                                            \
    X(NO_DOMAIN, "no domain can be made")                                                                    \
    X(CONFLICTS, "reserved regions are in conflict")                                                         \
    X(UNSAFE, "interrupts are not isolated, and that is not allowed")                                        \
    X(NO_BACKEND, "the container has no IOMMU")                                                              \
    X(EMPTY_OR_SET, "no group, or an IOMMU already")                                                         \
    X(NO_SUCH_IOMMU, "nothing supports the type")                                                            \
    X(NOIOMMU_BARRED, "no-IOMMU, which the container is for, without CAP_SYS_RAWIO")                         \
    /* device.c */                                                                                           \
    X(NOT_LISTED, "no such vfio device in the group")                                                        \
    X(VF_UNASKED, "a token for a VF whose PF is not VFIO's")                                                 \
    X(VF_NO_TOKEN, "a VF of VFIO's PF, without its token")                                                   \
    X(VF_WRONG_TOKEN, "a VF of VFIO's PF, with another token")                                               \
    X(PF_NO_TOKEN, "a PF whose VFs are open, without its token")                                             \
    X(PF_WRONG_TOKEN, "a PF whose VFs are open, with another token")                                         \
    X(PF_NEW_TOKEN, "a PF whose VFs are not open, with a token")                                             \
    X(ODD_TOKEN, "a token for neither a PF nor a VF")                                                        \
    X(NO_TOKEN, "not a PF")                                                                                  \
    X(OPEN_ALREADY, "the device is open")                                                                    \
    X(OPEN_LOCKED, "it would be reset, and somebody else has its lock")                                      \
    X(MODULE_GOING, "the driver's module is going")                                                          \
    X(NOT_GRANTED, "the device was not opened through it")                                                   \
    X(GRANTED, "the device was opened through it")                                                           \
    X(BY_GROUP, "a file that came from the group")                                                           \
    X(NO_RESET, "neither slot nor bus can be reset")                                                         \
    X(SET_UNGROUPED, "one that would be reset has no group")                                                 \
    X(SET_NOT_VFIO, "one that would be reset is not VFIO's")                                                 \
    X(SET_NOT_OWNED, "one that would be reset is not the caller's")                                          \
    X(SET_LOCKED, "somebody has the lock of one that would be reset")                                        \
    X(WRONG_WAY, "groups for a character device, or none for a group's")                                     \
    X(NO_FDS, "no files")                                                                                    \
    X(TOO_MANY_FDS, "more files than functions")                                                             \
    /* object.c */                                                                                           \
    X(NO_OBJECT, "there is no such object")                                                                  \
    X(OBJECT_USED, "a device, or what one is attached to")                                                   \
    X(NO_SPACE, "there is no such address space")                                                            \
    X(SPACE_USED, "a device is attached to it")                                                              \
    X(SPACE_MAPPED, "it is mapped already")                                                                  \
    /* iommufd.c */                                                                                          \
    X(NO_CDEV_NODE, "the node is gone")                                                                      \
    X(MIXED_COMPAT, "no-IOMMU and real groups do not mix")                                                   \
    X(NO_RAWIO_FD, "no-IOMMU by iommufd, without CAP_SYS_RAWIO")                                             \
    X(NOT_COHERENT, "caches are not kept coherent")                                                          \
    X(NO_GROUP, "it has no group")                                                                           \
    X(NO_COMPAT, "the iommufd has no address space for groups")                                              \
    X(ODD_FD_IOMMU, "neither type 1, nor no-IOMMU where that is so")                                         \
    X(NOIOMMU_FD, "no-IOMMU, which the iommufd is for")                                                      \
    X(NOIOMMU_FD_BARRED, "no-IOMMU, which the iommufd is for, without CAP_SYS_RAWIO")                        \
    X(NO_PT_BUT, "a device")                                                                                 \
    X(SAME_PT, "it is attached to that already")                                                             \
    X(ATTACHED, "it is attached to another")                                                                 \
    X(OTHER_PT, "a sibling is attached to another")                                                          \
    X(RESERVED, "its reserved regions are in conflict")                                                      \
    X(RESERVED_ANY, "reserved regions of an attached sibling are in conflict")                               \
    X(ALWAYS, "")

/* What a row does when it answers: X(name, words). CALL_ steps come back to the step that the row goes on
 * with. */
#define IOW_FRONT_EFFECT_LIST(X)                                                                             \
    /* driver.c */                                                                                           \
    X(LOCK, "the device's lock is taken")                                                                    \
    X(UNLOCK, "the device's lock is let go")                                                                 \
    X(CALL_PROBE, "probed under the device's lock")                                                          \
    X(CALL_MATCH, "drivers are tried under the device's lock")                                               \
    X(CALL_NEXT_PROBE, "the next driver is tried")                                                           \
    X(CALL_RELEASE, "the driver is released under the device's lock")                                        \
    X(AIM, "the next function")                                                                              \
    X(SHOW_DRIVER, "the link comes")                                                                         \
    X(HIDE_DRIVER, "the link goes")                                                                          \
    X(PROBE_FAILED, "the link goes, the core is told")                                                       \
    X(BOUND, "bound")                                                                                        \
    X(UNREGISTER, "no longer found, its own registration dropped")                                           \
    X(RELEASED, "without a driver, the core is told")                                                        \
    X(SET_OVERRIDE, "driver_override is set")                                                                \
    X(ADD_ID, "one more id")                                                                                 \
    X(DROP_ID, "one id fewer")                                                                               \
    X(REGISTER_DRIVER, "the driver is there")                                                                \
    X(UNREGISTER_DRIVER, "the driver and its ids are gone")                                                  \
    X(AIM_BOUND, "the function bound last")                                                                  \
    /* presence.c */                                                                                         \
    X(APPEAR, "it joins its group, drivers are tried")                                                       \
    X(SETTLE_IN, "locks are let go")                                                                         \
    X(DIE, "its file is gone")                                                                               \
    X(CALL_REMOVE_ALL, "what is below it goes, then it")                                                     \
    X(CALL_EMPTY, "the functions of the slot go, the last one first")                                        \
    X(END_RESCAN, "the lock of adding and removing is let go")                                               \
    X(VANISH, "it leaves its group and is gone")                                                             \
    X(CALL_REMOVE_VFS, "the virtual functions go")                                                           \
    X(CALL_ADD_VFS, "the virtual functions come")                                                            \
    X(END_VFS, "counted, locks are let go")                                                                  \
    /* file.c */                                                                                             \
    X(END_PROCESS, "all its files and mappings are closed")                                                  \
    X(CLOSE, "closed")                                                                                       \
    /* group.c */                                                                                            \
    X(UNCLAIM, "the claim is given back")                                                                    \
    X(DETACH, "detached again")                                                                              \
    X(JOIN_CONTAINER, "in the container")                                                                    \
    X(JOIN_IOMMUFD, "with the iommufd")                                                                      \
    X(LEAVE_IOMMU, "out of the container or without iommufd")                                                \
    X(STATUS, "the flags")                                                                                   \
    X(SET_BACKEND, "the container has its IOMMU")                                                            \
    /* device.c */                                                                                           \
    X(TAKE_TOKEN, "the token is the one given")                                                              \
    X(OPEN_DEVICE, "one more user of the device")                                                            \
    X(GRANT, "open through its character device")                                                            \
    X(COUNT_SET, "the functions that would be reset")                                                        \
    /* object.c */                                                                                           \
    X(FREE_OBJECT, "destroyed")                                                                              \
    X(MAP_SPACE, "mapped")                                                                                   \
    /* iommufd.c */                                                                                          \
    X(UNCLAIM_FD, "what was claimed or attached for it is given back")                                       \
    X(TELL_PT, "attached to that page table")                                                                \
    X(RELEASE_DEVICE, "the claim is given back")                                                             \
    X(DETACH_FD, "detached")                                                                                 \
    X(NOTHING, "")

/* A call, or a step of it, being asked. */
struct iow_front_ask {
    struct iow_front *front;
    struct iow_front_task *task;
    const struct iow_front_op *op;
    uint32_t frame;  /* of the task: the step's own */
    int failed;      /* what was tried last came to */
    uint32_t file;   /* that is asked; IOW_NONE */
    uint32_t vgroup; /* in steps about one of several; IOW_NONE: the one asked */
    uint32_t value;  /* of the answer */
};

typedef int iow_front_try(struct iow_front_ask *ask);
typedef bool iow_front_when(struct iow_front_ask *ask);
typedef void iow_front_do(struct iow_front_ask *ask);

#define IOW_FRONT_TRY_PROTOTYPE(name, words) iow_front_try iow_front_try_##name;
IOW_FRONT_TRY_LIST(IOW_FRONT_TRY_PROTOTYPE)
#undef IOW_FRONT_TRY_PROTOTYPE
#define IOW_FRONT_WHEN_PROTOTYPE(name, words) iow_front_when iow_front_when_##name;
IOW_FRONT_CONDITION_LIST(IOW_FRONT_WHEN_PROTOTYPE)
#undef IOW_FRONT_WHEN_PROTOTYPE
#define IOW_FRONT_DO_PROTOTYPE(name, words) iow_front_do iow_front_do_##name;
IOW_FRONT_EFFECT_LIST(IOW_FRONT_DO_PROTOTYPE)
#undef IOW_FRONT_DO_PROTOTYPE

/* How a row ends its step. */
enum iow_front_end {
    IOW_FRONT_END_DONE, /* with its code */
    IOW_FRONT_END_PASS, /* with what was tried last, or the step below, came to */
    IOW_FRONT_END_GO,   /* on with another step, after what the effect called */
    IOW_FRONT_END_WAIT,
};

struct iow_front_table_row {
    iow_front_try *try; /* NULL: nothing */
    iow_front_when *when;
    iow_front_do *effect;
    uint8_t end, next;
    int16_t code;
    uint32_t with, without;
    uint8_t tried, condition, done; /* numbers in the lists above */
    const char *source;
};

/* The rows of a step, in order; ret_first is the number of the first in the whole table. The last fits
 * whatever is left. */
const struct iow_front_table_row *iow_front_rows_of(enum iow_front_stage stage, uint32_t *ret_first);
uint32_t iow_front_n_rows(void);

#endif
