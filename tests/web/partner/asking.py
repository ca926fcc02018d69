"""A centre, a person with a card, and a partner that may ask about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

from tests.web.people import NUMBER, register_person
from yikatong.office import clock
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.appointments import admit_partner
from yikatong.office.opening import open_centre

MOMENT = datetime(2026, 3, 4, 10, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class Asking:
    """A partner's own program."""

    client: Client
    key: str
    person: int

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers={"Authorization": f"Bearer {self.key}", **headers})

    def post(self, body: object, **headers: str) -> Any:
        return self.client.post(
            "/api/v1/card-status",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )

    def ask(self, **other: object) -> Any:
        question = {"number": NUMBER, "name": "林小满", "purpose": "social_use", "case_number": "医保-0001"}
        return self.post(question | other)


@contextmanager
def partner_asking() -> Iterator[Asking]:
    """A hospital that may ask whether the social security side can be used, five times a minute."""
    with clock.fixed(MOMENT):
        with open_act(Actor.system("test"), door=Door.TASK) as act:
            open_centre(act, "xianyang", demo=True)
            person = register_person(act)
            _, key = admit_partner(
                act,
                code="hospital",
                name="市中心医院",
                purposes=["social_use"],
                expires_on=date(2026, 12, 31),
                per_minute=5,
            )
        yield Asking(Client(raise_request_exception=True), key, person)
