"""The clerks of `load`: keep-alive connections to a running console, each in a closed loop.

A process of its own, so that what the clerks cost is not counted as the server's. It reads its plan (JSON, one line)
from standard input, logs everyone in, says `ready`, waits for a line, works, and prints what came of it as JSON. It
knows the console only from outside, by HTTP, and loads nothing of the house.
"""

from __future__ import annotations

import http.client
import json
import resource
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any, TypedDict
from urllib.parse import urlencode

SHARES = {"home": 25, "search": 25, "open": 15, "resident": 10, "queue": 10, "order": 10, "loss": 5}
PURPOSE = "数据核对"
LOGINS = 25  # in one minute: the house lets thirty in from one address
PATIENCE = 30  # seconds for one answer
HOLDER = {"which": "both", "role": "holder"}  # both sides of the card, by the holder in person


class Plan(TypedDict):
    """What the clerks are told: where the console is, who they are, and what there is to ask for."""

    host: str
    port: int
    warm: float
    seconds: float
    password: str
    staff: list[str]
    texts: list[str]
    residents: list[int]
    states: list[str]
    orders: list[str]
    cards: list[list[str]]


class Wrong(Exception):
    """An answer that is not the one asked for."""


class Clerk:
    """One member of staff at one connection; `times` are (kind, seconds) of correct answers."""

    def __init__(self, plan: Plan, number: int) -> None:
        self.plan = plan
        self.random = Random(number)
        self.user = plan["staff"][number]
        self.connection = http.client.HTTPConnection(plan["host"], plan["port"], timeout=PATIENCE)
        self.cookies: dict[str, str] = {}
        self.opened: list[int] = []
        self.losses = self._losses(plan["cards"][number])
        self.times: list[tuple[str, float]] = []
        self.wrong: Counter[str] = Counter()
        self.work: dict[str, Callable[[], None]] = {
            "home": lambda: self.see("/console/", "轮到我办的"),
            "search": self._search,
            "open": self._open,
            "resident": lambda: self.see(
                f"/console/residents/{self.random.choice(self.opened)}/", "本次查看用途"
            ),
            "queue": lambda: self.see(f"/console/queues/{self.random.choice(plan['states'])}/", "受理编号"),
            "order": self._order,
            "loss": lambda: next(self.losses)(),
        }

    def log_in(self) -> None:
        """By the form everyone uses, then open a first record."""
        self.see("/accounts/login/", "工作人员登录")
        self.send("/accounts/login/", 302, "/console/", login=self.user, password=self.plan["password"])
        self._open()

    def work_until(self, end: float) -> None:
        """One question after the other until the clock (time.monotonic) says `end`."""
        kinds, weights = list(SHARES), list(SHARES.values())
        while time.monotonic() < end:
            kind = self.random.choices(kinds, weights)[0]
            begun = time.perf_counter()
            try:
                self.work[kind]()
            except Wrong as wrong:
                self.wrong[f"{kind}: {wrong}"] += 1
            except (OSError, http.client.HTTPException) as trouble:
                self.wrong[f"{kind}: {type(trouble).__name__}"] += 1
                self.connection.close()
            else:
                self.times.append((kind, time.perf_counter() - begun))

    def see(self, path: str, word: str) -> None:
        """A page, and a word that only the right page has."""
        self._answer("GET", path, 200, word)

    def send(self, path: str, status: int, word: str, **fields: str) -> None:
        """A form; a redirect must lead to `word`, a page must have it."""
        self._answer("POST", path, status, word, fields)

    def _answer(
        self, method: str, path: str, status: int, word: str, fields: dict[str, str] | None = None
    ) -> None:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            body = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read()
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if response.status != status:
            raise Wrong(f"status {response.status} for {status}")
        if status == 302:
            where = response.headers.get("Location", "")
            if where != word:
                raise Wrong(f"led to {where}, not {word}")
        elif word.encode() not in text:
            raise Wrong(f"no {word} on the page")

    def _search(self) -> None:
        text = self.random.choice(self.plan["texts"])
        self.send("/console/residents/", 200, "/open/", text=text, purpose=PURPOSE)

    def _open(self) -> None:
        chosen = self.random.choice(self.plan["residents"])
        place = f"/console/residents/{chosen}/"
        self.send(f"{place}open/", 302, place, purpose=PURPOSE)
        self.opened = [*self.opened[-9:], chosen]

    def _order(self) -> None:
        number = self.random.choice(self.plan["orders"])
        self.see(f"/console/orders/{number}/", f'<span class="yk-number">{number}</span>')

    def _losses(self, cards: list[str]) -> Iterator[Callable[[], None]]:
        """The writing task, one request at a time: check and confirm a temporary loss, then its release."""
        while True:
            for card in cards:
                place = f"/console/cards/{card}/"
                for task in (f"{place}loss/", f"{place}loss/release/"):
                    yield partial(self.send, task, 200, "核对：", step="check", **HOLDER)
                    yield partial(self.send, task, 302, place, step="confirm", **HOLDER)


def log_in_all(clerks: list[Clerk]) -> None:
    """Everyone, no faster than the house lets people in from one address."""
    for number, clerk in enumerate(clerks):
        if number and number % LOGINS == 0:
            time.sleep(61)
        clerk.log_in()


def all_work(clerks: list[Clerk], seconds: float) -> None:
    """Everyone works for that long."""
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=clerk.work_until, args=(end,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    """Log in, warm up, say `ready`, wait for a line, work, and print the result."""
    plan: Plan = json.loads(sys.stdin.readline())
    clerks = [Clerk(plan, number) for number in range(len(plan["staff"]))]
    log_in_all(clerks)
    all_work(clerks, plan["warm"])
    for clerk in clerks:
        clerk.times.clear()
    print("ready", flush=True)
    sys.stdin.readline()
    before, begun = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    all_work(clerks, plan["seconds"])
    seconds, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_SELF)
    wrong: Counter[str] = sum((clerk.wrong for clerk in clerks), Counter())
    result: dict[str, Any] = {
        "seconds": seconds,
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "times": [row for clerk in clerks for row in clerk.times],
        "wrong": dict(wrong),
    }
    print(json.dumps(result, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
