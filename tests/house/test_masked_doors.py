"""Through every door of every window, as everybody who may come in: nothing shows a whole number, phone or account.

The town has one of everything, so that every page has something to show. A door that the walk cannot open fails by its
name, and so does one that shows what it should not; what stands below says which do otherwise, and why.
"""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house import town
from tests.house.test_doors import KINDS, NOT_OURS
from yikatong.cards.models import Card, FileProblem, Order
from yikatong.cards.receipts import papers_of
from yikatong.office import clock, exports, rulebook, sealing
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.appointments import appoint
from yikatong.office.duties import BANK_OPERATOR, ROLES, duties_of
from yikatong.office.logs import MaskingFormatter
from yikatong.office.models import ExportRequest, Message, Rule, Staff
from yikatong.residents.models import Guardian, Resident

SHOW_WHOLE = {
    "console:resident": "the record itself, opened for a purpose that the journal keeps and its person can read",
    "console:duplicate_pair": "two records are told apart digit by digit; both looks are journalled",
    "console:correction": "the second person compares every digit with the proof; the look is journalled",
}
NOT_BY_GET = {
    "console:assign": "a button: it takes only POST and leads back",
    "console:find": "a box: it leads to what was found",
    "console:take_difference": "a button: it takes only POST and leads to the difference",
    "console:put_back_difference": "a button: it takes only POST and leads back to the queue",
    "console:take_clue": "a button: it takes only POST and leads back to the clue",
    "console:put_back_clue": "a button: it takes only POST and leads back to the clue",
    "portal:code": "the second half of signing in: it takes only what its visitor has just typed",
    "portal:phone_code": "the second half of a new phone: it takes only what its visitor has just typed",
    "portal:sign_out": "a button: it takes only POST",
    "portal:type_size": "a button: it takes only POST",
    "partner-v1:card_status": "asked by POST, which the walk does as well",
    "partner-v1:take_application": "asked by POST; its answer is an order's number and state",
    "partner-v1:correct": "asked by POST; its answer is a row's line, state and findings",
    "partner-v1:replay": "asked by POST; its answer is an event that partner-v1:events shows",
    "partner-v1:withdraw": "asked by POST; its answer is what partner-v1:follow shows",
}
"""Doors that show nothing by themselves, and why."""


@dataclass
class Walked:
    """What was opened, and what was shown that should not have been: door, by whom, what."""

    opened: set[str] = field(default_factory=set)
    shown: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    pages: int = 0

    def saw(self, door: str, who: str, answer: object, secrets: set[str]) -> None:
        text = read(answer)
        self.opened.add(door)
        self.pages += 1
        for secret in told(text, secrets):
            self.shown[door].add(f"{who}: {secret}")


