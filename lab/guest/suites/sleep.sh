# SPDX-License-Identifier: GPL-2.0-or-later
# Reading must not wake what sleeps. vfio-pci puts an idle device into D3hot, and then its port follows.
power_states() {
    local address
    for address in $(tested_functions); do
        echo "$address $(<"$devices/$address/power_state") $(<"$devices/$address/power/runtime_status")" \
            "$(<"$devices/$address/power/runtime_active_time")"
    done
}

modprobe vfio-pci
for address in $(tested_endpoints); do
    echo vfio-pci >"$devices/$address/driver_override"
    echo "$address" >"$drivers"/vfio-pci/bind
done
for address in $(tested_functions); do
    echo auto >"$devices/$address/power/control"
done
sleep 2
power_states >"$records/before"
if [ -n "$IOWARD" ]; then
    addresses=$(tested_functions)
    "$IOWARD" status
    "$IOWARD" status --json
    # shellcheck disable=SC2086 # one argument an address
    "$IOWARD" show $addresses
    for address in $addresses; do
        "$IOWARD" why "$address"
    done
fi
power_states >"$records/after"
for address in $(tested_functions); do
    echo on >"$devices/$address/power/control"
done
