# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of claim, release and run. Each begins and ends with what the machine is, and afterwards every device has to
# work; lab/claims.py compares.
pattern=/run/pattern
never=/run/never # a pipe that nothing is ever written to
[ -e "$never" ] || mkfifo "$never"

native_drivers() {
    local address
    modprobe -a e1000 e1000e nvme
    [ -e "$pattern" ] || head -c 65536 /dev/urandom >"$pattern"
    for address in $(tested_endpoints); do
        if [ "$(kind_of "$address")" = disk ] && until_so has_disk "$address"; then
            dd if="$pattern" of="$disk" bs=64k seek=512 oflag=direct,sync status=none
        fi
    done
}

# SECONDS: as sleep, without a process.
pause() {
    read -r -t "$1" <>"$never"
}

# COMMAND ARGUMENT...: until it succeeds, 20 seconds at most.
until_so() {
    local tries
    for ((tries = 0; tries < 400; tries++)); do
        "$@" && return
        pause 0.05
    done
    echo "in vain: $*"
    return 1
}

# STEP: driver and driver_override of every function, and who may open which group.
ownership() {
    local address driver override nodes=(/dev/vfio/[0-9]*)
    list_functions | while read -r address _ driver; do
        read -r override <"$devices/$address/driver_override"
        echo "$address $driver $override"
    done >"$records/$1.ownership"
    if [ ${#nodes[@]} -gt 0 ]; then
        stat -c '%n %u:%g:%a' "${nodes[@]}" >>"$records/$1.ownership"
    fi
}

# STEP ARGUMENT...: what ioward does, says and how long it takes.
verb() {
    local step=$1 began=$EPOCHREALTIME ended
    shift
    echo "$*" >"$records/$step.verb"
    "$IOWARD" "$@" >"$records/$step.out" 2>"$records/$step.err"
    echo $? >"$records/$step.code"
    ended=$EPOCHREALTIME
    elapsed=$((${ended/./} - ${began/./}))
    echo "$elapsed" >"$records/$step.elapsed"
}

# STEP ARGUMENT...: the same beside this script; $job is its process.
verb_beside() {
    local step=$1
    shift
    echo "$*" >"$records/$step.verb"
    "$IOWARD" "$@" >"$records/$step.out" 2>"$records/$step.err" &
    job=$!
}

# STEP PROCESS: how a verb_beside ended.
ended() {
    wait "$2"
    echo $? >"$records/$1.code"
}

begin() { # TEST
    echo "$1" >>"$records/tests"
    ownership "$1.before"
}

# TEST [ADDRESS...]: whether it is all as before, and these (or all) devices work.
finish() {
    local test=$1
    shift
    ownership "$test.after"
    verb "$test.claims" release --json
    works "$test" "$@"
}

works() { # TEST [ADDRESS...]
    local test=$1 address jobs=()
    shift
    if [ $# -eq 0 ]; then
        # shellcheck disable=SC2046 # one argument an address
        set -- $(tested_endpoints)
    fi
    : >"$records/$test.works"
    for address; do
        try "$address" >>"$records/$test.works" &
        jobs+=($!)
    done
    wait "${jobs[@]}"
}

# ADDRESS: one line, which ends in "works" if it does.
try() {
    local kind result=works
    kind=$(kind_of "$1")
    "try_$kind" "$1" || result=fails
    echo "$1 $kind $result"
}

kind_of() {
    case $(<"$devices/$1/class") in
    0x0200*) echo traffic ;;
    0x0108*) [ -e "$devices/$1/sriov_totalvfs" ] && echo controller || echo disk ;;
    0x0401*) echo sound ;;
    *) echo registers ;;
    esac
}

# The n-th NIC, in order of address, is in the network 10.0.n.0/24 with a gateway that answers.
try_traffic() {
    local address number=0 paths=("$devices/$1"/net/*) interface code=1
    interface=${paths[0]##*/}
    [ -n "$interface" ] || return
    for address in $(tested_endpoints); do
        [[ $(<"$devices/$address/class") == 0x0200* ]] && number=$((number + 1))
        [ "$address" = "$1" ] && break
    done
    busybox ip link set "$interface" up
    busybox ip address add "10.0.$number.15/24" dev "$interface"
    if until_so has_carrier "$interface"; then
        busybox ping -q -c 1 -W 5 -I "$interface" "10.0.$number.2" >/dev/null
        code=$?
    fi
    busybox ip address flush dev "$interface"
    busybox ip link set "$interface" down
    return $code
}

has_carrier() {
    local carrier
    read -r carrier <"/sys/class/net/$1/carrier" && [ "$carrier" = 1 ]
}

# What native_drivers wrote must be there.
try_disk() {
    until_so has_disk "$1" && dd if="$disk" bs=64k skip=512 count=1 iflag=direct status=none | cmp -s - "$pattern"
}

# ADDRESS: $disk is its disk's file.
has_disk() {
    local disks=("$devices/$1"/nvme/nvme*/nvme*n*)
    disk=/dev/${disks[0]##*/}
    [ -b "$disk" ]
}

# Without a disk, it is alive once it has answered the first questions, by DMA.
try_controller() {
    until_so is_live "$1"
}

is_live() {
    local state paths=("$devices/$1"/nvme/nvme*/state)
    [ ${#paths[@]} -gt 0 ] && read -r state <"${paths[0]}" && [ "$state" = live ]
}

try_sound() {
    local cards=("$devices/$1"/sound/card*)
    [ ${#cards[@]} -gt 0 ] || [ ! -e /sys/module/snd_ens1370 ]
}

try_registers() {
    "$DMA_TEST" --identify "$1"
}
