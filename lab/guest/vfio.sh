# SPDX-License-Identifier: GPL-2.0-or-later
# Handing a group to an ordinary user and taking it back, by hand.
user=1000
companions=()

# The addresses of the edu devices that are in a group.
edu_devices() {
    local address
    for address in $(tested_endpoints); do
        if [[ $(<"$devices/$address/vendor") == 0x1234 && -n $(group_of "$address") ]]; then
            echo "$address"
        fi
    done
}

# ADDRESS: to vfio-pci, its companions to no driver, the group's file to the user.
hand_over() {
    local address=$1 path companion group
    group=$(group_of "$address")
    companions=()
    for path in /sys/kernel/iommu_groups/"$group"/devices/*; do
        companion=${path##*/}
        case $(driver_of "$companion") in
        '' | pcieport | vfio-pci) ;;
        *)
            companions+=("$companion $(driver_of "$companion")")
            echo "$companion" >"$devices/$companion/driver/unbind"
            ;;
        esac
    done
    echo vfio-pci >"$devices/$address/driver_override"
    echo "$address" >"$drivers"/vfio-pci/bind
    chown $user "/dev/vfio/$group"
}

# ADDRESS: from whatever driver it has left to none, the companions back to their drivers.
take_back() {
    local address=$1 companion driver
    if [ -e "$drivers/vfio-pci/$address" ]; then
        echo "$address" >"$drivers"/vfio-pci/unbind
    fi
    echo >"$devices/$address/driver_override"
    for companion in "${companions[@]}"; do
        read -r companion driver <<<"$companion"
        echo "$companion" >"$drivers/$driver/bind"
    done
}

# STEP ARGUMENT...: starts dma-test as the user and returns when it holds what it was asked to hold.
# A few pages of locked memory are all it may have.
hold() {
    local step=$1 line
    shift
    coproc HOLDER {
        ulimit -l 64
        exec setpriv --reuid=$user --regid=$user --clear-groups "$DMA_TEST" "$@" 2>&1
    }
    holder=$HOLDER_PID
    holder_input=${HOLDER[1]}
    echo "$holder" >"$records/$step.pid"
    while IFS= read -r -t 60 line <&"${HOLDER[0]}"; do
        echo "$line"
        [ "$line" = holding ] && break
    done >"$records/$step.output"
}

# STEP: lets the holder go and records how it ended.
let_go() {
    echo >&"$holder_input"
    wait "$holder"
    echo $? >"$records/$1.exit"
}
