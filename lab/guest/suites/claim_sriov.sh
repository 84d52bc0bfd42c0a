# SPDX-License-Identifier: GPL-2.0-or-later
# A physical function goes to a user only while it has no virtual ones; these can go by themselves.
[ -n "$IOWARD" ] || exit 0
. "$guest/claims.sh"
native_drivers
physical=01:00.0
virtual=01:00.1

begin physical
verb physical.claim claim $physical --user $user
ownership physical.held
verb physical.release release $physical
finish physical

echo 0 >"$devices/0000:$physical/sriov_drivers_autoprobe"
echo 2 >"$devices/0000:$physical/sriov_numvfs"

begin refused
verb refused.claim claim $physical --user $user
ownership refused.refused
finish refused 0000:$physical

begin virtual
verb virtual.claim claim $virtual --user $user
ownership virtual.held
verb virtual.release release $virtual
finish virtual 0000:$physical

echo 0 >"$devices/0000:$physical/sriov_numvfs"
echo 1 >"$devices/0000:$physical/sriov_drivers_autoprobe"
