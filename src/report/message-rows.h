/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages, each as its program prints it. ROW(id, program, topic, pattern, where, version, ...)
 *
 * A row that is a part of another stands after it. Versions are those whose source the text was compared with; a
 * program older or newer may print the same. Where the text changed, each form has a row.
 */

/* QEMU: what vfio-pci says when a machine starts or a device is plugged; hw/vfio/common.c until 8.1, container.c since */
ROW("qemu-not-viable", QEMU, NOT_VIABLE, "group {group} is not viable", "hw/vfio/common.c vfio_get_group()",
    "7.2")
ROW("qemu-open-container", QEMU, OPEN_CONTAINER, "failed to open /dev/vfio/vfio: {error}",
    "hw/vfio/common.c vfio_connect_container()", "7.2")
ROW("qemu-open-group", QEMU, OPEN_GROUP, "failed to open /dev/vfio/{group}: {error}",
    "hw/vfio/common.c vfio_get_group()", "7.2")
ROW("qemu-group-status", QEMU, OPEN_GROUP, "failed to get group {group} status: {error}",
    "hw/vfio/common.c vfio_get_group()", "7.2")
ROW("qemu-set-container", QEMU, SET_CONTAINER, "Failed to set group container: {error}",
    "hw/vfio/common.c vfio_init_container()", "7.2")
ROW("qemu-set-iommu", QEMU, SET_IOMMU, "Failed to set iommu for container: {error}",
    "hw/vfio/common.c vfio_init_container()", "7.2")
ROW("qemu-no-iommu-model", QEMU, NO_BACKEND, "No available IOMMU models",
    "hw/vfio/common.c vfio_get_iommu_type()", "7.2")
ROW("qemu-get-device", QEMU, GET_DEVICE, "error getting device from group {group}: {error}",
    "hw/vfio/common.c vfio_get_device()", "7.2")
ROW("qemu-no-device", QEMU, NO_DEVICE, "no such host device: {error}", "hw/vfio/pci.c vfio_realize()", "7.2")
ROW("qemu-no-group", QEMU, NO_GROUP, "no iommu_group found: {error}", "hw/vfio/pci.c vfio_realize()", "7.2")
ROW("qemu-attached-twice", QEMU, TWICE, "device is already attached", "hw/vfio/pci.c vfio_realize()", "7.2")
ROW("qemu-two-spaces", QEMU, TWO_SPACES, "group {group} used in multiple address spaces",
    "hw/vfio/common.c vfio_get_group()", "7.2")
ROW("qemu-reset-others", QEMU, RESET_OTHERS,
    "vfio: Cannot reset device {device}, depends on group {group} which is not owned.",
    "hw/vfio/pci.c vfio_pci_hot_reset()", "7.2")
ROW("qemu-no-reset", QEMU, NO_RESET, "vfio: Cannot reset device {device}, no available reset mechanism.",
    "hw/vfio/pci.c vfio_pci_hot_reset()", "7.2")
ROW("qemu-map", QEMU, MAP, "VFIO_MAP_DMA failed: {error}", "hw/vfio/common.c vfio_dma_map()", "7.2")
ROW("qemu-map-region", QEMU, MAP, "vfio_dma_map({text}) = {error}",
    "hw/vfio/common.c vfio_listener_region_add()", "7.2")
ROW("qemu-stuck", QEMU, POWER, "vfio: Unable to power on device, stuck in D{number}",
    "hw/vfio/pci.c vfio_pci_pre_reset()", "7.2")
ROW("qemu-config", QEMU, POWER, "failed to read device config space: {error}", "hw/vfio/pci.c vfio_realize()",
    "7.2")
ROW("qemu-bind-iommufd", QEMU, SET_CONTAINER, "error bind device fd={number} to iommufd={number}: {error}",
    "hw/vfio/iommufd.c iommufd_cdev_connect_and_bind()", "master")

/* DPDK */
ROW("dpdk-not-viable", DPDK, NOT_VIABLE,
    "VFIO group is not viable! Not all devices in IOMMU group bound to VFIO or unbound",
    "lib/eal/linux/eal_vfio.c rte_vfio_setup_device()", "22.11")
