#!/usr/bin/env bash
# Warm tiles: requests per second of `emprise serve` beside nginx with the same body as a static file, on the same cores.
#
#     benches/warm.sh EMPRISE SNAPSHOT [TILE] [CORES] [SECONDS]
#
# TILE is the path of a tile without its ending, by default zones,brownfields/9/259/176; CORES as taskset has them, by default 0.
# Three rounds by turns with 16 and 64 connections; beside the rates, the processor time a request takes, which what else runs on
# the machine changes least. Needs nginx, wrk, curl and taskset; works in a temporary folder, on ports 5580 and 5581.
set -euo pipefail
emprise=$1 snapshot=$2 tile=${3:-zones,brownfields/9/259/176} cores=${4:-0} seconds=${5:-8}
folder=$(mktemp -d)
chmod a+rx "$folder"
mkdir "$folder/www" "$folder/body"
finish() {
    kill "$server" 2>/dev/null || true
    [ -f "$folder/nginx.pid" ] && kill "$(cat "$folder/nginx.pid")"
    sleep 1
    rm -rf "$folder"
}

taskset -c "$cores" "$emprise" serve "$snapshot" --port 5581 >"$folder/serve.log" 2>&1 &
server=$!
trap finish EXIT
for _ in $(seq 120); do
    curl -sf "http://127.0.0.1:5581/tiles/${tile%%/*}.json" >"$folder/tiles.json" && break
    sleep 1
done
edition=$(grep -o 'edition=[0-9a-f]*' "$folder/tiles.json" | head -1)
path="/tiles/$tile.mvt?$edition"
curl -sf -H 'Accept-Encoding: gzip' "http://127.0.0.1:5581$path" -o "$folder/www/tile.mvt"
echo "body: $(stat -c %s "$folder/www/tile.mvt") bytes"

cat >"$folder/nginx.conf" <<CONFIGURATION
worker_processes $(taskset -c "$cores" nproc); pid $folder/nginx.pid; error_log $folder/nginx.log; daemon on;
events { worker_connections 2048; }
http {
    access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 100000000;
    client_body_temp_path $folder/body; types { application/vnd.mapbox-vector-tile mvt; }
    server {
        listen 127.0.0.1:5580 reuseport; root $folder/www;
        add_header Content-Encoding gzip; add_header Cache-Control "public, max-age=31536000, immutable";
    }
}
CONFIGURATION
taskset -c "$cores" nginx -c "$folder/nginx.conf"
sleep 1

# Milliseconds of processor time of processes so far.
spent() { awk '{ sum += $14 + $15 } END { print sum * 10 }' "${@/%//stat}"; }
report() {
    local name=$1 address=$2 before after count
    shift 2
    before=$(spent "$@")
    wrk -t1 -c"$connections" -d"${seconds}s" --latency -H 'Accept-Encoding: gzip' "$address" >"$folder/wrk.txt"
    after=$(spent "$@")
    count=$(grep -o '[0-9]* requests in' "$folder/wrk.txt" | cut -d' ' -f1)
    printf '%s cores %s, %2d connections: %9.0f requests/s, median %s, p99 %s, %d us CPU a request, load %s\n' "$name" "$cores" \
        "$connections" "$(awk '/Requests\/sec/ { print $2 }' "$folder/wrk.txt")" "$(awk '/ 50%/ { print $2 }' "$folder/wrk.txt")" \
        "$(awk '/ 99%/ { print $2 }' "$folder/wrk.txt")" $(((after - before) * 1000 / count)) "$(cut -d' ' -f1 /proc/loadavg)"
}
for _ in 1 2 3; do
    for connections in 16 64; do
        mapfile -t workers < <(pgrep -P "$(cat "$folder/nginx.pid")" | sed 's#^#/proc/#')
        report 'nginx  ' http://127.0.0.1:5580/tile.mvt "${workers[@]}"
        report emprise "http://127.0.0.1:5581$path" "/proc/$server"
    done
done
grep VmHWM "/proc/$server/status"
