# Sourced: what Debian release the guest is, and how a folder becomes one, from wherever this machine's own packages come.
SUITE=trixie   # OpenZFS 2.3, kernel 6.12
FLAVOUR=cloud-amd64
export DEBIAN_FRONTEND=noninteractive LC_ALL=C INITRD=No TMPDIR=$OUT
site() { apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' | awk -v release="$1" '$2 ~ release {print $1; exit}'; }
main=$(site '^[a-z]+$') security=$(site 'security$')
: "${main:?apt knows no Debian mirror}"
signed='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
cat >"$OUT/sources" <<SOURCES
deb $signed $main $SUITE main contrib
deb $signed $main $SUITE-updates main contrib
${security:+deb $signed $security $SUITE-security main contrib}
SOURCES

# debian FOLDER PACKAGE,PACKAGE… [mmdebstrap's options…]
debian() {
  local folder=$1 packages=$2
  shift 2
  mmdebstrap --quiet --mode=root --variant=apt --include="$packages" --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$@" "$SUITE" "$folder" "$OUT/sources"
}
