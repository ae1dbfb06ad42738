#!/bin/sh
# Makes this Debian 12 PC the server of a hall: installs Một Cửa from this folder and runs it as a
# service. Asks nothing; may be run again, also after an update. docs/set-up-a-server.md
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$here/../../kiosk/pc/placing.sh"

usage() {
    cat <<'END'
Usage: set-up-server.sh --public-url URL [--port PORT] [--root DIR]

  --public-url URL     the address phones open, as in the QR code, like http://192.168.1.10:8080
  --port PORT          where the server listens (8080 if left out)
  --root DIR           only write the files, below DIR; install and start nothing
  --help               this text
END
}

public_url="" port=8080
while [ $# -gt 0 ]; do
    case $1 in
    --help)
        usage
        exit 0
        ;;
    --public-url | --port | --root) needs "$@" ;;
    *) wrong "there is no option $1" ;;
    esac
    case $1 in
    --public-url) public_url=${2%/} ;;
    --port) port=$2 ;;
    --root) new_root "$2" ;;
    esac
    shift 2
done
fits "$public_url" 'https?://[A-Za-z0-9.-]+(:[0-9]+)?' ||
    wrong "--public-url must be like http://192.168.1.10:8080, without anything behind it"
fits "$port" '[1-9][0-9]{3,4}' || wrong "--port is from 1024 to 65535"
[ -n "$root" ] || [ "$(id -u)" -eq 0 ] || wrong "run it as root (su -), or with --root DIR"

product=$(cd "$here/../.." && pwd)
fill() { sed -e "s|/opt/motcua|$product|g" -e "s|@PORT@|$port|g"; }

if [ -z "$root" ]; then
    bring python3 python3-venv make libusb-1.0-0 espeak-ng ca-certificates systemd-timesyncd
    make_user motcua /var/lib/motcua
    usermod --append --groups lp,dialout,audio motcua
    make -C "$product" install
    mkdir -p /etc/motcua
fi
place motcua.sh 0755 /usr/local/bin/motcua
place motcua.service 0644 /etc/systemd/system/motcua.service
fill <"$here/../../hardware/pc/60-motcua-printers.rules" >"$draft"
keep 0644 /etc/udev/rules.d/60-motcua-printers.rules
cat >"$draft" <<END
# Written by set-up-server.sh; run it again to change something. Other settings
# (docs/settings.md) belong into /var/lib/motcua/motcua.env, which it leaves alone.
MOTCUA_PUBLIC_URL=$public_url
END
keep 0644 /etc/motcua.env
units=/etc/systemd/system
link "$units/motcua.service" "$units/multi-user.target.wants/motcua.service"

if [ -z "$root" ] && [ -d /run/systemd/system ]; then
    if [ -n "$changed" ]; then
        udevadm control --reload
        udevadm trigger --subsystem-match=usb --action=change
        systemctl daemon-reload
    fi
    # Also when no file here has changed: the product itself may have.
    systemctl restart motcua.service
fi
[ -n "$changed" ] || echo "nothing to change"
