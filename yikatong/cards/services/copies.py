"""打印凭条: every copy is numbered; a further one says why, and one too many waits for somebody else's release."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.copies import ASKED as WAITING
from yikatong.cards.copies import COPY, FREE, PRINTED
from yikatong.cards.models import Card, Order, ReceiptCopy
from yikatong.cards.receipts import Paper, paper_of, pdf_of
from yikatong.cards.services.locked import locked_subject
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.rulebook import whole
from yikatong.office.scope import Scope, outside


@dataclass(frozen=True)
class Copy:
    """Which copy it is, and its PDF; empty where it waits to be released."""

    number: int
    pdf: bytes


def print_receipt(
    act: Act, *, subject: str, matter: UUID, reason: str = "", scope: Scope | None = None
) -> Copy | Refused:
    """Print the receipt of one act about an order or card (`order:7`, `card:5`), or ask for a copy beyond the rule.

    Refused: `order.unknown`, `card.unknown`, `scope.outside`, `receipt.none` (nothing to take home from that act),
    `receipt.reason_missing`, `receipt.waits` (a copy was asked for and is not released yet).
    """
    thing = locked_subject(subject, scope)
    if isinstance(thing, Refused):
        return thing
    paper = paper_of(subject, matter)
    if paper is None:
        return Refused("receipt.none", "这项业务没有凭条。", "There is no receipt of this.")
    copies = ReceiptCopy.objects.filter(subject=subject, matter=matter)
    last = copies.order_by("-number").first()
    if last is not None and last.state == WAITING.code:
        return Refused(
            "receipt.waits",
            f"第 {last.number} 次打印还在等负责人放行。",
            f"Copy {last.number} still waits for its release.",
        )
    if last is not None and last.state == FREE.code:
        advance(last, COPY, "print", printed_by=act.actor.code, printed_at=act.at)
        return _printed(act, thing, paper, last)
    number = last.number + 1 if last else 1
    if number > 1 and not reason.strip():
        return Refused(
            "receipt.reason_missing", "请填写补打原因。", "Say why it is printed again.", at="reason"
        )
    waits = number > max(1, whole("card.receipt_prints", act.today))
    copy = ReceiptCopy.objects.create(
        subject=subject,
        matter=matter,
        number=number,
        state=(WAITING if waits else PRINTED).code,
        reason=reason.strip()[:60] if number > 1 else "",
        region=thing.region,
        outlet=act.actor.outlet or (thing.outlet if isinstance(thing, Card) else thing.outlet.code),
        asked_by=act.actor.code,
        asked_at=act.at,
        printed_by="" if waits else act.actor.code,
        printed_at=None if waits else act.at,
    )
    if not waits:
        return _printed(act, thing, paper, copy)
    _record(act, facts.RECEIPT_ASKED, copy, thing)
    return Copy(number, b"")


def release_copy(act: Act, *, copy_id: int, scope: Scope | None = None) -> int | Refused:
    """Let a copy beyond the rule be printed; returns its number. Whoever asked for it does not release it.

    Refused: `receipt.no_copy`, `receipt.not_waiting`, `receipt.own`, `scope.outside`.
    """
    found = ReceiptCopy.objects.filter(pk=copy_id).first()
    if found is None:
        return Refused("receipt.no_copy", "没有这份补打申请。", "There is no such copy.")
    # The order or card first, as whoever prints does: the two can never wait for each other.
    thing = locked_subject(found.subject, None)
    if isinstance(thing, Refused):
        return thing
    copy = ReceiptCopy.objects.select_for_update(no_key=True).get(pk=copy_id)
    if scope is not None and not scope.covers(copy.region, copy.outlet):
        return outside(copy.region)
    if copy.state != WAITING.code:
        return Refused(
            "receipt.not_waiting", "这份补打申请已放行，无需再次放行。", "This copy was released already."
        )
    if copy.asked_by == act.actor.code:
        return Refused(
            "receipt.own",
            "不能放行自己申请的补打，请由另一人办理。",
            "Whoever asked for a copy does not release it.",
        )
    advance(copy, COPY, "release", released_by=act.actor.code, released_at=act.at)
    _record(act, facts.RECEIPT_RELEASED, copy, thing)
    return copy.number


def _printed(act: Act, thing: Order | Card, paper: Paper, copy: ReceiptCopy) -> Copy:
    _record(act, facts.RECEIPT_PRINTED if copy.number == 1 else facts.RECEIPT_REPRINTED, copy, thing)
    return Copy(copy.number, pdf_of(paper, number=copy.number, reason=copy.reason, at=act.at))


def _record(act: Act, kind: Kind, copy: ReceiptCopy, thing: Order | Card) -> None:
    act.record(
        kind,
        subject=copy.subject,
        person=thing.resident_id,
        region=copy.region,
        outlet=copy.outlet,
        number=thing.card_no if isinstance(thing, Card) else thing.number,
        copy=copy.number,
        reason=copy.reason,
    )
