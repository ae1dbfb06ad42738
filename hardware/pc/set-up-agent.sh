#!/bin/sh
# Makes this Debian 12 PC print for a server elsewhere: installs Một Cửa from this folder and runs
# `motcua agent` as a service. Asks nothing; may be run again. docs/agent.md
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$here/../../kiosk/pc/placing.sh"

usage() {
    cat <<'END'
Usage: set-up-agent.sh --server URL --token-file FILE --printer URI [--root DIR]

  --server URL         the server, like http://192.168.1.10:8080
  --token-file FILE    a file with the token that `motcua device add agent` printed
  --printer URI        the printer at this PC, like usb://04b8:0e15 (docs/printers.md)
  --root DIR           only write the files, below DIR; install and start nothing
  --help               this text
END
}

server="" token_file="" printer=""
while [ $# -gt 0 ]; do
    case $1 in
    --help)
        usage
        exit 0
        ;;
    --server | --token-file | --printer | --root) needs "$@" ;;
    *) wrong "there is no option $1" ;;
    esac
    case $1 in
    --server) server=${2%/} ;;
    --token-file) token_file=$2 ;;
    --printer) printer=$2 ;;
    --root) new_root "$2" ;;
    esac
    shift 2
done
fits "$server" 'https?://[A-Za-z0-9.-]+(:[0-9]+)?' ||
    wrong "--server must be like http://192.168.1.10:8080, without anything behind it"
fits "$printer" '[a-z0-9]+:[][A-Za-z0-9._~:/?&=%+-]+' || wrong "--printer must be like usb://04b8:0e15"
if [ -z "$token_file" ] || [ ! -r "$token_file" ]; then
    wrong "--token-file must name a file with the agent's token"
fi
token=$(tr -d ' \t\r\n' <"$token_file")
[ -n "$token" ] || wrong "the file $token_file is empty"
[ -n "$root" ] || [ "$(id -u)" -eq 0 ] || wrong "run it as root (su -), or with --root DIR"

product=$(cd "$here/../.." && pwd)
fill() { sed -e "s|/opt/motcua|$product|g"; }

if [ -z "$root" ]; then
    bring python3 python3-venv make libusb-1.0-0 ca-certificates
    make_user motcua-agent /var/lib/motcua-agent
    make -C "$product" install
fi
place 60-motcua-printers.rules 0644 /etc/udev/rules.d/60-motcua-printers.rules
place motcua-agent.service 0644 /etc/systemd/system/motcua-agent.service
cat >"$draft" <<END
# Written by set-up-agent.sh; run it again to change something.
MOTCUA_AGENT_SERVER=$server
MOTCUA_AGENT_TOKEN=$token
MOTCUA_AGENT_PRINTER=$printer
END
keep 0600 /etc/motcua-agent.env root:root
units=/etc/systemd/system
link "$units/motcua-agent.service" "$units/multi-user.target.wants/motcua-agent.service"

if [ -z "$changed" ]; then
    echo "nothing to change"
elif [ -z "$root" ] && [ -d /run/systemd/system ]; then
    udevadm control --reload
    udevadm trigger --subsystem-match=usb --action=change
    systemctl daemon-reload
    systemctl restart motcua-agent.service
fi
