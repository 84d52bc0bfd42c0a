# SPDX-License-Identifier: GPL-2.0-or-later
# Whole groups of every shape go to a user and come back.
[ -n "$IOWARD" ] || exit 0
. "$guest/claims.sh"
native_drivers

there_and_back() { # TEST DEVICE [EDU]
    local test=$1 device=$2 edu=$3
    begin "$test"
    verb "$test.dry" claim "$device" --with-group --user $user --dry-run
    ownership "$test.dry"
    verb "$test.claim" claim "$device" --with-group --user $user
    snapshot "$test.held"
    ownership "$test.held"
    if [ -n "$edu" ]; then
        hold "$test.dma" --hold "0000:$edu"
        let_go "$test.dma"
    fi
    verb "$test.release" release "$device"
    finish "$test"
}

there_and_back alone 02:00.0
there_and_back functions 01:00.1 01:00.0
there_and_back bridge 04:01.0 04:01.0
there_and_back port 05:00.0

begin companions
verb companions.claim claim 04:02.0 --user $user
finish companions

verb history history
