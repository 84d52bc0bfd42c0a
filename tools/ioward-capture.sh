#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Captures a machine that has no ioward: the files "ioward capture" would read, for "ioward --from OUT". What is taken out,
# and what is not: src/facts/redact.h; --keep-private takes out nothing. IOWARD_ROOT: another root to read, for tests.
redacted=true private=texts denied= failed= complete=true; [ "${1-}" != --keep-private ] || { redacted=false private=cat; shift; }
case "$# ${1-}" in "1 "*.tar.zst) pack='zstd -q' ;; "1 "*.tar.gz) pack=gzip ;; "1 "*.tar) pack='cat' ;;
    *) echo "usage: $0 [--keep-private] OUT.tar[.zst|.gz]" >&2; exit 2 ;; esac
case $1 in /*) out=$1 ;; *) out=$PWD/$1 ;; esac
t=$(mktemp -d) && m=$t/m && mkdir "$m" "$m/probe" && : >"$t/holders" && cd "${IOWARD_ROOT:-/}" || exit 1
trap 'rm -rf "$t"' EXIT; trap 'exit 1' HUP INT TERM
export LC_ALL=C; base=$(pwd -P); base=${base%/} c=sys/class pci=sys/bus/pci/devices groups=sys/kernel/iommu_groups
room() { [ -d "$m/$1" ] || mkdir -p "$m/$1"; }
line() { { b=- && IFS= read -r a && ! IFS= read -r b && [ -z "$b" ] && printf '%s\n' "$a" >"$m/$1"; } <"$1"; } 2>/dev/null
file() { for f; do [ ! -f "$f" ] || { # keeps files, one line without a process, or that they cannot be read
    room "${f%/*}"; { [ "${f##*/}" != config ] && line "$f"; } || cat "$f" 2>/dev/null >"$m/$f" ||
        if : >"$m/$f"; [ -r "$f" ]; then failed="$failed,\"$f\""; else denied="$denied,\"$f\""; fi; }; done; }
