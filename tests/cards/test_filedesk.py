"""The file desk: nothing that went out is forgotten, and every row that came home can be read again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cards.factories import DESK, MORNING, TODAY, acting, apply, asked, received, reload, residents
from yikatong.basics.refused import Refused
from yikatong.cards import filedesk
from yikatong.cards.files import matching
from yikatong.cards.files.answer import Answer
from yikatong.cards.models import Order
from yikatong.cards.services.match import send_to_match, take_match_answer
from yikatong.cards.services.resend import resend_file
from yikatong.cards.tasks import counterparts
from yikatong.office import clock, post
from yikatong.office.models import Entry, WireFile
from yikatong.office.wires.folder import FolderWire


@pytest.fixture(autouse=True)
def at_nine(centre, wires):
    with clock.fixed(MORNING):
        yield


def sent(how_many: int) -> list[Order]:
    orders = [apply(person) for person in residents(how_many)]
    with acting(DESK) as act:
        send_to_match(act)
    post.send_files()
    return reload(orders)


def good(order: Order) -> Answer:
    return Answer(order.number, order.resident.number, "0", "", f"E{order.pk:08d}")


def bad(order: Order) -> Answer:
    return Answer(order.number, order.resident.number, "2", "姓名不一致", "")


def come(*rows: Answer, to: str, name: str = "a.txt") -> filedesk.DeskFile:
    file = received("province", matching.ANSWERS.write("A1", TODAY, rows, answers=to), name)
    with acting(DESK) as act:
        assert not isinstance(take_match_answer(act, file), Refused)
    found = filedesk.file(file.id, *counterparts())
    assert found is not None
    return found


def out() -> filedesk.DeskFile:
    (found,) = filedesk.recent("province", outgoing=True)
    return found


def again(file: filedesk.DeskFile):
    with acting(DESK) as act:
        return resend_file(act, file_id=file.id, counterparts=counterparts())


# --- what is unanswered -----------------------------------------------------------------------------------------


def test_a_sent_file_waits_until_its_last_order_is_answered():
    one, two = sent(2)
    assert (out().unanswered, out().part) == (2, False)
    come(good(one), to=one.asked)
    assert (out().unanswered, out().part) == (1, True)
    assert [row.number for row in filedesk.waiting_for(one.asked)] == [two.number]
    come(bad(two), to=one.asked, name="b.txt")
    assert out().unanswered == 0 and filedesk.unanswered("province") == ()
    assert [each.name for each in filedesk.answers_to(one.asked, "province")] == ["a.txt", "b.txt"]


def test_an_answer_is_overdue_by_the_rule_of_its_counterpart():
    sent(1)
    assert not out().overdue
    with clock.fixed(MORNING + timedelta(days=1)):
        assert not out().overdue
    with clock.fixed(MORNING + timedelta(days=2)):
        assert out().overdue


def test_a_file_that_is_still_queued_waits_too():
    orders = [apply(person) for person in residents(1)]
    with acting(DESK) as act:
        send_to_match(act)
    (waiting,) = filedesk.unanswered("province")
    assert waiting.state.code == "queued" and waiting.due_on is None and waiting.unanswered == len(orders)


def test_lists_of_files_never_load_their_bytes():
    sent(1)
    received("province", b"x" * 1000, "big.txt")
    with CaptureQueriesContext(connection) as asked_:
        filedesk.unanswered("province")
        filedesk.recent("province", outgoing=False)
        assert post.waiting_files("province")
    assert all("content" not in each["sql"] for each in asked_)


# --- what came home ---------------------------------------------------------------------------------------------


def test_every_row_that_was_not_good_is_kept_with_its_reason():
    one, two = sent(2)
    stranger = Answer("S99999999X", "x", "0", "", "E00000000")
    came = come(good(one), bad(two), stranger, good(one), to=one.asked)
    assert (came.rows, came.taken, came.failed, came.strangers, came.unfinished) == (4, 1, 1, 2, 0)
    rows = filedesk.problems(came.id)
    assert [
        (row.line, row.stage, row.reason, row.refusal.code if row.refusal is not None else "") for row in rows
    ] == [
        (4, "name_differs", "姓名不一致", ""),
        (5, "", "", "row.unknown"),
        (6, "", "", "row.repeated"),
    ]
    assert rows[0].order == two.number


def test_a_number_in_the_wrong_column_is_not_kept_whole():
    (one,) = sent(1)
    came = come(Answer(one.resident.number, "x", "0", "", ""), to=one.asked)
    assert [row.named for row in filedesk.problems(came.id)] == [one.resident.number[:4] + "…"]


def test_the_same_bytes_again_are_not_taken_and_said():
    (one,) = sent(1)
    content = matching.ANSWERS.write("A1", TODAY, [good(one)], answers=one.asked)
    folder = FolderWire(post.settings.WIRES_FOLDER, "province").inbox
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("x.txt", "y.txt"):
        (folder / name).write_bytes(content)
    assert post.collect_files(["province"]) == 1
    (row,) = filedesk.not_taken("province")
    assert "y.txt" in row.zh and filedesk.not_taken("maker") == ()


# --- sending again ----------------------------------------------------------------------------------------------


def test_the_same_bytes_go_out_again_and_are_counted():
    sent(1)
    before = asked("province")
    laid = FolderWire(post.settings.WIRES_FOLDER, "province").out / before.name
    content = laid.read_bytes()
    laid.unlink()  # the counterpart lost it
    assert not isinstance(again(out()), Refused)
    assert isinstance(again(out()), Refused)  # it is already on its way
    assert post.send_files() == 1
    assert laid.read_bytes() == content == bytes(asked("province").content)
    assert out().sendings == 2 and out().state.code == "sent"
    assert Entry.objects.get(kind="office.file_resent").payload["digest"] == before.digest.hex()


def test_what_was_answered_is_not_sent_again():
    (one,) = sent(1)
    come(good(one), to=one.asked)
    refused = again(out())
    assert isinstance(refused, Refused) and refused.code == "file.answered"


def test_what_came_in_cannot_be_sent():
    (one,) = sent(1)
    refused = again(come(to=one.asked))
    assert isinstance(refused, Refused) and refused.code == "file.unknown"


def test_the_journal_refuses_so_nothing_was_queued_again(journal_refuses):
    sent(1)
    with journal_refuses():
        again(out())
    assert WireFile.objects.get().state == "sent"


def test_the_journal_refuses_so_no_result_was_kept(journal_refuses):
    (one,) = sent(1)
    file = received("province", matching.ANSWERS.write("A1", TODAY, [bad(one)], answers=one.asked), "a.txt")
    with journal_refuses(), acting(DESK) as act:
        take_match_answer(act, file)
    assert filedesk.problems(file.id) == ()
