"""挂失与解挂, the two sides apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cards import in_hand
from tests.cards.in_hand import (
    NOON,
    QINDU,
    QINDU_BANK,
    WEICHENG,
    WEICHENG_BANK,
    a_card,
    a_person,
    an_order,
    at,
)
from yikatong.basics.refused import Refused
from yikatong.cards.models import Card
from yikatong.cards.rules import CARD, OrderKind
from yikatong.cards.services import loss
from yikatong.cards.standing import Side
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.models import Entry, EntryRow, Message
from yikatong.office.scope import Scope
from yikatong.residents.models import Resident

SERVICES = {
    "report_temporary_loss": ("1", {"channel": "counter"}),
    "release_temporary_loss": ("4", {}),
    "report_formal_loss": ("1", {"channel": "counter"}),
    "release_formal_loss": ("2", {}),
}


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()
    in_hand.set_rule("card.formal_loss_releasable", True)


def do(service: str, card: Card, moment=NOON, **changes):
    with at(moment) as act:
        return getattr(loss, service)(act, card_no=card.card_no, **{**SERVICES[service][1], **changes})


def sides(card: Card) -> tuple[str, str]:
    now = Card.objects.get(pk=card.pk)
    return now.state, now.bank_state


def recorded() -> list[str]:
    return [
        kind
        for kind in in_hand.kinds()
        if kind.startswith(("card.temp", "card.loss", "card.bank_lo", "card.lost"))
    ]


def refused(result: object, code: str) -> None:
    assert isinstance(result, Refused), result
    assert result.code == code
    assert result.zh and result.en


# --- temporary --------------------------------------------------------------------------------------------------


def test_a_temporary_loss_stops_both_sides_each_with_its_own_entry():
    card = a_card()
    row = do("report_temporary_loss", card)
    assert sides(card) == ("4", "stopped")
    assert recorded() == ["card.temp_lost", "card.bank_lost"]
    assert row.temporary_loss_until == NOON + timedelta(days=7)


def test_a_temporary_loss_runs_for_the_days_of_the_rule():
    in_hand.set_rule("card.temporary_loss_days", 5)
    assert do("report_temporary_loss", a_card()).temporary_loss_until == NOON + timedelta(days=5)


def test_the_holder_may_leave_the_bank_side_open():
    card = a_card()
    do("report_temporary_loss", card, which=Side.SOCIAL)
    assert sides(card) == ("4", "normal")
    assert recorded() == ["card.temp_lost"]


def test_an_account_that_was_never_activated_has_nothing_to_stop():
    card = a_card(bank="inactive")
    do("report_temporary_loss", card)
    assert sides(card) == ("4", "inactive")
    do("release_temporary_loss", card)
    assert sides(card) == ("1", "inactive")
    assert recorded() == ["card.temp_lost", "card.loss_released"]


def test_the_entry_of_a_loss_names_channel_end_and_place():
    card = a_card()
    do("report_temporary_loss", card, channel="hotline")
    entry = Entry.objects.get(kind="card.temp_lost")
    assert (entry.subject, entry.person, entry.region) == (f"card:{card.pk}", card.resident_id, QINDU)
    assert entry.payload == {"channel": "hotline", "until": "2025-03-17 12:00"}


def test_the_holder_is_told_of_a_loss_report():
    card = a_card(a_person(phone="13800000009"))
    do("report_temporary_loss", card)
    message = Message.objects.get()
    assert message.to == "13800000009"
    assert card.card_no[-4:] in message.text
    assert "12:00" in message.text


def test_a_released_temporary_loss_opens_what_it_stopped():
    card = a_card()
    do("report_temporary_loss", card)
    row = do("release_temporary_loss", card, NOON + timedelta(hours=1))
    assert sides(card) == ("1", "normal")
    assert row.temporary_loss_until is None
    assert recorded()[2:] == ["card.loss_released", "card.bank_loss_released"]


def test_a_release_is_read_in_words():
    card = a_card(state="4", bank="stopped")
    do("release_temporary_loss", card, how="hotline")
    assert Entry.objects.get(kind="card.loss_released").payload["how"] == "电话核验后解挂"


@pytest.mark.parametrize(
    ("state", "code"),
    [("0", "card.sealed"), ("2", "card.lost"), ("4", "loss.already"), ("9", "card.ended")],
)
def test_only_a_card_in_use_is_reported_temporarily_lost(state, code):
    card = a_card(state=state)
    refused(do("report_temporary_loss", card), code)
    assert sides(card) == (state, "normal")


@pytest.mark.parametrize(
    ("state", "code"), [("0", "card.sealed"), ("1", "card.not_lost"), ("2", "card.lost"), ("9", "card.ended")]
)
def test_only_a_temporary_loss_is_released_as_one(state, code):
    card = a_card(state=state)
    refused(do("release_temporary_loss", card), code)
    assert sides(card) == (state, "normal")


# --- running out ------------------------------------------------------------------------------------------------


def run_out(moment):
    with open_act(Actor.system("clock"), door=Door.TASK, at=moment) as act:
        return loss.release_expired(act)


def test_a_temporary_loss_releases_itself_when_its_time_is_over():
    card = a_card()
    do("report_temporary_loss", card)
    assert run_out(NOON + timedelta(days=7, seconds=-1)) == 0
    assert sides(card) == ("4", "stopped")
    assert run_out(NOON + timedelta(days=7)) == 1
    assert sides(card) == ("1", "normal")
    assert run_out(NOON + timedelta(days=8)) == 0


def test_the_holder_is_told_that_a_loss_ran_out():
    card = a_card(a_person(phone="13800000009"), state="4", bank="stopped")
    a_card(a_person(phone=""), state="4", bank="stopped")
    run_out(NOON + timedelta(days=8))
    message = Message.objects.get()
    assert (message.to, message.person) == ("13800000009", card.resident_id)
    assert card.card_no[-4:] in message.text


def test_many_losses_run_out_in_as_many_statements_as_one():
    def statements(how_many: int) -> int:
        for _ in range(how_many):
            a_card(state="4", bank="stopped")
        with CaptureQueriesContext(connection) as seen:
            assert run_out(NOON + timedelta(days=8)) == how_many
        return len(seen)

    statements(1)  # reads the rules
    assert statements(1) == statements(12)


def test_losses_that_run_out_together_make_one_entry_a_side():
    cards = [a_card() for _ in range(3)]
    for card in cards:
        do("report_temporary_loss", card, which=Side.SOCIAL if card is cards[0] else Side.BOTH)
    assert run_out(NOON + timedelta(days=9)) == 3
    social = Entry.objects.get(kind="card.loss_released")
    bank = Entry.objects.get(kind="card.bank_loss_released")
    assert (social.rows, bank.rows) == (3, 2)
    assert social.payload["how"] == loss.RAN_OUT
    subjects = set(EntryRow.objects.filter(entry_id=social.pk).values_list("subject", flat=True))
    assert subjects == {f"card:{card.pk}" for card in cards}
    assert {sides(card) for card in cards} == {("1", "normal")}


def test_a_formal_loss_does_not_run_out():
    card = a_card()
    do("report_temporary_loss", card)
    do("report_formal_loss", card)
    assert run_out(NOON + timedelta(days=400)) == 0
    assert sides(card) == ("2", "stopped")


def test_nothing_runs_out_when_the_journal_refuses(journal_refuses):
    card = a_card(state="4", bank="stopped")
    with journal_refuses():
        run_out(NOON + timedelta(days=30))
    assert sides(card) == ("4", "stopped")


# --- the two sides apart ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("which", "after", "entries"),
    [
        (Side.SOCIAL, ("4", "normal"), ["card.temp_lost"]),
        (Side.BANK, ("1", "stopped"), ["card.bank_lost"]),
        (Side.BOTH, ("4", "stopped"), ["card.temp_lost", "card.bank_lost"]),
    ],
)
def test_each_side_is_reported_for_itself(which, after, entries):
    card = a_card()
    do("report_temporary_loss", card, which=which)
    assert sides(card) == after
    assert recorded() == entries


def test_taking_a_temporary_loss_back_leaves_the_account_that_was_formally_lost():
    card = a_card()
    do("report_formal_loss", card, which=Side.BANK)
    do("report_temporary_loss", card)
    do("release_temporary_loss", card)
    assert sides(card) == ("1", "stopped")


def test_a_side_reported_later_runs_out_later():
    card = a_card()
    do("report_temporary_loss", card, which=Side.SOCIAL)
    do("report_temporary_loss", card, NOON + timedelta(days=3), which=Side.BANK)
    assert run_out(NOON + timedelta(days=7)) == 1
    assert sides(card) == ("1", "stopped")
    assert run_out(NOON + timedelta(days=10)) == 1
    assert sides(card) == ("1", "normal")


def test_a_release_of_one_side_leaves_the_other():
    card = a_card()
    do("report_temporary_loss", card)
    do("release_temporary_loss", card, which=Side.BANK)
    assert sides(card) == ("4", "normal")


def test_a_formal_report_of_the_bank_side_does_not_run_out_with_the_temporary_one():
    card = a_card()
    do("report_temporary_loss", card)
    do("report_formal_loss", card, which=Side.BANK)
    refused(do("report_formal_loss", card, which=Side.BANK), "loss.already")
    assert run_out(NOON + timedelta(days=8)) == 1
    assert sides(card) == ("1", "stopped")
    refused(do("release_temporary_loss", card, which=Side.BANK), "loss.formal")
    do("release_formal_loss", card, which=Side.BANK)
    assert sides(card) == ("1", "normal")


@pytest.mark.parametrize(
    ("bank", "code"), [("inactive", "bank.inactive"), ("stopped", "bank.stopped"), ("closed", "bank.closed")]
)
def test_only_an_account_in_use_is_reported_lost(bank, code):
    card = a_card(bank=bank)
    refused(do("report_temporary_loss", card, which=Side.BANK), code)
    assert sides(card) == ("1", bank)


def test_an_ended_cards_account_can_still_be_stopped():
    card = a_card(state="9")
    do("report_temporary_loss", card, which=Side.BANK)
    assert sides(card) == ("9", "stopped")


def test_a_dead_holders_loss_is_not_released():
    card = a_card(state="4", bank="stopped")
    Resident.objects.filter(pk=card.resident_id).update(state="dead")
    refused(do("release_temporary_loss", card), "card.deceased")


# --- as other cities have it ------------------------------------------------------------------------------------


def test_five_days_and_a_releasable_formal_loss_are_rows_of_another_city():
    """A city with five days (上海) and the national text: releasable until a replacement has been applied for."""
    in_hand.set_rule("card.temporary_loss_days", 5)
    in_hand.set_rule("card.formal_loss_releasable", True)
    card = a_card()
    do("report_temporary_loss", card)
    assert run_out(NOON + timedelta(days=5)) == 1
    do("report_formal_loss", card)
    do("release_formal_loss", card)
    assert sides(card) == ("1", "normal")
    do("report_formal_loss", card)
    an_order(card.resident, kind=OrderKind.REISSUE, replaces=Card.objects.get(pk=card.pk), state="submitted")
    refused(do("release_formal_loss", card), "loss.replacement_applied")


# --- formal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["1", "4"])
def test_a_formal_loss_follows_use_or_a_temporary_loss(state):
    card = a_card(state=state, bank="stopped" if state == "4" else "normal")
    row = do("report_formal_loss", card)
    assert sides(card) == ("2", "stopped")
    assert row.temporary_loss_until is None


def test_a_formal_loss_stops_the_account_that_a_temporary_one_left_open():
    card = a_card()
    do("report_temporary_loss", card, which=Side.SOCIAL)
    do("report_formal_loss", card)
    assert recorded() == ["card.temp_lost", "card.lost", "card.bank_lost"]


@pytest.mark.parametrize(
    ("state", "code"), [("0", "card.sealed"), ("2", "loss.already"), ("9", "card.ended")]
)
def test_other_cards_are_not_formally_lost(state, code):
    card = a_card(state=state)
    refused(do("report_formal_loss", card), code)
    assert sides(card) == (state, "normal")


def test_a_formal_loss_is_released_where_the_rule_allows_it():
    card = a_card(state="2", bank="stopped")
    do("release_formal_loss", card)
    assert sides(card) == ("1", "normal")
    assert recorded() == ["card.loss_released", "card.bank_loss_released"]


def test_a_formal_loss_stands_where_the_rule_forbids_the_release():
    in_hand.set_rule("card.formal_loss_releasable", False)
    card = a_card(state="2", bank="stopped")
    result = do("release_formal_loss", card)
    refused(result, "loss.not_releasable")
    assert "陕西省社会保障卡挂失办理口径" in result.zh
    assert sides(card) == ("2", "stopped")


def test_a_formal_loss_stands_once_a_replacement_was_applied_for():
    card = a_card(state="2", bank="stopped")
    order = an_order(card.resident, "submitted", kind=OrderKind.REISSUE, replaces=card)
    result = do("release_formal_loss", card)
    refused(result, "loss.replacement_applied")
    assert order.number in result.zh
    assert sides(card) == ("2", "stopped")


def test_a_withdrawn_replacement_no_longer_binds():
    card = a_card(state="2", bank="stopped")
    an_order(card.resident, "cancelled", kind=OrderKind.REISSUE, replaces=card)
    assert do("release_formal_loss", card)


@pytest.mark.parametrize(
    ("state", "code"),
    [("0", "card.sealed"), ("1", "card.not_lost"), ("4", "loss.temporary"), ("9", "card.ended")],
)
def test_only_a_formal_loss_is_released_as_one(state, code):
    refused(do("release_formal_loss", a_card(state=state)), code)


# --- every service ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", SERVICES)
def test_an_unknown_card_is_refused(service):
    with at() as act:
        result = getattr(loss, service)(act, card_no="Z99999999", **SERVICES[service][1])
    refused(result, "card.unknown")


@pytest.mark.parametrize("service", SERVICES)
def test_a_clerk_of_another_county_is_refused(service):
    card = a_card(state=SERVICES[service][0])
    before, entries = sides(card), len(in_hand.kinds())
    refused(do(service, card, scope=Scope(WEICHENG, WEICHENG_BANK)), "scope.outside")
    assert (sides(card), len(in_hand.kinds())) == (before, entries)


@pytest.mark.parametrize("service", SERVICES)
def test_any_outlet_of_the_county_may_act_on_a_card_in_the_hand(service):
    assert do(service, a_card(state=SERVICES[service][0]), scope=Scope(QINDU, QINDU_BANK))


@pytest.mark.parametrize("service", SERVICES)
def test_a_card_number_may_be_typed_in_small_letters_with_spaces(service):
    card = a_card(state=SERVICES[service][0])
    with at() as act:
        assert getattr(loss, service)(act, card_no=f" {card.card_no.lower()} ", **SERVICES[service][1])


def test_no_temporary_loss_is_reported_when_the_journal_refuses(journal_refuses):
    nothing_happens("report_temporary_loss", journal_refuses)


def test_no_temporary_loss_is_released_when_the_journal_refuses(journal_refuses):
    nothing_happens("release_temporary_loss", journal_refuses)


def test_no_formal_loss_is_reported_when_the_journal_refuses(journal_refuses):
    nothing_happens("report_formal_loss", journal_refuses)


def test_no_formal_loss_is_released_when_the_journal_refuses(journal_refuses):
    nothing_happens("release_formal_loss", journal_refuses)


def nothing_happens(service: str, journal_refuses) -> None:
    state = SERVICES[service][0]
    card = a_card(state=state, bank="normal" if state == "1" else "stopped")
    before = Card.objects.filter(pk=card.pk).values().get()
    with journal_refuses():
        do(service, card)
    assert Card.objects.filter(pk=card.pk).values().get() == before
    assert not Message.objects.exists()


def test_every_refusal_of_a_step_speaks_both_languages():
    from yikatong.cards.standing import step_refused

    for event in CARD.events():
        for state in CARD:
            refusal = step_refused(event, state.code)
            assert (refusal is None) == (CARD.target(event, state.code) is not None)
            assert refusal is None or (refusal.zh.endswith("。") and refusal.en.endswith("."))
