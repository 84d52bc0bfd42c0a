# SPDX-License-Identifier: GPL-2.0-or-later
# What ioward answers live, with the questions, so that the host can ask a recording the same.
answer() { # NAME ARGUMENT...
    local name=$1
    shift
    echo "$name $*" >>"$records/questions"
    "$IOWARD" "$@" >"$records/$name.live" 2>"$records/$name.err"
    echo $? >"$records/$name.exit"
}

answer_both_ways() { # NAME ARGUMENT...
    local name=$1
    shift
    answer "$name.text" "$@"
    answer "$name.json" "$@" --json
}

answer_everything() {
    local all tested first address
    mapfile -t all < <(list_functions)
    all=("${all[@]%% *}")
    answer_both_ways status status
    answer audit.json audit --json
    answer_both_ways show show "${all[@]}"
    for address in "${all[@]}"; do
        answer_both_ways "why-$address" why "$address"
    done
    mapfile -t tested < <(tested_functions)
    first=${tested[0]}
    for address in "${tested[@]:1:3}"; do
        answer_both_ways "why-$first-$address" why "$first" "$address"
    done
}

# The host replays everything; here only that a guest can do it too.
replay() {
    "$IOWARD" status --from "$1" >"$records/replay.text"
}
