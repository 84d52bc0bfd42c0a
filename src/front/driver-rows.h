/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The driver core's rows, and those of a group's file "type".
 *
 * Source: Linux 6.1 and 6.12, drivers/base/{bus,dd,driver}.c, kernel/module/main.c, drivers/pci/{pci-driver,pci-
 * sysfs,iov,remove}.c, drivers/vfio/pci/vfio_pci.c, vfio_pci_core.c, drivers/vfio/{vfio_main,group}.c,
 * drivers/iommu/iommu.c
 */
#ifndef IOWARD_FRONT_DRIVER_ROWS_H
#define IOWARD_FRONT_DRIVER_ROWS_H

/* One row a line. clang-format would fill them. */
/* clang-format off */
#define ROWS_BIND(R) \
    R(EVERY,   NONE,      NOT_LOADED,     FAIL(ENOENT),                      "") \
    R(EVERY,   NONE,      ABSENT,         FAIL(ENODEV),                      "bind_store") \
    R(EVERY,   NONE,      NO_MATCH,       FAIL(ENODEV),                      "bind_store") \
    R(EVERY,   NONE,      ALWAYS,         GO(NOTHING, BIND_LOCK),            "device_driver_attach")

#define ROWS_BIND_LOCK(R) \
    R(EVERY,   NONE,      LOCKED,         WAIT,                              "__device_driver_lock") \
    R(EVERY,   NONE,      ALWAYS,         GO(CALL_PROBE, BIND_PROBED),       "device_driver_attach")

#define ROWS_BIND_PROBED(R) \
    R(EVERY,   NONE,      BELOW_DEFERRED, FAIL_AND(EAGAIN, UNLOCK),          "device_driver_attach") \
    R(EVERY,   NONE,      BELOW_FAILED,   PASS_AND(UNLOCK),                  "device_driver_attach") \
    R(EVERY,   NONE,      ALWAYS,         DONE(UNLOCK),                      "device_driver_attach")

#define ROWS_PROBE(R) \
    R(EVERY,   NONE,      ABSENT,         FAIL(ENODEV),                      "__driver_probe_device") \
    R(EVERY,   NONE,      TAKEN,          FAIL(EBUSY),                       "__driver_probe_device") \
    R(EVERY,   CONFIGURE, FAILED,         PASS,                              "pci_dma_configure") \
    R(EVERY,   NONE,      ALWAYS,         GO(SHOW_DRIVER, PROBING),          "driver_sysfs_add")

#define ROWS_PROBING(R) \
    R(EVERY,   NONE,      NOT_PROBED,     FAIL_AND(ENODEV, PROBE_FAILED),    "pci_device_can_probe") \
    R(EVERY,   NONE,      NO_MATCH,       FAIL_AND(ENODEV, PROBE_FAILED),    "__pci_device_probe") \
    R(EVERY,   NONE,      ALWAYS,         GO(NOTHING, PROBE_CALLED),         "pci_call_probe")

#define ROWS_PROBE_CALLED(R) \
    R(EVERY,   NONE,      HANGS,          WAIT,                              "call_driver_probe") \
    R(EVERY,   NONE,      DENYLISTED,     FAIL_AND(EINVAL, PROBE_FAILED),    "vfio_pci_probe") \
    R(EVERY,   NONE,      BRIDGE,         FAIL_AND(EINVAL, PROBE_FAILED),    "vfio_pci_core_register_device") \
    R(EVERY,   NONE,      VFS_BEFORE,     FAIL_AND(EBUSY, PROBE_FAILED),     "vfio_pci_core_register_device") \
    R(EVERY,   NONE,      NO_VFIO_GROUP,  FAIL_AND(EINVAL, PROBE_FAILED),    "vfio_group_find_or_alloc") \
    R(EVERY,   NONE,      INCOHERENT,     FAIL_AND(EINVAL, PROBE_FAILED),    "__vfio_register_dev") \
    R(EVERY,   OWN_PROBE, FAILED,         PASS_AND(PROBE_FAILED),            "call_driver_probe") \
    R(EVERY,   NONE,      ALWAYS,         DONE(BOUND),                       "driver_bound")

