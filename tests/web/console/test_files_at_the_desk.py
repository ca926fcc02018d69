"""The file desk at its pages: what is unanswered, a file's own page, sending again, the bad rows taken away."""

from __future__ import annotations

import pytest

from tests.cards.factories import DESK, TODAY, acting, apply, received, reload, residents
from tests.web.console.desks import refusals
from yikatong.cards.files import matching
from yikatong.cards.files.answer import Answer
from yikatong.cards.services.match import send_to_match, take_match_answer
from yikatong.office import exports, post
from yikatong.office.models import Entry, WireFile


@pytest.fixture
def sent(centre):
    orders = [apply(person) for person in residents(2)]
    with acting(DESK) as act:
        send_to_match(act)
    post.send_files()
    return reload(orders)


def answered(*rows: Answer, to: str) -> int:
    file = received("province", matching.ANSWERS.write("A1", TODAY, rows, answers=to), "a.txt")
    with acting(DESK) as act:
        assert take_match_answer(act, file)
    return file.id


def test_the_desk_shows_what_is_unanswered_and_leads_to_the_file(desk_of, sent):
    desk = desk_of("card_desk")
    page = desk.see("match/")
    file = WireFile.objects.get()
    assert "已发出、对方未答复" in page and f"files/{file.pk}/" in page
    page = desk.see(f"files/{file.pk}/")
    assert all(order.number in page for order in sent) and "重发文件" in page and "2025-03-11" in page
    page = desk.confirm(f"files/{file.pk}/resend/")
    assert "已重发" in page and "<dd>2</dd>" in page


def test_a_part_answered_file_says_so_and_a_settled_one_is_not_sent_again(desk_of, sent):
    desk, file = desk_of("card_desk"), WireFile.objects.get()
    one, two = sent
    answered(Answer(one.number, one.resident.number, "0", "", f"E{one.pk:08d}"), to=one.asked)
    page = desk.see(f"files/{file.pk}/")
    assert "部分答复" in page and two.number in page and one.number not in page and "a.txt" in page
    second = received(
        "province",
        matching.ANSWERS.write(
            "A2", TODAY, [Answer(two.number, two.resident.number, "2", "x", "")], answers=two.asked
        ),
        "b.txt",
    )
    with acting(DESK) as act:
        take_match_answer(act, second)
    out = WireFile.objects.get(outgoing=True)
    assert refusals(desk.confirm(f"files/{out.pk}/resend/"))
    assert "重发文件" not in desk.see(f"files/{out.pk}/")


def test_bad_rows_are_read_on_the_page_and_taken_away_with_a_purpose(desk_of, sent):
    desk, one = desk_of("card_desk"), sent[0]
    number = answered(
        Answer(one.number, one.resident.number, "2", "姓名不一致", ""),
        Answer("S1", "x", "0", "", ""),
        to=one.asked,
    )
    page = desk.see(f"files/{number}/")
    assert "姓名不一致" in page and "没有这笔申请" in page
    assert refusals(desk.send(f"files/{number}/", purpose="").content.decode())
    book = desk.send(f"files/{number}/", purpose="退省平台更正")
    assert book["Content-Disposition"].endswith('.xlsx"')
    entry = exports.trace(book.content)
    assert (
        entry is not None
        and entry.rows is None
        and entry.payload["rows"] == 2
        and entry.purpose == "退省平台更正"
    )
    assert Entry.objects.filter(kind="office.exported").count() == 1


def test_files_are_the_centres_own(desk_of, sent):
    file = WireFile.objects.get()
    desk_of("card_desk", region="610402").see(f"files/{file.pk}/", status=403)
    desk_of("card_desk").see("files/999999/", status=404)


def test_the_codes_agreed_on_are_a_link_away_with_their_source(desk_of, sent):
    desk = desk_of("card_desk")
    assert "files/codes/" in desk.see("match/")
    page = desk.see("files/codes/")
    assert "外国人永久居留身份证" in page and "GB/T 2261.1-2003" in page and "假定，待确认" in page
    assert "只写不读" in page, "the old card is written D and never read as such"
