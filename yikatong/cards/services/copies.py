"""打印凭条: every copy is numbered; a further one says why, and one too many waits for somebody else's release."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.copies import ASKED as WAITING
from yikatong.cards.copies import COPY, FREE, PRINTED
from yikatong.cards.models import Card, ListHandOver, ReceiptCopy
from yikatong.cards.receipts import SHEET, paper_of, pdf_of
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


@dataclass(frozen=True)
class Named:
    """What a paper is about: the subject, its number as people read it, and whose it is (None: a sheet of many)."""

    subject: str
    number: str
    resident_id: int | None


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
    outlet = act.actor.outlet or (thing.outlet if isinstance(thing, Card) else thing.outlet.code)
    named = Named(subject, thing.card_no if isinstance(thing, Card) else thing.number, thing.resident_id)
    copy = next_copy(act, named, matter, reason, region=thing.region, outlet=outlet)
    if isinstance(copy, Refused):
        return copy
    if copy.state == WAITING.code:
        return Copy(copy.number, b"")
    _record(act, facts.RECEIPT_PRINTED if copy.number == 1 else facts.RECEIPT_REPRINTED, copy, named)
    return Copy(copy.number, pdf_of(paper, number=copy.number, reason=copy.reason, at=act.at))


def next_copy(
    act: Act, named: Named, matter: UUID, reason: str, *, region: str, outlet: str
) -> ReceiptCopy | Refused:
    """The next copy of a paper whose subject is locked: printed, or waiting to be released; for the services of this
    folder. Refused: `receipt.reason_missing`, `receipt.waits`."""
    last = ReceiptCopy.objects.filter(subject=named.subject, matter=matter).order_by("-number").first()
    if last is not None and last.state == WAITING.code:
        return Refused(
            "receipt.waits",
            f"第 {last.number} 次打印还在等负责人放行。",
            f"Copy {last.number} still waits for its release.",
        )
    if last is not None and last.state == FREE.code:
        advance(last, COPY, "print", printed_by=act.actor.code, printed_at=act.at)
        return last
    number = last.number + 1 if last else 1
    if number > 1 and not reason.strip():
        return Refused(
            "receipt.reason_missing", "请填写补打原因。", "Say why it is printed again.", at="reason"
        )
    waits = number > max(1, whole("card.receipt_prints", act.today))
    copy = ReceiptCopy.objects.create(
        subject=named.subject,
        matter=matter,
        number=number,
        state=(WAITING if waits else PRINTED).code,
        reason=reason.strip()[:60] if number > 1 else "",
        region=region,
        outlet=outlet,
        asked_by=act.actor.code,
        asked_at=act.at,
        printed_by="" if waits else act.actor.code,
        printed_at=None if waits else act.at,
    )
    if waits:
        _record(act, facts.RECEIPT_ASKED, copy, named)
    return copy


def release_copy(act: Act, *, copy_id: int, scope: Scope | None = None) -> int | Refused:
    """Let a copy beyond the rule be printed; returns its number. Whoever asked for it does not release it.

    Refused: `receipt.no_copy`, `receipt.not_waiting`, `receipt.own`, `scope.outside`.
    """
    found = ReceiptCopy.objects.filter(pk=copy_id).first()
    if found is None:
        return Refused("receipt.no_copy", "没有这份补打申请。", "There is no such copy.")
    # The order, card or sheet first, as whoever prints does: the two can never wait for each other.
    named = _locked(found.subject)
    if isinstance(named, Refused):
        return named
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
    _record(act, facts.RECEIPT_RELEASED, copy, named)
    return copy.number


def _locked(subject: str) -> Named | Refused:
    if subject.startswith(SHEET):
        key = subject.removeprefix(SHEET)
        return Named(subject, ListHandOver.objects.select_for_update(no_key=True).get(pk=key).number, None)
    thing = locked_subject(subject, None)
    if isinstance(thing, Refused):
        return thing
    return Named(subject, thing.card_no if isinstance(thing, Card) else thing.number, thing.resident_id)


def _record(act: Act, kind: Kind, copy: ReceiptCopy, named: Named) -> None:
    act.record(
        kind,
        subject=copy.subject,
        person=named.resident_id,
        region=copy.region,
        outlet=copy.outlet,
        number=named.number,
        copy=copy.number,
        reason=copy.reason,
    )