#define ROWS_UNBIND(R) \
    R(EVERY,   NONE,      NOT_LOADED,     FAIL(ENOENT),                      "") \
    R(EVERY,   NONE,      ABSENT,         FAIL(ENODEV),                      "unbind_store") \
    R(EVERY,   NONE,      OTHER_DRIVER,   FAIL(ENODEV),                      "unbind_store") \
    R(EVERY,   NONE,      ALWAYS,         GO(NOTHING, UNBIND_LOCK),          "device_driver_detach")

#define ROWS_UNBIND_LOCK(R) \
    R(EVERY,   NONE,      LOCKED,         WAIT,                              "__device_driver_lock") \
    R(EVERY,   NONE,      ALWAYS,         GO(CALL_RELEASE, UNBOUND),         "device_release_driver_internal")

#define ROWS_UNBOUND(R) \
    R(EVERY,   NONE,      ALWAYS,         DONE(UNLOCK),                      "device_release_driver_internal")

#define ROWS_RELEASE(R) \
    R(EVERY,   NONE,      NOT_TAKEN,      DONE(NOTHING),                     "__device_release_driver") \
    R(EVERY,   NONE,      ALWAYS,         GO(HIDE_DRIVER, RELEASE_VFS),      "driver_sysfs_remove")

#define ROWS_RELEASE_VFS(R) \
    R(EVERY,   NONE,      HAS_VFS,        GO(CALL_REMOVE_VFS, RELEASE_VFIO), "vfio_pci_core_unregister_device") \
    R(EVERY,   NONE,      ALWAYS,         GO(NOTHING, RELEASE_VFIO),         "device_remove")

#define ROWS_RELEASE_VFIO(R) \
    R(EVERY,   NONE,      ALWAYS,         GO(UNREGISTER, RELEASE_WAIT),      "vfio_unregister_group_dev")

#define ROWS_RELEASE_WAIT(R) \
    R(EVERY,   NONE,      REGISTERED,     WAIT,                              "vfio_unregister_group_dev") \
    R(EVERY,   NONE,      HANGS,          WAIT,                              "device_remove") \
    R(EVERY,   NONE,      STICKS,         WAIT,                              "device_remove") \
    R(EVERY,   NONE,      ALWAYS,         DONE(RELEASED),                    "device_unbind_cleanup")

#define ROWS_OVERRIDE(R) \
    R(EVERY,   NONE,      ABSENT,         FAIL(ENOENT),                      "") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "driver_set_override") \
    R(EVERY,   NONE,      ALWAYS,         GO(NOTHING, OVERRIDE_LOCK),        "driver_override_store")

#define ROWS_OVERRIDE_LOCK(R) \
    R(OLDER,   NONE,      LOCKED,         WAIT,                              "driver_set_override") \
    R(EVERY,   NONE,      ALWAYS,         DONE(SET_OVERRIDE),                "driver_override_store")

#define ROWS_DRIVERS_PROBE(R) \
    R(EVERY,   NONE,      ABSENT,         FAIL(ENODEV),                      "drivers_probe_store") \
    R(EVERY,   NONE,      TAKEN,          DONE(NOTHING),                     "bus_rescan_devices_helper") \
    R(EVERY,   NONE,      ALWAYS,         GO(CALL_MATCH, DRIVERS_PROBED),    "device_attach")

#define ROWS_DRIVERS_PROBED(R) \
    R(EVERY,   NONE,      BELOW_FAILED,   FAIL_AND(EINVAL, UNLOCK),          "drivers_probe_store") \
    R(EVERY,   NONE,      ALWAYS,         DONE(UNLOCK),                      "drivers_probe_store")

#define ROWS_MATCH(R) \
    R(EVERY,   NONE,      TAKEN,          DONE(NOTHING),                     "__device_attach") \
    R(EVERY,   NONE,      NEXT_DRIVER,    GO(CALL_NEXT_PROBE, MATCHED),      "__device_attach_driver") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "__device_attach")

#define ROWS_MATCHED(R) \
    R(EVERY,   NONE,      BELOW_REFUSED,  PASS,                              "__device_attach_driver") \
    R(EVERY,   NONE,      ALWAYS,         GO(NOTHING, MATCH),                "__device_attach_driver")

