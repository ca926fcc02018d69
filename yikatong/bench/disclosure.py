"""The audit of budget documents: how long one takes from text, and how many faults put in at random it finds."""

from __future__ import annotations

import time
from random import Random

from yikatong.bench._budget_text import Budget, text_of
from yikatong.bench._mutations import play
from yikatong.bench._report import milliseconds, table
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.reading.text import read_text
from yikatong.disclosure.family import families

WARM = 20
USUAL = 25


def run(arguments: list[str]) -> None:
    """`./yk bench disclosure [--mutations N]` (for each family, 25 by default)"""
    count = USUAL
    if "--mutations" in arguments:
        count = int(arguments[arguments.index("--mutations") + 1].replace("_", ""))
    random = Random(4)
    taken = []
    for _ in range(WARM):
        text = text_of(Budget(random))
        start = time.perf_counter()
        audit(read_text("budget.md", text))
        taken.append(time.perf_counter() - start)
    table("Audit from text, ms", ["documents", "p50", "p99"], [[WARM, *milliseconds(taken)]])
    scores = {code: play(family, count, seed=4) for code, family in families().items()}
    table(
        "Faults put in at random",
        ["family", "faults", "found", "blamed on their line", "errors in clean documents"],
        [
            [code, score.made, _share(score.found, score.made), _share(score.blamed, score.made), score.false]
            for code, score in scores.items()
        ],
    )
    for score in scores.values():
        for missed in score.missed:
            print(missed)


def _share(part: int, whole: int) -> str:
    tenths = (1000 * part + whole // 2) // whole if whole else 0
    return f"{part} ({tenths // 10}.{tenths % 10} %)"
