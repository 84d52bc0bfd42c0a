/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * VFIO's rows, those of iommufd as far as VFIO's calls lead there, and those of the files that keep all this
 * alive.
 *
 * Source: Linux 6.1 drivers/vfio/{vfio_main,container}.c; Linux 6.12
 * drivers/vfio/{group,container,vfio_main,device_cdev,iommufd}.c; both: drivers/vfio/vfio_iommu_type1.c,
 * drivers/vfio/pci/vfio_pci_core.c; Linux 6.12 drivers/iommu/iommufd/{device,vfio_compat}.c
 */
#ifndef IOWARD_FRONT_VFIO_ROWS_H
#define IOWARD_FRONT_VFIO_ROWS_H

/* One row a line. clang-format would fill them. */
/* clang-format off */
#define ROWS_FORK(R) \
    R(EVERY,   COPY,      FAILED,         PASS,                              "") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "copy_files")

#define ROWS_EXIT(R) \
    R(EVERY,   NONE,      NO_PROCESS,     FAIL(ESRCH),                       "") \
    R(EVERY,   NONE,      ALWAYS,         DONE(END_PROCESS),                 "do_exit")

#define ROWS_DUP(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "ksys_dup3") \
    R(EVERY,   SECOND_FD, FAILED,         PASS,                              "") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "ksys_dup3")

#define ROWS_PASS(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "scm_fp_copy") \
    R(EVERY,   NONE,      NO_RECEIVER,    FAIL(ESRCH),                       "") \
    R(EVERY,   THEIR_FD,  FAILED,         PASS,                              "") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "scm_detach_fds")

#define ROWS_CLOSE(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "close_fd") \
    R(EVERY,   NONE,      ALWAYS,         DONE(CLOSE),                       "fput")

#define ROWS_MMAP(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "ksys_mmap_pgoff") \
    R(EVERY,   NONE,      NO_DEVICE_FILE, FAIL(ENODEV),                      "do_mmap") \
    R(NEWER,   NONE,      NOT_GRANTED,    FAIL(EINVAL),                      "vfio_device_fops_mmap") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "vfio_pci_core_mmap") \
    R(EVERY,   NONE,      NO_BAR,         FAIL(EINVAL),                      "vfio_pci_core_mmap") \
    R(EVERY,   NEW_MAP,   FAILED,         PASS,                              "") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "vfio_pci_core_mmap")

#define ROWS_MUNMAP(R) \
    R(EVERY,   NONE,      NO_MAP,         FAIL(EINVAL),                      "") \
    R(EVERY,   NONE,      ALWAYS,         DONE(CLOSE),                       "remove_vma")

#define ROWS_OPEN_CONTAINER(R) \
    R(EVERY,   CONTAINER, FAILED,         PASS,                              "") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "vfio_fops_open")

#define ROWS_OPEN_IOMMUFD(R) \
    R(NO_FD,   NONE,      ALWAYS,         FAIL(ENOENT),                      "") \
    R(EVERY,   IOMMUFD,   FAILED,         PASS,                              "") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "iommufd_fops_open")

