"""Reads: one order, one card, the work queues, batches and files. Frozen rows out, never models.

A `scope` narrows what is found. Orders belong to a region and an outlet, cards to a region and a bank (a card in its
holder's hand belongs to no outlet). No scope is no narrowing: for tasks, and for residents who ask about themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from yikatong.basics.ids import DocumentType
from yikatong.basics.names import same_name
from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.cards.agents import Role, Service
from yikatong.cards.instant import Next, next_step
from yikatong.cards.lives import stops
from yikatong.cards.meanings import Meaning, Standing, meaning, words
from yikatong.cards.models import Agency, Batch, Card, Order
from yikatong.cards.rows import (
    ORDER_COLUMNS,
    BatchRow,
    CardRow,
    OrderRow,
    batch_row,
    card_row,
    order_of,
    order_row,
)
from yikatong.cards.rules import ENDED, OPEN_STATES, ORDER, SEALED, Mode
from yikatong.cards.standing import StatusPurpose
from yikatong.cards.workload import promise_days, promise_is
from yikatong.office import clock
from yikatong.office.duties import Duty
from yikatong.office.prepared import Given, Prepared
from yikatong.office.rulebook import ruling
from yikatong.office.scope import Scope, outside
from yikatong.residents.queries import ids_of, person, person_by_number
from yikatong.residents.rules import DEAD, LIFE


@dataclass(frozen=True)
class Queue:
    """One state's work queue: `oldest_since` is when the oldest came into it, `late` those past their promised day.

    `soon` are those whose promised day comes within the dated number of working days. What waits to be collected is
    never late: it was promised to be ready, and it is.
    """

    state: str
    zh: str
    en: str
    count: int
    oldest_since: datetime | None
    late: int
    soon: int


@dataclass(frozen=True)
class StatusAnswer:
    """A partner's yes, no or unknown. `resident_id` and `card_id` are for the journal, not for the partner."""

    answer: str
    reason_code: str
    zh: str
    en: str
    resident_id: int | None = None
    card_id: int | None = None


class Counter(Protocol):
    @property
    def code(self) -> str: ...


class Clerk(Protocol):
    """What is asked of a member of staff here: `office` keeps its table to itself."""

    @property
    def region(self) -> str: ...
    @property
    def outlet(self) -> Counter | None: ...
    @property
    def own_bank(self) -> str: ...

    def has_duty(self, duty: Duty) -> bool: ...


# --- one order, one card ----------------------------------------------------------------------------------------


def order(number: str, scope: Scope | None = None) -> OrderRow | None:
    """The order with this receipt number, None where there is none within the scope."""
    typed = number.strip().upper()
    if scope is None:
        line = _ORDER.first(number=typed)
        return order_of(line) if line else None
    found = _orders(scope).filter(number=typed).first()
    return order_row(found) if found else None


def card(card_no: str, scope: Scope | None = None) -> CardRow | None:
    """The card with this number, None where there is none within the scope."""
    typed = card_no.strip().upper()
    found = _CARD.first(card_no=typed) if scope is None else _cards(scope).filter(card_no=typed).first()
    return card_row(found) if found else None


def orders_of(resident_id: int) -> tuple[OrderRow, ...]:
    """All orders of a person, newest first."""
    return tuple(map(order_of, _ORDERS_OF.all(people=list(ids_of(resident_id)))))


def cards_of(resident_id: int) -> tuple[CardRow, ...]:
    """All cards of a person, newest first; those that ended stay in the list."""
    return tuple(map(card_row, _CARDS_OF.all(people=list(ids_of(resident_id)))))


def orders_of_record(resident_id: int) -> tuple[OrderRow, ...]:
    """The orders of this record alone, where two records of one person are compared."""
    return tuple(map(order_row, _orders(None).filter(resident_id=resident_id).order_by("-id")))


def cards_of_record(resident_id: int) -> tuple[CardRow, ...]:
    """The cards of this record alone."""
    return tuple(map(card_row, Card.objects.filter(resident_id=resident_id).order_by("-id")))


def valid_card_of(resident_id: int) -> CardRow | None:
    """The one card of a person that has not ended, whatever its state."""
    return valid_of(cards_of(resident_id))


def valid_of(cards: Sequence[CardRow]) -> CardRow | None:
    """The one of a person's cards that has not ended."""
    return next((each for each in reversed(cards) if each.state is not ENDED), None)


def meaning_of(card: CardRow) -> Meaning:
    """What this card means today: for paying, for use, for the e-card, and what may be done with it."""
    holder = person(card.resident_id)
    return _means(card, LIFE.state(holder.state) if holder else DEAD)


