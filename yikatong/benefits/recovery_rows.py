"""What is asked back (追回) as others may see it: frozen rows, and how much is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Sum

from yikatong.basics.states import State
from yikatong.benefits.models import Recovery
from yikatong.benefits.recoveries import Proposal, Why
from yikatong.benefits.rows import PaymentRow, payment_row
from yikatong.benefits.rules import RECOVERY, RECOVERY_PROPOSED, RECOVERY_UNDER_WAY
from yikatong.office.scope import Scope

_UNDER_WAY = [state.code for state in RECOVERY_UNDER_WAY]


@dataclass(frozen=True)
class RecoveryRow:
    """One payment that is asked back; money in fen. `said` is what it was found by, in Chinese and English."""

    id: int
    payment: PaymentRow
    why: Why
    said: tuple[str, str]
    fen: int
    returned_fen: int
    opened_at: datetime
    state: State
    since: datetime
    asked: str
    proposal: Proposal | None
    reason: str
    proposed_by: str
    proposed_name: str
    agreed_name: str

    @property
    def missing_fen(self) -> int:
        return self.fen - self.returned_fen


def recovery_row(row: Recovery) -> RecoveryRow:
    """An item as others may see it."""
    zh, en = row.said
    return RecoveryRow(
        row.pk, payment_row(row.payment, row.payment.batch.number), Why(row.why), (zh, en), row.fen, row.returned_fen,
        row.opened_at, RECOVERY.state(row.state), row.state_since, row.asked,
        Proposal(row.proposal) if row.proposal else None, row.reason, row.proposed_by, row.proposed_name, row.agreed_name,
    )  # fmt: skip


def recoveries(
    scope: Scope, limit: int, start: int = 0, *, ended: bool = False, state: str = ""
) -> list[RecoveryRow]:
    """Items under way (or those that ended), the oldest first of what waits, the newest first of what ended."""
    rows = scope.narrow(Recovery.objects.select_related("payment__batch").defer("payment__batch__content"))
    rows = rows.exclude(state__in=_UNDER_WAY) if ended else rows.filter(state__in=_UNDER_WAY)
    if state:
        rows = rows.filter(state=state)
    return [recovery_row(row) for row in rows.order_by("-pk" if ended else "pk")[start : start + limit]]


def recovery(recovery_id: int, scope: Scope) -> RecoveryRow | None:
    """One item of the reader's region."""
    rows = Recovery.objects.select_related("payment__batch").defer("payment__batch__content")
    row = rows.filter(pk=recovery_id).first()
    return recovery_row(row) if row is not None and scope.covers(row.region, row.outlet) else None


def recovery_of(payment_id: int) -> RecoveryRow | None:
    """The item of a payment, where it is asked back."""
    row = Recovery.objects.select_related("payment__batch").filter(payment=payment_id).first()
    return recovery_row(row) if row else None


def under_way(scope: Scope) -> tuple[int, int]:
    """How many items are under way, and how many fen are missing."""
    rows = scope.narrow(Recovery.objects.filter(state__in=_UNDER_WAY))
    found = rows.aggregate(count=Count("pk"), fen=Sum(F("fen") - F("returned_fen")))
    return int(found["count"]), int(found["fen"] or 0)


def to_follow(scope: Scope) -> int:
    """How many items wait for whoever asks the money back; what is proposed to end waits for somebody else."""
    rows = Recovery.objects.filter(state__in=_UNDER_WAY).exclude(state=RECOVERY_PROPOSED.code)
    return scope.narrow(rows).count()


def to_agree(scope: Scope, me: str) -> int:
    """How many proposed ends wait for this reader's word: all but those that are their own."""
    rows = Recovery.objects.filter(state=RECOVERY_PROPOSED.code).exclude(proposed_by=me)
    return scope.narrow(rows).count()
