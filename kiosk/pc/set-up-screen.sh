#!/bin/sh
# Makes this PC (Debian 12, no desktop) a kiosk or a display of Một Cửa. Asks nothing; may be run
# again, for example with other options: it changes only what differs. docs/set-up-a-kiosk.md
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$here/placing.sh"

usage() {
    cat <<'END'
Usage: set-up-screen.sh --server URL --office SLUG [options]

  --server URL         the server, like http://192.168.1.10:8080
  --office SLUG        the hall, as the hall file names it
  --screen KIND        kiosk (if left out) or display
  --token-file FILE    a file with the token that `motcua device add kiosk` (or display) printed
  --rotate WAY         normal (if left out), left, right or inverted: how the screen hangs
  --volume PERCENT     display: loudness, 0 to 100 (80 if left out)
  --sound NAME         display: a part of the loudspeaker's name, like hdmi; the journal lists them
  --restart-at HH:MM   when the browser starts anew each night (03:30 if left out)
  --root DIR           only write the files, below DIR; install and start nothing
  --help               this text
END
}

server="" office="" screen=kiosk token_file="" rotate=normal volume=80 sound="" restart_at=03:30
while [ $# -gt 0 ]; do
    case $1 in
    --help)
        usage
        exit 0
        ;;
    --server | --office | --screen | --token-file | --rotate | --volume | --sound | --restart-at | --root)
        needs "$@"
        ;;
    *) wrong "there is no option $1" ;;
    esac
    case $1 in
    --server) server=${2%/} ;;
    --office) office=$2 ;;
    --screen) screen=$2 ;;
    --token-file) token_file=$2 ;;
    --rotate) rotate=$2 ;;
    --volume) volume=$2 ;;
    --sound) sound=$2 ;;
    --restart-at) restart_at=$2 ;;
    --root) new_root "$2" ;;
    esac
    shift 2
done

fits "$server" 'https?://[A-Za-z0-9.-]+(:[0-9]+)?' ||
    wrong "--server must be like http://192.168.1.10:8080, without anything behind it"
fits "$office" '[a-z0-9]+(-[a-z0-9]+)*' || wrong "--office must be a slug like vinh-thuan"
fits "$screen" 'kiosk|display' || wrong "--screen is kiosk or display"
fits "$volume" '[0-9]|[1-9][0-9]|100' || wrong "--volume is from 0 to 100"
fits "$sound" '[A-Za-z0-9._-]*' || [ -z "$sound" ] || wrong "--sound is a part of a name, like hdmi"
fits "$restart_at" '([01][0-9]|2[0-3]):[0-5][0-9]' || wrong "--restart-at is a time like 03:30"
case $rotate in
normal) matrix="1 0 0 0 1 0 0 0 1" ;;
left) matrix="0 -1 1 1 0 0 0 0 1" ;;
right) matrix="0 1 0 -1 0 1 0 0 1" ;;
inverted) matrix="-1 0 1 0 -1 1 0 0 1" ;;
*) wrong "--rotate is normal, left, right or inverted" ;;
esac
[ -z "$token_file" ] || [ -r "$token_file" ] || wrong "cannot read the file $token_file"
[ -n "$root" ] || [ "$(id -u)" -eq 0 ] || wrong "run it as root (su -), or with --root DIR"

user=motcua-screen
library=/usr/local/lib/motcua-screen
fill() { sed -e "s|@SERVER@|$server|g" -e "s|@MATRIX@|$matrix|g" -e "s|@RESTART_AT@|$restart_at|g"; }

if [ -z "$root" ]; then
    packages="chromium chromium-sandbox xserver-xorg-core xserver-xorg-input-libinput
        xserver-xorg-video-fbdev libgl1-mesa-dri x11-xserver-utils openbox libpam-systemd
        dbus-user-session python3 fonts-noto-core kbd ca-certificates systemd-timesyncd
        unattended-upgrades"
    [ "$screen" = kiosk ] || packages="$packages pipewire-pulse pipewire-alsa wireplumber
        pulseaudio-utils alsa-utils"
    # shellcheck disable=SC2086 # the names are words
    bring $packages
    make_user "$user" "/var/lib/$user"
    usermod --append --groups audio,video,render "$user"
fi

place screen.py 0755 "$library/screen.py"
place waiting.html 0644 "$library/waiting.html"
place openbox.xml 0644 "$library/openbox.xml"
place policies.json 0644 /etc/chromium/policies/managed/motcua-screen.json
place xorg.conf 0644 /etc/X11/xorg.conf.d/90-motcua-screen.conf
place pam 0644 /etc/pam.d/motcua-screen
place motcua-screen.service 0644 /etc/systemd/system/motcua-screen.service
place motcua-screen-restart.service 0644 /etc/systemd/system/motcua-screen-restart.service
place motcua-screen-restart.timer 0644 /etc/systemd/system/motcua-screen-restart.timer
place logind.conf 0644 /etc/systemd/logind.conf.d/90-motcua-screen.conf
place system.conf 0644 /etc/systemd/system.conf.d/90-motcua-screen.conf
place journald.conf 0644 /etc/systemd/journald.conf.d/90-motcua-screen.conf
place sysctl.conf 0644 /etc/sysctl.d/90-motcua-screen.conf
place grub.cfg 0644 /etc/default/grub.d/90-motcua-screen.cfg
place apt.conf 0644 /etc/apt/apt.conf.d/90-motcua-screen
place apt-timer.conf 0644 /etc/systemd/system/apt-daily-upgrade.timer.d/90-motcua-screen.conf

cat >"$draft" <<END
# Written by set-up-screen.sh; run it again to change something.
SERVER=$server
OFFICE=$office
SCREEN=$screen
ROTATE=$rotate
VOLUME=$volume
SOUND=$sound
END
keep 0644 /etc/motcua-screen/screen.conf
if [ -n "$token_file" ]; then
    tr -d ' \t\r\n' <"$token_file" >"$draft"
    [ -s "$draft" ] || wrong "the file $token_file is empty"
    keep 0640 /etc/motcua-screen/token "root:$user"
fi

units=/etc/systemd/system
link "$units/motcua-screen.service" "$units/multi-user.target.wants/motcua-screen.service"
link "$units/motcua-screen-restart.timer" "$units/timers.target.wants/motcua-screen-restart.timer"
for never in ctrl-alt-del sleep suspend hibernate hybrid-sleep; do
    link /dev/null "$units/$never.target"
done
# A desktop that was installed by mistake would take the screen.
link /lib/systemd/system/multi-user.target "$units/default.target"

if [ -z "$changed" ]; then
    echo "nothing to change"
elif [ -z "$root" ]; then
    case $changed in *grub.d*) if command -v update-grub >/dev/null; then update-grub; fi ;; esac
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload
        systemctl restart apt-daily-upgrade.timer motcua-screen-restart.timer
        systemctl restart --no-block motcua-screen.service
    fi
fi
if [ -z "$root" ]; then
    [ "$screen" = display ] || [ -e /etc/motcua-screen/token ] ||
        echo "no token: enter it on the kiosk at $server/kiosk/$office/device, or run this again with --token-file"
    echo "this PC shows $server/$screen/$office; restart it once (systemctl reboot)"
fi
