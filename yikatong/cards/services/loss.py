"""挂失与解挂. The 社保 side (`state`) and the 金融 side (`bank_state`) are two facts, each recorded for itself.

A loss report stops both unless the holder wishes otherwise; an account that was never activated has nothing to stop.
Releasing a report opens again what it stopped.
"""

from __future__ import annotations

from django.utils import timezone

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.models import Card, Order
from yikatong.cards.rows import CardRow, card_row
from yikatong.cards.rules import BANK, BANK_STOPPED, CANCELLED, CARD, TEMP_LOST
from yikatong.cards.services.locked import locked_card, place
from yikatong.cards.standing import loss_runs_until, step_refused
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.rulebook import ruling, whole
from yikatong.office.scope import Scope
from yikatong.residents.queries import person

RAN_OUT = "到期自动解除"
HOW = {"holder": "本人解挂", "agent": "代办解挂", "hotline": "电话核验后解挂"}


def report_temporary_loss(
    act: Act, *, card_no: str, channel: str, bank_side: bool = True, scope: Scope | None = None
) -> CardRow | Refused:
    """临时挂失 (1 -> 4) until `card.temporary_loss_days` have passed; `bank_side` stops the account too.

    Refused: `card.unknown`, `scope.outside`, `loss.already`, `card.sealed`, `card.lost`, `card.locked`, `card.ended`.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = step_refused("report_temporary_loss", card.state)
    if refused is not None:
        return refused
    until = loss_runs_until(act.at, whole("card.temporary_loss_days", act.today))
    advance(card, CARD, "report_temporary_loss", state_since=act.at, temporary_loss_until=until)
    act.record(
        facts.TEMP_LOST,
        subject=f"card:{card.pk}",
        person=card.resident_id,
        **place(act, card),
        channel=channel,
        until=f"{timezone.localtime(until):%Y-%m-%d %H:%M}",
    )
    if bank_side:
        _stop_bank(act, card, channel)
    _tell(
        act,
        card,
        f"您的社保卡（尾号{card.card_no[-4:]}）已临时挂失，{timezone.localtime(until):%m月%d日%H:%M}前有效，"
        "到期自动解除；确认遗失请办理正式挂失和补领。",
    )
    return card_row(card)


def release_temporary_loss(
    act: Act, *, card_no: str, how: str = "holder", scope: Scope | None = None
) -> CardRow | Refused:
    """解除临时挂失 (4 -> 1), and the account that was stopped with it. `how` is a key of HOW or the words
    people will read.

    Refused: `card.unknown`, `scope.outside`, `card.not_lost`, `card.lost`, `card.sealed`, `card.ended`.
    """
    return _release(act, card_no, "release_temporary_loss", how, scope)


def release_expired(act: Act) -> int:
    """Release every temporary loss whose time has run out by `act.at`; returns how many.

    Cards that a counter holds at this moment are left for the next run.
    """
    ids = list(
        Card.objects.select_for_update(skip_locked=True)
        .filter(state=TEMP_LOST.code, temporary_loss_until__lte=act.at)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not ids:
        return 0
    select = (
        "SELECT 'card:' || id, resident_id, region, outlet, jsonb_build_object('until', temporary_loss_until) "
        "FROM cards_card WHERE id = ANY(%(ids)s)"
    )
    act.record_rows(facts.LOSS_RELEASED, select, {"ids": ids}, how=RAN_OUT)
    act.record_rows(
        facts.BANK_LOSS_RELEASED,
        f"{select} AND bank_state = %(stopped)s",
        {"ids": ids, "stopped": BANK_STOPPED.code},
        how=RAN_OUT,
    )
    rows = Card.objects.filter(pk__in=ids)
    advance_all(rows, BANK, "release_bank_loss", field="bank_state")
    released = advance_all(
        rows, CARD, "release_temporary_loss", state_since=act.at, temporary_loss_until=None
    )
    post.queue_messages(
        act,
        "SELECT r.phone, '您的社保卡（尾号' || right(c.card_no, 4) || '）临时挂失已到期，自动恢复使用；仍未找到请尽快正式挂失。', "
        "r.id, 'card:' || c.id FROM cards_card c JOIN residents_resident r ON r.id = c.resident_id "
        "WHERE c.id = ANY(%(ids)s) ORDER BY c.id",
        {"ids": ids},
    )
    return released


def report_formal_loss(
    act: Act, *, card_no: str, channel: str, bank_side: bool = True, scope: Scope | None = None
) -> CardRow | Refused:
    """正式挂失 (1 or 4 -> 2), with the holder's identity document seen by the window.

    Refused: `card.unknown`, `scope.outside`, `loss.already`, `card.sealed`, `card.locked`, `card.ended`.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = step_refused("report_formal_loss", card.state)
    if refused is not None:
        return refused
    advance(card, CARD, "report_formal_loss", state_since=act.at, temporary_loss_until=None)
    act.record(
        facts.LOST, subject=f"card:{card.pk}", person=card.resident_id, **place(act, card), channel=channel
    )
    if bank_side:
        _stop_bank(act, card, channel)
    _tell(act, card, f"您的社保卡（尾号{card.card_no[-4:]}）已正式挂失，可到任一网点办理补领。")
    return card_row(card)