#define ROWS_NEW_IOAS(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(EVERY,   NONE,      NAKED_CONTAINER, FAIL(EINVAL),                     "vfio_fops_unl_ioctl") \
    R(CDEVS,   NONE,      UNBOUND_CDEV,   FAIL(EINVAL),                      "vfio_device_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_IOMMUFD_FILE, FAIL(ENOTTY),                     "") \
    R(EVERY,   NONE,      UNREADABLE,     FAIL(EFAULT),                      "iommufd_fops_ioctl") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "iommufd_fops_ioctl") \
    R(EVERY,   NEW_IOAS,  FAILED,         PASS,                              "iommufd_ioas_alloc") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "iommufd_ioas_alloc_ioctl")

#define ROWS_DESTROY_OBJECT(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(EVERY,   NONE,      NAKED_CONTAINER, FAIL(EINVAL),                     "vfio_fops_unl_ioctl") \
    R(CDEVS,   NONE,      UNBOUND_CDEV,   FAIL(EINVAL),                      "vfio_device_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_IOMMUFD_FILE, FAIL(ENOTTY),                     "") \
    R(EVERY,   NONE,      UNREADABLE,     FAIL(EFAULT),                      "iommufd_fops_ioctl") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "iommufd_fops_ioctl") \
    R(EVERY,   NONE,      NO_OBJECT,      FAIL(ENOENT),                      "iommufd_object_remove") \
    R(EVERY,   NONE,      OBJECT_USED,    FAIL(EBUSY),                       "iommufd_object_remove") \
    R(EVERY,   NONE,      ALWAYS,         DONE(FREE_OBJECT),                 "iommufd_object_remove")

#define ROWS_MAP_INTERRUPTS(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(EVERY,   NONE,      NAKED_CONTAINER, FAIL(EINVAL),                     "vfio_fops_unl_ioctl") \
    R(CDEVS,   NONE,      UNBOUND_CDEV,   FAIL(EINVAL),                      "vfio_device_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_IOMMUFD_FILE, FAIL(ENOTTY),                     "") \
    R(EVERY,   NONE,      UNREADABLE,     FAIL(EFAULT),                      "iommufd_fops_ioctl") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "iommufd_fops_ioctl") \
    R(EVERY,   NONE,      NO_SPACE,       FAIL(ENOENT),                      "iommufd_get_ioas") \
    R(EVERY,   NONE,      SPACE_USED,     FAIL(EINVAL),                      "iopt_check_iova") \
    R(EVERY,   NONE,      SPACE_MAPPED,   FAIL(EEXIST),                      "iopt_check_iova") \
    R(EVERY,   NONE,      ALWAYS,         DONE(MAP_SPACE),                   "iopt_insert_area")

#define ROWS_OPEN_GROUP(R) \
    R(EVERY,   NONE,      RACED_TO_DEATH, FAIL(ENODEV),                      "vfio_group_fops_open") \
    R(EVERY,   NONE,      NO_NODE,        FAIL(ENOENT),                      "") \
    R(EVERY,   NONE,      NO_RAWIO,       FAIL(EPERM),                       "vfio_group_fops_open") \
    R(CDEVS,   NONE,      CDEVS_OPEN,     FAIL(EBUSY),                       "vfio_group_fops_open") \
    R(EVERY,   NONE,      GROUP_OPEN,     FAIL(EBUSY),                       "vfio_group_fops_open") \
    R(EVERY,   GROUP,     FAILED,         PASS,                              "") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "vfio_group_fops_open")

#define ROWS_OPEN_CDEV(R) \
    R(NO_CDEV, NONE,      ALWAYS,         FAIL(ENOENT),                      "") \
    R(EVERY,   NONE,      NO_CDEV_NODE,   FAIL(ENOENT),                      "") \
    R(EVERY,   CDEV,      FAILED,         PASS,                              "") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "vfio_device_fops_cdev_open")

#define ROWS_SET_CONTAINER(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(EVERY,   NONE,      NAKED_CONTAINER, FAIL(EINVAL),                     "vfio_fops_unl_ioctl") \
    R(CDEVS,   NONE,      UNBOUND_CDEV,   FAIL(EINVAL),                      "vfio_device_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_GROUP_FILE,  FAIL(ENOTTY),                      "") \
    R(EVERY,   NONE,      UNREADABLE,     FAIL(EFAULT),                      "vfio_group_ioctl_set_container") \
    R(EVERY,   NONE,      NO_OTHER_FILE,  FAIL(EBADF),                       "vfio_group_ioctl_set_container") \
    R(EVERY,   NONE,      HAS_IOMMU,      FAIL(EINVAL),                      "vfio_group_ioctl_set_container") \
    R(EVERY,   NONE,      GROUP_DEAD,     FAIL(ENODEV),                      "vfio_group_ioctl_set_container") \
    R(EVERY,   NONE,      TO_CONTAINER,   GO(NOTHING, JOIN_CONTAINER),       "vfio_container_attach_group") \
    R(FDS,     NONE,      TO_IOMMUFD,     GO(NOTHING, JOIN_IOMMUFD),         "vfio_group_ioctl_set_container") \
    R(OLDER,   NONE,      ALWAYS,         FAIL(EINVAL),                      "vfio_group_ioctl_set_container") \
    R(EVERY,   NONE,      ALWAYS,         FAIL(EBADFD),                      "vfio_group_ioctl_set_container")

#define ROWS_JOIN_CONTAINER(R) \
    R(EVERY,   NONE,      NO_RAWIO,       FAIL(EPERM),                       "vfio_container_attach_group") \
    R(EVERY,   NONE,      MIXED,          FAIL(EPERM),                       "vfio_container_attach_group") \
    R(EVERY,   CLAIM,     FAILED,         PASS,                              "iommu_group_claim_dma_owner") \
    R(EVERY,   BACKEND,   FAILED,         PASS_AND(UNCLAIM),                 "vfio_container_attach_group") \
    R(EVERY,   NONE,      ALWAYS,         DONE(JOIN_CONTAINER),              "vfio_container_attach_group")

#define ROWS_BACKEND(R) \
    R(EVERY,   NONE,      NOIOMMU_GROUP,  DONE(NOTHING),                     "vfio_noiommu_attach_group") \
    R(EVERY,   NONE,      VADDR_INVALID,  FAIL(EBUSY),                       "vfio_iommu_type1_attach_group") \
    R(OLDER,   NONE,      NO_DOMAIN,      FAIL(EIO),                         "vfio_iommu_type1_attach_group") \
    R(EVERY,   ALLOC,     FAILED,         PASS,                              "vfio_iommu_type1_attach_group") \
    R(EVERY,   ATTACH,    FAILED,         PASS,                              "iommu_attach_group") \
    R(EVERY,   NONE,      CONFLICTS,      FAIL_AND(EINVAL, DETACH),          "vfio_iommu_resv_conflict") \
    R(EVERY,   NONE,      UNSAFE,         FAIL_AND(EPERM, DETACH),           "vfio_iommu_type1_attach_group") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "vfio_iommu_type1_attach_group")

#define ROWS_JOIN_IOMMUFD(R) \
    R(EVERY,   NONE,      MIXED_COMPAT,   FAIL(EINVAL),                      "iommufd_vfio_compat_ioas_create") \
    R(EVERY,   COMPAT_IOAS, FAILED,       PASS,                              "iommufd_vfio_compat_ioas_create") \
    R(EVERY,   NONE,      ALWAYS,         DONE(JOIN_IOMMUFD),                "vfio_group_ioctl_set_container")

#define ROWS_UNSET_CONTAINER(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(EVERY,   NONE,      NAKED_CONTAINER, FAIL(EINVAL),                     "vfio_fops_unl_ioctl") \
    R(CDEVS,   NONE,      UNBOUND_CDEV,   FAIL(EINVAL),                      "vfio_device_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_GROUP_FILE,  FAIL(ENOTTY),                      "") \
    R(EVERY,   NONE,      NO_IOMMU,       FAIL(EINVAL),                      "vfio_group_ioctl_unset_container") \
    R(EVERY,   NONE,      CONTAINER_USED, FAIL(EBUSY),                       "vfio_group_ioctl_unset_container") \
    R(EVERY,   NONE,      ALWAYS,         DONE(LEAVE_IOMMU),                 "vfio_group_ioctl_unset_container")

#define ROWS_GET_STATUS(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(EVERY,   NONE,      NAKED_CONTAINER, FAIL(EINVAL),                     "vfio_fops_unl_ioctl") \
    R(CDEVS,   NONE,      UNBOUND_CDEV,   FAIL(EINVAL),                      "vfio_device_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_GROUP_FILE,  FAIL(ENOTTY),                      "") \
    R(EVERY,   NONE,      UNREADABLE,     FAIL(EFAULT),                      "vfio_group_ioctl_get_status") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "vfio_group_ioctl_get_status") \
    R(EVERY,   NONE,      GROUP_DEAD,     FAIL(ENODEV),                      "vfio_group_ioctl_get_status") \
    R(EVERY,   NONE,      ALWAYS,         DONE(STATUS),                      "vfio_group_ioctl_get_status")

#define ROWS_GET_DEVICE_FD(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(EVERY,   NONE,      NAKED_CONTAINER, FAIL(EINVAL),                     "vfio_fops_unl_ioctl") \
    R(CDEVS,   NONE,      UNBOUND_CDEV,   FAIL(EINVAL),                      "vfio_device_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_GROUP_FILE,  FAIL(ENOTTY),                      "") \
    R(EVERY,   NONE,      UNREADABLE,     FAIL(EFAULT),                      "vfio_group_ioctl_get_device_fd") \
    R(EVERY,   NONE,      NOT_LISTED,     FAIL(ENODEV),                      "vfio_device_get_from_name") \
    R(EVERY,   NONE,      GLUED,          FAIL(ENODEV),                      "vfio_pci_core_match") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "vfio_pci_core_match") \
    R(EVERY,   NONE,      VF_UNASKED,     FAIL(EINVAL),                      "vfio_pci_validate_vf_token") \
    R(EVERY,   NONE,      VF_NO_TOKEN,    FAIL(EACCES),                      "vfio_pci_validate_vf_token") \
    R(EVERY,   NONE,      VF_WRONG_TOKEN, FAIL(EACCES),                      "vfio_pci_validate_vf_token") \
    R(EVERY,   NONE,      PF_NO_TOKEN,    FAIL(EACCES),                      "vfio_pci_validate_vf_token") \
    R(EVERY,   NONE,      PF_WRONG_TOKEN, FAIL(EACCES),                      "vfio_pci_validate_vf_token") \
    R(EVERY,   NONE,      ODD_TOKEN,      FAIL(EINVAL),                      "vfio_pci_validate_vf_token") \
    R(EVERY,   NONE,      PF_NEW_TOKEN,   GO(TAKE_TOKEN, OPEN_DEVICE),       "vfio_pci_validate_vf_token") \
    R(EVERY,   NONE,      ALWAYS,         GO(NOTHING, OPEN_DEVICE),          "vfio_device_get_from_name")

#define ROWS_OPEN_DEVICE(R) \
    R(EVERY,   NONE,      NO_IOMMU,       FAIL(EINVAL),                      "vfio_df_group_open") \
    R(OLDER,   NONE,      NO_BACKEND,     FAIL(EINVAL),                      "vfio_device_assign_container") \
    R(OLDER,   NONE,      NO_RAWIO,       FAIL(EPERM),                       "vfio_device_assign_container") \
    R(OLDER,   NONE,      MODULE_GOING,   FAIL(ENODEV),                      "vfio_device_open") \
    R(NEWER,   NONE,      OPEN_ALREADY,   GO(NOTHING, OPENED_DEVICE),        "vfio_df_open") \
    R(FDS,     NONE,      NO_RAWIO_FD,    FAIL(EPERM),                       "vfio_df_group_open") \
    R(NEWER,   NONE,      MODULE_GOING,   FAIL(ENODEV),                      "vfio_df_device_first_open") \
    R(FDS,     CLAIM_FD,  FAILED,         PASS,                              "vfio_df_iommufd_bind") \
    R(NEWER,   NONE,      NO_BACKEND,     FAIL(EINVAL),                      "vfio_group_use_container") \
    R(NEWER,   NONE,      NO_RAWIO,       FAIL(EPERM),                       "vfio_group_use_container") \
    R(EVERY,   NONE,      OPEN_LOCKED,    FAIL_AND(EAGAIN, UNCLAIM_FD),      "vfio_pci_core_enable") \
    R(EVERY,   OPEN,      FAILED,         PASS_AND(UNCLAIM_FD),              "vfio_df_device_first_open") \
    R(FDS,     NONE,      NO_COMPAT,      FAIL_AND(ENODEV, UNCLAIM_FD),      "iommufd_vfio_compat_ioas_get_id") \
    R(FDS,     COMPAT,    FAILED,         PASS_AND(UNCLAIM_FD),              "vfio_iommufd_compat_attach_ioas") \
    R(EVERY,   NONE,      ALWAYS,         GO(NOTHING, OPENED_DEVICE),        "vfio_df_open")

#define ROWS_OPENED_DEVICE(R) \
    R(EVERY,   DEVICE,    FAILED,         PASS_AND(UNCLAIM_FD),              "") \
    R(EVERY,   NONE,      ALWAYS,         DONE(OPEN_DEVICE),                 "vfio_device_open_file")

#define ROWS_SET_IOMMU(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(CDEVS,   NONE,      UNBOUND_CDEV,   FAIL(EINVAL),                      "vfio_device_fops_unl_ioctl") \
    R(FDS,     NONE,      ON_IOMMUFD,     GO(NOTHING, SET_IOMMU_FD),         "iommufd_vfio_ioctl") \
    R(EVERY,   NONE,      NO_CONTAINER_FILE, FAIL(ENOTTY),                   "") \
    R(EVERY,   NONE,      EMPTY_OR_SET,   FAIL(EINVAL),                      "vfio_ioctl_set_iommu") \
    R(EVERY,   NONE,      NO_SUCH_IOMMU,  FAIL(ENODEV),                      "vfio_ioctl_set_iommu") \
    R(EVERY,   NONE,      NOIOMMU_BARRED, FAIL(EPERM),                       "vfio_noiommu_open") \
    R(EVERY,   BACKENDS,  FAILED,         PASS,                              "__vfio_container_attach_groups") \
    R(EVERY,   NONE,      ALWAYS,         DONE(SET_BACKEND),                 "vfio_ioctl_set_iommu")

#define ROWS_SET_IOMMU_FD(R) \
    R(EVERY,   NONE,      NOIOMMU_FD_BARRED, FAIL(EPERM),                    "iommufd_vfio_set_iommu") \
    R(EVERY,   NONE,      NOIOMMU_FD,     DONE(NOTHING),                     "iommufd_vfio_set_iommu") \
    R(EVERY,   NONE,      ODD_FD_IOMMU,   FAIL(EINVAL),                      "iommufd_vfio_set_iommu") \
    R(EVERY,   NONE,      NO_COMPAT,      FAIL(ENODEV),                      "iommufd_vfio_set_iommu") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "iommufd_vfio_set_iommu")

#define ROWS_BIND_IOMMUFD(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(EVERY,   NONE,      NAKED_CONTAINER, FAIL(EINVAL),                     "vfio_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_VFIO_DEVICE, FAIL(ENOTTY),                      "") \
    R(NO_CDEV, NONE,      ALWAYS,         FAIL(ENOTTY),                      "vfio_df_ioctl_bind_iommufd") \
    R(EVERY,   NONE,      UNREADABLE,     FAIL(EFAULT),                      "vfio_df_ioctl_bind_iommufd") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "vfio_df_ioctl_bind_iommufd") \
    R(EVERY,   NONE,      BY_GROUP,       FAIL(EINVAL),                      "vfio_df_ioctl_bind_iommufd") \
    R(EVERY,   NONE,      GROUP_OPEN,     FAIL(EBUSY),                       "vfio_device_block_group") \
    R(EVERY,   NONE,      GRANTED,        FAIL(EINVAL),                      "vfio_df_ioctl_bind_iommufd") \
    R(EVERY,   NONE,      NO_OTHER_FILE,  FAIL(EBADF),                       "iommufd_ctx_from_fd") \
    R(EVERY,   NONE,      NOT_TO_IOMMUFD, FAIL(EBADFD),                      "iommufd_ctx_from_file") \
    R(EVERY,   NONE,      OPEN_ALREADY,   FAIL(EINVAL),                      "vfio_df_open") \
    R(EVERY,   NONE,      MODULE_GOING,   FAIL(ENODEV),                      "vfio_df_device_first_open") \
    R(EVERY,   CLAIM_FD,  FAILED,         PASS,                              "vfio_df_iommufd_bind") \
    R(EVERY,   NONE,      OPEN_LOCKED,    FAIL_AND(EAGAIN, UNCLAIM_FD),      "vfio_pci_core_enable") \
    R(EVERY,   OPEN,      FAILED,         PASS_AND(UNCLAIM_FD),              "vfio_df_device_first_open") \
    R(EVERY,   NONE,      ALWAYS,         DONE(GRANT),                       "vfio_df_ioctl_bind_iommufd")

#define ROWS_CLAIM_FD(R) \
    R(EVERY,   NONE,      NOT_COHERENT,   FAIL(EINVAL),                      "iommufd_device_bind") \
    R(EVERY,   NONE,      NO_GROUP,       FAIL(ENODEV),                      "iommufd_get_group") \
    R(EVERY,   NONE,      UNSAFE,         FAIL(EPERM),                       "iommufd_device_bind") \
    R(EVERY,   CLAIM_DEVICE, FAILED,      PASS,                              "iommu_device_claim_dma_owner") \
    R(EVERY,   NEW_DEVICE, FAILED,        PASS_AND(RELEASE_DEVICE),          "iommufd_object_alloc") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "iommufd_device_bind")

#define ROWS_ATTACH_PT(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(EVERY,   NONE,      NAKED_CONTAINER, FAIL(EINVAL),                     "vfio_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_VFIO_DEVICE, FAIL(ENOTTY),                      "") \
    R(EVERY,   NONE,      NOT_GRANTED,    FAIL(EINVAL),                      "vfio_device_fops_unl_ioctl") \
    R(EVERY,   NONE,      BY_GROUP,       FAIL(ENOTTY),                      "vfio_pci_core_ioctl") \
    R(EVERY,   NONE,      UNREADABLE,     FAIL(EFAULT),                      "vfio_df_ioctl_attach_pt") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "vfio_df_ioctl_attach_pt") \
    R(EVERY,   NONE,      NO_OBJECT,      FAIL(ENOENT),                      "iommufd_get_object") \
    R(EVERY,   NONE,      NO_PT_BUT,      FAIL(EINVAL),                      "iommufd_device_change_pt") \
    R(EVERY,   NONE,      SAME_PT,        GO(NOTHING, ATTACHED_PT),          "iommufd_device_do_replace") \
    R(EVERY,   NONE,      ATTACHED,       GO(NOTHING, REPLACE_PT),           "iommufd_device_replace") \
    R(EVERY,   NONE,      ALWAYS,         GO(NOTHING, ATTACH_NEW),           "iommufd_device_attach")

