#!/bin/bash
# other-docker.sh SUITE FOLDER : the Docker engine of another Debian release (trixie: 26.1, sid: the newest), unpacked into
# FOLDER and installed nowhere. It uses this machine's runc. Does nothing when it is there already.
# DOCKER_DIR=FOLDER makes the lab's scripts start it.
set -euo pipefail
suite=$1 folder=$2
[ ! -x "$folder/usr/sbin/dockerd" ] || exit 0
mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial"
cd "$folder"
# From wherever this machine's own packages come from.
site=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' | awk '$2 !~ /security/ {print $1; exit}')
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site $suite main" >apt/sources.list
options=(-q -o "Dir::Etc::sourcelist=$folder/apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$folder/apt/lists"
  -o "Dir::Cache=$folder/apt" -o APT::Sandbox::User=root)
apt-get "${options[@]}" update >apt/log
apt-get "${options[@]}" download docker.io containerd >>apt/log
for package in ./*.deb; do dpkg -x "$package" "$folder/unpacked"; done
rm -rf ./*.deb apt
mv unpacked/* . && rmdir unpacked