def release_formal_loss(
    act: Act, *, card_no: str, how: str = "holder", scope: Scope | None = None
) -> CardRow | Refused:
    """解除正式挂失 (2 -> 1), where rule `card.formal_loss_releasable` allows it and no replacement was applied for.

    Refused: as for a temporary loss, and `loss.not_releasable`, `loss.replacement_applied`, `loss.temporary`.
    """
    return _release(act, card_no, "release_formal_loss", how, scope)


def _release(act: Act, card_no: str, event: str, how: str, scope: Scope | None) -> CardRow | Refused:
    how = HOW.get(how, how)
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = step_refused(event, card.state)
    if refused is None and event == "release_formal_loss":
        refused = _formal_loss_stands(act, card)
    if refused is not None:
        return refused
    advance(card, CARD, event, state_since=act.at, temporary_loss_until=None)
    act.record(
        facts.LOSS_RELEASED, subject=f"card:{card.pk}", person=card.resident_id, **place(act, card), how=how
    )
    if card.bank_state == BANK_STOPPED.code:
        advance(card, BANK, "release_bank_loss", field="bank_state")
        act.record(
            facts.BANK_LOSS_RELEASED,
            subject=f"card:{card.pk}",
            person=card.resident_id,
            **place(act, card),
            how=how,
        )
    _tell(act, card, f"您的社保卡（尾号{card.card_no[-4:]}）已解除挂失，恢复使用。如非本人办理请致电12333。")
    return card_row(card)


def _formal_loss_stands(act: Act, card: Card) -> Refused | None:
    """Why a formal loss may not be released. The card is locked, so an application for its successor waits."""
    rule = ruling("card.formal_loss_releasable", act.today)
    if not rule.value:
        source = f"（{rule.document}）" if rule.document else ""
        return Refused(
            "loss.not_releasable",
            f"按本地规定{source}，正式挂失不能解除，请办理补领。",
            "Here a formal loss cannot be released; have the card re-issued.",
            at="card_no",
        )
    successor = Order.objects.filter(replaces=card).exclude(state=CANCELLED.code).first()
    if successor is not None:
        return Refused(
            "loss.replacement_applied",
            f"已申请补换卡（受理编号 {successor.number}），挂失不能解除。",
            f"A replacement has been applied for ({successor.number}); the loss report stands.",
            at="card_no",
        )
    return None


def _stop_bank(act: Act, card: Card, channel: str) -> None:
    if BANK.target("report_bank_loss", card.bank_state) is None:
        return
    advance(card, BANK, "report_bank_loss", field="bank_state")
    act.record(
        facts.BANK_LOST,
        subject=f"card:{card.pk}",
        person=card.resident_id,
        **place(act, card),
        channel=channel,
    )


def _tell(act: Act, card: Card, text: str) -> None:
    holder = person(card.resident_id)
    if holder is not None:
        post.queue_message(
            act, to=holder.phone, text=text, person=card.resident_id, subject=f"card:{card.pk}"
        )
