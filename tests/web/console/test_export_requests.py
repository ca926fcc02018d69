"""An export above the limit at the desks: the auditor asks, the director decides, the auditor takes it."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from tests.cards.factories import MORNING, acting, apply, residents
from tests.web.console.desks import refusals
from yikatong.office import clock, exports, rulebook
from yikatong.office.kinds import all_kinds
from yikatong.office.models import Entry, ExportRequest, Rule, Staff

KIND = {"kind": "card.applied"}


@pytest.fixture
def limit(centre):
    Rule.objects.filter(code="export.most_rows").update(value=2)
    rulebook.forget()
    for person in residents(3):
        apply(person)
    with clock.fixed(centre + timedelta(minutes=1)):
        yield


def applied_once_more(at):
    with acting(moment=at) as act:
        act.record(all_kinds()["card.applied"])


def link(page: str) -> str:
    found = re.search(r'href="/console/(exports/ask/[^"]+)"', page)
    assert found, refusals(page)
    return html.unescape(found[1])


def asked_for(auditor, form="xlsx") -> str:
    """The auditor's request, asked from the journal's page; its number."""
    page = auditor.send("journal/", **KIND, purpose="年度审计", export=form).content.decode()
    assert any("提交审批" in line for line in refusals(page))
    address = link(page)
    assert 'value="年度审计"' in auditor.see(address)
    check = auditor.check(address, form=form, purpose="年度审计")
    assert "card.applied" in check and not refusals(check)
    assert "等待另一人审批" in auditor.confirm(address, form=form, purpose="年度审计")
    return ExportRequest.objects.latest("pk").number


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_the_auditor_asks_the_director_approves_and_the_auditor_takes_it(limit, desk_of, form):
    auditor, director = desk_of("auditor"), desk_of("centre_director")
    number = asked_for(auditor, form)
    assert re.search(r"等我审核的.*?超限导出</a> <span class=\"yk-number\">1<", director.see(""), re.DOTALL)
    assert "等我审核的" not in auditor.see("")
    row = director.see("exports/")
    assert number in row and f"exports/{number}/decide/" in row
    assert "年度审计" in director.see(f"exports/{number}/decide/")
    assert "已批准" in director.confirm(f"exports/{number}/decide/", decision="approve")
    applied_once_more(clock.now() + timedelta(hours=1))  # what happens later was not asked for
    assert f"exports/{number}/take/" in auditor.see("exports/")
    taken = auditor.send(f"exports/{number}/take/", step="confirm")
    assert taken["Content-Type"] == exports.TYPES[form]
    entry = exports.trace(taken.content)
    assert (entry.payload["rows"], entry.payload["request"], entry.purpose) == (3, number, "年度审计")
    with clock.fixed(clock.now() + timedelta(days=8)):
        late = auditor.send(f"exports/{number}/take/", step="confirm").content.decode()
        assert any("到期" in line for line in refusals(late))


def test_what_has_become_more_since_is_asked_for_again(limit, desk_of):
    auditor = desk_of("auditor")
    number = asked_for(auditor)
    desk_of("centre_director").confirm(f"exports/{number}/decide/", decision="approve")
    applied_once_more(MORNING)
    page = auditor.send(f"exports/{number}/take/", step="confirm").content.decode()
    assert any("批准的是 3 行" in line and "重新申请" in line for line in refusals(page))
    assert not Entry.objects.filter(kind="office.exported").exists()


def test_a_request_is_sent_back_with_a_reason_that_the_asker_reads(limit, desk_of):
    auditor, director = desk_of("auditor"), desk_of("centre_director")
    number = asked_for(auditor)
    page = director.check(f"exports/{number}/decide/", decision="send_back")
    assert any("退回原因" in line for line in refusals(page))
    director.confirm(f"exports/{number}/decide/", decision="send_back", note="只要二月的")
    assert "只要二月的" in auditor.see("exports/")
    page = auditor.send(f"exports/{number}/take/", step="confirm").content.decode()
    assert any("已退回" in line for line in refusals(page))


def test_a_request_is_withdrawn_by_who_asked_and_hidden_from_others(limit, desk_of):
    auditor = desk_of("auditor")
    number = asked_for(auditor)
    desk_of("auditor").see(f"exports/{number}/take/", status=404)
    desk_of("centre_director", region="610481").see(f"exports/{number}/decide/", status=404)
    assert "已撤回" in auditor.confirm(f"exports/{number}/withdraw/")
    desk_of("centre_director").see(f"exports/{number}/decide/", status=404)


def test_nobody_asks_for_what_they_may_not_see_nor_with_a_made_up_question(limit, desk_of):
    auditor, desk = desk_of("auditor"), desk_of("card_desk")
    page = auditor.send("journal/", **KIND, purpose="年度审计", export="xlsx").content.decode()
    desk.see(link(page), status=404)
    auditor.see("exports/ask/?wanted=x", status=404)
    auditor.see("exports/ask/", status=404)


def test_a_narrower_scope_than_when_it_was_asked_takes_no_more_out(limit, desk_of):
    auditor = desk_of("auditor")
    number = asked_for(auditor)
    desk_of("centre_director").confirm(f"exports/{number}/decide/", decision="approve")
    Staff.objects.filter(username__startswith="auditor").update(region="610481")
    page = auditor.send(f"exports/{number}/take/", step="confirm").content.decode()
    assert any("没有可导出" in line for line in refusals(page))
    assert not Entry.objects.filter(kind="office.exported").exists()
