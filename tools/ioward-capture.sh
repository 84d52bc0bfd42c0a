#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Records what "ioward capture" would, without ioward. What is left out: src/facts/redact.h. IOWARD_ROOT: another root, for tests.
usage() { echo "usage: ${0##*/} [--force] [--keep-private] OUT.tar[.zst|.gz]    Run it as root. Then: ioward --from OUT ...
--force replaces OUT if it exists; --keep-private keeps serial numbers, MAC addresses, UUIDs and the name of the host."; }
die() { printf '%s\n' "${0##*/}: $*" >&2; exit 1; }; bad='could not redact; nothing is written'
export LC_ALL=C c=sys/class; force=false redacted=true private=texts mode='=rw' complete=true denied= failed= new=
while case ${1-} in --force) force=true ;; --keep-private) redacted=false private=cat mode=600 ;; *) false ;; esac; do shift; done
case "$# ${1-}" in "1 --help" | "1 -h") usage; exit ;; "1 "*.tar.zst) pack='zstd -q' ;; "1 "*.tar.gz) pack=gzip ;;
    "1 "*.tar) pack=cat ;; *) usage >&2; exit 2 ;; esac; case $1 in /*) out=$1 ;; *) out=$PWD/$1 ;; esac
[ ! -L "$out" ] && { [ ! -e "$out" ] || { $force && [ -f "$out" ]; }; } || die "$out exists; --force replaces only regular files"
for x in mktemp rm mkdir cp mv ln chmod cat ls readlink grep sed awk tr sort od dd tar ${pack% *}; do
    command -v "$x" >/dev/null || die "needs $x, which this machine does not have"; done
t=$(mktemp -d 2>&1) || die "no temporary folder: ${t##*: }"; trap 'rm -rf "$t" "$new"' EXIT; trap 'exit 1' HUP INT TERM
x=$(mktemp "${out%/*}/.${out##*/}.XXXXXX" 2>&1) || die "$out: ${x##*: }"; new=$x m=$t/m pci=sys/bus/pci/devices
mkdir "$m" "$m/probe" && cd "${IOWARD_ROOT:-/}" && base=$(pwd -P) || exit 1; base=${base%/} groups=sys/kernel/iommu_groups
room() { [ -d "$m/$1" ] || mkdir -p "$m/$1"; }; real() { p=$(cd "$1" 2>/dev/null && pwd -P) && p=${p#"$base/"}; } # p: no links
line() { { b=- && IFS= read -r a && ! IFS= read -r b && [ -z "$b" ] && printf '%s\n' "$a" >"$m/$1"; } <"$1"; } 2>/dev/null
file() { for f; do [ -f "$f" ] || continue; room "${f%/*}"; { [ "${f##*/}" != config ] && line "$f"; } || # one line: no process
    cat "$f" 2>/dev/null >"$m/$f" || { : >"$m/$f"; [ -r "$f" ] && failed="$failed,\"$f\"" || denied="$denied,\"$f\""; }; done; }
link() { for l; do shift; [ ! -L "$l" ] || set -- "$@" "$l"; done # keeps those paths in one folder that are links
    [ $# -eq 0 ] || { room "${1%/*}"; cp -P "$@" "$m/${1%/*}/" 2>/dev/null; }; }
asleep() { a=$p/ low=D3cold; while a=${a%/*}; [ "$a" != "${a#*/*/}" ]; do # would reading p/config wake p, or a bridge above?
    { read -r s <"$a/power_state" || read -r s <"$a/power/runtime_status" || s=; } 2>/dev/null
    case $s in $low | suspended) return 0 ;; esac; low='D[123]*'; done; return 1; }
locked() { # an unbind may wait for its user; whoever reads the locked attributes then waits with it, unkillable
    [ ! -L "$p/driver" ] || return 1; [ ! -e "$p/vfio-dev" ] || return 0; g=$(readlink "$p/iommu_group") || return 1
    [ -e "$c/vfio/${g##*/}" ] || [ -e "$c/vfio/noiommu-${g##*/}" ] || { [ -e $c/vfio-dev ] && [ ! -e $c/vfio ]; }; }
h=proc/sys/kernel/hostname; if [ -r $h ]; then
    h=$(sed -E 's/[.].*//; s/[^[:alnum:]_-]/./g; s/-/--?/g; s/^(localhost|.none.)$//' $h) || die "$bad"; else h=; fi
# marks private words with \n<...\n>, not in options that decide about groups, and crosses them out; twice: words may touch
X='[[:xdigit:]]' W='[[:alnum:]_]' B='(^|[^[:alnum:]_])' E='([^[:alnum:]_]|$)'; words="/^((intel_|amd_)?iommu|pci|vfio)/bz
    :u; s/([Uu][Uu][Ii][Dd]=.*)$X/\\1X/; tu
    s/$B($X{8}(-$X{4}){3}-$X{12}|$X{2}(:$X{2}){5,}|$X{2}(-$X{2}){5,})$E/\\1\\n<\\2\\n>\\6/g
    s/$B([[:alpha:]]{2,4}x)($X{12})/\\1\\2\\n<\\3\\n>/g; :x; s/\\n<([:-]?)$X/\\1X\\n</; tx; s/\\n<\\n>//g
    s/$B(${h:-\$.}([.]$W($W|-)*)*)$E/\\1\\n<\\2\\n>\\5/gI; :h; s/\\n<([.]?)($W|-)/\\1X\\n</; th; s/\\n<\\n>//g; :z"
texts() { tr ' ' '\n' >"$t/1" && sed -E "$words" "$t/1" >"$t/2" && sed -E "$words; H; \$!d; x; s/\\n/ /g; s/^ //" "$t/2"; }
for d in $pci $groups $groups/*/devices sys/devices/virtual/nvme-subsystem/* $c/net $c/block $c/nvme $c/drm $c/accel \
    $c/infiniband $c/scsi_host $c/sound $c/iommu $c/vfio $c/vfio-dev; do [ ! -d "$d" ] || { room "$d"; link "$d"/*; }; done
for d in $pci/*; do real "$d" || continue; [ ! -d "$p/vfio-dev" ] || room "$p/vfio-dev"
    link "$p/driver" "$p/iommu_group" "$p/physfn" "$p"/virtfn*; locked || file "$p/driver_override" "$p/sriov_numvfs"
    for x in power_state power/runtime_status vendor device class revision subsystem_vendor subsystem_device reset_method \
        numa_node enable sriov_totalvfs resource removable; do file "$p/$x"; done; asleep || file "$p/config"
    [ ! -d "$p/p2pmem" ] || room "$p/p2pmem"; for x in "$p"/msi_irqs/*; do [ -f "$x" ] || break # the first tells for all
        room "$p/msi_irqs"; : >"$m/$x"; file "sys/kernel/irq/${x##*/}/chip_name"; break; done; done
[ ! -d sys/bus/pci/slots ] || room sys/bus/pci/slots; for d in sys/bus/pci/slots/*; do file "$d/address"
    [ ! -f "$d/power" ] || : >"$m/$d/power"; done; for d in $c/mem/mem $c/mem/port; do [ ! -e $d ] || room $d; done
for x in ib_uverbs ntb_netdev ntb_perf ntb_transport nv_peer_mem nvidia_fs nvidia_peermem nvmet vhost_vdpa; do
    [ ! -d sys/module/$x ] || room sys/module/$x; done
for d in $groups/*/devices/*; do [ -e "$pci/${d##*/}" ] || { real "$d" && room "$p" && link "$p/subsystem" "$p/driver"; }; done
for x in DMAR IVRS; do x=sys/firmware/acpi/tables/$x; [ ! -e $x ] || { room "${x%/*}"; : >"$m/$x"; }; done
file $groups/*/type $groups/*/name $groups/*/reserved_regions proc/cmdline proc/sys/kernel/osrelease \
    sys/kernel/security/lockdown sys/module/vfio*/parameters/* sys/module/iommufd/parameters/*
if [ -n "$(ls $c/vfio 2>/dev/null || ls -d $c/vfio-dev 2>/dev/null)" ]; then # who holds what: src/host/linux/read-holders.c
    { ls -ln proc/self/fd proc/[0-9]*/fd; grep -l 'anon_inode:.vfio-device' proc/[0-9]*/maps; } 2>"$t/e" | sed -nE '
        s|^proc/([0-9]+)/fd:$|\1|p; s|^proc/([0-9]+)/maps$|\1 "device-map"|p; s|.* -> /dev/iommu$| "iommufd"|p
        s|.* -> /dev/vfio/(noiommu-)?([0-9]+)$| "group","number":\2|p; s|.* -> anon_inode:.vfio-device.*| "device"|p
        s|.* -> /dev/vfio/devices/(noiommu-)?vfio([0-9]+)$| "cdev","number":\2|p; s|.* -> /dev/vfio/vfio$| "container"|p' | awk '
        /^[0-9]/ { pid = $1 } sub(/^[0-9]* /, ",{\"file\":") && !seen[pid, $0]++ { held[pid] = held[pid] $0 "}" }
        END { for (pid in held) print pid, substr(held[pid], 2) }' | sort -n | while read -r pid held; do
        uid=$(sed -n 's/^Uid:[[:space:]]*\([0-9]*\).*/\1/p' "proc/$pid/status") && [ -n "$uid" ] || continue
        name=$(tr -d '\000-\037' <"proc/$pid/comm" | sed 's/[\\"]/\\&/g' | $private) || exit
        printf ',{"pid":%s,"uid":%s,"command":"%s","held":[%s]}' "$pid" "$uid" "$name" "$held"; done >"$t/holders" || die "$bad"
    [ "$(readlink proc/self/ns/pid)" = 'pid:[4026531836]' ] && [ -e proc/1 ] && ! grep -qv 'No such' "$t/e" || complete=false; fi
redact() { # serial numbers and vital product data; private words; interfaces named after their MAC address
    for f in $pci/*/config; do [ ! -s "$f" ] || { od -An -v -tu1 "$f" && echo "of $f"; } || return; done >../bytes && awk '
        function zero(at, most) { if (at < n && b[at - 4] == 3 && !done[$2, at]++) print at, (n - at < most ? n - at : most), $2 }
        $1 != "of" { for (i = 1; i <= NF; i++) b[n++] = $i; next } !n { exit 1 }
        n >= 64 { at = int(b[6] / 16) % 2 ? b[b[14] % 128 == 2 ? 20 : 52] : 0
            for (i = 0; at > 63 && at + 2 <= n && i++ < 64; at = b[at + 1]) { at -= at % 4; if (at < 252) zero(at + 4, 4) }
            for (at = 256; at > 255 && at + 4 <= n && i++ < 1088; at = b[at + 3] * 16 + int(b[at + 2] / 16)) {
                at -= at % 4; if (!b[at + 1]) zero(at + 4, 8) } } { n = 0 }' ../bytes >../zeros || return
    while read -r at n f; do dd if=/dev/zero of="$f" bs=1 seek="$at" count="$n" conv=notrunc 2>/dev/null || return; done <../zeros
    [ ! -s proc/cmdline ] || { x=$(texts <proc/cmdline) && printf '%s\n' "$x" >proc/cmdline; } || return
    set -- $c/*/*; [ -L "$1" ] || return 0; ls -ld "$@" >../list && sed -nE "/ -> /{s|.* ($c.*) -> |\1 |
        s/.*[[:alpha:]]{2,4}x([[:xdigit:]]{12})\$/& \1/; p}" ../list >../links && awk '{ a[NR] = $1 " " $2 }
        NF > 2 && !seen[$3]++ { mac[n++] = $3 } END { for (k = 1; k <= NR; k++) { s = a[k]; for (i = 0; i < n; i++)
            gsub(mac[i], sprintf("XXXXXXXX%04d", i), s); if (s != a[k]) print s, a[k] } }' ../links >../new || return
    while read -r l a f x; do rm "$f" && ln -s "$a" "$l" || return; done <../new; }
cd "$m" || exit 1; ! $redacted || redact || die "$bad"; x=; [ ! -e ../holders ] || IFS= read -r x <../holders
printf '{"schema":"ioward.probe.holders/1","complete":%s,"holders":[%s]}\n' $complete "${x#,}" >probe/holders.json &&
    printf '{"schema":"ioward.capture/1","tool":"%s","redacted":%s,"holders_complete":%s,"denied":[%s],"failed":[%s]}\n' \
    ioward-capture.sh $redacted $complete "${denied#,}" "${failed#,}" >capture.json || exit 1
x=$(tar -cf "$t/tar" * 2>&1 && { $pack <"$t/tar" >"$new" && { chmod $mode "$new" || $redacted; }; } 2>&1) || die "$out:" $x
trap '' HUP INT TERM; { $force || (set -C; : >"$out"); } 2>/dev/null && mv -f "$new" "$out" || die "$out: cannot take that name"
[ -z "$denied" ] && [ -O / ] && x= || x='; not everything could be read: run it as root'; printf '%s\n' "wrote $1$x" >&2
