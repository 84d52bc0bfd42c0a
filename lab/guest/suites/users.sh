# SPDX-License-Identifier: GPL-2.0-or-later
# Real users of VFIO: what DPDK's testpmd and QEMU ask of the kernel, scene by scene, as strace saw it.
scenes=(qemu testpmd two_users refused remove hotplug killed passed)
calls=openat,close,close_range,dup,dup2,dup3,fcntl,ioctl,mmap,munmap,mremap,write,sendmsg,recvmsg
calls+=,clone,clone3,fork,vfork,execve
for program in strace dpdk-testpmd qemu-system-x86_64; do
    type -P "$program" || echo "$program" >>"$records/missing"
done
modprobe vfio-pci disable_idle_d3=1
for module in uio_pci_generic e1000e; do
    modprobe "$module"
done

# DPDK loads every driver that is installed, more than a hundred: here only those that it is linked with, and
# the NIC's, from a folder that not everybody can write to.
leave_few_drivers() {
    local folder=(/usr/lib/*/dpdk/pmds-*) name path
    mkdir /var/all /var/few
    mount --bind "${folder[0]}" /var/all
    while read -r name _ path _; do
        if [[ $path == "${folder[0]}"/* ]]; then
            ln -s "/var/all/$name" /var/few
        fi
    done < <(ldd "$(type -P dpdk-testpmd)")
    ln -sf /var/all/librte_net_e1000.so.* /var/all/librte_mempool_ring.so.* /var/few
    mount --bind /var/few "${folder[0]}"
}

# As the first scene finds the machine, so does every other.
put_back() {
    local address
    for address in $(tested_endpoints); do
        if [ -e "$devices/$address/driver" ]; then
            echo "$address" >"$devices/$address/driver/unbind"
        fi
        echo >"$devices/$address/driver_override"
    done
}

put_back
"${DMA_TEST%/*}/differ-agent" "$records/machine" /dev/null $(tested_functions)
if [ -e "$records/missing" ]; then
    scenes=()
else
    leave_few_drivers
fi
echo "${scenes[*]}" >"$records/scenes"
for scene in "${scenes[@]}"; do
    started=$EPOCHREALTIME
    TELL=${DMA_TEST%/*}/tell.so strace -f --seccomp-bpf -y -X raw -s 80 -e "trace=$calls" \
        -o "$records/$scene.trace" "$guest/users-scene" "$records" "$scene"
    ended=$EPOCHREALTIME
    echo "$scene $? $((${ended/./} - ${started/./}))"
    put_back
done
