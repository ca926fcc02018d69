from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test import Client

from tests.web.partner.asking import MOMENT, Asking
from tests.web.people import CARD_NO, NAME, NUMBER
from yikatong.cards.services.loss import report_temporary_loss
from yikatong.office import clock
from yikatong.office.act import Actor, Door, open_act
from yikatong.residents.queries import looks

pytestmark = pytest.mark.django_db


def entries(kind: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT actor_name, door, purpose, subject, person, payload FROM office_entry WHERE kind = %s "
            "ORDER BY id",
            [kind],
        )
        return [(*row[:5], json.loads(row[5])) for row in cursor.fetchall()]


def test_a_card_in_use_is_a_yes_and_nothing_else_is_told(partner: Asking, card: None):
    answer = partner.ask()
    assert answer.status_code == 200
    assert answer.json()["answer"] == "yes"
    assert set(answer.json()) == {"answer", "reason_code", "zh", "en"}
    text = answer.content.decode()
    assert answer.json()["zh"] in text  # readable as it comes
    assert NUMBER not in text and CARD_NO not in text and NAME not in text and "6217" not in text


def test_a_person_without_a_card_is_a_no(partner: Asking):
    assert partner.ask().json() | {"zh": "", "en": ""} == {
        "answer": "no",
        "reason_code": "no_card",
        "zh": "",
        "en": "",
    }


def test_a_lost_card_is_a_no_with_its_reason(partner: Asking, card: None):
    with open_act(Actor.system("test"), door=Door.HOTLINE) as act:
        assert report_temporary_loss(act, card_no=CARD_NO, channel="hotline")
    answer = partner.ask().json()
    assert (answer["answer"], answer["reason_code"]) == ("no", "reported_lost")


def test_a_wrong_name_is_answered_like_an_unknown_number(partner: Asking, card: None):
    wrong_name = partner.ask(name="林大满").json()
    assert wrong_name == partner.ask(number="610499198001010017").json()
    assert wrong_name["answer"] == "unknown"


def test_each_question_is_journalled_with_partner_purpose_and_case(partner: Asking, card: None):
    partner.ask(case_number="医保-7788")
    ((who, door, purpose, subject, person, payload),) = entries("card.status_asked")
    assert (who, door, person) == ("市中心医院", "api", partner.person)
    assert purpose == "社保功能能否使用" and subject.startswith("card:")
    assert payload["case_number"] == "医保-7788" and payload["purpose_code"] == "social_use"


def test_the_resident_sees_who_asked_and_under_which_case(partner: Asking, card: None):
    partner.ask(case_number="医保-7788")
    (look,) = looks(partner.person)
    assert look.who == "市中心医院" and look.why == "社保功能能否使用"
    assert "医保-7788" in look.zh


def test_a_question_about_nobody_is_journalled_too(partner: Asking):
    partner.ask(number="610499198001010017")
    ((_, _, _, subject, person, payload),) = entries("card.status_asked")
    assert (subject, person, payload["answer"]) == ("", None, "unknown")


def test_where_the_journal_refuses_nothing_is_answered(partner: Asking, card: None, monkeypatch):
    def refuse(*arguments: object) -> None:
        raise OSError("the journal refuses")

    monkeypatch.setattr("yikatong.office.journal.write", refuse)
    with pytest.raises(OSError, match="journal refuses"):
        partner.ask()


