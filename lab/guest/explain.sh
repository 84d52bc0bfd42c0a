# SPDX-License-Identifier: GPL-2.0-or-later
# What the suites of `ioward explain` share: the machine of the topology `refusals`, and hearing what programs say.
edu=0000:01:00.0     # a card of three functions in one group
first=0000:01:00.1
second=0000:01:00.2
alone=0000:02:00.0   # a NIC in a group of its own
disk=0000:03:00.0    # an NVMe controller with virtual functions
rooted=0000:00:05.0  # an edu that nothing can reset
outside=0000:81:00.0 # a NIC that no IOMMU covers
absent=0000:07:00.0
marks=0

# PROGRAM...: ends the suite if one is missing; the host says so.
need() {
    local program
    for program; do
        command -v "$program" >/dev/null || echo "$program" >>"$records/lacking"
    done
    [ ! -e "$records/lacking" ] || exit 0
}

# COMMAND...: what it says goes where explain reads. It ends by itself, or is ended.
hear() {
    echo "\$ $*"
    timeout 60 "$@" </dev/null 2>&1 | tee -a "$records/heard"
}

# OPTION...: QEMU takes devices, and ends as soon as it has them.
qemu() {
    echo "\$ qemu $*"
    echo quit | timeout 60 "${as_user[@]}" qemu-system-x86_64 -nodefaults -no-user-config -display none -accel tcg -m 16 \
        -S -monitor stdio "$@" 2>&1 | tee -a "$records/heard"
}
as_user=()
an_ordinary_user=(setpriv "--reuid=$user" "--regid=$user" --clear-groups)

# FILE TEXT: a write of the shell's own, so that what is said of a failure is what a shell says.
write() {
    { echo "$2" >"$1"; } 2>&1 | tee -a "$records/heard"
}

mark() {
    marks=$((marks + 1))
    echo "explained: $marks" >/dev/kmsg
}

# What the kernel said since the last time.
hear_kernel() {
    dmesg | sed "1,/explained: $marks\$/d" | tee -a "$records/heard"
    mark
}

# STEP: all that was heard is explained, here and now.
explain() {
    mv "$records/heard" "$records/$1.heard"
    if [ -n "$IOWARD" ]; then
        "$IOWARD" explain --json - <"$records/$1.heard" >"$records/$1.json" 2>"$records/$1.err"
    fi
}

# ADDRESS: from its driver to vfio-pci; whether that works is the point.
to_vfio() {
    echo vfio-pci >"$devices/$1/driver_override"
    [ ! -e "$devices/$1/driver" ] || echo "$1" >"$devices/$1/driver/unbind"
    write "$drivers/vfio-pci/bind" "$1"
}
