# SPDX-License-Identifier: GPL-2.0-or-later
# The machine as the shell script records it.
[ -n "$IOWARD" ] || exit 0
. "$guest/answers.sh"
"$IOWARD_CAPTURE" "$records/capture.tar.zst"
answer_everything
replay "$records/capture.tar.zst"
