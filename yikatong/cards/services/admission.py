"""Who may apply for which card where: the guards of every application, and what it promises and costs."""

from __future__ import annotations

from datetime import date

from yikatong.basics.refused import Refused
from yikatong.cards.lives import Effect, stopped
from yikatong.cards.meanings import exchangeable
from yikatong.cards.models import Card, Order
from yikatong.cards.rules import CARD, HELD, LOST, OPEN_STATES, ORDER, Mode, OrderKind, promised_on
from yikatong.office.act import Act
from yikatong.office.places import OutletRow, outlet
from yikatong.office.rulebook import ruling, whole, work_calendar
from yikatong.office.scope import Scope, outside
from yikatong.residents.queries import Person, ids_of
from yikatong.residents.rules import DEAD, LIFE, age_on


def place_for(
    act: Act, outlet_code: str, bank_code: str, mode: Mode, scope: Scope | None
) -> OutletRow | Refused:
    """The outlet where the card will be collected, once outlet, scope, making mode and bank are in order."""
    place = outlet(outlet_code)
    if place is None:
        return Refused(
            "order.outlet_unknown",
            f"没有编号为 {outlet_code} 的网点，请重新选择领卡网点。",
            f"There is no outlet {outlet_code}; choose where the card is collected.",
            at="outlet",
        )
    if scope is not None and not scope.covers(place.region, place.code):
        return outside(place.region)
    if mode is Mode.INSTANT and not place.instant:
        return Refused(
            "order.not_instant",
            f"{place.name}不能即时制卡，请选择批量制卡或换一个网点。",
            f"{place.name} does not make cards on the spot; choose batch making or another outlet.",
            at="mode",
        )
    refused = _other_bank(act, bank_code)
    if refused is not None:
        return refused
    if bank_code not in ruling("card.banks", act.today).value:
        return Refused(
            "order.bank_unknown",
            "所选银行不是本市合作银行，请重新选择。",
            "This bank does not issue cards in this city; choose another.",
            at="bank",
        )
    return place


def _other_bank(act: Act, bank_code: str) -> Refused | None:
    """A bank's outlet takes applications for its own bank only."""
    here = outlet(act.actor.outlet) if act.actor.outlet else None
    if here is None or here.bank_code in ("", bank_code):
        return None
    return Refused(
        "order.other_bank",
        f"{here.name}只受理本行的社保卡，请选择本行，或请申请人到所选银行办理。",
        f"{here.name} takes applications for its own bank only; choose it, or send the applicant to the other bank.",
        at="bank_code",
    )


def promise(mode: Mode, today: date) -> date:
    """The day a card applied for today is promised for."""
    limit = "card.limit.instant_working_days" if mode is Mode.INSTANT else "card.limit.batch_working_days"
    return promised_on(
        today, whole(limit, today), whole("card.limit.hard_calendar_days", today), work_calendar()
    )


def fee_fen(kind: OrderKind, today: date) -> int:
    """What the card costs, in fen."""
    return whole("card.fee.first_fen" if kind is OrderKind.NEW else "card.fee.reissue_fen", today)


def may_not_apply(act: Act, applicant: Person | None) -> Refused | None:
    """Why this person may not apply today: not registered, not alive, no guardian, an order open already."""
    refused = not_alive(applicant)
    if refused is not None or applicant is None:
        return refused
    refused = stopped(Effect.APPLY, LIFE.state(applicant.state), act.today, at="resident")
    if refused is not None:
        return refused
    of_age = whole("card.guardian_below_age", act.today)
    minor = applicant.birth_on is not None and age_on(applicant.birth_on, act.today) < of_age
    if minor and not applicant.guardians:
        return guardian_needed(of_age)
    return open_order(applicant.id)


def guardian_needed(of_age: int) -> Refused:
    return Refused(
        "order.guardian_needed",
        f"申请人未满{of_age}周岁，请先登记监护人。",
        f"The applicant is under {of_age}; register a guardian first.",
        at="resident",
    )


def not_alive(applicant: Person | None) -> Refused | None:
    """`order.unknown_person` or `order.deceased`."""
    if applicant is None:
        return unknown_person()
    return deceased() if applicant.state == DEAD.code else None


def unknown_person() -> Refused:
    return Refused(
        "order.unknown_person",
        "人员库中没有此人，请先登记。",
        "This person is not registered yet; register them first.",
        at="resident",
    )


def deceased() -> Refused:
    return Refused(
        "order.deceased",
        "此人已登记死亡，不能办理制卡申请；如登记有误请先更正。",
        "This person is recorded as deceased and cannot apply; correct the record first if it is wrong.",
        at="resident",
    )


def open_order(resident_id: int) -> Refused | None:
    """`order.open` with the receipt number and the state of the order that stands in the way."""
    order = Order.objects.filter(resident__in=ids_of(resident_id), state__in=OPEN_STATES).first()
    return None if order is None else has_open_order(order.number, order.state)


def has_open_order(number: str, state_code: str) -> Refused:
    state = ORDER.state(state_code)
    return Refused(
        "order.open",
        f"此人已有在办申请 {number}（{state.zh}），不能重复申请。",
        f"This person already has an open order, {number} ({state.en}).",
        at="resident",
    )


def just_taken() -> Refused:
    """`order.open` where the other order is so new that it cannot be named yet."""
    return Refused(
        "order.open",
        "此人的申请刚由另一窗口受理，请查询后再办。",
        "Another counter has just taken this person's application; look it up.",
        at="resident",
    )


def has_card(card_no: str) -> Refused:
    return Refused(
        "order.has_card",
        f"此人已有有效社保卡 {card_no}，请改办补领或换领。",
        f"This person holds a valid card, {card_no}; re-issue or exchange it instead.",
        at="kind",
    )


def card_replaced(resident_id: int, kind: OrderKind) -> Card | Refused | None:
    """The card this order replaces, None for a first card, or why this kind of order does not fit."""
    card = (
        Card.objects.select_for_update(no_key=True, of=("self",))
        .filter(resident__in=ids_of(resident_id), state__in=HELD)
        .first()
    )
    match kind:
        case OrderKind.NEW if card is not None:
            return has_card(card.card_no)
        case OrderKind.REISSUE if card is None or card.state != LOST.code:
            return Refused(
                "order.no_lost_card",
                "没有已正式挂失的社保卡，请先办理正式挂失再补领。",
                "There is no formally lost card; report the loss formally before a re-issue.",
                at="kind",
            )
        case OrderKind.EXCHANGE if card is None or not exchangeable(CARD.state(card.state)):
            return Refused(
                "order.no_card",
                "没有可换领的社保卡，请核对卡状态。",
                "There is no card that can be exchanged; check its state.",
                at="kind",
            )
    return card
