"""Cost indicators: counted from posted vouchers, by the day on which money was paid."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.indicators.happenings import granted
from tests.spending.books import entered, posted
from yikatong.basics.periods import Period
from yikatong.indicators.board import Progress
from yikatong.indicators.queries import board, events, progress
from yikatong.indicators.services import fill, load_targets

YEAR = Period.parse("2025")


def line(number: int, day: str, code: str, yuan: str, category: str = "项目", tag: str = "") -> str:
    return f"记-{number},{day},支出,{category},{code},{'运行' if category == '项目' else ''},{tag},{yuan}"


def test_a_cost_is_the_sum_of_what_was_posted_for_its_class(city, as_editor):
    as_editor(load_targets, "xianyang")
    posted(
        line(1, "20250301", "30227", "50000"), line(2, "20251231", "30227", "41000.5"),
        line(3, "20250401", "30227", "700", "公用"), line(4, "20250501", "30227", "-1000.5"),
    )  # fmt: skip
    entered(line(5, "20250601", "30227", "99999"))
    as_editor(fill, YEAR)
    row = {each.id: each for each in board(YEAR)}["XC1"]
    assert (row.actual, row.met, row.score) == (Decimal("9.0000"), True, Decimal("2.0000"))
    assert [each.numerator for each in granted(events("XC1", YEAR))] == [4_100_050, -100_050, 5_000_000]


def test_what_was_paid_in_another_year_is_not_this_years_cost(city, as_editor):
    posted(
        line(1, "20241231", "30201", "100"),
        line(2, "20250101", "30201", "30000"),
        line(3, "20260102", "30201", "7"),
    )
    as_editor(fill, YEAR)
    assert {each.id: each.actual for each in board(YEAR)}["XC2"] == Decimal("3.0000")


def test_electricity_is_held_against_its_worst_quarter(city, as_editor):
    as_editor(load_targets, "xianyang")
    posted(
        line(1, "20250115", "30206", "20000"), line(2, "20250320", "30206", "8000"), line(3, "20250401", "30206", "27000"),
    )  # fmt: skip
    as_editor(fill, YEAR)
    row = {each.id: each for each in board(YEAR)}["XC3"]
    assert (row.actual, row.met) == (Decimal("2.8000"), False)


def test_the_unit_as_a_whole_is_split_by_category(city, as_editor):
    posted(
        line(1, "20250301", "30101", "1458300", "人员"), line(2, "20250301", "30201", "35800", "公用"),
        line(3, "20250301", "30201", "240000"),
    )  # fmt: skip
    as_editor(fill, YEAR)
    found = {each.id: each.actual for each in board(YEAR)}
    assert [found[each] for each in ("XU1", "XU2", "XU3")] == [
        Decimal("145.83"),
        Decimal("3.58"),
        Decimal(24),
    ]


def test_a_tag_names_the_target_where_the_class_does_not(city, as_editor):
    posted(line(1, "20250301", "30213", "238000", tag="ZC1"), line(2, "20250301", "30213", "500"))
    as_editor(fill, YEAR)
    assert {each.id: each.actual for each in board(YEAR)}["ZC1"] == Decimal("23.8")


def test_progress_stands_on_counts_that_add_up_alone(city, as_editor):
    as_editor(load_targets, "xianyang")
    for card in range(1, 6):
        city.collected(card, "2025-03-01")
    posted(line(1, "20250301", "30227", "90000"))
    as_editor(fill, YEAR)
    found = progress(YEAR, "13")
    assert (found.counted, found.all) == (2, 37), (
        "cards and benefits are counted; rates, waits and costs are not"
    )
    assert found.percent == Fraction(5, 1000), "of the cards, and nothing yet of the benefits"
    assert progress(YEAR, "nothing") == Progress(None, 0, 0)


def test_books_without_a_voucher_are_not_measured_and_earn_nothing(city, as_editor):
    as_editor(load_targets, "xianyang")
    entered(line(1, "20250301", "30227", "50000"))
    posted(line(2, "20241231", "30227", "50000"))
    as_editor(fill, YEAR)
    for measure in ("XC1", "XC3", "XU2"):
        row = {each.id: each for each in board(YEAR)}[measure]
        assert (row.actual, row.met, row.score, row.mark) == (None, None, None, "未测")
        assert "凭证" in row.reason
    assert {each.id: each.actual for each in board(YEAR, region="610422")}["XC1"] is None


def test_nothing_spent_for_a_class_is_nothing_once_there_are_books(city, as_editor):
    as_editor(load_targets, "xianyang")
    posted(line(1, "20250301", "30201", "100"))
    as_editor(fill, YEAR)
    found = {each.id: each for each in board(YEAR)}
    assert [(found[each].actual, found[each].met) for each in ("XC1", "XC3")] == [(Decimal(0), True)] * 2
    assert {each.id: each.actual for each in board(YEAR, region="610422")}["XC3"] == Decimal(0)
