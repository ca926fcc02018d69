"""What fund supervision shows: clues, the payments behind one, and a year by programme and region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.states import State
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.checks import CHECKS, Check
from yikatong.benefits.clues import CLUE_KINDS, ClueKind
from yikatong.benefits.models import Clue, ClueRow, PaymentBatch
from yikatong.benefits.programme import Programme, programmes
from yikatong.benefits.rules import CHECKING, CLUE, RAISED
from yikatong.office.scope import Scope, stem

OPEN_CLUES = (RAISED.code, CHECKING.code)


@dataclass(frozen=True)
class ClueView:
    """One clue; `said` is what it was found by, in Chinese and English, empty where its rows say it all."""

    id: int
    kind: ClueKind
    batch: str
    programme: Programme
    period: str
    region: str
    rows: int
    fen: int
    said: tuple[str, str]
    raised_at: datetime
    state: State
    since: datetime
    owner: str
    owner_name: str
    note: str


@dataclass(frozen=True)
class Behind:
    """A payment behind a clue: names and numbers masked."""

    batch: str
    line: int
    name: str
    number: str
    resident_id: int | None
    region: str
    period: str
    fen: int


@dataclass(frozen=True)
class KindCount:
    """How many clues of a kind are open, and how many there ever were."""

    kind: ClueKind
    open: int
    all: int


@dataclass(frozen=True)
class Came:
    """What a programme (in a region; empty: all of them) came to in a year. Payments, not people; money in fen."""

    programme: Programme
    region: str
    due: int
    paid: int
    fen: int
    batches: int
    kept: int
    timed: int
    """Batches that have a day, and of them those answered in full by it."""
    held: tuple[tuple[Check, int], ...]
    failed: tuple[tuple[Result, int], ...]

    @property
    def coverage(self) -> int | None:
        """Hundredths of a per cent that came onto the card, rounded down; None where nothing was due."""
        return self.paid * 10_000 // self.due if self.due else None

    @property
    def on_time(self) -> int | None:
        return self.kept * 10_000 // self.timed if self.timed else None


def clue_view(row: Clue) -> ClueView:
    """A clue as others may see it."""
    zh, en = row.said
    return ClueView(
        row.pk, CLUE_KINDS[row.kind], row.batch.number, programmes()[row.batch.programme], row.batch.period, row.region,
        row.rows, row.fen, (zh, en), row.raised_at, CLUE.state(row.state), row.state_since, row.owner, row.owner_name,
        row.note,
    )  # fmt: skip


def clues(
    scope: Scope,
    limit: int,
    start: int = 0,
    *,
    kind: str = "",
    owner: str = "",
    ended: bool = False,
    batch: str = "",
) -> tuple[ClueView, ...]:
    """Clues of a scope, the newest first: those open, or (`ended`) those that came to an end."""
    rows = scope.narrow(Clue.objects.select_related("batch").defer("batch__content"), outlet="outlet")
    rows = rows.exclude(state__in=OPEN_CLUES) if ended else rows.filter(state__in=OPEN_CLUES)
    if kind:
        rows = rows.filter(kind=kind)
    if owner:
        rows = rows.filter(owner=owner)
    if batch:
        rows = rows.filter(batch__number=batch)
    return tuple(map(clue_view, rows.order_by("-id")[start : start + limit]))


def clue(clue_id: int, scope: Scope) -> ClueView | None:
    """One clue of the scope."""
    row = Clue.objects.select_related("batch").defer("batch__content").filter(pk=clue_id).first()
    return clue_view(row) if row is not None and scope.covers(row.region, row.outlet) else None


def behind(clue_id: int, limit: int, start: int = 0) -> tuple[Behind, ...]:
    """The payments behind a clue, in the order of their rosters."""
    rows = ClueRow.objects.filter(clue_id=clue_id, payment__isnull=False).select_related("payment__batch")
    rows = rows.defer("payment__batch__content").order_by("payment__batch_id", "payment__line")
    found = (each.payment for each in rows[start : start + limit] if each.payment is not None)
    return tuple(
        Behind(
            pay.batch.number,
            pay.line,
            mask(Sensitive.NAME, pay.name),
            pay.number_masked,
            pay.resident_id,
            pay.region,
            pay.period,
            pay.fen,
        )
        for pay in found
    )


def kind_counts(scope: Scope) -> tuple[KindCount, ...]:
    """Every kind with its clues, also those that found nothing: what was compared is said."""
    rows = scope.narrow(Clue.objects.all(), outlet="outlet").order_by().values("kind")
    found = {
        kind: (unended, every)
        for kind, unended, every in rows.annotate(
            unended=Count("id", filter=Q(state__in=OPEN_CLUES)), every=Count("id")
        ).values_list("kind", "unended", "every")
    }
    return tuple(KindCount(kind, *found.get(code, (0, 0))) for code, kind in CLUE_KINDS.items())


def clues_waiting(scope: Scope, me: str) -> int:
    """Clues that nobody took, and those this person has."""
    rows = scope.narrow(Clue.objects.all(), outlet="outlet")
    return rows.filter(Q(state=RAISED.code) | Q(state=CHECKING.code, owner=me)).count()


_CAME = """
SELECT {place}, programme, sum(due)::bigint, sum(paid)::bigint, sum(fen)::bigint, count(DISTINCT batch_id)
  FROM benefits_batchfigure WHERE year = %(year)s AND starts_with(region, %(stem)s) AND region <> '' GROUP BY 1, 2 ORDER BY 2, 1
