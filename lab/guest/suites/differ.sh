# SPDX-License-Identifier: GPL-2.0-or-later
# Random calls to the kernel, of the driver core and of VFIO; what each came to, and what was seen after it.
# The same every time unless another is asked for: what nobody has seen yet is for runs that somebody watches.
# Suites of other topologies say which ($place), the drivers of their devices and how many sequences.
place=${place:-differ}
seed=${LAB_SEED:-81}
echo "$seed" >"$records/seed"
modules=/run/differ-modules
mkdir -p "$modules"
modprobe "${native:-e1000e}"
for module in vfio-pci pci-stub uio_pci_generic; do
    file=$(modinfo -n "$module")
    case $file in
    *.xz) xz -dc "$file" >"$modules/$module.ko" ;;
    *.ko) cp "$file" "$modules/$module.ko" ;;
    esac
done
options="disable_idle_d3=1 enable_sriov=1"
echo "$options" >"$modules/vfio-pci.options"
modprobe vfio-pci $options
modprobe pci-stub
modprobe uio_pci_generic
for path in "$devices"/*/sriov_totalvfs; do # the agent turns them off when it has seen them
    echo 0 >"${path%/*}/sriov_drivers_autoprobe"
    cat "$path" >"${path%/*}/sriov_numvfs"
done
for address in $(tested_endpoints); do
    if [ -e "$devices/$address/driver" ]; then
        echo "$address" >"$devices/$address/driver/unbind"
    fi
done
differ=$guest/../differ
kept=$differ/kept/$place generate=$differ/generate.py functions=
if [ -e /dev/iommu ]; then
    generate=$differ/generate-iommufd.py
    if [ -e "$kept-iommufd" ]; then
        kept="$kept $kept-iommufd"
    fi
fi
for address in $(tested_functions); do
    case $(<"$devices/$address/class") in
    0x0600*) ;; # a second host bridge
    *) functions="$functions $address" ;;
    esac
done
# So that the agent, too, can see what the kernel itself has of owners.
if [ -n "$IOWARD" ]; then
    mount -t bpf bpf /sys/fs/bpf 2>/dev/null
    "$IOWARD" status --kernel >"$records/kernel" 2>&1
    [ -d /sys/fs/bpf/ioward ] && echo yes >"$records/memory"
fi
if [ -n "$LAB_ASKED" ]; then
    cat "$LAB_ASKED"
else
    cat $kept
    "$generate" "$place" "$seed" "${LAB_SEQUENCES:-500}"
fi >"$records/sequences"
# What it asks goes out at once: a kernel that dies leaves no records.
"${DMA_TEST%/*}/differ-agent" "$records/machine" "$records/sequences" $functions \
    >"$records/answers" 2>/dev/ttyS1
