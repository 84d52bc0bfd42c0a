# SPDX-License-Identifier: GPL-2.0-or-later
# Random calls where functions have no group.
place=differ-bypass
. "$guest/suites/differ.sh"
