# SPDX-License-Identifier: GPL-2.0-or-later
# Random calls where slots are emptied and filled from outside.
place=differ-plugs
"$guest/../differ/plugs.py" "$guest/../topologies/$place.json" >/run/differ-plugs
. "$guest/suites/differ.sh"
