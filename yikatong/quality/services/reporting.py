"""对方有误: what was found to be wrong at a source goes back to it, in one file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.numbering import next_number
from yikatong.quality.facts import REPORTED_BACK
from yikatong.quality.models import Difference
from yikatong.quality.rules import REPORTED as WRONG_THERE
from yikatong.quality.rules import TYPES
from yikatong.quality.services.judging import difference_rows
from yikatong.quality.source import sources
from yikatong.residents.queries import person

HEADS = ("名单编号", "数据截止", "差异", "证件号码", "姓名", "来源记录", "核实依据")
_FORMULA = ("=", "+", "-", "@")


def report_back(act: Act) -> int:
    """Queue one CSV file to each source about which something was settled as wrong and not told yet; returns how many
    differences went out. Files hold numbers in full: they go to whoever gave them to us."""
    told = 0
    for source in sources().values():
        rows = list(
            Difference.objects.select_for_update(no_key=True, of=("self",))
            .select_related("comparison")
            .defer("comparison__content")
            .filter(source=source.code, state=WRONG_THERE.code, reported_at__isnull=True)
            .order_by("id")
        )
        if not rows:
            continue
        number = next_number("F")
        keys = [row.pk for row in rows]
        post.queue_file(
            act,
            counterpart=source.code,
            name=f"differences-{number}.csv",
            content=_written(_row(each) for each in rows),
            rows=len(rows),
        )
        Difference.objects.filter(pk__in=keys).update(reported_at=act.at)
        lines = difference_rows("d.id = ANY(%(keys)s)", keys=keys)
        act.record_rows(REPORTED_BACK, *lines, source=source.zh, source_en=source.en, file=number)
        told += len(rows)
    return told


def _row(row: Difference) -> tuple[str, ...]:
    ours = person(row.resident_id) if row.resident_id is not None else None
    return (
        row.comparison.number,
        row.as_of.isoformat(),
        TYPES[row.type].zh,
        row.their_number or (ours.number if ours else ""),
        row.their_name or (ours.name if ours else ""),
        row.theirs,
        row.proof,
    )


def _written(rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADS)
    # What a clerk or another authority typed must not become a formula in somebody's spreadsheet.
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
