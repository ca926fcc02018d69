"""挂失与解挂. The 社保 side (`state`) and the 金融 side (`bank_state`) are two reports, each recorded for itself.

Whoever reports says which side they mean; for both, an account that was never activated has nothing to stop. A
temporary report of either side runs out by itself, a formal one never.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.agents import Agent, Service
from yikatong.cards.messages import Step
from yikatong.cards.models import Card, Order
from yikatong.cards.rows import CardRow, card_row
from yikatong.cards.rules import BANK, BANK_STOPPED, CARD, CLOSED, COLLECTED, LOST, TEMP_LOST
from yikatong.cards.services.agency import Came, note_who_came, who_comes
from yikatong.cards.services.locked import deceased, locked_card, place
from yikatong.cards.services.telling import tell_cards
from yikatong.cards.standing import CallerCheck, Side, bank_step_refused, first, loss_runs_until, step_refused
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.rulebook import ruling, whole
from yikatong.office.scope import Scope

RAN_OUT = "到期自动解除"
HOW = {"holder": "本人解挂", "agent": "代办解挂", "hotline": "电话核验后解挂"}


def report_temporary_loss(
    act: Act,
    *,
    card_no: str,
    channel: str,
    which: Side = Side.BOTH,
    by: Agent | None = None,
    caller: CallerCheck | None = None,
    scope: Scope | None = None,
) -> CardRow | Refused:
    """临时挂失 of one side or both (社保 1 -> 4) until `card.temporary_loss_days` have passed.

    `caller` says how it was made sure who is on the phone, where it was a call; it stays in the journal.

    Refused: `card.unknown`, `scope.outside`, `loss.already`, `card.sealed`, `card.lost`, `card.locked`, `card.ended`;
    for the bank side alone `bank.inactive`, `bank.stopped`, `bank.closed`; `agent.*`.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = _step_of(which, card, "report_temporary_loss", "report_bank_loss")
    came = refused if refused is not None else who_comes(act, Service.TEMPORARY_LOSS, card.resident_id, by)
    if isinstance(came, Refused):
        return came
    until = loss_runs_until(act.at, whole("card.temporary_loss_days", act.today))
    note_who_came(act, came, f"card:{card.pk}", **place(act, card))
    if caller is not None:
        _record(act, facts.CALLER_CHECKED, card, how=caller.zh, how_en=caller.en)
    if which is not Side.BANK:
        advance(card, CARD, "report_temporary_loss", state_since=act.at, temporary_loss_until=until)
        _record(
            act, facts.TEMP_LOST, card, channel=channel, until=f"{timezone.localtime(until):%Y-%m-%d %H:%M}"
        )
    if which is not Side.SOCIAL:
        _stop_bank(act, card, channel, until=until)
    _tell(act, card, Step.TEMPORARILY_LOST, which, until=f"{timezone.localtime(until):%m月%d日%H:%M}")
    return card_row(card)


