# SPDX-License-Identifier: GPL-2.0-or-later
# What the hardware isolates, as it booted, with the ACS of each port off in turn, and put back; then a device of
# a switch is claimed while the kernel has the one beside it, and once more when that is accepted.
[ -n "$IOWARD" ] || exit 0
. "$guest/claims.sh"

sets() { # STEP
    verb "$1" route --sets --grade surely --json
}

accept() { # ADDRESS ADDRESS
    mkdir -p /etc/ioward/accept.d
    {
        echo "[accept]"
        echo "rule = IOW-REM-USER-REACHES"
        for address in "$@"; do
            echo "device = $address $(cut -c 3-6 "$devices/$address/vendor"):$(cut -c 3-6 "$devices/$address/device")"
        done
        echo "reason = the lab has both"
        echo "until = 2999-12-31"
    } >/etc/ioward/accept.d/lab.conf
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
    accept 0000:03:00.0 0000:04:00.0
    verb accepted claim 03:00.0 --user $user
    verb returned release 03:00.0
    ownership returned
    rm /etc/ioward/accept.d/lab.conf
    rmmod e1000e
    verb free claim --dry-run 03:00.0 --user $user
fi
