"""Sums of commuting flows from the publishers' files alone, to be compared with the program's.

usage: commuting.py SHARED. Standard output, JSON: total workers of both files; for each commune, EPCI and département, by the codes of
the file of communes, [residents, jobs, internal]; flows of at least 400 between EPCI as {"from to": workers}; workers by mode of those
who live in each département. numpy adds up, in another order and precision than the program.
"""

import csv
import gzip
import json
import sys

import numpy as np

ABSENT = "?"


def rows(path, delimiter):
    with gzip.open(path, "rt", encoding="utf-8") as text:
        return list(csv.DictReader(text, delimiter=delimiter))


def memberships(shared):
    """Present communes from the official lists, which are not the file that the program reads."""
    with gzip.open(f"{shared}/data/territories/decoupage/epci.json.gz") as file:
        epci = {member["code"]: group["code"] for group in json.load(file) for member in group["membres"]}
    with gzip.open(f"{shared}/data/territories/decoupage/communes.json.gz") as file:
        listed = json.load(file)
    present = {c["code"]: c["departement"] for c in listed if c["type"] == "commune-actuelle"}
    former = {old: c["code"] for c in listed for old in c.get("anciensCodes", [])}
    former |= {c["code"]: c["commune"] for c in listed if c["type"] == "arrondissement-municipal"}
    return present, former, epci


def main():
    shared = sys.argv[1]
    present, former, epci = memberships(shared)
    place = lambda code: code if code in present else former.get(code, ABSENT)
    table = rows(f"{shared}/data/commuting/mobpro_idf_od.csv.gz", ";")
    homes = [place(row["CODGEO"]) for row in table]
    works = [place(row["DCLT"]) for row in table]
    counts = np.array([float(row["NBFLUX_ACTOCC15P"]) for row in table])
    answer = {"total": float(counts.sum())}
    areas = {
        "commune": lambda code: code,
        "epci": lambda code: epci.get(code, ABSENT),
        "departement": lambda code: present.get(code, ABSENT),
    }
    for level, area in areas.items():
        names, codes = np.unique([area(c) for c in homes + works], return_inverse=True)
        home, work = codes[: len(table)], codes[len(table) :]
        residents = np.bincount(home, counts, len(names))
        jobs = np.bincount(work, counts, len(names))
        internal = np.bincount(home[home == work], counts[home == work], len(names))
        sums = zip(residents, jobs, internal)
        answer[level] = {str(n): [float(v) for v in s] for n, s in zip(names, sums) if n != ABSENT}
        if level == "epci":
            flows = np.zeros((len(names), len(names)))
            np.add.at(flows, (home, work), counts)
            np.fill_diagonal(flows, 0)
            big = np.argwhere(flows >= 400)
            pairs = [(names[a], names[b], flows[a, b]) for a, b in big if ABSENT not in (names[a], names[b])]
            answer["flows"] = {f"{a} {b}": float(v) for a, b, v in pairs}
    detail = rows(f"{shared}/data/commuting/mobpro_idf_mode_csp.csv.gz", ",")
    answer["detail_total"] = float(np.array([float(row["FLOW"]) for row in detail]).sum())
    modes = {}
    for row in detail:
        own = modes.setdefault(present.get(place(row["ORI"]), ABSENT), {})
        own.setdefault(row["MODE"], []).append(float(row["FLOW"]))
    answer["modes"] = {d: {m: float(np.sum(v)) for m, v in own.items()} for d, own in modes.items() if d != ABSENT}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