def release_temporary_loss(
    act: Act,
    *,
    card_no: str,
    how: str = "holder",
    which: Side = Side.BOTH,
    by: Agent | None = None,
    scope: Scope | None = None,
) -> CardRow | Refused:
    """解除临时挂失 of one side or both (社保 4 -> 1). `how` is a key of HOW or the words people will read.

    Refused: `card.unknown`, `scope.outside`, `card.not_lost`, `card.lost`, `card.sealed`, `card.locked`, `card.ended`,
    `card.deceased`; for the bank side alone `bank.*`, `loss.formal`; `agent.*`.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = first(
        _step_of(which, card, "release_temporary_loss", "release_bank_loss"),
        _of_formal_loss(card) if which is Side.BANK else None,
        deceased(card),
    )
    came = refused if refused is not None else who_comes(act, Service.RELEASE_TEMPORARY, card.resident_id, by)
    if isinstance(came, Refused):
        return came
    return _release(act, card, "release_temporary_loss", how, which, came)


def release_expired(act: Act) -> int:
    """Release every temporary loss of either side whose time has run out by `act.at`; returns how many cards.

    Cards that a counter holds at this moment are left for the next run.
    """
    over = Q(state=TEMP_LOST.code, temporary_loss_until__lte=act.at)
    bank_over = Q(bank_state=BANK_STOPPED.code, bank_loss_until__lte=act.at)
    ids = list(
        Card.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(over | bank_over)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not ids:
        return 0
    select = "SELECT 'card:' || id, resident_id, region, outlet, '{}'::jsonb FROM cards_card WHERE id = ANY(%(ids)s) "
    question = {"ids": ids, "at": act.at, "lost": TEMP_LOST.code, "stopped": BANK_STOPPED.code}
    social = "AND state = %(lost)s AND temporary_loss_until <= %(at)s"
    bank = "AND bank_state = %(stopped)s AND bank_loss_until <= %(at)s"
    act.record_rows(facts.LOSS_RELEASED, select + social, question, how=RAN_OUT)
    act.record_rows(facts.BANK_LOSS_RELEASED, select + bank, question, how=RAN_OUT)
    rows = Card.objects.filter(pk__in=ids)
    advance_all(rows.filter(bank_over), BANK, "release_bank_loss", field="bank_state", bank_loss_until=None)
    advance_all(
        rows.filter(over), CARD, "release_temporary_loss", state_since=act.at, temporary_loss_until=None
    )
    tell_cards(act, Step.RAN_OUT, ids)
    return len(ids)


def report_formal_loss(
    act: Act,
    *,
    card_no: str,
    channel: str,
    which: Side = Side.BOTH,
    by: Agent | None = None,
    scope: Scope | None = None,
) -> CardRow | Refused:
    """正式挂失 of one side or both (社保 1, 3 or 4 -> 2), with the identity document seen by the window.

    Refused: `card.unknown`, `scope.outside`, `loss.already`, `card.sealed`, `card.ended`; for the bank side alone
    `bank.inactive`, `bank.closed`, `loss.already`; `agent.*`.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = formal_loss_refused(card, which)
    came = refused if refused is not None else who_comes(act, Service.FORMAL_LOSS, card.resident_id, by)
    if isinstance(came, Refused):
        return came
    note_who_came(act, came, f"card:{card.pk}", **place(act, card))
    lose_formally(act, card, channel, which)
    return card_row(card)


def formal_loss_refused(card: Card, which: Side = Side.BOTH) -> Refused | None:
    """Why this card may not be formally reported lost as it stands; for the services of this folder."""
    if which is not Side.BANK:
        return step_refused("report_formal_loss", card.state)
    if card.bank_state == BANK_STOPPED.code:
        return None if card.bank_loss_until is not None else _ALREADY
    return bank_step_refused("report_bank_loss", card.bank_state)


def lose_formally(act: Act, card: Card, channel: str, which: Side = Side.BOTH) -> None:
    """Take the step with a card that was checked and locked; for the services of this folder."""
    if which is not Side.BANK:
        advance(card, CARD, "report_formal_loss", state_since=act.at, temporary_loss_until=None)
        _record(act, facts.LOST, card, channel=channel)
    if which is not Side.SOCIAL:
        _stop_bank(act, card, channel)
    _tell(act, card, Step.FORMALLY_LOST, which)


