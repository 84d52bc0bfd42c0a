# SPDX-License-Identifier: GPL-2.0-or-later
# All that the kernel has said since it booted; the last suite of a case.
dmesg --notime >"$records/dmesg"
