# shellcheck shell=sh
# What the set-up scripts share: refusing wrong options, and putting files where they differ.
# A script sets here (its folder) and fill (what stands for the @NAMES@), and reads changed.

# shellcheck disable=SC2034 # read by the scripts
changed=""
root=""
draft=$(mktemp)
trap 'rm -f "$draft"' EXIT
trap 'exit 1' INT TERM

wrong() { # what is wrong
    echo "${0##*/}: $1" >&2
    echo "${0##*/} --help lists what it takes" >&2
    exit 2
}

needs() { # option, value
    case ${2:-} in "" | --*) wrong "$1 needs a value" ;; esac
}

fits() { # value, extended pattern: one line that matches as a whole
    [ "$(printf '%s' "$1" | grep -c '')" -le 1 ] && printf '%s' "$1" | grep -Eqx "$2"
}

new_root() { # value of --root
    root=${1%/}
    [ -n "$root" ] || wrong "--root needs a folder other than /"
}

keep() { # mode, path [, owner]: puts the draft there when it differs
    target=$root$2
    if ! cmp -s "$draft" "$target" 2>/dev/null; then
        mkdir -p "$(dirname "$target")"
        # Never readable by more people than at the end.
        (umask 077 && cp "$draft" "$target.new")
        [ -n "$root" ] || [ -z "${3:-}" ] || chown "$3" "$target.new"
        chmod "$1" "$target.new"
        mv "$target.new" "$target"
        changed="$changed $2"
        echo "wrote $2"
    else
        [ -n "$root" ] || [ -z "${3:-}" ] || chown "$3" "$target"
        chmod "$1" "$target"
    fi
}

place() { # file beside the script, mode, path [, owner]
    # shellcheck disable=SC2154 # here is set by the script
    fill <"$here/$1" >"$draft"
    keep "$2" "$3" "${4:-}"
}

link() { # what it points to, path
    if [ "$(readlink "$root$2" 2>/dev/null || true)" != "$1" ]; then
        mkdir -p "$(dirname "$root$2")"
        ln -sfn "$1" "$root$2"
        changed="$changed $2"
        echo "linked $2"
    fi
}

bring() { # packages: Debian's, without asking
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -q -y --no-install-recommends "$@"
}

make_user() { # name, home: without a password and without a shell, so nobody signs in as it
    id "$1" >/dev/null 2>&1 ||
        useradd --system --user-group --home-dir "$2" --create-home --shell /usr/sbin/nologin "$1"
    chmod 0700 "$2"
}
