"""What each measure counts, and what must hold for all of them."""

import re
from decimal import Decimal

import pytest

from tests.indicators.happenings import granted
from tests.spending.books import posted
from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.benefits.facts import BATCH_COVERED, BATCH_REPLIED, BATCH_SETTLED
from yikatong.cards.facts import ORDER_CANCELLED
from yikatong.indicators import engine
from yikatong.indicators.board import BoardRow
from yikatong.indicators.compute import rule_codes
from yikatong.indicators.measure import COLUMNS, Aggregate, Base, catalogue
from yikatong.indicators.queries import board, definition, events
from yikatong.indicators.services import fill, load_targets

YEAR = Period.parse("2025")
SANYUAN = "610422"


def rows(as_editor, period=YEAR, at="2026-01-05", **scope) -> dict[str, BoardRow]:
    as_editor(fill, period, at=at)
    return {row.id: row for row in board(period, **scope)}


def test_a_card_counts_once_when_it_is_first_handed_over(city, as_editor):
    city.collected(1, "2024-12-31")
    city.collected(2, "2025-01-01", hour=0)
    city.collected(3, "2025-12-31", hour=23)
    city.collected(3, "2025-12-31", hour=23)
    city.collected(1, "2025-02-01")
    city.collected(4, "2026-01-01", hour=0)
    row = rows(as_editor)["XQ1"]
    assert (row.numerator, row.denominator, row.actual) == (2, None, Decimal("0.0002"))


def test_an_error_within_90_days_spoils_the_card_and_a_later_one_does_not(city, as_editor):
    for card in (1, 2, 3):
        city.collected(card, "2025-03-01")
    city.error(1, "2025-05-30")  # day 90
    city.error(2, "2025-05-31")  # day 91
    row = rows(as_editor)["XL1"]
    assert (row.numerator, row.denominator) == (2, 3)
    assert row.actual == Decimal("66.6667")


def test_an_error_confirmed_after_the_period_counts_in_the_period_of_the_card(city, as_editor):
    city.collected(1, "2025-12-20")
    city.error(1, "2026-01-03")
    assert rows(as_editor)["XL1"].numerator == 0


def test_the_longest_wait_stands_beside_its_95th_percentile(city, as_editor):
    for order in range(1, 21):
        city.stocked(order, "2025-03-01", f"2025-03-{order + 1:02d}", "2025-04-10")
    row = rows(as_editor)["XT1"]
    assert (row.actual, row.p95, row.events) == (Decimal("20.0000"), 19, 20)


def test_ready_on_the_promised_day_is_in_time_and_overdue_orders_count_against_us(city, as_editor):
    city.applied(1, "2025-03-01", "2025-04-10")
    city.stocked(1, "2025-03-01", "2025-04-10", "2025-04-10")
    city.applied(2, "2025-03-01", "2025-04-10")
    city.stocked(2, "2025-03-01", "2025-04-11", "2025-04-10")
    city.applied(3, "2025-11-01", "2025-12-31")  # overdue at the end of the year
    city.applied(4, "2025-12-01", "2026-01-01")  # not due yet
    city.applied(5, "2025-03-01", "2025-04-10")
    city.record(ORDER_CANCELLED, "2025-05-01", "order:5", reason="本人撤销")
    row = rows(as_editor)["XT2"]
    assert (row.numerator, row.denominator) == (1, 3)


def test_in_a_running_period_only_what_is_overdue_today_counts(city, as_editor):
    city.applied(1, "2025-03-01", "2025-04-10")
    assert rows(as_editor, at="2025-04-10")["XT2"].denominator == 0
    assert rows(as_editor, at="2025-04-11")["XT2"].denominator == 1


def test_holders_are_persons_with_a_card_that_is_not_cancelled(city, as_editor):
    city.adopted(1, 100, "2025-01-02")
    city.made(7, 201, 1, "2025-06-01")  # person 1's new card
    city.ended(1, "2025-06-01")
    city.ended(2, "2025-07-01")
    city.made(8, 202, 500, "2025-08-01")
    city.made(9, 203, 501, "2026-01-01")  # after the period
    row = rows(as_editor)["ZB2"]
    assert (row.numerator, row.denominator) == (100, 3_950_000)
    county = rows(as_editor, region=SANYUAN)["ZB2"]
    assert (county.numerator, county.denominator, county.actual) == (98, None, None)
    assert county.mark == "未测" and "人口" in county.reason


def test_nothing_over_nothing_is_said_and_never_scored(city, as_editor):
    as_editor(load_targets, "xianyang")
    found = rows(as_editor)
    for each in ("XL1", "XT1", "XT2"):
        assert (found[each].mark, found[each].actual, found[each].score) == ("无发生", None, None)
    assert (found["XQ1"].actual, found["XQ1"].score) == (Decimal(0), Decimal(0))
    assert found["XQ6"].mark == "未测"


def test_a_board_scores_the_city_for_the_year_only(city, as_editor):
    as_editor(load_targets, "xianyang")
    city.collected(1, "2025-03-01")
    city.collected(2, "2025-03-01")
    city.error(2, "2025-03-05")
    assert rows(as_editor)["XL1"].score == Decimal("0.6500")
    month = rows(as_editor, Period.parse("2025-03"))["XL1"]
    assert (month.actual, month.score, month.met) == (Decimal(50), None, False)
    county = rows(as_editor, region="610402")["XL1"]
    assert (county.actual, county.score, county.met) == (Decimal(50), None, None)


