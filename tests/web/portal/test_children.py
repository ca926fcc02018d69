"""为孩子申领: a guardian who is signed in applies for a first card for the minors they are on file for."""

from __future__ import annotations

from datetime import date

import pytest

from tests.web.people import NAME, NUMBER, PHONE, number_of
from tests.web.portal.visiting import Visitor
from yikatong.basics.refused import Refused
from yikatong.cards.models import Agency, Order, Posting
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.models import Entry, Message
from yikatong.residents.models import Resident
from yikatong.residents.services import GuardianInput, register

pytestmark = pytest.mark.django_db
WANTED = {"outlet_code": "61040000", "bank_code": "102"}


def a_child(serial: int = 3, born: str = "20160301", guardian: str = NUMBER, name: str = "林小雨") -> int:
    with open_act(Actor.system("test"), door=Door.TASK) as act:
        child = register(
            act,
            number=number_of(serial, born),
            name=name,
            region="610402",
            phone="",
            guardian=GuardianInput(
                name=NAME if guardian == NUMBER else "别家长",
                number=guardian,
                relation="父母",
                phone=PHONE,
                proof="居民户口簿",
            ),
        )
    assert not isinstance(child, Refused), child.zh
    return child.id


def test_a_childs_card_is_posted_to_its_guardian(resident: Visitor):
    child = a_child()
    row = Resident.objects.get(pk=resident.person)
    row.address = "陕西省咸阳市秦都区人民路街道12号"
    row.save()
    wanted = {**WANTED, "collect": "home", "step": "send"}
    assert resident.client.post(f"/portal/apply/child/{child}/", wanted).status_code == 302
    posting = Posting.objects.get()
    assert (posting.name, posting.phone, posting.address) == (NAME, PHONE, row.address)


def send(visitor: Visitor, child: int, step: str = "send"):
    return visitor.client.post(f"/portal/apply/child/{child}/", {**WANTED, "step": step})


def test_a_guardian_applies_for_the_child_and_both_can_be_read_in_the_journal(resident: Visitor):
    child = a_child()
    assert "林小雨" in resident.text() and "还没有社保卡" in resident.text()
    assert "为 林小雨 申领" in resident.text(f"/portal/apply/child/{child}/")
    assert "林小雨" in send(resident, child, "check").content.decode()
    answer = send(resident, child)
    order = Order.objects.get()
    assert answer.status_code == 302 and order.number in answer["Location"]
    assert (order.resident_id, order.channel, order.kind) == (child, "web", "new")
    came = Agency.objects.get()
    assert (came.role, came.number, came.resident_id) == ("guardian", NUMBER, child)
    applied = Entry.objects.get(kind="card.applied")
    assert applied.actor == f"resident:{resident.person}" and applied.person == child
    assert Entry.objects.filter(kind="resident.seen", person=child).count() == 1
    assert Message.objects.get(subject=f"order:{order.pk}").to == PHONE
    assert order.number in resident.text(f"/portal/apply/{order.number}/")
    assert f"正在办卡，受理编号 {order.number}" in resident.text()


def test_there_is_no_second_application_and_none_for_anybody_elses_child(resident: Visitor):
    child = a_child()
    send(resident, child)
    assert send(resident, child).status_code == 302 and Order.objects.count() == 1
    other = a_child(4, "20170301", number_of(9, "19850307"), "别小雨")
    assert send(resident, other).status_code == 404 and "别小雨" not in resident.text()
    assert send(resident, resident.person).status_code == 404


def test_who_came_of_age_or_died_is_no_longer_offered(resident: Visitor):
    child = a_child()
    Resident.objects.filter(pk=child).update(birth_on=date(2009, 3, 1))
    assert "我的孩子" not in resident.text() and send(resident, child).status_code == 404
    Resident.objects.filter(pk=child).update(birth_on=date(2016, 3, 1), state="dead")
    assert "我的孩子" not in resident.text()


def test_missing_answers_are_asked_for_again(resident: Visitor):
    child = a_child()
    answer = resident.client.post(f"/portal/apply/child/{child}/", {"step": "send", "bank_code": "102"})
    assert answer.status_code == 200 and not Order.objects.exists()
