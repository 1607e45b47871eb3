#!/usr/bin/env bash
# Makes the secrets of an office: random, one file each, 0600 and owned by the account in the container that reads it
# (Compose mounts them as they are). Refuses to touch a folder that has any.
# usage: deploy/secrets.sh [--own] [FOLDER]     FOLDER: deploy/secrets unless given
#   --own   leave every file to whoever runs this (rootless engines, tests); otherwise root is needed
set -euo pipefail

own=""
if [ "${1:-}" = --own ]; then own=yes; shift; fi
folder=${1:-$(dirname "$0")/secrets}
program=10001 postgres=999 rabbitmq=999 store=1000

if [ -e "$folder" ]; then
  echo "error: $folder is there already. New secrets would lock the servers out of their own data: nothing changed." >&2
  exit 1
fi
if [ -z "$own" ] && [ "$(id -u)" -ne 0 ]; then
  echo "error: run as root: each file must belong to the account that reads it. Nothing changed." >&2
  exit 1
fi

umask 077
draft=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$draft"' EXIT

random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
put() { # ACCOUNT NAME, the content on standard input
  cat >"$draft/$2"
  chmod 0600 "$draft/$2"
  if [ -z "$own" ]; then chown "$1:$1" "$draft/$2"; fi
}

database=$(random 24) broker=$(random 24) access=$(random 10) secret=$(random 24)
printf %s "$database" | put "$program" database_password
printf %s "$database" | put "$postgres" postgres_hososo_password
random 24 | put "$postgres" postgres_admin_password
printf %s "$broker" | put "$program" broker_password
printf 'default_user = hososo\ndefault_pass = %s\n' "$broker" | put "$rabbitmq" rabbitmq_account.conf
printf %s "$access" | put "$program" s3_access_key
printf %s "$secret" | put "$program" s3_secret_key
random 32 | put "$program" holding_secret # never in the store itself: there it would open what it seals

# Without these keys the store's own ports would remove a locked version for anybody who asks.
for section in jwt.signing jwt.signing.read jwt.filer_signing jwt.filer_signing.read; do
  printf '[%s]\nkey = "%s"\n\n' "$section" "$(random 32)"
done | put "$store" store_security.toml

# What the program's account may do: no bucket of its own making, and no way around a lock.
actions=""
for action in Read Write List GetObjectRetention PutObjectRetention GetObjectLegalHold PutObjectLegalHold \
  GetBucketObjectLockConfiguration; do
  actions="$actions\"$action:hososo-archive\", "
done
for action in Read Write List GetBucketObjectLockConfiguration; do actions="$actions\"$action:hososo-holding\", "; done
printf '{"identities": [{"name": "hososo", "credentials": [{"accessKey": "%s", "secretKey": "%s"}], "actions": [%s]}]}\n' \
  "$access" "$secret" "${actions%, }" | put "$store" store_identities.json

mv -T "$draft" "$folder" # all of them or none
trap - EXIT
echo "secrets made in $folder; keep a copy of it in a safe, apart from the backups"
