# SPDX-License-Identifier: GPL-2.0-or-later
# Random calls to the kernel, of the driver core and of VFIO; what each came to, and what was seen after it.
# The same every time unless another is asked for: what nobody has seen yet is for runs that somebody watches.
seed=${LAB_SEED:-81}
echo "$seed" >"$records/seed"
modules=/run/differ-modules
mkdir "$modules"
modprobe e1000e
for module in vfio-pci pci-stub uio_pci_generic; do
    file=$(modinfo -n "$module")
    case $file in
    *.xz) xz -dc "$file" >"$modules/$module.ko" ;;
    *.ko) cp "$file" "$modules/$module.ko" ;;
    esac
done
echo disable_idle_d3=1 >"$modules/vfio-pci.options"
modprobe vfio-pci disable_idle_d3=1
modprobe pci-stub
modprobe uio_pci_generic
for address in $(tested_endpoints); do
    if [ -e "$devices/$address/driver" ]; then
        echo "$address" >"$devices/$address/driver/unbind"
    fi
done
{
    cat "$guest/../differ/kept"
    "$guest/../differ/generate.py" differ "$seed" "${LAB_SEQUENCES:-500}"
} >"$records/sequences"
"${DMA_TEST%/*}/differ-agent" "$records/machine" "$records/sequences" "${LAB_SECONDS:-500}" $(tested_functions) >"$records/answers"
