"""Search over a large base: p50 and p99 per kind of query."""

from __future__ import annotations

import time
from random import Random

from django.db import connection

from yikatong.basics.masking import Sensitive
from yikatong.basics.names import readings
from yikatong.bench import _ground as ground
from yikatong.bench._millions import fill
from yikatong.bench._report import milliseconds, table
from yikatong.office import sealing
from yikatong.office.scope import Scope
from yikatong.residents.queries import search

QUERIES = 200
LARGE = 5_000_000


def run(arguments: list[str]) -> None:
    """`./yk bench search [N] [--large] [--again]` (1,000,000 by default, 5,000,000 with --large)

    `--again` asks the people who stand there from the last run, instead of making them anew.
    """
    given = [int(each.replace("_", "")) for each in arguments if not each.startswith("-")]
    count = given[0] if given else LARGE if "--large" in arguments else 1_000_000
    if "--again" in arguments:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM residents_resident")
            (count,) = cursor.fetchone()
    else:
        ground.empty()
        seconds = fill(count, ground.CITY, ground.START.date())
        print(f"loaded {count:,} residents in {seconds:.0f} s ({count / seconds:,.0f} rows/s)")
    random = Random(2)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, name, phone FROM residents_resident WHERE id %% %s = 0 AND char_length(name) BETWEEN 2 AND 4",
            [max(1, count // (QUERIES * 2))],
        )
        sample = [
            (sealing.unseal(Sensitive.IDENTITY_NUMBER, number), name, sealing.unseal(Sensitive.PHONE, phone))
            for number, name, phone in cursor.fetchall()
        ]
    random.shuffle(sample)
    sample = sample[:QUERIES]
    kinds = {
        "whole number": [number for number, _, _ in sample],
        "tail of 4": [number[-4:] for number, _, _ in sample],
        "tail of 6": [number[-6:] for number, _, _ in sample],
        "tail of 8": [number[-8:] for number, _, _ in sample],
        "first 14": [number[:14] for number, _, _ in sample],
        "phone": [phone for _, _, phone in sample],
        "exact name": [name for _, name, _ in sample],
        "surname and one character": [name[:2] for _, name, _ in sample],
        "given name (any part)": [name[1:] for _, name, _ in sample],
        "pinyin": [readings(name)[0] for _, name, _ in sample],
        "name of nobody": [name[::-1] + "龘" for _, name, _ in sample],
    }
    city = Scope(ground.CITY)
    rows = []
    for kind, texts in kinds.items():
        times, hits = [], 0
        for text in texts:
            begun = time.perf_counter()
            found = search(text, city)
            times.append(time.perf_counter() - begun)
            hits += len(getattr(found, "rows", ()))
        rows.append((kind, len(texts), f"{hits / len(texts):.1f}", *milliseconds(times)))
    table(f"search over {count:,} residents", ("query", "queries", "rows shown", "p50 ms", "p99 ms"), rows)
