"""Who may come for what, and the record of who came."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cards import in_hand
from tests.cards.in_hand import NOON, QINDU_COUNTER, a_card, a_person, at, identity_number
from tests.cards.test_loss import refused
from yikatong.cards.agents import HOLDER, Agent, Role, Service, may_come, particulars_problem
from yikatong.cards.models import Agency, Card, Order
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services import loss
from yikatong.cards.services.apply import apply_for_card
from yikatong.cards.services.reissue import exchange, reissue
from yikatong.cards.standing import ExchangeReason
from yikatong.office.models import Entry

NUMBER = identity_number(date(1970, 5, 5), 901)
PROOFS = ("授权委托书", "单位介绍信")
FRIEND = Agent(Role.AGENT, "李代办", NUMBER, "朋友", "委字3号", date(2025, 3, 1), "住院", "授权委托书")
WISHES = {"outlet_code": QINDU_COUNTER, "mode": Mode.BATCH, "bank_code": "102", "channel": "window"}
TODAY = date(2025, 3, 10)


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def changed(**what: object) -> Agent:
    return Agent(**{**FRIEND.__dict__, **what})  # type: ignore[arg-type]


@pytest.mark.parametrize("service", Service)
def test_both_centres_say_who_may_come_for_every_service(service):
    from yikatong.office.rulebook import ruling

    allowed = set(ruling(service.rule, TODAY).value)
    assert HOLDER in allowed and "guardian" in allowed
    # domain.md 2.5: what nobody does for an adult
    never = {Service.RESET_PIN, Service.UNLOCK, Service.RELEASE_FORMAL, Service.ACTIVATE, Service.TEMPORARY_LOSS, Service.RELEASE_TEMPORARY}  # fmt: skip
    assert ("agent" in allowed) == (service not in never)


def test_a_refusal_says_who_may():
    no = may_come(Service.RESET_PIN, "agent", ["holder", "guardian"])
    assert no is not None and "本人、监护人" in no.zh and "the holder or a guardian" in no.en


def test_a_minors_services_are_the_guardians_but_for_an_urgent_loss():
    no = may_come(Service.REISSUE, HOLDER, ["holder"], minor_below=16)
    assert no is not None and no.code == "agent.guardian_needed"
    assert may_come(Service.TEMPORARY_LOSS, HOLDER, ["holder"], minor_below=16) is None


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"letter_number": " "}, "agent.letter"),
        ({"letter_on": None}, "agent.letter"),
        ({"letter_on": date(2025, 3, 11)}, "agent.letter_date"),
        ({"reason": ""}, "agent.reason"),
        ({"proof": ""}, "agent.proof"),
        ({"proof": "口头"}, "agent.proof"),
        ({"name": ""}, "name.empty"),
    ],
)
def test_an_agent_without_papers_is_told_what_is_missing(what, code):
    problem = particulars_problem(changed(**what), TODAY, PROOFS)
    assert problem is not None and problem.code == code and problem.at.startswith("agent_")


def test_an_agent_reports_a_formal_loss_and_both_are_on_record():
    card = a_card()
    with at() as act:
        assert loss.report_formal_loss(act, card_no=card.card_no, channel="window", by=FRIEND)
    row = Agency.objects.get()
    assert (row.name, row.number, row.relation, row.letter_number, row.reason) == (
        "李代办", NUMBER, "朋友", "委字3号", "住院",
    )  # fmt: skip
    assert (row.document_type, row.proof) == ("citizen_id", "授权委托书")
    assert (row.resident_id, row.subject, row.service) == (card.resident_id, f"card:{card.pk}", "formal_loss")
    said = Entry.objects.get(kind="card.by_agent").payload
    assert (said["document"], said["proof"]) == ("居民身份证", "授权委托书")
    assert NUMBER not in str(said) and card.resident.number not in str(said)
    assert said["agent_number"].endswith(NUMBER[-4:]) and said["holder_number"].endswith(
        card.resident.number[-4:]
    )


def test_the_number_of_an_agent_is_not_to_be_read_in_the_database():
    from django.db import connection

    card = a_card()
    with at() as act:
        loss.report_formal_loss(act, card_no=card.card_no, channel="window", by=FRIEND)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, number_key FROM cards_agency")
        sealed, key = map(bytes, cursor.fetchone())
    assert NUMBER.encode() not in sealed and len(key) == 16


@pytest.mark.parametrize("service", ["release_temporary_loss", "release_formal_loss"])
def test_no_agent_releases_a_loss_and_nothing_is_left_of_the_attempt(service):
    in_hand.set_rule("card.formal_loss_releasable", True)
    card = a_card(state="4" if "temporary" in service else "2", bank="stopped")
    before = len(in_hand.kinds())
    with at() as act:
        result = getattr(loss, service)(act, card_no=card.card_no, by=FRIEND)
    refused(result, "agent.not_allowed")
    assert not Agency.objects.exists() and len(in_hand.kinds()) == before


def test_a_city_may_let_agents_release_from_a_day_on():
    in_hand.set_rule("card.by.release_temporary", ["holder", "agent"])
    card = a_card(state="4", bank="stopped")
    with at() as act:
        assert loss.release_temporary_loss(act, card_no=card.card_no, by=FRIEND)


def test_the_holder_does_not_come_as_their_own_agent():
    card = a_card()
    with at() as act:
        result = loss.report_formal_loss(
            act, card_no=card.card_no, channel="window", by=changed(number=card.resident.number)
        )
    refused(result, "agent.is_holder")


def test_a_guardian_must_be_on_file():
    child = a_person("小丫", date(2015, 6, 1), guardian=("张大山", NUMBER))
    card = a_card(child)
    wrong = Agent(Role.GUARDIAN, "王不识", NUMBER)
    right = Agent(Role.GUARDIAN, "张大山", NUMBER)
    with at() as act:
        refused(
            loss.report_formal_loss(act, card_no=card.card_no, channel="window", by=wrong),
            "agent.not_guardian",
        )
    with at() as act:
        refused(loss.report_formal_loss(act, card_no=card.card_no, channel="window"), "agent.guardian_needed")
    with at() as act:
        assert loss.report_formal_loss(act, card_no=card.card_no, channel="window", by=right)
    assert Agency.objects.get().relation == "父亲"


@pytest.mark.parametrize("kind", ["apply", "reissue", "exchange"])
def test_an_agent_applies_and_stands_on_record_once(kind):
    person = a_person()
    card = a_card(person) if kind != "apply" else None
    with at() as act:
        if card is None:
            assert apply_for_card(act, resident_id=person.pk, kind=OrderKind.NEW, by=FRIEND, **WISHES)
        elif kind == "reissue":
            assert reissue(act, card_no=card.card_no, by=FRIEND, **WISHES)
        else:
            assert exchange(act, card_no=card.card_no, reason=ExchangeReason.DAMAGED, by=FRIEND, **WISHES)
    assert Agency.objects.get().service == kind


def test_when_the_application_is_refused_nothing_of_the_agent_is_kept():
    card = a_card()
    with at() as act:
        result = reissue(act, card_no=card.card_no, by=FRIEND, **{**WISHES, "bank_code": "999"})
    refused(result, "order.bank_unknown")
    assert not Agency.objects.exists() and not Entry.objects.filter(kind="card.by_agent").exists()
    assert Card.objects.get(pk=card.pk).state == "1"


def test_when_the_journal_refuses_no_agent_was_there(journal_refuses):
    card = a_card()
    with journal_refuses(), at(NOON) as act:
        loss.report_formal_loss(act, card_no=card.card_no, channel="window", by=FRIEND)
    assert not Agency.objects.exists() and not Order.objects.filter(replaces=card).exists()
