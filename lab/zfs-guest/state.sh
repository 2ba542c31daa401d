#!/bin/bash
# state.sh FOLDER : starts a guest for the first time, makes its pools and saves it as it runs (memory, and its disks):
# from there every later start takes about three seconds.
OUT=$(cd "$1" && pwd)
. "$(dirname "$0")/image.sh"
guest=$PARTS/../zfs-guest.sh name=zfs-guest
export LAB
LAB=$(mktemp -d /tmp/hs-guest.XXXXXX)
trap '"$PARTS/../down.sh"' EXIT
. "$PARTS/../env.sh"
export SSH_PORT
SSH_PORT=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
# A kernel patches itself as it boots, and QEMU 7.2 at times still runs what stood there, on its other processor (an "int3" Oops:
# https://bugzilla.redhat.com/show_bug.cgi?id=2216496). One that died of it is booted again; one that lives and fails is not.
made() { FIRST=$OUT "$guest" start && LIMIT=900 "$guest" run sh -s <"$PARTS/pools.sh"; }
for attempt in 1 2 3; do
  if made; then break; fi
  if [ "$attempt" = 3 ] || ! gone "$name"; then exit 1; fi
  echo "The guest died as it booted; it is booted again." >&2
done
# A saved state is as small as the memory is empty; it has to be written once, so not at a wire's pace.
"$guest" monitor 'migrate_set_parameter max-bandwidth 10G' "migrate -d \"exec:zstd -q -3 -T2 >'$OUT/state.zst'\""
for _ in $(seq 300); do
  status=$("$guest" monitor 'info migrate')
  case $status in *': completed'*) break ;; *': failed'*) echo "$status" >&2; exit 1 ;; esac
  sleep 0.2
done
case $status in *': completed'*) ;; *) echo "$status" >&2; exit 1 ;; esac
"$guest" stop
