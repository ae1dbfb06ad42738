#!/bin/sh
# The `motcua` command of this server: as its user and on its data, whoever calls it.
set -eu
if [ -r /etc/motcua.env ]; then
    set -a
    # shellcheck source=/dev/null
    . /etc/motcua.env
    set +a
fi
export MOTCUA_DATA="${MOTCUA_DATA:-/var/lib/motcua}"
if [ "$(id -u)" -eq 0 ]; then
    exec setpriv --reuid motcua --regid motcua --init-groups --reset-env env \
        MOTCUA_DATA="$MOTCUA_DATA" MOTCUA_PUBLIC_URL="${MOTCUA_PUBLIC_URL:-}" \
        LANG=C.UTF-8 /opt/motcua/.venv/bin/motcua "$@"
fi
exec /opt/motcua/.venv/bin/motcua "$@"
