# SPDX-License-Identifier: GPL-2.0-or-later
# An unbind that waits for the user: sysfs already shows no driver, yet the device is not free.
#
# The waiting writer must never get a signal: that would make it unkillable, not end it.
modprobe vfio-pci
read -r address _ <<<"$(edu_devices)"
echo "$address" >"$records/address"

unbind_under() { # STEP ARGUMENT...: of dma-test
    local step=$1 writer
    shift
    hand_over "$address"
    hold "$step" "$@" "$address"
    echo "$address" >"$drivers"/vfio-pci/unbind &
    writer=$!
    while [ -e "$devices/$address/driver" ]; do
        sleep 0.1
    done
    snapshot "$step-waiting"
    [ -d /proc/$writer ] && echo waiting >"$records/$step.writer"
    let_go "$step"
    wait $writer
    take_back "$address"
    snapshot "$step-over"
}

unbind_under held --hold
unbind_under device-only --hold --close-files
