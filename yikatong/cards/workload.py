"""What waits, for whoever leads a desk: by state and outlet, how old, and whose promised day has passed or comes near.

Ages and lateness are those of the indicators: an order's age in a state counts from the day it came into it, and a
promise is kept from the moment the card can be collected, whenever it is collected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Q

from yikatong.basics.states import Machine, State
from yikatong.cards.models import Assignment
from yikatong.cards.rules import AT_OUTLET, CLOSED, OPEN_STATES, ORDER
from yikatong.office import clock
from yikatong.office.places import outlets
from yikatong.office.prepared import Given, Prepared
from yikatong.office.rulebook import whole, work_calendar
from yikatong.office.scope import Scope, stem


def _reached(machine: Machine, first: State) -> frozenset[str]:
    """This state and every one that can come after it."""
    found = {first.code}
    while more := {to for come, to in machine.steps() if come in found} - found:
        found |= more
    return frozenset(found)


KEPT = _reached(ORDER, AT_OUTLET)
"""States in which the promise is kept already."""
PROMISED = tuple(code for code in OPEN_STATES if code not in KEPT)
"""Open states in which the promised day still counts."""


@dataclass(frozen=True)
class Load:
    """The open orders of one state, at one outlet or (empty `outlet`) at all of them.

    `oldest_since` is when the oldest came into the state, `median_since` the day the middle one did; `late` are past their promised day, `soon`
    have it within the dated number of working days, `owned` belong to somebody.
    """

    state: State
    outlet: str
    outlet_name: str
    count: int
    oldest_since: datetime
    median_since: date
    late: int
    soon: int
    owned: int


@dataclass(frozen=True)
class Owner:
    """Whose work an order is."""

    username: str
    name: str
    since: datetime


# One line a state, outlet and day: sorting every open order for its median took most of the time.
_SELECT = """
SELECT o.state, o.outlet_id, (o.state_since AT TIME ZONE 'Asia/Shanghai')::date, count(*), min(o.state_since),
       count(*) FILTER (WHERE o.state = ANY(%(promised)s) AND o.promised_on < %(today)s),
       count(*) FILTER (WHERE o.state = ANY(%(promised)s) AND o.promised_on BETWEEN %(today)s AND %(soon)s),
       count(a.order_id)
  FROM cards_order o LEFT JOIN cards_assignment a ON a.order_id = o.id
 WHERE o.state = ANY(%(open)s) AND o.region LIKE %(region)s
   AND (%(outlet)s = '' OR o.outlet_id = (SELECT id FROM office_outlet WHERE code = %(outlet)s))
 GROUP BY 1, 2, 3
"""


def workload(scope: Scope) -> tuple[Load, ...]:
    """What waits in this scope, in the order of the work; each state's whole first, then its outlets. One statement."""
    if not scope.region:
        return ()
    today = clock.today()
    question: dict[str, Any] = {
        "open": list(OPEN_STATES),
        "promised": list(PROMISED),
        "today": today,
        "soon": near(today),
        "region": f"{stem(scope.region)}%",
        "outlet": scope.outlet,
    }
    days: dict[tuple[str, int], list[_Day]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, question)
        for state, outlet, *figures in cursor.fetchall():
            days[state, 0].append(_Day(*figures))
            days[state, outlet].append(days[state, 0][-1])
    places = {each.id: each for each in outlets()}
    found = []
    for (state, outlet), some in days.items():
        place = places.get(outlet)
        code, name = (place.code, place.name) if place else ("", "")
        found.append(_load(ORDER.state(state), code, name, some))
    order = {code: nth for nth, code in enumerate(OPEN_STATES)}
    return tuple(sorted(found, key=lambda load: (order[load.state.code], load.outlet)))


class _Day(NamedTuple):
    """The orders that came into one state at one outlet on one day."""

    day: date
    orders: int
    first: datetime
    late: int
    soon: int
    owned: int


def _load(state: State, outlet: str, name: str, days: list[_Day]) -> Load:
    count = sum(day.orders for day in days)
    return Load(
        state,
        outlet,
        name,
        count,
        min(day.first for day in days),
        _median(days, count),
        sum(day.late for day in days),
        sum(day.soon for day in days),
        sum(day.owned for day in days),
    )


def _median(days: list[_Day], count: int) -> date:
    """The day on which the middle one came (of two middle ones the earlier)."""
    passed = 0
    for day in sorted(days):
        passed += day.orders
        if 2 * passed >= count:
            return day.day
    raise ValueError("no orders, no median")


def near(today: date) -> date:
    """The last promised day that counts as near: the dated number of working days from today."""
    return work_calendar().add(today, whole("desk.promise_warning_working_days", today))


def promise_days() -> tuple[date, date]:
    """Today, and the last promised day that counts as near."""
    today = clock.today()
    return today, near(today)


def promise_is(which: str, days: tuple[date, date] | None = None) -> Q:
    """Orders whose promise is `late` or `soon` to break on these days (`promise_days`, where none are named); every
    order for any other word."""
    if which not in ("late", "soon"):
        return Q()
    today, soon = days or promise_days()
    if which == "late":
        return Q(state__in=PROMISED, promised_on__lt=today)
    return Q(state__in=PROMISED, promised_on__gte=today, promised_on__lte=soon)


def owners(order_ids: Iterable[int]) -> dict[int, Owner]:
    """Whose work these orders are; those that are nobody's are left out."""
    rows = _OWNERS.all(orders=list(order_ids))
    return {row.order_id: Owner(row.staff.username, str(row.staff), row.given_at) for row in rows}


def mine(staff_id: int) -> int:
    """How many open orders are this person's work."""
    (count,) = _MINE.first(staff=staff_id) or (0,)
    return int(count)


_OWNERS = Prepared(
    lambda: Assignment.objects.filter(order_id=Given("orders", among=True)).select_related("staff")
)
_MINE = Prepared(
    lambda: (
        Assignment.objects.filter(staff_id=Given("staff"))
        .exclude(order__state__in=[state.code for state in CLOSED])
        .order_by()
        .values("staff_id")
        .annotate(number_of=Count("order_id"))
        .values_list("number_of")
    )
)
