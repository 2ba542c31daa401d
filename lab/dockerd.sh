#!/bin/bash
# dockerd.sh start|stop|kill|pause|resume : a real dockerd on a socket of its own, in its own network namespace, so that
# its bridges, iptables rules and ip_forward are seen nowhere else.
# nsenter, not "ip netns exec": that one remounts /sys, and dockerd then misses the cgroups.
# DATA_SIZE=48m (at start) gives it so small a disk. TLS=folder (with ca.pem, server.pem, server.key) lets it listen on
# 127.0.0.1:2376 of its namespace, too, for clients with a certificate of that authority.
. "$(dirname "$0")/env.sh"
ended() { [ -z "$(born "$(cat "$1")")" ]; }
case $1 in
start)
  namespace
  data=$LAB/docker
  mkdir -p "$data"
  if [ -n "${DATA_SIZE:-}" ] && ! mountpoint -q "$data"; then mount -t tmpfs -o "size=$DATA_SIZE" hs-lab "$data"; fi
  tls=()
  if [ -n "${TLS:-}" ]; then
    tls=(--host tcp://127.0.0.1:2376 --tlsverify --tlscacert "$TLS/ca.pem" --tlscert "$TLS/server.pem" --tlskey "$TLS/server.key")
  fi
  # Killed but not collected yet, the last dockerd and its containerd would look alive to the next one.
  if ! alive dockerd >/dev/null; then
    for own in "$RUN/dockerd.own" "$RUN/exec/containerd/containerd.pid"; do
      [ ! -s "$own" ] || { wait_for 10 ended "$own" && rm -f "$own"; }
    done
  fi
  # One download attempt: five with growing pauses would keep a test of a dead registry waiting for over a minute.
  start dockerd nsenter --net="/run/netns/$NS" dockerd --host "unix://$SOCK" \
    --data-root "$data" --exec-root "$RUN/exec" --pidfile "$RUN/dockerd.own" \
    --exec-opt native.cgroupdriver=cgroupfs --insecure-registry "$REGISTRY" --max-download-attempts 1 \
    --bip 172.29.0.1/16 --dns 127.0.0.1 "${tls[@]}"
  wait_for 30 docker -H "unix://$SOCK" version || { tail -n 20 "$RUN/dockerd.log" >&2; exit 1; }
  ;;
stop) stop dockerd ;;
kill) signal dockerd KILL && wait_for 5 gone dockerd ;;
pause) pause dockerd ;;
resume) signal dockerd CONT ;;
*) exit 2 ;;
esac
