"""Events reach a partner's own address, signed, at least once; and nowhere that the centre does not let us call."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.cards.in_hand import NOON, at, got
from yikatong.basics.refused import Refused
from yikatong.office import clock, events, rulebook
from yikatong.office.appointments import admit_partner, withdraw_partner
from yikatong.office.events import queue_event, send_events, sign
from yikatong.office.models import Event, EventAddress, Rule
from yikatong.office.subscribing import address_of, end_events, events_of, replay_event, want_events
from yikatong.office.wires import webhooks
from yikatong.office.wires.webhooks import MayCall, deliver, url_problem

PUBLIC = MayCall(("https",), ())
HERE = MayCall(("http",), ("127.0.0.0/8",))
BATCH = {"batch": "G000000017", "state": "judged"}


class Receiver(HTTPServer):
    """A department's own server: it keeps what it got and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiving)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?a=1"


class _Receiving(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def partner(db: None) -> Iterator[int]:
    """A department; the centre lets us call this machine."""
    from tests.cards import in_hand

    in_hand.open_city()
    Rule.objects.filter(code="webhook.may_call").update(
        value={"schemes": ["http"], "networks": ["127.0.0.0/8"]}
    )
    rulebook.forget()
    with at() as act:
        found, _key = admit_partner(
            act, code="nongye", name="农业农村局", purposes=["pay:farmland"], expires_on=date(2026, 12, 31)
        )
    with clock.fixed(NOON):
        yield found.pk


def wanted(partner: int, url: str) -> str:
    with at() as act:
        return got(want_events(act, partner=partner, name="农业农村局", url=url))


def told(partner: int) -> Event:
    with at() as act:
        queue_event(
            act, partner=partner, kind="yikatong.benefit.batch.judged", subject="G000000017", data=BATCH
        )
    return Event.objects.latest("pk")


@contextmanager
def later(**by: int) -> Iterator[None]:
    with clock.fixed(NOON + timedelta(**by)):
        yield


def test_an_event_arrives_signed_as_standard_webhooks_says(partner: int, receiver: Receiver):
    secret = wanted(partner, receiver.url)
    event = told(partner)
    assert send_events() == 1
    ((headers, body),) = receiver.got
    raw = base64.b64decode(secret.removeprefix("whsec_"))
    assert headers["webhook-signature"] == sign(
        (raw,), str(event.event_id), int(headers["webhook-timestamp"]), body
    )
    assert abs(int(headers["webhook-timestamp"]) - clock.machine_now().timestamp()) < 60
    cloud = json.loads(body)
    assert headers["webhook-id"] == cloud["id"] == str(event.event_id)
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert {each: cloud[each] for each in ("specversion", "type", "subject", "data")} == {
        "specversion": "1.0",
        "type": "yikatong.benefit.batch.judged",
        "subject": "G000000017",
        "data": BATCH,
    }
    event.refresh_from_db()
    assert (event.state, event.attempts) == ("delivered", 1)
    assert send_events() == 0 and len(receiver.got) == 1


def test_the_signature_is_that_of_the_published_example():
    # From the specification of Standard Webhooks: its secret, id, time and body.
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    assert (
        sign((secret,), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_who_does_not_answer_well_is_tried_again_for_days_and_then_given_up(partner: int, receiver: Receiver):
    wanted(partner, receiver.url)
    receiver.status = 500
    event = told(partner)
    waits = [timedelta(minutes=each) for each in rulebook.ruling("webhook.retry_minutes", NOON.date()).value]
    moment = NOON
    for number, wait in enumerate(waits, start=1):
        with clock.fixed(moment):
            assert send_events() == 0
            assert send_events() == 0  # not before its time
        event.refresh_from_db()
        assert (event.state, event.attempts, event.note, event.due_at) == (
            "queued",
            number,
            "HTTP 500",
            moment + wait,
        )
        moment += wait
    with clock.fixed(moment):
        send_events()
    event.refresh_from_db()
    assert (event.state, len(receiver.got)) == ("given_up", len(waits) + 1)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    receiver.status = 200
    with at() as act:
        got(replay_event(act, partner=partner, event_id=event.event_id))
    assert send_events() == 1


def test_a_redirect_is_an_answer_like_any_other_and_not_followed(partner: int, receiver: Receiver):
    wanted(partner, receiver.url)
    receiver.status = 302
    event = told(partner)
    assert send_events() == 0
    event.refresh_from_db()
    assert (event.state, event.note, len(receiver.got)) == ("queued", "HTTP 302", 1)


def test_one_silent_partner_is_asked_once_a_run_and_does_not_keep_the_next_one(
    partner: int, receiver: Receiver
):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        shut = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with at() as act:
        other, _key = admit_partner(
            act, code="linye", name="林业局", purposes=["pay:forest"], expires_on=date(2026, 12, 31)
        )
    wanted(partner, shut)
    wanted(other.pk, receiver.url)
    first, second = told(partner), told(partner)
    told(other.pk)
    assert send_events() == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.attempts, first.note, second.attempts) == (1, "webhook.no_answer", 0)


def test_a_process_that_dies_between_sending_and_noting_it_sends_the_same_event_again(
    partner: int, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    wanted(partner, receiver.url)
    event = told(partner)
    monkeypatch.setattr(events, "_end", killed)
    with pytest.raises(Killed):
        send_events()
    monkeypatch.undo()
    event.refresh_from_db()
    assert (event.state, event.attempts) == ("queued", 1)
    with later(minutes=10):
        assert send_events() == 1
    assert [headers["webhook-id"] for headers, _ in receiver.got] == [str(event.event_id)] * 2


def test_a_new_secret_signs_beside_the_old_one_for_a_day(partner: int, receiver: Receiver):
    wanted(partner, receiver.url)
    wanted(partner, receiver.url)
    told(partner)
    send_events()
    assert receiver.got[0][0]["webhook-signature"].count("v1,") == 2
    told(partner)
    with later(days=2):
        send_events()
    assert receiver.got[1][0]["webhook-signature"].count("v1,") == 1


def test_without_an_address_events_are_kept_to_be_fetched(partner: int):
    first, second = told(partner), told(partner)
    assert (first.state, second.state) == ("kept", "kept")
    rows = events_of(partner, 1)
    assert [row.event_id for row in rows] == [first.event_id]
    assert [row.event_id for row in events_of(partner, 5, after=rows[-1].cursor)] == [second.event_id]
    assert address_of(partner).url == ""


def test_nothing_is_sent_to_who_was_withdrawn(partner: int, receiver: Receiver):
    wanted(partner, receiver.url)
    event = told(partner)
    with at() as act:
        got(withdraw_partner(act, "nongye", reason="协议到期"))
    assert send_events() == 0
    event.refresh_from_db()
    assert (event.state, receiver.got) == ("given_up", [])


def test_the_secret_is_not_in_the_database(partner: int, receiver: Receiver):
    secret = base64.b64decode(wanted(partner, receiver.url).removeprefix("whsec_"))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM office_eventaddress")
        assert secret not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://user@example.org/",
        "https://user:password@example.org/",
        "https://example.org/#x",
        "https:///x",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org/a b",
        "https://example.org/\r\nHost: x",
        "https://市.example/",
        "//example.org/",
        "",
    ],
)
def test_an_address_is_whole_and_over_tls(url: str):
    found = url_problem(url, PUBLIC)
    assert found is not None and found.code == "webhook.url"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:10.0.0.1]",
        "[::]",
    ],
)
def test_private_and_reserved_addresses_are_refused(host: str):
    found = url_problem(f"https://{host}/x", PUBLIC)
    assert found is not None and found.code == "webhook.not_allowed"


