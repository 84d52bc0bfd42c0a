# SPDX-License-Identifier: GPL-2.0-or-later
# What the lab's own kernels have and Debian's have not: IOMMUFD, a file for each VFIO device, types for BPF programs.
modprobe -a vfio-pci e1000e
read -r address _ <<<"$(edu_devices)"
echo "$address" >"$records/address"
hand_over "$address"
for path in /dev/iommu /dev/vfio/vfio /sys/kernel/btf/vmlinux /sys/kernel/btf/e1000e; do
    if [ -r "$path" ]; then
        echo "$path"
    fi
done >"$records/files"
for path in "$devices/$address"/vfio-dev/vfio*; do
    stat -c '%F %t:%T' "/dev/vfio/devices/${path##*/}"
    IFS=: read -r major minor <"$path/dev"
    printf 'character special file %x:%x\n' "$major" "$minor"
done >"$records/device-file"

# IOMMUFD in the container's place: it answers the container's requests too.
chmod a+rw /dev/iommu
mount --bind /dev/iommu /dev/vfio/vfio
hold compatible --hold "$address"
snapshot held
let_go compatible
umount /dev/vfio/vfio
take_back "$address"
snapshot taken-back
