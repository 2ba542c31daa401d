#!/bin/bash
# root.sh FOLDER : the guest's root file system (root.qcow2), its initrd, the key to log in with (user), the key its sshd
# shows (host.pub) and the versions of what is in it (versions).
OUT=$(cd "$1" && pwd)
. "$(dirname "$0")/image.sh"
. "$PARTS/debian.sh"
root=$OUT/rootfs
version=$(basename "$MODULES"/modules/*)
packages=(zfsutils-linux zfs-zed smartmontools openssh-server sudo acl rsync nfs-kernel-server nfs-common iproute2 procps
  kmod udev systemd-sysv busybox-static python3 docker.io docker-cli)

# zfs-zed asks for zfs-modules or zfs-dkms, which would bring a compiler: this stands for the modules made before.
mkdir -p "$OUT/stub/DEBIAN"
cat >"$OUT/stub/DEBIAN/control" <<'CONTROL'
Package: lab-zfs-modules
Version: 1
Architecture: all
Provides: zfs-modules
Maintainer: Home Steward's lab <lab@localhost>
Description: stands for modules that are installed by hand
CONTROL
dpkg-deb --root-owner-group --build "$OUT/stub" "$OUT/stub.deb" >/dev/null
debian "$root" "$(IFS=,; echo "${packages[*]}")" \
  --essential-hook="cp '$OUT/stub.deb' \"\$1/tmp/\" && chroot \"\$1\" dpkg -i /tmp/stub.deb && rm \"\$1/tmp/stub.deb\"" \
  >"$OUT/debian.log" 2>&1 || { tail -n 20 "$OUT/debian.log" >&2; exit 1; }

mkdir -p "$root/lib/modules"
cp -r "$MODULES/modules/$version" "$root/lib/modules/"
chroot "$root" depmod "$version"
cp "$MODULES/zinject" "$root/usr/sbin/"
cp -r "$PARTS/overlay/." "$root/"
chroot "$root" zgenhostid -f 0badc0de
echo zfs-guest >"$root/etc/hostname"
echo '127.0.0.1 localhost zfs-guest' >"$root/etc/hosts"
units=$root/etc/systemd/system
mkdir -p "$units/multi-user.target.wants"
ln -s ../lab-net.service "$units/multi-user.target.wants/"
ln -sf /usr/lib/systemd/system/multi-user.target "$units/default.target"
# What would run by itself in the middle of a test, or holds up the start.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
  fstrim.timer systemd-timesyncd.service getty@.service serial-getty@.service getty-static.service \
  docker.service docker.socket containerd.service smartmontools.service nfs-blkmap.service systemd-hwdb-update.service; do
  ln -sf /dev/null "$units/$unit"
done

# Root, and an ordinary account: what sudo lets it do is for a test to install.
chroot "$root" useradd --create-home --shell /bin/sh steward
ssh-keygen -q -t ed25519 -N '' -C zfs-guest -f "$OUT/user"
for home in root home/steward; do
  install -d -m 700 "$root/$home/.ssh"
  install -m 600 "$OUT/user.pub" "$root/$home/.ssh/authorized_keys"
done
chroot "$root" chown -R steward:steward /home/steward/.ssh
cp "$root/etc/ssh/ssh_host_ed25519_key.pub" "$OUT/host.pub"

rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/lib/udev/hwdb.{d,bin} "$root"/usr/share/{man,doc,info,locale}/*
{
  echo "kernel $version"
  chroot "$root" dpkg-query -W -f '${Package} ${Version}\n' "${packages[@]}"
} >"$OUT/versions"

# The initrd loads what the root's disk needs, and finds it.
early=$OUT/early
mkdir -p "$early"/{bin,dev,proc,sys,root,modules}
cp "$root/usr/bin/busybox" "$early/bin/"
install -m 755 "$PARTS/initramfs" "$early/init"
cp "$MODULES/early" "$early/modules/order"
while read -r module; do find "$MODULES/modules" -name "$module" -exec cp {} "$early/modules/" \;; done <"$MODULES/early"
(cd "$early" && find . | LC_ALL=C sort | ./bin/busybox cpio -o -H newc 2>/dev/null) >"$OUT/initrd"

# Filled without being mounted; the rest is room for what tests write.
size=$(($(du -sm "$root" | cut -f1) + 300))
mkfs.ext4 -q -F -d "$root" -m 0 -O ^has_journal "$OUT/root.raw" "${size}M" >"$OUT/mkfs.log"
qemu-img convert -c -O qcow2 -o compression_type=zstd "$OUT/root.raw" "$OUT/root.qcow2"
rm -rf "$root" "$early" "$OUT"/{root.raw,stub,stub.deb,sources}
