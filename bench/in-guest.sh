#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What programs in the kernel cost, for bench/run; in a guest of the lab, topology card.   in-guest.sh BUILD RUNS
#
# Prints "ROW: WITHOUT WITH", a sample each, in microseconds.
build=$1 runs=$2
ioward=$build/src/cli/ioward
pins=/sys/fs/bpf/ioward
address=0000:02:00.0
group=$(readlink /sys/bus/pci/devices/$address/iommu_group)
group=${group##*/}

# COMMAND...: how long it takes
wall() {
    local sample
    sample=$("$build/bench/stopwatch" "$@") || exit
    echo "${sample%% *}"
}

# DRIVER: for the device
give() {
    local folder=/sys/bus/pci/devices/$address
    [ ! -e $folder/driver ] || echo $address >$folder/driver/unbind
    echo "$1" >$folder/driver_override
}

# Nanoseconds of the first and the second call, with the driver or the group ready for it.
measure_bind() {
    give uio_pci_generic
    "$build/bench/kernel-calls" bind uio_pci_generic $address 100
}

measure_claim() {
    give vfio-pci
    echo $address >/sys/bus/pci/drivers/vfio-pci/bind
    "$build/bench/kernel-calls" claim "$group" 100
}

begin_trace() {
    "$ioward" trace >/dev/null 2>/run/trace.err &
    tracer=$!
    until grep -q 'ioward: watching' /run/trace.err; do
        kill -0 $tracer || exit
        sleep 0.1
    done
}

end_trace() {
    kill $tracer
    wait $tracer
}

in_microseconds() {
    awk -v row="$1" -v column="$2" -v a="$3" -v b="$4" \
        'BEGIN { split(a, without); split(b, with); printf "%s: %.1f %.1f\n", row, without[column] / 1000, with[column] / 1000 }'
}

mount -t bpf bpf /sys/fs/bpf 2>/dev/null
modprobe -a vfio-pci uio_pci_generic || exit
for ((i = 0; i <= runs; i++)); do # the first is to warm up
    rm -rf $pins
    loading=$(wall "$ioward" status --json --kernel) || exit
    pinned=$(wall "$ioward" status --json --kernel) || exit
    ((i == 0)) || echo "status --kernel, which loads the programs: $pinned $loading"
done
for ((i = 0; i <= runs; i++)); do
    mv $pins $pins-aside
    without=$(wall "$ioward" status --json) || exit
    mv $pins-aside $pins
    with=$(wall "$ioward" status --json) || exit
    ((i == 0)) || echo "status: $without $with"
done
for ((i = 0; i < runs; i++)); do
    version=$(wall "$ioward" --version) || exit
    trace=$(wall "$ioward" trace --count 0) || exit
    echo "trace that ends at once: $version $trace"
done 2>/dev/null
for ((i = 0; i < runs; i++)); do
    bind_without=$(measure_bind) || exit
    claim_without=$(measure_claim) || exit
    begin_trace
    bind_with=$(measure_bind) || exit
    claim_with=$(measure_claim) || exit
    end_trace
    in_microseconds bind 1 "$bind_without" "$bind_with"
    in_microseconds unbind 2 "$bind_without" "$bind_with"
    in_microseconds claim 1 "$claim_without" "$claim_with"
    in_microseconds release 2 "$claim_without" "$claim_with"
done
