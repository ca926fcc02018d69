"""What goes out in a counterpart's own codes, and what comes home in them.

An order that says something the counterpart has no code for is kept out of the file and says so in its queue; the
others go. It goes with the next file after the code was agreed on, or the order's data mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Q, QuerySet

from yikatong.basics.refused import Refused
from yikatong.cards.codebook import agreed
from yikatong.cards.facts import KEPT_OUT
from yikatong.cards.files.codes import CodeTable, Subject
from yikatong.cards.models import Order
from yikatong.cards.services.staging import among
from yikatong.office.act import Act

_COLUMNS = {
    Subject.DOCUMENT: "resident__document_type",
    Subject.SEX: "resident__sex",
    Subject.ORDER_KIND: "kind",
}


class Sendable(NamedTuple):
    """The orders that can be written, the codes to write them in, and why others cannot (`kept_out`)."""

    orders: QuerySet[Order]
    codes: Mapping[Subject, Mapping[str, str]]
    kept_out: tuple[Refused, ...]


def sendable(act: Act, orders: QuerySet[Order], counterpart: str, *subjects: Subject) -> Sendable:
    """Which of these orders the counterpart can read today; the others are told why, once, in journal and queue."""
    tables = {of: agreed(counterpart, of, act.today) for of in subjects}
    whole = {of: table for of, table in tables.items() if isinstance(table, CodeTable)}
    missing = tuple(table for table in tables.values() if isinstance(table, Refused))
    if missing:
        _keep_out(act, orders, counterpart, missing[0])
        return Sendable(orders.none(), {}, missing)
    # By what has a code and not by what has none: whoever applies meanwhile is judged by the same condition.
    known = Q(**{f"{_COLUMNS[of]}__in": list(table.codes) for of, table in whole.items()})
    unknown = orders.exclude(known)
    columns = [_COLUMNS[of] for of in whole]
    refused = []
    for combination in unknown.order_by().values_list(*columns).distinct():
        said = (table.theirs(value) for table, value in zip(whole.values(), combination, strict=True))
        why = next(each for each in said if isinstance(each, Refused))
        _keep_out(act, unknown.filter(**dict(zip(columns, combination, strict=True))), counterpart, why)
        refused.append(why)
    return Sendable(orders.filter(known), {of: table.codes for of, table in whole.items()}, tuple(refused))


def _keep_out(act: Act, orders: QuerySet[Order], counterpart: str, why: Refused) -> None:
    """Write the reason on the orders that do not carry it yet."""
    text = why.zh[:120]
    untold = orders.exclude(problem_code=why.code, problem_text=text).order_by("id")
    keys = list(untold.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    if not keys:
        return
    among(keys).update(problem_code=why.code, problem_text=text)
    act.record_rows(
        KEPT_OUT,
        "SELECT 'order:' || o.id, o.resident_id, o.region, p.code, '{}'::jsonb FROM cards_order o "
        "JOIN office_outlet p ON p.id = o.outlet_id WHERE o.id = ANY(%(keys)s)",
        {"keys": keys},
        counterpart=counterpart,
        code=why.code,
        reason=text,
    )