#define ROWS_ATTACH_NEW(R) \
    R(EVERY,   NONE,      OTHER_PT,       FAIL(EINVAL),                      "iommufd_hw_pagetable_attach") \
    R(EVERY,   NONE,      RESERVED,       FAIL(EADDRINUSE),                  "iopt_reserve_iova") \
    R(EVERY,   ATTACH_FD, FAILED,         PASS,                              "iommu_attach_group_handle") \
    R(EVERY,   NONE,      ALWAYS,         GO(NOTHING, ATTACHED_PT),          "iommufd_hw_pagetable_attach")

#define ROWS_REPLACE_PT(R) \
    R(EVERY,   NONE,      RESERVED_ANY,   FAIL(EADDRINUSE),                  "iommufd_group_do_replace_reserved_iova") \
    R(EVERY,   REPLACE,   FAILED,         PASS,                              "iommu_replace_group_handle") \
    R(EVERY,   NONE,      ALWAYS,         GO(NOTHING, ATTACHED_PT),          "iommufd_device_do_replace")

#define ROWS_ATTACHED_PT(R) \
    R(EVERY,   NONE,      ALWAYS,         DONE(TELL_PT),                     "vfio_df_ioctl_attach_pt")

#define ROWS_DETACH_PT(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(EVERY,   NONE,      NAKED_CONTAINER, FAIL(EINVAL),                     "vfio_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_VFIO_DEVICE, FAIL(ENOTTY),                      "") \
    R(EVERY,   NONE,      NOT_GRANTED,    FAIL(EINVAL),                      "vfio_device_fops_unl_ioctl") \
    R(EVERY,   NONE,      BY_GROUP,       FAIL(ENOTTY),                      "vfio_pci_core_ioctl") \
    R(EVERY,   NONE,      UNREADABLE,     FAIL(EFAULT),                      "vfio_df_ioctl_detach_pt") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "vfio_df_ioctl_detach_pt") \
    R(EVERY,   NONE,      ALWAYS,         DONE(DETACH_FD),                   "vfio_iommufd_physical_detach_ioas")

