"""The year's money beside what was posted of it, and beside the goals."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.disclosure.execution import Executed, Use, Watched, altogether, executed
from yikatong.disclosure.lines import BaseLine
from yikatong.indicators.board import Progress
from yikatong.spending.queries import Spent


def line(category: str, fen: int, phase: str = "年初", project: str = "") -> BaseLine:
    return BaseLine(
        2025, "402", "2080108", "30201", "50502", category, "一般公共预算", fen, project, phase=phase
    )


def test_each_use_stands_beside_what_was_spent_of_it():
    found = executed(
        [
            line("人员", 1000),
            line("项目", 600, project="运行"),
            line("项目", 400, project="运行"),
            line("人员", 9, "上年"),
        ],
        [Spent("项目", "运行", "30206", 300), Spent("项目", "运行", "30201", 200)],
    )
    assert found == (Executed(Use("人员", ""), 1000, 1000, 0), Executed(Use("项目", "运行"), 1000, 1000, 500))
    assert [row.rate for row in found] == [Fraction(0), Fraction(50)]


def test_an_adjustment_adds_to_the_first_budget_or_takes_from_it():
    (row,) = executed([line("公用", 1000), line("公用", -200, "调整")], [Spent("公用", "", "30201", 400)])
    assert (row.first_fen, row.budget_fen, row.rate, row.left_fen) == (1000, 800, Fraction(50), 400)


def test_money_that_no_budget_knows_is_shown_and_has_no_rate():
    (row,) = executed([], [Spent("项目", "未列项目", "30201", 7)])
    assert (row.budget_fen, row.rate, row.left_fen) == (0, None, -7)


@given(
    st.lists(
        st.tuples(st.sampled_from(["人员", "公用", "项目"]), st.integers(1, 10**9), st.integers(0, 10**9))
    )
)
def test_nothing_is_lost_between_the_lines_and_the_total(uses):
    rows = executed(
        [line(category, budget, project="甲" if category == "项目" else "") for category, budget, _ in uses],
        [Spent(category, "甲" if category == "项目" else "", "30201", paid) for category, _, paid in uses],
    )
    whole = altogether(rows)
    assert whole.budget_fen == sum(budget for _, budget, _ in uses)
    assert whole.spent_fen == sum(paid for *_, paid in uses)
    assert whole.spent_fen == sum(altogether(rows, each).spent_fen for each in ("人员", "公用", "项目"))


@pytest.mark.parametrize(
    ("money", "goals", "apart"),
    [(60, 80, False), (60, 81, True), (81, 60, True), (None, 80, False), (60, None, False)],
)
def test_money_and_goals_are_apart_beyond_the_points_of_the_rule(money, goals, apart):
    percent = None if goals is None else Fraction(goals)
    row = Watched("13", "表13", None if money is None else Fraction(money), Progress(percent, 3, 38), 20)
    assert row.apart is apart
