"""Answers siting specifications from the definitions alone, to be compared with the program's answers.

Standard input: {"sites": [id], "measures": {measure: {"scale": number | date | truth | words, "cells": [cell]}},
"questions": [{"spec": specification, "measures": {criterion: measure}}]}. A cell is null where nothing is known, a number, a
word, a date, a truth value, or {"at_least": number}. Standard output: one answer a question.
"""

import json
import re
import sys
from datetime import date

import numpy as np

UNITS = {"m": 1, "km": 1000, "m2": 1, "ha": 10_000, "EUR/m2": 1, "": 1}
PASS, UNKNOWN, FAIL = 1.0, 0.5, 0.0


def quantity(text, scale):
    if scale == "date":
        return float((date.fromisoformat(text) - date(1970, 1, 1)).days)
    if scale == "truth":
        return {"true": 1.0, "false": 0.0}[text]
    number, unit = re.fullmatch(r"(-?[\d.]+) ?(.*)", text).groups()
    return float(number) * UNITS[unit]


def ends(measure):
    """Least and greatest value of each site; not a number where nothing is known."""
    low, high = [], []
    for cell in measure["cells"]:
        if cell is None:
            cell = [np.nan, np.nan]
        elif isinstance(cell, dict):
            cell = [cell["at_least"], np.inf]
        elif measure["scale"] == "words":
            cell = [0.0, 0.0]
        else:
            cell = [quantity(str(cell).lower(), measure["scale"])] * 2
        low.append(cell[0])
        high.append(cell[1])
    return np.array(low), np.array(high)


def three(surely, possibly):
    return np.where(surely, PASS, np.where(possibly, UNKNOWN, FAIL))


def compared(measure, operator, operands):
    """The outcome of one comparison for each site."""
    low, high = ends(measure)
    unknown = np.isnan(low)
    if measure["scale"] == "words":
        found = np.array([PASS if cell in operands else FAIL for cell in measure["cells"]])
    else:
        numbers = [quantity(operand, measure["scale"]) for operand in operands]
        one = numbers[0]
        listed = np.any([(low <= number) & (number <= high) for number in numbers], axis=0)
        found = {
            "<": three(high < one, low < one),
            "<=": three(high <= one, low <= one),
            ">": three(low > one, high > one),
            ">=": three(low >= one, high >= one),
        }.get(operator, three(listed & (low == high), listed))
    if operator in ("<>", "not in"):
        found = 1.0 - found
    return np.where(unknown, UNKNOWN, found)


def required(measure, text):
    if isinstance(text, bool):
        text = "= " + str(text).lower()
    outcome = np.ones(len(measure["cells"]))
    for operator, rest in re.findall(r"(not in|in|<>|<=|>=|<|>|=) (\[.*?\]|.*?)(?: and |$)", text):
        operands = [operand.strip() for operand in rest.strip("[]").split(",")]
        outcome = np.minimum(outcome, compared(measure, operator, operands))
    return outcome


def worths(measure, points):
    """Least and greatest worth of each site: the extremes over all that its measure may be."""
    if measure["scale"] == "words":
        known = [[points[cell]] * 2 if cell in points else [0.0, 1.0] for cell in measure["cells"]]
        return np.array(known).T
    xs = sorted((quantity(at, measure["scale"]), worth) for at, worth in points.items())

    def at(x):
        if x <= xs[0][0] or x >= xs[-1][0]:
            return xs[0][1] if x <= xs[0][0] else xs[-1][1]
        (x0, v0), (x1, v1) = next(pair for pair in zip(xs, xs[1:]) if pair[0][0] <= x < pair[1][0])
        return v0 + (v1 - v0) * ((x - x0) / (x1 - x0))

    found = []
    for low, high in zip(*ends(measure)):
        some = [at(low), at(high)] + [worth for x, worth in xs if low < x < high] if not np.isnan(low) else [0.0, 1.0]
        found.append([min(some), max(some)])
    return np.array(found).T


def leaves(criteria, prefix=""):
    for name, criterion in criteria.items():
        if "criteria" in criterion:
            yield from leaves(criterion["criteria"], prefix + name + "/")
        else:
            yield prefix + name, criterion


def outcome(criteria, outcomes, prefix=""):
    """Outcomes of the members, each an array over sites; a member that requires nothing has none."""
    found = []
    for name, criterion in criteria.items():
        if "criteria" in criterion:
            # In order from the best: at least n hold as surely as the n-th best does.
            members = -np.sort(-np.array(outcome(criterion["criteria"], outcomes, prefix + name + "/")), axis=0)
            n = {"all": len(members), "at-least": criterion.get("n")}.get(criterion["kind"], 1)
            found.append(1.0 - members[0] if criterion["kind"] == "none" else members[n - 1])
        elif "required" in criterion:
            found.append(outcomes[prefix + name])
    return found


