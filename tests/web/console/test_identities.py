"""Corrections, documents and states at the counter: who may ask, who may approve, and what the pages then say."""

from __future__ import annotations

import re

from tests.cards.factories import resident
from tests.residents.people import number_of, registered
from tests.web.console.desks import refusals
from yikatong.residents import queries

MORE = {"why": "changed", "proof": "公变字17号"}


def waiting(page: str) -> str:
    found = re.search(r"/console/(corrections/\d+/)", page)
    assert found is not None
    return found[1]


def test_one_asks_another_approves_and_the_former_name_still_finds_the_person(clerk, desk_of):
    person = registered()
    path = f"residents/{person.id}/name/"
    clerk.see(path, status=404)
    former = queries.person(person.id).name
    clerk.open(person.id)
    assert "林筱曼" in clerk.check(path, name="林筱曼", **MORE)
    assert "等待另一人审核" in clerk.confirm(path, name="林筱曼", **MORE)
    assert "退回" not in clerk.see("corrections/")
    manager = desk_of("outlet_manager", region="610402")
    page = manager.see("corrections/")
    assert former not in page and "林筱曼" not in page
    one = waiting(page)
    assert "林筱曼" in manager.see(one) and former in manager.see(one)
    assert "换领" in manager.confirm(one)
    assert queries.person(person.id).name == "林筱曼"
    assert former in clerk.see(f"residents/{person.id}/")
    found = clerk.send("residents/", text=former, purpose="受理申领").content.decode()
    assert f"/console/residents/{person.id}/open/" in found


def test_a_request_is_sent_back_with_its_reason_or_withdrawn_by_who_asked(clerk, desk_of):
    person = resident()
    clerk.open(person.pk)
    clerk.confirm(f"residents/{person.pk}/name/", name="林筱曼", **MORE)
    manager = desk_of("outlet_manager", region="610402")
    one = waiting(manager.see("corrections/"))
    assert "已退回" in manager.confirm(f"{one}return/", note="证明未盖章")
    clerk.confirm(f"residents/{person.pk}/number/", number=number_of(8), **MORE)
    page = clerk.see("corrections/")
    mine = re.search(r"/console/(corrections/\d+/withdraw/)", page)
    assert mine is not None
    assert "已撤回" in clerk.confirm(mine[1])


def test_corrections_of_another_county_are_neither_seen_nor_decided(clerk, desk_of):
    person = resident()
    clerk.open(person.pk)
    clerk.confirm(f"residents/{person.pk}/name/", name="林筱曼", **MORE)
    one = waiting(desk_of("outlet_manager", region="610402").see("corrections/"))
    other = desk_of("outlet_manager", region="610481")
    assert "没有待审核的更正" in other.see("corrections/")
    other.see(one, status=403)
    clerk.see(one, status=403)


def test_a_document_is_recorded_and_a_wrong_one_is_refused_at_its_question(clerk):
    person = resident()
    clerk.open(person.pk)
    path = f"residents/{person.pk}/document/"
    page = clerk.confirm(path, document="passport", number="E12345678", valid_until="2035-01-01")
    assert "证件已登记" in page and "E12345678" in page and "2035-01-01" in page
    wrong = clerk.confirm(path, document="citizen_id", number="61049919900307001")
    assert any("18位" in line for line in refusals(wrong))


def test_prison_and_abroad_are_recorded_and_corrected_by_a_manager(clerk, desk_of):
    person = resident()
    clerk.open(person.pk)
    path = f"residents/{person.pk}/state/"
    answers = {"event": "imprison", "on": "2025-03-01", "source": "司法机关通知"}
    assert "服刑" in clerk.confirm(path, **answers)
    assert "请核实本人意愿" in clerk.see(f"residents/{person.pk}/")
    manager = desk_of("outlet_manager", region="610402")
    manager.open(person.pk, "更新信息")
    assert "已更正误登的人员状态" in manager.confirm(
        f"residents/{person.pk}/state/correct/", source="司法机关更正函"
    )
    assert queries.person(person.pk).state == "alive"


def test_nobody_whose_household_was_cancelled_applies_for_a_card(clerk):
    person = resident()
    clerk.open(person.pk)
    answers = {"event": "cancel_household", "on": "2025-03-01", "source": "公安户籍注销证明"}
    clerk.confirm(f"residents/{person.pk}/state/", **answers)
    page = clerk.confirm(
        f"residents/{person.pk}/apply/", outlet_code="61040000", mode="batch", bank_code="102", role="holder"
    )
    assert any("户籍已注销" in line for line in refusals(page)), refusals(page)
