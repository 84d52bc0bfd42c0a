#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The story that `make demo` tells, on this machine: every line of demo.sim is printed and done.
#
# Lines with "#" are the narrator's. What is no call of ioward is a command of the simulated machine; the functions
# tell_... do the same here with the usual tools, and show these.
#
#   IOWARD=FILE DMA_TEST=FILE demo.sh
guest=${BASH_SOURCE[0]%/*}
device=0000:01:00.0

show() { # COMMAND ARGUMENT...
    local code
    echo "\$ $*"
    # Through a pipe nothing is cut to the width of a terminal.
    "$@" 2>&1 | cat
    code=${PIPESTATUS[0]}
    [ "$code" -eq 0 ] || echo "(exit status $code)"
}

ioward() {
    "$IOWARD" "$@"
}

ip() {
    busybox ip "$@"
}

tell_up() { # INTERFACE ADDRESS
    echo 1 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6" # its addresses and routes would come when they come
    show ip link set "$1" up
    show ip address add "$2" dev "$1"
}

tell_down() { # INTERFACE
    show ip link set "$1" down
}

tell_mount() { # DISK FOLDER
    show mount "/dev/$1" "$2"
}

tell_umount() { # FOLDER
    show umount "$1"
}

# DEVICE PROGRAM USER: the first one stays in the background.
tell_open() {
    if [ -n "$holder" ]; then
        echo "alice\$ dma-test $device"
        as_alice "$device" 2>&1
        return
    fi
    echo "alice\$ dma-test --hold $device &"
    coproc as_alice --hold "$device" 2>&1
    holder=$COPROC_PID
    while IFS= read -r -t 60 line <&"${COPROC[0]}"; do
        echo "$line"
        [ "$line" = holding ] && break
    done
}

as_alice() ( # ARGUMENT... of dma-test
    exec setpriv --reuid=1000 --regid=1000 --clear-groups "$DMA_TEST" "$@"
)

tell_dma() {
    : # dma-test does it as soon as it has the device
}

tell_close() {
    echo "alice\$ kill %1"
    kill "$holder"
    wait "$holder" 2>/dev/null
}

tell_ping() { # INTERFACE
    until_so has_carrier "$1"
    echo "\$ ping -c 1 10.0.1.2 | grep received"
    busybox ping -c 1 10.0.1.2 | grep received
}

tell_read() { # DISK
    show mount "/dev/$1" /data
    show cat /data/letter
}

tell() { # WORD...
    case $1 in
    ioward) show "$@" ;;
    *) "tell_$1" "${@:2}" ;;
    esac
}

# So that alice has this name and number whoever lives on the host, and her disk has a letter on it.
prepare() {
    local module
    dmesg -n 1
    printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'alice:x:1000:1000::/:/bin/sh' >/etc/passwd
    for module in e1000e nvme ext4; do
        modprobe "$module"
    done
    # Its addresses would come at their own time.
    echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
    mkdir -p /data
    until_so has_disk 0000:01:00.2
    busybox mke2fs "$disk" >/dev/null
    mount "$disk" /data
    echo "Dear Linux, I am still here." >/data/letter
    umount /data
}

shopt -s nullglob
. "$guest/machine.sh"
. "$guest/claims.sh"
prepare
while IFS= read -r line <&3; do
    case $line in
    '#'* | '') printf '%s\n' "$line" ;;
    *)
        read -ra words <<<"$line"
        tell "${words[@]}"
        ;;
    esac
done 3<"$guest/../demo.sim"
