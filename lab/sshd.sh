#!/bin/bash
# sshd.sh start|stop|pause|resume : a real OpenSSH server on 127.0.0.1:$SSH_PORT. Keys only; they are made here and die with the lab.
. "$(dirname "$0")/env.sh"
case $1 in
start)
  keys=$LAB/ssh
  mkdir -p "$keys" /run/sshd
  for key in host user other; do
    [ -f "$keys/$key" ] || ssh-keygen -q -t ed25519 -N '' -C lab -f "$keys/$key"
  done
  cat >"$keys/sshd_config" <<CONF
Port ${SSH_PORT:?}
ListenAddress 127.0.0.1
HostKey $keys/host
PidFile none
AuthorizedKeysFile $keys/user.pub
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
# HOME: bash reads .bashrc for every command that comes over ssh, and root's own may take long or say something.
SetEnv DOCKER_HOST=unix://$SOCK HOME=$keys
CONF
  start sshd /usr/sbin/sshd -D -e -f "$keys/sshd_config"
  wait_for 10 ssh-keyscan -p "$SSH_PORT" 127.0.0.1 || { tail -n 20 "$RUN/sshd.log" >&2; exit 1; }
  ;;
stop) stop sshd ;;
pause) pause sshd ;;
resume) signal sshd CONT ;;
*) exit 2 ;;
esac
