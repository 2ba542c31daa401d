# Run inside the guest, once: the pools that every test begins with. Free are the SATA disk 3 and the SCSI disks.
set -e
# Until all of it has started; what did not (on too busy a machine) would be missing in every test.
systemctl is-system-running --wait
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
