#!/usr/bin/env bash
# Installs OCRmyPDF, which the reading bench compares with, in a virtual environment of its own: its dependencies
# must not meet those of the product. Does nothing when it is up to date.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=.bench/installed-$(sha256sum requirements/bench.txt | cut -c1-16)
[ -e "$stamp" ] && exit 0
echo "== installing OCRmyPDF for the bench"
[ -x .bench/venv/bin/python ] || python3 -m venv .bench/venv
.bench/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
  -r requirements/bench.txt
rm -f .bench/installed-*
touch "$stamp"
