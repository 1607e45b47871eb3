#!/usr/bin/env bash
# Makes .venv with the pinned, hashed dependencies and the program itself. Does nothing when it is up to date.
# usage: install/venv.sh run|dev
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:-run}
files=(requirements/build.txt requirements/runtime.txt)
[ "$kind" = run ] || files+=(requirements/dev.txt)
stamp=.venv/installed-$(cat "${files[@]}" pyproject.toml | sha256sum | cut -c1-16)-$kind
[ -e "$stamp" ] && exit 0

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "error: Python 3.11 or newer is needed, this is $(python3 --version)." >&2
  exit 1
}
echo "== making .venv with pinned dependencies (a few minutes the first time)"
[ -x .venv/bin/python ] || python3 -m venv .venv
requirements=()
for file in "${files[@]}"; do requirements+=(-r "$file"); done
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes "${requirements[@]}"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
rm -f .venv/installed-*
# The dev set holds all of the run set.
[ "$kind" = run ] || touch "${stamp%-dev}-run"
touch "$stamp"
