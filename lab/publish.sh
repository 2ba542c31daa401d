#!/bin/bash
# publish.sh NAME VERSION [unhealthy|crash|nohealth|volume|large] … : makes VERSION the registry's NAME:latest, prints its digest.
# It goes straight to the registry, never through dockerd: what dockerd has is only what it ran or pulled, as at home.
# Every version brings its own env, command, label and page, so that a test can tell what an update took from where.
. "$(dirname "$0")/env.sh"
name=$1 version=$2
shift 2
work=$(mktemp -d "$RUN/image.XXXXXX")
trap 'rm -rf "$work"' EXIT

root=$work/root
mkdir -p "$root"/{bin,etc,tmp,data,"www$version"}
cp /bin/busybox "$root/bin/"
for applet in sh sleep httpd wget cat dd grep wc ls nc; do ln -s busybox "$root/bin/$applet"; done
echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
echo "version $version" >"$root/www$version/index.html"
echo "seed $version" >"$root/data/seed"
# The first process of a container must answer SIGTERM itself, or every stop takes ten seconds.
cat >"$root/bin/serve" <<'SERVE'
#!/bin/sh
trap 'exit 0' TERM INT
echo "serving $1"
echo "a line on stderr" >&2
httpd -p 8080 -h "$1"
while :; do sleep 1 & wait $!; done
SERVE
printf '#!/bin/sh\necho "out of order" >&2\nexit 7\n' >"$root/bin/crash"
chmod 755 "$root"/bin/{serve,crash}

entry=/bin/serve probe='wget -q -O- http://127.0.0.1:8080/ | grep -q version' volumes='{}' health=yes
retries=10   # a busy machine may be slow to serve: only what is meant to be unhealthy becomes so
for flavour in "$@"; do
  case $flavour in
  unhealthy) probe='exit 1' retries=2 ;;
  crash) entry=/bin/crash ;;
  nohealth) health= ;;
  volume) volumes='{"/data":{}}' ;;
  large) dd if=/dev/urandom of="$root/large" bs=1M count=40 status=none ;;
  *) exit 2 ;;
  esac
done

tar -C "$root" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf "$work/layer" .
diff_id=$(sha256sum <"$work/layer" | cut -d' ' -f1)
gzip -n1 "$work/layer"
check=
[ -z "$health" ] || check='"Healthcheck":{"Test":["CMD-SHELL","'$probe'"],"Interval":300000000,"Timeout":2000000000,"Retries":'$retries'},'
cat >"$work/config" <<JSON
{"architecture":"$(dpkg --print-architecture)","os":"linux","created":"2026-01-0${version}T00:00:00Z","config":{$check
"Env":["PATH=/bin","WEB_VERSION=$version","FROM_IMAGE_$version=yes"],"Entrypoint":["$entry"],"Cmd":["/www$version"],
"ExposedPorts":{"8080/tcp":{}},"Volumes":$volumes,
"Labels":{"org.opencontainers.image.version":"$version","only.in.$version":"yes"}},
"rootfs":{"type":"layers","diff_ids":["sha256:$diff_id"]},"history":[{"created":"2026-01-0${version}T00:00:00Z"}]}
JSON

put() { inside curl -fsS -o "$work/answer" "$@"; }
digest() { echo "sha256:$(sha256sum <"$1" | cut -d' ' -f1)"; }
blob() {
  local at
  at=$(inside curl -fsS -X POST -D - -o /dev/null "http://$REGISTRY/v2/$name/blobs/uploads/" | tr -d '\r' | sed -n 's/^Location: //p')
  put -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$1" "$at&digest=$(digest "$1")"
}
entry_of() { printf '"mediaType":"application/vnd.docker.%s","size":%d,"digest":"%s"' "$1" "$(stat -c %s "$2")" "$(digest "$2")"; }
blob "$work/layer.gz"
blob "$work/config"
type=application/vnd.docker.distribution.manifest.v2+json
cat >"$work/manifest" <<JSON
{"schemaVersion":2,"mediaType":"$type","config":{$(entry_of container.image.v1+json "$work/config")},
"layers":[{$(entry_of image.rootfs.diff.tar.gzip "$work/layer.gz")}]}
JSON
put -X PUT -H "Content-Type: $type" --data-binary "@$work/manifest" "http://$REGISTRY/v2/$name/manifests/latest"
digest "$work/manifest"
