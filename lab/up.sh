#!/bin/bash
# Starts the whole lab under $LAB and says how to reach it; down.sh ends it.
. "$(dirname "$0")/env.sh"
"$HERE/dockerd.sh" start
"$HERE/registry.sh" start
SSH_PORT=${SSH_PORT:-2222} "$HERE/sshd.sh" start
echo "export DOCKER_HOST=unix://$SOCK   # images: $HERE/publish.sh web 1, then docker run -d $REGISTRY/web"
