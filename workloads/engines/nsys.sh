#!/usr/bin/env bash
# nsys.sh DEST: a whole nsys from an Nsight Compute installation, for a host that lacks libdw and has no packages at hand.
# The importer wants libdw for lines of source only, which a trace without samples has none of: an empty one will do.
set -euo pipefail
[ -e "$1/ready" ] && exit
base=$(printf '%s\n' /opt/nvidia/nsight-compute/*/host | sort -V | tail -1)
mkdir -p "$1"
cp -r "$base/target-linux-x64" "$1/"
cp -r "$base"/linux-desktop-*-x64 "$1/host-linux-x64"
cd "$1/host-linux-x64"
if ldd QdstrmImporter | grep -q 'libdw.so.1 => not found'; then
  readelf --dyn-syms -W libAnalysis.so | awk '/UND/ {print $8}' | grep -oE '^dw(fl|arf)_\w+' | sort -u |
    sed 's/.*/long &(void) { return 0; }/' >stub.c
  echo 'ELFUTILS_0.122 {global: *;}; ELFUTILS_0.130 {global: dwfl_build_id_find_elf;} ELFUTILS_0.122;' >stub.map
  gcc -w -shared -fPIC -o libdw.so.1 -Wl,-soname,libdw.so.1,--version-script=stub.map stub.c
fi
./QdstrmImporter --version
touch "$1/ready"
