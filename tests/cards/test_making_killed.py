"""The process that takes a return file is killed in the middle: nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from tests.cards.factories import (
    DESK,
    acting,
    entries,
    in_making,
    picture,
    received,
    return_file,
    return_row,
    states,
)
from yikatong.cards.models import Card
from yikatong.cards.rows import FileReport
from yikatong.cards.services.making import take_return_file
from yikatong.office import journal, post

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import sys, time
import django
django.setup()
from yikatong.cards.services import making
from yikatong.office import post
from yikatong.office.act import Act, Actor, Door, open_act

def stop(*_, **__):
    print("here", flush=True)
    time.sleep(120)

owner = Act if sys.argv[1] == "flush" else making
setattr(owner, sys.argv[1], stop)
[file] = post.waiting_files("maker")
with open_act(Actor.system("files"), door=Door.TASK) as act:
    making.take_return_file(act, file)
"""


def database() -> str:
    """The test database, as another process finds it."""
    named = connection.settings_dict
    parts = {
        "dbname": named["NAME"],
        "user": named["USER"],
        "password": named["PASSWORD"],
        "host": named["HOST"],
        "port": named["PORT"],
    }
    return make_conninfo(**{key: value for key, value in parts.items() if value})


def kill_at(place: str) -> None:
    """Start a worker, wait until it stands at `place` in the middle of the file, and kill -9 it."""
    environment = {**os.environ, "DATABASE_URL": database(), "DJANGO_SETTINGS_MODULE": "yikatong.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, place], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "here\n"
        worker.send_signal(signal.SIGKILL)
        assert worker.wait(timeout=30) == -signal.SIGKILL


@pytest.mark.parametrize(
    "place",
    [
        "_take_made",  # the file is marked as ours and staged, nothing is born
        "_take_failed",  # cards are born, their orders moved, the failures not yet
        "flush",  # all is done but the commit
    ],
)
def test_a_return_file_whose_worker_is_killed_is_taken_whole_by_the_next(committed_centre, place):
    batch, orders = in_making(6)
    rows = [return_row(order, n) for n, order in enumerate(orders, start=1)]
    rows[5] = rows[5]._replace(failed_stage="制卡", failed_reason="芯片个人化失败")
    received("maker", return_file(batch.number, rows))
    before = picture()

    kill_at(place)
    assert picture() == before

    [file] = post.waiting_files("maker")
    with acting(DESK) as act:
        report = take_return_file(act, file)
    assert isinstance(report, FileReport)
    assert (report.taken, report.failed, report.strangers, report.unfinished) == (5, 1, (), 0)
    assert states(orders) == ["made"] * 5 + ["make_failed"]
    assert Card.objects.count() == 5
    assert (entries("card.made"), entries("card.make_failed")) == (5, 1)
    assert post.waiting_files("maker") == []
    journal.seal()
    assert journal.prove().sound
