"""Opening a centre, and the dated rules, working days and populations it brings."""

from __future__ import annotations

from datetime import date

import pytest

from yikatong.basics.refused import Refused
from yikatong.office import queries, rulebook
from yikatong.office.models import CalendarDay, Centre, Entry, Outlet, Population, Region, Rule
from yikatong.office.opening import add_missing_rules, count_population, known_centres, open_centre
from yikatong.office.rulebook import NoSuchRule

pytestmark = pytest.mark.django_db

DAY = date(2025, 3, 10)


@pytest.fixture
def xianyang(acting):
    with acting() as act:
        return open_centre(act, "xianyang")


@pytest.mark.parametrize("code", known_centres())
def test_every_centre_opens_with_all_it_needs(acting, code):
    with acting() as act:
        centre = open_centre(act, code)
    assert isinstance(centre, Centre)
    assert rulebook.whole("card.limit.batch_working_days", DAY) == 30
    assert rulebook.population(centre.region, DAY) is not None
    assert {o.region for o in queries.outlets()} <= {r.code for r in queries.regions()}
    assert any(o.instant for o in queries.outlets())
    assert queries.centre() == queries.CentreRow(
        centre.code, centre.name, centre.region, centre.department, centre.target_year, False
    )


def test_both_centres_have_the_same_rules_each_with_a_document_or_marked_assumed(acting):
    codes = {}
    for code in known_centres():
        with acting() as act:
            open_centre(act, code)
        codes[code] = set(Rule.objects.values_list("code", flat=True))
        assert not Rule.objects.filter(document="", assumed=False).exists()
        for table in (Rule, CalendarDay, Outlet, Centre):
            table.objects.all().delete()
        Population.objects.all().delete()
        Region.objects.all().delete()
    assert len(set(map(frozenset, codes.values()))) == 1


def test_a_centre_nobody_knows_is_refused_with_those_we_know(acting):
    with acting() as act:
        refused = open_centre(act, "../xianyang")
    assert isinstance(refused, Refused) and refused.code == "centre.unknown"
    assert "xianyang" in refused.zh
    assert not Entry.objects.exists()


def test_a_second_centre_is_refused(acting, xianyang):
    with acting() as act:
        refused = open_centre(act, "xinzhou")
    assert isinstance(refused, Refused) and refused.code == "centre.already_open"


def test_when_the_journal_refuses_no_centre_is_opened(acting, journal_refuses):
    with journal_refuses(), acting() as act:
        open_centre(act, "xianyang")
    assert not Centre.objects.exists()
    assert not Rule.objects.exists()
    assert not Region.objects.exists()


def test_a_newer_version_brings_what_is_missing_and_changes_nothing(acting, xianyang):
    Rule.objects.filter(code="card.limit.batch_working_days").delete()
    Rule.objects.filter(code="card.temporary_loss_days").update(valid_from=DAY, value=10)
    CalendarDay.objects.filter(day__year=2025).delete()
    rulebook.forget()
    with acting() as act:
        added = add_missing_rules(act)
    assert added.rules == ("card.limit.batch_working_days",)
    assert added.years == (2025,)
    assert added.left == ("card.temporary_loss_days 2020-01-01",)
    assert rulebook.whole("card.limit.batch_working_days", DAY) == 30
    assert rulebook.whole("card.temporary_loss_days", DAY) == 10
    assert not rulebook.work_calendar().is_working(date(2025, 10, 1))
    facts = Entry.objects.filter(kind="office.rules_added")
    assert [fact.payload["codes"] for fact in facts] == [["card.limit.batch_working_days"]]
    with acting() as act:
        assert not add_missing_rules(act)
    assert facts.count() == 1


def test_a_centre_of_its_own_and_an_empty_database_get_nothing(acting, xianyang):
    Rule.objects.all().delete()
    Centre.objects.update(code="elsewhere")
    with acting() as act:
        assert not add_missing_rules(act)
    Centre.objects.all().delete()
    with acting() as act:
        assert not add_missing_rules(act)
    assert not Rule.objects.exists()


def test_when_the_journal_refuses_no_rule_is_added(acting, journal_refuses, xianyang):
    Rule.objects.filter(code="card.temporary_loss_days").delete()
    with journal_refuses(), acting() as act:
        add_missing_rules(act)
    assert not Rule.objects.filter(code="card.temporary_loss_days").exists()


def test_when_the_journal_refuses_no_population_is_entered(acting, journal_refuses, xianyang):
    before = rulebook.population("610400", DAY)
    with journal_refuses(), acting() as act:
        count_population(act, region="610400", residents=1, source="x")
    assert rulebook.population("610400", DAY) == before


def rule(value: int, begins: date, ends: date | None = None) -> None:
    Rule.objects.create(code="x.days", value=value, valid_from=begins, valid_to=ends, assumed=True)
    rulebook.forget()


def test_a_rule_is_asked_for_as_it_stood_on_a_day():
    rule(10, date(2020, 1, 1))
    rule(7, date(2025, 7, 1))
    assert rulebook.whole("x.days", date(2025, 6, 30)) == 10
    assert rulebook.whole("x.days", date(2025, 7, 1)) == 7


def test_a_rule_that_ended_no_longer_holds_from_its_end_on():
    rule(10, date(2020, 1, 1), date(2025, 1, 1))
    assert rulebook.whole("x.days", date(2024, 12, 31)) == 10
    with pytest.raises(NoSuchRule):
        rulebook.whole("x.days", date(2025, 1, 1))


def test_a_rule_nobody_entered_is_an_error_that_names_it():
    with pytest.raises(NoSuchRule, match=r"x\.days on 2019-12-31"):
        rulebook.whole("x.days", date(2019, 12, 31))


def test_a_new_rule_is_seen_once_what_was_remembered_is_dropped():
    rule(10, date(2020, 1, 1))
    assert rulebook.whole("x.days", DAY) == 10
    Rule.objects.filter(code="x.days").update(value=11)
    assert rulebook.whole("x.days", DAY) == 10
    rulebook.forget()
    assert rulebook.whole("x.days", DAY) == 11


def test_holidays_and_make_up_days_are_counted(xianyang):
    calendar = rulebook.work_calendar()
    assert not calendar.is_working(date(2025, 10, 1))
    assert calendar.is_working(date(2025, 9, 28))  # a Sunday worked for the National Day week
    assert not calendar.is_working(date(2025, 9, 27))


def test_the_population_is_the_latest_bulletins(acting, xianyang):
    with acting() as act:
        count_population(act, region="610400", residents=3_900_000, source="年度公报")
    before, after = rulebook.population("610400", date(2025, 3, 9)), rulebook.population("610400", DAY)
    assert before is not None and after is not None
    assert (before.residents, after.residents) == (3_950_000, 3_900_000)
    assert rulebook.population("610402", DAY) is None


def test_what_the_floors_above_may_ask(acting, xianyang):
    from yikatong.office.appointments import appoint

    assert [o.code for o in queries.outlets("610403")] == ["61040301"]
    assert len(queries.outlets("610400")) == len(queries.outlets())
    assert queries.outlet("61040201 ") is not None
    assert queries.outlet("nowhere") is None
    assert queries.region_name("610402") == "秦都区"
    assert queries.region_name("999999") == "999999"
    with acting() as act:
        appoint(
            act,
            username="wang",
            full_name="王",
            roles=["outlet_clerk"],
            region="610402",
            outlet_code="61040201",
        )
    (row,) = queries.staff_rows()
    assert (row.username, row.roles, row.outlet, row.active) == ("wang", ("outlet_clerk",), "61040201", True)
    assert queries.partners() == ()
