# SPDX-License-Identifier: GPL-2.0-or-later
# Two ioward at once.
[ -n "$IOWARD" ] || exit 0
. "$guest/claims.sh"
native_drivers

both() { # STEP ARGUMENT... -- STEP ARGUMENT...
    local first=() step other
    while [ "$1" != -- ]; do
        first+=("$1")
        shift
    done
    step=${first[0]}
    verb_beside "${first[@]}"
    other=$job
    verb_beside "${@:2}"
    ended "$step" "$other"
    ended "$2" "$job"
}

begin different
both different.one claim 02:00.0 --user $user -- different.two claim 01:00.0 --with-group --user $user
ownership different.held
verb different.release release 02:00.0 01:00.0
finish different

begin same
both same.one claim 01:00.0 --with-group --user $user -- same.two claim 01:00.1 --with-group --user $user
ownership same.held
verb same.release release 01:00.0
finish same

begin mixed
verb mixed.claim claim 02:00.0 --user $user
both mixed.one claim 05:00.0 --with-group --user $user -- mixed.two release 02:00.0
ownership mixed.held
verb mixed.release release 05:00.0
finish mixed
