"""The demo city: the same seed lives the same year, and what it tells can be read back."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from django.db import connection

PARTS = ("centre", "happened", "indicators")
first: dict[str, str] = {}


def lived(centre: str, seed: int) -> dict[str, object]:
    from yikatong.simulation.city import Options, live

    with (
        connection.cursor() as cursor
    ):  # a new database counts from one; the played counterparts answer by number
        cursor.execute("SELECT setval('office_numbers', 1, false)")
    result = live(Options(centre=centre, residents=300, seed=seed), lambda label, done, total: None)
    nobody_could_be_a_real_person()
    return result


def nobody_could_be_a_real_person() -> None:
    from yikatong.basics.regions import ever_assigned
    from yikatong.residents.models import Resident

    numbers = list(Resident.objects.values_list("number", "phone"))
    assert len(numbers) >= 300
    assert not [number for number, _ in numbers if ever_assigned(number[:6])]
    assert all(phone.startswith("12") for _, phone in numbers if phone)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_the_same_seed_gives_the_same_city(time):
    result = lived("xianyang", 7)
    told = json.dumps({part: result[part] for part in PARTS}, ensure_ascii=False, sort_keys=True)
    if time == "first":
        first["told"] = told
    assert told == first["told"]
    from yikatong.benefits.recovery_rows import recoveries
    from yikatong.office.scope import EVERYWHERE

    assert [row.state.code for row in recoveries(EVERYWHERE, 9, ended=True)] == ["returned"]
    assert recoveries(EVERYWHERE, 9)


@pytest.mark.django_db(transaction=True)
def test_the_other_centre_lives_its_year_and_every_figure_can_be_computed_again():
    from yikatong.basics.periods import Period
    from yikatong.indicators import queries
    from yikatong.office import journal
    from yikatong.simulation.city import existing

    result = lived("xinzhou", 3)
    assert result["centre"]["region"] == "140900"
    assert result["happened"]["card.collected"] > 0
    assert {"id", "name", "target", "actual", "numerator", "denominator"} <= set(result["indicators"][0])
    measured = {row["id"]: row for row in result["indicators"] if row["actual"] is not None}
    assert measured["ZB2"]["numerator"] <= measured["ZB2"]["denominator"] <= 310
    assert queries.recheck(Period.parse("2024")).same
    assert journal.prove().sound
    assert existing() == result
    banks = the_banks_state_what_was_paid(2024)
    assert len(banks) > 1


def the_banks_state_what_was_paid(year: int) -> set[str]:
    from yikatong.benefits.models import Discrepancy
    from yikatong.benefits.reconciling import by_bank_and_day
    from yikatong.office.scope import EVERYWHERE
    from yikatong.simulation.diary import CHINA

    begun, ended = (datetime(each, 1, 1, tzinfo=CHINA) for each in (year, year + 1))
    days = by_bank_and_day(EVERYWHERE, ended, begun)
    assert sum(each.paid.fen for each in days) > 0 and sum(each.failed.fen for each in days) > 0
    assert all(each.off == 0 for each in days)
    assert not Discrepancy.objects.exists()
    return {each.bank_code for each in days}


@pytest.mark.django_db(transaction=True)
def test_on_the_first_morning_every_desk_has_something_to_be_tried():
    from yikatong.cards import pending, queries, shelf, shelving
    from yikatong.cards.rules import BATCHED, MADE, SUBMITTED, Mode
    from yikatong.disclosure import documents
    from yikatong.disclosure.binding import check
    from yikatong.office.scope import EVERYWHERE, Scope
    from yikatong.residents.lists import lists_to_approve
    from yikatong.residents.models import DuplicatePair

    lived("xianyang", 9)
    waiting = queries.queue("", EVERYWHERE, 100, mode=Mode.INSTANT)
    assert {SUBMITTED.code, BATCHED.code, MADE.code} <= {order.state.code for order in waiting}
    assert shelving.boxes_awaited(EVERYWHERE)
    assert sum(row.cards for row in shelving.slots(EVERYWHERE))
    assert sum(row.known for row in shelf.balances()) == shelf.received() > 0
    assert {row.kind.value for row in shelf.open_papers()} == {"delivery", "transfer"}
    assert {row.state.code for row in shelf.open_counts()} == {"one", "differs"}
    assert {case.state.code for case in pending.open_cases(EVERYWHERE)} == {"suggested", "proposed"}
    assert DuplicatePair.objects.exists()
    assert lists_to_approve(Scope("610400")) == 1
    budgets = {row.unit_name[:2] + str(row.year): row for row in documents.versions(date(2026, 1, 5))}
    assert {name: row.state.code for name, row in budgets.items()} == {
        "咸阳2026": "drafting",
        "咸阳2025": "published",
        "忻州2024": "published",
    }
    seen = budgets["咸阳2025"]
    assert len({seen.prepared.code, seen.reviewed.code, seen.approved.code}) == 3
    draft = budgets["咸阳2026"]
    assert draft.due.near
    assert len(check(documents.ledger_of(draft.id), draft.family).errors) == 1
