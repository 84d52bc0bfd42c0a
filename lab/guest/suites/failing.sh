# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel refuses in the middle.
[ -n "$IOWARD" ] || exit 0
. "$guest/claims.sh"
native_drivers
modprobe vfio-pci

# vfio-pci can be bound to nothing: a store fails after others went well.
begin claiming
mount --bind /dev/full "$drivers/vfio-pci/bind"
verb claiming.claim claim 01:00.0 --with-group --user $user
umount "$drivers/vfio-pci/bind"
finish claiming

# The second probe of this sound card's driver fails, for its list of cards says that the second card is off, and it
# counts probes. The third one goes well.
modprobe snd-ens1370 enable=1,0
begin probe
verb probe.claim claim 00:06.0 --user $user
verb probe.release release 00:06.0
ownership probe.open
verb probe.list release --json
verb probe.resume release --resume
finish probe

# The native driver's module is gone when the devices are to go back.
begin module
verb module.claim claim 04:01.0 --with-group --user $user
modprobe -r e1000
verb module.release release 04:01.0
finish module
