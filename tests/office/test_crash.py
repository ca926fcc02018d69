"""The machine dies in the middle: what was not committed never happened, what was is still there and proved."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from yikatong.office import heads, journal
from yikatong.office.facts import EXPORTED
from yikatong.office.models import Entry, EntryRow, Message, Seal

IN_AN_ACT = """
    import time
    from yikatong.office import post
    from yikatong.office.act import Actor, Door, open_act
    from yikatong.office.facts import EXPORTED

    with open_act(Actor.system("x"), door=Door.TASK) as act:
        post.queue_message(act, to="13800000001", text="您的卡已到网点")
        act.record_rows(EXPORTED, "SELECT 'card:' || n, n::bigint, '', '', '{}'::jsonb"
                                  " FROM generate_series(1, 1000) AS n", {}, what="名单")
        act.record(EXPORTED, what="名单", rows=1)
        act.flush()
        print("written", flush=True)
        time.sleep(600)
"""
IN_A_SEALING = """
    import time
    from yikatong.office import journal

    def never(number, chain):
        print("sealed", flush=True)
        time.sleep(600)

    journal.write_head = never
    journal.seal()
"""
VERIFY = """
    import sys
    from yikatong.cli import main
    sys.argv = ["yk", "journal", "verify"]
    main()
"""


def killed_after(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == f"{line}\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_an_act_killed_in_its_middle_never_happened(another_process):
    killed_after(another_process(IN_AN_ACT), "written")
    assert journal.seal(whole=True) == 0
    assert not Entry.objects.exists()
    assert not EntryRow.objects.exists()
    assert not Message.objects.exists()
    assert journal.prove().sound


def test_a_sealing_killed_before_its_head_was_written_is_mended_by_the_next(
    another_process, acting, monkeypatch
):
    monkeypatch.setattr(journal, "PATIENCE", 0)
    with acting() as act:
        act.record(EXPORTED, what="一", rows=1)
    killed_after(another_process(IN_A_SEALING), "sealed")
    assert Seal.objects.count() == 1
    assert [finding.what for finding in journal.prove().findings] == ["head"]
    assert journal.seal() == 0
    assert heads.newest_head() == 1
    assert journal.prove().sound


@pytest.mark.parametrize("tampered", [False, True])
def test_the_command_finds_what_was_changed_behind_our_back(
    another_process, acting, behind_our_back, tampered
):
    from django.db import transaction

    with acting() as act:
        act.record(EXPORTED, what="一", rows=1)
    journal.seal()
    number = Entry.objects.get().id
    if tampered:
        with transaction.atomic():
            behind_our_back("UPDATE office_entry SET actor_name = '别人' WHERE id = %s", number)
    process = another_process(VERIFY)
    told, _ = process.communicate()
    assert process.returncode == (1 if tampered else 0), told
    assert (f"entry {number}" in told) is tampered
