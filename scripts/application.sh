#!/usr/bin/env bash
# The map application, the styles and the dossiers in a real browser: scripts/application.sh ADDRESS PROGRAM DATA, where ADDRESS is a running server of the
# fixtures, PROGRAM the binary and DATA its data folder, for journeys that stop a server of their own.
set -euo pipefail
cd "$(dirname "$0")/../web"
address=${1:?"usage: scripts/application.sh ADDRESS PROGRAM DATA"}
if ! command -v "${CHROMIUM:-chromium}" >/dev/null; then
    echo "skipped: no chromium on this machine (CHROMIUM names another)"
    exit 0
fi
pictures=$(mktemp -d)
trap 'rm -rf "$pictures"' EXIT
node test/journeys.mjs "$2" "$3"
node test/look.mjs "$address" "$pictures"
node test/pictures.mjs "$address" "$pictures/styles"
node test/dossiers.mjs "$address" "$pictures/dossiers" >/dev/null
node test/dossier.mjs "$pictures"/dossiers/*.html
