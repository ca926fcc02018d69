"""Corrections of names and numbers as the windows see them: what was asked for, by whom, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import QuerySet

from yikatong.basics.states import State
from yikatong.office.prepared import Given, Prepared
from yikatong.office.scope import Scope
from yikatong.residents.corrections import APPLIED, ASKED, CORRECTION, What, Why
from yikatong.residents.models import Correction


@dataclass(frozen=True)
class CorrectionRow:
    """A correction of name or number that was asked for; `wanted` is the new name or number in full."""

    id: int
    resident_id: int
    region: str
    what: What
    why: Why
    standing: str
    wanted: str
    proof: str
    state: State
    maker: str
    maker_name: str
    asked_at: datetime
    decided_at: datetime | None
    note: str


def correction(correction_id: int) -> CorrectionRow | None:
    """One correction that was asked for."""
    row = Correction.objects.select_related("resident").filter(pk=correction_id).first()
    return correction_row(row) if row else None


def corrections(
    scope: Scope, *, state: State = ASKED, resident_id: int | None = None, limit: int = 200
) -> tuple[CorrectionRow, ...]:
    """Corrections within the scope in this state, the longest waiting first."""
    rows = _corrections(scope, state.code, resident_id is not None, limit).all(resident=resident_id)
    return tuple(map(correction_row, rows))


def corrections_asked(scope: Scope) -> int:
    """How many corrections within the scope wait for their second person."""
    rows = Correction.objects.filter(state=ASKED.code)
    return int(scope.narrow(rows, region="resident__region").count())


@lru_cache(maxsize=128)
def _corrections(scope: Scope, state: str, of_one: bool, limit: int) -> Prepared[Correction]:
    def rows() -> QuerySet[Correction]:
        found = Correction.objects.select_related("resident").filter(state=state)
        if of_one:
            found = found.filter(resident_id=Given("resident"))
        return scope.narrow(found, region="resident__region").order_by("asked_at", "id")[:limit]

    return Prepared(rows)


def correction_row(row: Correction) -> CorrectionRow:
    """The frozen row of a correction (for this package's services)."""
    what = What(row.what)
    return CorrectionRow(
        id=row.pk,
        resident_id=row.resident_id,
        region=row.resident.region,
        what=what,
        why=Why(row.why),
        standing=row.resident.name if what is What.NAME else row.resident.number,
        wanted=row.name if what is What.NAME else row.number,
        proof=row.proof,
        state=CORRECTION.state(row.state),
        maker=row.maker,
        maker_name=row.maker_name,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        note=row.note,
    )


def particulars_changed_since(resident_id: int, at: datetime) -> bool:
    """Whether name or number were corrected after that moment: what was printed then is no longer right."""
    return _APPLIED.first(resident=resident_id, at=at) is not None


_APPLIED = Prepared(
    lambda: Correction.objects.filter(
        resident_id=Given("resident"), state=APPLIED.code, decided_at__gt=Given("at")
    ).values_list("id")[:1]
)
