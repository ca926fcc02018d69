"""The audit of budget documents: how long one takes from text and PDF, beside bare pdftotext; the package in all formats; faults found."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

from yikatong.bench._budget_text import Budget, text_of
from yikatong.bench._mutations import play
from yikatong.bench._packages import CORES, SEEDS, many, of_pdf, package
from yikatong.bench._report import milliseconds, table
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.reading.text import read_text
from yikatong.disclosure.family import families

WARM = 20
USUAL = 25


def run(arguments: list[str]) -> None:
    """`./yk bench disclosure [--mutations N] [--documents N] [--file PDF]` (mutations for each family, 25 by default)"""
    count = int(_after(arguments, "--mutations").replace("_", "") or USUAL)
    documents = int(_after(arguments, "--documents").replace("_", "") or 0)
    file = Path(name) if (name := _after(arguments, "--file")) else None
    random = Random(4)
    taken = []
    for _ in range(WARM):
        text = text_of(Budget(random))
        start = time.perf_counter()
        audit(read_text("budget.md", text))
        taken.append(time.perf_counter() - start)
    table("Audit from text, ms", ["documents", "p50", "p99"], [[WARM, *milliseconds(taken)]])
    _files(file)
    if documents:
        taken_ms, errors = many(documents, file)
        row = [documents, CORES, f"{taken_ms // 1000}.{taken_ms % 1000 // 100}", errors]
        table("Many documents", ["documents", "processes", "seconds", "errors found"], [row])
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


def _after(arguments: list[str], option: str) -> str:
    """What stands behind an option, "" where it is not there."""
    return arguments[arguments.index(option) + 1] if option in arguments else ""


def _files(file: Path | None) -> None:
    """The package of each seed by format, and its PDF (or the one given) read and audited beside bare pdftotext."""
    read = []
    for name, family in SEEDS:
        made = package(name, family)
        heads = ["family", *made, "together"]
        row = [family, *(taken for _, taken in made.values()), sum(taken for _, taken in made.values())]
        table("A package in all formats, ms", heads, [row])
        read.append((family, made["pdf"][0]))
    if file is not None:
        read.append((file.name, file.read_bytes()))
    rows = [[name, *of_pdf(content).values()] for name, content in read]
    table("PDF, best of five, ms", ["document", "pages", "read", "read and audited", "pdftotext"], rows)


def _share(part: int, whole: int) -> str:
    tenths = (1000 * part + whole // 2) // whole if whole else 0
    return f"{part} ({tenths // 10}.{tenths % 10} %)"
