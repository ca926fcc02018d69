"""What leaves the house and what comes in: stored first, moved after, once."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from yikatong.basics.masking import Sensitive
from yikatong.basics.refused import Refused
from yikatong.office import clock, post
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.models import Entry, Message, WireFile
from yikatong.office.opening import open_centre
from yikatong.office.sealing import seal
from yikatong.office.wires.folder import FolderWire, NameTaken

AT = datetime(2025, 3, 9, 17, tzinfo=UTC)  # already the tenth in Xianyang


def waiting_names(*counterparts: str) -> list[str]:
    return [file.name for file in post.waiting_files(*counterparts)]


@pytest.mark.django_db
def test_a_file_that_came_in_waits_until_it_is_applied(acting):
    file = post.store_received("maker", "R1.txt", b"one", AT)
    assert not isinstance(file, Refused)
    assert waiting_names("maker") == ["R1.txt"]
    assert waiting_names("province") == []
    with acting() as act:
        post.settle(act, file, rows=3)
    assert waiting_names("maker") == []
    row = WireFile.objects.get()
    assert (row.state, row.rows, row.moved_at) == ("applied", 3, act.at)


@pytest.mark.django_db
def test_a_file_that_is_rejected_keeps_the_reason(acting):
    file = post.store_received("maker", "R1.txt", b"one", AT)
    assert not isinstance(file, Refused)
    with acting() as act:
        post.settle(act, file, rows=0, refused=Refused("file.torn", "文件不完整", "torn"))
    row = WireFile.objects.get()
    assert (row.state, row.note) == ("rejected", "文件不完整")


@pytest.mark.django_db
def test_the_same_bytes_come_in_once_under_whatever_name():
    post.store_received("maker", "R1.txt", b"one", AT)
    again = post.store_received("maker", "R2.txt", b"one", AT)
    assert isinstance(again, Refused) and again.code == "file.repeated"
    assert "2025-03-10" in again.zh and "R1.txt" in again.zh
    assert WireFile.objects.count() == 1


@pytest.mark.django_db
def test_the_same_name_with_other_bytes_is_refused():
    post.store_received("maker", "R1.txt", b"one", AT)
    other = post.store_received("maker", "R1.txt", b"two", AT)
    assert isinstance(other, Refused) and other.code == "file.name_taken"
    assert WireFile.objects.count() == 1


@pytest.mark.django_db
def test_a_rejected_file_may_come_again_whole_under_its_name(acting):
    torn = post.store_received("maker", "R1.txt", b"on", AT)
    assert isinstance(torn, post.ReceivedFile)
    with acting() as act:
        post.settle(act, torn, rows=0, refused=Refused("file.truncated", "文件不完整", "torn"))
    assert isinstance(post.store_received("maker", "R1.txt", b"one", AT), post.ReceivedFile)
    assert code_of(post.store_received("maker", "R1.txt", b"two", AT)) == "file.name_taken"


def code_of(result: object) -> str:
    assert isinstance(result, Refused), result
    return result.code


@pytest.mark.django_db
def test_two_counterparts_may_use_the_same_name_and_bytes():
    post.store_received("bank-102", "R1.txt", b"one", AT)
    assert not isinstance(post.store_received("bank-103", "R1.txt", b"one", AT), Refused)


@pytest.mark.django_db
def test_a_name_is_queued_once(acting):
    with acting() as act:
        post.queue_file(act, counterpart="maker", name="M1.txt", content=b"a", rows=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            post.queue_file(act, counterpart="maker", name="M1.txt", content=b"b", rows=1)


@pytest.mark.django_db
def test_queued_files_are_laid_out_once(acting, settings):
    with acting() as act:
        post.queue_file(act, counterpart="maker", name="M1.txt", content=b"a", rows=1)
    assert post.send_files() == 1
    assert (settings.WIRES_FOLDER / "maker" / "out" / "M1.txt").read_bytes() == b"a"
    assert post.send_files() == 0


@pytest.mark.django_db
def test_a_file_that_cannot_be_sent_says_why_and_holds_up_no_other(acting, settings):
    FolderWire(settings.WIRES_FOLDER, "maker").send("M1.txt", b"somebody else's")
    with acting() as act:
        post.queue_file(act, counterpart="maker", name="M1.txt", content=b"a", rows=1)
        post.queue_file(act, counterpart="maker", name="M2.txt", content=b"b", rows=1)
    assert post.send_files() == 1
    stuck, sent = WireFile.objects.order_by("name")
    assert (stuck.state, sent.state) == ("queued", "sent")
    assert "NameTaken" in stuck.note
    (settings.WIRES_FOLDER / "maker" / "out" / "M1.txt").unlink()
    assert post.send_files() == 1
    stuck.refresh_from_db()
    assert (stuck.state, stuck.note) == ("sent", "")


@pytest.mark.django_db
def test_when_the_act_fails_nothing_is_sent(acting, settings, journal_refuses):
    with journal_refuses(), acting() as act:
        post.queue_file(act, counterpart="maker", name="M1.txt", content=b"a", rows=1)
        act.record_rows(post.FILE_REFUSED, "SELECT 'x', 1::bigint, '', '', '{}'::jsonb", {})
    assert post.send_files() == 0
    assert not (settings.WIRES_FOLDER / "maker").exists()


@pytest.mark.django_db
def test_files_laid_into_the_folder_are_collected_and_put_away(settings):
    inbox = settings.WIRES_FOLDER / "maker" / "in"
    inbox.mkdir(parents=True)
    (inbox / "R1.txt").write_bytes(b"one")
    (inbox / ".R2.txt.part").write_bytes(b"half")
    assert post.collect_files(["maker", "province"]) == 1
    assert waiting_names("maker") == ["R1.txt"]
    assert not (inbox / "R1.txt").exists()
    assert (inbox.parent / "done" / "R1.txt").read_bytes() == b"one"
    assert (inbox / ".R2.txt.part").exists()


@pytest.mark.django_db
def test_a_file_that_comes_twice_is_put_aside_and_journalled(settings):
    inbox = settings.WIRES_FOLDER / "maker" / "in"
    inbox.mkdir(parents=True)
    for content in (b"one", b"one", b"two", b"three"):
        (inbox / "R1.txt").write_bytes(content)
        post.collect_files(["maker"])
    assert waiting_names("maker") == ["R1.txt"]
    assert (inbox.parent / "done" / "R1.txt").read_bytes() == b"one"
    aside = {path.read_bytes() for path in (inbox.parent / "refused").iterdir()}
    assert aside == {b"one", b"two", b"three"}
    assert [e.payload["code"] for e in Entry.objects.order_by("id")] == [
        "file.repeated",
        "file.name_taken",
        "file.name_taken",
    ]


@pytest.mark.django_db
def test_a_crash_between_storing_and_putting_away_does_no_harm(settings, monkeypatch):
    inbox = settings.WIRES_FOLDER / "maker" / "in"
    inbox.mkdir(parents=True)
    (inbox / "R1.txt").write_bytes(b"one")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):

        def interrupted(self, name):
            raise KeyboardInterrupt

        patch.setattr(FolderWire, "put_away", interrupted)
        post.collect_files(["maker"])
    assert post.collect_files(["maker"]) == 0
    assert waiting_names("maker") == ["R1.txt"]
    assert list(inbox.iterdir()) == []


@pytest.mark.django_db
def test_messages_are_handed_over_once_and_an_empty_number_gets_none(acting, settings):
    with acting() as act:
        post.queue_message(act, to="13800000001", text="您" * 400, person=1, subject="order:1")
        post.queue_message(act, to="", text="无号码")
        select = "SELECT * FROM (VALUES (%(to)s::bytea, '好', 2::bigint, 'order:2'), ('', '无', 3, '')) AS v"
        assert post.queue_messages(act, select, {"to": seal(Sensitive.PHONE, "13800000002")}) == 1
    assert Message.objects.count() == 2
    assert post.send_messages(limit=1) == 1
    assert post.send_messages() == 1
    assert post.send_messages() == 0
    first, second = sorted((settings.WIRES_FOLDER / "sms" / "out").iterdir())
    assert first.read_text("utf-8").splitlines() == ["13800000001", "您" * 300]
    assert second.read_text("utf-8").splitlines() == ["13800000002", "好"]


@pytest.mark.django_db
def test_a_message_that_cannot_be_handed_over_stays_queued_and_holds_up_nobody(acting, settings):
    with acting() as act:
        post.queue_message(act, to="13800000001", text="一")
        post.queue_message(act, to="13800000002", text="二")
    stuck, fine = Message.objects.order_by("id")
    taken = settings.WIRES_FOLDER / "sms" / "out" / f"{stuck.pk:010d}.txt"
    taken.parent.mkdir(parents=True)
    taken.write_text("another city's message", "utf-8")
    assert post.send_messages() == 1
    assert [Message.objects.get(pk=each.pk).state for each in (stuck, fine)] == ["queued", "sent"]
    taken.unlink()
    assert post.send_messages() == 1


def test_a_name_never_holds_other_bytes(tmp_path):
    wire = FolderWire(tmp_path, "maker")
    wire.send("a.txt", b"one")
    wire.send("a.txt", b"one")
    with pytest.raises(NameTaken):
        wire.send("a.txt", b"two")
    assert (tmp_path / "maker" / "out" / "a.txt").read_bytes() == b"one"


def test_a_file_is_delivered_once_also_where_it_was_taken_away_meanwhile(tmp_path):
    wire = FolderWire(tmp_path, "maker")
    wire.send("a.txt", b"one")
    (wire.out / "a.txt").unlink()
    wire.send("a.txt", b"one")
    assert (wire.out / "a.txt").exists(), "sending alone does not know of it"
    wire.deliver("b.txt", b"one")
    (wire.out / "b.txt").unlink()
    wire.deliver("b.txt", b"one")
    assert not (wire.out / "b.txt").exists()
    wire.deliver("b.txt", b"one", time=2)  # asked for once more by a person
    assert (wire.out / "b.txt").read_bytes() == b"one"


def test_a_file_that_still_lies_there_is_not_laid_out_beside_itself(tmp_path):
    wire = FolderWire(tmp_path, "maker")
    wire.deliver("a.txt", b"one")
    wire.deliver("a.txt", b"one", time=2)
    (wire.out / "a.txt").unlink()
    wire.deliver("a.txt", b"one", time=2)
    assert [path.name for path in wire.out.iterdir()] == []
    wire.deliver("a.txt", b"one", time=3)
    with pytest.raises(NameTaken):
        wire.deliver("a.txt", b"two", time=4)


@pytest.mark.parametrize("step", ["_write", "_to_disk"])
def test_what_was_made_ready_and_not_delivered_is_delivered_by_the_next(tmp_path, monkeypatch, step):
    wire = FolderWire(tmp_path, "maker")

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(f"yikatong.office.wires.folder.{step}", crash)
        wire.deliver("a.txt", b"one")
    assert list(wire.out.iterdir()) == []
    wire.deliver("a.txt", b"one")
    wire.deliver("a.txt", b"one")
    assert [path.name for path in wire.out.iterdir()] == ["a.txt"]


def test_nobody_ever_sees_half_a_file(tmp_path, monkeypatch):
    wire = FolderWire(tmp_path, "maker")

    def crash(_):
        raise OSError("the power fails")

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(OSError, match="power"):
        wire.send("a.txt", b"one")
    monkeypatch.undo()
    assert not (tmp_path / "maker" / "out" / "a.txt").exists()
    wire.send("a.txt", b"one")
    assert [p.name for p in wire.out.iterdir()] == ["a.txt"]


@given_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=20).filter(
        lambda t: not t.isascii() or "/" in t or t.startswith(".") or "\n" in t or not t
    )
)
def test_a_name_that_could_leave_the_folder_or_hide_in_it_is_an_error(tmp_path, name):
    with pytest.raises(ValueError, match="safe"):
        FolderWire(tmp_path, "maker").send(name, b"x")


@pytest.mark.django_db
def test_short_messages_go_three_years_after_they_were_sent(journal_refuses):
    with open_act(Actor.system("clock"), door=Door.TASK, at=AT) as act:
        assert open_centre(act, "xianyang")
    Message.objects.create(to="13800000001", text="旧", act=uuid4(), queued_at=AT, state="queued")
    Message.objects.update(state="sent", sent_at=AT)
    Message.objects.create(to="13800000001", text="未发", act=uuid4(), queued_at=AT, state="queued")
    later = Actor.system("clock")
    for days, left in ((1_094, 2), (1_096, 1)):
        with clock.fixed(AT + timedelta(days=days)):
            if left == 1:
                with journal_refuses(), open_act(later, door=Door.TASK) as act:
                    post.erase_messages(act)
                assert Message.objects.count() == 2
            with open_act(later, door=Door.TASK) as act:
                post.erase_messages(act)
        assert Message.objects.count() == left
    assert Entry.objects.get(kind="office.messages_erased").payload == {"messages": 1}
