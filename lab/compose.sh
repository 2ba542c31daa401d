#!/bin/bash
# compose.sh : docker compose as a plugin of this machine's docker CLI, from Debian trixie (bookworm has only the old one).
# Nothing else is installed; does nothing when it is there.
set -euo pipefail
PATH=/usr/sbin:/usr/bin:/sbin:/bin
! docker compose version >/dev/null 2>&1 || exit 0
plugins=/usr/local/lib/docker/cli-plugins
folder=$(mktemp -d /tmp/hs-compose.XXXXXX)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/lists/partial" "$folder/archives/partial"
cd "$folder"
site=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' | awk '$2 !~ /security/ {print $1; exit}')
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site trixie main" >sources.list
options=(-q -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$folder/lists"
  -o "Dir::Cache=$folder" -o APT::Sandbox::User=root)
apt-get "${options[@]}" update >log
apt-get "${options[@]}" download docker-compose >>log
dpkg -x ./*.deb unpacked
mkdir -p "$plugins"
found=$(find unpacked -type f -path '*/cli-plugins/docker-compose' | head -n 1)
# Renamed into its place whole: two labs may do this at once.
install -m 755 "$found" "$plugins/.docker-compose.$$"
mv "$plugins/.docker-compose.$$" "$plugins/docker-compose"
docker compose version
