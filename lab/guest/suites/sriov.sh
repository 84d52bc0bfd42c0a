# SPDX-License-Identifier: GPL-2.0-or-later
# Virtual functions appear and disappear.
modprobe nvme
for path in "$devices"/*/sriov_numvfs; do
    physical=${path%/*}
    echo 0 >"$physical/sriov_drivers_autoprobe"
    echo 2 >"$physical/sriov_numvfs"
    snapshot enabled
    echo 0 >"$physical/sriov_numvfs"
    snapshot disabled
done
