#!/usr/bin/env bash
# Asks a running server what its clients would: scripts/clients.sh http://127.0.0.1:8080
# GDAL pages every collection to its end, OWSLib lists and reads, schemathesis tries to break every route. A tool that is not
# there is skipped, aloud; EMPRISE_PYTHON is the python with OWSLib, EMPRISE_SCHEMATHESIS the program.
set -euo pipefail
server=${1:?"usage: scripts/clients.sh ADDRESS"}
server=${server%/}
python=${EMPRISE_PYTHON:-python3}
schemathesis=${EMPRISE_SCHEMATHESIS:-schemathesis}

if command -v ogr2ogr >/dev/null; then
    layers=$(curl -fsS "$server/collections?f=json" | "$python" -c 'import json, sys
for one in json.load(sys.stdin)["collections"]: print(one["id"], one["counts"]["features"])')
    while read -r layer count; do
        read_rows=$(ogr2ogr -f CSV /vsistdout/ "OAPIF:$server/" "$layer" -oo PAGE_SIZE=1000 -select id | tail -n +2 | wc -l)
        [ "$read_rows" -eq "$count" ] || { echo "GDAL reads $read_rows of the $count features of $layer"; exit 1; }
    done <<<"$layers"
    echo "GDAL pages $(wc -l <<<"$layers") collections to the last feature"
else
    echo "skipped: GDAL (ogr2ogr) is not on this machine"
fi

if "$python" -c 'import owslib' 2>/dev/null; then
    "$python" - "$server/" <<'PYTHON'
import sys
from urllib.parse import quote
from owslib.ogcapi.features import Features
api = Features(sys.argv[1])
names = api.feature_collections()
for name in names:
    page = api.collection_items(name, limit=3)
    assert page["numberReturned"] == len(page["features"]) <= 3, name
    assert api.collection_queryables(name)["properties"] or not api.collection(name)["columns"], name
    for feature in page["features"]:
        assert api.collection_item(name, quote(feature["id"], safe=""))["id"] == feature["id"], name
print(f"OWSLib lists {len(names)} collections and reads each")
PYTHON
else
    echo "skipped: OWSLib is not on this machine"
fi

if command -v "$schemathesis" >/dev/null; then
    description=$(mktemp --suffix .json)
    trap 'rm -f "$description"' EXIT
    # It draws no values from a schema that holds itself, as criteria hold criteria, nor from one that closes what it is put together
    # of: at the second turn anything goes, and so do other members.
    curl -fsS "$server/api" | "$python" -c '
import json, sys
api = json.load(sys.stdin)
def target(reference):
    found = api
    for part in reference[2:].split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found
def plain(schema, within):
    if isinstance(schema, list):
        return [plain(one, within) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(reference := schema.get("$ref"), str):
        return {} if within.count(reference) > 1 else plain(target(reference), [*within, reference])
    return {key: plain(value, within) for key, value in schema.items() if key not in ("$defs", "unevaluatedProperties")}
schemas = api["components"]["schemas"]
schemas["Specification"] = plain(schemas["Specification"], [])
json.dump(api, sys.stdout)' >"$description"
    "$schemathesis" run "$description" --url "$server" --phases examples,coverage,fuzzing --max-examples "${EXAMPLES:-20}" \
        --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
else
    echo "skipped: schemathesis is not on this machine"
fi
