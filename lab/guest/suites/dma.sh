# SPDX-License-Identifier: GPL-2.0-or-later
# An ordinary user does DMA with a device of its own, and ioward names that user.
modprobe vfio-pci
read -r address _ <<<"$(edu_devices)"
echo "$address" >"$records/address"

# The companions' native drivers first, so that there is something to take from the kernel.
for path in /sys/kernel/iommu_groups/"$(group_of "$address")"/devices/*; do
    if [ "${path##*/}" != "$address" ]; then
        modprobe -q "$(<"$path/modalias")"
        echo "${path##*/}" >/sys/bus/pci/drivers_probe
    fi
done
snapshot at-work

hand_over "$address"
snapshot handed-over

hold dma --hold "$address"
snapshot held
if [ -n "$IOWARD" ]; then
    "$IOWARD" status >"$records/held.text"
    "$IOWARD" capture "$records/held.tar.zst"
    "$IOWARD_CAPTURE" "$records/held-shell.tar.zst"
fi
let_go dma
snapshot released

hold container --container "$address"
snapshot claimed
let_go container

hold group-only --group-only "$address"
snapshot opened
let_go group-only

take_back "$address"
snapshot taken-back
