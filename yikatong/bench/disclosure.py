"""The audit of budget documents: how long one takes from text and PDF, beside bare pdftotext; the package in all formats; faults found."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from random import Random

from rich.progress import track

from yikatong.bench._mutations import Score, play, spoilt_one
from yikatong.bench._packages import CORES, SEEDS, many, of_pdf, package, published
from yikatong.bench._report import milliseconds, table
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.feasible import judge
from yikatong.disclosure.audit.reading.text import read_text
from yikatong.disclosure.audit.view import view_of
from yikatong.disclosure.family import families
from yikatong.disclosure.formats.markdown import as_markdown

WARM = 20
USUAL = 25
SEED = 4
PART = 100
"""Faults played at a time: what is done shows, and both processes have work to the end."""


def run(arguments: list[str]) -> None:
    """`./yk bench disclosure [--mutations N [--seed S] [--only]] [--documents N] [--file PDF]`

    (mutations for each family, 25 by default, of seed 4; `--only` counts them and measures nothing else)
    """
    count = int(_after(arguments, "--mutations").replace("_", "") or USUAL)
    documents = int(_after(arguments, "--documents").replace("_", "") or 0)
    seed = int(_after(arguments, "--seed") or SEED)
    if "--only" in arguments:
        _mutations(count, seed)
        return
    file = Path(name) if (name := _after(arguments, "--file")) else None
    heads = ["family", "documents", "p50", "p99"]
    table("Audit from text, ms", heads, [_from_text(name, family) for name, family in SEEDS])
    table("Which cells must be wrong (MILP), ms", heads, [_judged(code) for code in sorted(families())])
    _files(file)
    if documents:
        taken_ms, errors = many(documents, file)
        row = [documents, CORES, f"{taken_ms // 1000}.{taken_ms % 1000 // 100}", errors]
        table("Many documents", ["documents", "processes", "seconds", "errors found"], [row])
    _mutations(count, seed)


def _after(arguments: list[str], option: str) -> str:
    """What stands behind an option, "" where it is not there."""
    return arguments[arguments.index(option) + 1] if option in arguments else ""


def _from_text(name: str, family: str) -> list[object]:
    """One of the two published budgets, printed from its lines: read and audited again and again."""
    text = as_markdown(published(name, family))
    taken = []
    for _ in range(WARM):
        start = time.perf_counter()
        audit(read_text("budget.md", text))
        taken.append(time.perf_counter() - start)
    return [family, WARM, *milliseconds(taken)]


def _judged(code: str) -> list[object]:
    """Documents with a fault in each: the time of the solver alone."""
    random, taken = Random(4), []
    for _ in range(WARM):
        view = view_of(read_text("budget.md", as_markdown(spoilt_one(random, families()[code]))))
        start = time.perf_counter()
        judge(view.cells, view.claims)
        taken.append(time.perf_counter() - start)
    return [code, WARM, *milliseconds(taken)]


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


def _mutations(count: int, seed: int) -> None:
    """Faults in documents of every family, so many at a time to a process."""
    parts = [(code, number) for code in sorted(families()) for number in range(0, count, PART)]
    scores = {code: Score() for code in sorted(families())}
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        work = pool.map(
            _played,
            [code for code, _ in parts],
            [min(PART, count - number) for _, number in parts],
            [seed + 1_000 * number for _, number in parts],
        )
        for (code, _), score in zip(
            parts, track(work, description="mutations", total=len(parts)), strict=True
        ):
            scores[code].add(score)
    table(
        f"Faults put in at random, seed {seed}",
        ["family", "faults", "found", "blamed on their cell", "of them one of several", "errors in clean documents"],
        [
            [
                code, score.made, _share(score.found, score.made), _share(score.blamed, score.made),
                _share(score.several, score.made), score.false,
            ]
            for code, score in scores.items()
        ],
    )  # fmt: skip
    for score in scores.values():
        for told in score.missed:
            print(told)


def _played(code: str, count: int, seed: int) -> Score:
    return play(families()[code], count, seed)


def _share(part: int, whole: int) -> str:
    tenths = (1000 * part + whole // 2) // whole if whole else 0
    return f"{part} ({tenths // 10}.{tenths % 10} %)"
