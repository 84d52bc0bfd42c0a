# SPDX-License-Identifier: GPL-2.0-or-later
# Functions go and come back, so the kernel groups them again: in another order than at boot, and
# by what the registers say now.
for address in $(tested_endpoints); do
    remove "$address"
    rescan
    snapshot "again-$address"
done

for port in $(tested_bridges); do
    control=$(setpci -s "$port" ECAP_ACS+6.w 2>/dev/null) || continue
    below=("$devices/$port"/????:??:??.?)
    [ ${#below[@]} -gt 0 ] || continue

    setpci -s "$port" ECAP_ACS+6.w=0
    snapshot "cleared-$port"
    for path in "${below[@]}"; do
        remove "${path##*/}"
    done
    rescan
    snapshot "cleared-again-$port"

    setpci -s "$port" ECAP_ACS+6.w="$control"
    snapshot "restored-$port"
    for path in "${below[@]}"; do
        remove "${path##*/}"
    done
    rescan
    snapshot "restored-again-$port"
done
