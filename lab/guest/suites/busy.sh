# SPDX-License-Identifier: GPL-2.0-or-later
# A companion is in use: refused, and nothing is changed.
[ -n "$IOWARD" ] || exit 0
. "$guest/claims.sh"
native_drivers

begin interface
paths=("$devices"/0000:01:00.1/net/*)
interface=${paths[0]##*/}
echo "$interface" >"$records/interface"
busybox ip link set "$interface" up
busybox ip address add 10.0.1.15/24 dev "$interface"
verb interface.claim claim 01:00.0 --with-group --user $user
ownership interface.refused
busybox ip address flush dev "$interface"
busybox ip link set "$interface" down
finish interface

begin mounted
modprobe ext4
has_disk 0000:01:00.2
echo "${disk#/dev/}" >"$records/disk"
busybox mke2fs "$disk" 16384 >"$records/mke2fs"
mkdir -p /run/data
mount -t ext4 "$disk" /run/data
echo kept >/run/data/file
verb mounted.claim claim 01:00.0 --with-group --user $user
ownership mounted.refused
cp /run/data/file "$records/file"
umount /run/data
finish mounted
