#!/usr/bin/env bash
# Installs what trains the product's models (TensorFlow for secrecy stamps, scikit-learn for kinds) in a virtual
# environment of its own, which also sees what .venv has: nothing of the product needs it. Does nothing when it is up to
# date.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=.train/installed-$(sha256sum requirements/train.txt | cut -c1-16)
[ -e "$stamp" ] && exit 0
echo "== installing TensorFlow and scikit-learn for the training"
[ -x .train/venv/bin/python ] || python3 -m venv .train/venv
.train/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
  -r requirements/train.txt
packages() { "$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }
packages "$PWD/.venv/bin/python" > "$(packages .train/venv/bin/python)/dev.pth"
rm -f .train/installed-*
touch "$stamp"
