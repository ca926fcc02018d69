"""How people stand in the tables, to be held against what was foretold; and what a life learns from it."""

from __future__ import annotations

from functools import lru_cache

from django.db import connection

from yikatong.basics.ids import DocumentType
from yikatong.bench._life import Life
from yikatong.bench._pieces import Matter, Wish
from yikatong.residents.corrections import digest_of
from yikatong.residents.queries import number_key

Picture = tuple[object, ...]

_SEEN = """
SELECT r.id, r.state, r.name, r.number_key, r.merged_into_id, o.state, o.asked, o.frozen_at IS NOT NULL,
       o.stopped_at IS NOT NULL, o.reminders,
       (SELECT g.state || ' ' || g.waybill FROM cards_posting g WHERE g.order_id = o.id),
       (SELECT f.state FROM cards_fee f WHERE f.order_id = o.id),
       (SELECT s.code FROM cards_placement l JOIN cards_slot s ON s.id = l.slot_id WHERE l.order_id = o.id), o.number, o.card_no, b.number, c.state, c.bank_state,
       c.collected_at IS NOT NULL, c.temporary_loss_until, c.bank_loss_until, c.card_no,
       (SELECT p.action || ' ' || p.state || ' ' || p.unlocks || ' ' || p.request_id FROM cards_pinrequest p
         WHERE p.card_id = c.id AND p.state IN ('asked', 'unknown')),
       (SELECT count(*) FROM cards_pinrequest p WHERE p.card_id = c.id AND p.state = 'done' AND p.unlocks),
       (SELECT array_agg(k.kind || ' ' || k.state || ' ' || k.id || ' ' || CASE k.state WHEN 'proposed'
               THEN k.card_stood || ' ' || k.proposed_by ELSE '- -' END ORDER BY k.id) FROM cards_case k WHERE k.card_id = c.id),
       (SELECT array_agg(w.what || ' ' || w.maker || ' ' || w.id || ' ' || encode(w.digest, 'hex') ORDER BY w.what) FROM residents_correction w
         WHERE w.resident_id = r.id AND w.state = 'asked')
  FROM residents_resident r
  LEFT JOIN LATERAL (SELECT * FROM cards_order WHERE resident_id = r.id ORDER BY id DESC LIMIT 1) o ON true
  LEFT JOIN cards_batch b ON b.id = o.batch_id
  LEFT JOIN LATERAL (SELECT * FROM cards_card WHERE resident_id = r.id ORDER BY id DESC LIMIT 1) c ON true
 WHERE r.id = ANY(%s)"""

_key = lru_cache(maxsize=20_000)(number_key)


class Seen:
    """How a person stands in the tables: the picture that is compared, and the numbers a life learns from it."""

    def __init__(self, row: tuple[object, ...]) -> None:
        (_, lives, name, key, merged, state, asked, frozen, stopped, reminders, post, fee, slot, self.number, self.card_no,
         self.batch, card, bank, collected, until, bank_until, self.no, pin, unlocks, cases, wishes) = row  # fmt: skip
        assert isinstance(key, (bytes, memoryview))
        self.asked = str(asked or "")
        order = None if state is None else (
            state, bool(asked), frozen, stopped, reminders, str(post or "").strip(), fee or "", slot or "",
        )  # fmt: skip
        self.pin = str(pin or "").split()
        piece = None
        if card is not None:
            piece = (card, bank, collected, until, bank_until, " ".join(self.pin[:3]), unlocks)
        self.cases = {kind: (at, int(number), stood, by) for kind, at, number, stood, by in _words(cases)}
        self.wishes = {what: (by, int(number), digest) for what, by, number, digest in _words(wishes)}
        self.picture: Picture = (
            lives, name, bytes(key), merged, order, piece,
            tuple(sorted((k, v[0], v[2], v[3]) for k, v in self.cases.items())),
            tuple(sorted((k, v[0], v[2]) for k, v in self.wishes.items())),
        )  # fmt: skip

    def teach(self, life: Life) -> None:
        if life.order is not None:
            life.order.number, life.order.asked_in = str(self.number), self.asked
            life.order.card_no, life.order.batch = str(self.card_no), str(self.batch or "")
        if life.card is not None:
            life.card.no = str(self.no)
            if life.card.asked is not None:
                life.card.asked.id = self.pin[3]
        for kind, matter in life.cases.items():
            matter.id = self.cases[kind][1]
        for what, wish in life.wishes.items():
            wish.id = self.wishes[what][1]


def seen_now(keys: list[int]) -> dict[int, Seen]:
    """How these people stand now, by id."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [keys])
        return {row[0]: Seen(row) for row in cursor.fetchall()}


def picture(life: Life) -> Picture:
    """A life as `Seen` would show it."""
    o, c = life.order, life.card
    pin = (
        ""
        if c is None or c.asked is None
        else f"{c.asked.action} {c.asked.stands} {str(c.asked.locked).lower()}"
    )
    return (
        life.state, life.name, _key(life.number), life.survivor,
        None if o is None else (
            o.stands, o.asked, o.frozen, o.stopped, o.reminders, f"{o.post} {o.waybill}".strip(), o.fee, o.slot,
        ),
        None if c is None else (c.stands, c.bank, c.collected, c.until, c.bank_until, pin, c.unlocks),
        tuple(sorted((kind, matter.stands, *_proposed(matter)) for kind, matter in life.cases.items())),
        tuple(sorted((what, wish.by, _asked(life, what, wish)) for what, wish in life.wishes.items())),
    )  # fmt: skip


def _proposed(matter: Matter) -> tuple[str, str]:
    """How the card stood when it was proposed and by whom: which of two deeds at once came first shows only there."""
    return (matter.stood, matter.by) if matter.stands == "proposed" else ("-", "-")


def _asked(life: Life, what: str, wish: Wish) -> str:
    """The digest of a correction: whether it was asked before or after another was approved shows only there."""
    standing = (*wish.about, DocumentType.CITIZEN_ID.value)
    return digest_of(life.id, standing, what, **{what: wish.value}).hex()


def _words(texts: object) -> list[list[str]]:
    return [str(each).split() for each in texts] if isinstance(texts, list) else []
