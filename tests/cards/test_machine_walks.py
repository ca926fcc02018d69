"""One person's cards and orders on a random walk through every service: no illegal state, whatever is tried.

What should happen is foretold from the machines' tables and the few rules beside them, never by asking the service. A
refusal must leave no trace at all, and the journal alone must lead to the same state as the tables.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.cards import factories, in_hand
from tests.cards.factories import CENTRE_OUTLET, DESK, REVIEWER, picture, received
from tests.cards.in_hand import NOON
from tests.cards.test_adopt import existing
from yikatong.basics.refused import Refused
from yikatong.cards.agents import Agent, Role
from yikatong.cards.models import Card, Order
from yikatong.cards.rules import BANK, CARD, HELD, OPEN_STATES, ORDER, Mode, OrderKind
from yikatong.cards.services import loss
from yikatong.cards.services.adopt import adopt_cards
from yikatong.cards.services.apply import apply_for_card, cancel_order, resubmit
from yikatong.cards.services.bank import ask_accounts, take_account_answer
from yikatong.cards.services.batch import assemble, release
from yikatong.cards.services.cancel import cancel_card, close_account
from yikatong.cards.services.hand_over import enable, hand_over, record_bank_activation
from yikatong.cards.services.lock import report_locked
from yikatong.cards.services.making import retry_making, take_return_file
from yikatong.cards.services.match import send_to_match, take_match_answer
from yikatong.cards.services.reissue import exchange, reissue
from yikatong.cards.services.stock import receive_box
from yikatong.cards.standing import EndReason, ExchangeReason, Side
from yikatong.office.act import Act, Actor

APPLICATION: dict[str, Any] = {
    "outlet_code": CENTRE_OUTLET,
    "mode": Mode.BATCH,
    "bank_code": "102",
    "channel": "counter",
}
# An order whose fee is still due is kept from its end before its step is looked at.
REFUSED_BY_THE_DATABASE = "Invalid transition|violates check constraint|is not settled"
TABLES = {
    "order": ("cards_order", "state", ORDER),
    "card": ("cards_card", "state", CARD),
    "bank": ("cards_card", "bank_state", BANK),
}
EVENTS = (
    "apply", "work_goes_on", "collect", "switch_on", "bank_activates", "lose", "find_again", "days_pass",
    "take_a_formal_loss_back", "replace_the_lost", "exchange_the_damaged", "cancel", "raw_sql_tries_an_illegal_step",
    "lock_itself", "give_it_up", "close_the_account",
)  # fmt: skip
# What is likely to succeed at a card in this state; half of all steps are drawn from here so that walks get far.
LIKELY = {
    "": ("apply",),
    "0": ("switch_on", "bank_activates"),
    "1": ("lose", "lose", "bank_activates", "exchange_the_damaged", "replace_the_lost"),
    "2": ("take_a_formal_loss_back", "replace_the_lost"),
    "3": ("lose", "replace_the_lost", "exchange_the_damaged"),
    "4": ("find_again", "days_pass", "lose", "replace_the_lost"),
    "9": ("apply",),
}
STANDS_AFTER = {
    "card.adopted": "1", "card.enabled": "1", "card.temp_lost": "4", "card.lost": "2", "card.loss_released": "1", "card.ended": "9",
    "card.locked": "3",
}  # fmt: skip
BANK_AFTER = {
    "card.adopted": "normal", "card.bank_activated": "normal", "card.bank_lost": "stopped", "card.bank_loss_released": "normal",
    "card.account_closed": "closed",
}  # fmt: skip


class Walk(RuleBasedStateMachine):
    """The person, one clock, and everything that can be asked of the card desk."""

    @initialize(releasable=st.booleans(), holding=st.booleans())
    def a_person_comes(self, releasable: bool, holding: bool) -> None:
        self.undo = transaction.atomic()
        self.undo._from_testcase = True  # as Django's own TestCase does: acts inside may be durable
        self.undo.__enter__()
        self.releasable = releasable
        in_hand.set_rule("card.formal_loss_releasable", releasable)
        self.person = factories.resident()
        self.now = NOON
        if holding:
            with in_hand.at() as act:
                card = existing(self.person, 1)
                assert adopt_cards(act, source="existing.csv", rows=[card])

    @rule(likely=st.booleans(), data=st.data())
    def something_happens(self, likely: bool, data: st.DataObject) -> None:
        """One rule draws all events: Hypothesis would leave whole rules out of a walk, and few walks would get far."""
        getattr(self, data.draw(st.sampled_from(self.likely() if likely else EVENTS)))(data)

    def likely(self) -> tuple[str, ...]:
        card, order = self.card(), self.order()
        if order is not None and order.state in OPEN_STATES:
            return ("collect",) if order.state == "at_outlet" else ("work_goes_on",)
        return LIKELY[card.state if card else ""]

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    # --- what stands now -------------------------------------------------------------------------------------

    def order(self) -> Order | None:
        return Order.objects.filter(resident=self.person).order_by("-id").first()

    def open_order(self) -> bool:
        return Order.objects.filter(resident=self.person, state__in=OPEN_STATES).exists()

    def card(self) -> Card | None:
        """The card in hand or on the shelf, else the last one that ended."""
        cards = Card.objects.filter(resident=self.person)
        return cards.filter(state__in=HELD).first() or cards.order_by("-id").first()

    def attempt(self, allowed: bool, service: Callable[[Act], object], actor: Actor = in_hand.CLERK) -> None:
        """Do it in an act of its own; it must be taken where it is allowed, and leave no trace where it is not."""
        self.now += timedelta(minutes=1)
        before = picture()
        with in_hand.at(self.now, actor) as act:
            result = service(act)
        assert isinstance(result, Refused) != allowed, (allowed, result)
        assert (picture() == before) != allowed

    # --- the order's way -------------------------------------------------------------------------------------

    def apply(self, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(OrderKind))
        card = Card.objects.filter(resident=self.person, state__in=HELD).first()
        state = card.state if card else ""
        fits = {
            OrderKind.NEW: state == "",
            OrderKind.REISSUE: state == "2",
            OrderKind.EXCHANGE: state in ("1", "3"),
        }[kind]
        self.attempt(
            fits and not self.open_order(),
            lambda act: apply_for_card(act, resident_id=self.person.pk, kind=kind, **APPLICATION),
        )

    def work_goes_on(self, data: st.DataObject) -> None:
        """The next stages of the order, the last of them with a good or a bad end."""
        steps, well = data.draw(st.integers(1, 8)), data.draw(st.sampled_from([True, True, False]))
        for step in range(steps):
            order = self.order()
            if order is None or order.state not in STAGES:
                return
            self.now += timedelta(minutes=1)
            STAGES[order.state](order, well or step < steps - 1)
            moved = Order.objects.get(pk=order.pk)
            assert (order.state, moved.state) in ORDER.steps()

    def cancel(self, data: st.DataObject) -> None:
        if order := self.order():
            allowed = ORDER.target("cancel", order.state) is not None
            self.attempt(allowed, lambda act: cancel_order(act, order.number, "本人要求"))

    def collect(self, data: st.DataObject) -> None:
        role = data.draw(st.sampled_from(["holder", "agent"]))
        if order := self.order():
            number = factories.number_of(in_hand.NOON.date().replace(year=1980), 77)
            papers = {
                "letter_number": "委托〔2025〕1号",
                "letter_on": self.now.date(),
                "reason": "住院",
                "proof": "授权委托书",
            }
            by = Agent(Role.AGENT, "李四光", number, **papers) if role == "agent" else None
            self.attempt(
                order.state == "at_outlet",
                lambda act: hand_over(
                    act, order_number=order.number, shown_name=self.person.name, by=by, proof=in_hand.ON_PAPER
                ),
            )  # fmt: skip

    # --- the card in the hand --------------------------------------------------------------------------------

    def switch_on(self, data: st.DataObject) -> None:
        if card := self.card():
            allowed = card.state == "0" and card.collected_at is not None
            self.attempt(allowed, lambda act: enable(act, card_no=card.card_no))

    def bank_activates(self, data: st.DataObject) -> None:
        if card := self.card():
            usable = card.state in ("1", "3") or (card.state == "0" and card.collected_at is not None)
            self.attempt(
                usable and card.bank_state == "inactive",
                lambda act: record_bank_activation(act, card_no=card.card_no),
                in_hand.BANK_CLERK,
            )

    def lose(self, data: st.DataObject) -> None:
        which, formal = data.draw(st.sampled_from(Side)), data.draw(st.sampled_from([False, False, True]))
        if card := self.card():
            service = loss.report_formal_loss if formal else loss.report_temporary_loss
            social = card.state in (("1", "3", "4") if formal else ("1",))
            temporary = card.bank_state == "stopped" and card.bank_loss_until is not None
            bank = card.bank_state == "normal" or (formal and temporary)
            self.attempt(
                bank if which is Side.BANK else social,
                lambda act: service(act, card_no=card.card_no, channel="counter", which=which),
            )

    def find_again(self, data: st.DataObject) -> None:
        which = data.draw(st.sampled_from(Side))
        if card := self.card():
            bank = card.bank_state == "stopped" and card.bank_loss_until is not None
            self.attempt(
                bank if which is Side.BANK else card.state == "4",
                lambda act: loss.release_temporary_loss(act, card_no=card.card_no, which=which),
            )

    def take_a_formal_loss_back(self, data: st.DataObject) -> None:
        if card := self.card():
            replaced = any(order.state != "cancelled" for order in Order.objects.filter(replaces=card))
            self.attempt(
                card.state == "2" and self.releasable and not replaced,
                lambda act: loss.release_formal_loss(act, card_no=card.card_no),
            )

    def days_pass(self, data: st.DataObject) -> None:
        self.now += timedelta(days=data.draw(st.integers(1, 8)))
        # A card that was exchanged may have ended with its bank side still lost for a time.
        due = sum(
            any(
                until is not None and until <= self.now
                for until in (card.temporary_loss_until, card.bank_loss_until)
            )
            for card in Card.objects.filter(resident=self.person)
        )
        with in_hand.at(self.now, Actor.system("clock")) as act:
            assert loss.release_expired(act) == due

    def replace_the_lost(self, data: st.DataObject) -> None:
        bank_code = data.draw(st.sampled_from(["102", "999"]))
        if card := self.card():
            self.attempt(
                card.state in ("1", "2", "3", "4") and not self.open_order() and bank_code != "999",
                lambda act: reissue(act, card_no=card.card_no, **{**APPLICATION, "bank_code": bank_code}),
            )

    def exchange_the_damaged(self, data: st.DataObject) -> None:
        if card := self.card():
            self.attempt(
                card.state in ("1", "3") and not self.open_order(),
                lambda act: exchange(act, card_no=card.card_no, reason=ExchangeReason.DAMAGED, **APPLICATION),
            )

    def lock_itself(self, data: st.DataObject) -> None:
        if card := self.card():
            self.attempt(
                card.state == "1", lambda act: report_locked(act, card_no=card.card_no, where="药店终端")
            )

    def give_it_up(self, data: st.DataObject) -> None:
        if card := self.card():
            self.attempt(
                card.state != "9" and not self.open_order(),
                lambda act: cancel_card(act, card_no=card.card_no, reason=EndReason.WISH),
            )

    def close_the_account(self, data: st.DataObject) -> None:
        if card := self.card():
            self.attempt(card.bank_state != "closed", lambda act: close_account(act, card_no=card.card_no))

    # --- behind our back -------------------------------------------------------------------------------------

    def raw_sql_tries_an_illegal_step(self, data: st.DataObject) -> None:
        what = data.draw(st.sampled_from(sorted(TABLES)))
        table, column, machine = TABLES[what]
        row = self.order() if what == "order" else self.card()
        if row is None:
            return
        here = getattr(row, column)
        illegal = sorted(
            {s.code for s in machine} - {to for was, to in machine.steps() if was == here} - {here}
        )
        target = data.draw(st.sampled_from([*illegal, "?"]))
        with (
            pytest.raises(DatabaseError, match=REFUSED_BY_THE_DATABASE),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [target, row.pk])

    # --- what always holds -----------------------------------------------------------------------------------

    @invariant()
    def at_most_one_valid_card_and_one_open_order(self) -> None:
        if hasattr(self, "person"):
            assert Card.objects.filter(resident=self.person, state__in=HELD).count() <= 1
            assert Order.objects.filter(resident=self.person, state__in=OPEN_STATES).count() <= 1

    @invariant()
    def the_two_sides_fit(self) -> None:
        if hasattr(self, "person"):
            for card in Card.objects.filter(resident=self.person):
                assert card.bank_state == "stopped" or card.bank_loss_until is None
                assert card.state != "4" or card.temporary_loss_until is not None
                if card.order is not None:
                    assert card.state != "1" or card.collected_at is not None
                    assert card.state == "9" or card.order.state in ("made", "at_outlet", "collected")

    @invariant()
    def the_journal_tells_the_same_story(self) -> None:
        if hasattr(self, "person"):
            for card in Card.objects.filter(resident=self.person):
                facts = facts_of(f"card:{card.pk}")
                assert ([STANDS_AFTER[k] for k in facts if k in STANDS_AFTER] or ["0"])[-1] == card.state
                assert ([BANK_AFTER[k] for k in facts if k in BANK_AFTER] or ["inactive"])[
                    -1
                ] == card.bank_state


def facts_of(subject: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM office_fact WHERE subject = %s ORDER BY entry_id, row_id", [subject])
        return [kind for (kind,) in cursor.fetchall()]


def _act(actor: Actor, service: Callable[[Act], object]) -> None:
    with factories.acting(actor) as act:
        result = service(act)
    assert not isinstance(result, Refused), result


def _match(order: Order, well: bool) -> None:
    content = factories.match_file([order], results=None if well else [("2", "姓名与公安库不一致")])
    _act(DESK, lambda act: take_match_answer(act, received("province", content)))


def _account(order: Order, well: bool) -> None:
    _act(DESK, ask_accounts)
    asked = Order.objects.select_related("resident").get(pk=order.pk)
    content = factories.account_file([asked], results=None if well else [("3", "客户信息不全")])
    _act(DESK, lambda act: take_account_answer(act, received("bank-102", content)))


def _make(order: Order, well: bool) -> None:
    failed = {
        "card_identifier": "",
        "card_reset": "",
        "failed_stage": "制卡",
        "failed_reason": "芯片写入失败",
    }
    row = factories.return_row(order)._replace(**({} if well else failed))
    content = factories.return_file(in_hand.got(order.batch).number, [row])
    _act(DESK, lambda act: take_return_file(act, received("maker", content)))


STAGES: dict[str, Callable[[Order, bool], None]] = {
    "submitted": lambda order, well: _act(DESK, send_to_match),
    "checking": _match,
    "problem": lambda order, well: _act(DESK, lambda act: resubmit(act, order.number)),
    "bank_opening": _account,
    "bank_failed": lambda order, well: _act(DESK, lambda act: resubmit(act, order.number)),
    "ready": lambda order, well: _act(DESK, lambda act: assemble(act, mode=Mode.BATCH)),
    "batched": lambda order, well: _act(REVIEWER, lambda act: release(act, in_hand.got(order.batch).number)),
    "making": _make,
    "make_failed": lambda order, well: _act(DESK, lambda act: retry_making(act, order.number)),
    "made": lambda order, well: _act(in_hand.CLERK, lambda act: receive_box(act, outlet_code=CENTRE_OUTLET)),
}


@pytest.mark.django_db
def test_no_walk_leads_to_an_illegal_state():
    in_hand.open_city()
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=10, stateful_step_count=40, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
