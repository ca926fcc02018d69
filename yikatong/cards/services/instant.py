"""即时制卡: one order taken through every stage while its holder waits, and taken up again wherever it broke off.

It is the same order and the same files as everywhere else, only of size one. Each step asks where the order stands
now, so a step that was taken already, by this counter or by the timed work, is nothing special: one looks on.
"""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.cards.instant import Next
from yikatong.cards.models import Batch
from yikatong.cards.queries import instant_step, second_person_needed, unknown_order
from yikatong.cards.queries import order as find
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import BANK_OPENING, BATCHED, MADE, MAKE_FAILED, READY, SUBMITTED, Mode
from yikatong.cards.services.bank import ask_accounts
from yikatong.cards.services.batch import assemble, release
from yikatong.cards.services.making import retry_making
from yikatong.cards.services.match import send_to_match
from yikatong.cards.services.stock import receive_box
from yikatong.office.act import Act
from yikatong.office.scope import Scope, outside


def go_on(act: Act, number: str, *, scope: Scope | None = None) -> OrderRow | Refused:
    """Take an instant order as far as this house can take it now, in one step; the order as it stands then.

    Where it waits for somebody else it is returned as it is. Refused: `order.unknown`, `scope.outside`,
    `instant.not_instant`, `instant.photo_missing`, `instant.resting`, `instant.stopped`, `code.*`, `batch.*` and `box.*`.
    """
    order = _instant(number, scope)
    if isinstance(order, Refused):
        return order
    if order.state in (
        READY,
        MAKE_FAILED,
    ):  # before anything is moved: what rests or was stopped goes into no batch
        if order.frozen_at is not None:
            return _resting(order.number)
        if order.stopped_at is not None:
            return _stopped(order.number)
    if instant_step(order, act.today) is Next.GO_ON:
        refused = _step(act, order, order.state, scope)
        if refused is not None:
            return refused
    return find(number) or unknown_order(number)


def confirm(act: Act, number: str, *, scope: Scope | None = None) -> OrderRow | Refused:
    """The outlet's second person sends the batch of one to be made.

    Refused: `order.unknown`, `scope.outside`, `instant.not_instant`, `instant.not_batched`, and `batch.same_person`,
    `batch.changed` as for every batch.
    """
    order = _instant(number, scope)
    if isinstance(order, Refused):
        return order
    batch = Batch.objects.filter(number=order.batch).first()
    if order.state is not BATCHED or batch is None or batch.orders != 1:
        return Refused(
            "instant.not_batched",
            f"申请 {order.number} 目前为“{order.state.zh}”，没有等待确认的即时批次。",
            f"Order {order.number} is {order.state.en}; no batch of one waits to be confirmed.",
            at="order_number",
        )
    released = release(act, batch.number)
    if isinstance(released, Refused):
        return released
    return find(number) or unknown_order(number)


def _step(act: Act, order: OrderRow, state: State, scope: Scope | None) -> Refused | None:
    if state is SUBMITTED:
        return None if send_to_match(act, only=order.number) else _not_sent(order.number)
    if state is BANK_OPENING:
        ask_accounts(act, only=order.number)
        return None
    if state is BATCHED:
        return _no(release(act, order.batch))
    if state is MADE:
        return _no(receive_box(act, outlet_code=order.outlet, batch_number=order.batch or None, scope=scope))
    if state is MAKE_FAILED:
        refused = _no(retry_making(act, order.number, scope=scope))
        if refused is not None:
            return refused
    assert state in (READY, MAKE_FAILED), state
    # Where nobody else is needed the batch is nobody's work: it makes itself, and whoever stands here releases it.
    by_itself = not second_person_needed(act.today)
    batch = assemble(act, mode=Mode.INSTANT, order_number=order.number, by_itself=by_itself)
    if by_itself and not isinstance(batch, Refused):
        return _no(release(act, batch.number))
    return _no(batch)


def _no(result: object) -> Refused | None:
    return result if isinstance(result, Refused) else None


def _not_sent(number: str) -> Refused:
    order = find(number)
    assert order is not None
    if order.problem_code.startswith("code."):
        return Refused(order.problem_code, order.problem_text, "There is no agreed code for this order.")
    if order.frozen_at is not None:
        return _resting(order.number)
    return Refused(
        "instant.photo_missing",
        f"申请 {order.number} 还不能送比对，请先补齐照片。",
        f"Order {order.number} cannot be sent to be matched yet; take the photo first.",
        at="order_number",
    )


def _resting(number: str) -> Refused:
    return Refused(
        "instant.resting",
        f"申请 {number} 因持卡人情况待核实已暂停，不能继续制卡。",
        f"Order {number} rests until its holder's state is settled.",
        at="order_number",
    )


def _stopped(number: str) -> Refused:
    return Refused(
        "instant.stopped",
        f"申请 {number} 已停办，稍后自动注销，不再制卡。",
        f"Order {number} was stopped and will be cancelled; no card is made of it.",
        at="order_number",
    )


def _instant(number: str, scope: Scope | None) -> OrderRow | Refused:
    order = find(number)
    if order is None:
        return unknown_order(number)
    if scope is not None and not scope.covers(order.region, order.outlet):
        return outside(order.region)
    if order.mode is not Mode.INSTANT:
        return Refused(
            "instant.not_instant",
            f"申请 {order.number} 是{order.mode.zh}，不在窗口即时制作。",
            f"Order {order.number} goes into a batch; it is not made at the counter.",
            at="order_number",
        )
    return order
