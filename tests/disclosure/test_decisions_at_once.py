"""Two desks, two connections, one version: of two decisions one is taken, and the other is told what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.cards.test_locks_at_once import while_it_is_open
from tests.disclosure.desk import DIRECTOR, EDITOR, REVIEWER, approved, at, do, prepared, reviewed
from tests.indicators.happenings import open_city
from yikatong.basics.refused import Refused
from yikatong.disclosure import services
from yikatong.disclosure.documents import VersionRow
from yikatong.disclosure.models import BudgetVersion
from yikatong.office.act import Actor

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = Actor("staff:914", "另一人")
ON = {"published_on": date(2025, 3, 10)}


@pytest.fixture(autouse=True)
def centre(transactional_db):
    open_city()


@pytest.mark.parametrize(
    ("made", "service", "first", "second", "more", "state"),
    [
        (prepared, services.review_version, REVIEWER, OTHER, {}, "reviewed"),
        (reviewed, services.approve_version, DIRECTOR, OTHER, {}, "approved"),
        (approved, services.publish_version, EDITOR, OTHER, ON, "published"),
    ],
)
def test_of_two_who_take_the_same_step_one_takes_it(
    made: Callable[[], VersionRow], service, first, second, more, state
):
    row = made()
    with at(first) as act:
        assert isinstance(service(act, row.id, digest=row.digest, **more), VersionRow)
        deciding, results = while_it_is_open(lambda: do(service, second, row.id, digest=row.digest, **more))
        deciding.join(timeout=1)
        assert deciding.is_alive(), "the second waits for the first"
    deciding.join(timeout=20)
    assert isinstance(results[0], Refused) and results[0].code == "version.elsewhere", results
    assert BudgetVersion.objects.get(pk=row.id).state == state


def test_who_approves_while_another_sends_it_back_is_told_that_it_went_back():
    row = reviewed()
    with at(DIRECTOR) as act:
        assert isinstance(services.send_version_back(act, row.id, note="再核一次"), VersionRow)
        deciding, results = while_it_is_open(
            lambda: do(services.approve_version, OTHER, row.id, digest=row.digest)
        )
        deciding.join(timeout=1)
    deciding.join(timeout=20)
    assert isinstance(results[0], Refused) and results[0].code == "version.elsewhere", results
    assert BudgetVersion.objects.get(pk=row.id).state == "drafting"
