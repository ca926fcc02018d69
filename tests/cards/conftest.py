"""The centre every test of cards stands in, and a clock that does not move by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

# Tables are imported inside the fixtures: a single folder's conftest is read before Django is set up.


def open_the_centre() -> None:
    """咸阳 with its outlets, calendar and rules."""
    from yikatong.office import rulebook
    from yikatong.office.act import Actor, Door, open_act
    from yikatong.office.opening import open_centre

    rulebook.forget()
    with open_act(Actor.system("opening"), door=Door.TASK, at=datetime(2024, 12, 31, tzinfo=UTC)) as act:
        assert open_centre(act, "xianyang")


@pytest.fixture
def centre(db: None) -> None:
    """咸阳, open."""
    open_the_centre()


@pytest.fixture
def committed_centre(transactional_db: None) -> None:
    """咸阳, open and committed, for tests with more than one connection."""
    open_the_centre()


@pytest.fixture
def wires(tmp_path: Path, settings: object) -> Iterator[Path]:
    """A folder of its own for the wires."""
    settings.WIRES_FOLDER = tmp_path / "wires"  # type: ignore[attr-defined]
    yield tmp_path / "wires"


@pytest.fixture
def morning() -> Iterator[datetime]:
    """The city's clock stands at nine on 10 March 2025."""
    from yikatong.office import clock

    moment = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
    with clock.fixed(moment):
        yield moment