ROW("dpdk-open-group", DPDK, OPEN_GROUP, "Cannot open /dev/vfio/{group}: {error}",
    "lib/eal/linux/eal_vfio.c vfio_open_group_fd()", "22.11")
ROW("dpdk-open-container", DPDK, OPEN_CONTAINER, "Cannot open VFIO container /dev/vfio/vfio, error {error}",
    "lib/eal/linux/eal_vfio.c vfio_open_container_fd()", "22.11")
ROW("dpdk-set-container", DPDK, SET_CONTAINER, "cannot add VFIO group to container, error {error}",
    "lib/eal/linux/eal_vfio.c rte_vfio_setup_device()", "22.11")
ROW("dpdk-set-iommu", DPDK, SET_IOMMU, "failed to select IOMMU type",
    "lib/eal/linux/eal_vfio.c rte_vfio_setup_device()", "22.11")
ROW("dpdk-no-iommu-model", DPDK, NO_BACKEND, "No supported IOMMU extensions found!",
    "lib/eal/linux/eal_vfio.c vfio_open_container_fd()", "22.11")
ROW("dpdk-not-managed", DPDK, NOT_MANAGED, "not managed by VFIO driver",
    "lib/eal/linux/eal_vfio.c rte_vfio_setup_device()", "22.11")
ROW("dpdk-no-module", DPDK, NO_VFIO, "VFIO modules not loaded, skipping VFIO support...",
    "lib/eal/linux/eal_vfio.c rte_vfio_enable()", "22.11")
ROW("dpdk-no-vfio", DPDK, NO_VFIO, "VFIO support could not be initialized",
    "lib/eal/linux/eal_vfio.c rte_vfio_enable()", "22.11")
ROW("dpdk-map", DPDK, MAP, "Cannot set up DMA remapping, error {error}",
    "lib/eal/linux/eal_vfio.c vfio_type1_dma_mem_map()", "22.11")
ROW("dpdk-remapping", DPDK, MAP, "DMA remapping failed, error {error}",
    "lib/eal/linux/eal_vfio.c rte_vfio_setup_device()", "22.11")
ROW("dpdk-get-device", DPDK, GET_DEVICE, "Getting a vfio_dev_fd for {device} failed",
    "lib/eal/linux/eal_vfio.c rte_vfio_setup_device()", "22.11")
ROW("dpdk-requested", DPDK, NOT_USABLE, "Requested device {device} cannot be used",
    "drivers/bus/pci/pci_common.c pci_probe()", "22.11")
ROW("dpdk-iova-mode", DPDK, IOVA,
    "Expecting '{text}' IOVA mode but current mode is '{text}', not initializing",
    "drivers/bus/pci/pci_common.c rte_pci_probe_one_driver()", "22.11")
ROW("dpdk-iova-pa", DPDK, IOVA, "Cannot use IOVA as 'PA' since physical addresses are not available",
    "lib/eal/linux/eal.c rte_eal_init()", "22.11")
ROW("devbind-active", DPDK, IN_USE, "routing table indicates that interface {device} is active",
    "usertools/dpdk-devbind.py bind_one(), unbind_one()", "22.11")
ROW("devbind-bind", DPDK, BIND, "bind failed for {device} - Cannot bind to driver {text}: {error}",
    "usertools/dpdk-devbind.py bind_one()", "22.11")

/* SPDK */
ROW("spdk-not-bound", SPDK, NOT_VIABLE, "WARNING: {device} not bound to {text} ({text})",
    "scripts/setup.sh linux_bind_driver()", "master")
ROW("spdk-bind", SPDK, BIND, "failed to bind to {text}, aborting", "scripts/setup.sh probe_driver()",
    "master")
ROW("spdk-active", SPDK, IN_USE, "Active devices: {text}, so not binding PCI dev",
    "scripts/setup.sh verify_bdf_block_devs()", "master")
ROW("spdk-map", SPDK, MAP, "Cannot set up DMA mapping, error {error}",
    "lib/env_dpdk/memory.c vtophys_iommu_map_dma()", "master")

/* libvirt */
ROW("libvirt-in-use", LIBVIRT, OPEN_GROUP, "PCI device {device} is in use",
    "src/hypervisor/virhostdev.c virHostdevIsPCINodeDeviceUsed()", "9.0", EBUSY)
