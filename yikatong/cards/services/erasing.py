# ruff: noqa: S608 - only our own conditions are put into the text; values go as parameters
"""保存期满: the photo of a person is kept as long as a card of theirs lives, and a while after; what else a card and its
application told of people as long as rule keep.card_years says after both have ended (ADR 12)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from yikatong.cards import facts
from yikatong.cards.rules import CLOSED, ENDED, OPEN_STATES
from yikatong.office import rulebook
from yikatong.office.act import Act

PHOTO_DAYS = "keep.photo_days"
CARD_YEARS = "keep.card_years"
# A person is all their records; pictures that prove a hand-over stay with the card.
_PHOTOS = """
WITH people AS (SELECT id, coalesce(merged_into_id, id) AS person FROM residents_resident),
     needed AS (SELECT p.person FROM cards_card c JOIN people p ON p.id = c.resident_id
                 WHERE c.state <> %(ended)s OR c.state_since >= %(before)s
                 UNION SELECT p.person FROM cards_order o JOIN people p ON p.id = o.resident_id
                 WHERE o.state = ANY(%(open)s) OR o.state_since >= %(before)s)
DELETE FROM cards_photo f USING people p
 WHERE p.id = f.resident_id AND f.taken_at < %(before)s AND p.person NOT IN (SELECT person FROM needed)
RETURNING f.resident_id, f.image_id, f.original_id
"""
_IMAGES = """
DELETE FROM cards_image i WHERE i.id = ANY(%(images)s)
   AND NOT EXISTS (SELECT FROM cards_photo f WHERE i.id IN (f.image_id, f.original_id))
   AND NOT EXISTS (SELECT FROM cards_handover h WHERE i.id IN (h.signature_id, h.photo_id))
"""


def erase_photos(act: Act) -> int:
    """Erase photos and their originals of people who have had no card and no application for as many days as rule
    keep.photo_days says; returns how many photos went. The journal keeps how many, of how many people."""
    before = act.at - timedelta(days=rulebook.whole(PHOTO_DAYS, act.today))
    with connection.cursor() as cursor:
        cursor.execute(_PHOTOS, {"ended": ENDED.code, "open": list(OPEN_STATES), "before": before})
        gone = cursor.fetchall()
        if not gone:
            return 0
        images = {image for _, *pair in gone for image in pair}
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(_IMAGES, {"images": list(images)})
    act.record(facts.PHOTOS_ERASED, photos=len(gone), people=len({person for person, *_ in gone}))
    return len(gone)


# A card that ended long enough ago; an order that was closed as long ago, and whose card, if it became one, is such.
_CARDS = "SELECT c.id FROM cards_card c WHERE c.state = %(ended)s AND c.state_since < %(before)s"
_ORDERS = """
SELECT o.id FROM cards_order o LEFT JOIN cards_card c ON c.order_id = o.id
 WHERE o.state = ANY(%(closed)s) AND o.state_since < %(before)s
   AND (c.id IS NULL OR c.state = %(ended)s AND c.state_since < %(before)s)
"""
_ACCOUNTS = f"""
UPDATE cards_card SET bank_pan = '', card_identifier = '', card_reset = '', collected_by = ''
 WHERE id IN ({_CARDS}) AND bank_pan <> ''
"""
_WISHES = f"""
UPDATE cards_order SET bank_pan = '', bank_pan_key = '', problem_text = ''
 WHERE id IN ({_ORDERS}) AND (bank_pan <> '' OR problem_text <> '')
"""
_PROOFS = f"DELETE FROM cards_handover WHERE card_id IN ({_CARDS}) RETURNING signature_id, photo_id"
_POSTINGS = f"DELETE FROM cards_posting WHERE order_id IN ({_ORDERS})"
_AGENTS = f"""
DELETE FROM cards_agency WHERE subject IN (SELECT 'card:' || g.id FROM ({_CARDS}) AS g
                                           UNION ALL SELECT 'order:' || g.id FROM ({_ORDERS}) AS g)
"""
# Agents of a unit came for many; they go with the last of the orders they came for.
_LIST_AGENTS = f"""
DELETE FROM cards_listagent a USING cards_listhandover h
 WHERE h.id = a.hand_over_id AND h.at < %(before)s
   AND NOT EXISTS (SELECT FROM cards_listline l WHERE l.application_list_id = h.application_list_id
                      AND l.order_id IS NOT NULL AND l.order_id NOT IN ({_ORDERS}))
"""


def erase_closed_cards(act: Act) -> int:
    """Erase what ended cards and closed orders told of people, rule keep.card_years after their end: the account, who
    collected it with signature and photo, who came instead or for a
    whole list, where it was posted; returns how many rows went.

    Number, states, days and money of card and order stay, and so does the journal, which never held more than masked
    particulars. It says how many of each went.
    """
    years = rulebook.whole(CARD_YEARS, act.today)
    question: dict[str, Any] = {
        "before": act.at - timedelta(days=years * 366),
        "ended": ENDED.code,
        "closed": [state.code for state in CLOSED],
    }
    gone: dict[str, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PROOFS, question)
        pictures = cursor.fetchall()
        gone["proofs"] = len(pictures)
        for what, statement in (
            ("agents", _AGENTS),
            ("list_agents", _LIST_AGENTS),
            ("postings", _POSTINGS),
            ("cards", _ACCOUNTS),
            ("orders", _WISHES),
        ):
            cursor.execute(statement, question)
            gone[what] = cursor.rowcount
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        images = [image for pair in pictures for image in pair if image is not None]
        cursor.execute(_IMAGES, {"images": images})
    if any(gone.values()):
        act.record(facts.CARDS_ERASED, **gone)
    return sum(gone.values())
