"""What the windows may ask about lists and differences. Frozen rows out; nothing here is journalled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from yikatong.basics.crypto import sm3
from yikatong.basics.states import State
from yikatong.office import clock
from yikatong.office.scope import Scope
from yikatong.quality.models import Comparison, Difference
from yikatong.quality.rules import (
    CLAIMS,
    COMPARISON,
    DIFFERENCE,
    RECEIVED,
    TYPES,
    UNSETTLED,
    Claim,
    DifferenceType,
)
from yikatong.quality.source import Source, sources
from yikatong.residents import queries as residents
from yikatong.residents.rules import DEAD


@dataclass(frozen=True)
class ComparisonRow:
    """One list. `problems` are the first of them: row, column, shown (masked), zh, en."""

    id: int
    number: str
    state: State
    source: Source
    claim: Claim
    region: str
    as_of: date
    file: str
    digest: bytes
    maker: str
    received_at: datetime
    judged_at: datetime | None
    read_rows: int
    rows: int
    matched: int
    agreed: int
    unknown: int
    opened: int
    refreshed: int
    remembered: int
    gone: int
    problem_rows: int
    problems: tuple[dict[str, str], ...]
    note_zh: str
    note_en: str
    checker: str
    applied_at: datetime | None


@dataclass(frozen=True)
class DifferenceRow:
    """One difference. `resident_id` is None where we do not know the person; `their_number` is then in the clear, and
    pages show it only to whoever took the difference up."""

    id: int
    list_number: str
    source: Source
    type: DifferenceType
    resident_id: int | None
    other_id: int | None
    region: str
    ours: str
    theirs: str
    their_name: str
    their_number: str
    happened_on: date | None
    certain: bool
    as_of: date
    state: State
    opened_at: datetime
    due_on: date
    owner: str
    decided_by: str
    decided_at: datetime | None
    proof: str
    valid_until: date | None

    @property
    def unsettled(self) -> bool:
        return self.state.code in UNSETTLED

    @property
    def overdue(self) -> bool:
        """Whether the deadline went by with nothing decided; computed, never stored."""
        return self.unsettled and self.due_on < clock.today()


@dataclass(frozen=True)
class TypeCount:
    """Differences of one type: not settled yet, of those overdue, and settled."""

    type: DifferenceType
    unsettled: int
    overdue: int
    settled: int


@dataclass(frozen=True)
class Deaths:
    """The certain deaths of a list: day by person, the differences they are, and the digest an approver confirms."""

    days: dict[int, date]
    differences: tuple[int, ...]
    digest: bytes


def comparison_row(row: Comparison) -> ComparisonRow:
    """The frozen row of a list (for this package's services)."""
    return ComparisonRow(
        id=row.pk,
        number=row.number,
        state=COMPARISON.state(row.state),
        source=sources()[row.source],
        claim=CLAIMS[row.claim],
        region=row.region,
        as_of=row.as_of,
        file=row.file,
        digest=bytes(row.digest),
        maker=row.maker,
        received_at=row.received_at,
        judged_at=row.judged_at,
        read_rows=row.read_rows,
        rows=row.rows,
        matched=row.matched,
        agreed=row.agreed,
        unknown=row.unknown,
        opened=row.opened,
        refreshed=row.refreshed,
        remembered=row.remembered,
        gone=row.gone,
        problem_rows=row.problem_rows,
        problems=tuple(row.problems),
        note_zh=row.note_zh,
        note_en=row.note_en,
        checker=row.checker,
        applied_at=row.applied_at,
    )


def difference_row(row: Difference) -> DifferenceRow:
    """The frozen row of a difference (for this package's services)."""
    return DifferenceRow(
        id=row.pk,
        list_number=row.comparison.number,
        source=sources()[row.source],
        type=TYPES[row.type],
        resident_id=row.resident_id,
        other_id=row.other_id,
        region=row.region,
        ours=row.ours,
        theirs=row.theirs,
        their_name=row.their_name,
        their_number=row.their_number,
        happened_on=row.happened_on,
        certain=row.certain,
        as_of=row.as_of,
        state=DIFFERENCE.state(row.state),
        opened_at=row.opened_at,
        due_on=row.due_on,
        owner=row.owner,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        proof=row.proof,
        valid_until=row.valid_until,
    )


def waiting() -> list[str]:
    """The numbers of the lists that wait to be compared, oldest day first."""
    rows = Comparison.objects.filter(state=RECEIVED.code).order_by("as_of", "id")
    return list(rows.values_list("number", flat=True))


def comparisons(scope: Scope, limit: int = 50, start: int = 0) -> list[ComparisonRow]:
    """The lists about the reader's region, the newest first; contents and problems are not read."""
    rows = scope.narrow(Comparison.objects.all()).defer("problems").order_by("-id")
    return [comparison_row(_without_problems(row)) for row in rows[start : start + limit]]


def comparison(number: str) -> ComparisonRow | None:
    """One list, or None."""
    row = Comparison.objects.filter(number=number).first()
    return comparison_row(row) if row else None


def difference(difference_id: int) -> DifferenceRow | None:
    """One difference, or None."""
    row = (
        Difference.objects.select_related("comparison")
        .defer("comparison__content")
        .filter(pk=difference_id)
        .first()
    )
    return difference_row(row) if row else None


def type_counts(scope: Scope, *, list_number: str = "") -> list[TypeCount]:
    """How many differences of each type the reader may see, of one list or of all."""
    rows = scope.narrow(Difference.objects.all())
    if list_number:
        rows = rows.filter(comparison__number=list_number)
    open_rows = Q(state__in=UNSETTLED)
    found = {
        code: (unsettled, overdue, every - unsettled)
        for code, unsettled, overdue, every in rows.values_list("type").annotate(
            unsettled=Count("id", filter=open_rows),
            overdue=Count("id", filter=open_rows & Q(due_on__lt=clock.today())),
            every=Count("id"),
        )
    }
    return [TypeCount(each, *found[each.code]) for each in DifferenceType if each.code in found]


def differences(
    scope: Scope,
    *,
    type_: str = "",
    source: str = "",
    owner: str = "",
    list_number: str = "",
    overdue: bool = False,
    settled: bool = False,
    limit: int = 50,
    start: int = 0,
) -> list[DifferenceRow]:
    """Differences the reader may see, those due first; `owner` is an actor's code, or `-` for nobody's."""
    rows = _narrowed(scope, type_, source, owner, list_number, overdue, settled)
    rows = rows.order_by("-decided_at", "id") if settled else rows.order_by("due_on", "id")
    return [
        difference_row(row)
        for row in rows.select_related("comparison").defer("comparison__content", "comparison__problems")[
            start : start + limit
        ]
    ]


def _narrowed(
    scope: Scope, type_: str, source: str, owner: str, list_number: str, overdue: bool, settled: bool
) -> QuerySet[Difference]:
    rows = scope.narrow(Difference.objects.all())
    rows = rows.exclude(state__in=UNSETTLED) if settled else rows.filter(state__in=UNSETTLED)
    if type_:
        rows = rows.filter(type=type_)
    if source:
        rows = rows.filter(source=source)
    if owner:
        rows = rows.filter(owner="" if owner == "-" else owner)
    if list_number:
        rows = rows.filter(comparison__number=list_number)
    if overdue:
        rows = rows.filter(due_on__lt=clock.today())
    return rows


def certain_deaths(comparison_id: int) -> Deaths:
    """The deaths of a list that may be recorded: not settled, certain, with their day."""
    rows = list(
        Difference.objects.filter(
            comparison_id=comparison_id,
            type=DifferenceType.DEAD_THERE.code,
            state__in=UNSETTLED,
            certain=True,
            happened_on__isnull=False,
        )
        .order_by("resident_id")
        .values_list("id", "resident_id", "happened_on")
    )
    days = {person: day for _, person, day in rows if person is not None and day is not None}
    digest = sm3(json.dumps([[person, str(day)] for person, day in days.items()]).encode())
    return Deaths(days, tuple(key for key, _, _ in rows), digest)


def still_differs(row: Difference) -> bool:
    """Whether our record, as it stands now, still contradicts what the source says (for this package's services)."""
    type_ = TYPES[row.type]
    if type_ is DifferenceType.MISSING_HERE:
        return residents.person_by_number(row.their_number) is None
    person = residents.person(row.resident_id) if row.resident_id is not None else None
    if person is None:
        return False
    match type_:
        case DifferenceType.NAME:
            return person.name != row.theirs
        case DifferenceType.NUMBER:
            return bool(person.number != row.their_number)
        case DifferenceType.REGION:
            return person.region != row.theirs
        case DifferenceType.DEAD_THERE:
            return person.state != DEAD.code
        case DifferenceType.ALIVE_THERE:
            return person.state == DEAD.code
        case DifferenceType.STATUS:
            return person.state != row.theirs
        case _:  # known here only: gone once they are no longer counted among the living of that region
            return person.state == "alive" and person.region == row.region


def _without_problems(row: Comparison) -> Comparison:
    row.problems = []
    return row