def weights(spec, valued):
    """By name, of any scale; what is computed, to twelve decimals, so that equals are equal."""
    block = spec.get("weights", {})
    if "order" in block:
        tiers = [[tier] if isinstance(tier, str) else tier for tier in block["order"]]
        n, ahead, found = sum(map(len, tiers)), 0, {}
        for tier in tiers:
            places = range(ahead + 1, ahead + len(tier) + 1)
            mean = np.round(np.mean([sum(1 / k for k in range(place, n + 1)) / n for place in places]), 12)
            found |= dict.fromkeys(tier, mean)
            ahead += len(tier)
        return found
    if "swing" in block:
        return block["swing"]
    if "pairwise" in block:
        matrix = np.eye(len(valued))
        for a, row in block["pairwise"].items():
            for b, judgement in row.items():
                i, j = valued.index(a), valued.index(b)
                over, under = (str(judgement).split("/") + ["1"])[:2]
                matrix[i, j], matrix[j, i] = float(over) / float(under), float(under) / float(over)
        values, vectors = np.linalg.eig(matrix)
        vector = np.abs(vectors[:, np.argmax(values.real)].real)
        return dict(zip(valued, np.round(vector / vector.sum(), 12)))
    return {name: criterion.get("weight", 1.0) for name, criterion in leaves(spec["criteria"]) if name in valued}


def shares(weights):
    """Billionths that add up to one: largest remainders, equals by weight, then by name."""
    names = sorted(weights, key=lambda name: (-weights[name], name))
    total = sum(weights[name] for name in names)
    exact = {name: weights[name] / total * 1e9 for name in names}
    found = {name: int(np.floor(exact[name])) for name in names}
    by_rest = sorted(names, key=lambda name: -(exact[name] - found[name]))
    for name in [name for name in by_rest if weights[name] > 0][: 10**9 - sum(found.values())]:
        found[name] += 1
    return found


def closeness(table, share):
    """TOPSIS of sites by their least worths: rows are sites."""
    if table.size == 0:
        return np.zeros(len(table))
    norms = np.sqrt((table**2).sum(axis=0))
    weighted = share * np.divide(table, norms, out=np.zeros_like(table), where=norms > 0)
    near = np.sqrt(((weighted - weighted.max(axis=0)) ** 2).sum(axis=1))
    far = np.sqrt(((weighted - weighted.min(axis=0)) ** 2).sum(axis=1))
    both = near + far
    return np.divide(far, both, out=np.ones_like(far), where=both > 0)


def acceptabilities(low, high, share, ranks, draws=20_000):
    """How often each site has each of the first ranks, weights uniform and unknown worths uniform in their intervals."""
    dice = np.random.default_rng(1)
    used = share > 0
    counts = np.zeros((len(low), ranks))
    for _ in range(draws):
        drawn = dice.uniform(low, high) @ np.where(used, dice.exponential(size=len(share)), 0.0)
        best = np.argsort(-drawn, kind="stable")[:ranks]
        counts[best, np.arange(len(best))] += 1
    return (counts / draws).tolist()


def ranked(sites, chosen, parts, share, spec):
    """The chosen sites in order, with scores, ranks, contributions, and what no other surely beats."""
    names = [name for name in parts if name in share]
    rate = np.array([share[name] for name in names], dtype=float)
    worth = np.array([parts[name] for name in names]).reshape(len(names), 2, len(sites))[:, :, chosen]
    points = np.floor(rate[:, None, None] * worth + 0.5)
    low, high = points.sum(axis=0) / 1e9
    score = closeness(worth[:, 0].T, rate / 1e9) if spec.get("method") == "topsis" else low
    identity = [(0, int(sites[site]), "") if sites[site].isdigit() else (1, 0, sites[site]) for site in chosen]
    order = sorted(range(len(chosen)), key=lambda place: (-np.round(score[place] * 1e9), identity[place]))
    least, most = worth[:, 0][rate > 0], worth[:, 1][rate > 0]
    answer = []
    for place in order:
        covers = (least >= most[:, [place]]).all(axis=0) & (least > most[:, [place]]).any(axis=0)
        answer.append({
            "id": sites[chosen[place]],
            "score": score[place],
            "score_interval": [low[place], high[place]],
            "rank_interval": [int(1 + (low > high[place]).sum()), int(len(chosen) - (high < low[place]).sum())],
            "contributions": {name: points[at, 0, place] / 1e9 for at, name in enumerate(names)},
            "undominated": not covers.any(),
        })
    if "robustness" in spec:
        shares_of = acceptabilities(worth[:, 0].T[order], worth[:, 1].T[order], rate, spec["robustness"].get("ranks", 10))
        for site, of_site in zip(answer, shares_of):
            site["ranks"] = of_site
    return answer


def answer(territory, question):
    spec, sites = question["spec"], territory["sites"]
    named = dict(leaves(spec["criteria"]))
    measured = {name: territory["measures"][question["measures"][name]] for name in named}
    outcomes = {name: required(measured[name], c["required"]) for name, c in named.items() if "required" in c}
    together = np.min([np.ones(len(sites)), *outcome(spec["criteria"], outcomes)], axis=0)
    valued = [name for name, criterion in named.items() if "value" in criterion]
    share = shares(weights(spec, valued)) if valued else {}
    parts = {name: worths(measured[name], named[name]["value"]) for name in valued}
    lists = {"sites": PASS, "undecided_sites": UNKNOWN}
    return {key: ranked(sites, np.flatnonzero(together == level), parts, share, spec) for key, level in lists.items()}


territory = json.load(sys.stdin)
json.dump([answer(territory, question) for question in territory["questions"]], sys.stdout)
