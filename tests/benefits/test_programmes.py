"""Every programme of the house, whatever it is: found by itself, ruled in both cities, its roster read and judged by its rates."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.refused import Refused
from yikatong.benefits import dues
from yikatong.benefits.programme import Due, Programme, programmes
from yikatong.benefits.roster import BASIS_LENGTH, Reader, form_of, open_roster
from yikatong.office.opening import FOLDER, known_centres
from yikatong.residents.sheets import Limits

LIMITS = Limits(megabytes=1, unpacked_megabytes=10, ratio=100, parts=100, rows=1000)
INSURANCE = {
    "pension",
    "retirement",
    "officials",
    "survivors",
    "funeral",
    "unemployed",
    "injury",
    "dependants",
}
BASES = ("", "1", "2", "12", "3.5", "五级", "半自理", "两项", "80-89", "中职", "2024-2025", "低保家庭")
"""Of every shape one."""

each_programme = pytest.mark.parametrize("programme", programmes().values(), ids=lambda each: each.code)


def rules(centre: str) -> dict[str, Any]:
    book = tomllib.loads((FOLDER / f"{centre}.toml").read_text("utf-8"))
    return {row["code"]: row for row in book["rules"]}


def rates(programme: Programme, centre: str = "xianyang") -> dict[str, int]:
    found: dict[str, int] = rules(centre)[programme.rule("rates")]["value"]
    return found


def payable(programme: Programme) -> tuple[str, Due]:
    """A basis that this programme takes, and what is due for it."""
    for basis in BASES:
        found = programme.due(basis, rates(programme))
        if isinstance(found, Due):
            return basis, found
    raise AssertionError(f"{programme.code} takes none of {BASES}")


def test_the_eight_insurance_benefits_subsidies_and_student_aid_are_there():
    known = set(programmes())
    assert known >= INSURANCE and len(INSURANCE) == 8
    assert known >= {"skills", "startup", "interest", "farmland", "grain", "forest", "lowincome", "students"}


@each_programme
def test_it_has_its_names_and_fits_where_it_is_written(programme: Programme):
    assert len(programme.code) <= 12 and programme.zh and programme.en and len(programme.noted) <= 12
    form = form_of(programme)
    assert ("basis" in form.required) is not programme.basis_note.startswith("可不填")
    assert len({programme.zh for programme in programmes().values()}) == len(programmes())


@each_programme
@pytest.mark.parametrize("centre", known_centres())
def test_every_city_has_its_rates_and_cap_and_says_where_they_are_from(programme: Programme, centre: str):
    book = rules(centre)
    for name in ("rates", "cap_fen"):
        row = book[programme.rule(name)]
        assert row.get("assumed") or row.get("document")
    for name in ("publicity_days", "treasury_days", "exclusive", "holds"):
        assert programme.rule(name) in book or f"benefit.{name}" in book
    excluded = book.get(programme.rule("exclusive"), book["benefit.exclusive"])["value"]
    assert set(excluded) <= set(programmes()) - {programme.code}
    assert all(type(fen) is int and fen > 0 for fen in rates(programme, centre).values())


@each_programme
def test_what_is_due_is_above_nothing_and_within_the_cap(programme: Programme):
    _, found = payable(programme)
    assert 0 < found.least <= found.most <= rules("xianyang")[programme.rule("cap_fen")]["value"]


@each_programme
def test_its_rates_are_all_of_those_it_asks_for(programme: Programme):
    """A rate that no basis asks for is a slip in the city's file."""
    asked: set[str] = set()

    class Noting(dict[str, int]):
        def __getitem__(self, name: str) -> int:
            asked.add(name)
            return super().__getitem__(name)

    noting = Noting(rates(programme))
    grades = [text.strip("。、 ") for text in programme.basis_note.replace("。", "、").split("、")]
    more = [part for text in grades for part in (text, text.partition("（")[0])]
    for basis in (*BASES, *more):
        programme.due(basis, noting)
    assert asked == set(noting)


@each_programme
@given(basis=st.text(max_size=BASIS_LENGTH))
def test_no_basis_whatever_makes_it_fail_and_due_is_whole_fen(programme: Programme, basis: str):
    found = programme.due(basis, rates(programme))
    if isinstance(found, Refused):
        assert found.code == "benefit.basis" and found.zh and found.en
    else:
        assert type(found.least) is int and type(found.most) is int and 0 <= found.least <= found.most


@each_programme
def test_its_own_roster_is_read_and_a_wrong_amount_is_found(programme: Programme):
    basis, found = payable(programme)
    wrong = found.most + 1
    head = ",".join([programme.names[0], programme.numbers[0], programme.basis[0], "金额（元）"])
    rows = [f"张三,610499199001010015,{basis},{fen // 100}.{fen % 100:02d}" for fen in (found.most, wrong)]
    cap = rules("xianyang")[programme.rule("cap_fen")]["value"]
    roster = open_roster(
        "\n".join([head, *rows]).encode(), LIMITS, programme, rates=rates(programme), cap_fen=cap,
        today=date(2025, 3, 10),
    )  # fmt: skip
    assert not isinstance(roster, Refused), roster
    right, bad = Reader(roster.reading).read(roster.sheet.rows)
    assert right.own == () and (right.fen, bad.fen) == (found.most, wrong)
    assert "C16" in bad.own


# --- shapes -----------------------------------------------------------------------------------------------------


def test_months_are_of_something_between_or_of_just_the_rate():
    between, just = dues.by_month(12), dues.by_month(24, exact=True)
    assert between("3", {"base_fen": 100, "most_fen": 500}) == Due(300, 1500)
    assert between("", {"base_fen": 100, "most_fen": 500}) == Due(100, 500)
    assert just("24", {"month_fen": 7}) == Due(168, 168)
    for wrong in ("0", "13", "1.5", "一", "-1", "９", "999999999999"):
        assert isinstance(between(wrong, {"base_fen": 1, "most_fen": 2}), Refused)


def test_area_is_rounded_half_up_to_the_fen():
    assert dues.by_area("2.01", {"mu_fen": 7550}) == Due(15176, 15176)  # 151.755 yuan
    assert isinstance(dues.by_area("0", {"mu_fen": 1}), Refused)
    assert isinstance(dues.by_area("1.001", {"mu_fen": 1}), Refused)


def test_people_of_a_household_get_at_most_or_just_the_standard():
    assert dues.by_people(15, exact=False)("3", {"person_fen": 71_000}) == Due(1, 213_000)
    assert dues.by_people(15, exact=True)("3", {"person_fen": 71_000}) == Due(213_000, 213_000)
    assert isinstance(dues.by_people(15, exact=True)("", {"person_fen": 1}), Refused)


def test_a_grade_that_is_none_names_those_there_are():
    shape = dues.by_grade("照料等级", "one of two", {"全自理": "a_fen", "全护理": "b_fen"})
    assert shape("全护理", {"a_fen": 1, "b_fen": 2}) == Due(2, 2)
    refused = shape("半护理", {"a_fen": 1, "b_fen": 2})
    assert isinstance(refused, Refused) and "全自理、全护理" in refused.zh
