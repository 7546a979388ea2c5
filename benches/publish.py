#!/usr/bin/env python3
"""The whole pyramid of zones, brownfields and Natura 2000, zooms 4 to 14: Emprise beside tippecanoe and freestiler.

    python3 benches/publish.py EMPRISE SNAPSHOT FOLDER [emprise|tippecanoe|freestiler ...]

SNAPSHOT is the data folder of the national synthetic layers; FOLDER holds the same layers in EPSG:4326 as zones.fgb, brownfields.fgb
and natura.fgb, and gets the archives. Prints processor seconds, peak memory and bytes of each; then the number of features that each
has in the tiles of zoom 14, each counted once, which has to be the same. Nothing is dropped by any of them: tippecanoe is told so.
"""

import json
import os
import sys
import time

LAYERS = ["zones", "brownfields", "natura"]


def measured(name, command):
    began = time.time()
    pid = os.spawnvp(os.P_NOWAIT, command[0], command)
    _, status, used = os.wait4(pid, 0)
    line = {
        "tool": name,
        "status": status,
        "cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "clock_s": round(time.time() - began, 1),
        "peak_mb": round(used.ru_maxrss / 1024),
    }
    return line


def features_at(path, zoom=14):
    """How many different features the tiles of a zoom hold, by layer and id."""
    import gzip

    from pmtiles.reader import MmapSource, Reader
    from pmtiles.tile import deserialize_directory, tileid_to_zxy

    source = MmapSource(open(path, "rb"))
    header = Reader(source).header()
    found, tiles = {layer: set() for layer in LAYERS}, 0
    largest = 0

    def walk(offset, length):
        nonlocal tiles, largest
        for entry in deserialize_directory(source(offset, length)):
            if entry.run_length == 0:
                walk(header["leaf_directory_offset"] + entry.offset, entry.length)
                continue
            first, _, _ = tileid_to_zxy(entry.tile_id)
            tiles += entry.run_length
            largest = max(largest, entry.length)
            if first == zoom:
                data = source(header["tile_data_offset"] + entry.offset, entry.length)
                names(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data, found)

    walk(header["root_offset"], header["root_length"])
    return {"tiles": tiles, "largest_tile": largest, **{layer: len(ids) for layer, ids in found.items()}}


def number(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def fields(data, start, end):
    at = start
    while at < end:
        key, at = number(data, at)
        if key & 7 == 2:
            length, at = number(data, at)
            yield key >> 3, at, at + length
            at += length
        elif key & 7 == 0:
            value, at = number(data, at)
            yield key >> 3, value, None
        else:
            at += 8 if key & 7 == 1 else 4


def names(data, found):
    """Adds what tells features apart: their `id` or `code` attribute, else all their attributes."""
    for tag, start, end in fields(data, 0, len(data)):
        keys, values, features, layer = [], [], [], None
        for part, a, b in fields(data, start, end):
            if part == 1:
                layer = data[a:b].decode()
            elif part == 2:
                features.append((a, b))
            elif part == 3:
                keys.append(data[a:b].decode())
            elif part == 4:
                values.append(data[a:b])
        if layer not in found:
            continue
        wanted = next((keys.index(name) for name in ("id", "code") if name in keys), None)
        for a, b in features:
            for part, c, d in fields(data, a, b):
                if part == 2:
                    tags, at = [], c
                    while at < d:
                        tag_number, at = number(data, at)
                        tags.append(tag_number)
                    pairs = dict(zip(tags[::2], tags[1::2]))
                    found[layer].add(values[pairs[wanted]] if wanted in pairs else tuple(sorted((keys[k], values[v]) for k, v in pairs.items())))


def main():
    emprise, snapshot, folder, *only = sys.argv[1:]
    out = {name: os.path.join(folder, f"{name}.pmtiles") for name in ("emprise", "tippecanoe", "freestiler")}
    sources = [word for layer in LAYERS for word in ("-L", f"{layer}:{folder}/{layer}.fgb")]
    freestile = (
        "import geopandas as gpd, freestiler\n"
        f"layers = {{n: gpd.read_file(f'{folder}/{{n}}.fgb') for n in {LAYERS}}}\n"
        f"freestiler.freestile(layers, {out['freestiler']!r}, min_zoom=4, max_zoom=14, quiet=True)"
    )
    commands = {
        "emprise": [emprise, "publish", snapshot, f"{folder}/published", "--layers", ",".join(LAYERS), "--zooms", "4-14", "--together", "land"],
        "tippecanoe": ["tippecanoe", "-q", "-f", "-o", out["tippecanoe"], "-Z4", "-z14", "-r1", "--no-tile-size-limit", "--no-feature-limit", *sources],
        "freestiler": [sys.executable, "-c", freestile],
    }
    out["emprise"] = f"{folder}/published/tiles/land.pmtiles"
    for name, command in commands.items():
        if only and name not in only:
            continue
        if os.path.exists(out[name]):
            os.remove(out[name])
        line = measured(name, command)
        if line["status"] == 0:
            line["mb"] = round(os.path.getsize(out[name]) / 1e6, 1)
            line.update(features_at(out[name]))
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
