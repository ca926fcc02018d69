"""Corrections of names and numbers as the windows see them: what was asked for, by whom, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yikatong.basics.states import State
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
    rows = Correction.objects.select_related("resident").filter(state=state.code)
    if resident_id is not None:
        rows = rows.filter(resident=resident_id)
    narrowed = scope.narrow(rows, region="resident__region")
    return tuple(map(correction_row, narrowed.order_by("asked_at", "id")[:limit]))


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
    return Correction.objects.filter(resident=resident_id, state=APPLIED.code, decided_at__gt=at).exists()
