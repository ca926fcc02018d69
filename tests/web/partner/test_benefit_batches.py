"""A department brings a roster from its own system: once for each key, and it sees nothing but its own."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.benefits import envelopes
from tests.benefits.conftest import city  # noqa: F401 - a fixture
from tests.benefits.envelopes import answered, funded, holder
from tests.web.partner.rosters import BATCHES, department, holders, judged_by_house, land_roster
from yikatong.benefits import queries
from yikatong.benefits.models import PaymentBatch
from yikatong.benefits.rules import Hand
from yikatong.office.models import Entry, Rule
from yikatong.office.rulebook import forget
from yikatong.office.scope import EVERYWHERE

pytestmark = pytest.mark.usefixtures("city")


def test_a_roster_comes_once_for_each_key_and_its_first_answer_is_given_again():
    office, content = department(), land_roster(*holders())
    first, again = office.bring(content), office.bring(content)
    assert first.status_code == again.status_code == 200, first.content
    assert (first.json()["repeated"], again.json()["repeated"]) == (False, True)
    assert {**first.json(), "repeated": True} == again.json()
    batch = PaymentBatch.objects.get()
    assert (batch.number, batch.maker, batch.region) == (
        first.json()["batch_number"],
        office.actor.code,
        "610400",
    )


def test_the_receipt_stays_the_same_whatever_becomes_of_the_batch():
    office, content = department(), land_roster(*holders())
    first = office.bring(content).json()
    judged_by_house(first["batch_number"])
    assert office.post(f"/{first['batch_number']}/withdraw").status_code == 200
    assert office.bring(content).json() == {**first, "repeated": True}


@pytest.mark.parametrize("other", ["body", "envelope"])
def test_the_same_key_with_anything_else_is_refused(other):
    office, people = department(), holders()
    office.bring(land_roster(*people))
    answer = (
        office.bring(land_roster(*people[:2]))
        if other == "body"
        else office.bring(land_roster(*people), period="2024")
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.other_body")
    assert PaymentBatch.objects.count() == 1


def test_another_departments_key_is_its_own():
    one, two = department(), department("linye")
    first = one.bring(land_roster(*holders()))
    second = two.bring(land_roster(*holders()))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["batch_number"] != second.json()["batch_number"]


def test_a_refused_call_leaves_its_key_free():
    office, people = department(), holders()
    refused = office.bring(land_roster(*people), period="2025-03")
    assert (refused.status_code, refused.json()["code"]) == (422, "benefit.period")
    assert office.bring(land_roster(*people)).status_code == 200


def test_the_same_roster_under_another_key_is_refused_by_its_bytes():
    office, content = department(), land_roster(*holders())
    office.bring(content)
    answer = office.bring(content, "k-2")
    assert (answer.status_code, answer.json()["code"]) == (409, "benefit.known")


def test_a_programme_it_was_not_admitted_for_is_refused_and_journalled():
    office = department()
    answer = office.bring(land_roster(*holders()), programme="pension", period="2025-03")
    assert (answer.status_code, answer.json()["code"]) == (403, "purpose.not_granted")
    assert Entry.objects.filter(kind="office.door_refused").count() == 1
    library = department("library", "holds_card")
    for path in ("", "/G000000000", "/G000000000/rows"):
        assert library.get(path).status_code == 403
    assert library.post("/G000000000/withdraw").status_code == 403


def test_what_others_brought_is_not_there():
    office, other = department(), department("linye")
    own = office.bring(land_roster(*holders())).json()["batch_number"]
    at_the_desk = envelopes.judged([(each.name, each.number, "2.00", "150.00") for each in holders()],
                                   **envelopes.LAND)  # fmt: skip
    for number in (own, at_the_desk.number):
        for answer in (
            other.get(f"/{number}"),
            other.get(f"/{number}/rows"),
            other.post(f"/{number}/withdraw"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "benefit.unknown")
    assert other.get().json() == {"batches": []}
    assert [each["batch_number"] for each in office.get().json()["batches"]] == [own]


def test_a_batch_is_followed_by_state_reason_and_whom_it_waits_for():
    office = department()
    people = [holder(), holder("李挂失", state="2", bank="stopped"), holder("王五")]
    number = office.bring(land_roster(*people)).json()["batch_number"]
    before = office.get(f"/{number}").json()
    assert (before["state"]["code"], before["waits_for"]["code"]) == ("uploaded", "house")
    judged_by_house(number)
    told = office.get(f"/{number}").json()
    assert (told["state"]["code"], told["waits_for"]["code"]) == ("judged", "maker")
    assert [(each["code"], each["rows"], each["fen"]) for each in told["states"]] == [
        ("valid", 2, 30_000),
        ("held", 1, 15_000),
    ]
    assert [(each["code"], each["level"], each["rows"]) for each in told["reasons"]] == [("C13", "hold", 1)]
    assert told["reasons"][0]["next_zh"]


def test_results_are_paged_by_line_masked_and_journalled():
    office = department()
    people = [holder(), holder("李挂失", state="2", bank="stopped"), holder("王五")]
    number = office.bring(land_roster(*people)).json()["batch_number"]
    judged_by_house(number)
    first = office.get(f"/{number}/rows", limit=2)
    page = first.json()
    assert [each["line"] for each in page["rows"]] == [2, 3] and page["next_after"] == 3
    rest = office.get(f"/{number}/rows", limit=2, after=page["next_after"]).json()
    assert [each["line"] for each in rest["rows"]] == [4] and rest["next_after"] is None
    held = page["rows"][1]
    assert (held["state"]["code"], held["reason"]) == ("held", "C13")
    assert held["findings"][0]["next_zh"]
    said = first.content.decode()
    assert not any(each.number in said or each.name in said for each in people)
    assert [each["line"] for each in office.get(f"/{number}/rows", state="held").json()["rows"]] == [3]
    taken = Entry.objects.filter(kind="benefit.results_taken")
    assert taken.count() == 3
    assert office.get(f"/{number}/rows", state="gone").status_code == 422


def test_what_the_bank_said_stands_with_the_row():
    office = department("renshe", "pay:pension")
    people = holders(2)
    number = office.bring(
        envelopes.roster([envelopes.row(each) for each in people]), programme="pension", period="2025-03"
    ).json()["batch_number"]
    judged_by_house(number)
    batch = queries.batch(number, EVERYWHERE)
    assert batch is not None
    (file,) = envelopes.sent(funded(batch))
    waiting = office.get(f"/{number}/rows").json()["rows"]
    assert [each["bank"]["result"] for each in waiting] == [None, None]
    answered(file, ["00", "05"])
    paid, failed = office.get(f"/{number}/rows").json()["rows"]
    assert (paid["state"]["code"], paid["bank"]["result"]["code"]) == ("paid", "00")
    assert (failed["state"]["code"], failed["bank"]["result"]["code"]) == ("failed", "05")
    assert failed["bank"]["next_zh"] == "联系持卡人更换账户"
    told = office.get(f"/{number}").json()
    assert told["files"][0]["rows"] == 2 and told["waits_for"]["code"] == "banks"


def test_the_maker_is_the_department_so_that_two_people_here_approve():
    office = department("renshe", "pay:pension")
    content = envelopes.roster([envelopes.row(each) for each in holders(1)])
    number = office.bring(content, programme="pension", period="2025-03").json()["batch_number"]
    judged_by_house(number)
    found = queries.batch(number, EVERYWHERE)
    assert found is not None
    batch = funded(found)
    assert batch.hands == (office.actor.code, envelopes.DEPARTMENT.code, envelopes.FINANCE.code)
    late = office.post(f"/{number}/withdraw")
    assert (late.status_code, late.json()["code"]) == (409, "benefit.not_waiting")


def test_an_envelope_that_is_no_envelope_says_what_is_wrong():
    office, content = department(), land_roster(*holders(1))
    wrong = office.bring(content, declared_rows="viele", region="61")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "body.wrong")
    assert {each["at"] for each in wrong.json()["errors"]} == {"/declared_rows", "/region"}
    outside = office.bring(content, region="140900")
    assert (outside.status_code, outside.json()["code"]) == (422, "scope.outside")
    county = office.bring(content, region="610402")
    assert county.status_code == 200 and PaymentBatch.objects.get().region == "610402"


def test_a_body_that_cannot_be_read_is_a_problem_too():
    office = department()
    headers = office.headers | {"Idempotency-Key": "k"}
    torn = office.client.post(
        BATCHES, b"--x\r\n", content_type="multipart/form-data; boundary=", headers=headers
    )
    as_json = office.client.post(BATCHES, json.dumps({}), content_type="application/json", headers=headers)
    assert (torn.status_code, as_json.status_code) == (400, 422)
    assert torn["Content-Type"] == as_json["Content-Type"] == "application/problem+json"


def test_a_roster_may_be_as_large_as_the_rule_says_and_no_larger():
    office = department()
    Rule.objects.filter(code="benefit.roster_megabytes").update(value=1)
    forget()
    large = b"x" * (1024 * 1024 + 8 * 1024)
    headers = office.headers | {"Idempotency-Key": "k"}
    declared = {"programme": "farmland", "period": "2025", "declared_rows": 1, "declared_fen": 1}
    answer = office.client.post(
        BATCHES, {**declared, "roster": SimpleUploadedFile("r.csv", large)}, headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "file.too_big")
    larger = office.client.post(
        BATCHES, {**declared, "roster": SimpleUploadedFile("r.csv", large * 2)}, headers=headers
    )
    assert (larger.status_code, larger.json()["code"]) == (413, "body.too_large")


def test_every_state_of_a_batch_waits_for_somebody_or_is_over():
    from yikatong.benefits.rules import BENEFIT_BATCH, GIVEN_UP, SETTLED, hand

    over = {
        state.code for state in BENEFIT_BATCH if hand(state, publicity=False, in_view=False) is Hand.NOBODY
    }
    assert over == {SETTLED.code, *(state.code for state in GIVEN_UP)}


def test_a_held_row_is_corrected_in_its_place():
    office = department()
    person = holder("李四光")
    wrong = envelopes.roster([("李四先", person.number, "2.00", "150.00")], envelopes.LAND["head"])
    number = office.bring(wrong).json()["batch_number"]
    judged_by_house(number)
    body = {"name": "李四光", "number": person.number, "basis": "2.00", "fen": 15_000, "reason": "姓名错字"}
    assert department("linye").post(f"/{number}/rows/2/correction", json.dumps(body)).status_code == 404
    answer = office.post(f"/{number}/rows/2/correction", json.dumps(body))
    assert (answer.status_code, answer.json()["line"], answer.json()["state"]["code"]) == (200, 3, "valid")
    assert person.number not in answer.content.decode()
    again = office.post(f"/{number}/rows/2/correction", json.dumps(body))
    assert (again.status_code, again.json()["code"]) == (409, "benefit.row")