#define ROWS_SET_TOKEN(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(EVERY,   NONE,      NAKED_CONTAINER, FAIL(EINVAL),                     "vfio_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_VFIO_DEVICE, FAIL(ENOTTY),                      "") \
    R(EVERY,   NONE,      NOT_GRANTED,    FAIL(EINVAL),                      "vfio_device_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_TOKEN,       FAIL(ENOTTY),                      "vfio_pci_core_feature_token") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "vfio_check_feature") \
    R(EVERY,   NONE,      UNREADABLE,     FAIL(EFAULT),                      "vfio_pci_core_feature_token") \
    R(EVERY,   NONE,      ALWAYS,         DONE(TAKE_TOKEN),                  "vfio_pci_core_feature_token")

#define ROWS_RESET_INFO(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(EVERY,   NONE,      NAKED_CONTAINER, FAIL(EINVAL),                     "vfio_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_VFIO_DEVICE, FAIL(ENOTTY),                      "") \
    R(EVERY,   NONE,      NOT_GRANTED,    FAIL(EINVAL),                      "vfio_device_fops_unl_ioctl") \
    R(EVERY,   NONE,      UNREADABLE,     FAIL(EFAULT),                      "vfio_pci_ioctl_get_pci_hot_reset_info") \
    R(EVERY,   NONE,      NO_RESET,       FAIL(ENODEV),                      "vfio_pci_ioctl_get_pci_hot_reset_info") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(ENOSPC),                      "vfio_pci_ioctl_get_pci_hot_reset_info") \
    R(EVERY,   NONE,      SET_UNGROUPED,  FAIL(EPERM),                       "vfio_pci_fill_devs") \
    R(EVERY,   NONE,      ALWAYS,         DONE(COUNT_SET),                   "vfio_pci_ioctl_get_pci_hot_reset_info")

