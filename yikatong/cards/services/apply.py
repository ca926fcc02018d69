"""申领、补领、换领: an application is taken, withdrawn, or taken up again after its data were mended."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, connection, transaction

from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.agents import Agent, Service
from yikatong.cards.messages import Step, sql, text
from yikatong.cards.models import Order
from yikatong.cards.rows import OrderRow, order_row
from yikatong.cards.rules import ENDED, OPEN_STATES, ORDER, SUBMITTED, Mode, OrderKind
from yikatong.cards.services.admission import (
    card_replaced,
    fee_fen,
    just_taken,
    may_not_apply,
    not_alive,
    open_order,
    place_for,
    promise,
)
from yikatong.cards.services.agency import note_who_came, who_comes
from yikatong.cards.services.locked import locked_order
from yikatong.cards.services.staging import settle_keys
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.numbering import next_number
from yikatong.office.rulebook import whole
from yikatong.office.scope import Scope
from yikatong.residents.queries import Person, person
from yikatong.residents.rules import ALIVE

ONE_OPEN = "order_one_open_per_person"

# The same noes as for one person, said by a set: nobody who is dead, has an open order, holds a card or lacks the
# guardian a minor needs. Two lists at once meet in the unique index, and the second leaves the person out.
_TAKE = """
INSERT INTO cards_order (number, resident_id, kind, mode, reason, channel, region, outlet_id, bank_code, fee_fen,
                         applied_at, promised_on, state, state_since, problem_code, problem_text, card_no, bank_pan,
                         bank_pan_key, asked)
SELECT office_next_number('S'), r.id, %(kind)s, %(mode)s, '', %(channel)s, %(region)s, %(outlet)s, %(bank)s, %(fee)s,
       %(at)s, %(promised)s, %(state)s, %(at)s, '', '', '', '', '', ''
  FROM residents_resident r
 WHERE r.id = ANY(%(people)s::bigint[]) AND r.state = %(alive)s
   AND NOT EXISTS (SELECT 1 FROM cards_order o WHERE o.resident_id = r.id AND o.state = ANY(%(open)s))
   AND NOT EXISTS (SELECT 1 FROM cards_card c WHERE c.resident_id = r.id AND c.state <> %(ended)s)
   AND (r.birth_on IS NULL OR r.birth_on + make_interval(years => %(of_age)s) <= %(today)s
        OR EXISTS (SELECT 1 FROM residents_guardian g WHERE g.resident_id = r.id))
 ORDER BY r.id
