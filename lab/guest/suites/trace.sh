# SPDX-License-Identifier: GPL-2.0-or-later
# What ioward tells of the kernel's decisions while calls are made that ownership refuses, and of which it tells when
# it is asked for some only. The calls are the differential test's.
[ -n "$IOWARD" ] || exit 0

# NAME ARGUMENT...: ioward traces, from when this returns.
begin_trace() {
    local name=$1
    shift
    env --default-signal=INT "$IOWARD" trace "$@" >"$records/$name" 2>"$records/$name.err" &
    tracer[$name]=$!
    until grep -q 'ioward: watching' "$records/$name.err" || ! kill -0 "${tracer[$name]}"; do
        sleep 0.1
    done
}

# NAME [SIGNAL]: its end, by itself or by a signal.
end_trace() {
    [ -z "$2" ] || kill "-$2" "${tracer[$1]}"
    wait "${tracer[$1]}"
    echo $? >"$records/$1.exit"
}

# How many of its programs the kernel has.
count_programs() {
    grep -c 'bpf_prog_[0-9a-f]*_\(enter_\|leave_\|on_add_device\|on_remove_devi\)' /proc/kallsyms
}

declare -A tracer
asked=$guest/../differ/refused/differ
if [ -e /dev/iommu ]; then
    cat "$asked" "$asked-iommufd"
else
    cat "$asked"
fi >"$records/asked"
begin_trace replay --json
count_programs >"$records/programs"
(
    LAB_ASKED=$records/asked
    export DIFFER_TIMES=$records/times
    . "$guest/suites/differ.sh"
)
end_trace replay INT

# A type that there is none of: the kernel refuses it, and nothing changes.
read -r first second _ <<<"$(tested_endpoints | tr '\n' ' ')"
type_of() {
    echo "$devices/$1/iommu_group/type"
}
number_of() {
    local path
    path=$(readlink "$devices/$1/iommu_group")
    echo "${path##*/}"
}
for second in $(tested_endpoints); do
    [ "$(number_of "$second")" = "$(number_of "$first")" ] || break
done
echo "$(number_of "$first") $(number_of "$second") $BASHPID" >"$records/numbers"
begin_trace group --json --group "$(number_of "$first")"
begin_trace device --json --device "$second"
begin_trace pid --json --pid "$BASHPID"
begin_trace count --json --count 2
begin_trace text
for address in "$first" "$first" "$second"; do
    echo odd >"$(type_of "$address")"
done 2>/dev/null
bash -c 'echo odd >"$1"' - "$(type_of "$second")" 2>/dev/null
end_trace count
for name in group device pid; do
    end_trace $name INT
done
end_trace text TERM
begin_trace for --for 0.1
end_trace for

# More than there is room for while nobody takes it.
begin_trace flood --json
kill -STOP "${tracer[flood]}"
for ((i = 0; i < 7000; i++)); do
    echo odd
done 2>/dev/null >"$(type_of "$first")"
kill -CONT "${tracer[flood]}"
end_trace flood INT

# They go when the kernel comes to it.
for ((i = 0; i < 50 && $(count_programs); i++)); do
    sleep 0.1
done
count_programs >"$records/programs-after"
ls /sys/fs/bpf >"$records/pins"
setpriv --reuid=$user --regid=$user --clear-groups "$IOWARD" trace --json >"$records/refused" 2>"$records/refused.err"
echo $? >"$records/refused.exit"
