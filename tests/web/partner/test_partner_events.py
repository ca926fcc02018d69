"""A department is told what becomes of its batches: by events it fetches or is sent, never about people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.benefits import envelopes
from tests.benefits.conftest import city  # noqa: F401 - a fixture
from tests.benefits.envelopes import answered, funded, holder
from tests.benefits.stated import back, debit, stated
from tests.cards.in_hand import NOON, at, got
from tests.web.partner.rosters import department, holders, judged_by_house, land_roster
from yikatong.benefits import queries
from yikatong.benefits.events import Told
from yikatong.benefits.services.approving import publish_batch
from yikatong.benefits.services.mending import return_to_treasury
from yikatong.benefits.services.submitting import send_batch_back
from yikatong.office.models import Entry, Event
from yikatong.office.readers import look_up
from yikatong.office.scope import EVERYWHERE

pytestmark = pytest.mark.usefixtures("city")
URL = "https://hooks.example.org/yikatong"


def told() -> list[str]:
    return [
        each.removeprefix("yikatong.benefit.")
        for each in Event.objects.order_by("pk").values_list("type", flat=True)
    ]


def test_the_whole_way_of_a_batch_is_told_in_counts_alone():
    office, people = department("renshe", "pay:pension"), [*holders(2), holder("李挂失", "2", "stopped")]
    content = envelopes.roster([envelopes.row(each) for each in people])
    number = office.bring(content, programme="pension", period="2025-03").json()["batch_number"]
    judged_by_house(number)
    batch = queries.batch(number, EVERYWHERE)
    assert batch is not None
    (file,) = envelopes.sent(funded(batch))
    answered(file, ["00", "03"])
    assert told() == ["batch.judged", "batch.approved", "batch.paying", "payment.failed"]
    answer = office.client.get("/api/v1/events", headers=office.headers)
    page = answer.json()
    failed = page["events"][-1]["event"]
    assert (failed["subject"], failed["data"]["failed"], failed["data"]["file"]) == (number, 1, file.number)
    assert {each["state"]: each["rows"] for each in failed["data"]["states"]} == {
        "held": 1,
        "paid": 1,
        "failed": 1,
    }
    said = answer.content.decode()
    assert not any(each.name in said or each.number in said for each in people)
    rest = office.client.get("/api/v1/events", {"after": page["next_after"]}, headers=office.headers).json()
    assert rest == {"events": [], "next_after": page["next_after"]}


def test_a_batch_in_view_sent_back_or_settled_is_told():
    office = department()
    number = office.bring(land_roster(*holders(1))).json()["batch_number"]
    judged_by_house(number)
    with at(actor=envelopes.MAKER) as act:
        got(publish_batch(act, number, scope=EVERYWHERE))
    with at(actor=envelopes.DEPARTMENT) as act:
        got(send_batch_back(act, number, reason="清册有误", scope=EVERYWHERE))
    assert told() == ["batch.judged", "batch.public", "batch.sent_back"]
    pensions = department("renshe", "pay:pension")
    paid = pensions.bring(
        envelopes.roster([envelopes.row(holder())]), programme="pension", period="2025-03"
    ).json()["batch_number"]
    judged_by_house(paid)
    batch = queries.batch(paid, EVERYWHERE)
    assert batch is not None
    (file,) = envelopes.sent(funded(batch))
    answered(file, ["00"])
    assert told()[-1] == "batch.settled"


def test_money_that_a_statement_brings_back_is_told_and_settling_again_is_no_second_first_time():
    pensions, people = department("renshe", "pay:pension"), holders(2)
    content = envelopes.roster([envelopes.row(each) for each in people])
    number = pensions.bring(content, programme="pension", period="2025-03").json()["batch_number"]
    judged_by_house(number)
    batch = queries.batch(number, EVERYWHERE)
    assert batch is not None
    (file,) = envelopes.sent(funded(batch))
    answered(file, ["00", "00"])
    before = len(told())
    stated(file, debit(file), back(file, 2))
    assert told()[before:] == ["payment.failed", "batch.reopened"]
    failed = Event.objects.get(type=Told.FAILED.value)
    assert (failed.data["failed"], failed.data["file"]) == (1, file.number)
    with at(NOON + timedelta(days=40), envelopes.PAYER) as act:
        got(return_to_treasury(act, number, scope=EVERYWHERE))
    settled = Event.objects.filter(type=Told.SETTLED.value).order_by("pk")
    assert [each.data["again"] for each in settled] == [False, True]
    kinds = [each.kind for each in look_up(subject=f"benefit:{number}", limit=40)]
    assert (kinds.count("benefit.batch_settled"), kinds.count("benefit.batch_settled_again")) == (1, 1)


def test_a_roster_that_is_not_as_declared_is_told_with_the_code():
    office = department()
    number = office.bring(land_roster(*holders(1)), declared_rows=9).json()["batch_number"]
    judged_by_house(number)
    event = Event.objects.get()
    assert event.type == Told.REJECTED.value and event.data["code"] == "benefit.totals"


def test_what_came_over_the_desk_is_told_to_nobody():
    envelopes.judged([envelopes.row(holder())])
    assert not Event.objects.exists()


def test_each_partner_has_its_own_events_and_address():
    office, other = department(), department("linye")
    given = office.client.put(
        "/api/v1/webhook", {"url": URL}, content_type="application/json", headers=office.headers
    )
    assert given.status_code == 200 and given.json()["secret"].startswith("whsec_")
    number = office.bring(land_roster(*holders(1))).json()["batch_number"]
    judged_by_house(number)
    event = Event.objects.get()
    assert event.state == "queued"
    theirs = other.client.get("/api/v1/events", headers=other.headers).json()
    assert theirs["events"] == []
    for asking, status, code in ((other, 409, "webhook.none"), (office, 409, "event.waiting")):
        answer = asking.client.post(f"/api/v1/events/{event.event_id}/replay", headers=asking.headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    other.client.put("/api/v1/webhook", {"url": URL}, content_type="application/json", headers=other.headers)
    answer = other.client.post(f"/api/v1/events/{event.event_id}/replay", headers=other.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "event.unknown")
    state = office.client.get("/api/v1/webhook", headers=office.headers).json()
    assert (state["url"], state["waiting"], state["given_up"]) == (URL, 1, 0)


def test_an_address_can_be_taken_back():
    office = department()
    none = office.client.delete("/api/v1/webhook", headers=office.headers)
    assert (none.status_code, none.json()["code"]) == (404, "webhook.none")
    office.client.put(
        "/api/v1/webhook", {"url": URL}, content_type="application/json", headers=office.headers
    )
    gone = office.client.delete("/api/v1/webhook", headers=office.headers)
    assert (gone.status_code, gone.json()["url"]) == (200, "")
    assert list(Entry.objects.order_by("pk").values_list("kind", flat=True))[-2:] == [
        "office.events_wanted",
        "office.events_ended",
    ]


@pytest.mark.parametrize("url", ["https://10.0.0.5/x", "https://[::1]/", "http://hooks.example.org/", "x"])
def test_an_address_inside_is_refused(url: str):
    office = department()
    answer = office.client.put(
        "/api/v1/webhook", {"url": url}, content_type="application/json", headers=office.headers
    )
    assert answer.status_code == 422 and answer.json()["code"] in ("webhook.url", "webhook.not_allowed")
    assert not Entry.objects.filter(kind="office.events_wanted").exists()


def test_the_document_tells_every_event():
    from django.test import Client

    document = Client().get("/api/v1/openapi.json").json()
    assert set(document["webhooks"]) == {each.value for each in Told}
    used = {each.rsplit(".", 1)[-1] for each in document["webhooks"]}
    assert used == {
        "judged", "rejected", "public", "sent_back", "approved", "paying", "settled", "reopened", "failed"
    }  # fmt: skip