ROW("libvirt-unmanaged", LIBVIRT, NOT_MANAGED,
    "Unmanaged PCI device {device} must be manually detached from the host",
    "src/hypervisor/virhostdev.c virHostdevPreparePCIDevicesImpl()", "9.0")
ROW("libvirt-switch", LIBVIRT, SWITCH,
    "Device {device} is behind a switch lacking ACS and cannot be assigned",
    "src/util/virpci.c virPCIDeviceIsAssignable()", "9.0")
ROW("libvirt-assignable", LIBVIRT, SWITCH, "PCI device {device} is not assignable",
    "src/hypervisor/virhostdev.c virHostdevPreparePCIDevicesImpl()", "9.0")
ROW("libvirt-endpoint", LIBVIRT, NO_ENDPOINT, "Non-endpoint PCI devices cannot be assigned to guests",
    "src/hypervisor/virhostdev.c virHostdevPreparePCIDevicesImpl()", "9.0")
ROW("libvirt-reset", LIBVIRT, NO_RESET, "Unable to reset PCI device {device}: {text}",
    "src/util/virpci.c virPCIDeviceReset()", "9.0")
ROW("libvirt-no-passthrough", LIBVIRT, NO_PASSTHROUGH, "host doesn't support passthrough of host PCI devices",
    "src/qemu/qemu_hostdev.c qemuHostdevPreparePCIDevicesCheckSupport()", "9.0")
ROW("libvirt-no-vfio", LIBVIRT, NO_PASSTHROUGH, "host doesn't support VFIO PCI passthrough",
    "src/qemu/qemu_hostdev.c qemuHostdevPreparePCIDevicesCheckSupport()", "9.0")

/* driverctl */
ROW("driverctl-bind", DRIVERCTL, BIND, "failed to bind device {device} to driver {text}",
    "driverctl set_override()", "0.111")

/* the kernel's log */
ROW("linux-probe-of", KERNEL, BIND, "probe of {device} failed with error {error}",
    "drivers/base/dd.c call_driver_probe()", "6.1")
ROW("linux-probe-with", KERNEL, BIND, "probe with driver {text} failed with error {error}",
    "drivers/base/dd.c call_driver_probe()", "6.12")
ROW("linux-attach", KERNEL, ATTACH, "device attach failed ({error})",
    "drivers/pci/bus.c pci_bus_add_device()", "6.1, 6.12")
ROW("linux-interrupts", KERNEL, INTERRUPTS, "No interrupt remapping support.",
    "drivers/vfio/vfio_iommu_type1.c vfio_iommu_type1_attach_group()", "6.1, 6.12")
ROW("linux-rmrr", KERNEL, DIRECT,
    "Device is ineligible for IOMMU domain attach due to platform RMRR requirement",
    "drivers/iommu/intel/iommu.c intel_iommu_attach_device()", "6.1")
ROW("linux-direct", KERNEL, DIRECT,
    "Firmware has requested this device have a 1:1 IOMMU mapping, rejecting configuring the device without a "
    "1:1 mapping",
    "drivers/iommu/iommu.c __iommu_device_set_domain()", "6.12")
ROW("linux-memlock", KERNEL, MAP, "RLIMIT_MEMLOCK ({number}) exceeded",
    "drivers/vfio/vfio_iommu_type1.c vfio_pin_pages_remote()", "6.1, 6.12", ENOMEM)
ROW("linux-vtd-fault", KERNEL, FAULT, "Request device [{device}] fault addr {number}",
    "drivers/iommu/intel/dmar.c dmar_fault_do_one()", "6.1, 6.12")
ROW("linux-vtd-faults", KERNEL, FAULT, "DRHD: handling fault status reg {number}",
    "drivers/iommu/intel/dmar.c dmar_fault()", "6.1, 6.12")
ROW("linux-amd-fault", KERNEL, FAULT, "Event logged [IO_PAGE_FAULT {text}domain={number} address={number}",
    "drivers/iommu/amd/iommu.c amd_iommu_report_page_fault()", "6.1, 6.12")
ROW("linux-bar", KERNEL, BAR, "BAR {number}: can't reserve [{text}]",
    "drivers/pci/pci.c __pci_request_region()", "6.1, 6.12")
