"""Finding duplicates in a labelled set: recall and precision, by kind, beside what a fuzzy query would find."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from itertools import combinations

from rapidfuzz.distance import Levenshtein

from yikatong.bench._labelled import KINDS, Labelled, labelled
from yikatong.bench._report import console, table
from yikatong.residents.duplicates import Record, compare, keys

TUNED_ON = 1
"""The weights were set while looking at this seed; it is never among the reported ones."""


def run(arguments: list[str]) -> None:
    """`./yk bench duplicates [PEOPLE] [SEED …]` (200,000 people, seeds 11 12 13 by default)"""
    size = int(arguments[0]) if arguments else 200_000
    seeds = [int(seed) for seed in arguments[1:]] or [11, 12, 13]
    for seed in seeds:
        made = labelled(size, seed)
        begun = time.perf_counter()
        candidates = blocked(made.records)
        between = time.perf_counter()
        proposed = {pair for pair in candidates if compare(*_both(made, pair)).enough}
        ended = time.perf_counter()
        console.print(
            f"seed {seed}{' (tuned on)' if seed == TUNED_ON else ''}: {len(made.records):,} records, "
            f"{len(made.truth):,} true pairs, {len(made.hard):,} hard pairs; {len(candidates):,} compared; "
            f"keys {between - begun:.1f} s, comparing {ended - between:.1f} s"
        )
        _report(made, candidates, proposed, auto_4_7(made.records))


def blocked(records: list[Record]) -> set[tuple[int, int]]:
    """The pairs that share a key."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for record in records:
        for key in keys(record):
            blocks[key].append(record.id)
    return {
        (one, other) if one < other else (other, one)
        for block in blocks.values()
        for one, other in combinations(block, 2)
    }


def auto_4_7(records: list[Record]) -> set[tuple[int, int]]:
    """The rule AUTO:4,7 of search engines: names of up to 3 characters alike in all, of 4 to 6 but for one edit, longer
    ones but for two; birth date and sex exactly."""
    groups: dict[object, list[Record]] = defaultdict(list)
    for record in records:
        groups[(record.birth_on, record.sex)].append(record)
    found = set()
    for group in groups.values():
        for one, other in combinations(group, 2):
            a, b = one.names[0], other.names[0]
            allowed = 0 if len(a) < 4 else 1 if len(a) < 7 else 2
            if Levenshtein.distance(a, b, score_cutoff=allowed) <= allowed:
                found.add((one.id, other.id))
    return found


def _both(made: Labelled, pair: tuple[int, int]) -> tuple[Record, Record]:
    return made.records[pair[0]], made.records[pair[1]]


def _report(
    made: Labelled,
    candidates: set[tuple[int, int]],
    proposed: set[tuple[int, int]],
    baseline: set[tuple[int, int]],
) -> None:
    truth = set(made.truth)
    rows: list[tuple[object, ...]] = []
    for kind in KINDS:
        own = {pair for pair, each in made.truth.items() if each == kind}
        rows.append(
            (
                kind,
                len(own),
                _share(len(own & candidates), len(own)),
                _share(len(own & proposed), len(own)),
                _share(len(own & baseline), len(own)),
            )
        )
    rows.append(
        (
            "recall",
            len(truth),
            _share(len(truth & candidates), len(truth)),
            _share(len(truth & proposed), len(truth)),
            _share(len(truth & baseline), len(truth)),
        )
    )
    rows.append(
        (
            "precision",
            len(proposed),
            "",
            _share(len(truth & proposed), len(proposed)),
            _share(len(truth & baseline), len(baseline)),
        )
    )
    table("duplicates found", ("kind", "pairs", "compared", "found", "AUTO:4,7"), rows)
    wrong = Counter(made.hard.get(pair, "其他两人") for pair in proposed - truth)
    console.print(
        f"wrongly proposed: {dict(wrong)} (hard pairs in the set: {dict(Counter(made.hard.values()))})"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "—"