#define ROWS_NEW_ID(R) \
    R(EVERY,   NONE,      NOT_LOADED,     FAIL(ENOENT),                      "") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "new_id_store") \
    R(EVERY,   NONE,      STATIC_ID,      FAIL(EEXIST),                      "new_id_store") \
    R(EVERY,   NONE,      OTHER_DATA,     FAIL(EINVAL),                      "new_id_store") \
    R(EVERY,   NONE,      DYNAMIC_ID,     FAIL(EEXIST),                      "do_pci_add_dynid") \
    R(EVERY,   NONE,      ALWAYS,         GO(ADD_ID, ATTACH),                "do_pci_add_dynid")

#define ROWS_REMOVE_ID(R) \
    R(EVERY,   NONE,      NOT_LOADED,     FAIL(ENOENT),                      "") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "remove_id_store") \
    R(EVERY,   NONE,      NO_DYNAMIC_ID,  FAIL(ENODEV),                      "remove_id_store") \
    R(EVERY,   NONE,      ALWAYS,         DONE(DROP_ID),                     "remove_id_store")

#define ROWS_LOAD(R) \
    R(EVERY,   NONE,      NO_MODULE,      FAIL(ENOENT),                      "") \
    R(EVERY,   NONE,      LOADED,         DONE(NOTHING),                     "") \
    R(EVERY,   NONE,      ALWAYS,         GO(REGISTER_DRIVER, ATTACH),       "bus_add_driver")

#define ROWS_ATTACH(R) \
    R(EVERY,   NONE,      NEXT_FUNCTION,  GO(AIM, ATTACH_LOCK),              "__driver_attach") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "driver_attach")

#define ROWS_ATTACH_LOCK(R) \
    R(EVERY,   NONE,      LOCKED,         WAIT,                              "__device_driver_lock") \
    R(EVERY,   NONE,      ALWAYS,         GO(CALL_PROBE, ATTACHED),          "__driver_attach")

#define ROWS_ATTACHED(R) \
    R(EVERY,   NONE,      ALWAYS,         GO(UNLOCK, ATTACH),                "__driver_attach")

#define ROWS_UNLOAD(R) \
    R(EVERY,   NONE,      NO_MODULE,      FAIL(ENOENT),                      "delete_module") \
    R(EVERY,   NONE,      NOT_LOADED,     FAIL(ENOENT),                      "delete_module") \
    R(EVERY,   NONE,      MODULE_USED,    FAIL(EAGAIN),                      "try_stop_module") \
    R(EVERY,   NONE,      ALWAYS,         GO(UNREGISTER_DRIVER, DETACH),     "bus_remove_driver")

#define ROWS_DETACH(R) \
    R(EVERY,   NONE,      NEXT_BOUND,     GO(AIM_BOUND, DETACH_LOCK),        "driver_detach") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "driver_detach")

#define ROWS_DETACH_LOCK(R) \
    R(EVERY,   NONE,      LOCKED,         WAIT,                              "__device_driver_lock") \
    R(EVERY,   NONE,      OTHER_DRIVER,   GO(NOTHING, DETACH),               "device_release_driver_internal") \
    R(EVERY,   NONE,      ALWAYS,         GO(CALL_RELEASE, DETACHED),        "device_release_driver_internal")

#define ROWS_DETACHED(R) \
    R(EVERY,   NONE,      ALWAYS,         GO(UNLOCK, DETACH),                "driver_detach")

#define ROWS_ADD(R) \
    R(EVERY,   NONE,      PRESENT,        FAIL(EEXIST),                      "") \
    R(EVERY,   NONE,      NO_PARENT,      FAIL(ENODEV),                      "") \
    R(EVERY,   NONE,      RESCAN_LOCKED,  WAIT,                              "pci_lock_rescan_remove") \
    R(EVERY,   NONE,      ALWAYS,         GO(APPEAR, ADDED),                 "pci_bus_add_device")

#define ROWS_ADDED(R) \
    R(EVERY,   NONE,      ALWAYS,         DONE(SETTLE_IN),                   "pci_bus_add_device")

#define ROWS_REMOVE(R) \
    R(EVERY,   NONE,      NO_REMOVE_FILE, FAIL(ENOENT),                      "pci_dev_hp_attrs_are_visible") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "remove_store") \
    R(EVERY,   NONE,      ALWAYS,         GO(DIE, REMOVE_LOCK),              "remove_store")

