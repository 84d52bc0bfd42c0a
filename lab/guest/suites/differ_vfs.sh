# SPDX-License-Identifier: GPL-2.0-or-later
# Random calls where virtual functions come and go.
place=differ-vfs
native=nvme
. "$guest/suites/differ.sh"
