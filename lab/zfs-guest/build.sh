#!/bin/bash
# Builds the guest that zfs-guest.sh starts, from Debian's packages: the kernel and OpenZFS's modules for it, the root
# file system, then the saved state of a guest with its pools. Each is made again only when what it is made from has
# changed. As root; about five minutes on two cores, a few seconds when all is there. Nothing of it is ever committed.
# With `check` nothing is built: it ends with 1 where something is missing.
. "$(dirname "$0")/image.sh"

what=${1:-all}
mkdir -p "$GUESTS"
exec 9>"$GUESTS/lock"
flock 9

# build PART FOLDER : by its script, into a folder that gets its name only when it is whole.
build() {
  local part=$1 folder=$2 began=$SECONDS
  [ ! -d "$folder" ] || return 0
  if [ "$what" = check ]; then exit 1; fi
  echo "Building the ZFS guest: $part"
  rm -rf "$GUESTS/$part"-*
  mkdir "$folder.part"
  "$PARTS/$part.sh" "$folder.part" 9>&- || { echo "Building the ZFS guest failed ($part)." >&2; exit 1; }
  mv "$folder.part" "$folder"
  echo "$part took $((SECONDS - began)) s"
}
build modules "$MODULES"
build root "$ROOT"
build state "$STATE"
