"""An act of the office's own, for tests of the ground floor. (The office is imported late: it needs its settings.)"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:
    from yikatong.office.act import Act, Actor

NOON = datetime(2025, 3, 10, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def acting() -> Callable[..., AbstractContextManager[Act]]:
    """`with acting() as act:` one act of a clerk at noon of 10 March 2025."""
    from yikatong.office.act import Actor, Door, open_act

    clerk = Actor("staff:1", "王经办", "610402", "61040000")

    @contextmanager
    def opened(actor: Actor = clerk, at: datetime = NOON, purpose: str = "") -> Iterator[Act]:
        with open_act(actor, door=Door.CONSOLE, at=at, purpose=purpose) as act:
            yield act

    return opened


@pytest.fixture
def seal(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> Callable[[], int]:
    """Seal as the task does: the head is written after the commit."""
    from yikatong.office import journal

    def sealed() -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return journal.seal()

    return sealed


@pytest.fixture
def behind_our_back() -> Callable[..., None]:
    """One statement of somebody who may do everything in the database, its triggers switched off."""
    from django.db import connection

    def changed(sql: str, *parameters: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql, parameters)
            cursor.execute("SET LOCAL session_replication_role = origin")

    return changed


@pytest.fixture
def another_process(
    transactional_db: None, tmp_path: Path
) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """`another_process(script)`: Python with the settings loaded, on this test's database, its output a pipe.

    All are killed at the end.
    """
    from django.conf import settings
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    parts = connection.settings_dict
    url = make_conninfo(
        host=parts["HOST"],
        user=parts["USER"],
        dbname=parts["NAME"],
        port=parts["PORT"] or None,
        password=parts["PASSWORD"] or None,
    )
    started: list[subprocess.Popen[str]] = []

    def start(script: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", f"import django; django.setup()\n{textwrap.dedent(script)}"],
            stdout=subprocess.PIPE,
            text=True,
            cwd=settings.ROOT,
            env={
                **os.environ,
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "yikatong.settings",
                "YK_JOURNAL_HEAD": str(settings.JOURNAL_HEAD),
                "YK_WIRES": str(settings.WIRES_FOLDER),
            },
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
