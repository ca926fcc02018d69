"""照片期满: the photo of a person is kept as long as a card of theirs lives, and a while after."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from yikatong.cards import facts
from yikatong.cards.rules import ENDED, OPEN_STATES
from yikatong.office import rulebook
from yikatong.office.act import Act

PHOTO_DAYS = "keep.photo_days"
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
