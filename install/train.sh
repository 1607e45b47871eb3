#!/usr/bin/env bash
# Installs TensorFlow, which trains the network that sees secrecy stamps, in a virtual environment of its own: nothing
# of the product needs it. Does nothing when it is up to date.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=.train/installed-$(sha256sum requirements/train.txt | cut -c1-16)
[ -e "$stamp" ] && exit 0
echo "== installing TensorFlow for the training"
[ -x .train/venv/bin/python ] || python3 -m venv .train/venv
.train/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
  -r requirements/train.txt
rm -f .train/installed-*
touch "$stamp"