def release_formal_loss(
    act: Act,
    *,
    card_no: str,
    how: str = "holder",
    which: Side = Side.BOTH,
    by: Agent | None = None,
    scope: Scope | None = None,
) -> CardRow | Refused:
    """解除正式挂失 (社保 2 -> 1), where rule `card.formal_loss_releasable` allows it and no replacement was applied for.

    Refused: as for a temporary loss, and `loss.not_releasable`, `loss.replacement_applied`, `loss.temporary`.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = first(
        _step_of(which, card, "release_formal_loss", "release_bank_loss"),
        _OF_TEMPORARY if which is Side.BANK and card.bank_loss_until is not None else None,
        _formal_loss_stands(act, card) if card.state == LOST.code else None,
        deceased(card),
    )
    came = refused if refused is not None else who_comes(act, Service.RELEASE_FORMAL, card.resident_id, by)
    if isinstance(came, Refused):
        return came
    return _release(act, card, "release_formal_loss", how, which, came)


_SIDES = {Side.BOTH: "", Side.SOCIAL: "社保功能", Side.BANK: "金融账户"}
_ALREADY = Refused(
    "loss.already",
    "该卡金融账户已正式挂失，无需重复挂失。",
    "The bank account is already formally reported lost.",
    at="card_no",
)
_OF_TEMPORARY = Refused(
    "loss.temporary",
    "该卡金融账户只是临时挂失，请办理临时挂失的解挂。",
    "The bank account is only temporarily reported lost; release that instead.",
    at="card_no",
)


def _step_of(which: Side, card: Card, event: str, bank_event: str) -> Refused | None:
    if which is Side.BANK:
        return bank_step_refused(bank_event, card.bank_state)
    return step_refused(event, card.state)


def _of_formal_loss(card: Card) -> Refused | None:
    if card.bank_loss_until is not None:
        return None
    return Refused(
        "loss.formal",
        "该卡金融账户是正式挂失，请办理正式挂失的解挂。",
        "The bank account is formally reported lost; release that instead.",
        at="card_no",
    )


def _release(act: Act, card: Card, event: str, how: str, which: Side, came: Came) -> CardRow:
    how = HOW.get(how, how)
    note_who_came(act, came, f"card:{card.pk}", **place(act, card))
    if which is not Side.BANK:
        advance(card, CARD, event, state_since=act.at, temporary_loss_until=None)
        _record(act, facts.LOSS_RELEASED, card, how=how)
    # What was reported formally is not undone by taking back a temporary report.
    releasable = event == "release_formal_loss" or card.bank_loss_until is not None
    if which is not Side.SOCIAL and card.bank_state == BANK_STOPPED.code and releasable:
        advance(card, BANK, "release_bank_loss", field="bank_state", bank_loss_until=None)
        _record(act, facts.BANK_LOSS_RELEASED, card, how=how)
    _tell(act, card, Step.RELEASED, which)
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
    withdrawn = [state.code for state in CLOSED if state is not COLLECTED]
    successor = Order.objects.filter(replaces=card).exclude(state__in=withdrawn).first()
    if successor is not None:
        return Refused(
            "loss.replacement_applied",
            f"已申请补换卡（受理编号 {successor.number}），挂失不能解除。",
            f"A replacement has been applied for ({successor.number}); the loss report stands.",
            at="card_no",
        )
    return None


def _stop_bank(act: Act, card: Card, channel: str, until: datetime | None = None) -> None:
    if card.bank_state == BANK_STOPPED.code:
        # A formal report takes the place of a temporary one; what is formal already stays so.
        if until is None and card.bank_loss_until is not None:
            card.bank_loss_until = None
            card.save(update_fields=["bank_loss_until"])
            _record(act, facts.BANK_LOST, card, channel=channel, until="")
        return
    if BANK.target("report_bank_loss", card.bank_state) is None:
        return
    advance(card, BANK, "report_bank_loss", field="bank_state", bank_loss_until=until)
    _record(
        act,
        facts.BANK_LOST,
        card,
        channel=channel,
        until=f"{timezone.localtime(card.bank_loss_until):%Y-%m-%d %H:%M}" if card.bank_loss_until else "",
    )


def _record(act: Act, kind: Kind, card: Card, **payload: str) -> None:
    act.record(kind, subject=f"card:{card.pk}", person=card.resident_id, **place(act, card), **payload)


def _tell(act: Act, card: Card, step: Step, which: Side, **blanks: str) -> None:
    tell_cards(act, step, [card.pk], side=_SIDES[which], **blanks)