ON CONFLICT (resident_id) WHERE state IN ({open}) DO NOTHING
RETURNING id
"""


def apply_for_card(
    act: Act,
    *,
    resident_id: int,
    kind: OrderKind,
    mode: Mode,
    outlet_code: str,
    bank_code: str,
    channel: str,
    reason: str = "",
    by: Agent | None = None,
    scope: Scope | None = None,
) -> OrderRow | Refused:
    """Take an application; the applicant is told the receipt number and the promised day by short message.

    `reason` (at most 60 characters) is why a card is replaced. Refused: `order.outlet_unknown`, `scope.outside`,
    `order.not_instant`, `order.bank_unknown`, `order.unknown_person`, `order.deceased`,
    `order.guardian_needed`, `order.open`, `order.has_card` (new), `order.no_lost_card` (re-issue), `order.no_card`
    (exchange), `agent.*` where `by` says who came instead of the applicant. Sources: domain.md 2.1, 2.3, 2.5.
    """
    place = place_for(act, outlet_code, bank_code, mode, scope)
    if isinstance(place, Refused):
        return place
    applicant = person(resident_id)
    refused = may_not_apply(act, applicant)
    if refused is not None:
        return refused
    assert applicant is not None
    replaced = card_replaced(resident_id, kind)
    if isinstance(replaced, Refused):
        return replaced
    came = who_comes(act, Service.APPLY, resident_id, by) if by is not None else None
    if isinstance(came, Refused):
        return came
    order = Order(
        number=next_number("S"),
        resident_id=resident_id,
        kind=kind,
        mode=mode,
        reason=reason[:60],
        channel=channel,
        region=place.region,
        outlet_id=place.id,
        bank_code=bank_code,
        fee_fen=fee_fen(kind, act.today),
        applied_at=act.at,
        promised_on=promise(mode, act.today),
        state_since=act.at,
        replaces=replaced,
    )
    refused = _stored(order)
    if refused is not None:
        return refused
    _record_application(act, order, applicant, place.code)
    if came is not None:
        note_who_came(act, came, f"order:{order.pk}", region=order.region, outlet=place.code)
    return order_row(order)


def _stored(order: Order) -> Refused | None:
    """Store the order; where two counters took the same person at once, the database lets one through."""
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError as error:
        if ONE_OPEN not in str(error):
            raise
        already = open_order(order.resident_id)
        return already if already is not None else just_taken()
    return None


def _record_application(act: Act, order: Order, applicant: Person, outlet: str) -> None:
    act.record(
        facts.APPLIED,
        subject=f"order:{order.pk}",
        person=applicant.id,
        region=order.region,
        outlet=outlet,
        number=order.number,
        order_kind=str(order.kind),
        mode=str(order.mode),
        channel=order.channel,
        promised_on=order.promised_on.isoformat(),
    )
    post.queue_message(
        act,
        to=applicant.phone,
        text=text(Step.APPLIED, number=order.number, promised=order.promised_on.isoformat()),
        person=applicant.id,
        subject=f"order:{order.pk}",
    )


def apply_for_many(
    act: Act,
    *,
    resident_ids: Sequence[int],
    mode: Mode,
    outlet_code: str,
    bank_code: str,
    channel: str,
    scope: Scope | None = None,
) -> int | Refused:
    """Take first-card applications for everyone of the list who may apply; returns how many were taken.

    Who may not is left out (see `apply_for_card` for the reasons one by one). Refused as a whole:
    `order.outlet_unknown`, `scope.outside`, `order.not_instant`, `order.bank_unknown`.
    """
    place = place_for(act, outlet_code, bank_code, mode, scope)
    if isinstance(place, Refused):
        return place
    promised = promise(mode, act.today)
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE.format(open=", ".join(f"'{code}'" for code in OPEN_STATES)),
            {
                "kind": OrderKind.NEW.value,
                "mode": mode.value,
                "channel": channel,
                "region": place.region,
                "outlet": place.id,
                "bank": bank_code,
                "fee": fee_fen(OrderKind.NEW, act.today),
                "at": act.at,
                "promised": promised,
                "state": SUBMITTED.code,
                "people": list(resident_ids),
                "alive": ALIVE.code,
                "open": list(OPEN_STATES),
                "ended": ENDED.code,
                "today": act.today,
                "of_age": whole("card.guardian_below_age", act.today),
            },
        )
        born = [number for (number,) in cursor.fetchall()]
    settle_keys()
    if not born:
        return 0
    act.record_rows(
        facts.APPLIED,
        "SELECT 'order:' || o.id, o.resident_id, o.region, %(outlet)s, jsonb_build_object('number', o.number) "
        "FROM cards_order o WHERE o.id = ANY(%(born)s::bigint[])",
        {"born": born, "outlet": place.code},
        order_kind=OrderKind.NEW.value,
        mode=mode.value,
        channel=channel,
        promised_on=promised.isoformat(),
    )
    post.queue_messages(
        act,
        f"SELECT r.phone, {sql(Step.APPLIED, number='o.number', promised='%(promised)s')}, "  # noqa: S608
        "r.id, 'order:' || o.id FROM cards_order o JOIN residents_resident r ON r.id = o.resident_id "
        "WHERE o.id = ANY(%(born)s::bigint[])",
        {"born": born, "promised": promised.isoformat()},
    )
    return len(born)


def cancel_order(act: Act, number: str, reason: str, *, scope: Scope | None = None) -> OrderRow | Refused:
    """Withdraw an application that is not yet in a batch.

    Refused: `order.unknown`, `scope.outside`, `order.reason_missing`, `order.not_cancellable`.
    """
    order = locked_order(number, scope)
    if isinstance(order, Refused):
        return order
    if not reason.strip():
        return Refused(
            "order.reason_missing", "请填写撤销原因。", "Say why the order is cancelled.", at="reason"
        )
    if ORDER.target("cancel", order.state) is None:
        return _wrong_state("order.not_cancellable", order, "不能撤销", "cannot be cancelled")
    advance(order, ORDER, "cancel", state_since=act.at, asked="")
    _record(act, facts.ORDER_CANCELLED, order, reason=reason.strip()[:60])
    return order_row(order)


def resubmit(act: Act, number: str, *, scope: Scope | None = None) -> OrderRow | Refused:
    """Send an application through matching again after its data were mended or the bank refused the account.

    Refused: `order.unknown`, `scope.outside`, `order.not_in_problem`, and what would refuse the applicant now.
    """
    order = locked_order(number, scope)
    if isinstance(order, Refused):
        return order
    if ORDER.target("resubmit", order.state) is None:
        return _wrong_state("order.not_in_problem", order, "无需重新提交", "has nothing to resubmit")
    applicant = person(order.resident_id)
    refused = not_alive(applicant)
    if refused is not None:
        return refused
    advance(order, ORDER, "resubmit", state_since=act.at, asked="", problem_code="", problem_text="")
    _record(act, facts.RESUBMITTED, order)
    return order_row(order)


def _wrong_state(code: str, order: Order, zh: str, en: str) -> Refused:
    state = ORDER.state(order.state)
    return Refused(
        code,
        f"申请 {order.number} 目前为“{state.zh}”，{zh}。",
        f"Order {order.number} is {state.en} and {en}.",
        at="order_number",
    )


def _record(act: Act, kind: Kind, order: Order, **payload: str) -> None:
    act.record(
        kind,
        subject=f"order:{order.pk}",
        person=order.resident_id,
        region=order.region,
        outlet=order.outlet.code,
        number=order.number,
        **payload,
    )
