"""What the windows are told of pairs that may be one person: frozen rows, side by side with what differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yikatong.basics.states import State
from yikatong.office.scope import Scope
from yikatong.residents.duplicates import Reason, reason
from yikatong.residents.merging import DUPLICATE, MERGE_ASKED, OPEN
from yikatong.residents.models import DuplicatePair, Resident
from yikatong.residents.queries import Person, person_of


@dataclass(frozen=True)
class DuplicateRow:
    """One pair. `one` and `other` are the records as they are, each for itself even where they are merged."""

    id: int
    one: Person
    other: Person
    score: int
    reasons: tuple[Reason, ...]
    state: State
    found_at: datetime
    survivor: int | None
    why: str
    maker: str
    maker_name: str
    asked_at: datetime | None
    decided_at: datetime | None

    @property
    def speaking(self) -> tuple[Reason, ...]:
        """What speaks for one person by itself; a shared county does not."""
        return tuple(each for each in self.reasons if each.bits > 3)


def duplicate(pair_id: int) -> DuplicateRow | None:
    """One pair."""
    row = DuplicatePair.objects.select_related("one", "other").filter(pk=pair_id).first()
    return duplicate_row(row) if row else None


def duplicates(
    scope: Scope, *, state: State = OPEN, limit: int = 100, offset: int = 0
) -> tuple[DuplicateRow, ...]:
    """Pairs of which both people are within the scope, the likeliest first."""
    rows = DuplicatePair.objects.select_related("one", "other").filter(state=state.code)
    narrowed = scope.narrow(scope.narrow(rows, region="one__region"), region="other__region")
    return tuple(map(duplicate_row, narrowed.order_by("-score", "id")[offset : offset + limit]))


def merges_asked(scope: Scope) -> int:
    """How many merges of people within the scope wait for their second person."""
    rows = DuplicatePair.objects.filter(state=MERGE_ASKED.code)
    return int(scope.narrow(scope.narrow(rows, region="one__region"), region="other__region").count())


def duplicates_of(scope: Scope, resident_id: int) -> tuple[DuplicateRow, ...]:
    """All pairs of one person with people within the scope, whatever was decided of them, the likeliest first."""
    rows = DuplicatePair.objects.select_related("one", "other").filter(
        Q(one=resident_id) | Q(other=resident_id)
    )
    narrowed = scope.narrow(scope.narrow(rows, region="one__region"), region="other__region")
    return tuple(map(duplicate_row, narrowed.order_by("-score", "id")))


def duplicate_row(row: DuplicatePair) -> DuplicateRow:
    """The frozen row of a pair (for this package's services)."""
    return DuplicateRow(
        id=row.pk,
        one=_alone(row.one),
        other=_alone(row.other),
        score=row.score,
        reasons=tuple(reason(code, bits) for code, bits in row.reasons),
        state=DUPLICATE.state(row.state),
        found_at=row.found_at,
        survivor=row.survivor_id,
        why=row.why,
        maker=row.maker,
        maker_name=row.maker_name,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
    )


def _alone(row: Resident) -> Person:
    return person_of(row, resolve=False)
