"""A short walk through every window: forms filled in well and badly, by two at once; the long one is `--pages`."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import resolve

from tests.cards.conftest import open_the_centre
from yikatong.bench._forms import forms_in

START = datetime.fromisoformat("2025-03-03T09:00:00+08:00")


@pytest.mark.django_db(transaction=True)
def test_no_page_breaks_and_every_law_holds_whatever_is_sent(tmp_path, settings):
    from yikatong.bench._pages import Windows
    from yikatong.bench._walk import Walk

    settings.WIRES_FOLDER = tmp_path / "wires"
    open_the_centre()
    walk = Walk(5, releasable=False, start=START, alive=16)
    walk.top_up(16)
    for _ in range(3):
        walk.turn()
    walk.go_home()
    visits = Windows(5, walk.now + timedelta(days=1)).walk(90)
    assert visits.sent >= 90 and visits.at_once > 3
    assert len(visits.pages) > 20
    assert max(visits.statuses) < 500 and visits.statuses[302], "some of it was done, and nothing broke"


def test_every_address_that_asks_something_can_be_visited():
    from yikatong.bench._doors import Things, places

    class Never:
        def choice(self, among):
            return among[0]

        def random(self):
            return 1.0

    known = {name: ["x1"] for name in ("number", "batches", "paper", "card_no")}
    things = Things(Never(), {**known, "act": ["00000000-0000-0000-0000-000000000001"]})  # type: ignore[arg-type]
    found = places()
    assert len(found) > 80
    for place in found:
        assert resolve(things.address(place)).func is not None, place


def test_a_form_is_read_as_a_browser_has_it():
    page = """<form method="post" action="/there/"><input type="hidden" name="step" value="check">
    <select name="bank"><option value="">?</option><option value="102">工行</option></select>
    <textarea name="why"></textarea><button name="go" value="1">好</button></form><form><input name="q"></form>"""
    (form,) = forms_in(page)
    assert form.action == "/there/"
    assert {name: question.kind for name, question in form.questions.items()} == {
        "step": "hidden",
        "bank": "select",
        "why": "text",
    }
    assert form.questions["bank"].values == ["", "102"] and form.buttons == [("go", "1")]
