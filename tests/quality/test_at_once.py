"""Two desks bring the same list at the same moment: it is taken once, and the other is told so."""

from __future__ import annotations

from datetime import UTC, datetime
from queue import Queue
from threading import Event, Thread

import pytest
from django.db import connection

from tests.quality.lists import COUNTY, DESK, code, content_of, line
from tests.residents.people import MORNING, acting
from yikatong.office import rulebook
from yikatong.office.act import Act, Actor, Door, open_act
from yikatong.office.opening import open_centre
from yikatong.office.scope import EVERYWHERE
from yikatong.quality.models import Comparison
from yikatong.quality.queries import ComparisonRow
from yikatong.quality.rules import Claim
from yikatong.quality.services.receiving import receive_list


@pytest.mark.django_db(transaction=True)
def test_the_same_list_brought_twice_at_once_is_taken_once():
    rulebook.forget()
    with open_act(Actor.system("opening"), door=Door.TASK, at=datetime(2024, 12, 31, tzinfo=UTC)) as act:
        assert open_centre(act, "xianyang")
    content, begun, answers = content_of(Claim.CHANGES, line(1)), Event(), Queue[object]()

    def bring(act: Act) -> object:
        return receive_list(
            act, source="police", claim=Claim.CHANGES, region=COUNTY, as_of=MORNING.date(), name="名单.csv",
            content=content, scope=EVERYWHERE,
        )  # fmt: skip

    def second() -> None:
        try:
            with acting(MORNING, DESK) as act:
                begun.set()
                answers.put(bring(act))
        finally:
            connection.close()

    thread = Thread(target=second)
    with acting(MORNING, DESK) as act:
        assert isinstance(bring(act), ComparisonRow)
        thread.start()
        assert begun.wait(10)
        thread.join(1)
        assert thread.is_alive(), "the second desk waits for the first"
    thread.join(10)
    assert code(answers.get(timeout=1)) == "comparison.repeated"
    assert Comparison.objects.count() == 1
