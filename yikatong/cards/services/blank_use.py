"""空白卡领用、制成、作废、盘点: from the shelf into a clerk's hand, onto an order, or into the spoilt box; and counted."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.blanks import BLANK, COUNT, DIFFERS, IN_HAND, IN_STOCK, ONE_COUNTED
from yikatong.cards.models import Blank, Order, StockCount
from yikatong.cards.rules import AT_OUTLET, COLLECTED, MADE, MAKING, Mode
from yikatong.cards.services.locked import locked_order
from yikatong.cards.shelf import CountRow, count_row
from yikatong.office.act import Act
from yikatong.office.journal import Json
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.places import OutletRow, outlet
from yikatong.office.scope import Scope, outside

BEING_MADE = (MAKING.code, MADE.code, AT_OUTLET.code, COLLECTED.code)
"""From the making on: a holder who waits is given the card first, and the blank is written down when they are gone."""


def draw_blanks(
    act: Act, *, outlet_code: str, count: int, scope: Scope | None = None
) -> tuple[str, ...] | Refused:
    """Take the next `count` blanks of a place into one's hand; returns their serials.

    Blanks another clerk is taking at this moment are left to them. Refused: `blank.place`, `scope.outside`,
    `blank.count`, `blank.too_few`.
    """
    place = _place(outlet_code, scope)
    if isinstance(place, Refused):
        return place
    if count < 1:
        return Refused("blank.count", "请填写领用张数。", "Say how many.", at="count")
    lying = (
        Blank.objects.filter(place=place.id, state=IN_STOCK.code)
        .order_by("serial")
        .select_for_update(no_key=True, skip_locked=True)
    )
    taken = list(lying.values_list("pk", "serial")[:count])
    if len(taken) < count:
        return Refused(
            "blank.too_few",
            f"{place.name}库存只有 {len(taken)} 张，不够领用 {count} 张。",
            f"Only {len(taken)} lie in stock at {place.name}.",
            at="count",
        )
    rows = Blank.objects.filter(pk__in=[key for key, _ in taken])
    advance_all(rows, BLANK, "draw", state_since=act.at, holder=act.actor.code)
    serials = tuple(name for _, name in taken)
    _record(act, facts.BLANKS_DRAWN, place, count=count, first=serials[0], last=serials[-1])
    return serials


def give_back_blanks(act: Act, *, outlet_code: str, scope: Scope | None = None) -> int | Refused:
    """Put all blanks in one's hand back on the shelf at the end of the day; returns how many.

    Refused: `blank.place`, `scope.outside`.
    """
    place = _place(outlet_code, scope)
    if isinstance(place, Refused):
        return place
    held = Blank.objects.filter(place=place.id, state=IN_HAND.code, holder=act.actor.code)
    keys = list(held.order_by("serial").select_for_update(no_key=True).values_list("pk", flat=True))
    count = advance_all(Blank.objects.filter(pk__in=keys), BLANK, "give_back", state_since=act.at, holder="")
    if count:
        _record(act, facts.BLANKS_GIVEN_BACK, place, count=count)
    return count


def use_blank(act: Act, *, serial: str, order_number: str, scope: Scope | None = None) -> str | Refused:
    """Bind the blank in one's hand to the instant order whose card was made on it; returns its serial.

    Refused: `order.unknown`, `scope.outside`, `blank.order_not_instant`, `blank.order_not_being_made`,
    `blank.order_has_one`, `blank.unknown`, `blank.not_in_your_hand`.
    """
    order = locked_order(order_number, scope)
    if isinstance(order, Refused):
        return order
    refused = _not_for_a_blank(order)
    if refused is not None:
        return refused
    blank = _blank(serial, scope)
    if isinstance(blank, Refused):
        return blank
    if blank.state != IN_HAND.code or blank.holder != act.actor.code:
        return Refused(
            "blank.not_in_your_hand",
            f"空白卡 {blank.serial} 目前“{BLANK.state(blank.state).zh}”，不在您手里；请先领用。",
            f"Blank {blank.serial} is not in your hand; draw it first.",
            at="serial",
        )
    advance(blank, BLANK, "use", state_since=act.at, holder="", order=order)
    act.record(
        facts.BLANK_USED,
        subject=f"order:{order.pk}",
        person=order.resident_id,
        region=order.region,
        outlet=order.outlet.code,
        serial=blank.serial,
        number=order.number,
    )
    return blank.serial


def spoil_blank(act: Act, *, serial: str, reason: str, scope: Scope | None = None) -> str | Refused:
    """A blank that broke or was printed wrongly; it is kept to be counted and sent back. Returns its serial.

    Refused: `blank.reason`, `blank.unknown`, `scope.outside`, `blank.not_here`, `blank.not_in_your_hand`.
    """
    reason = reason.strip()[:60]
    if not reason:
        return Refused("blank.reason", "请写明作废原因。", "Say why it is spoilt.", at="reason")
    blank = _blank(serial, scope)
    if isinstance(blank, Refused):
        return blank
    if BLANK.target("spoil", blank.state) is None:
        return Refused(
            "blank.not_here",
            f"空白卡 {blank.serial} 目前“{BLANK.state(blank.state).zh}”，不能作废。",
            f"Blank {blank.serial} is {BLANK.state(blank.state).en} and cannot be spoilt.",
            at="serial",
        )
    if blank.state == IN_HAND.code and blank.holder != act.actor.code:
        return Refused(
            "blank.not_in_your_hand",
            f"空白卡 {blank.serial} 在别人手里，请由领用人登记作废。",
            f"Blank {blank.serial} is in somebody else's hand; they record it.",
            at="serial",
        )
    advance(blank, BLANK, "spoil", state_since=act.at, holder="", reason=reason)
    act.record(
        facts.BLANK_SPOILT,
        subject=f"blank:{blank.pk}",
        region=blank.place.region_id,
        outlet=blank.place.code,
        serial=blank.serial,
        reason=reason,
    )
    return blank.serial


def begin_count(
    act: Act, *, outlet_code: str, counted: int, scope: Scope | None = None
) -> CountRow | Refused:
    """The first person's count of what lies in stock and in hands at a place; nobody is told it before the second.

    Refused: `blank.place`, `scope.outside`, `count.negative`, `count.open`.
    """
    place = _place(outlet_code, scope)
    if isinstance(place, Refused):
        return place
    if counted < 0:
        return _negative()
    row = StockCount(
        place_id=place.id,
        first=counted,
        first_expected=_expected(place.id),
        first_by=act.actor.code,
        first_at=act.at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "stock_count_one_open_per_place" not in str(error):
            raise
        return Refused(
            "count.open",
            f"{place.name}已有一次盘点等待第二人。",
            f"A count of {place.name} waits for its second person.",
            at="outlet_code",
        )
    _record(act, facts.STOCK_COUNT_BEGUN, place)
    return count_row(row)


def finish_count(
    act: Act, *, outlet_code: str, counted: int, scope: Scope | None = None
) -> CountRow | Refused:
    """The second person's count, made without knowing the first; a difference stays until somebody explains it.

    Refused: `blank.place`, `scope.outside`, `count.negative`, `count.none`, `count.same_person`.
    """
    place = _place(outlet_code, scope)
    if isinstance(place, Refused):
        return place
    if counted < 0:
        return _negative()
    row = (
        StockCount.objects.select_for_update(no_key=True)
        .filter(place=place.id, state=ONE_COUNTED.code)
        .first()
    )
    if row is None:
        return Refused(
            "count.none", "没有等待第二人的盘点。", "No count waits for its second person.", at="outlet_code"
        )
    if row.first_by == act.actor.code:
        return Refused(
            "count.same_person",
            "盘点须由两人分别清点，请由另一人输入。",
            "Two people count; the second must be somebody else.",
            at="counted",
        )
    expected = _expected(place.id)
    agrees = (row.first, counted) == (row.first_expected, expected)
    advance(
        row,
        COUNT,
        "agree" if agrees else "differ",
        second=counted,
        second_expected=expected,
        second_by=act.actor.code,
        second_at=act.at,
    )
    _record(
        act,
        facts.STOCK_COUNTED,
        place,
        result=COUNT.state(row.state).zh,
        first=row.first,
        first_expected=row.first_expected,
        second=counted,
        second_expected=expected,
    )
    return count_row(row)


def explain_count(
    act: Act, *, count_id: int, explanation: str, scope: Scope | None = None
) -> CountRow | Refused:
    """A third person explains why a count differs (for instance: which blanks were found or reported to the police).

    Refused: `count.unknown`, `scope.outside`, `count.explanation`, `count.same_person`.
    """
    row = (
        StockCount.objects.select_for_update(no_key=True, of=("self",))
        .select_related("place")
        .filter(pk=count_id, state=DIFFERS.code)
        .first()
    )
    if row is None:
        return Refused("count.unknown", "没有待说明的盘点差异。", "There is no difference to explain.")
    if scope is not None and not scope.covers(row.place.region_id, row.place.code):
        return outside(row.place.region_id)
    explanation = explanation.strip()[:200]
    if not explanation:
        return Refused(
            "count.explanation", "请写明差异原因和处理。", "Explain the difference.", at="explanation"
        )
    if act.actor.code in (row.first_by, row.second_by):
        return Refused(
            "count.same_person",
            "参加盘点的人不能说明差异，请由负责人办理。",
            "Who counted may not explain the difference; the manager does.",
            at="explanation",
        )
    advance(row, COUNT, "explain", explanation=explanation, explained_by=act.actor.code)
    place = outlet(row.place.code)
    assert place is not None
    _record(act, facts.STOCK_EXPLAINED, place, explanation=explanation)
    return count_row(row)


def _expected(place: int) -> int:
    return Blank.objects.filter(place=place, state__in=(IN_STOCK.code, IN_HAND.code)).count()


def _place(code: str, scope: Scope | None) -> OutletRow | Refused:
    place = outlet(code)
    if place is None:
        return Refused("blank.place", "请选择网点。", "Choose the place.", at="outlet_code")
    if scope is not None and not scope.covers(place.region, place.code):
        return outside(place.region)
    return place


def _blank(serial: str, scope: Scope | None) -> Blank | Refused:
    blank = (
        Blank.objects.select_for_update(no_key=True, of=("self",))
        .select_related("place")
        .filter(serial=serial.strip().upper())
        .first()
    )
    if blank is None:
        return Refused(
            "blank.unknown",
            f"没有空白卡 {serial}，请核对序列号。",
            f"There is no blank {serial}.",
            at="serial",
        )
    if scope is not None and not scope.covers(blank.place.region_id, blank.place.code):
        return outside(blank.place.region_id)
    return blank


def _not_for_a_blank(order: Order) -> Refused | None:
    if order.mode != Mode.INSTANT.value:
        return Refused(
            "blank.order_not_instant",
            f"申请 {order.number} 是批量制卡，卡由制卡商制作。",
            f"Order {order.number} is made in a batch by the maker.",
            at="order_number",
        )
    if order.state not in BEING_MADE:
        return Refused(
            "blank.order_not_being_made",
            f"申请 {order.number} 还没有制卡，或已不再制卡。",
            f"Order {order.number} is not being made.",
            at="order_number",
        )
    bound = Blank.objects.filter(order=order).first()
    if bound is None:
        return None
    return Refused(
        "blank.order_has_one",
        f"申请 {order.number} 已用空白卡 {bound.serial} 制成。",
        f"Order {order.number} was made on blank {bound.serial}.",
        at="order_number",
    )


def _negative() -> Refused:
    return Refused("count.negative", "张数不能为负。", "A count is not negative.", at="counted")


def _record(act: Act, kind: Kind, place: OutletRow, **payload: Json) -> None:
    act.record(
        kind, subject=f"place:{place.id}", region=place.region, outlet=place.code, person=None, **payload
    )
