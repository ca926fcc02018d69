"""What the holder is told: one sentence a step, the same for one person as for a set."""

from __future__ import annotations

import pytest
from django.db import connection

from yikatong.cards.messages import TEXTS, Step, sql, text

BLANKS = {
    "number": "S000000018",
    "promised": "2025-04-30",
    "outlet": "秦都网点",
    "tail": "0018",
    "side": "社保功能",
    "until": "03月17日12:00",
    "days": "90",
    "wrong": "3",
    "left": "9",
    "unit": "秦都区第一小学",
    "list": "L000000018",
    "cards": "4999",
    "agents": "2",
    "due": "2025-04-30",
    "last": "，逾期将退回中心并按规定销毁",
}


@pytest.mark.parametrize("step", Step)
def test_every_step_has_its_sentence_and_it_fits_a_message(step):
    said = text(step, **BLANKS)
    assert "{" not in said and "'" not in TEXTS[step] and "%" not in TEXTS[step]
    assert len(said) <= 70 * 2


@pytest.mark.django_db
@pytest.mark.parametrize("step", Step)
def test_a_set_is_told_the_same_as_one_person(step):
    expression = sql(step, **{name: f"%({name})s" for name in BLANKS})
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}", BLANKS)
        assert cursor.fetchone()[0] == text(step, **BLANKS)
