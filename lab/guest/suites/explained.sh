# SPDX-License-Identifier: GPL-2.0-or-later
# QEMU, a shell and the kernel's log say what VFIO refuses, and ioward explains it while the reason is still there.
. "$guest/explain.sh"
need qemu-system-x86_64
mark
modprobe e1000e
modprobe nvme
modprobe vfio-pci

# A device that no IOMMU covers, one that is not there, one that is not VFIO's.
to_vfio $outside
hear_kernel
qemu -device vfio-pci,host=$outside
qemu -device vfio-pci,host=$absent
qemu -device vfio-pci,host=$alone
explain not-given

# A card of which one function is VFIO's and one the kernel's; a controller with virtual functions.
to_vfio $first
qemu -device vfio-pci,host=$first
echo 1 >"$devices/$disk/sriov_numvfs"
to_vfio $disk
hear_kernel
explain half-given

# The file of a group is not everybody's.
to_vfio $alone
as_user=("${an_ordinary_user[@]}")
qemu -device vfio-pci,host=$alone
as_user=()
explain not-allowed

# Somebody has the card, whose last function would go back to the kernel.
echo $second >"$devices/$second/driver/unbind"
to_vfio $edu
chown $user /dev/vfio/"$(group_of $edu)"
hold holder --hold $edu
hear_kernel
qemu -device vfio-pci,host=$first
hear "$DMA_TEST" $edu
write "$drivers/e1000e/bind" $second
remove $second
rescan
hear_kernel
explain held

# The kernel wants it back.
echo $edu >"$drivers/vfio-pci/unbind" &
writer=$!
while [ -e "$devices/$edu/driver" ]; do
    sleep 0.1
done
hear_kernel
explain wanted-back
let_go holder
wait $writer

# What was heard is not so any more.
cp "$records/held.heard" "$records/heard"
explain over
