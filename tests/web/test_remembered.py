"""`{% remember %}`: the same text for the same values, a new one for anything else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.translation import override

from yikatong.basics.states import State
from yikatong.office import clock

MOMENT = datetime.fromisoformat("2025-03-03T10:00+08:00")


@dataclass(frozen=True)
class Row:
    number: str
    state: State
    since: datetime


ROW = Row("A<1>", State("made", "待入库", "waiting for its box"), MOMENT)
PIECE = Template(
    "{% load i18n house remembered %}{% remember %}{{ row.number }} {{ row.state|named }} {{ row.since|age }}"
    "{% if row.number == wanted and not never %}!{% endif %}{% translate '打开' %}{% endremember %}"
)


def said(piece: Template = PIECE, **values: object) -> str:
    return piece.render(Context(values))


def test_a_piece_is_made_once_for_the_same_values():
    with clock.fixed(MOMENT):
        first = said(row=ROW, wanted="x")
        kept = len(PIECE.nodelist[1]._texts)
        assert said(row=replace(ROW), wanted="x") == first
        assert len(PIECE.nodelist[1]._texts) == kept
    assert first.startswith("A&lt;1&gt; 待入库 今天")


@pytest.mark.parametrize("other", [{"row": replace(ROW, number="B")}, {"wanted": "A<1>"}, {"never": True}])
def test_another_value_of_any_name_in_it_is_another_text(other):
    with clock.fixed(MOMENT):
        assert PIECE.nodelist[1].names == ("never", "row", "wanted")
        before = len(PIECE.nodelist[1]._texts)
        said(**{"row": ROW, "wanted": "y", **other})
        assert len(PIECE.nodelist[1]._texts) == before + 1


def test_another_language_and_another_day_are_other_texts():
    with clock.fixed(MOMENT):
        chinese = said(row=ROW)
        with override("en"):
            assert said(row=ROW) != chinese
    with clock.fixed(MOMENT + timedelta(days=3)):
        assert "3 天" in said(row=ROW)


def test_what_may_change_under_its_name_is_never_remembered_by():
    piece = Template("{% load remembered %}{% remember %}{{ box.what }}{% endremember %}")
    box = {"what": "one"}
    with clock.fixed(MOMENT):
        assert said(piece, box=box) == "one"
        box["what"] = "two"
        assert said(piece, box=box) == "two"
    assert not piece.nodelist[1]._texts


@pytest.mark.parametrize(
    "inner", ["{% csrf_token %}", "{% for each in rows %}{{ each }}{% endfor %}", "{% now 'Y' %}"]
)
def test_a_piece_with_anything_it_cannot_judge_is_refused(inner):
    with pytest.raises(TemplateSyntaxError):
        Template("{% load remembered %}{% remember %}" + inner + "{% endremember %}")