def read(answer: object) -> str:
    """What a browser, a spreadsheet or a PDF reader makes of an answer."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if content.startswith(b"PK") and is_zipfile(BytesIO(content)):
        parts = ZipFile(BytesIO(content))
        return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    if content.startswith(b"%PDF"):
        reader = shutil.which("pdftotext")
        if reader is None:
            return ""  # the same receipt is read as a page
        pages = subprocess.run([reader, "-", "-"], input=content, capture_output=True, check=True)
        return str(pages.stdout.decode())
    return str(content.decode("utf-8", "replace"))


LONG = re.compile(r"[0-9](?:[ \u00a0-]?[0-9]){9,}[Xx]?")
LENGTHS = (11, 15, 16, 17, 18, 19)


def told(text: str, secrets: set[str]) -> set[str]:
    """The secrets that stand in a text, also with spaces or hyphens between their digits."""
    runs = {re.sub(r"\D(?!$)", "", run).upper() for run in LONG.findall(text)}
    windows = {
        run[start : start + length]
        for run in runs
        for length in LENGTHS
        for start in range(len(run) - length + 1)
    }
    return (windows & secrets) | {
        secret for secret in secrets if not secret[:-1].isdigit() and secret in text
    }


def test_the_look_finds_what_is_there():
    secrets = {"610499198005170011", "13800000001", "6220000000000000016", "61049919800517001X", "E12345678"}
    text = "a 6104 9919 8005 1700 11 b138-0000-0001c>62200 00000000000016< 61049919800517001x E12345678"
    assert told(text, secrets) == secrets
    assert told("6104**********0011 138****0001 610499198005170012 1 3", secrets) == set()


@pytest.fixture
def partner_key(db: None) -> Iterator[str]:
    logging.disable(logging.ERROR)  # every door that says no would say so there, too
    key = town.build()
    with clock.fixed(town.NOON):
        yield key
    logging.disable(logging.NOTSET)


def secrets_of_the_town() -> set[str]:
    """Every identity number, phone and account in any table."""
    found = {
        value.upper()
        for column in sealing.sealed_columns()
        if column.kind in ("identity_number", "phone", "account")
        for value in column.model.objects.values_list(column.name, flat=True)  # type: ignore[attr-defined]
        if value
    }
    assert len(found) > 80
    return found


def doors(kind: str) -> Iterator[tuple[str, str, str]]:
    """(name with its window, route, what the mark says) of every door of a kind."""
    for name, route, callback in _patterns(get_resolver().url_patterns):
        view = getattr(callback, "view_class", callback)
        mark = getattr(callback, "door", None) or getattr(view, "door", None) or ""
        if mark.partition(":")[0] == kind and not any(view.__module__.startswith(each) for each in NOT_OURS):
            yield name, route, mark.partition(":")[2]


def _patterns(
    patterns: list[URLPattern | URLResolver], window: str = "", before: str = "/"
) -> Iterator[tuple[str, str, object]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each.url_patterns, each.namespace or window, before + str(each.pattern))
        else:
            yield f"{window}:{each.name}", before + str(each.pattern), each.callback


def at_the_desk(roles: list[str], username: str) -> Client:
    with open_act(Actor.system("test"), door=Door.TASK, at=town.NOON) as act:
        staff = appoint(
            act,
            username=username,
            full_name=username,
            roles=roles,
            region="610400",
            outlet_code="61040201" if BANK_OPERATOR in roles else "",
        )
    assert isinstance(staff, Staff), staff
    client = Client()
    client.force_login(staff)
    return client


def opened_first(client: Client) -> None:
    """Records open only for a purpose; a reader of records has opened some."""
    for address in town.addresses("/console/residents/<int:resident_id>/open/"):
        client.post(address, {"purpose": "数据核对"})


def through_the_console(walked: Walked, secrets: set[str]) -> None:
    clients = {role: at_the_desk([role], f"walker-{role}") for role in ROLES}
    codes = {role: {duty.code for duty in duties_of([role])} for role in ROLES}
    for role in ROLES:
        if "resident.look" in codes[role]:
            opened_first(clients[role])
    for kind in ("duty", "staff"):
        for name, route, needed in doors(kind):
            known: list[str] = []
            for role in ROLES:
                if kind == "duty" and needed not in codes[role]:
                    continue
                for address in known[:2] or town.addresses(route):
                    answer = clients[role].get(address)
                    assert answer.status_code < 500, address
                    if answer.status_code == 200:
                        walked.saw(name, role, answer, secrets)
                        known.append(address)


def through_the_other_windows(walked: Walked, secrets: set[str], key: str) -> None:
    stranger = Client()
    for name, route, _ in doors("public"):
        for address in town.addresses(route):
            answer = stranger.get(address)
            if answer.status_code == 200:
                walked.saw(name, "anybody", answer, secrets)
    holders = dict(Card.objects.order_by("pk").values_list("state", "resident_id"))
    holders |= dict(Order.objects.order_by("pk").values_list("state", "resident_id"))
    guardians = Resident.objects.filter(name="林大满").values_list("pk", flat=True)
    for person in Resident.objects.filter(pk__in=[*holders.values(), *guardians]).exclude(state="dead"):
        visitor = Client()
        session = visitor.session
        session["resident"] = person.pk
        session.save()
        own = Order.objects.filter(resident=person).values_list("number", flat=True)
        wards = Guardian.objects.values_list("resident_id", flat=True)
        for name, route, _ in doors("resident"):
            things = {"<str:number>": own, "<int:child_id>": wards}
            named = next((each for each in things if each in route), "")
            for address in [route.replace(named, str(each)) for each in things[named]] if named else [route]:
                answer = visitor.get(address)
                if answer.status_code == 200:
                    walked.saw(name, f"resident:{person.pk}", answer, secrets)
    bearer = {"Authorization": f"Bearer {key}"}
    for name, route, _ in doors("partner"):
        for address in town.addresses(route):
            answer = stranger.get(address, headers=bearer)
            if answer.status_code == 200:
                walked.saw(name, "partner", answer, secrets)
    for person in Resident.objects.filter(merged_into=None)[:8]:
        asked = {"number": person.number, "name": person.name, "purpose": "holds_card", "case_number": "1"}
        answer = stranger.post("/api/v1/card-status", asked, content_type="application/json", headers=bearer)
        assert answer.status_code == 200, answer.content
        walked.saw("partner-v1:card_status", "partner", answer, secrets)


def what_is_taken_away(walked: Walked, secrets: set[str]) -> None:
    """The files that are made by a form: the journal's extract, bad rows of a file, a receipt; and two lists of people."""
    auditor, desk = at_the_desk(["auditor"], "taker-1"), at_the_desk(["card_desk"], "taker-2")
    for form in ("xlsx", "pdf"):
        answer = auditor.post(
            "/console/journal/", {"purpose": "年度审计", "export": form, "since": "2025-03-01"}
        )
        assert answer["Content-Type"] in exports.TYPES.values(), answer.content.decode()
        walked.saw("console:journal", f"export {form}", answer, secrets)
    bad = FileProblem.objects.values_list("file_id", flat=True)
    answer = desk.post(f"/console/files/{bad[0]}/", {"purpose": "退对方更正"})
    assert answer["Content-Type"] == exports.TYPES["xlsx"]
    walked.saw("console:file", "export", answer, secrets)
    clerk = at_the_desk(["outlet_clerk"], "taker-3")
    papers = ((order, papers_of(f"order:{order.pk}")) for order in Order.objects.order_by("pk"))
    order, (paper, *_) = next((order, found) for order, found in papers if found)
    answer = clerk.post(f"/console/orders/{order.number}/receipts/{paper.matter}/print/", {"step": "confirm"})
    assert answer["Content-Type"] == "application/pdf"
    walked.saw("console:print_order", "paper", answer, secrets)
    for path in town.addresses("/console/unit-lists/<slug:number>/<slug:sheet_number>/print/"):
        answer = clerk.post(path, {"step": "confirm"})
        assert answer["Content-Type"] == "application/pdf"
        walked.saw("console:print_sheet", "paper", answer, secrets)
    for text in ("张三丰", "6104", town.PHONE):
        answer = clerk.post("/console/residents/", {"text": text, "purpose": "数据核对"})
        walked.saw("console:search", f"found by {text}", without_what_was_typed(answer, text), secrets)


