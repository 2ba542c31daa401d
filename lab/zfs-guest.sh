#!/bin/bash
# zfs-guest.sh start|stop|pause|resume : a Debian guest with real OpenZFS and disks of its own, under QEMU, as it was saved
# by zfs-guest/build.sh. Its sshd is on 127.0.0.1:$SSH_PORT, with the keys in $LAB/ssh ("user" is root's, and that of the
# ordinary account "steward"); all that is written to its disks goes to $LAB/guest.
# zfs-guest.sh run COMMAND… : runs it there as root. zfs-guest.sh monitor COMMAND… : for QEMU's monitor.
# FIRST=FOLDER (at start) boots it with new disks, which are kept in FOLDER.
. "$(dirname "$0")/env.sh"
. "$HERE/zfs-guest/image.sh"
name=zfs-guest
run() {
  timeout "${LIMIT:-60}" ssh -o BatchMode=yes -o ConnectTimeout=5 -o LogLevel=ERROR -o HostKeyAlias=zfs-guest \
    -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$LAB/ssh/known_hosts" -o IdentitiesOnly=yes -i "$LAB/ssh/user" \
    -p "${SSH_PORT:?}" root@127.0.0.1 "$@"
}
up() { gone $name || LIMIT=20 run true; }

case $1 in
start)
  if alive $name >/dev/null; then exit 0; fi
  disks=${FIRST:-$LAB/guest}
  mkdir -p "$disks" "$LAB/ssh"
  cp "$ROOT"/{user,host.pub} "$LAB/ssh/"
  sed 's/^/zfs-guest /' "$ROOT/host.pub" >"$LAB/ssh/known_hosts"
  # disk NAME [IMAGE] : on what was saved of it; at the first start on that image, or empty
  disk() {
    local below=${2:-}
    [ -n "${FIRST:-}" ] || below=$STATE/$1
    if [ -n "$below" ]; then qemu-img create -q -f qcow2 -F qcow2 -b "$below" "$disks/$1"
    else qemu-img create -q -f qcow2 "$disks/$1" 512M; fi
    options+=(-drive "if=none,id=$1,file=$disks/$1,format=qcow2,cache=unsafe,discard=unmap")
  }
  words=(console=ttyS0 quiet panic=-1 net.ifnames=0 mitigations=off nokaslr audit=0 apparmor=0 selinux=0 tsc=reliable
    no_timer_check random.trust_cpu=on init_on_free=1)
  options=(-name $name -machine pc-q35-7.2,usb=off,vmport=off -accel tcg,thread=multi,tb-size=512 -cpu Nehalem -smp 2
    -m 1024 -display none -vga none -no-reboot -serial "file:$RUN/$name.console"
    -kernel "$MODULES/vmlinuz" -initrd "$ROOT/initrd" -append "${words[*]}"
    -qmp "unix:$RUN/$name.monitor,server=on,wait=off"
    -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:${SSH_PORT:?}-:22" -device virtio-net-pci,netdev=net,romfile=
    -device virtio-rng-pci -device virtio-scsi-pci,id=scsi -device pcie-root-port,id=pcie,chassis=1)
  [ -n "${FIRST:-}" ] || options+=(-incoming "exec:zstd -dc '$STATE/state.zst'")
  disk root "$ROOT/root.qcow2"
  options+=(-device virtio-blk-pci,drive=root,serial=root)
  for n in 0 1 2 3; do
    disk "sata$n"
    options+=(-device "ide-hd,id=disk-sata$n,drive=sata$n,bus=ide.$n,model=LAB SATA,serial=LAB-SATA-$n,ver=1.0,wwn=$((0x5000c50000000000 + n)),rotation_rate=7200")
    disk "scsi$n"
    options+=(-device "scsi-hd,id=disk-scsi$n,drive=scsi$n,bus=scsi.0,vendor=LAB,product=SCSI,serial=LAB-SCSI-$n,ver=1.0,wwn=$((0x5000c50000000010 + n)),rotation_rate=10000")
  done
  for n in 0 1 2; do
    disk "virtio$n"
    options+=(-device "virtio-blk-pci,id=disk-virtio$n,drive=virtio$n,serial=LAB-VIRTIO-$n")
  done
  start $name qemu-system-x86_64 "${options[@]}"
  # A first start takes half a minute on a quiet machine, and many on a busy one.
  if ! wait_for 900 up || ! alive $name >/dev/null; then
    echo "The ZFS guest does not answer over ssh." >&2
    tail -n 20 "$RUN/$name.log" "$RUN/$name.console" >&2
    exit 1
  fi
  # It was saved a while ago, and thinks no time has passed.
  run "date -s @$(date +%s)" >/dev/null
  ;;
stop) stop $name ;;
pause) pause $name ;;
resume) signal $name CONT ;;
run) run "${@:2}" ;;
monitor) node "$HERE/zfs-guest/monitor.mjs" "$RUN/$name.monitor" "${@:2}" ;;
*) exit 2 ;;
esac
