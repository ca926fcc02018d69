"""Two counters, one number, the same moment: one registers, the other is told."""

from __future__ import annotations

from datetime import UTC, datetime
from queue import Queue
from threading import Event, Thread

import pytest
from django.db import connection

from tests.residents.people import PERSON, acting, code
from yikatong.office import rulebook
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.opening import open_centre
from yikatong.residents import services
from yikatong.residents.models import Resident
from yikatong.residents.queries import Person


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "reason"), [("林小满", "resident.exists"), ("周兰", "resident.name_differs")]
)
def test_two_counters_at_once_register_one_person(name: str, reason: str):
    rulebook.forget()
    with open_act(Actor.system("opening"), door=Door.TASK, at=datetime(2024, 12, 31, tzinfo=UTC)) as act:
        assert open_centre(act, "xianyang")
    begun, answers = Event(), Queue[object]()

    def second() -> None:
        try:
            with acting() as act:
                begun.set()
                answers.put(services.register(act, **{**PERSON, "name": name}))
        finally:
            connection.close()

    thread = Thread(target=second)
    with acting() as act:
        assert isinstance(services.register(act, **PERSON), Person)
        thread.start()
        assert begun.wait(10)
        thread.join(1)
        assert thread.is_alive(), "the second counter waits for the first to end"
    thread.join(10)
    assert code(answers.get(timeout=1)) == reason
    assert Resident.objects.count() == 1