def what_is_taken_away_with_approval(walked: Walked, secrets: set[str]) -> None:
    """An export above the limit, through the desks of who asks and who decides."""
    Rule.objects.filter(code="export.most_rows").update(value=2)
    rulebook.forget()
    auditor, director = at_the_desk(["auditor"], "asker"), at_the_desk(["centre_director"], "decider")
    refused = auditor.post("/console/journal/", {"purpose": "年度审计", "export": "xlsx"})
    link = re.search(r'href="(/console/exports/ask/[^"]+)"', refused.content.decode())
    assert link is not None
    for _ in range(2):
        answer = auditor.get(link[1])
        walked.saw("console:ask_export", "auditor", answer, secrets)
        auditor.post(link[1], {"step": "confirm", "form": "xlsx", "purpose": "年度审计"})
    taken, withdrawn = ExportRequest.objects.order_by("pk")
    for client, number, what in (
        (director, taken.number, "decide"),
        (auditor, taken.number, "take"),
        (auditor, withdrawn.number, "withdraw"),
    ):
        walked.saw(f"console:{what}_export", what, client.get(f"/console/exports/{number}/{what}/"), secrets)
        answer = client.post(f"/console/exports/{number}/{what}/", {"step": "confirm", "decision": "approve"})
        walked.saw(f"console:{what}_export", what, answer, secrets)
    assert ExportRequest.objects.get(taken=1).pk == taken.pk


def without_what_was_typed(answer: object, text: str) -> object:
    """A box still shows the words that were typed into it."""
    answer.content = answer.content.replace(f'value="{text}"'.encode(), b"")  # type: ignore[attr-defined]
    return answer


def what_is_sent_and_logged(secrets: set[str]) -> Iterator[str]:
    """Messages, and lines of the log made of a secret, that tell one."""
    texts = Message.objects.values_list("text", flat=True)
    assert texts
    yield from (text for text in texts if told(text, secrets))
    formatter = MaskingFormatter()
    for secret in secrets - {"E12345678"}:  # a passport's number is told from other words by nothing
        record = logging.LogRecord(
            "x", logging.ERROR, "x", 1, "no row for %s (%s)", (secret, f"k={secret};"), None
        )
        yield from told(formatter.format(record), secrets)


def test_no_door_message_nor_line_of_the_log_tells_a_whole_number_phone_or_account(partner_key):
    secrets, walked = secrets_of_the_town(), Walked()
    through_the_console(walked, secrets)
    through_the_other_windows(walked, secrets, partner_key)
    what_is_taken_away(walked, secrets)
    what_is_taken_away_with_approval(walked, secrets)
    assert list(what_is_sent_and_logged(secrets)) == []
    every = {name for kind in KINDS for name, _, _ in doors(kind)}
    assert every - walked.opened == set(NOT_BY_GET) - walked.opened, (
        "a door that the walk could not open: bring what it is about to tests/house/town.py"
    )
    assert set(NOT_BY_GET) <= every and set(SHOW_WHOLE) <= every, "no excuse outlives its door"
    assert {door: what for door, what in walked.shown.items() if door not in SHOW_WHOLE} == {}
    assert set(walked.shown) == set(SHOW_WHOLE), "who shows nothing whole needs no excuse"
