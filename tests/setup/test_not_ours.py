"""A production start looks at the database first: a demo city, or another key's journal, is not served."""

from __future__ import annotations

import pytest
from django.conf import settings as house_settings

from yikatong.basics.kinds import Kind

KIND = Kind("test.written", "写了", "written")


@pytest.fixture
def written(db):
    from yikatong.office.act import Actor, Door, open_act

    with open_act(Actor.system("test"), door=Door.TASK) as act:
        act.record(KIND)


def not_ours():
    from yikatong.cli.serve import not_ours

    return not_ours()


def test_an_empty_journal_takes_any_key(db):
    assert not_ours() is None


def test_the_key_the_journal_was_written_with_is_taken(written):
    assert not_ours() is None


def test_another_key_is_refused_before_it_writes_anything(written, settings):
    settings.JOURNAL_KEY = house_settings.JOURNAL_KEY + b"another"
    refused = not_ours()
    assert refused is not None
    assert refused.at == "YK_JOURNAL_KEY"


def test_a_demo_city_is_not_served_as_a_centre(db):
    from yikatong.office.act import Actor, Door, open_act
    from yikatong.office.opening import open_centre

    with open_act(Actor.system("test"), door=Door.TASK) as act:
        open_centre(act, "xianyang", demo=True)
    refused = not_ours()
    assert refused is not None
    assert refused.code == "serve.demo_city"
