"""Who walks: people of all ages with their photos, some with a guardian, some with a card from before."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from django.db import connection
from PIL import Image, ImageDraw

from yikatong.basics.refused import Refused
from yikatong.basics.regions import counties_of
from yikatong.bench import _ground as ground
from yikatong.bench._life import Life
from yikatong.bench._pieces import Piece, ten_years_from
from yikatong.cards.services.adopt import ExistingCard, adopt_cards
from yikatong.cards.services.photo import take_photo
from yikatong.office.act import Act, Door, open_act
from yikatong.office.wires.simulators.bank import account
from yikatong.residents.services import GuardianInput, NewPerson, add_guardian, load_people
from yikatong.simulation.people import Crowd, Newcomer

_SAME_PHOTO = """
INSERT INTO cards_photo (resident_id, image_id, original_id, crop, channel, taken_at, taken_by)
SELECT r, p.image_id, p.original_id, p.crop, p.channel, p.taken_at, p.taken_by
  FROM (SELECT * FROM cards_photo ORDER BY id LIMIT 1) p, unnest(%s::bigint[]) AS r WHERE r <> p.resident_id"""


class Newcomers:
    """Brings people into the house by the services that bring anybody in."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.crowd = Crowd(
            random, ground.CITY, tuple(c.code for c in counties_of(ground.CITY)), date(2025, 3, 3)
        )
        self._serial = count(1)
        self._photo = b""

    def come(self, how_many: int, at: datetime) -> list[Life]:
        """So many new lives, as of this moment: one in eight a child, of whom most have a guardian; half hold a card."""
        people = [self._somebody(at.date()) for _ in range(how_many)]
        with open_act(ground.BENCH, door=Door.TASK, at=at) as act:
            load_people(act, (NewPerson(p.number, p.name, p.region, p.phone) for p in people), "walk")
            with connection.cursor() as cursor:
                cursor.execute("SELECT id FROM residents_resident ORDER BY id DESC LIMIT %s", [how_many])
                keys = sorted(key for (key,) in cursor.fetchall())
            lives = [
                Life(key, person.number, person.name, person.birth_on)
                for key, person in zip(keys, people, strict=True)
            ]
            for life in lives:
                life.grow(at.date())
                if life.minor and self._random.random() < 0.85:
                    self._give_guardian(act, life)
            self._give_photos(act, keys)
            self._give_cards(act, [life for life in lives if self._random.random() < 0.5])
        return lives

    def _somebody(self, today: date) -> Newcomer:
        child = self._random.random() < 0.125
        days = self._random.randint(2 * 366, 12 * 365) if child else self._random.randint(20 * 366, 70 * 365)
        return self.crowd.person(today - timedelta(days=days))

    def _give_guardian(self, act: Act, life: Life) -> None:
        parent = self.crowd.person(date(1985, 1, 1) + timedelta(days=self._random.randint(0, 3000)))
        given = GuardianInput(parent.name, parent.number, "母亲", "13800000002", "居民户口簿")
        done = add_guardian(act, life.id, guardian=given)
        assert not isinstance(done, Refused), done
        life.guardian = (parent.name, parent.number)

    def _give_photos(self, act: Act, keys: list[int]) -> None:
        if not self._photo:
            self._photo = _portrait()
            done = take_photo(act, resident_id=keys[0], original=self._photo, channel="window")
            assert not isinstance(done, Refused), done
        with connection.cursor() as cursor:
            cursor.execute(_SAME_PHOTO, [keys])

    def _give_cards(self, act: Act, lives: list[Life]) -> None:
        if not lives:
            return  # a list without cards would be refused
        rows, issued = [], act.today - timedelta(days=400)
        until = ten_years_from(issued)
        for life in lives:
            serial = next(self._serial)
            life.card = Piece(f"V{serial:08d}", "610402", until, "1", "normal")
            rows.append(
                ExistingCard(
                    life.number, life.card.no, "610402", "61040201", "102", account("102", f"V{serial:08d}"),
                    issued, until,
                )
            )  # fmt: skip
        done = adopt_cards(act, source="walk", rows=rows)
        assert not isinstance(done, Refused) and done.taken == len(rows), done


def _portrait() -> bytes:
    """A grey oval on white, which the judge of backgrounds takes for a head."""
    picture = Image.new("RGB", (716, 882), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((200, 180, 516, 640), fill=(196, 160, 140))
    for line in range(240):
        draw.line((120, 660 + line % 222, 596, 640 + line % 222), fill=(line, 90, 255 - line), width=1)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=92, dpi=(350, 350))
    return file.getvalue()
