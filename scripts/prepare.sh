#!/usr/bin/env bash
# Installs the system packages that the build needs, where it may; otherwise says which command does. `prepare.sh test` adds
# what the tests compare with, and goes on without it: such a test is skipped, and says so.
set -euo pipefail

# PROJ is built from source: a C++ compiler, cmake, and sqlite3 to make its database.
needed=()
need() { command -v "$1" >/dev/null || needed+=("$2"); }
need cc gcc
need c++ g++
need cmake cmake
need sqlite3 sqlite3
need pkg-config pkg-config

for tool in cargo node npm; do
    command -v "$tool" >/dev/null || { echo "Emprise is built with $tool, which is not installed."; exit 1; }
done
must=${#needed[@]}
[ "${1:-}" = test ] && ! "${EMPRISE_PYTHON:-python3}" -c 'import numpy' 2>/dev/null && needed+=(python3-numpy)
[ ${#needed[@]} -eq 0 ] && exit 0
give_up() { [ "$must" -eq 0 ] && exit 0; exit 1; }

install="apt-get install -y --no-install-recommends ${needed[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "Some system packages are missing; install them, then run make again: sudo $install"
        give_up
    fi
    as_root=(sudo -n)
fi
if ! command -v apt-get >/dev/null; then
    echo "Some programs are missing; install these with your package manager, then run make again: ${needed[*]}"
    give_up
fi
echo "installing ${needed[*]}"
install() {
    "${as_root[@]}" apt-get update -q && DEBIAN_FRONTEND=noninteractive "${as_root[@]}" $install
}
install || give_up
