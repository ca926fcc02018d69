"""待核办: a card's end that two people decide, after a death, for a second card, or by destruction before witnesses."""

from __future__ import annotations

from typing import Any

from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.lives import CASE_OF
from yikatong.cards.models import Card, Case, Order
from yikatong.cards.rows import CaseRow, case_row
from yikatong.cards.rules import CARD, CASE, ENDED, ORDER, CaseKind
from yikatong.cards.services.cancel import end_card
from yikatong.cards.services.fee_ends import end_fees
from yikatong.cards.services.locked import locked_card, place
from yikatong.cards.services.parcel_ends import DESTROYED_BEFORE, end_wishes
from yikatong.cards.standing import EndReason, first, step_refused
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.scope import Scope, outside
from yikatong.residents import services as residents
from yikatong.residents.queries import person


def open_duplicate(
    act: Act, *, card_no: str, other_card_no: str, scope: Scope | None = None
) -> CaseRow | Refused:
    """Suggest that one of two cards of a person is cancelled; `other_card_no` is the one that stays.

    Two valid cards meet where two records of a person were merged. Refused: `card.unknown`, `scope.outside`,
    `card.ended`, `case.same_card`, `case.other_person`, `case.open`.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    stays = Card.objects.filter(card_no=other_card_no.strip().upper()).exclude(state=ENDED.code).first()
    if stays is None or stays.pk == card.pk:
        return Refused(
            "case.same_card",
            "请填写另一张保留的有效卡的卡号。",
            "Give the number of the other, valid card that stays.",
            at="other_card_no",
        )
    refused = first(
        step_refused("end", card.state), _other_person(card, stays), _open_already(card, CaseKind.DUPLICATE)
    )
    if refused is not None:
        return refused
    case = Case.objects.create(
        kind=CaseKind.DUPLICATE.value,
        card=card,
        resident_id=card.resident_id,
        region=card.region,
        outlet=card.outlet,
        state_since=act.at,
        reason=f"重复持卡，保留 {stays.card_no}",
        opened_by=act.actor.code,
        opened_at=act.at,
    )
    _record(act, facts.CASE_OPENED, case, reason=case.reason)
    return case_row(case)


def propose_case(act: Act, case_id: int, *, paper: str, scope: Scope | None = None) -> CaseRow | Refused:
    """Take a case up and propose it: `paper` is the proof seen (death certificate …) or where the card is destroyed.

    Refused: `case.unknown`, `scope.outside`, `case.state`, `case.paper`, `case.moot`.
    """
    case = _locked(case_id, "propose", scope)
    if isinstance(case, Refused):
        return case
    if not paper.strip():
        return Refused("case.paper", "请填写依据。", "Say what proof was seen.", at="paper")
    card = Card.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.card_id)
    refused = _moot(case, card)
    if refused is not None:
        return refused
    advance(
        case,
        CASE,
        "propose",
        state_since=act.at,
        proposed_by=act.actor.code,
        proposed_name=act.actor.name,
        proposed_at=act.at,
        paper=paper.strip()[:120],
        card_stood=card.state,
        decided_by="",
        decided_name="",
        decided_at=None,
    )
    _record(act, facts.CASE_PROPOSED, case, paper=case.paper)
    return case_row(case)


def confirm_case(act: Act, case_id: int, *, scope: Scope | None = None) -> CaseRow | Refused:
    """Confirm what another person proposed, and do it: the card ends, a destroyed one with its order.

    Refused: `case.unknown`, `scope.outside`, `case.state`, `case.same_person`, `case.changed`, `case.moot`.
    """
    case = _locked(case_id, "confirm", scope)
    if isinstance(case, Refused):
        return case
    if case.proposed_by == act.actor.code:
        return Refused(
            "case.same_person",
            "提出人不能复核自己提出的注销，请由另一人复核。",
            "Who proposed a case may not confirm it; somebody else must.",
        )
    order = Order.objects.select_for_update(no_key=True, of=("self",)).filter(card__pk=case.card_id).first()
    card = Card.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.card_id)
    refused = first(_moot(case, card), _changed(case, card))
    if refused is not None:
        return refused
    advance(case, CASE, "confirm", state_since=act.at, **_decided(act))
    if case.kind == CaseKind.DESTROY.value and order is not None:
        end_wishes(act, [order.pk], *DESTROYED_BEFORE)
        end_fees(act, [order.pk], owe=False)  # it was made, and waited for its holder
        advance(order, ORDER, "destroy", state_since=act.at)
        act.record(
            facts.DESTROYED,
            subject=f"order:{order.pk}",
            person=order.resident_id,
            **place(act, card),
            card=card.pk,
            where=case.paper,
            witness=case.proposed_name,
            second=act.actor.name,
        )
    end_card(act, card, _REASONS[CaseKind(case.kind)])
    _record(act, facts.CASE_DONE, case)
    return case_row(case)


def return_case(act: Act, case_id: int, *, note: str, scope: Scope | None = None) -> CaseRow | Refused:
    """Send a proposed case back to be looked into again. Refused: `case.unknown`, `scope.outside`, `case.state`,
    `case.note`."""
    return _answer(act, case_id, "send_back", note, scope)


def drop_case(act: Act, case_id: int, *, note: str, scope: Scope | None = None) -> CaseRow | Refused:
    """Decide that the card stays; it is not suggested again. Refused as `return_case`."""
    return _answer(act, case_id, "drop", note, scope)


_REASONS = {
    CaseKind.DEATH: EndReason.DEATH,
    CaseKind.HOUSEHOLD: EndReason.HOUSEHOLD,
    CaseKind.DUPLICATE: EndReason.DUPLICATE,
    CaseKind.DESTROY: EndReason.DESTROYED,
}


def _answer(act: Act, case_id: int, event: str, note: str, scope: Scope | None) -> CaseRow | Refused:
    case = _locked(case_id, event, scope)
    if isinstance(case, Refused):
        return case
    if not note.strip():
        return Refused("case.note", "请填写原因。", "Say why.", at="note")
    if case.proposed_by == act.actor.code:
        return Refused(
            "case.same_person", "请由另一人处理。", "Somebody else decides about what you proposed."
        )
    advance(case, CASE, event, state_since=act.at, note=note.strip()[:120], **_decided(act))
    _record(act, facts.CASE_DROPPED if event == "drop" else facts.CASE_RETURNED, case, note=case.note)
    return case_row(case)


def _decided(act: Act) -> dict[str, Any]:
    return {"decided_by": act.actor.code, "decided_name": act.actor.name, "decided_at": act.at}


def _locked(case_id: int, event: str, scope: Scope | None) -> Case | Refused:
    # The holder first: a death that is recorded meanwhile suggests and lifts cases by the cards it finds.
    residents.hold(Case.objects.filter(pk=case_id).values_list("resident_id", flat=True))
    case = (
        Case.objects.select_for_update(no_key=True, of=("self",))
        .select_related("card")
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        return Refused("case.unknown", "没有这件核办事项。", "There is no such case.")
    if scope is not None and not scope.covers(case.region):
        return outside(case.region)
    if CASE.target(event, case.state) is None:
        state = CASE.state(case.state)
        return Refused(
            "case.state", f"这件核办事项目前为“{state.zh}”，不能这样办理。", f"This case is {state.en}."
        )
    return case


def _other_person(card: Card, stays: Card) -> Refused | None:
    one, other = person(card.resident_id), person(stays.resident_id)
    if one is not None and other is not None and one.id == other.id:
        return None
    return Refused(
        "case.other_person",
        "两张卡的持卡人不是同一人；同一人有两份记录的，请先办理合并。",
        "The two cards belong to two people; where they are one, merge the records first.",
        at="other_card_no",
    )


def _open_already(card: Card, kind: CaseKind) -> Refused | None:
    if not Case.objects.filter(
        card=card, kind=kind.value, state__in=[s.code for s in CASE if s.code in _OPEN]
    ).exists():
        return None
    return Refused(
        "case.open", "该卡已有同类核办事项。", "There is such a case of this card already.", at="card_no"
    )


_OPEN = {code for event in ("propose", "confirm") for code, _ in CASE.routes(event)}


def _moot(case: Case, card: Card) -> Refused | None:
    """Why there is nothing left to decide."""
    holder = person(case.resident_id)
    life = CASE_OF.get(case.kind)
    if life is not None and (holder is None or holder.state != life.code):
        return Refused(
            "case.moot",
            f"“{life.zh}”的登记已更正或改变，不再办理注销。",
            f"“{life.en}” no longer stands; nothing is to be cancelled for it.",
        )
    if case.kind == CaseKind.DESTROY.value and not _lies_here(card):
        return Refused(
            "case.moot",
            "该卡已发回网点或已领取，不再销毁；请作不予办理。",
            "The card went out again or was collected; it is not destroyed. Drop the case.",
        )
    return step_refused("end", card.state)


def _lies_here(card: Card) -> bool:
    """Whether the card is one that was taken back and still lies at the centre."""
    return card.order is not None and ORDER.target("destroy", card.order.state) is not None


def _changed(case: Case, card: Card) -> Refused | None:
    if card.state == case.card_stood:
        return None
    before, now = CARD.state(case.card_stood), CARD.state(card.state)
    return Refused(
        "case.changed",
        f"提出后卡状态由“{before.zh}”变为“{now.zh}”，请退回重新核实。",
        f"Since it was proposed the card went from {before.en} to {now.en}; send it back.",
    )


def _record(act: Act, kind: Kind, case: Case, **payload: str) -> None:
    act.record(
        kind,
        subject=f"card:{case.card_id}",
        person=case.resident_id,
        region=case.region,
        outlet=act.actor.outlet or case.outlet,
        case=case.pk,
        what=CaseKind(case.kind).zh,
        what_en=CaseKind(case.kind).en,
        **payload,
    )