link() { # keeps those paths in one folder that are links
    for l; do shift; [ ! -L "$l" ] || set -- "$@" "$l"; done
    [ $# -eq 0 ] || { room "${1%/*}"; cp -P "$@" "$m/${1%/*}/" 2>/dev/null; }; }
real() { p=$(cd "$1" 2>/dev/null && pwd -P) && p=${p#"$base/"}; } # sets p, the path without links
asleep() { # would reading the config space of function p wake it, or a bridge above?
    a=$p/ low=D3cold; while a=${a%/*}; [ "$a" != "${a#*/*/}" ]; do
        { read -r s <"$a/power_state" || read -r s <"$a/power/runtime_status" || s=; } 2>/dev/null
        case $s in $low | suspended) return 0 ;; esac; low='D[123]*'; done; return 1; }
locked() { # an unbind may wait for its user; whoever reads the locked attributes then waits with it, unkillable
    [ ! -L "$p/driver" ] || return 1; [ ! -e "$p/vfio-dev" ] || return 0; g=$(readlink "$p/iommu_group") || return 1
    [ -e "$c/vfio/${g##*/}" ] || [ -e "$c/vfio/noiommu-${g##*/}" ] || { [ -e $c/vfio-dev ] && [ ! -e $c/vfio ]; }; }
texts() { # marks private words with \n<...\n>, not in options that decide about groups; then crosses them out
    h=$(sed -E 's/[.].*//; s/[^[:alnum:]_-]/./g; s/-/--?/g; s/^(localhost|.none.)$//' proc/sys/kernel/hostname 2>/dev/null)
    X='[[:xdigit:]]' W='[[:alnum:]_]' B='(^|[^[:alnum:]_])' E='([^[:alnum:]_]|$)'; words="
        /^(iommu|intel_iommu|amd_iommu|pci|vfio)/b; :u; s/([Uu][Uu][Ii][Dd]=.*)$X/\\1X/; tu
        s/$B($X{8}(-$X{4}){3}-$X{12}|$X{2}(:$X{2}){5,}|$X{2}(-$X{2}){5,})$E/\\1\\n<\\2\\n>\\6/g
        s/$B([[:alpha:]]{2,4}x)($X{12})/\\1\\2\\n<\\3\\n>/g; :x; s/\\n<([:-]?)$X/\\1X\\n</; tx; s/\\n<\\n>//g
        s/$B(${h:-\$.}([.]$W($W|-)*)*)$E/\\1\\n<\\2\\n>\\5/gI; :h; s/\\n<([.]?)($W|-)/\\1X\\n</; th; s/\\n<\\n>//g"
    tr ' ' '\n' | sed -E "$words" | sed -E "$words" | tr '\n' ' ' | sed 's/ $//'; } # twice: words may touch
for d in $pci $groups $groups/*/devices sys/devices/virtual/nvme-subsystem/* $c/net $c/block $c/nvme $c/drm $c/accel \
    $c/infiniband $c/scsi_host $c/sound $c/iommu $c/vfio $c/vfio-dev; do [ ! -d "$d" ] || { room "$d"; link "$d"/*; }; done
for d in $pci/*; do
    real "$d" || continue; [ ! -d "$p/vfio-dev" ] || room "$p/vfio-dev"
    link "$p/driver" "$p/iommu_group" "$p/physfn" "$p"/virtfn*
    for x in power_state power/runtime_status vendor device class revision subsystem_vendor subsystem_device reset_method \
        numa_node enable sriov_totalvfs resource; do file "$p/$x"; done
    locked || file "$p/driver_override" "$p/sriov_numvfs"; asleep || file "$p/config"
done
for d in $groups/*/devices/*; do [ -e "$pci/${d##*/}" ] || { real "$d" && room "$p" && link "$p/subsystem" "$p/driver"; }; done
for x in DMAR IVRS; do x=sys/firmware/acpi/tables/$x; [ ! -e $x ] || { room "${x%/*}"; : >"$m/$x"; }; done
file $groups/*/type $groups/*/name $groups/*/reserved_regions proc/cmdline proc/sys/kernel/osrelease \
    sys/kernel/security/lockdown sys/module/vfio*/parameters/* sys/module/iommufd/parameters/*
if [ -n "$(ls $c/vfio 2>/dev/null || ls -d $c/vfio-dev 2>/dev/null)" ]; then # who holds what: src/host/linux/read-holders.c
    { ls -ln proc/self/fd proc/[0-9]*/fd; grep -l 'anon_inode:.vfio-device' proc/[0-9]*/maps; } 2>"$t/errors" | sed -nE '
        s|^proc/([0-9]+)/fd:$|\1|p; s|^proc/([0-9]+)/maps$|\1 "device-map"|p; s|.* -> /dev/iommu$| "iommufd"|p
        s|.* -> /dev/vfio/(noiommu-)?([0-9]+)$| "group","number":\2|p; s|.* -> anon_inode:.vfio-device.*| "device"|p
        s|.* -> /dev/vfio/devices/(noiommu-)?vfio([0-9]+)$| "cdev","number":\2|p; s|.* -> /dev/vfio/vfio$| "container"|p' | awk '
        /^[0-9]/ { pid = $1 } sub(/^[0-9]* /, ",{\"file\":") && !seen[pid, $0]++ { held[pid] = held[pid] $0 "}" }
        END { for (pid in held) print pid, substr(held[pid], 2) }' | sort -n | while read -r pid held; do
        uid=$(sed -n 's/^Uid:[[:space:]]*\([0-9]*\).*/\1/p' "proc/$pid/status") && [ -n "$uid" ] || continue
        name=$(tr -d '\000-\037' <"proc/$pid/comm" | sed 's/[\\"]/\\&/g' | $private)
        printf ',{"pid":%s,"uid":%s,"command":"%s","held":[%s]}' "$pid" "$uid" "$name" "$held"; done >"$t/holders"
    [ "$(readlink proc/self/ns/pid)" = 'pid:[4026531836]' ] && [ -e proc/1 ] && ! grep -qv 'No such' "$t/errors" || complete=false
fi
! $redacted || [ ! -f "$m/proc/cmdline" ] || texts <proc/cmdline >"$m/proc/cmdline"
cd "$m" || exit 1; if $redacted; then # serial numbers and vital product data; interfaces named after their MAC address
    for f in $pci/*/config; do od -An -v -tu1 "$f" 2>/dev/null && echo "of $f"; done | awk '
        function zero(at, most) { if (at < n && b[at - 4] == 3 && !done[$2, at]++) print at, (n - at < most ? n - at : most), $2 }
        $1 != "of" { for (i = 1; i <= NF; i++) b[n++] = $i; next }
        n >= 64 { at = int(b[6] / 16) % 2 ? b[b[14] % 128 == 2 ? 20 : 52] : 0
            for (i = 0; at > 63 && at + 2 <= n && i++ < 64; at = b[at + 1]) { at -= at % 4; if (at < 252) zero(at + 4, 4) }
            for (at = 256; at > 255 && at + 4 <= n && i++ < 1088; at = b[at + 3] * 16 + int(b[at + 2] / 16)) {
                at -= at % 4; if (!b[at + 1]) zero(at + 4, 8) } } { n = 0 }' | while read -r at n f; do
        dd if=/dev/zero of="$f" bs=1 seek="$at" count="$n" conv=notrunc 2>/dev/null; done
    ls -ld $c/*/* 2>/dev/null | sed -n "s|.* \($c.*\) -> |\1 |p" >../links
    sed -nE 's/.*[[:alpha:]]{2,4}x([[:xdigit:]]{12})$/\1/p' ../links | awk '
        !n[$0]++ { printf "s/%s/XXXXXXXX%04d/g\n", $0, i++ }' >../macs
    [ ! -s ../macs ] || while read -r l a; do b=$(echo "$l $a" | sed -f ../macs)
        [ "$l $a" = "$b" ] || { rm "$l"; ln -s "${b#* }" "${b% *}"; }; done <../links
fi
echo '{"schema":"ioward.probe.holders/1","complete":'$complete',"holders":['"$(cut -c2- ../holders)]}" >probe/holders.json
printf '{"schema":"ioward.capture/1","tool":"%s","redacted":%s,"holders_complete":%s,"denied":[%s],"failed":[%s]}\n' \
    ioward-capture.sh $redacted $complete "${denied#,}" "${failed#,}" >capture.json
tar -cf "$t/tar" * && $pack <"$t/tar" >"$out.part" && mv "$out.part" "$out" || { rm -f "$out.part"; exit 1; }
