#!/usr/bin/env bash
# Installs hososo for a whole Debian 12 machine. The Dockerfile makes the image with it, and tests/deploy/bare_root.sh
# proves it in a Debian root that has nothing else. Run as root in the source tree; safe to run again.
# usage: deploy/install.sh system|program|all
#   system    what the program needs from Debian, its account (uid 10001) and its home
#   program   the program and its pinned, hashed dependencies in /opt/hososo; needs `system`
set -euo pipefail
cd "$(dirname "$0")/.."

program=/opt/hososo
home=/var/lib/hososo
account=hososo
uid=10001

system() {
  install/system.sh run
  if ! getent passwd "$account" >/dev/null; then
    groupadd --gid "$uid" "$account"
    useradd --uid "$uid" --gid "$uid" --home-dir "$home" --no-create-home --shell /usr/sbin/nologin "$account"
  fi
  install -d -o "$account" -g "$account" -m 0700 "$home"
}

program() {
  local work
  work=$(mktemp -d)
  # Expanded now, on purpose: the variable is gone when the trap runs.
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  # pip and the build tools stay in an environment of their own: what runs needs neither.
  python3 -m venv "$work/build"
  local pip=("$work/build/bin/python" -m pip --disable-pip-version-check --no-cache-dir)
  "${pip[@]}" install --quiet --require-hashes -r requirements/build.txt
  "${pip[@]}" wheel --quiet --no-deps --no-build-isolation --wheel-dir "$work" .
  rm -rf "$program" build hososo.egg-info
  python3 -m venv --without-pip "$program"
  "${pip[@]}" --python "$program/bin/python" install --quiet --require-hashes -r requirements/runtime.txt
  "${pip[@]}" --python "$program/bin/python" install --quiet --no-deps --no-index "$work"/hososo-*.whl
  "$program/bin/hososo" --version
}

[ "$(id -u)" -eq 0 ] || { echo "error: run as root" >&2; exit 1; }
case "${1:-}" in
  system) system ;;
  program) program ;;
  all) system; program ;;
  *) echo "usage: deploy/install.sh system|program|all" >&2; exit 2 ;;
esac
