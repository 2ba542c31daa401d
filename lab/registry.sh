#!/bin/bash
# registry.sh start|stop|pause|resume : a real image registry on 127.0.0.1:5000 inside the lab's namespace.
. "$(dirname "$0")/env.sh"
case $1 in
start)
  namespace
  cat >"$RUN/registry.yml" <<YAML
version: 0.1
log: { level: warn }
storage: { filesystem: { rootdirectory: $LAB/registry }, delete: { enabled: true } }
http: { addr: "$REGISTRY" }
YAML
  start registry nsenter --net="/run/netns/$NS" docker-registry serve "$RUN/registry.yml"
  wait_for 10 inside curl -fsS "http://$REGISTRY/v2/" || { tail -n 20 "$RUN/registry.log" >&2; exit 1; }
  ;;
stop) stop registry ;;
pause) pause registry ;;
resume) signal registry CONT ;;
*) exit 2 ;;
esac
