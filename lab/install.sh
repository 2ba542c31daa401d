#!/bin/bash
# What the lab needs from Debian 12, as root. Does nothing, and needs no network, when all of it is there.
# Daemons that packages would start by themselves are kept from it.
set -euo pipefail
packages=(acl busybox-static ca-certificates chromium-headless-shell curl docker.io docker-registry e2fsprogs iproute2
  iptables mmdebstrap openssh-client openssh-server procps qemu-system-x86 qemu-utils sudo xz-utils zstd)
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0
echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q || echo "Some package lists are stale; going on with what there is." >&2
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod 755 $policy
  trap 'rm -f $policy' EXIT
fi
apt-get install -y -q --no-install-recommends "${missing[@]}"
