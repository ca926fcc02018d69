"""存量卡."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cards import in_hand
from tests.cards.in_hand import NOON, QINDU, QINDU_COUNTER, a_card, a_pan, a_person, at, got
from yikatong.basics.refused import Refused
from yikatong.cards.models import Card
from yikatong.cards.services.adopt import Adoption, ExistingCard, adopt_cards
from yikatong.cards.services.loss import report_temporary_loss
from yikatong.office.lifecycle import advance
from yikatong.office.models import Entry, EntryRow
from yikatong.residents.models import Resident
from yikatong.residents.rules import LIFE


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def existing(resident: Resident, serial: int = 1, **changes) -> ExistingCard:
    row = ExistingCard(
        resident.number,
        f"X{serial:08d}",
        QINDU,
        QINDU_COUNTER,
        "102",
        a_pan(serial),
        date(2020, 5, 1),
        date(2030, 4, 30),
    )
    return row._replace(**changes)


def adopt(*rows: ExistingCard) -> Adoption:
    with at() as act:
        result = adopt_cards(act, source="existing-2025.csv", rows=rows)
    assert not isinstance(result, Refused)
    return result


def test_cards_in_use_are_taken_over_as_they_are():
    person = a_person()
    report = adopt(existing(person, 7))
    assert (report.rows, report.taken, report.refused, report.problems) == (1, 1, 0, ())
    card = Card.objects.get()
    assert (card.card_no, card.resident_id, card.state, card.bank_state) == (
        "X00000007",
        person.pk,
        "1",
        "normal",
    )
    assert (card.issued_on, card.valid_until, card.order_id) == (date(2020, 5, 1), date(2030, 4, 30), None)
    assert card.state_since == NOON


def test_a_whole_list_makes_one_entry_with_a_row_for_each_card():
    adopt(*(existing(a_person(), serial) for serial in range(1, 6)))
    entry = Entry.objects.get(kind="card.adopted")
    assert (entry.rows, entry.payload) == (5, {"file": "existing-2025.csv"})
    subjects = set(EntryRow.objects.filter(entry_id=entry.pk).values_list("subject", flat=True))
    assert subjects == {f"card:{pk}" for pk in Card.objects.values_list("pk", flat=True)}


def test_a_longer_list_takes_no_more_statements():
    def statements(how_many: int, first: int) -> int:
        rows = [existing(a_person(), first + n) for n in range(how_many)]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            adopt(*rows)
        return len(seen)

    assert statements(2, 100) == statements(40, 200)


def test_each_row_that_cannot_be_taken_says_why_and_blocks_nobody():
    good, twice, dead, holder = a_person(), a_person(), a_person(), a_person()
    advance(dead, LIFE, "die")
    held = a_card(holder)
    rows = [
        existing(good, 1),
        existing(twice, 2),
        existing(twice, 3),
        existing(dead, 4),
        existing(holder, 5),
        existing(good, 6, number=in_hand.identity_number(date(1950, 1, 1), 999)),
        existing(a_person(), 7, card_no="x-1"),
        existing(a_person(), 8, valid_until=date(2020, 4, 30)),
        existing(a_person(), 9, card_no=held.card_no),
        existing(a_person(), 10),
        existing(a_person(), 10),
    ]
    report = adopt(*rows)
    assert (report.rows, report.taken, report.refused) == (11, 1, 10)
    assert [(p.line, p.refused.code) for p in report.problems] == [
        (2, "adopt.person_twice"),
        (3, "adopt.person_twice"),
        (4, "adopt.deceased"),
        (5, "adopt.has_card"),
        (6, "adopt.unknown_person"),
        (7, "adopt.card_no"),
        (8, "adopt.dates"),
        (9, "adopt.card_known"),
        (10, "adopt.card_twice"),
        (11, "adopt.card_twice"),
    ]
    assert all(p.refused.zh and p.refused.en for p in report.problems)
    assert set(Card.objects.values_list("resident_id", flat=True)) == {good.pk, holder.pk}


def test_the_same_list_a_second_time_changes_nothing():
    rows = [existing(a_person(), serial) for serial in (1, 2)]
    adopt(*rows)
    again = adopt(*rows)
    assert (again.taken, again.refused) == (0, 2)
    assert in_hand.kinds().count("card.adopted") == 1


def test_someone_whose_old_card_ended_may_bring_another():
    person = a_person()
    a_card(person, state="9")
    assert adopt(existing(person, 3)).taken == 1


def test_an_empty_list_is_refused():
    with at() as act:
        result = adopt_cards(act, source="nothing.csv", rows=())
    assert isinstance(result, Refused)
    assert result.code == "adopt.empty"


def test_an_adopted_card_lives_like_any_other():
    adopt(existing(a_person(), 5))
    with at() as act:
        row = got(report_temporary_loss(act, card_no="X00000005", channel="portal"))
    assert (row.state.code, row.bank_state.code) == ("4", "stopped")


def test_nothing_is_adopted_when_the_journal_refuses(journal_refuses):
    rows = [existing(a_person(), 1)]
    with journal_refuses():
        adopt(*rows)
    assert not Card.objects.exists()
