#!/bin/sh
# Makes the two buckets of an office in its SeaweedFS: the archive with versioning and object lock, the holding area
# with neither, both owned by the program's account; and lets every write wait for the disk. Safe to run again; it
# ends with an error unless the buckets are as they must be, also when somebody made them otherwise before.
# usage: setup.sh ARCHIVE HOLDING OWNER
set -eu

archive=$1 holding=$2 owner=$3
tell() {
  printf '%s\n' "$@" exit |
    weed -config_dir="${CONFIG_DIR:-/run/secrets/seaweedfs}" shell -master="${MASTER:-127.0.0.1:9333}" \
      -filer="${FILER:-127.0.0.1:8888}" 2>&1
}

# That a bucket is there already is an error to the shell and none to us: what it says of itself afterwards counts.
tell "s3.bucket.create -name $archive -withLock -owner $owner" \
  "s3.bucket.create -name $holding -owner $owner" \
  "fs.configure -locationPrefix=/buckets/ -fsync -volumeGrowthCount=2 -apply" >/dev/null || true

locked=$(tell "s3.bucket.lock -name $archive")
free=$(tell "s3.bucket.lock -name $holding" "s3.bucket.versioning -name $holding")
durable=$(tell "fs.configure")
expect() {
  printf '%s\n' "$2" | grep -Eq "$3" || { printf 'error: %s\n%s\n' "$1" "$2" >&2; exit 1; }
}
expect "$archive has no object lock" "$locked" '^Object Lock: Enabled'
expect "$archive has no versioning" "$locked" '^Versioning: Enabled'
expect "$holding is missing" "$free" "^Bucket: $holding"
if printf '%s\n' "$free" | grep -Eq '^(Object Lock|Versioning|Versioning status): Enabled'; then
  printf 'error: %s must have neither object lock nor versioning\n' "$holding" >&2
  exit 1
fi
expect "writes do not wait for the disk" "$durable" '"fsync": *true'
echo "buckets are ready: $archive (object lock), $holding"
