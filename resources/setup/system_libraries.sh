#!/bin/sh
# Finds the system packages that Python wheels cannot bring: Qt's shared libraries, a font, venv.
# Installs what is missing if it may (root, or sudo without a password), else prints the one command to run.
# Runs before the virtual environment exists, so it needs nothing but a shell. Silent when all is there.
#
#   sh resources/setup/system_libraries.sh [PYTHON]     PYTHON: the interpreter that makes the venv

set -eu
python=${1:-python3}

# Without these PySide6 cannot be imported, not even to draw without a display.
essential='libgl1 libegl1 libglib2.0-0 libxkbcommon0 libfontconfig1 libdbus-1-3'
# Without these there is no window, neither on X11 nor on Wayland, and no text: Qt's wheels contain no fonts.
window='libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0
    libwayland-cursor0 libwayland-egl1 fonts-dejavu-core'

if ! command -v dpkg-query >/dev/null; then
    # Elsewhere the packages have other names, and a desktop mostly has them: say so at the first set-up, and go on.
    if [ "$(uname)" = Linux ] && [ ! -e .venv ]; then
        echo "No dpkg here. If no window opens, install what your system calls: $essential $window" >&2
    fi
    exit 0
fi

# Debian splits ensurepip from Python; a venv made without it has no pip.
if ! command -v "$python" >/dev/null; then
    essential="$essential python3 python3-venv"
elif [ ! -x .venv/bin/python ] && ! "$python" -c 'import ensurepip' 2>/dev/null; then
    essential="$essential $(basename "$python")-venv"
fi

missing() {
    # One query for all. Its exit status tells nothing: it also fails on names that dpkg never heard of.
    found=$(dpkg-query -W -f='<${db:Status-Status} ${Package}>' "$@" libglib2.0-0t64 2>/dev/null || true)
    for name in "$@"; do
        case $found in
        # t64: the name libglib has where time_t has 64 bits; apt takes the old one.
        *"<installed $name>"* | *"<installed ${name}t64>"*) ;;
        *) printf '%s ' "$name" ;;
        esac
    done
}

# shellcheck disable=SC2086 # the lists are meant to be split
needed=$(missing $essential $window)
[ -n "$needed" ] || exit 0

root=
if [ "$(id -u)" -ne 0 ]; then
    root=sudo
fi
if [ -z "$root" ] || sudo -n true 2>/dev/null; then
    echo "Installing system packages: $needed" >&2
    # shellcheck disable=SC2086
    if $root apt-get -qq update &&
        $root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y $needed >/dev/null; then
        exit 0
    fi
fi

echo "System packages are missing. Please run: sudo apt-get install --no-install-recommends $needed" >&2
# shellcheck disable=SC2086
[ -z "$(missing $essential)" ]
