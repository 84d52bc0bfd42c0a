# SPDX-License-Identifier: GPL-2.0-or-later
# Owners as the kernel's memory has them, in every state that a group can be brought to. The last suite of a boot: it
# locks the kernel down.
bpf=/sys/fs/bpf

# STEP ARGUMENT...: what ioward says of itself; its status goes where snapshots have theirs.
ask() {
    local step=$1
    shift
    echo "$step" >>"$records/steps"
    list_functions >"$records/$step.functions"
    "$@" >"$records/$step.status.json" 2>"$records/$step.status.err"
    echo $? >"$records/$step.status.exit"
    find $bpf -mindepth 1 >"$records/$step.pins"
}

as_user() {
    setpriv --reuid=$user --regid=$user --clear-groups "$@"
}

# FOLDER...: of devices, which are to have no driver.
unbind_all() {
    local folder
    for folder; do
        if [ -e "$folder/driver" ]; then
            echo "${folder##*/}" >"$folder/driver/unbind"
        fi
    done
}

[ -n "$IOWARD" ] || exit 0
modprobe -a vfio-pci e1000e
read -r address _ <<<"$(edu_devices)"
nic=${address%.*}.1
echo "$address $nic" >"$records/addresses"
unbind_all "$devices/${address%.*}".*

# Why not, each reason alone; and that nothing is put in place meanwhile.
while umount $bpf 2>/dev/null; do
    :
done
ask no-file-system "$IOWARD" status --json --kernel
mount -t bpf bpf $bpf
ask unprivileged as_user "$IOWARD" status --json --kernel
as_user mkdir $bpf/ioward
ask foreign "$IOWARD" status --json --kernel
rmdir $bpf/ioward
ask plain "$IOWARD" status --json

# Two at once; from then on nobody has to ask for it.
"$IOWARD" status --json --kernel >"$records/other" &
ask pinned "$IOWARD" status --json --kernel
wait $!
echo $? >"$records/other.exit"
stat -c '%a %u' $bpf/ioward $bpf/ioward/* >"$records/modes"
"$IOWARD" status --kernel >"$records/text"

snapshot free
echo "$nic" >"$drivers"/e1000e/bind
snapshot kernel
unbind_all "$devices/$nic"

# What stock drivers do only on hardware that no emulator has, or by a mistake.
if [ -n "$LAB_DRIVERS" ]; then
    insmod "$LAB_DRIVERS"
    echo iow-lab-private >"$devices/$address/driver_override"
    echo "$address" >"$drivers"/iow-lab-private/bind
    snapshot private
    echo "$nic" >"$drivers"/e1000e/bind 2>"$records/private.bind"
    unbind_all "$devices/$address"
    snapshot private-gone
    echo iow-lab-forgets >"$devices/$address/driver_override"
    echo "$address" >"$drivers"/iow-lab-forgets/bind
    snapshot forgetting
    unbind_all "$devices/$address"
    snapshot forgotten
    echo >"$devices/$address/driver_override"
    rmmod iow_lab_drivers
    snapshot remembered
fi

hand_over "$address"
snapshot ready
hold group --group-only "$address"
snapshot opened
let_go group
hold container --container "$address"
snapshot blocked
"$IOWARD" capture "$records/blocked.tar.zst" >/dev/null
as_user "$IOWARD" status --json >"$records/unprivileged-later"
let_go container
hold device --hold "$address"
snapshot attached
let_go device
hold device-only --hold --close-files "$address"
snapshot device-only
let_go device-only
snapshot let-go

# An unbind that waits for the user.
hold waiting --hold "$address"
echo "$address" >"$drivers"/vfio-pci/unbind &
writer=$!
while [ -e "$devices/$address/driver" ]; do
    sleep 0.1
done
snapshot waiting
let_go waiting
wait $writer

# Claims of one owner, device by device.
if [ -e /dev/iommu ]; then
    hand_over "$address"
    echo vfio-pci >"$devices/$nic/driver_override"
    echo "$nic" >"$drivers"/vfio-pci/bind
    for path in "$devices/$address"/vfio-dev/vfio* "$devices/$nic"/vfio-dev/vfio*; do
        files+=("/dev/vfio/devices/${path##*/}")
    done
    chmod a+rw /dev/iommu "${files[@]}"
    DMA_TEST=${DMA_TEST%/*}/iommufd-bind
    hold both "${files[@]}"
    snapshot both
    let_go both
    hold first "${files[0]}"
    snapshot first
    let_go first
    unbind_all "$devices/$nic"
    echo >"$devices/$nic/driver_override"
fi
take_back "$address"
snapshot taken-back

# Gone when their files are; and a kernel that is locked down still lets a program see where a pointer leads.
rm -r $bpf/ioward
ask removed "$IOWARD" status --json
[ -e /sys/kernel/security/lockdown ] || mount -t securityfs securityfs /sys/kernel/security
echo confidentiality >/sys/kernel/security/lockdown
cat /sys/kernel/security/lockdown >"$records/lockdown"
ask locked "$IOWARD" status --json --kernel
rm -r $bpf/ioward

# And to see decisions, but for names and texts.
group=$(readlink "$devices/$nic/iommu_group")
"$IOWARD" trace --json --count 3 >"$records/locked.trace" 2>"$records/locked.trace.err" &
tracer=$!
until grep -q 'ioward: watching' "$records/locked.trace.err" || ! kill -0 $tracer; do
    sleep 0.1
done
echo "$nic" >"$drivers"/e1000e/bind
echo "$nic" >"$drivers"/e1000e/unbind
echo odd >"/sys/kernel/iommu_groups/${group##*/}/type" 2>/dev/null
wait $tracer
