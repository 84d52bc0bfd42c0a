# SPDX-License-Identifier: GPL-2.0-or-later
# The user does not let go: release comes back in time, says who it is, and goes on later.
[ -n "$IOWARD" ] || exit 0
. "$guest/claims.sh"
native_drivers

release_under() { # TEST ARGUMENT...: of dma-test
    local test=$1
    shift
    begin "$test"
    verb "$test.claim" claim 01:00.0 --with-group --user $user
    hold "$test.user" "$@" 0000:01:00.0
    verb "$test.release" release 01:00.0 --timeout 3
    snapshot "$test.waiting"
    verb "$test.list" release --json
    verb "$test.again" claim 01:00.0 --with-group --user $user --timeout 2
    verb "$test.early" release --resume --timeout 2
    let_go "$test.user"
    verb "$test.resume" release --resume
    finish "$test"
}

release_under held --hold
release_under device-only --hold --close-files