ROW("linux-power-refused", KERNEL, POWER, "Refused to change power state from {text} to {text}",
    "drivers/pci/pci.c pci_set_low_power_state(), pci_set_full_power_state()", "6.1, 6.12")
ROW("linux-power-unable", KERNEL, POWER,
    "Unable to change power state from {text} to {text}, device inaccessible",
    "drivers/pci/pci.c pci_power_up(), pci_set_low_power_state()", "6.1, 6.12")
ROW("linux-not-ready", KERNEL, RESET_FAILED, "not ready {number}ms after {text};",
    "drivers/pci/pci.c pci_dev_wait()", "6.1, 6.12")
ROW("linux-request-blocked", KERNEL, PENDING,
    "No device request channel registered, blocked until released by user",
    "drivers/vfio/pci/vfio_pci_core.c vfio_pci_core_request()", "6.1, 6.12")
ROW("linux-request-relayed", KERNEL, PENDING, "Relaying device request to user (#{number})",
    "drivers/vfio/pci/vfio_pci_core.c vfio_pci_core_request()", "6.1, 6.12")
ROW("linux-in-use", KERNEL, PENDING,
    "Device is currently in use, task \"{text}\" ({number}) blocked until device is released",
    "drivers/vfio/vfio_main.c vfio_unregister_group_dev()", "6.1, 6.12")
ROW("linux-denylist", KERNEL, DENYLIST, "exists in vfio-pci device denylist, driver probing disallowed",
    "drivers/vfio/pci/vfio_pci.c vfio_pci_is_denylisted()", "6.1, 6.12")
ROW("linux-pf-with-vfs", KERNEL, VFS, "Cannot bind to PF with SR-IOV enabled",
    "drivers/vfio/pci/vfio_pci_core.c vfio_pci_core_register_device()", "6.1, 6.12")
ROW("linux-token-wanted", KERNEL, VF_TOKEN, "VF token required to access device",
    "drivers/vfio/pci/vfio_pci_core.c vfio_pci_validate_vf_token()", "6.1, 6.12")
ROW("linux-token-wrong", KERNEL, VF_TOKEN, "Incorrect VF token provided for device",
    "drivers/vfio/pci/vfio_pci_core.c vfio_pci_validate_vf_token()", "6.1, 6.12")
ROW("linux-token-unwanted", KERNEL, VF_TOKEN, "VF token incorrectly provided, PF not bound to vfio-pci",
    "drivers/vfio/pci/vfio_pci_core.c vfio_pci_validate_vf_token()", "6.1, 6.12")
ROW("linux-noiommu-bound", KERNEL, NO_IOMMU_MODE, "Adding kernel taint for vfio-noiommu group on device",
    "drivers/vfio/group.c vfio_group_find_or_alloc()", "6.12")
ROW("linux-noiommu-opened", KERNEL, NO_IOMMU_MODE, "vfio-noiommu device opened by user ({text}:{number})",
    "drivers/vfio/group.c vfio_device_open_file()", "6.12")
ROW("linux-type-bound", KERNEL, TYPE_BOUND, "Device is still bound to driver",
    "drivers/iommu/iommu.c iommu_group_store_type()", "6.1")
ROW("linux-type-members", KERNEL, TYPE_MEMBERS,
    "Cannot change default domain: Group has more than one device",
    "drivers/iommu/iommu.c iommu_group_store_type(), iommu_change_dev_def_domain()", "6.1")

/* what any program says that prints the system's error */
ROW("open-container", ANY, OPEN_CONTAINER, "/dev/vfio/vfio: {error}", "of open()", "any")
ROW("open-group", ANY, OPEN_GROUP, "/dev/vfio/{group}: {error}", "of open()", "any")
ROW("set-container", ANY, SET_CONTAINER, "VFIO_GROUP_SET_CONTAINER: {error}", "of ioctl()", "any")
ROW("set-iommu", ANY, SET_IOMMU, "VFIO_SET_IOMMU: {error}", "of ioctl()", "any")
ROW("map", ANY, MAP, "VFIO_IOMMU_MAP_DMA: {error}", "of ioctl()", "any")
ROW("write", ANY, WRITE, "write error: {error}", "of a shell's echo", "any")
ROW("busy", ANY, BUSY, "Device or resource busy", "of any system call", "any")