#define ROWS_HOT_RESET(R) \
    R(EVERY,   NONE,      NO_FILE,        FAIL(EBADF),                       "") \
    R(EVERY,   NONE,      NAKED_CONTAINER, FAIL(EINVAL),                     "vfio_fops_unl_ioctl") \
    R(EVERY,   NONE,      NO_VFIO_DEVICE, FAIL(ENOTTY),                      "") \
    R(EVERY,   NONE,      NOT_GRANTED,    FAIL(EINVAL),                      "vfio_device_fops_unl_ioctl") \
    R(EVERY,   NONE,      UNREADABLE,     FAIL(EFAULT),                      "vfio_pci_ioctl_pci_hot_reset") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "vfio_pci_ioctl_pci_hot_reset") \
    R(NEWER,   NONE,      WRONG_WAY,      FAIL(EINVAL),                      "vfio_pci_ioctl_pci_hot_reset") \
    R(EVERY,   NONE,      NO_RESET,       FAIL(ENODEV),                      "vfio_pci_ioctl_pci_hot_reset") \
    R(OLDER,   NONE,      NO_FDS,         FAIL(EINVAL),                      "vfio_pci_ioctl_pci_hot_reset") \
    R(EVERY,   NONE,      TOO_MANY_FDS,   FAIL(EINVAL),                      "vfio_pci_ioctl_pci_hot_reset_groups") \
    R(EVERY,   RESET_FDS, FAILED,         PASS,                              "vfio_pci_ioctl_pci_hot_reset_groups") \
    R(EVERY,   NONE,      SET_NOT_VFIO,   FAIL(EINVAL),                      "vfio_pci_dev_set_resettable") \
    R(EVERY,   NONE,      SET_NOT_OWNED,  FAIL(EINVAL),                      "vfio_pci_dev_set_hot_reset") \
    R(EVERY,   NONE,      SET_LOCKED,     FAIL(EAGAIN),                      "pci_reset_bus") \
    R(EVERY,   RESET,     FAILED,         PASS,                              "pci_reset_bus") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "vfio_pci_dev_set_hot_reset")
/* clang-format on */

#endif