def test_regions_and_outlets_share_out_the_city_figure(city, as_editor):
    city.collected(1, "2025-03-01")
    city.collected(2, "2025-03-01", region=SANYUAN, outlet="61042201")
    city.collected(3, "2025-03-01", region=SANYUAN, outlet="61042201")
    assert rows(as_editor, region=SANYUAN)["XQ1"].numerator == 2
    assert rows(as_editor, outlet="61042201")["XQ1"].numerator == 2
    assert rows(as_editor, region="610481")["XQ1"].numerator == 0
    assert rows(as_editor, region="610400")["XQ1"].numerator == 3


def test_events_are_those_of_the_stored_figure_even_when_more_came_since(city, as_editor):
    city.collected(1, "2025-03-01")
    as_editor(fill, YEAR)
    city.collected(2, "2025-03-01")
    assert [event.subject for event in granted(events("XQ1", YEAR))] == ["card:1"]
    as_editor(fill, YEAR)
    assert {event.subject for event in granted(events("XQ1", YEAR))} == {"card:1", "card:2"}
    assert len(granted(events("XQ1", YEAR, limit=1, offset=1))) == 1
    assert events("XQ1", YEAR, region=SANYUAN) == ()


def test_an_unknown_measure_has_no_events_and_no_definition(city):
    refused = events("XX9", YEAR)
    assert isinstance(refused, Refused) and refused.code == "measure.unknown"
    assert definition("XX9") is None


def a_busy_year(city):
    city.adopted(1000, 1020, "2025-01-02")
    for number in range(1, 13):
        region = SANYUAN if number % 3 else "610402"
        city.applied(number, f"2025-{number:02d}-01", f"2025-{number:02d}-20", region=region)
        if number % 4:
            ready = f"2025-{number:02d}-{10 + number:02d}"
            city.stocked(number, f"2025-{number:02d}-01", ready, f"2025-{number:02d}-20", region=region)
            city.made(number, number, number, ready)
            city.collected(number, f"2025-{number:02d}-25", region=region)
        about = {"batch": f"G{number}", "code": "pension", "period": f"2025-{number:02d}", "insurance": True}
        day = f"2025-{number:02d}-18"
        city.record(
            BATCH_SETTLED, day, f"benefit:G{number}", **about, programme="pension", paid=9, fen=1, yuan="0.01"
        )
        city.record(BATCH_COVERED, day, f"benefit:G{number}", region=region, **about, due=10, paid=9, fen=1)
        city.record(
            BATCH_REPLIED, day, f"benefit:G{number}", **about, programme="城乡居民养老", due_on=day, kept=True
        )
    city.error(5, "2025-06-01")
    costs = (
        "30227,运行,",
        "30201,运行,",
        "30206,运行,",
        "30208,运行,",
        *(f"30299,运行,ZC{n}" for n in range(1, 6)),
    )
    posted(
        "记-101,20250301,工资,人员,30101,,,100", "记-102,20250301,用品,公用,30201,,,100",
        *(f"记-{n},2025{n:02d}01,支出,项目,{cost},{n}00" for n, cost in enumerate(costs, start=1)),
    )  # fmt: skip


@pytest.mark.parametrize("measure", catalogue().values(), ids=catalogue().keys())
def test_every_measure_reads_only_the_journal_and_shows_the_events_behind_its_figure(city, measure):
    a_busy_year(city)
    tables = set(re.findall(r"\b(?:FROM|JOIN)\s+([a-z_]+)", measure.select))
    assert tables == {"office_fact"}
    assert measure.definition and measure.definition_en and measure.name_en
    span = engine.window(YEAR, YEAR.ends_at, rule_codes(), None, city="610400")
    whole, *parts = engine.figures(measure, span, city="610400")
    behind = engine.contributions(measure, span, limit=10_000)
    assert behind and len(behind) == whole.events
    numerators = [row.numerator for row in behind]
    assert whole.numerator == (max(numerators) if measure.aggregate is Aggregate.MAX else sum(numerators))
    if measure.aggregate is Aggregate.RATIO and measure.base is Base.FACTS:
        assert whole.denominator == sum(row.denominator or 0 for row in behind)
    of_the_city_as_such = sum(row.region == "610400" for row in behind)
    assert sum(part.events for part in parts if part.region) + of_the_city_as_such == whole.events
    assert len({(row.entry_id, row.row_id) for row in behind}) == len(behind)
    assert list(COLUMNS) == list(engine.Contribution.__dataclass_fields__)
    for part in parts:
        if part.region:
            assert part.events == len(engine.contributions(measure, span, region=part.region, limit=10_000))


# ZB2 and the overdue orders of XT2 are standing figures: what is open at a month's end is no part of a year's sum.
@pytest.mark.parametrize(
    "measure", [catalogue()[each] for each in ("XQ1", "XL1", "XT1")], ids=lambda each: each.id
)
def test_months_add_up_to_the_year_for_what_happens_once(city, measure):
    a_busy_year(city)
    whole = engine.window(YEAR, YEAR.ends_at, rule_codes(), None, city="610400")
    spans = [engine.window(month, YEAR.ends_at, rule_codes(), None, city="610400") for month in YEAR.months()]
    total = sum(engine.figures(measure, span, city="610400")[0].events for span in spans)
    assert total == engine.figures(measure, whole, city="610400")[0].events
