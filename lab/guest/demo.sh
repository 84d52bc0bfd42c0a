# SPDX-License-Identifier: GPL-2.0-or-later
# The story that `make demo` tells, inside the guest. Lines with "#" are the narrator's, lines with "$" what is run;
# everything else is what it printed.
guest=$LAB_GUEST
. "$guest/machine.sh"
. "$guest/vfio.sh"
records=/run
shopt -s nullglob
dmesg -n 1

say() {
    printf '\n# %s\n' "$@"
}

show() {
    printf '\n$ %s\n' "$*"
    "$@"
}

# Through a pipe nothing is cut to the width of a terminal.
ioward() {
    "$IOWARD" "$@" | cat
}

modprobe e1000e
modprobe vfio-pci

say "A machine with an IOMMU, Linux $(uname -r). Who may do DMA here?"
show ioward
say "Two functions of one network card share a group. Why?"
show ioward why 01:00.0 01:00.1
say "Those two and the card at 02:00.0 do not. Why?"
show ioward why 01:00.0 02:00.0
say "05:00.0 and 06:00.0 are behind one switch whose ports do not isolate, yet Linux separates them:"
show ioward why 05:00.0 06:00.0

address=0000:07:00.0
group=$(group_of "$address")
say "Now a user takes the device at $address: vfio-pci is bound to it, its group's file is given to uid $user."
hand_over "$address"
show ls -ln "/dev/vfio/$group"
say "A program of that user maps memory and has the device copy data through the IOMMU and back."
printf '\n$ dma-test --hold %s\n' "$address"
hold demo --hold "$address"
cat "$records/demo.output"
say "While it runs:"
show ioward show "g$group"
say "It ends, and the device goes back:"
let_go demo
take_back "$address"
show ioward show "g$group"
