"""The clerks of the load bench count an answer only where it is the one they asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from yikatong.bench._clerks import SHARES, Clerk, Plan, Wrong

Answer = tuple[int, str, str]
ORDER = "S250303000001"


class House:
    """A console that is only played: `answer` gives status, body and Location for a path; `paths` were asked for."""

    def __init__(self) -> None:
        self.answer: Callable[[str, str], Answer] = right
        self.paths: list[tuple[str, str]] = []


def right(method: str, path: str) -> Answer:
    """What the real console would say."""
    if path == "/accounts/login/" and method == "POST":
        return 302, "", "/console/"
    if method == "POST" and path.endswith("/open/"):
        return 302, "", path.removesuffix("open/")
    words = (
        f'工作人员登录 轮到我办的 /open/ 本次查看用途 受理编号 核对： <span class="yk-number">{ORDER}</span>'
    )
    return 200, words, ""


@pytest.fixture
def house() -> Iterator[tuple[House, Plan]]:
    played = House()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def reply(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            played.paths.append((self.command, self.path))
            status, text, where = played.answer(self.command, self.path)
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Set-Cookie", "csrftoken=abc; Path=/")
            if where:
                self.send_header("Location", where)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = reply  # noqa: N815 - the names http.server calls

        def log_message(self, *_: object) -> None:
            """Nothing is said on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    plan: Plan = {
        "host": "127.0.0.1", "port": server.server_address[1], "warm": 0, "seconds": 0, "password": "x",
        "staff": ["clerk0"], "texts": ["张"], "residents": [7], "states": ["at_outlet"], "orders": [ORDER],
        "cards": [["A00000001"]],
    }  # fmt: skip
    yield played, plan
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clerk(house: tuple[House, Plan]) -> Iterator[Clerk]:
    working = Clerk(house[1], 0)
    working.log_in()
    yield working
    working.connection.close()


def test_the_shares_are_a_hundred() -> None:
    assert sum(SHARES.values()) == 100


@pytest.mark.parametrize("kind", [kind for kind in SHARES if kind != "loss"])
def test_the_right_page_is_taken_for_right(clerk: Clerk, kind: str) -> None:
    clerk.work[kind]()


def test_a_page_without_its_word_or_with_another_status_is_counted_wrong(
    house: tuple[House, Plan], clerk: Clerk
) -> None:
    for answer in ((200, "登录", ""), (500, "轮到我办的", ""), (302, "", "/accounts/login/")):
        house[0].answer = lambda method, path, answer=answer: answer  # type: ignore[misc]
        clerk.times.clear()
        clerk.wrong.clear()
        clerk.work_until(time.monotonic() + 0.1)
        assert not clerk.times and clerk.wrong.total() > 0, answer


def test_a_loss_is_checked_confirmed_and_released_also_after_a_wrong_answer(
    house: tuple[House, Plan], clerk: Clerk
) -> None:
    played, _ = house
    confirmed = "/console/cards/A00000001/"
    played.paths.clear()
    steps = []
    for turn in range(5):
        wanted: Answer = (302, "", confirmed) if turn in (1, 3) else right("GET", "")
        played.answer = lambda method, path, wanted=wanted, turn=turn: (  # type: ignore[misc]
            (500, "", "") if turn == 2 else wanted
        )
        try:
            clerk.work["loss"]()
        except Wrong as wrong:
            steps.append(str(wrong))
        else:
            steps.append("done")
    assert steps == ["done", "done", "status 500 for 200", "done", "done"]
    assert played.paths == [
        ("POST", confirmed + "loss/"),
        ("POST", confirmed + "loss/"),
        ("POST", confirmed + "loss/release/"),
        ("POST", confirmed + "loss/release/"),
        ("POST", confirmed + "loss/"),
    ]
