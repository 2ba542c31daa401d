#!/bin/bash
# sweep.sh ROOT : takes down the labs below ROOT whose owner is gone. A lab's folder is named pid-starttime-n after its owner.
set -euo pipefail
# One at a time: two that take down the same lab find it half gone.
exec 9>"$1/sweep.lock"
flock 9
here=$(cd "$(dirname "$0")" && pwd)
for lab in "$1"/*-*-*/; do
  [ -d "$lab" ] || continue
  name=$(basename "$lab")
  [[ $name =~ ^[0-9]+-[0-9]+-[0-9]+$ ]] || continue
  IFS=- read -r pid since _ <<<"$name"
  now=$(sed 's/^.*) //' "/proc/$pid/stat" 2>/dev/null | cut -d' ' -f20) || true
  [ "$now" = "$since" ] || LAB=${lab%/} "$here/down.sh" 9>&-
done
