"""An act of the office's own, for tests of the ground floor. (The office is imported late: it needs its settings.)"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
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
