#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Captures a machine that has no ioward: the files "ioward capture" would read, for "ioward --from OUT". What is taken out,
# and what is not: src/facts/redact.h; --keep-private takes out nothing. IOWARD_ROOT: another root to read, for tests.
usage() { echo "usage: $0 [--keep-private] OUT.tar[.zst|.gz]" >&2; exit 2; }
redacted=true; [ "${1-}" != --keep-private ] || { redacted=false; shift; }
[ $# -eq 1 ] || usage
case $1 in *.tar.zst) pack='zstd -q' ;; *.tar.gz) pack=gzip ;; *.tar) pack=cat ;; *) usage ;; esac
case $1 in /*) out=$1 ;; *) out=$PWD/$1 ;; esac
t=$(mktemp -d) && mkdir "$t/m" && cd "${IOWARD_ROOT:-/}" || exit 1
trap 'rm -rf "$t"' EXIT; trap 'exit 1' HUP INT TERM
base=$(pwd -P); base=${base%/}; m=$t/m; : >"$t/denied"; : >"$t/failed"
put() { mkdir -p "$m/${1%/*}"; } # makes room for a path
file() { for f; do # keeps files, or that they cannot be read
    [ -f "$f" ] || continue
    put "$f"; cat "$f" 2>/dev/null >"$m/$f" && continue
    : >"$m/$f"; if [ -r "$f" ]; then echo "$f" >>"$t/failed"; else echo "$f" >>"$t/denied"; fi
done; }
link() { for l; do [ ! -L "$l" ] || { put "$l"; ln -s "$(readlink "$l")" "$m/$l"; }; done; }
real() { p=$(cd "$1" 2>/dev/null && pwd -P) && p=${p#"$base/"}; } # sets p, the path without links
state() { cat "$1/power_state" 2>/dev/null || cat "$1/power/runtime_status" 2>/dev/null; }
asleep() { # would reading the config space of function p wake it, or a bridge above?
    case $(state "$p") in D3cold | suspended) return 0 ;; esac
    a=$p; while a=${a%/*}; [ "$a" != "${a#*/*/}" ]; do case $(state "$a") in D[123]* | suspended) return 0 ;; esac; done
    return 1
}
locked() { # an unbind may wait for its user; whoever reads the locked attributes then waits with it, unkillable
    [ ! -L "$p/driver" ] || return 1
    g=$(readlink "$p/iommu_group"); g=sys/class/vfio/${g##*/}
    [ -e "$p/vfio-dev" ] || [ -e "$g" ] || [ -e "${g%/*}/noiommu-${g##*/}" ] || { [ -e sys/class/vfio-dev ] && [ ! -e sys/class/vfio ]; }
}
zero() { [ "$1" -ge $n ] || dd if=/dev/zero of="$f" bs=1 seek="$1" count="$2" conv=notrunc 2>/dev/null; }
serials() { # takes serial number and vital product data out of the config space f
    set -- $(od -An -v -tu1 "$f"); n=$#; left=1024; at=0; [ $n -ge 64 ] || return 0
    [ $(($7 & 16)) -eq 0 ] || if [ $((${15} & 127)) -eq 2 ]; then at=$((${21} & 252)); else at=$((${53} & 252)); fi
    while [ $at -ge 64 ] && [ $((at + 8)) -le $n ] && [ $((left -= 16)) -ge 0 ]; do
        eval "a=\${$((at + 1))} b=\${$((at + 2))}"; [ "$a" != 3 ] || zero $((at + 4)) 4
        at=$((b & 252)); done; at=256; left=1024
    while [ $at -ge 256 ] && [ $((at + 12)) -le $n ] && [ $((left -= 1)) -ge 0 ]; do
        eval "a=\${$((at + 1))} b=\${$((at + 2))} c=\${$((at + 3))} d=\${$((at + 4))}"
        [ "$a $b" != '3 0' ] || zero $((at + 4)) 8
        at=$(((d << 4 | c >> 4) & 4092)); done
}
texts() { # takes private words out of a text, but not out of options that decide about groups
    h=$(sed 's/[.].*//' proc/sys/kernel/hostname 2>/dev/null); case $h in '' | localhost | '(none)') h='[^[:print:]]' ;; esac
    X='[[:xdigit:]]'; B='(^|[^[:alnum:]_])'; H="($h|$(echo "$h" | sed 's/-/--/g'))([.][[:alnum:]_.-]*[[:alnum:]_])?"
    tr ' ' '\n' | sed -E "/^(iommu|intel_iommu|amd_iommu|pci|vfio)/b
        s/$X{8}(-$X{4}){3}-$X{12}/XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX/g
        s/$B($X{2}:){5,}$X{2}/\\1XX:XX:XX:XX:XX:XX/g; s/$B($X{2}-){5,}$X{2}/\\1XX-XX-XX-XX-XX-XX/g
        s/$B([[:alpha:]]{2,4}x)$X{12}/\\1\\2XXXXXXXXXXXX/g; s/$B$H([^[:alnum:]_]|\$)/\\1XXXX\\4/gI
        :u
        s/([Uu][Uu][Ii][Dd]=.*)$X/\\1X/; tu" | tr '\n' ' ' | sed 's/ $//'
}
held() { # what one process holds, from its list of files and its maps
    { ls -l "proc/$1/fd" | sed -n 's/.* -> //p'; sed -n 's/.*\(anon_inode:\[vfio-device\]\)/map \1/p' "proc/$1/maps"; } 2>/dev/null |
    sed -nE 's|^/dev/vfio/(noiommu-)?([0-9]+)$|"group","number":\2|p; s|^/dev/vfio/vfio$|"container"|p; s|^/dev/iommu$|"iommufd"|p
        s|^/dev/vfio/devices/(noiommu-)?vfio([0-9]+)$|"cdev","number":\2|p; s|^anon_inode:.vfio-device.*|"device"|p; s|^map .*|"device-map"|p' |
    sort -u | sed 's/.*/{"file":&}/' | tr '\n' ',' | sed 's/,$//'
}
names() { sed 's/[\\"]/\\&/g; s/.*/"&"/' "$t/$1" | tr '\n' ',' | sed 's/,$//'; }
for d in sys/bus/pci/devices sys/kernel/iommu_groups; do [ ! -d $d ] || mkdir -p "$m/$d"; done
for d in sys/bus/pci/devices/*; do
    link "$d"; real "$d" || continue
    link "$p/driver" "$p/iommu_group" "$p/physfn" "$p"/virtfn*
    for a in power_state power/runtime_status vendor device class revision subsystem_vendor subsystem_device reset_method \
        numa_node enable sriov_totalvfs resource; do file "$p/$a"; done
    locked || file "$p/driver_override" "$p/sriov_numvfs"; asleep || file "$p/config"
    [ ! -d "$p/vfio-dev" ] || mkdir -p "$m/$p/vfio-dev"
    ! $redacted || [ ! -f "$m/$p/config" ] || { f=$m/$p/config; serials; }
done
for g in sys/kernel/iommu_groups/*; do
    [ -d "$g" ] || continue; mkdir -p "$m/$g/devices"; file "$g/type" "$g/name" "$g/reserved_regions"; link "$g"/devices/*
    for d in "$g"/devices/*; do real "$d" && mkdir -p "$m/$p" && [ ! -L "$m/$p/subsystem" ] && link "$p/subsystem"
        [ -L "$m/$p/driver" ] || link "$p/driver"; done
done
for c in net block nvme drm accel infiniband scsi_host sound iommu vfio vfio-dev; do
    [ ! -d "sys/class/$c" ] || { mkdir -p "$m/sys/class/$c"; link "sys/class/$c"/*; }; done
link sys/devices/virtual/nvme-subsystem/*/nvme*; mkdir -p "$m/sys" "$m/proc" "$m/probe" "$m/sys/firmware/acpi/tables"
for a in DMAR IVRS; do [ ! -e sys/firmware/acpi/tables/$a ] || : >"$m/sys/firmware/acpi/tables/$a"; done
file proc/cmdline proc/sys/kernel/osrelease sys/kernel/security/lockdown sys/module/vfio/parameters/* \
    sys/module/vfio_pci/parameters/* sys/module/vfio_iommu_type1/parameters/* sys/module/iommufd/parameters/*
complete=true; sep= # the answer of the probe "holders"; its schema: src/host/linux/read-holders.c
for d in proc/[0-9]*; do
    ls "$d/fd" >/dev/null 2>&1 || { [ ! -d "$d" ] || complete=false; continue; }; a=$(held "${d#proc/}"); [ -n "$a" ] || continue
    c=$(tr -d '\000-\037' <"$d/comm" | sed 's/[\\"]/\\&/g'); ! $redacted || c=$(echo "$c" | texts)
    printf '%s{"pid":%s,"uid":%s,"command":"%s","held":[%s]}' "$sep" "${d#proc/}" "$(sed -n 's/^Uid:[[:space:]]*\([0-9]*\).*/\1/p' "$d/status")" "$c" "$a"
    sep=,
