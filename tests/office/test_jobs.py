"""Background work: asked for in the caller's transaction, done by a worker, put back when a worker dies."""

from __future__ import annotations

import os
import signal

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from yikatong.office import jobs
from yikatong.office.tasks import reap_jobs, send_messages

SLEEPER = """
    import time
    from yikatong.office import jobs

    @jobs.task("test.sleeper", every="0 0 1 1 *")
    def sleeper():
        print("begun", flush=True)
        time.sleep(600)

    if {ask}:
        jobs.poke(sleeper)
    jobs.run_worker()
"""


def statuses(name: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [name])
        return [status for (status,) in cursor.fetchall()]


@pytest.fixture
def queue(transactional_db):
    """A queue that commits, emptied afterwards: Django's flush does not know these tables."""
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"
        )


@pytest.mark.django_db
def test_work_is_asked_for_once_however_often():
    jobs.poke(send_messages)
    jobs.poke(send_messages)
    assert statuses("office.send_messages") == ["todo"]


def test_work_asked_for_in_a_transaction_that_fails_was_never_asked_for(queue):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.poke(send_messages)
        assert statuses("office.send_messages") == ["todo"]
        raise ZeroDivisionError
    assert statuses("office.send_messages") == []


def test_asking_twice_does_not_spoil_the_callers_transaction(queue):
    with transaction.atomic():
        jobs.poke(send_messages)
        jobs.poke(send_messages)
        jobs.poke(reap_jobs)
    assert statuses("office.reap_jobs") == ["todo"]


def test_with_no_dead_worker_there_is_nothing_to_put_back(queue):
    jobs.poke(send_messages)
    assert jobs.reap() == 0
    assert statuses("office.send_messages") == ["todo"]


def killed_in_its_work(another_process) -> None:
    worker = another_process(SLEEPER.format(ask=True))
    assert worker.stdout.readline() == "begun\n"
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert statuses("test.sleeper") == ["doing"]


def test_the_work_of_a_worker_killed_with_9_is_put_back_and_done_by_the_next(
    queue, another_process, monkeypatch
):
    killed_in_its_work(another_process)
    assert jobs.reap() == 0  # its heart may still beat
    monkeypatch.setattr(jobs, "SILENT_AFTER", 0)
    assert jobs.reap() >= 1
    assert statuses("test.sleeper") == ["todo"]
    following = another_process(SLEEPER.format(ask=False))
    assert following.stdout.readline() == "begun\n"


def test_work_that_was_asked_for_again_meanwhile_is_done_once(queue, another_process, monkeypatch):
    killed_in_its_work(another_process)
    again = app.configure_task(
        "test.sleeper", queueing_lock="test.sleeper", lock="test.sleeper", allow_unknown=True
    )
    again.defer()
    assert statuses("test.sleeper") == ["doing", "todo"]
    monkeypatch.setattr(jobs, "SILENT_AFTER", 0)
    assert jobs.reap() >= 1
    assert statuses("test.sleeper") == ["todo"]


def test_a_killed_reaper_does_not_keep_the_next_one_out():
    assert reap_jobs.lock is None
    assert send_messages.lock == "office.send_messages"
