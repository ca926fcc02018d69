"""Everybody at their windows at random: every page that takes a form, filled in well, badly, and by two at once.

The pages are found by their addresses and the questions by their forms, so that a new page is walked by itself. What
must hold: no page breaks, whatever is sent; and the laws of `_laws.py`, whatever was done.
"""

from __future__ import annotations

import threading
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from yikatong.basics.refused import Refused
from yikatong.bench import _laws
from yikatong.bench._doors import Place, Things, places
from yikatong.bench._forms import GARBAGE, Answers, answered, forms_in
from yikatong.bench._ground import BENCH
from yikatong.cards.standing import StatusPurpose
from yikatong.office import clock
from yikatong.office.act import Door, open_act
from yikatong.office.appointments import admit_partner, appoint
from yikatong.office.duties import BANK_OPERATOR, ROLES
from yikatong.web.banks import APPLY
from yikatong.web.portal.doors import KEY

WORDS = (
    "张三丰", "林小满", "610499199003070011", "61049919900307002X", "13800000001", "本人要求", "户口本", "610402", "61040000",
    "102", "窗口办理", "2025-03-03", "1", "3", "WB", "委〔2025〕1号",
)  # fmt: skip
STEPS = 4


class Broken(Exception):
    """A page broke, or a law does after it."""


@dataclass
class Visits:
    """What was tried: sendings by the status of their answer, and by page."""

    sent: int = 0
    at_once: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser, or a partner's program."""

    name: str
    client: Client
    duties: frozenset[str] = frozenset()
    window: str = "/console/"


