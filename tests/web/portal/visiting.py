"""A resident with a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

from tests.web.people import NAME, NUMBER, hold_card, register_person
from yikatong.office import clock
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.opening import open_centre

MOMENT = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class Visitor:
    """`client` is their browser; `text` reads a page as they do, without tags."""

    client: Client
    person: int

    def ask_code(self, number: str = NUMBER, name: str = NAME, **more: str) -> Any:
        return self.client.post("/portal/sign-in/", {"number": number, "name": name, **more})

    def sign_in(self, **more: str) -> Any:
        code = code_in(self.ask_code(**more).content.decode())
        form = {"number": NUMBER, "name": NAME, "code": code, **more}
        return self.client.post("/portal/sign-in/code/", form)

    def text(self, path: str = "/portal/") -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (answer.status_code, answer.headers)
        return words_of(answer)

    def hold_card(self) -> None:
        with open_act(Actor.system("test"), door=Door.TASK) as act:
            hold_card(act)


def code_in(page: str) -> str:
    """The six digits in the text message that the demo's page shows."""
    found = re.search(r'id="demo-sms".*?(\d{6})', page, re.DOTALL)
    assert found, "the page shows no text message"
    return found[1]


def words_of(answer: Any) -> str:
    """The page's main part without tags."""
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@contextmanager
def visitor_of_the_portal() -> Iterator[Visitor]:
    with clock.fixed(MOMENT):
        with open_act(Actor.system("test"), door=Door.TASK) as act:
            open_centre(act, "xianyang", demo=True)
            person = register_person(act)
        yield Visitor(Client(), person)
