"""Every fact has a sentence for people, whichever floor records it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from yikatong.office import kinds
from yikatong.office.facts import POPULATION_ENTERED
from yikatong.office.kinds import all_kinds, kinds_that_read, sentence_of


@dataclass
class Row:
    kind: str
    actor_name: str = "王经办"
    purpose: str = "核对"
    region: str = "610402"
    outlet: str = "61040201"
    payload: dict[str, object] = field(default_factory=dict)


def test_the_kinds_of_every_floor_are_found():
    assert {"office.exported", "resident.registered", "card.applied"} <= set(all_kinds())
    assert all(code == kind.code for code, kind in all_kinds().items())


def test_looks_at_personal_data_are_told_apart():
    assert "resident.looked_up" in kinds_that_read()
    assert "card.applied" not in kinds_that_read()


def test_an_entry_reads_as_a_sentence_in_both_languages():
    row = Row("resident.looked_up")
    assert sentence_of(row) == "王经办 查看资料，用途：核对"
    assert "for 核对" in sentence_of(row, "en")


def test_a_sentence_may_name_the_place():
    row = Row(POPULATION_ENTERED.code, payload={"residents": 40, "source": "公报"})
    assert "610402" in sentence_of(row)


def test_a_kind_nobody_lists_any_more_still_reads():
    assert sentence_of(Row("gone.for_good")) == "王经办 gone.for_good"


def test_a_code_listed_twice_is_an_error_of_ours(monkeypatch):
    twice = SimpleNamespace(KINDS=(POPULATION_ENTERED,))
    all_kinds.cache_clear()
    monkeypatch.setattr(kinds.importlib, "import_module", lambda name: twice)
    with pytest.raises(ValueError, match=r"office\.population_entered"):
        all_kinds()
    monkeypatch.undo()
    all_kinds.cache_clear()
