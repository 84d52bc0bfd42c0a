# SPDX-License-Identifier: GPL-2.0-or-later
# What `make demo` shows.
[ -n "$IOWARD" ] || exit 0
bash "$guest/demo.sh" >"$records/transcript" 2>&1
