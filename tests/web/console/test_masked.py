"""Through every door of the console, and for every role: no page, file or receipt shows a whole number, phone or account."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from io import BytesIO
from uuid import uuid4
from zipfile import BadZipFile, ZipFile

import pytest
from django.urls import URLPattern
from PIL import Image as Picture

from tests.cards import factories
from yikatong.cards.models import Card, Image, Order
from yikatong.office.duties import ROLES
from yikatong.office.models import Entry, EntryRow, WireFile
from yikatong.web.console.urls import urlpatterns

# Where a whole value is the very thing that was asked for, and why.
ALLOWED = {
    "resident": "the record itself, opened for a purpose that the journal keeps",
    "open_resident": "leads to the record",
}
SAMPLES = {
    "measure": ["XQ1"],
    "period": ["2025"],
    "year": ["2025"],
    "username": ["nobody"],
    "code": ["library"],
}


@pytest.fixture
def secrets(centre: object) -> dict[str, str]:
    """A person with everything, a child with a guardian, an order and a card under way; what must not be shown."""
    child = factories.resident(name="小满", birth=date(2018, 5, 1), guardian=True, phone="13911112222")
    [order] = factories.at_outlet(1)
    factories.apply(child)
    drawn = BytesIO()
    Picture.new("RGB", (358, 441), "white").save(drawn, "JPEG")
    Image.objects.update(content=drawn.getvalue())
    guardian = child.guardians.get()
    holder = order.resident
    card = Card.objects.get(order=order)
    return {
        "number": holder.number,
        "phone": holder.phone,
        "account": card.bank_pan,
        "child's number": child.number,
        "child's phone": child.phone,
        "guardian's number": guardian.number,
        "guardian's phone": guardian.phone,
    }


def addresses(pattern: URLPattern) -> list[str]:
    """The addresses of one door, with everything there is to put into it."""
    order = Order.objects.exclude(batch=None).get()
    samples = SAMPLES | {
        "resident_id": [str(row) for row in Order.objects.values_list("resident_id", flat=True)],
        "number": [
            *Order.objects.values_list("number", flat=True),
            order.batch.number if order.batch else "",
        ],
        "card_no": [Card.objects.get().card_no],
        "state": list(Order.objects.values_list("state", flat=True)),
        "file_id": [str(row) for row in WireFile.objects.values_list("pk", flat=True)],
    }
    route = str(pattern.pattern)
    names = re.findall(r"<(?:\w+:)?(\w+)>", route)
    if names == ["measure", "period"]:
        return [route.replace("<slug:measure>", "XQ1").replace("<slug:period>", "2025")]
    if names[1:] == [
        "matter"
    ]:  # a receipt's paper: it is printed by post, and says nothing where it is only asked for
        return [
            route.replace("<uuid:matter>", str(uuid4())).replace(f"<slug:{names[0]}>", each)
            for each in samples[names[0]]
        ]
    assert len(names) <= 1, route
    return [re.sub("<.*?>", each, route) for each in samples.get(names[0], ["1"])] if names else [route]


def read(content: bytes) -> str:
    """What a browser, a spreadsheet or a PDF reader makes of the bytes."""
    if content.startswith(b"PK"):
        try:
            parts = ZipFile(BytesIO(content))
        except BadZipFile:
            return ""
        return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    if content.startswith(b"%PDF"):
        reader = shutil.which("pdftotext")
        if reader is None:
            return ""  # the same receipt is read as a page
        return subprocess.run(
            [reader, "-", "-"], input=content, capture_output=True, check=True
        ).stdout.decode()
    return content.decode("utf-8", "replace")


def test_no_door_shows_what_must_be_masked(desk_of, secrets):
    opened, shown = set(), set()
    for role in ROLES:
        desk = desk_of(role)
        desk.send("residents/", text="林小满", purpose="核对")
        for pattern in urlpatterns:
            for address in addresses(pattern):
                answer = desk.client.get(f"/console/{address}")
                if answer.status_code != 200:
                    continue
                opened.add(pattern.name)
                text = read(b"".join(answer.streaming_content) if answer.streaming else answer.content)
                shown |= {(pattern.name, what) for what, value in secrets.items() if value in text}
    assert {name for name, _ in shown} <= set(ALLOWED), shown
    closed = {pattern.name for pattern in urlpatterns} - opened
    assert len(closed) < len(urlpatterns) / 2, (
        f"too few doors were opened to prove anything: {sorted(map(str, closed))}"
    )


def test_a_list_of_people_found_is_masked(desk_of, secrets):
    page = desk_of("outlet_clerk").send("residents/", text="林小满", purpose="核对").content.decode()
    assert "林小满" in page or "林*满" in page
    assert not [what for what, value in secrets.items() if value in page]


def test_the_journal_keeps_none_of_them(desk_of, secrets):
    desk = desk_of("outlet_clerk")
    desk.send("residents/", text=secrets["number"], purpose="核对")
    desk.send("residents/", text=secrets["phone"], purpose="核对")
    said = "".join(
        str(row)
        for row in [
            *Entry.objects.values_list("payload", "purpose", "subject"),
            *EntryRow.objects.values_list("payload", "subject"),
        ]
    )
    assert said and not [what for what, value in secrets.items() if value in said]
