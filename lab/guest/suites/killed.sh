# SPDX-License-Identifier: GPL-2.0-or-later
# ioward is killed at points chosen at random, while it claims and while it releases. What it leaves is put back.
[ -n "$IOWARD" ] || exit 0
. "$guest/claims.sh"
native_drivers
device=04:01.0
members=(0000:04:01.0 0000:04:02.0 0000:04:03.0)
seed=${LAB_SEED:-$SRANDOM}
RANDOM=$((seed % 32768))
echo "$seed" >"$records/seed"

# STEP MICROSECONDS ARGUMENT...: a verb that is killed within this time.
kill_during() {
    local step=$1 limit=$2 delay job
    shift 2
    delay=$(((RANDOM << 15 | RANDOM) % limit + 1000))
    echo "$delay" >"$records/$step.delay"
    verb_beside "$step" "$@"
    pause "$((delay / 1000000)).$(printf %06d $((delay % 1000000)))"
    kill -KILL $job 2>/dev/null # it may have ended before
    ended "$step" $job
}

# TEST: what was left is put back; what was complete, by asking for it.
put_back() {
    verb "$1.resume" release --resume
    ownership "$1.resumed"
    verb "$1.list" release --json
    if [ -e "$drivers/vfio-pci/0000:$device" ]; then
        verb "$1.release" release "$device"
    fi
}

verb first.claim claim $device --with-group --user $user
claiming=$elapsed
verb first.release release $device
releasing=$elapsed
echo "$claiming $releasing" >"$records/durations"

for number in {0..4}; do
    test=claim-$number
    begin $test
    kill_during $test.killed "$claiming" claim $device --with-group --user $user
    put_back $test
    finish $test "${members[@]}"
done
for number in {0..4}; do
    test=release-$number
    begin $test
    verb $test.claim claim $device --with-group --user $user
    kill_during $test.killed "$releasing" release $device
    put_back $test
    finish $test "${members[@]}"
done
