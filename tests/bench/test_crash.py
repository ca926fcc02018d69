"""A few crash runs, and the laws that judge them; the thousand are `./yk bench benefits --crash 1000`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from tests.benefits.envelopes import answered, holder, paying
from tests.cards.in_hand import NOON, open_city
from yikatong.basics.crypto import sm3
from yikatong.office import clock, post
from yikatong.setup.places import MADE


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place for servers: the account they run as cannot reach pytest's own folders."""
    place = MADE / f"test-crash-{os.getpid()}"
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def banks(city: None) -> Iterator[object]:
    from yikatong.bench._crash_bank import Banks

    yield Banks(1, settings.WIRES_FOLDER)


@pytest.fixture
def city(db: None) -> Iterator[None]:
    open_city()
    with clock.fixed(NOON):
        yield


def url() -> str:
    """The test's database, as PostgreSQL's own programs find it."""
    named = connection.settings_dict
    parts = {"dbname": named["NAME"], "user": named["USER"], "password": named["PASSWORD"]}
    parts |= {"host": named["HOST"], "port": named["PORT"]}
    return make_conninfo(**{key: value for key, value in parts.items() if value})


@pytest.mark.django_db(transaction=True)
def test_a_small_city_pays_everybody_once_whoever_is_killed(folder):
    from yikatong.bench import _crash_town as town
    from yikatong.bench._crash import played

    open_city()
    people = town.settle()
    told = list(played(folder, url(), people, range(1, 4), 1))
    assert [each.defects for each in told] == [[]] * 3
    assert sum(each.kills.total() for each in told) >= 2
    assert all(each.payments > 20 and each.files > 2 for each in told)


def test_a_city_is_drawn_the_same_from_the_same_seed():
    from yikatong.bench._crash_town import Holder, envelopes

    people = [Holder(f"61049919900307{n:03d}1", f"人{n}", "102" if n % 5 else "") for n in range(100)]
    assert envelopes(people, 7) == envelopes(people, 7) != envelopes(people, 8)
    for each in envelopes(people, 7):
        assert set(each.due) < {person.number for person in people if person.bank}


def test_the_laws_find_whoever_is_not_yet_paid(banks):
    _batch, file = paying([holder()])
    post.send_files()
    banks.look(NOON)
    found = told(banks)
    assert "a batch has not come to its end" in found and "is on its way to nobody" in found
    answered(file, ["00"])
    assert "has not come to its end" not in told(banks)


def test_the_laws_find_a_file_that_a_bank_got_twice(banks):
    paying([holder()])
    post.send_files()
    laid = next((settings.WIRES_FOLDER / "pay-102" / "out").iterdir())
    content = laid.read_bytes()
    banks.look(NOON)
    assert "files that a bank got twice" not in told(banks)
    laid.write_bytes(content)
    banks.look(NOON)
    assert "files that a bank got twice" in told(banks)


def test_the_laws_find_a_person_whom_the_bank_paid_twice(banks):
    # A second file with another number and the same people: what a file built anew after a crash would be.
    paying([holder(), holder("李四光")])
    post.send_files()
    laid = next((settings.WIRES_FOLDER / "pay-102" / "out").iterdir())
    head, *lines = laid.read_bytes().split(b"\n")
    for bank in banks.banks.values():
        bank.failing = 0
    banks.look(NOON)
    body = b"\n".join([head.replace(b"H|P", b"H|Q"), *lines[:2], b""])
    trailer = b"|".join([*lines[2].split(b"|")[:3], sm3(body).hex().encode()])
    laid.write_bytes(body + trailer + b"\n")
    banks.look(NOON)
    found = told(banks)
    assert "the banks credited rows twice" in found and "the banks credited 80000" in found


def test_the_laws_find_somebody_who_was_lost(banks):
    from yikatong.bench._crash_town import Envelope

    person = holder()
    _batch, file = paying([person])
    answered(file, {1: "00"})
    lost = Envelope("pension", "2025-03", "", (), 0, {person.number: 1, "610499199003070011": 1})
    assert told(banks, lost).count("1 people have not the one payment they are due") == 1


def told(banks: object, *envelopes: object) -> str:
    from yikatong.bench._crash_laws import broken

    return "\n".join(broken(list(envelopes), banks))  # type: ignore[arg-type]
