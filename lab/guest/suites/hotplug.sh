# SPDX-License-Identifier: GPL-2.0-or-later
# Devices arrive in free slots and leave again, by the firmware's hotplug.
until_present() {
    local tries
    for ((tries = 0; tries < 100; tries++)); do
        [ -e "$devices/$1" ] && return
        sleep 0.1
    done
    echo "$1 does not appear"
    return 1
}

add() { # STEP ADDRESS DEVICE
    lab-qmp "{\"execute\":\"device_add\",\"arguments\":$3}"
    until_present "$2"
    snapshot "$1"
}

delete() { # STEP ID
    lab-qmp "{\"execute\":\"device_del\",\"arguments\":{\"id\":\"$2\"}}"
    lab-qmp --event DEVICE_DELETED
    snapshot "$1"
}

snapshot before
delete spare-gone spare
add below-port 0000:03:00.0 '{"driver":"e1000e","id":"nic","bus":"rp2"}'
add behind-bridge 0000:02:05.0 '{"driver":"edu","id":"late","bus":"bridge","addr":"5"}'
delete port-empty nic
delete bridge-empty late
