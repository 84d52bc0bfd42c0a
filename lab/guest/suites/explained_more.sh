# SPDX-License-Identifier: GPL-2.0-or-later
# More programs, and more of what they say. The guest's kernel remaps no interrupts (intremap=off): VFIO refuses for that,
# until it is told that any interrupt may be sent.
. "$guest/explain.sh"
need qemu-system-x86_64 dpdk-testpmd dpdk-devbind.py driverctl
mark
modprobe e1000e
modprobe vfio-pci

testpmd() {
    hear dpdk-testpmd --no-huge -m 64 --iova-mode=va --log-level=lib.eal:notice -a "$1" -- --total-num-mbufs=2048
}

# A device that no IOMMU covers, one that Linux uses, a card of which one function is VFIO's and one the kernel's.
hear dpdk-devbind.py -b vfio-pci $outside
interface=("$devices/$alone"/net/*)
ip link set dev "${interface##*/}" up
ip address add 10.9.9.9/24 dev "${interface##*/}"
hear dpdk-devbind.py -b vfio-pci $alone
to_vfio $first
testpmd $first
# Linux 6.1 says why it does not change the type; 6.12 does not.
write /sys/kernel/iommu_groups/"$(group_of $alone)"/type identity
write /sys/kernel/iommu_groups/"$(group_of $first)"/type identity
hear_kernel
explain half-given

# VFIO without what translates; then with it, but without interrupts of its own.
to_vfio $alone
echo $second >"$devices/$second/driver/unbind"
rmmod vfio_iommu_type1
qemu -device vfio-pci,host=$alone
testpmd $alone
explain no-backend
modprobe vfio_iommu_type1
mark
qemu -device vfio-pci,host=$alone
testpmd $alone
hear_kernel
explain interrupts
echo Y >/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts

# What QEMU says of devices that it may have.
chown $user /dev/vfio/"$(group_of $alone)"
as_user=("${an_ordinary_user[@]}")
(
    ulimit -l 64
    qemu -device vfio-pci,host=$alone
)
as_user=()
hear_kernel
qemu -device vfio-pci,host=$second
qemu -device vfio-pci,host=$alone -device vfio-pci,host=$alone
to_vfio $rooted
qemu -device vfio-pci,host=$rooted
explain programs
to_vfio $second
qemu -M q35 -device intel-iommu,caching-mode=on -device vfio-pci,host=$first,addr=4 \
    -device vfio-pci,host=$second,addr=5
explain spaces

# Somebody has the card.
to_vfio $edu
chown $user /dev/vfio/"$(group_of $edu)"
hold holder --hold $edu
testpmd $first
hear driverctl --nosave set-override $second e1000e
explain held
let_go holder