def _means(card: CardRow, life: State) -> Meaning:
    return meaning(
        Standing(
            card.state,
            card.bank_state,
            life,
            expired=card.valid_until < clock.today(),
            # Cards taken over from before this house opened were never collected here, and are not sealed.
            collected=card.collected_at is not None or card.state is not SEALED,
            stops=stops(life, clock.today()),
        )
    )


@dataclass(frozen=True)
class CameRow:
    """Who came instead of a holder, with the papers they showed."""

    service: str
    role: str
    name: str
    document: str
    proof: str
    letter: str


def who_came(acts: Collection[UUID], resident_id: int) -> tuple[CameRow, ...]:
    """Who came instead of this person in these acts, in their order."""
    rows = Agency.objects.filter(act__in=list(acts), resident_id=resident_id).order_by("id")
    return tuple(
        CameRow(
            Service(row.service).zh,
            Role(row.role).zh,
            row.name,
            DocumentType(row.document_type).label_zh if row.document_type else "",
            row.proof,
            row.letter_number,
        )
        for row in rows
    )


# --- work queues ------------------------------------------------------------------------------------------------


def queues(scope: Scope | None = None) -> tuple[Queue, ...]:
    """Every open state in the order of the work, empty ones too: counts, ages and how many are late. One statement."""
    found = {code: figures for code, *figures in _counts(scope, promise_days()).all()}
    return tuple(
        Queue(code, state.zh, state.en, *found.get(code, (0, None, 0, 0)))
        for code, state in ((code, ORDER.state(code)) for code in OPEN_STATES)
    )


@lru_cache(maxsize=64)
def _counts(scope: Scope | None, days: tuple[date, date]) -> Prepared[Order]:
    """By state; compiled anew where the day changes, or what is near."""
    return Prepared(
        lambda: (
            _narrowed(Order.objects.filter(state__in=OPEN_STATES), scope)
            .order_by()
            .values("state")
            .annotate(
                number_of=Count("id"),
                oldest=Min("state_since"),
                late=Count("id", filter=promise_is("late", days)),
                soon=Count("id", filter=promise_is("soon", days)),
            )
            .values_list("state", "number_of", "oldest", "late", "soon")
        )
    )


def queue(
    state: str,
    scope: Scope | None = None,
    limit: int = 50,
    offset: int = 0,
    *,
    outlet: str = "",
    promise: str = "",
    owner: int | None = None,
    mode: Mode | None = None,
) -> tuple[OrderRow, ...]:
    """The orders of one state (of every open state, where none is named), the longest waiting first.

    Narrowed to those collected at an `outlet` (code), whose `promise` is `late` or `soon` to break, which are the
    work of `owner` (staff id; 0: of nobody), or made in this `mode`.
    """
    page = (limit, offset)
    which = _Which(state, scope, outlet, promise, promise_days() if promise else None, owner, mode, page)
    return tuple(map(order_of, _waiting(which).all()))


class _Which(NamedTuple):
    """What a page of a queue was narrowed to; `days` where that changes with the day."""

    state: str
    scope: Scope | None
    outlet: str
    promise: str
    days: tuple[date, date] | None
    owner: int | None
    mode: Mode | None
    page: tuple[int, int]


@lru_cache(maxsize=256)
def _waiting(which: _Which) -> Prepared[Order]:
    """The same few pages are asked for all day long."""
    limit, offset = which.page

    def rows() -> QuerySet[Order, Any]:
        states = [which.state] if which.state else OPEN_STATES
        found = _narrowed(Order.objects.all(), which.scope).filter(
            promise_is(which.promise, which.days), state__in=states
        )
        if which.outlet:
            found = found.filter(outlet__code=which.outlet)
        if which.owner is not None:
            mine = found.filter(assignment__staff=which.owner)
            found = mine if which.owner else found.filter(assignment=None)
        if which.mode is not None:
            found = found.filter(mode=which.mode)
        return found.order_by("state_since", "id").values_list(*ORDER_COLUMNS)[offset : offset + limit]

    return Prepared(rows)


def instant_step(order: OrderRow, today: date) -> Next:
    """Who has the next step of this instant order."""
    asked = Order.objects.filter(pk=order.id).exclude(asked="").exists()
    return next_step(order.state, asked=asked, second_person=second_person_needed(today))


def second_person_needed(today: date) -> bool:
    """Whether a batch of one has to be confirmed by somebody else at the outlet (`card.instant_second_person`)."""
    return bool(ruling("card.instant_second_person", today).value)


