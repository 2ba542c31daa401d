# Sourced by every script here: where the lab lives, and how its daemons are started and ended.
set -euo pipefail
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH   # Debian's own: a newer docker CLI refuses some of what an old dockerd can do
if [ -n "${DOCKER_DIR:-}" ]; then PATH=$DOCKER_DIR/usr/sbin:$DOCKER_DIR/usr/bin:$PATH; fi   # lab/other-docker.sh
LAB=$(realpath -m "${LAB:?set LAB to a scratch folder of its own}")
RUN=$LAB/run
NS=hs-${LAB##*/}          # network namespace of dockerd and the registry, one for each lab
SOCK=$RUN/docker.sock
REGISTRY=127.0.0.1:5000   # inside the namespace
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ ${#RUN} -gt 60 ]; then   # containerd puts its sockets below it, and a unix socket's path ends at 107 bytes
  echo "The lab's folder has too long a path for unix sockets; set HOME_STEWARD_LAB to a shorter one." >&2
  exit 1
fi
# It goes with all that is in it: never somebody's own folder.
if [ "$LAB" = / ] || { [ -n "$(ls -A "$LAB" 2>/dev/null)" ] && { [ ! -d "$RUN" ] || [ -L "$RUN" ]; }; }; then
  echo "$LAB holds something that is no lab; set LAB to a scratch folder of its own." >&2
  exit 1
fi
mkdir -p "$RUN"

# A pid alone may have been re-used by the time we end it; its start time (clock ticks since boot) tells.
# One that has ended and that nobody has collected yet (Z) is gone.
born() { sed -n 's/^.*) \([^Z] .*\)/\1/p' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# start NAME COMMAND… : unless it runs; detached, with its own log, recorded as "pid start-time"
start() {
  local name=$1
  shift
  # What runs is left alone: a second one would take over the record, and nobody would end the first.
  if alive "$name" >/dev/null; then return; fi
  setsid "$@" </dev/null >>"$RUN/$name.log" 2>&1 &
  echo "$! $(born $!)" >"$RUN/$name.pid"
}

# alive NAME : its pid, when it is still the process that start() recorded
alive() {
  local pid since
  read -r pid since 2>/dev/null <"$RUN/$1.pid" || return 1
  [ -n "$since" ] && [ "$(born "$pid")" = "$since" ] && echo "$pid"
}

signal() {
  local pid
  pid=$(alive "$1") && kill "-$2" "$pid"
}

# pause NAME : until none of its threads runs any more: the signal is taken by one, which stops the others when its turn comes
pause() {
  local pid
  signal "$1" STOP
  pid=$(alive "$1")
  wait_for 10 paused "$pid"
}
paused() { ! sed 's/^.*) //' "/proc/$1"/task/*/stat | grep -qv '^[TtZ]'; }

# stop NAME : ends that process and nothing else, by force after 15 s
stop() {
  local pid
  if pid=$(alive "$1"); then
    kill -CONT "$pid" && kill -TERM "$pid"
    wait_for 15 gone "$1" || kill -KILL "$pid"
    wait_for 5 gone "$1"
  fi
  rm -f "$RUN/$1.pid"
}

gone() { ! alive "$1"; }
inside() { nsenter --net="/run/netns/$NS" "$@"; }
# The lab that a namespace is of: another folder of the same name has another lab's.
owner() { cat "/run/$NS.lab" 2>/dev/null || echo "$LAB"; }
namespace() {
  if ip netns add "$NS" 2>/dev/null; then
    echo "$LAB" >"/run/$NS.lab"
  elif [ "$(owner)" != "$LAB" ]; then
    echo "$(owner) is a lab of the same name; give this one's folder another." >&2
    exit 1
  fi
  ip -n "$NS" link set lo up
}

# wait_for SECONDS COMMAND… : until it succeeds
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.05
  done
}
