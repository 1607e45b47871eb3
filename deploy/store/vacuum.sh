#!/bin/sh
# Once a day, makes the store give back what was deleted in the holding bucket: a destroyed key must not lie in a file
# of its volumes for longer (decision 0011).
# usage: vacuum.sh HOLDING | vacuum.sh --once HOLDING | vacuum.sh --ask
#   --ask   says whether a vacuum was done within the last 25 hours
set -eu

sign=${SIGN:-/tmp/vacuumed}
vacuum() {
  printf '%s\n' lock "volume.vacuum -collection=$1 -garbageThreshold=0.0001" unlock exit |
    weed -config_dir="${CONFIG_DIR:-/run/secrets/seaweedfs}" shell -master="${MASTER:-127.0.0.1:9333}" \
      -filer="${FILER:-127.0.0.1:8888}" >"$sign.log" 2>&1 && touch "$sign"
}

case "$1" in
  --ask) test -n "$(find "$sign" -mmin -1500)" ;;
  --once) vacuum "$2" || { cat "$sign.log" >&2; exit 1; } ;;
  *)
    trap 'exit 0' TERM INT
    while :; do
      if vacuum "$1"; then pause=86400; else cat "$sign.log" >&2; pause=300; fi
      sleep "$pause" &
      wait "$!"
    done
    ;;
esac
