"""The centre every test of residents stands in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

# Tables are imported inside the fixture: a single folder's conftest is read before Django is set up.


@pytest.fixture
def centre(db: None) -> None:
    """咸阳, open."""
    from yikatong.office import rulebook
    from yikatong.office.act import Actor, Door, open_act
    from yikatong.office.opening import open_centre

    rulebook.forget()
    with open_act(Actor.system("opening"), door=Door.TASK, at=datetime(2024, 12, 31, tzinfo=UTC)) as act:
        assert open_centre(act, "xianyang")