done >"$t/holders" # nobody holds what does not exist:
if [ -e sys/class/vfio ]; then [ -n "$(ls sys/class/vfio)" ]; else [ -e sys/class/vfio-dev ]; fi || complete=true
echo "{\"schema\":\"ioward.probe.holders/1\",\"complete\":$complete,\"holders\":[$(cat "$t/holders")]}" >"$m/probe/holders.json"
if $redacted; then # interfaces named after their MAC address: the link, and where it points
    [ ! -f "$m/proc/cmdline" ] || { texts <proc/cmdline >"$t/text"; cat "$t/text" >"$m/proc/cmdline"; }
    find "$m/sys/class" -type l 2>/dev/null | sed -nE 's|.*/[[:alpha:]]{2,4}x([[:xdigit:]]{12})$|\1|p' | sort -u | awk '
        { printf "s/%s/XXXXXXXX%04d/g\n", $0, NR - 1 }' >"$t/macs"
    [ ! -s "$t/macs" ] || find "$m/sys/class" -type l | while read -r l; do
        a=$(readlink "$l"); b=$(echo "$a" | sed -f "$t/macs"); [ "$a" = "$b" ] || { rm "$l"; ln -s "$b" "$(echo "$l" | sed -f "$t/macs")"; }; done
fi
printf '{"schema":"ioward.capture/1","tool":"ioward-capture.sh","redacted":%s,"holders_complete":%s,"denied":[%s],"failed":[%s]}\n' \
    $redacted $complete "$(names denied)" "$(names failed)" >"$m/capture.json"
cd "$m" && tar -cf "$t/tar" capture.json sys proc probe && $pack <"$t/tar" >"$out.part" && mv "$out.part" "$out" || { rm -f "$out.part"; exit 1; }
