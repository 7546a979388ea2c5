"""Numbers of territories from the publishers' files alone, to be compared with the program's.

usage: indicators.py SHARED. Standard output, JSON: {"values": {level: {code: {indicator: [value, is it whole]}}}, "not_mapped": {table: rows}},
of every commune of Île-de-France and of every EPCI and département that has one of them. pandas adds up; codes are mapped by the official
lists, which are not the file that the program reads.
"""

import gzip
import json
import sys

import pandas as pd

IDF = {"75", "77", "78", "91", "92", "93", "94", "95"}
MODES = {"car": "VP", "transit": "TC", "walk": "NM", "home": "DOMICILE"}


def lists(shared):
    with gzip.open(f"{shared}/data/territories/decoupage/communes.json.gz") as file:
        listed = json.load(file)
    present = {c["code"]: c["departement"] for c in listed if c["type"] == "commune-actuelle"}
    former = {old: c["code"] for c in listed for old in c.get("anciensCodes", [])}
    former |= {c["code"]: c["commune"] for c in listed if c["type"] == "arrondissement-municipal"}
    return present, former


def main():
    shared = sys.argv[1]
    present, former = lists(shared)
    communes = pd.read_parquet(f"{shared}/data/territories/communes_2026.parquet", columns=["code", "population_municipale", "departement_code", "epci_siren"])
    here = set(communes.code)
    areas = {
        "commune": communes.set_index("code").index.to_series(),
        "epci": communes.set_index("code").epci_siren,
        "departement": communes.set_index("code").departement_code,
    }
    place = lambda code: code if code in here else former.get(code) if former.get(code) in here else None
    not_mapped, columns = {}, {}

    def table(name, frame, code):
        frame = frame.assign(place=frame[code].map(place))
        not_mapped[name] = int(frame.place.isna().sum())
        return frame[frame.place.notna()]

    def add(name, frame, value):
        """Sums, and whether none of the cells is missing; no row is none."""
        grouped = value.groupby(frame.place)
        columns[name] = (grouped.sum(), value.isna().groupby(frame.place).any())

    def divided(name, frame, top, bottom):
        columns[name] = (top.groupby(frame.place).sum(), bottom.groupby(frame.place).sum())

    flows = pd.read_csv(f"{shared}/data/commuting/mobpro_idf_mode_csp.csv.gz", dtype={"ORI": str, "DES": str})
    for side, code in [("homes", "ORI"), ("works", "DES")]:
        frame = table(side, flows, code)
        add(f"{side}-all", frame, frame.FLOW)
        add(f"{side}-rows", frame, frame.FLOW * 0 + 1)
        for word, mode in MODES.items():
            add(f"{side}-{word}", frame, frame.FLOW.where(frame.MODE == mode, 0.0))
        divided(f"{side}-class", frame, frame.FLOW * frame.CSP, frame.FLOW)
        divided(f"{side}-ratio", frame, frame.FLOW, frame.CSP.astype(float))
    for number in range(1, 7):
        frame = table("homes", flows, "ORI")
        add(f"homes-class-{number}", frame, frame.FLOW.where(frame.CSP == number, 0.0))
    matrix = table("flows", pd.read_csv(f"{shared}/data/commuting/mobpro_idf_od.csv.gz", sep=";", dtype=str), "CODGEO")
    add("flows-all", matrix, matrix.NBFLUX_ACTOCC15P.astype(float))
    friches = pd.read_csv(f"{shared}/data/brownfields/cartofriches_2024.csv.gz", sep=";", dtype=str, keep_default_na=False)
    friches["comm_insee"] = friches.comm_insee.str.zfill(5)
    friches = table("friches", friches, "comm_insee")
    add("friches", friches, friches.site_id.notna().astype(float))
    add("friches-area", friches, pd.to_numeric(friches.unite_fonciere_surface, errors="coerce"))
    people = communes.assign(place=communes.code)
    add("people", people, people.population_municipale)
    print(json.dumps({"values": answers(columns, areas, communes), "not_mapped": not_mapped}))


def answers(columns, areas, communes):
    codes = communes.code
    inside = set(codes[communes.departement_code.isin(IDF)])
    values = {}
    for level, area in areas.items():
        wanted = {area[code] for code in inside} - {None}
        by_area = values[level] = {code: {} for code in sorted(w for w in wanted if isinstance(w, str))}
        for name, (one, other) in columns.items():
            one, other = one.reindex(codes, fill_value=0), other.reindex(codes, fill_value=False if other.dtype == bool else 0)
            top, rest = one.groupby(area).sum(), other.groupby(area).any() if other.dtype == bool else other.groupby(area).sum()
            for code in by_area:
                if other.dtype == bool:
                    by_area[code][name] = [float(top[code]), not bool(rest[code])]
                else:
                    by_area[code][name] = [float(top[code] / rest[code]) if rest[code] > 0 else None, True]
    return values


if __name__ == "__main__":
    main()
