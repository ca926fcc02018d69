"""The published targets: as the centres printed them, and what does not add up in them."""

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest

from yikatong.basics.refused import Refused
from yikatong.indicators.queries import tables
from yikatong.indicators.rules import tree_problems
from yikatong.indicators.services import load_targets
from yikatong.indicators.targets import read_tables

SHARED = Path(os.environ.get("YK_SHARED") or Path(__file__).resolve().parents[3] / "shared")


def seed(name: str) -> str:
    path = SHARED / "seeds" / name
    if not path.exists():
        pytest.skip("the published budgets are not here")
    return path.read_text("utf-8")


def table(centre: str, code: str):
    return next(each for each in read_tables(centre) if each.code == code)


def test_table_13_sums_to_88_and_is_flagged_while_table_14_sums_to_90():
    problems = tree_problems(table("xianyang", "13").targets)
    assert [problem.code for problem in problems] == ["weights.sum"]
    assert "88" in problems[0].zh and "90" in problems[0].zh
    assert tree_problems(table("xianyang", "14").targets) == ()


def test_the_sheet_of_xinzhou_has_no_weights_and_says_so():
    assert [p.code for p in tree_problems(table("xinzhou", "project").targets)] == ["weights.absent"]


def test_an_indicator_named_twice_is_flagged():
    targets = table("xianyang", "14").targets
    codes = [problem.code for problem in tree_problems((*targets, targets[0]))]
    assert codes == ["target.twice", "weights.sum"]


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [("13", "表13\n\n实施期", "部门预算专项业务经费"), ("14", "表14\n\n总额", "表15")],
)
def test_the_targets_and_weights_of_xianyang_are_those_of_the_document(code, start, end):
    text = seed("xianyang-2025-budget.txt")
    part = text[text.index(start) :]
    part = part[: part.index(end)]
    printed = [
        (value, Decimal(weight))
        for value, weight in re.findall(
            r"(?:^|指标 )([≥≤]?[\d.]+\S*|有效提升|逐年增长)\s+([\d.]+)$", part, re.MULTILINE
        )
    ]
    ours = [(target.printed, target.weight) for target in table("xianyang", code).targets]
    assert sorted(printed) == sorted(ours)
    for target in table("xianyang", code).targets[:-4]:
        assert target.name in text.replace("(万张)", ""), target.name


def test_the_targets_of_xinzhou_are_those_of_the_document():
    text = seed("xinzhou-2024-budget.txt")
    for target in table("xinzhou", "project").targets:
        assert target.name in text
        assert target.printed in text


def test_loading_twice_leaves_the_same_tables(city, as_editor):
    first = as_editor(load_targets, "xianyang")
    again = as_editor(load_targets, "xianyang")
    assert first == again == tables(2025)
    assert [len(each.targets) for each in first] == [37, 37]


def test_what_is_loaded_is_what_is_on_file(city, as_editor):
    as_editor(load_targets, "xianyang")
    for stored, filed in zip(tables(2025), read_tables("xianyang"), strict=True):
        for ours, theirs in zip(stored.targets, filed.targets, strict=True):
            for field in (
                "code",
                "printed",
                "nature",
                "value",
                "unit",
                "weight",
                "surety",
                "level1",
                "level2",
            ):
                assert getattr(ours, field) == getattr(theirs, field)


def test_a_centre_without_a_file_is_refused(city, as_editor):
    refused = as_editor(load_targets, "nowhere")
    assert isinstance(refused, Refused) and refused.code == "targets.unknown_centre"
