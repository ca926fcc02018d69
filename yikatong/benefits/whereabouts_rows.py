"""Money of which the bank said two things (查实), as others may see it: frozen rows, and what waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yikatong.benefits.gone import gone_line
from yikatong.benefits.models import Whereabouts
from yikatong.benefits.rows import BatchRow, PaymentRow
from yikatong.benefits.rules import FAILED, FOUND_PROPOSED, HELD, PAYING, VALID
from yikatong.benefits.whereabouts import Outcome
from yikatong.office.scope import Scope


@dataclass(frozen=True)
class WhereaboutsRow:
    """A row whose money went out by the bank's word: `stated` by a statement, else by a later answer. `open`: two people may
    still say where it is; `outcome` is what one of them said, and nobody has agreed to yet."""

    stated: bool
    open: bool
    outcome: Outcome | None
    reason: str
    proposed_by: str
    proposed_name: str
    since: datetime | None


def whereabouts_of(batch: BatchRow, payment: PaymentRow) -> WhereaboutsRow | None:
    """Where the money of a row is said to be; None where the bank says one thing only."""
    gone = gone_line(batch.id, payment.id)
    if gone is None:
        return None
    waits = Whereabouts.objects.filter(line_id=gone.line_id, state=FOUND_PROPOSED.code).first()
    still = payment.state in (VALID, FAILED) or (payment.state is HELD and payment.stopped)
    return WhereaboutsRow(
        gone.stated,
        batch.state is PAYING and still,
        Outcome(waits.outcome) if waits else None,
        waits.reason if waits else "",
        waits.proposed_by if waits else "",
        waits.proposed_name if waits else "",
        waits.state_since if waits else None,
    )


def to_agree_to(scope: Scope, me: str) -> list[tuple[str, int]]:
    """Batch and line of each row of which somebody else said where its money is, the oldest first."""
    rows = scope.narrow(Whereabouts.objects.filter(state=FOUND_PROPOSED.code)).exclude(proposed_by=me)
    return list(rows.order_by("pk").values_list("line__payment__batch__number", "line__payment__line"))
