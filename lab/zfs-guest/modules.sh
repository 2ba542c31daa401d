#!/bin/bash
# modules.sh FOLDER : the kernel (vmlinuz), its modules with OpenZFS's among them (modules/VERSION), and zinject.
# Debian has OpenZFS's modules as source only. It is compiled in a chroot; its packages are unpacked, never configured:
# dkms would do the same more slowly.
set -euo pipefail
OUT=$(cd "$1" && pwd)
. "$(dirname "$0")/debian.sh"
chroot=$OUT/chroot
debian "$chroot" "make,gcc,libc6-dev,libelf-dev,xz-utils,file,linux-headers-$FLAVOUR,linux-image-$FLAVOUR" \
  --customize-hook='chroot "$1" sh -c "apt-get -qq update && cd /opt && apt-get -qq download zfs-dkms zfs-test && for package in *.deb; do dpkg -x \$package .; done"' \
  2>"$OUT/debian.log" || { tail -n 20 "$OUT/debian.log" >&2; exit 1; }
version=$(basename "$chroot"/lib/modules/*)
headers=/usr/src/linux-headers-$version
source=/opt/usr/src/$(basename "$chroot"/opt/usr/src/zfs-*)

# Type information for tracing doubles the time of the 350 probes and of the build. It is left out for make only: the
# kernel's own settings, and so every struct, stay as they are.
sed -i '/CONFIG_DEBUG_INFO_BTF/d' "$chroot$headers/include/config/auto.conf"
cat >"$chroot/opt/compile" <<COMPILE
set -e
cd $source
export TEST_JOBS=$(nproc) KCFLAGS=-g0
./configure --with-config=kernel --disable-dependency-tracking \
  --with-linux=${headers%-"$FLAVOUR"}-common --with-linux-obj=$headers
make -j$(nproc)
strip --strip-debug module/spl.ko module/zfs.ko
COMPILE
unshare --mount --pid --fork --mount-proc="$chroot/proc" env -u TMPDIR chroot "$chroot" sh /opt/compile \
  >"$OUT/compile.log" 2>&1 || { tail -n 30 "$OUT/compile.log" >&2; exit 1; }

# What a container's cable is shaped with is among them, but ifb: this is the kernel that has to drop what is too much.
wanted=(virtio_pci virtio_net virtio_blk virtio_scsi virtio_rng ahci sd_mod sg nvme ext4 loop nfsd nfsv3 nfsv4
  veth sch_htb sch_ingress cls_u32 act_police)
kept=$OUT/modules/$version
mkdir -p "$kept/extra"
cp "$chroot/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$kept/"
for module in "${wanted[@]}"; do
  chroot "$chroot" modprobe --set-version "$version" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | sort -u | while read -r file; do
  place=$kept/${file#*/lib/modules/"$version"/}
  mkdir -p "$(dirname "$place")"
  xz -dc "$chroot$file" >"${place%.xz}"
done
cp "$chroot$source"/module/{spl,zfs}.ko "$kept/extra/"
# In the order they are loaded, for the initramfs.
for module in virtio_pci virtio_blk ext4; do
  chroot "$chroot" modprobe --set-version "$version" --show-depends "$module" | sed -n 's/^insmod .*\/\(.*\)\.xz.*/\1/p'
done | awk '!seen[$0]++' >"$OUT/early"
cp "$chroot/boot/vmlinuz-$version" "$OUT/vmlinuz"
cp "$chroot/opt/usr/sbin/zinject" "$OUT/"
rm -rf "$chroot" "$OUT/sources"
