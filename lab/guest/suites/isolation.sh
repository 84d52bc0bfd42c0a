# SPDX-License-Identifier: GPL-2.0-or-later
# What the hardware isolates, as it booted, with the ACS of each port off in turn, and put back; then a device of
# a switch is claimed while the kernel has the one beside it.
[ -n "$IOWARD" ] || exit 0
. "$guest/claims.sh"

sets() { # STEP
    verb "$1" route --sets --grade surely --json
}

sets boot
for port in $(tested_bridges); do
    control=$(setpci -s "$port" ECAP_ACS+6.w 2>/dev/null) || continue
    echo "$port" >>"$records/ports"
    setpci -s "$port" ECAP_ACS+6.w=0
    sets "cleared-$port"
    setpci -s "$port" ECAP_ACS+6.w="$control"
    sets "restored-$port"
done

if [ "$(driver_of 0000:03:00.0)" = "" ] && [ -e "$devices/0000:04:00.0" ]; then
    modprobe e1000e
    ownership claim.before
    verb claim claim 03:00.0 --user $user
    ownership claim.after
    rmmod e1000e
    verb free claim --dry-run 03:00.0 --user $user
fi
