# SPDX-License-Identifier: GPL-2.0-or-later
# Native drivers come and go: the group's owner follows.
for address in $(tested_endpoints); do
    modprobe -q "$(<"$devices/$address/modalias")"
done
snapshot bound
for address in $(tested_endpoints); do
    if [ -e "$devices/$address/driver" ]; then
        echo "$address" >"$devices/$address/driver/unbind"
    fi
done
snapshot unbound
