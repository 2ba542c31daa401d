# Sourced: where the parts of the guest are, by what they are made from.
set -euo pipefail
PARTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
GUESTS=$(realpath -m "$PARTS/../../.lab/zfs-guest")
# digest TEXT… FILE… : of all that a part is made from
digest() { (cd "$PARTS" && find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12); }
MODULES=$GUESTS/modules-$(digest modules.sh debian.sh)
ROOT=$GUESTS/root-$(digest modules.sh debian.sh root.sh initramfs overlay)
# A saved state is read by the very QEMU that wrote it, with the very devices.
QEMU=$(qemu-system-x86_64 --version 2>/dev/null | head -n 1 | tr -c '[:alnum:].\n' _) || true
STATE=$GUESTS/state-$(digest . ../zfs-guest.sh)-$QEMU
