"""Every fact reads as a sentence, says how long it is kept, and is really recorded by somebody."""

from __future__ import annotations

import string

import pytest

from tests.house.sources import names_in, trees
from yikatong.basics.kinds import Erasure, Kind, sentence
from yikatong.office.kinds import all_kinds

KINDS = [pytest.param(kind, id=kind.code) for kind in all_kinds().values()]


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_reads_in_both_languages_whole_or_erased(kind: Kind):
    payload: dict[str, object] = {name: f"<{name}>" for name in blanks(kind.zh) | blanks(kind.en)}
    for language in ("zh", "en"):
        whole = sentence(kind, actor="王经办", payload=payload, language=language)
        assert whole.strip() and "{" not in whole
        assert sentence(kind, actor="", payload={}, language=language).strip()


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_in_a_sentence_is_a_plain_name(kind: Kind):
    for text in (kind.zh, kind.en):
        assert all(name.isidentifier() for name in blanks(text)), text
    # The English may say the same thing by another key (field for field_zh), but never names an actor alone.
    assert ("actor" in blanks(kind.en)) == ("actor" in blanks(kind.zh))


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_says_area_and_event_and_fits_its_column(kind: Kind):
    area, _, event = kind.code.partition(".")
    assert area.isidentifier() and event.isidentifier()
    assert len(kind.code) <= 40
    assert isinstance(kind.erasure, Erasure)


def test_every_look_at_personal_data_is_kept_as_an_access_log():
    for kind in all_kinds().values():
        if kind.read:
            assert kind.erasure is Erasure.AUDIT_3, kind.code


def test_every_kind_of_fact_is_recorded_somewhere():
    written = [path for path in trees() if path.endswith("/facts.py")]
    spoken = set().union(*(names_in(tree) for path, tree in trees().items() if path not in written))
    idle = []
    for path in written:
        package = path.split("/")[1]
        module = __import__(f"yikatong.{package}.facts", fromlist=["facts"])
        idle += [
            f"{path}: {name}"
            for name, value in vars(module).items()
            if isinstance(value, Kind) and name not in spoken
        ]
    assert idle == []