def batches(*states: str, limit: int = 100) -> tuple[BatchRow, ...]:
    """Making batches in these states (all, where none is named), newest first."""
    rows = Batch.objects.filter(state__in=states) if states else Batch.objects.all()
    return tuple(map(batch_row, rows.order_by("-id")[:limit]))


def batch(number: str) -> BatchRow | None:
    """The batch with this number."""
    found = Batch.objects.filter(number=number.strip().upper()).first()
    return batch_row(found) if found else None


def orders_of_batch(
    number: str, limit: int = 50, offset: int = 0, *, scope: Scope | None = None
) -> tuple[OrderRow, ...]:
    """The orders a batch holds, in the order of its making file. Those that have left it are not among them."""
    rows = _orders(scope).filter(batch__number=number.strip().upper()).order_by("id")
    return tuple(map(order_row, rows[offset : offset + limit]))


# --- fetched for a duty -----------------------------------------------------------------------------------------


def order_for(staff: Clerk, number: str, duty: Duty) -> OrderRow | Refused:
    """The order this member of staff wants for this duty. Refused: `duty.missing`, `order.unknown`, `scope.outside`."""
    if not staff.has_duty(duty):
        return _without(duty)
    found = order(number)
    if found is None:
        return unknown_order(number)
    return found if _scope(staff).covers(found.region, found.outlet) else outside(found.region)


def card_for(staff: Clerk, card_no: str, duty: Duty) -> CardRow | Refused:
    """The card this member of staff wants for this duty. Refused: `duty.missing`, `card.unknown`, `scope.*`."""
    if not staff.has_duty(duty):
        return _without(duty)
    found = card(card_no)
    if found is None:
        return unknown_card(card_no)
    refused = _scope(staff).refuses(found.region, bank=found.bank_code)
    return found if refused is None else refused


def unknown_order(number: str) -> Refused:
    return Refused(
        "order.unknown",
        f"没有受理编号 {number} 的申请，请核对。",
        f"There is no order {number}; check the number.",
        at="order_number",
    )


def unknown_card(card_no: str) -> Refused:
    return Refused(
        "card.unknown",
        f"没有卡号 {card_no} 的社保卡，请核对。",
        f"There is no card {card_no}; check the number.",
        at="card_no",
    )


# --- answers to partners ----------------------------------------------------------------------------------------


def answer_status(number: str, name: str, purpose: str) -> StatusAnswer:
    """Whether this person's card serves the purpose: yes, no with its reason, or unknown.

    `purpose` is a `StatusPurpose`; under any other the question is whether the social security side can be used. A
    name that does not belong to the number is answered like a number nobody has.
    """
    asked = StatusPurpose(purpose) if purpose in set(StatusPurpose) else StatusPurpose.SOCIAL_USE
    found = person_by_number(number)
    if found is None or not same_name(found.name, name):
        return StatusAnswer("unknown", "unknown", *words("unknown"))
    held = valid_card_of(found.id)
    if held is None:
        return StatusAnswer("no", "no_card", *words("no_card"), resident_id=found.id)
    reason = _means(held, LIFE.state(found.state)).told(asked)
    return StatusAnswer("no" if reason else "yes", reason, *words(reason), found.id, held.id)


def _scope(staff: Clerk) -> Scope:
    return Scope(staff.region, staff.outlet.code if staff.outlet else "", staff.own_bank)


def _without(duty: Duty) -> Refused:
    return Refused("duty.missing", f"您没有“{duty.zh}”的职责。", f"You have no duty to {duty.en}.")


def _orders(scope: Scope | None) -> QuerySet[Order]:
    return _narrowed(Order.objects.select_related("outlet", "batch"), scope)


def _narrowed(rows: QuerySet[Order], scope: Scope | None) -> QuerySet[Order]:
    return rows if scope is None else scope.narrow(rows, outlet="outlet__code")


_ORDER = Prepared(lambda: Order.objects.filter(number=Given("number")).values_list(*ORDER_COLUMNS))
_CARD = Prepared(lambda: Card.objects.filter(card_no=Given("card_no")))
_ORDERS_OF = Prepared(
    lambda: (
        Order.objects.filter(resident_id=Given("people", among=True))
        .order_by("-id")
        .values_list(*ORDER_COLUMNS)
    )
)
_CARDS_OF = Prepared(lambda: Card.objects.filter(resident_id=Given("people", among=True)).order_by("-id"))


def _cards(scope: Scope | None) -> QuerySet[Card]:
    rows = Card.objects.all()
    return rows if scope is None else scope.narrow(rows, bank="bank_code")
