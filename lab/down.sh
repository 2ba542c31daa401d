#!/bin/bash
# Ends exactly what was started under $LAB, also what a crashed run left, and removes the folder.
. "$(dirname "$0")/env.sh"
docker=(timeout 20 docker -H "unix://$SOCK")
signal dockerd CONT || true
if alive dockerd >/dev/null && ids=$("${docker[@]}" ps -aq); then
  [ -z "$ids" ] || "${docker[@]}" rm -fv $ids >/dev/null || true
fi
# By force: nothing here is kept, and a polite end takes them seconds each.
for record in "$RUN"/*.pid; do
  [ -e "$record" ] && signal "$(basename "$record" .pid)" KILL || true
done

# Left by a dockerd that was killed: its containers (known by the ids in its data folder) and whatever still lives in the namespace.
for folder in "$LAB"/docker/containers/*/; do
  [ -d "$folder" ] || continue
  cat /sys/fs/cgroup/{,*/}docker/"$(basename "$folder")"/cgroup.procs 2>/dev/null | sort -u | xargs -r kill -KILL || true
done
if [ -e "/run/netns/$NS" ] && [ "$(owner)" = "$LAB" ]; then
  ip netns pids "$NS" | xargs -r kill -KILL || true
  wait_for 5 bash -c "[ -z \"\$(ip netns pids $NS)\" ]"
  ip netns del "$NS"
  rm -f "/run/$NS.lab"
fi
awk -v below="$LAB/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mounted; do umount -l "$mounted"; done
rm -rf "$LAB"
