#!/usr/bin/env bash
# The demo: make the sample dossiers once, digitise them, confirm some data, and end with the figure.
set -euo pipefail
cd "$(dirname "$0")/.."
export HOSOSO_HOME="$PWD/demo/kho" HOSOSO_PROFILE=demo
hososo=.venv/bin/hososo

echo "== preparing the archive ($HOSOSO_HOME)"
$hososo init
if [ ! -e demo/mau/truth.json ]; then
  echo "== making the sample dossiers (demo/mau)"
  rm -rf demo/mau.new
  .venv/bin/python -m samples.make demo/mau.new --pki "$HOSOSO_HOME/development-pki"
  mv demo/mau.new demo/mau
fi
$hososo register import demo/mau/register.xlsx
echo "== digitising (Ctrl-C stops cleanly, make demo goes on)"
# 3: some input needs a person. The samples hold one bad file on purpose.
$hososo digitise demo/mau || [ $? -eq 3 ]
echo
echo "== the two rates before this run's confirmations"
$hososo report --summary
echo
echo "== a person confirms most of the documents"
$hososo confirm demo/mau/confirmations.json --by can-bo-mau
echo
echo "== the report now"
$hososo report --xlsx demo/bao-cao.xlsx
echo
echo "The archive lies in demo/kho/archive, the report in demo/bao-cao.xlsx. Next, try:"
echo "  export HOSOSO_HOME=$PWD/demo/kho"
echo "  .venv/bin/hososo search 'khai sinh'"
echo "  .venv/bin/hososo verify"
echo "  .venv/bin/hososo export H99.27.14-260211-0008 demo/ra"
