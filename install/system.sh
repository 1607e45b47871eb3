#!/usr/bin/env bash
# Installs what hososo needs from Debian 12: Tesseract with the Vietnamese model, a font with Vietnamese letters, and
# the tools that judge our output in the tests and the servers that tests run against. Asks apt only for what is
# missing; does nothing the second time. The tests start servers of their own: none is started or enabled here.
set -euo pipefail

run_packages=(tesseract-ocr tesseract-ocr-vie tesseract-ocr-osd fonts-liberation2 python3-venv
              libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)  # WeasyPrint prints with these
servers=(postgresql redis-server rabbitmq-server)
# Typefaces with every Vietnamese letter, in which the reading bench prints its papers.
faces=(fonts-dejavu-core fonts-dejavu-extra fonts-freefont-ttf fonts-inter fonts-junicode fonts-lato
       fonts-linuxlibertine fonts-noto-core fonts-open-sans fonts-roboto-unhinted fonts-sil-andika fonts-sil-charis
       fonts-sil-gentiumplus fonts-texgyre)
test_packages=(poppler-utils qpdf softhsm2 chromium sane-utils sane-airscan "${faces[@]}" "${servers[@]}")
judge_packages=(default-jdk-headless maven)
bench_packages=(ghostscript)  # OCRmyPDF, which the reading bench compares with, makes PDF/A with it

wanted=("${run_packages[@]}")
[ "${1:-run}" = run ] || wanted+=("${test_packages[@]}")
[ "${1:-run}" != judge ] || wanted+=("${judge_packages[@]}")
[ "${1:-run}" != bench ] || wanted+=("${bench_packages[@]}")

present() {
  case "$1" in
    python3-venv) python3 -c 'import ensurepip, venv' 2>/dev/null ;;  # a python from elsewhere brings its own
    default-jdk-headless) command -v javac >/dev/null ;;
    maven) command -v mvn >/dev/null ;;
    postgresql) compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null ;;
    *) dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed' ;;
  esac
}

missing=()
for package in "${wanted[@]}"; do present "$package" || missing+=("$package"); done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "== installing from Debian: ${missing[*]}"
if ! command -v apt-get >/dev/null; then
  echo "error: this is no Debian system. Install the counterparts of: ${missing[*]}" >&2
  exit 1
fi
sudo=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "error: need root. Run as root: apt-get install ${missing[*]}" >&2; exit 1; }
  sudo=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
# Debian starts a server as soon as it is installed, unless this file says no; one that is there already is obeyed.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap '"${sudo[@]}" rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
  "${sudo[@]}" chmod 755 "$policy"
fi
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
for server in "${servers[@]}"; do
  [[ " ${missing[*]} " != *" $server "* ]] || "${sudo[@]}" update-rc.d "$server" disable >/dev/null
done