def test_a_name_is_judged_by_every_address_it_stands_for(monkeypatch: pytest.MonkeyPatch):
    called: list[object] = []

    def stands_for(*addresses: str) -> None:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)

    def nobody_there(place: object, **_: object) -> None:
        called.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", nobody_there)
    for private in (("10.0.0.5",), ("93.184.216.34", "127.0.0.1"), ()):
        stands_for(*private)
        answer = deliver("https://hooks.example.org/", {}, b"", PUBLIC)
        assert isinstance(answer, Refused) and answer.code == "webhook.not_allowed"
    assert called == []
    stands_for("93.184.216.34")
    answer = deliver("https://hooks.example.org/", {}, b"", PUBLIC)
    assert isinstance(answer, Refused) and answer.code == "webhook.no_answer"
    assert called == [("93.184.216.34", 443)]  # the very address that was looked at


def test_a_government_network_may_be_entered_by_the_centre():
    intranet = MayCall(("https",), ("59.192.0.0/10", "10.61.0.0/16"))
    assert url_problem("https://10.61.3.4/x", intranet) is None
    assert url_problem("https://10.62.3.4/x", intranet) is not None


def test_who_answers_a_byte_at_a_time_does_not_keep_us(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webhooks, "ANSWER_SECONDS", 0.4)
    ours = socket.socket()
    ours.bind(("127.0.0.1", 0))
    ours.listen()
    done = threading.Event()

    def drip() -> None:
        wire, _ = ours.accept()
        with wire:
            while not done.wait(0.1):
                try:
                    wire.sendall(b"H")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        answer = deliver(f"http://127.0.0.1:{ours.getsockname()[1]}/", {}, b"x", HERE)
    finally:
        done.set()
        thread.join()
        ours.close()
    assert isinstance(answer, Refused) and answer.code == "webhook.no_answer"


# --- twins ------------------------------------------------------------------------------------------------------


def picture() -> list[object]:
    return [
        *Event.objects.order_by("pk").values(),
        *EventAddress.objects.order_by("pk").values("url", "since", "before_until"),
    ]


def test_the_journal_refuses_want_events_so_nothing_happened(
    partner: int, receiver: Receiver, journal_refuses
):
    before = picture()
    with journal_refuses(), at() as act:
        want_events(act, partner=partner, name="农业农村局", url=receiver.url)
    assert picture() == before


def test_the_journal_refuses_end_events_so_nothing_happened(
    partner: int, receiver: Receiver, journal_refuses
):
    wanted(partner, receiver.url)
    before = picture()
    with journal_refuses(), at() as act:
        end_events(act, partner=partner, name="农业农村局")
    assert picture() == before


def test_the_journal_refuses_replay_event_so_nothing_happened(
    partner: int, receiver: Receiver, journal_refuses
):
    wanted(partner, receiver.url)
    event = told(partner)
    assert send_events() == 1
    before = picture()
    with journal_refuses(), at() as act:
        replay_event(act, partner=partner, event_id=event.event_id)
    assert picture() == before
