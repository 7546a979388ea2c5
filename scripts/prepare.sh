#!/usr/bin/env bash
# Installs the system packages that the build needs, where it may; otherwise says which command does.
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
[ ${#needed[@]} -eq 0 ] && exit 0

install="apt-get install -y --no-install-recommends ${needed[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "Some system packages are missing; install them, then run make again: sudo $install"
        exit 1
    fi
    as_root=(sudo -n)
fi
if ! command -v apt-get >/dev/null; then
    echo "Some programs are missing; install these with your package manager, then run make again: ${needed[*]}"
    exit 1
fi
echo "installing ${needed[*]}"
"${as_root[@]}" apt-get update -q
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" $install