"""
_REASONS = """
SELECT {place}, programme, key, sum(value::bigint)::bigint
  FROM benefits_batchfigure CROSS JOIN LATERAL jsonb_each_text({column})
 WHERE year = %(year)s AND starts_with(region, %(stem)s) GROUP BY 1, 2, 3 ORDER BY 4 DESC, 3
"""


def came(year: int, scope: Scope, *, by_region: bool) -> tuple[Came, ...]:
    """What the batches settled in a year came to, by programme, and by region as well."""
    place = "region" if by_region else "''"
    values: dict[str, Any] = {"year": year, "stem": stem(scope.region) if scope.region else ""}
    with connection.cursor() as cursor:
        cursor.execute(_CAME.format(place=place), values)
        sums = cursor.fetchall()
        reasons: dict[str, dict[tuple[str, str], list[tuple[str, int]]]] = {"held": {}, "failed": {}}
        for column, of in reasons.items():
            cursor.execute(_REASONS.format(place=place, column=column), values)
            for region, programme, key, rows in cursor.fetchall():
                of.setdefault((region, programme), []).append((key, int(rows)))
    timed = _timed(year, scope)
    return tuple(
        Came(
            programmes()[programme],
            region,
            int(due),
            int(paid),
            int(fen),
            int(batches),
            *timed.get(programme, (0, 0)),
            tuple((CHECKS[code], rows) for code, rows in reasons["held"].get((region, programme), [])),
            tuple((Result(code), rows) for code, rows in reasons["failed"].get((region, programme), [])),
        )
        for region, programme, due, paid, fen, batches in sums
    )


def years() -> tuple[int, ...]:
    """The years of which there is anything to show, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT year FROM benefits_batchfigure ORDER BY year DESC")
        return tuple(int(year) for (year,) in cursor.fetchall())


def _timed(year: int, scope: Scope) -> dict[str, tuple[int, int]]:
    """By programme: batches whose day fell into the year and was kept, and all whose day fell into it and are answered."""
    kept = Count("id", filter=Q(day__lte=F("due_on")))
    found = (
        scope.narrow(PaymentBatch.objects.all(), outlet="outlet")
        .filter(due_on__year=year, replied_at__isnull=False)
        .annotate(day=TruncDate("replied_at"))
        .order_by()
        .values("programme")
        .annotate(kept=kept, timed=Count("id"))
    )
    return {row["programme"]: (row["kept"], row["timed"]) for row in found}
