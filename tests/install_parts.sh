#!/bin/sh
# The programs the tests drive: Chromium, Redis, PostgreSQL, a voice, and judges of scripts. Installs Debian's where
# one is missing and this user may; otherwise says which tests will be skipped. `make test` runs it.
set -eu

packages=""
missing() { # package, what goes untested without it
    packages="$packages $1"
    echo "test parts: $1 is missing: $2" >&2
}

command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
    command -v google-chrome >/dev/null || missing chromium "the screens in a real browser"
command -v redis-server >/dev/null || missing redis-server "several server processes as one"
command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ||
    missing postgresql "every command on PostgreSQL"
command -v espeak-ng >/dev/null || missing espeak-ng "the spoken call"
command -v shellcheck >/dev/null || missing shellcheck "the scripts that set up PCs"
command -v systemd-analyze >/dev/null || missing systemd "the units of those PCs"

[ -n "$packages" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "test parts: those tests will be skipped. As root: apt-get install$packages" >&2
    exit 0
fi

# The tests start servers of their own, on free ports; Debian's packages must not start theirs.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# shellcheck disable=SC2086 # the names are words
if { apt-get update -q && apt-get install -q -y --no-install-recommends $packages; } >"$log" 2>&1; then
    echo "test parts: installed$packages" >&2
else
    tail -n 5 "$log" >&2
    echo "test parts: could not install$packages: those tests will be skipped" >&2
fi
rm -f "$log"
