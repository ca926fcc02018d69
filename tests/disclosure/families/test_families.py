"""Every family: whatever the budget, its documents pass our own audit with nothing but rounding."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Grade
from yikatong.disclosure.audit.reading.text import read_text
from yikatong.disclosure.family import Family, families, han
from yikatong.disclosure.formats.markdown import as_markdown
from yikatong.disclosure.lines import CARRIES, PURCHASES, BaseLine, Ledger
from yikatong.disclosure.printing import publish
from yikatong.disclosure.publication import Publication

FUNCTIONS = (
    "2080108", "2080109", "2080150", "2080502", "2080505", "2080506", "2089999", "2101102", "2210201", "2080199",
)  # fmt: skip
PERSONNEL = (
    ("30101", "50501"),
    ("30102", "50501"),
    ("30107", "50501"),
    ("30113", "50501"),
    ("30302", "50905"),
)
GOODS = (("30201", "50502"), ("30207", "50502"), ("30211", "50502"), ("30226", "50502"), ("30299", "50502"))
ALLOWANCES = (
    ("30212", "50502"), ("30215", "50502"), ("30216", "50502"), ("30217", "50502"), ("30231", "50502"),
)  # fmt: skip
CARS = (("31013", "50601"),)
PROJECTS = ("信息系统运行维护", "卡片制作与发放")
YUAN = st.integers(1, 9_000_000).map(lambda yuan: yuan * 100)


@st.composite
def lines(draw: st.DrawFn, family: Family) -> tuple[BaseLine, ...]:
    """A year's lines and last year's, living from one fund or from several, with money carried over where it has a place."""
    found = []
    carries = [each for each in CARRIES if each == "本年" or not family.lacks("carry", each, "")]
    carries = draw(st.sampled_from([["本年"], carries]))
    funds = draw(
        st.sampled_from([("一般公共预算",), tuple(fund for fund in family.funds if fund != "国有资本经营")])
    )
    for phase, least in (("年初", 1), ("上年", 0)):
        for function in draw(st.lists(st.sampled_from(FUNCTIONS), min_size=least, max_size=5, unique=True)):
            for _ in range(draw(st.integers(1, 4))):
                category = draw(st.sampled_from(("人员", "公用", "项目")))
                subjects = {"人员": PERSONNEL, "公用": GOODS + ALLOWANCES, "项目": GOODS + CARS}[category]
                economic, government = draw(st.sampled_from(subjects))
                project = draw(st.sampled_from(PROJECTS)) if category == "项目" else ""
                fund = draw(
                    st.sampled_from([each for each in funds if not family.lacks("function", function, each)])
                )
                found.append(
                    BaseLine(
                        2025, "999001", function, economic, government, category, fund, draw(YUAN), project,
                        draw(st.sampled_from(carries)), phase, draw(st.sampled_from(PURCHASES)),
                    )
                )  # fmt: skip
    return tuple(found)


class Reasons(dict[str, str]):
    """Whatever changes, people have said why."""

    def get(self, key: str, default: str | None = None) -> str:  # type: ignore[override]
        return "工作安排调整"


def printed(family: Family, some: tuple[BaseLine, ...], *, administrative: bool = False) -> Publication:
    book = Ledger(
        2025, "999001", "某市社会保障卡服务中心", "999", "某市人力资源和社会保障局", some, Reasons(),
        administrative=administrative,
    )  # fmt: skip
    publication = publish(book, family)
    assert isinstance(publication, Publication), publication
    return publication


@pytest.mark.parametrize("code", sorted(families()))
@settings(
    deadline=None,
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(data=st.data())
def test_its_documents_have_nothing_but_rounding(code, data):
    family = families()[code]
    publication = printed(family, data.draw(lines(family)), administrative=data.draw(st.booleans()))
    assert publication.gaps == ()
    text = as_markdown(publication)
    report = audit(read_text("own.md", text))
    assert [each.zh for each in report.findings if each.grade is not Grade.ROUNDING] == []
    assert report.numbers > 60


@pytest.mark.parametrize("code", sorted(families()))
def test_without_any_money_every_table_is_said_to_be_empty(code):
    publication = printed(families()[code], ())
    assert all(table.empty for table in publication.tables)
    assert {empty for _, empty, _ in publication.catalogue} == {"是"}


def test_numbers_in_chinese():
    assert [han(number) for number in (1, 10, 11, 20, 21, 30)] == [
        "一",
        "十",
        "十一",
        "二十",
        "二十一",
        "三十",
    ]
