"""Every door says who may come in, and keeps everyone else out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.sources import names_in, trees
from yikatong.office.duties import Duty
from yikatong.office.models import Entry, Staff

# Doors that are not ours to mark, by the module their view comes from.
NOT_OURS = {
    "allauth.": "log-in, second factor and sessions: django-allauth guards each of them by itself",
    "django.views.i18n": "the choice of a language shows nothing about anyone",
    "django.contrib.staticfiles": "style sheets and scripts are public",
}
SAMPLES: dict[str, Any] = {
    "IntConverter": 1,
    "SlugConverter": "x",
    "StringConverter": "x",
    "UUIDConverter": "00000000-0000-0000-0000-000000000000",
    "PathConverter": "x",
}
KINDS = ("duty", "staff", "resident", "partner", "public")


@dataclass(frozen=True)
class DoorFound:
    url: str
    module: str
    mark: str | None

    def __str__(self) -> str:
        return self.url


def walk(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[DoorFound]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from walk(each.url_patterns, before + filled(each))
        else:
            view = getattr(each.callback, "view_class", each.callback)
            mark = getattr(each.callback, "door", None) or getattr(view, "door", None)
            yield DoorFound(before + filled(each), view.__module__, mark)


def filled(each: URLPattern | URLResolver) -> str:
    route = str(each.pattern)
    for name, converter in getattr(each.pattern, "converters", {}).items():
        kind = type(converter).__name__
        for written in (
            f"<{name}>",
            *(f"<{word}:{name}>" for word in ("int", "slug", "str", "uuid", "path")),
        ):
            route = route.replace(written, str(SAMPLES[kind]))
    return route


def doors() -> list[DoorFound]:
    return [
        door
        for door in walk(get_resolver().url_patterns)
        if not any(door.module.startswith(other) for other in NOT_OURS)
    ]


def marked(kind: str) -> list[DoorFound]:
    return [door for door in doors() if (door.mark or "").partition(":")[0] == kind]


def test_no_two_pages_of_a_window_have_one_name():
    for window in get_resolver().url_patterns:
        if isinstance(window, URLResolver) and window.namespace:
            names = [each.name or "" for each in window.url_patterns if isinstance(each, URLPattern)]
            assert sorted(names) == sorted(set(names)), window.namespace


def test_there_are_doors_of_every_kind():
    assert {(door.mark or "").partition(":")[0] for door in doors()} == set(KINDS)


def test_every_door_is_marked():
    assert [door.url for door in doors() if not door.mark] == []


def test_every_mark_says_who_or_why():
    duties = {duty.code for duty in Duty}
    for door in doors():
        kind, _, what = (door.mark or "").partition(":")
        assert kind in KINDS, door
        assert what.strip(), door
        if kind == "duty":
            assert what in duties, door
        if kind in ("public", "staff"):
            assert len(what) > 12, f"{door}: {what!r} is no reason"


def test_every_duty_is_asked_for_somewhere_in_the_windows():
    asked = set().union(
        *(names_in(tree) for path, tree in trees().items() if path.startswith("yikatong/web/"))
    )
    assert [duty.name for duty in Duty if duty.name not in asked] == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["duty", "staff"])
def test_a_stranger_is_sent_to_the_log_in(client, kind):
    for door in marked(kind):
        for ask in (client.get, client.post):
            answer = ask(door.url)
            assert answer.status_code == 302, door
            assert answer["Location"].startswith("/accounts/login/"), door


@pytest.mark.django_db
def test_staff_without_the_duty_are_refused_and_it_is_journalled(client):
    client.force_login(Staff.objects.create(username="nobody", full_name="无权", region="610400"))
    found = marked("duty")
    for door in found:
        for ask in (client.get, client.post):
            assert ask(door.url).status_code == 403, door
    assert Entry.objects.filter(kind="office.door_refused").count() == 2 * len(found)


@pytest.mark.django_db
def test_staff_who_left_are_sent_to_the_log_in(client):
    staff = Staff.objects.create(username="gone", full_name="离职", region="610400", roles=["outlet_clerk"])
    client.force_login(staff)
    Staff.objects.update(is_active=False)
    for door in marked("duty") + marked("staff"):
        assert client.get(door.url).status_code == 302, door


@pytest.mark.django_db
def test_outside_the_demo_staff_first_set_up_a_second_factor(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    client.force_login(Staff.objects.create(username="clerk", region="610400", roles=["outlet_clerk"]))
    for door in marked("duty") + marked("staff"):
        answer = client.get(door.url)
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/"), door


@pytest.mark.django_db
def test_nobody_sees_a_residents_page_without_having_signed_in(client):
    client.force_login(Staff.objects.create(username="clerk", region="610400", roles=["outlet_clerk"]))
    for door in marked("resident"):
        for ask in (client.get, client.post):
            answer = ask(door.url)
            assert answer.status_code == 302, door
            assert answer["Location"].startswith("/portal/sign-in/"), door


@pytest.mark.django_db
@pytest.mark.parametrize("header", [{}, {"authorization": "Bearer yk_0_0"}, {"authorization": "Basic eDp5"}])
def test_no_partner_comes_in_without_a_key(client, header):
    for door in marked("partner"):
        codes = {
            ask(door.url, headers=header, content_type="application/json").status_code
            for ask in (client.get, client.post)
        }
        assert codes <= {401, 405} and 401 in codes, door
