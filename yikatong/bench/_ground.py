"""A bench's own ground: an empty database with one centre open, filled with people as needed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.basics.regions import counties_of
from yikatong.cards.services.photo import take_photo
from yikatong.office import clock, opening, rulebook
from yikatong.office.act import Actor, Door, open_act
from yikatong.residents.services import NewPerson, load_people
from yikatong.simulation.diary import CHINA
from yikatong.simulation.people import Crowd
from yikatong.simulation.portraits import portrait

BENCH = Actor.system("bench")
START = datetime(2025, 3, 3, 9, tzinfo=CHINA)
CITY = "610400"


def empty() -> None:
    """Begin with empty tables and wires and the centre of Xianyang open. Only ever called on the bench's own folder."""
    shutil.rmtree(settings.WIRES_FOLDER, ignore_errors=True)
    settings.JOURNAL_HEAD.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    call_command("migrate", verbosity=0, interactive=False)
    clock.offset.cache_clear()
    rulebook.forget()
    with open_act(BENCH, door=Door.TASK, at=START) as act:
        opening.open_centre(act, "xianyang", demo=True)


def people(count: int, *, seed: int = 1, adults: bool = False) -> float:
    """Load `count` residents and analyse the tables; returns the seconds of it."""
    counties = tuple(county.code for county in counties_of(CITY))
    crowd = Crowd(Random(seed), CITY, counties, date(2025, 3, 3))

    def rows() -> Iterator[NewPerson]:
        crowded = (crowd.adult() for _ in range(count)) if adults else crowd.people(count)
        for person in crowded:
            yield NewPerson(person.number, person.name, person.region, person.phone)

    begun = datetime.now(CHINA)
    with open_act(BENCH, door=Door.TASK, at=START + timedelta(minutes=1)) as act:
        load_people(act, rows(), "bench")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return (datetime.now(CHINA) - begun).total_seconds()


def photographed() -> None:
    """Everybody has a photo, and it is the first one's: an order without one waits, and pictures are not measured here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM residents_resident")
        (first,) = cursor.fetchone()
        with open_act(BENCH, door=Door.TASK, at=START + timedelta(minutes=2)) as act:
            taken = take_photo(act, resident_id=first, original=portrait(), channel="window")
        if isinstance(taken, Refused):
            raise SystemExit(taken.en)
        cursor.execute(
            "INSERT INTO cards_photo (resident_id, image_id, original_id, crop, channel, taken_at, taken_by) "
            "SELECT r.id, p.image_id, p.original_id, p.crop, p.channel, p.taken_at, p.taken_by "
            "FROM residents_resident r, cards_photo p WHERE r.id <> p.resident_id"
        )
        cursor.execute("ANALYZE cards_photo")