def test_a_purpose_that_was_not_agreed_is_refused_and_the_refusal_journalled(partner: Asking, card: None):
    answer = partner.ask(purpose="bank_payment")
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "purpose.not_granted"
    assert entries("card.status_asked") == []
    ((who, _, _, _, _, payload),) = entries("office.door_refused")
    assert who == "市中心医院" and payload == {"path": "/api/v1/card-status", "duty": "bank_payment"}


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer yk_0_0", "Basic eWs6eWs=", "Bearer yk__", "Bearer \u00e9"]
)
def test_without_a_valid_key_nothing_is_answered(partner: Asking, header: str | None):
    headers = {} if header is None else {"Authorization": header}
    answer = Client().post("/api/v1/card-status", {}, content_type="application/json", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["code"] == "key.invalid"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert entries("card.status_asked") == []


def test_a_key_is_refused_from_the_day_after_its_last(partner: Asking, card: None):
    with clock.fixed(MOMENT.replace(month=12, day=31)):
        assert partner.ask().status_code == 200
    with clock.fixed(MOMENT.replace(year=2027, month=1, day=1)):
        assert partner.ask().status_code == 401


def test_a_key_with_a_changed_last_letter_is_refused(partner: Asking):
    partner.key = partner.key[:-1] + ("A" if partner.key[-1] != "A" else "B")
    assert partner.ask().status_code == 401


def test_the_call_over_the_limit_waits_for_the_next_minute(partner: Asking, card: None):
    assert [partner.ask().status_code for _ in range(6)] == [200] * 5 + [429]
    refused = partner.ask()
    assert refused.json()["code"] == "rate.exceeded"
    assert refused["Retry-After"] == "30"  # the clock stands at half past the minute
    assert len(entries("card.status_asked")) == 5
    with clock.fixed(MOMENT.replace(minute=1, second=0)):
        assert partner.ask().status_code == 200


def test_wrong_bodies_count_towards_the_limit(partner: Asking):
    assert [partner.post({}).status_code for _ in range(6)] == [422] * 5 + [429]


@pytest.mark.parametrize("field", ["number", "name", "purpose", "case_number"])
def test_every_field_is_required(partner: Asking, field: str):
    question = {"number": NUMBER, "name": NAME, "purpose": "social_use", "case_number": "1"}
    del question[field]
    answer = partner.post(question)
    assert answer.status_code == 422
    assert answer.json()["code"] == "body.wrong"
    assert [error["at"] for error in answer.json()["errors"]] == [f"/{field}"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "林\x00满"},
        {"name": "林\ud800"},
        {"number": 6104},
        {"number": None},
        {"number": "1" * 61},
        {"purpose": ["social_use"]},
        {"case_number": {}},
        {"extra": "field"},
    ],
    ids=str,
)
def test_wrong_fields_are_named_without_repeating_them(partner: Asking, wrong: dict[str, object]):
    question = {"number": NUMBER, "name": NAME, "purpose": "social_use", "case_number": "1"} | wrong
    answer = partner.post(json.dumps(question))
    assert answer.status_code == 422
    assert [error["at"] for error in answer.json()["errors"]] == [f"/{field}" for field in wrong]
    assert NUMBER not in answer.content.decode()
    assert entries("card.status_asked") == []


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b"[" * 15_000, b"NaN{}", b'{"number": "1"'], ids=lambda b: str(b[:9])
)
def test_a_body_that_is_no_json_is_said_so(partner: Asking, body: bytes):
    answer = partner.post(body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "body.unreadable"


@pytest.mark.parametrize("body", ["", "[]", "1", "null", '"x"', "true"])
def test_json_that_is_no_object_is_wrong(partner: Asking, body: str):
    assert partner.post(body).status_code == 422


def test_a_body_too_large_is_not_even_read(partner: Asking):
    answer = partner.post(json.dumps({"name": "x" * 20_000}))
    assert answer.status_code == 413 and answer.json()["code"] == "body.too_large"


def test_another_method_is_refused_as_a_problem(partner: Asking):
    answer = partner.get("/api/v1/card-status")
    assert answer.status_code == 405 and answer["Allow"] == "POST"
    assert answer.json()["code"] == "method.not_allowed"


def test_the_purposes_are_those_of_the_key(partner: Asking):
    answer = partner.get("/api/v1/purposes").json()
    assert [purpose["code"] for purpose in answer["purposes"]] == ["social_use"]
    assert answer["per_minute"] == 5 and answer["expires_on"] == str(date(2026, 12, 31))
