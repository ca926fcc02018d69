"""What the holder is told: every event either tells something or says why it does not, and every sentence is sent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.cards import in_hand
from tests.cards.factories import CENTRE_OUTLET, MORNING, acting, made
from yikatong.cards.files.codes import GOOD, WORDS, Subject
from yikatong.cards.messages import BESIDE, BLANKS, BRING, TEXTS, WHEN, Silent, Step, problem_sql, shown, sql
from yikatong.cards.rules import BANK, CARD, ORDER
from yikatong.cards.services.loss import release_expired, report_temporary_loss
from yikatong.cards.services.stock import receive_box
from yikatong.office.models import Message
from yikatong.residents.services import record_death

FILLED = {
    "number": "S000000018",
    "promised": "2025-04-30",
    "outlet": "秦都工商银行代办网点",
    "problem": "手机号码与银行留存不一致",
    "bring": "身份证、户口簿或公安机关的更名证明",
    "company": "邮政速递",
    "waybill": "EA123456789CN",
    "tail": "0018",
    "old": "0026",
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
SERVICES = Path("yikatong/cards/services")


@pytest.mark.parametrize("step", Step)
def test_every_step_has_its_sentence_and_it_fits_a_message(step):
    said = TEXTS[step].format(**FILLED)
    assert "{" not in said and "'" not in TEXTS[step] and "%" not in TEXTS[step]
    assert len(said) <= 70 * 2


@pytest.mark.django_db
@pytest.mark.parametrize("step", Step)
def test_a_set_is_told_the_sentence_of_the_table(step):
    expression = sql(step, **{name: f"%({name})s" for name in FILLED})
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}", FILLED)
        assert cursor.fetchone()[0] == TEXTS[step].format(**FILLED)


@pytest.mark.parametrize("machine", [ORDER, CARD, BANK], ids=lambda each: each.name)
def test_every_event_tells_the_holder_or_says_why_not(machine):
    listed = WHEN[machine.name]
    assert set(listed) - set(BESIDE) == set(machine.events())
    for event, told in listed.items():
        if isinstance(told, Silent):
            assert told.zh and told.en, event
        else:
            assert told, event


def test_no_sentence_is_without_its_event_nor_without_a_service_that_sends_it():
    at_an_event = {
        step
        for events in WHEN.values()
        for told in events.values()
        if not isinstance(told, Silent)
        for step in told
    }
    assert at_an_event == set(Step)
    sent = "".join(path.read_text("utf-8") for path in SERVICES.glob("*.py"))
    assert {step for step in Step if f"Step.{step.name}" not in sent} == set()


def test_the_supervisor_reads_each_sentence_with_its_blanks_named():
    assert set(BLANKS) == set(FILLED)
    for step in Step:
        assert "{" not in shown(step)
    assert "〔受理编号〕" in shown(Step.APPLIED) and "〔承诺日期〕" in shown(Step.APPLIED)


@pytest.mark.parametrize("subject", [Subject.MATCHING, Subject.OPENING])
def test_whoever_is_told_of_a_problem_is_told_what_to_bring(subject):
    assert set(BRING[subject]) == set(WORDS[subject]) - {GOOD}
    for expression in problem_sql("c", {"match": subject}):
        assert "'" not in "".join(BRING[subject].values()) and expression.count("WHEN") == len(BRING[subject])


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
