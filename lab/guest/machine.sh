# SPDX-License-Identifier: GPL-2.0-or-later
# What the guest's PCI functions are, without a process where a glob or a builtin will do:
# under software emulation a process costs as much as a thousand sysfs reads.
devices=/sys/bus/pci/devices
drivers=/sys/bus/pci/drivers

# One line a function: ADDRESS GROUP DRIVER, "-" for none.
list_functions() {
    local path name
    local -A group driver
    for path in /sys/kernel/iommu_groups/*/devices/*; do
        name=${path#/sys/kernel/iommu_groups/}
        group[${path##*/}]=${name%%/*}
    done
    for path in "$drivers"/*/????:??:??.?; do
        name=${path#"$drivers"/}
        driver[${path##*/}]=${name%%/*}
    done
    for path in "$devices"/*; do
        name=${path##*/}
        echo "$name ${group[$name]:--} ${driver[$name]:--}"
    done
}

# STEP: the machine as the kernel tells it and as ioward tells it, at this moment.
snapshot() {
    echo "$1" >>"$records/steps"
    list_functions >"$records/$1.functions"
    if [ -n "$IOWARD" ]; then
        "$IOWARD" status --json >"$records/$1.status.json" 2>"$records/$1.status.err"
        echo $? >"$records/$1.status.exit"
    fi
}

# The functions under test: all but the host bridge, the chipset and the guest's own root.
tested_functions() {
    local path
    for path in "$devices"/*; do
        case ${path##*/} in
        0000:00:00.0 | 0000:00:1[def].?) ;;
        *) echo "${path##*/}" ;;
        esac
    done
}

is_bridge() {
    [[ $(<"$devices/$1/class") == 0x0604* ]]
}

tested_bridges() {
    local address
    for address in $(tested_functions); do
        if is_bridge "$address"; then
            echo "$address"
        fi
    done
}

# What a driver may be bound to and what may be removed: neither bridges nor an IOMMU.
tested_endpoints() {
    local address
    for address in $(tested_functions); do
        case $(<"$devices/$address/class") in
        0x06* | 0x0806*) ;;
        *) echo "$address" ;;
        esac
    done
}

group_of() {
    local paths=(/sys/kernel/iommu_groups/*/devices/"$1") number
    number=${paths[0]#/sys/kernel/iommu_groups/}
    echo "${number%%/*}"
}

driver_of() {
    local paths=("$drivers"/*/"$1") name
    name=${paths[0]#"$drivers"/}
    echo "${name%%/*}"
}

remove() {
    echo 1 >"$devices/$1/remove"
}

rescan() {
    echo 1 >/sys/bus/pci/rescan
}
