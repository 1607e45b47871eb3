#!/usr/bin/env bash
# Proves deploy/install.sh where nothing is installed: a bare Debian 12 made by debootstrap. Then starts the program in
# it as an account without rights. Needs root, and debootstrap; unmounts and removes only what it made.
# usage: tests/deploy/bare_root.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

[ "$(id -u)" -eq 0 ] || { echo "error: run as root: debootstrap and chroot need it" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "error: debootstrap is missing: apt-get install debootstrap" >&2; exit 1; }

root=$(mktemp -d "${TMPDIR:-/tmp}/hososo-bare-XXXXXX")
chmod 0755 "$root" # apt's own account must get in
mounted=()
clean() {
  local at
  for at in "${mounted[@]}"; do umount "$at" || return; done # a removal below a mount would reach into the host
  rm -rf --one-file-system "$root"
}
trap clean EXIT
began=$SECONDS
step() { printf '== %4d s  %s\n' "$((SECONDS - began))" "$1"; }

step "a bare Debian 12"
debootstrap --variant=minbase bookworm "$root" >"$root.log" 2>&1 || { tail -20 "$root.log" >&2; exit 1; }
rm -f "$root.log"
mount -t proc proc "$root/proc"
mounted+=("$root/proc")

# How this machine reaches its package sources is the machine's affair: its own settings go along.
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
authority=${PIP_CERT:-${SSL_CERT_FILE:-}}
if [ -n "$authority" ]; then cp -L "$authority" "$root/etc/authority-of-this-machine.crt"; fi
for name in etc/apt/apt.conf.d etc/apt/auth.conf.d; do
  if [ -d "/$name" ]; then cp -rL "/$name/." "$root/$name/"; fi
done

step "the source tree, as committed or about to be"
mkdir "$root/src"
git ls-files -z --cached --others --exclude-standard |
  tar --null --files-from - --ignore-failed-read -c 2>/dev/null | tar -x -C "$root/src" # less what was just deleted

own=(HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin)
for name in http_proxy https_proxy no_proxy PIP_INDEX_URL PIP_DEFAULT_TIMEOUT; do
  if [ -n "${!name:-}" ]; then own+=("$name=${!name}"); fi
done
if [ -n "$authority" ]; then own+=(PIP_CERT=/etc/authority-of-this-machine.crt); fi
inside() { chroot "$root" /usr/bin/env -i "${own[@]}" "$@"; }
as_account() { chroot --userspec=10001:10001 "$root" /usr/bin/env -i HOSOSO_HOME=/var/lib/hososo "$@"; }

step "deploy/install.sh"
inside /src/deploy/install.sh all
rm -rf "$root/src" # what runs must not lean on it

step "the program, as an account without rights"
as_account /opt/hososo/bin/hososo --version
as_account /opt/hososo/bin/hososo init
as_account /opt/hososo/bin/hososo --lang en doctor
as_account /opt/hososo/bin/hososo --lang en status
inside /opt/hososo/bin/python -c 'import cv2, pypdfium2, tantivy, tesserocr, psycopg, minio, dramatiq'
step "done"
