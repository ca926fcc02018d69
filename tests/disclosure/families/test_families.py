"""Every family: whatever the budget, its documents pass our own audit with nothing but rounding."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from yikatong.bench._ledgers import random_ledger
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Grade
from yikatong.disclosure.audit.reading.text import read_text
from yikatong.disclosure.family import Family, families
from yikatong.disclosure.formats.markdown import as_markdown
from yikatong.disclosure.lines import Ledger
from yikatong.disclosure.printing import publish
from yikatong.disclosure.publication import Publication


def printed(family: Family, book: Ledger) -> Publication:
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
@given(seed=st.integers(0, 10**9))
def test_its_documents_have_nothing_but_rounding(code, seed):
    family = families()[code]
    publication = printed(family, random_ledger(Random(seed), family))
    assert publication.gaps == ()
    text = as_markdown(publication)
    report = audit(read_text("own.md", text))
    assert [each.zh for each in report.findings if each.grade is not Grade.ROUNDING] == []
    assert report.numbers > 30


@pytest.mark.parametrize("code", sorted(families()))
def test_without_any_money_every_table_is_said_to_be_empty(code):
    family = families()[code]
    publication = printed(family, replace(random_ledger(Random(1), family), lines=()))
    assert all(table.empty for table in publication.tables)
    assert {empty for _, empty, _ in publication.catalogue} == {"是"}


@pytest.mark.parametrize("seed", range(4))
def test_what_a_unit_that_lives_from_another_fund_spends_on_cars_is_not_taken_for_the_general_budgets(seed):
    family = families()["SC14"]  # it alone has a table of 三公 for each fund
    book = random_ledger(Random(seed), family)
    usual = (
        line for line in book.lines if line.category in ("人员", "公用", "项目")
    )  # no fund pays for trade
    book = replace(book, lines=tuple(replace(line, fund="政府性基金") for line in usual))
    report = audit(read_text("own.md", as_markdown(printed(family, book))))
    assert [each.zh for each in report.findings if each.grade is Grade.ERROR] == []
