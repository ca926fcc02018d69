"""What the holder is told: one sentence a step, the same for one person as for a set."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.cards import in_hand
from tests.cards.factories import CENTRE_OUTLET, MORNING, acting, made
from yikatong.cards.messages import TEXTS, Step, sql, text
from yikatong.cards.services.loss import release_expired, report_temporary_loss
from yikatong.cards.services.stock import receive_box
from yikatong.office.models import Message
from yikatong.residents.services import record_death

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


@pytest.mark.django_db
def test_nobody_whose_death_is_on_record_is_written_to(centre):
    living, dead = made(2)
    later = MORNING + timedelta(days=20)
    with acting(moment=later) as act:
        record_death(act, dead.resident_id, on=act.today, source="民政局")
        assert receive_box(act, outlet_code=CENTRE_OUTLET) == 2
    assert {each.person for each in Message.objects.filter(act=act.id)} == {living.resident_id}


@pytest.mark.django_db
def test_what_is_recorded_of_a_dead_holders_card_is_told_to_nobody():
    in_hand.open_city()
    card = in_hand.a_card(None, "1", "normal")
    with in_hand.at() as act:
        record_death(act, card.resident_id, on=act.today, source="民政局")
        in_hand.got(report_temporary_loss(act, card_no=card.card_no, channel="window"))
    with in_hand.at(in_hand.NOON + timedelta(days=8)) as act:
        assert release_expired(act) == 1
    assert not Message.objects.exists()