class Windows:
    """The staff of all desks, a few residents and a bank's program."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.random, self.now = Random(seed), now
        self.things = Things(self.random)
        self.things.look()
        self.places = [place for place in places() if "{" not in place.route]
        self.visits = Visits()
        self.told: list[str] = []
        self.visitors = self._everybody()
        self.pool = ThreadPoolExecutor(2, thread_name_prefix="browser")

    def walk(self, sendings: int, *, look_every: int = 100) -> Visits:
        """So many forms sent; the laws looked at on the way and at the end."""
        next_look = look_every
        try:
            while self.visits.sent < sendings:
                self.now += timedelta(minutes=self.random.randint(0, 30))
                with clock.fixed(self.now):
                    self._one_visit()
                if self.visits.sent >= next_look:
                    self._laws()
                    next_look += look_every
            self._laws()
        finally:
            self._go_home()
        return self.visits

    # --- who -----------------------------------------------------------------------------------------------------

    def _everybody(self) -> list[Visitor]:
        host = next(
            (each for each in settings.ALLOWED_HOSTS if not each.startswith(("*", "."))), "testserver"
        )
        found = []
        with open_act(BENCH, door=Door.TASK, at=self.now) as act:
            for code, role in ROLES.items():
                for region, outlet in (("610400", ""), ("610402", "61040000"), ("610402", "61040201")):
                    if code == BANK_OPERATOR and outlet != "61040201":
                        continue
                    staff = appoint(
                        act, username=f"{code}-{outlet}", full_name=f"{role.zh}{outlet[-4:]}", roles=[code],
                        region=region, outlet_code=outlet,
                    )  # fmt: skip
                    assert not isinstance(staff, Refused), staff
                    client = Client(SERVER_NAME=host)
                    client.force_login(staff, backend=settings.AUTHENTICATION_BACKENDS[0])
                    found.append(
                        Visitor(staff.username, client, frozenset(duty.code for duty in role.duties))
                    )
            _, key = admit_partner(
                act, code="walking-bank", name="行走的银行", expires_on=date(2099, 12, 31), per_minute=1_000_000,
                purposes=[*(each.value for each in StatusPurpose), f"{APPLY}102"],
            )  # fmt: skip
        program = Client(SERVER_NAME=host, headers={"Authorization": f"Bearer {key}"})
        found.append(Visitor("partner", program, window="/api/"))
        for person in self.random.sample(self.things.known["resident_id"], 3):
            client = Client(SERVER_NAME=host)
            session = client.session
            session[KEY] = int(person)
            session.save()
            found.append(Visitor(f"resident {person}", client, window="/portal/"))
        return found

    # --- what ----------------------------------------------------------------------------------------------------

    def _one_visit(self) -> None:
        place = self.random.choice(self.places)
        near = [each for each in self.visitors if place.route.startswith(each.window)]
        able = [each for each in near if place.duty in each.duties] or near or self.visitors
        visitor = self.random.choice(able if self.random.random() < 0.9 else self.visitors)
        address = self.things.address(place)
        if visitor.window == "/api/":
            self._call(visitor, place, address)
            return
        garbled = self.random.choice((0.0, 0.0, 0.05, 0.4))
        page = self._get(visitor, address)
        for _ in range(STEPS):
            forms = [each for each in forms_in(page) if not each.action.startswith(("/accounts/", "/i18n/"))]
            if not forms and garbled < 0.4:
                break
            form = self.random.choice(forms) if forms else None
            words = [*WORDS, *self.things.words()]
            answers: Answers = (
                answered(form, self.random, words, garbled=garbled)
                if form
                else {"x": self.random.choice(GARBAGE)}
            )
            to = (form.action if form else "") or address
            if self.random.random() < 0.15:
                self._both_send(visitor, place, to, answers)
                break
            page = self._send(visitor, place, to, answers)
            if not forms:
                break
        if self.random.random() < 0.1:
            self.things.look()

    def _get(self, visitor: Visitor, address: str) -> str:
        answer = self._asked(visitor, "GET", address, {})
        return _text(answer)

    def _send(self, visitor: Visitor, place: Place, address: str, answers: Answers) -> str:
        self.visits.sent += 1
        self.visits.pages[place.route] += 1
        return _text(self._asked(visitor, "POST", address, answers))

    def _both_send(self, visitor: Visitor, place: Place, address: str, answers: Answers) -> None:
        """The same form sent twice at once (a double click), or by two people who both may."""
        able = [each for each in self.visitors if place.duty in each.duties] or [visitor]
        line = threading.Barrier(2, timeout=60)

        def send(who: Visitor) -> HttpResponseBase:
            with clock.fixed(self.now):
                line.wait()
                return self._asked(who, "POST", address, _again(answers))

        going = [self.pool.submit(send, who) for who in (visitor, self.random.choice(able))]
        for each in going:
            each.result()
        self.visits.sent += 2
        self.visits.at_once += 1
        self.visits.pages[place.route] += 2

    def _call(self, visitor: Visitor, place: Place, address: str) -> None:
        """A partner's program: a body that fits the description of the interface, or nearly."""
        body: dict[str, object] = {
            "number": self.random.choice((*WORDS, *GARBAGE)), "name": self.random.choice((*WORDS, *GARBAGE)),
            "outlet": self.random.choice(("61040201", "61040000", *GARBAGE)), "mode": self.random.choice(("batch", "instant", "x")),
            "purpose": self.random.choice((*StatusPurpose, "x")), "case_number": self.random.choice(("C-1", *GARBAGE)),
        }  # fmt: skip
        wanted: tuple[str, ...] = ("number", "name", "outlet", "mode", "case_number")
        if "status" in place.route:
            wanted = ("number", "name", "purpose", "case_number")
        body = {name: body[name] for name in wanted if self.random.random() > 0.05}
        if self.random.random() < 0.5:
            body |= self._somebody()
        content: object = self.random.choice((None, [], "x", 7)) if self.random.random() < 0.1 else body
        key = f"key-{self.random.randrange(40)}"
        self.visits.sent += 1
        self.visits.pages[place.route] += 1
        self._asked(
            visitor,
            "POST",
            address,
            content,
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )

    def _somebody(self) -> dict[str, object]:
        """The number and name of somebody who is there."""
        from yikatong.residents.queries import person

        known = person(int(self.random.choice(self.things.known["resident_id"])))
        return {"number": known.number, "name": known.name} if known is not None else {}

    # --- asking --------------------------------------------------------------------------------------------------

    def _asked(
        self, visitor: Visitor, method: str, address: str, data: object, **more: object
    ) -> HttpResponseBase:
        said = f"{method} {address} by {visitor.name}: {data!r}"
        self.told = [*self.told[-30:], said]
        ask = visitor.client.get if method == "GET" else visitor.client.post
        try:
            answer: Any = ask(address, data, **more)  # type: ignore[arg-type]
        except Exception as error:
            raise Broken(f"{said}\n{traceback.format_exc()}") from error
        self.visits.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            raise Broken(f"{said}: {answer.status_code}")
        assert isinstance(answer, HttpResponseBase)
        return answer

    def _laws(self) -> None:
        if broken := _laws.broken():
            raise Broken(f"laws that do not hold: {broken}, after\n" + "\n".join(self.told))

    def _go_home(self) -> None:
        door = threading.Barrier(2, timeout=60)

        def leave() -> None:
            door.wait()  # so that neither leaves twice
            connection.close()

        for each in [self.pool.submit(leave) for _ in range(2)]:
            each.result()
        self.pool.shutdown()


def _text(answer: HttpResponseBase) -> str:
    if not isinstance(answer, HttpResponse) or not answer.get("Content-Type", "").startswith("text/html"):
        return ""
    return answer.content.decode()


def _again(answers: Answers) -> Answers:
    """The same answers, with files that can be read by another sender."""
    return {name: _copy(value) for name, value in answers.items()}


def _copy(value: object) -> object:
    from django.core.files.uploadedfile import SimpleUploadedFile

    if isinstance(value, SimpleUploadedFile):
        value.seek(0)
        content = value.read()
        value.seek(0)
        return SimpleUploadedFile(value.name or "", content)
    return value
