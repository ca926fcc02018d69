"""组批、审核下发: orders with an account become a batch, and a second person sends it to the maker.

The making file is made twice, when the batch is assembled and when it is released, and must be the same bytes both
times: what was looked at is what is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from django.utils import timezone

from yikatong.basics.crypto import same, sm3
from yikatong.basics.kinds import Kind
from yikatong.basics.names import in_fields
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.codebook import agreed
from yikatong.cards.files.codes import CodeTable, Subject
from yikatong.cards.files.making import MAKING
from yikatong.cards.models import Batch, Order
from yikatong.cards.rows import BatchRow, batch_row
from yikatong.cards.rules import ASSEMBLED, BATCH, ORDER, READY, Mode
from yikatong.cards.services.coding import sendable
from yikatong.cards.services.making import MAKER
from yikatong.cards.services.staging import among
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.numbering import next_number
from yikatong.office.rulebook import whole

LARGEST = 50_000
BY_ITSELF = "system:instant"


def assemble(
    act: Act,
    *,
    mode: Mode = Mode.BATCH,
    order_number: str = "",
    limit: int = LARGEST,
    by_itself: bool = False,
) -> BatchRow | Refused:
    """Put the orders that are ready into a new batch, oldest first, at most `limit`.

    With `order_number` the batch holds that one order: the way a card is made while its holder waits. Orders another
    desk is batching at this moment are left to it. `by_itself`: nobody chose, so nobody is the assembler. Refused:
    `batch.nothing_ready`, and `code.*` where the maker has no code for what the only ready orders say.
    """
    ready = Order.objects.filter(state=READY.code, mode=mode, frozen_at=None, stopped_at=None)
    if order_number:
        ready = ready.filter(number=order_number.strip())
    ready, _, kept_out = sendable(act, ready, MAKER, Subject.SEX, Subject.ORDER_KIND)
    chosen = list(
        ready.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .order_by("id")
        .values_list("pk", flat=True)[: max(limit, 0)]
    )
    if not chosen:
        if kept_out:
            return kept_out[0]
        return Refused(
            "batch.nothing_ready",
            f"没有待组批的{mode.zh}申请。",
            "No order is ready for a batch.",
            at="order_number",
        )
    batch = Batch.objects.create(
        number=next_number("B"),
        orders=len(chosen),
        digest=bytes(32),
        assembled_by=BY_ITSELF if by_itself else act.actor.code,
        assembled_at=act.at,
    )
    advance_all(
        among(chosen), ORDER, "batch", state_since=act.at, batch=batch, problem_code="", problem_text=""
    )
    batch.digest = sm3(making_file(batch))
    batch.save(update_fields=["digest"])
    _record_orders(act, facts.BATCHED, batch)
    return batch_row(batch)


def release(act: Act, number: str) -> BatchRow | Refused:
    """Send a batch to the maker as it was assembled.

    Refused: `batch.unknown`, `batch.not_assembled`, `batch.same_person` (who assembled it may not release it),
    `batch.changed` (an order's or a person's data changed since: dissolve it and assemble again).
    """
    batch = _locked(number)
    if isinstance(batch, Refused):
        return batch
    if batch.assembled_by == act.actor.code:
        return Refused(
            "batch.same_person",
            "组批人不能审核自己编的批次，请由另一人审核下发。",
            "Who assembled a batch may not release it; somebody else must.",
            at="batch",
        )
    content = making_file(batch)
    if not same(sm3(content), bytes(batch.digest)):
        return Refused(
            "batch.changed",
            f"批次 {batch.number} 组批后有数据变动，请撤批后重新组批。",
            f"Data of batch {batch.number} changed after it was assembled; dissolve it and assemble again.",
            at="batch",
        )
    advance(batch, BATCH, "release", released_by=act.actor.code, released_at=act.at)
    advance_all(Order.objects.filter(batch=batch), ORDER, "release", state_since=act.at)
    post.queue_file(
        act, counterpart=MAKER, name=f"making-{batch.number}.txt", content=content, rows=batch.orders
    )
    _record_orders(act, facts.RELEASED, batch)
    return batch_row(batch)


def dissolve(act: Act, number: str) -> BatchRow | Refused:
    """Take an unreleased batch apart; its orders are ready again. Refused: `batch.unknown`, `batch.not_assembled`."""
    batch = _locked(number)
    if isinstance(batch, Refused):
        return batch
    _record_orders(act, facts.BATCH_DISSOLVED, batch)
    advance(batch, BATCH, "dissolve")
    advance_all(Order.objects.filter(batch=batch), ORDER, "unbatch", state_since=act.at, batch=None)
    return batch_row(batch)


def making_file(batch: Batch) -> bytes:
    """The making file of a batch: the same bytes as long as its orders and their holders are the same."""
    return MAKING.write(batch.number, timezone.localdate(batch.assembled_at), _making_rows(batch))


def _making_rows(batch: Batch) -> Iterator[tuple[str, ...]]:
    issued = timezone.localdate(batch.assembled_at)
    years = whole("card.validity_years", issued)
    # Ten years less one day; a card issued on 29 February counts from 1 March.
    leap = issued.month == 2 and issued.day == 29
    until = (issued + timedelta(days=leap)).replace(year=issued.year + years) - timedelta(days=1)
    dates = (f"{issued:%Y%m%d}", f"{until:%Y%m%d}")
    rows = (
        Order.objects.filter(batch=batch)
        .order_by("id")
        .values_list(
            "card_no",
            "resident__number",
            "resident__name",
            "resident__sex",
            "resident__ethnicity",
            "resident__birth_on",
            "kind",
            "reason",
            "bank_code",
            "bank_pan",
            "region",
            "outlet__code",
            "resident__phone",
        )
    )
    sexes, kinds = (_codes(of, issued) for of in (Subject.SEX, Subject.ORDER_KIND))
    for position, row in enumerate(rows, start=1):
        (
            card_no,
            person_number,
            name,
            sex,
            ethnicity,
            birth,
            kind,
            reason,
            bank,
            pan,
            region,
            outlet,
            phone,
        ) = row
        yield (
            str(position),
            card_no,
            person_number,
            *in_fields(name),
            sexes.get(sex, ""),
            ethnicity,
            f"{birth:%Y%m%d}" if birth else "",
            kinds.get(kind, ""),
            reason,
            bank,
            pan,
            *dates,
            region,
            outlet,
            phone,
        )


def _codes(of: Subject, on: date) -> Mapping[str, str]:
    """The maker's codes. What was assembled had them all: one that went since changes the digest, and stops the
    release (`batch.changed`)."""
    table = agreed(MAKER, of, on)
    return table.codes if isinstance(table, CodeTable) else {}


def _locked(number: str) -> Batch | Refused:
    batch = Batch.objects.select_for_update(no_key=True).filter(number=number.strip()).first()
    if batch is None:
        return Refused("batch.unknown", f"没有批次 {number}。", f"There is no batch {number}.", at="batch")
    if batch.state != ASSEMBLED.code:
        state = BATCH.state(batch.state)
        return Refused(
            "batch.not_assembled",
            f"批次 {batch.number} 目前为“{state.zh}”，不能再审核或撤批。",
            f"Batch {batch.number} is {state.en}; it can be neither released nor dissolved.",
            at="batch",
        )
    return batch


def _record_orders(act: Act, kind: Kind, batch: Batch) -> None:
    act.record_rows(
        kind,
        "SELECT 'order:' || o.id, o.resident_id, o.region, p.code, '{}'::jsonb FROM cards_order o "
        "JOIN office_outlet p ON p.id = o.outlet_id WHERE o.batch_id = %(batch)s",
        {"batch": batch.pk},
        subject=f"batch:{batch.pk}",
        batch=batch.number,
    )
