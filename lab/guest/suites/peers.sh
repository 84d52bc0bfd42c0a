# SPDX-License-Identifier: GPL-2.0-or-later
# One device does DMA into another's registers. What becomes of it is asked of ioward just before.
peer_dma=${DMA_TEST%/*}/peer-dma
redirected=0000:01:00.0                 # below a port with ACS
in_switch=(0000:04:00.0 0000:05:00.0)   # below the ports of one switch
past_iommu=(0000:81:00.0 0000:82:00.0)  # each below a port of its own

modprobe vfio-pci

# FUNCTION...: memory decoding and bus mastering on.
switch_on() {
    local function
    for function; do
        setpci -s "$function" COMMAND=6
    done
}

# NAME FROM TO COMMAND...: the route as ioward tells it; the command that has FROM do DMA; what the kernel says of that.
attempt() {
    local name=$1 from=$2 to=$3 before
    shift 3
    "$IOWARD" route "$from" "$to" --json >"$records/$name.route" 2>"$records/$name.err"
    before=$(dmesg | wc -l)
    "$peer_dma" "$@" >"$records/$name.said" 2>&1
    echo $? >"$records/$name.exit"
    dmesg | tail -n +$((before + 1)) >"$records/$name.kernel"
}

registers_of() {
    local first _
    read -r first _ <"$devices/$1/resource"
    echo "$first"
}

# NAME FROM TO [FUNCTION REGISTER=VALUE]: at the address on the bus; with this register set meanwhile.
by_address() {
    local name=$1 from=$2 to=$3 function=$4 setting=$5 registers old
    registers=$(registers_of "$to")
    "$peer_dma" prepare "$to"
    if [ -n "$function" ]; then
        old=$(setpci -s "$function" "${setting%=*}")
        setpci -s "$function" "$setting"
    fi
    attempt "$name" "$from" "$to" address "$from" "$registers"
    if [ -n "$function" ]; then
        setpci -s "$function" "${setting%=*}=$old"
    fi
    "$peer_dma" look "$to" >"$records/$name.came"
}

by_mapping() { # NAME FROM TO
    "$peer_dma" prepare "$3"
    hand_over "$2"
    switch_on "$2"
    attempt "$1" "$2" "$3" mapped "$2" "$3"
    take_back "$2"
    switch_on "$2"
    "$peer_dma" look "$3" >"$records/$1.came"
}

for address in $(tested_bridges) $(tested_endpoints); do
    switch_on "$address"
done
if [ -n "$IOWARD" ]; then
    # The kernel reports so many faults in five seconds and no more: those that cause some are far from each other.
    by_address unmapped $redirected "${in_switch[0]}"
    by_mapping mapped $redirected "${in_switch[0]}"
    by_address past-iommu "${past_iommu[@]}"
    by_address past-iommu-to-covered "${past_iommu[0]}" $redirected
    by_address acs-off $redirected "${in_switch[0]}" 00:02.0 ECAP_ACS+6.w=0
    by_address no-master "${past_iommu[@]}" "${past_iommu[0]}" COMMAND=2
    by_address no-decoding "${past_iommu[@]}" "${past_iommu[1]}" COMMAND=4
    by_address closed-window "${past_iommu[@]}" 80:01.0 MEMORY_BASE.L=0000fff0
    by_address bridge-decoding "${past_iommu[@]}" 80:01.0 COMMAND=4
    by_address within-switch "${in_switch[@]}"
    by_address bridge-master "${past_iommu[@]}" 80:00.0 COMMAND=2
    by_address past-iommu-again "${past_iommu[@]}"
fi
