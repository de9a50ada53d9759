#!/bin/sh
# Starts Valkey with its one user, or asks it how it is (`start.sh ping`). The password comes from a file: it is on no
# command line and in no environment that `docker inspect` shows, and the server is given its hash only.
set -eu
password=$(cat /run/secrets/redis_password)

if [ "${1:-}" = ping ]; then
  # While it still loads its file it answers, but with an error.
  [ "$(REDISCLI_AUTH=$password valkey-cli ping)" = PONG ]
  exit
fi

[ -n "$password" ] || { echo "The secret redis_password is empty." >&2; exit 1; }
hash=$(printf %s "$password" | sha256sum | cut -d ' ' -f 1)
umask 077
# Nothing that empties the store, reconfigures it or reads all keys at once.
printf 'user default on #%s ~* &* +@all -@admin -@dangerous +info\n' "$hash" >/tmp/users.acl
exec valkey-server /etc/valkey/valkey.conf
