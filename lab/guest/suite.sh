#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs suites one after the other in this guest:
#
#   IOWARD=FILE IOWARD_CAPTURE=FILE DMA_TEST=FILE suite.sh SUITE...
#
# A suite judges nothing. It does things to the machine and leaves records of what it saw in
# /out/SUITE; lab/suites/SUITE.py compares them on the host, where a process costs nothing.
guest=${BASH_SOURCE[0]%/*}
. "$guest/machine.sh"
. "$guest/vfio.sh"

longest=${LAB_LONGEST:-250} # seconds of the guest; a suite that takes longer hangs

# PROCESS: its exit code. If it hangs, where every process waits is recorded, and it is ended.
await() {
    local timer first code
    sleep "$longest" &
    timer=$!
    wait -n -p first "$1" "$timer"
    code=$?
    if [ "$first" = "$timer" ]; then
        where_all_wait >"$records/hangs"
        kill -KILL "$1"
        wait "$1"
        return
    fi
    kill "$timer"
    wait "$timer"
    return $code
} 2>/dev/null

where_all_wait() {
    local process
    for process in /proc/[0-9]*; do
        [ -s "$process/cmdline" ] || continue
        echo "${process#/proc/} $(tr '\0' ' ' <"$process/cmdline")"
        cat "$process/stack"
    done
}

dmesg -n 1
shopt -s nullglob
for suite; do
    records=/out/$suite
    mkdir -p "$records"
    started=$EPOCHREALTIME
    (
        trap '' PIPE # of a holder that ended early; what it said is in the records
        . "$guest/suites/$suite.sh"
    ) >"$records/log" 2>&1 &
    await $!
    echo $? >"$records/exit"
    ended=$EPOCHREALTIME
    echo $((${ended/./} - ${started/./})) >"$records/microseconds"
    echo "$suite: $(<"$records/exit")"
done