#define ROWS_REMOVE_LOCK(R) \
    R(EVERY,   NONE,      RESCAN_LOCKED,  WAIT,                              "pci_lock_rescan_remove") \
    R(EVERY,   NONE,      ALWAYS,         GO(CALL_REMOVE_ALL, REMOVED),      "pci_stop_and_remove_bus_device")

#define ROWS_REMOVED(R) \
    R(EVERY,   NONE,      ALWAYS,         DONE(END_RESCAN),                  "pci_stop_and_remove_bus_device_locked")

#define ROWS_UNPLUG(R) \
    R(EVERY,   NONE,      RESCAN_LOCKED,  WAIT,                              "pci_lock_rescan_remove") \
    R(EVERY,   NONE,      ALWAYS,         GO(CALL_EMPTY, REMOVED),           "pci_stop_and_remove_bus_device")

#define ROWS_DESTROY(R) \
    R(EVERY,   NONE,      ABSENT,         DONE(NOTHING),                     "pci_destroy_dev") \
    R(EVERY,   NONE,      LOCKED,         WAIT,                              "device_del") \
    R(EVERY,   NONE,      TAKEN,          GO(CALL_RELEASE, DESTROY),         "bus_remove_device") \
    R(EVERY,   NONE,      ALWAYS,         DONE(VANISH),                      "device_del")

#define ROWS_SET_VFS(R) \
    R(EVERY,   NONE,      NO_VFS_FILE,    FAIL(ENOENT),                      "sriov_pf_attrs_are_visible") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "sriov_numvfs_store") \
    R(EVERY,   NONE,      TOO_MANY_VFS,   FAIL(ERANGE),                      "sriov_numvfs_store") \
    R(EVERY,   NONE,      ALWAYS,         GO(NOTHING, VFS_LOCK),             "sriov_numvfs_store")

#define ROWS_VFS_LOCK(R) \
    R(EVERY,   NONE,      LOCKED,         WAIT,                              "sriov_numvfs_store") \
    R(EVERY,   NONE,      SAME_VFS,       DONE(NOTHING),                     "sriov_numvfs_store") \
    R(EVERY,   NONE,      NOT_TAKEN,      FAIL(ENOENT),                      "sriov_numvfs_store") \
    R(EVERY,   NONE,      NO_VFS_DRIVER,  FAIL(ENOENT),                      "sriov_numvfs_store") \
    R(EVERY,   NONE,      OTHER_VFS,      FAIL(EBUSY),                       "sriov_numvfs_store") \
    R(EVERY,   NONE,      ALWAYS,         GO(LOCK, VFS_RESCAN),              "sriov_numvfs_store")

#define ROWS_VFS_RESCAN(R) \
    R(EVERY,   NONE,      RESCAN_LOCKED,  WAIT,                              "pci_lock_rescan_remove") \
    R(EVERY,   NONE,      NO_VFS_WANTED,  GO(CALL_REMOVE_VFS, VFS_SET),      "sriov_disable") \
    R(EVERY,   NONE,      ALWAYS,         GO(CALL_ADD_VFS, VFS_SET),         "sriov_enable")

#define ROWS_VFS_SET(R) \
    R(EVERY,   NONE,      ALWAYS,         DONE(END_VFS),                     "sriov_numvfs_store")

#define ROWS_SET_TYPE(R) \
    R(EVERY,   NONE,      NO_MEMBERS,     FAIL(ENOENT),                      "") \
    R(EVERY,   NONE,      NOT_ALLOWED,    FAIL(EACCES),                      "iommu_group_store_type") \
    R(EVERY,   NONE,      NO_DEFAULT,     FAIL(EINVAL),                      "iommu_group_store_type") \
    R(EVERY,   NONE,      MALFORMED,      FAIL(EINVAL),                      "iommu_group_store_type") \
    R(EVERY,   NONE,      ALWAYS,         GO(NOTHING, TYPE_LOCK),            "iommu_group_store_type")

#define ROWS_TYPE_LOCK(R) \
    R(OLDER,   NONE,      ONLY_LOCKED,    WAIT,                              "iommu_group_store_type") \
    R(EVERY,   RETYPE,    FAILED,         PASS,                              "iommu_group_store_type") \
    R(EVERY,   NONE,      ALWAYS,         DONE(NOTHING),                     "iommu_group_store_type")
/* clang-format on */

#endif
