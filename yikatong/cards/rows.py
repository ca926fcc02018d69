"""Frozen rows of orders, cards and batches: what leaves this package instead of models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.cards.models import Batch, Card, Case, Order, PinRequest
from yikatong.cards.pins import PIN, PinAction
from yikatong.cards.rules import BANK, BATCH, CARD, CASE, ORDER, CaseKind, Mode, OrderKind


@dataclass(frozen=True)
class OrderRow:
    """One card order. `region` and `outlet` (code) are where it is collected; money in fen; times aware."""

    id: int
    number: str
    resident_id: int
    kind: OrderKind
    mode: Mode
    reason: str
    channel: str
    region: str
    outlet: str
    outlet_name: str
    bank_code: str
    fee_fen: int
    applied_at: datetime
    promised_on: date
    state: State
    state_since: datetime
    problem_code: str
    problem_text: str
    card_no: str
    bank_pan: str
    batch: str
    replaces_id: int | None
    frozen_at: datetime | None = None
    stopped_at: datetime | None = None
    stop_reason: str = ""


@dataclass(frozen=True)
class CardRow:
    """One card: the 社保 state and the 金融 state apart."""

    id: int
    card_no: str
    resident_id: int
    order_id: int | None
    region: str
    outlet: str
    bank_code: str
    bank_pan: str
    card_identifier: str
    box_slot: str
    issued_on: date
    valid_until: date
    state: State
    state_since: datetime
    bank_state: State
    temporary_loss_until: datetime | None
    bank_loss_until: datetime | None
    collected_at: datetime | None
    collected_by: str


@dataclass(frozen=True)
class CaseRow:
    """What two people decide about a card. `owner` is who took it up; ages count from `opened_at`."""

    id: int
    kind: CaseKind
    card_no: str
    resident_id: int
    region: str
    state: State
    reason: str
    opened_at: datetime
    owner: str
    proposed_by: str
    paper: str
    decided_name: str
    note: str


@dataclass(frozen=True)
class PinRow:
    """One request to the card security gateway; `receipt` is the gateway's number once it was done."""

    request_id: UUID
    card_no: str
    action: PinAction
    state: State
    asked_at: datetime
    receipt: str


@dataclass(frozen=True)
class BatchRow:
    """One making batch; `digest` is the SM3 of the making file as assembled."""

    id: int
    number: str
    state: State
    orders: int
    digest: bytes
    assembled_by: str
    assembled_at: datetime
    released_by: str
    released_at: datetime | None
    returned_at: datetime | None


@dataclass(frozen=True)
class RowProblem:
    """A row of a file that was not taken: its line (1 = header), what it names, and why."""

    line: int
    named: str
    refused: Refused


@dataclass(frozen=True)
class FileReport:
    """What became of a counterpart's answer file.

    `rows` in the file, `taken` with a good answer, `failed` with a bad answer (now in a problem state),
    `strangers` that name nothing we are waiting for, `unfinished` orders asked about and still unanswered.
    """

    file: str
    rows: int
    taken: int
    failed: int
    strangers: tuple[RowProblem, ...]
    unfinished: int


def order_row(order: Order) -> OrderRow:
    """Needs `outlet` and `batch` loaded (select_related) to cost nothing more."""
    return OrderRow(
        id=order.pk,
        number=order.number,
        resident_id=order.resident_id,
        kind=OrderKind(order.kind),
        mode=Mode(order.mode),
        reason=order.reason,
        channel=order.channel,
        region=order.region,
        outlet=order.outlet.code,
        outlet_name=order.outlet.name,
        bank_code=order.bank_code,
        fee_fen=order.fee_fen,
        applied_at=order.applied_at,
        promised_on=order.promised_on,
        state=ORDER.state(order.state),
        state_since=order.state_since,
        problem_code=order.problem_code,
        problem_text=order.problem_text,
        card_no=order.card_no,
        bank_pan=order.bank_pan,
        batch=order.batch.number if order.batch else "",
        replaces_id=order.replaces_id,
        frozen_at=order.frozen_at,
        stopped_at=order.stopped_at,
        stop_reason=order.stop_reason,
    )


ORDER_COLUMNS = (
    "id",
    "number",
    "resident_id",
    "kind",
    "mode",
    "reason",
    "channel",
    "region",
    "outlet__code",
    "outlet__name",
    "bank_code",
    "fee_fen",
    "applied_at",
    "promised_on",
    "state",
    "state_since",
    "problem_code",
    "problem_text",
    "card_no",
    "bank_pan",
    "batch__number",
    "replaces_id",
    "frozen_at",
    "stopped_at",
    "stop_reason",
)
"""What an `OrderRow` is made of, in its order: `values_list` of these costs a third of whole orders with their outlet."""


def order_of(line: Sequence[Any]) -> OrderRow:
    """The frozen row of ORDER_COLUMNS."""
    values = list(line)
    values[3], values[4] = OrderKind(values[3]), Mode(values[4])
    values[14] = ORDER.state(values[14])
    values[20] = values[20] or ""  # no batch yet
    return OrderRow(*values)


def card_row(card: Card) -> CardRow:
    return CardRow(
        id=card.pk,
        card_no=card.card_no,
        resident_id=card.resident_id,
        order_id=card.order_id,
        region=card.region,
        outlet=card.outlet,
        bank_code=card.bank_code,
        bank_pan=card.bank_pan,
        card_identifier=card.card_identifier,
        box_slot=card.box_slot,
        issued_on=card.issued_on,
        valid_until=card.valid_until,
        state=CARD.state(card.state),
        state_since=card.state_since,
        bank_state=BANK.state(card.bank_state),
        temporary_loss_until=card.temporary_loss_until,
        bank_loss_until=card.bank_loss_until,
        collected_at=card.collected_at,
        collected_by=card.collected_by,
    )


def case_row(case: Case) -> CaseRow:
    """Needs `card` loaded (select_related) to cost nothing more."""
    return CaseRow(
        id=case.pk,
        kind=CaseKind(case.kind),
        card_no=case.card.card_no,
        resident_id=case.resident_id,
        region=case.region,
        state=CASE.state(case.state),
        reason=case.reason,
        opened_at=case.opened_at,
        owner=case.proposed_name,
        proposed_by=case.proposed_by,
        paper=case.paper,
        decided_name=case.decided_name,
        note=case.note,
    )


def batch_row(batch: Batch) -> BatchRow:
    return BatchRow(
        id=batch.pk,
        number=batch.number,
        state=BATCH.state(batch.state),
        orders=batch.orders,
        digest=bytes(batch.digest),
        assembled_by=batch.assembled_by,
        assembled_at=batch.assembled_at,
        released_by=batch.released_by,
        released_at=batch.released_at,
        returned_at=batch.returned_at,
    )


def pin_row(request: PinRequest) -> PinRow:
    """A request to the card security gateway as a frozen row."""
    return PinRow(
        request_id=request.request_id,
        card_no=request.card.card_no,
        action=PinAction(request.action),
        state=PIN.state(request.state),
        asked_at=request.asked_at,
        receipt=request.receipt,
    )
