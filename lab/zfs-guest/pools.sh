# Run inside the guest, once: the pools that every test begins with. Free are the SATA disk 3 and the SCSI disks.
set -e
# Until all of it has started; what did not (on too busy a machine) would be missing in every test.
systemctl is-system-running --wait
# The kernel names disks in whatever order they answer, another one at every first start. Taken out, and brought back one
# by one, they are named by their serial numbers: sda to sdd are the SCSI ones, sde to sdh the SATA ones.
disks() { lsblk -dnro SERIAL,"$1" | sed -n "s/^LAB-$2-[0-9] /&/p" | sort; }
addresses=$(for kind in SCSI SATA; do disks HCTL $kind; done | cut -d ' ' -f 2)
for disk in /sys/block/sd*; do echo 1 >"$disk/device/delete"; done
udevadm settle
for address in $addresses; do
  echo "${address#*:}" | tr : ' ' >"/sys/class/scsi_host/host${address%%:*}/scan"
  for _ in $(seq 200); do
    ls "/sys/class/scsi_device/$address/device/block" >/dev/null 2>&1 && break
    sleep 0.1
  done
  udevadm settle
done
names=$(for kind in SCSI SATA; do disks NAME $kind; done | cut -d ' ' -f 2 | xargs)
[ "$names" = "sda sdb sdc sdd sde sdf sdg sdh" ] || { echo "The disks are named $names." >&2; exit 1; }
cd /dev/disk/by-id
zpool create -o ashift=12 -O compression=lz4 tank mirror ata-LAB_SATA_LAB-SATA-0 ata-LAB_SATA_LAB-SATA-1 \
  spare ata-LAB_SATA_LAB-SATA-2
zpool create -o ashift=12 -O compression=lz4 backup raidz1 virtio-LAB-VIRTIO-0 virtio-LAB-VIRTIO-1 virtio-LAB-VIRTIO-2
zfs create tank/data
zfs create tank/media
zfs create -V 32M tank/volume
dd if=/dev/urandom of=/tank/data/random bs=1M count=2 status=none
seq 1 200000 >/tank/media/numbers
zfs snapshot -r tank@base
zfs send -R tank/data@base | zfs receive backup/data
# A pool that was never scrubbed is one with a problem.
zpool scrub -w tank backup
sync
echo 3 >/proc/sys/vm/drop_caches
