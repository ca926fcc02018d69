"""Reads about pictures: whether somebody has a photo, who still lacks one, what proves a hand-over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yikatong.cards.models import HandOver, Order, Photo
from yikatong.cards.pictures import PhotoLimits
from yikatong.cards.rows import OrderRow, order_row
from yikatong.cards.rules import SUBMITTED
from yikatong.cards.standing import Receiver
from yikatong.office.prepared import Prepared
from yikatong.office.rulebook import ruling, whole
from yikatong.office.scope import Scope


@dataclass(frozen=True)
class PhotoRow:
    """The photo that stands for a person: pixels and bytes of what goes on the card."""

    id: int
    resident_id: int
    width: int
    height: int
    bytes: int
    channel: str
    taken_at: datetime


@dataclass(frozen=True)
class HandOverRow:
    """What proves a hand-over, without the pictures themselves: those are shown with a purpose."""

    card_id: int
    role: Receiver
    name: str
    letter: str
    signed: bool
    unsigned_reason: str
    photographed: bool
    no_photo_reason: str
    at: datetime


def photo_of(resident_id: int) -> PhotoRow | None:
    """The photo that stands for this person, None where there is none."""
    row = Photo.objects.select_related("image").defer("image__content").filter(resident=resident_id)
    found = row.order_by("-id").first()
    return photo_row(found) if found else None


def photo_row(photo: Photo) -> PhotoRow:
    """Needs `image` loaded."""
    image = photo.image
    return PhotoRow(
        photo.pk, photo.resident_id, image.width, image.height, image.bytes, photo.channel, photo.taken_at
    )


def photo_limits(today: date) -> PhotoLimits:
    """The city's measure of a photo on that day."""
    size, kilobytes, white = (
        ruling(code, today).value for code in ("card.photo_size", "card.photo_kb", "card.photo_white")
    )
    return PhotoLimits(*size, *kilobytes, *white)


def needs_photo(birth_on: date | None, today: date) -> bool:
    """Whether somebody born on that day has a photo on the card; where the day is not known, they do."""
    return birth_on is None or birth_on <= _born_latest(today)


def _born_latest(today: date) -> date:
    # Whoever was born on 29 February is a year older on 1 March: 28 February counts no day too early.
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year - whole("card.photo_from_age", today), day=day)


def lacking_photo(orders: QuerySet[Order], today: date) -> QuerySet[Order]:
    """Those of the orders whose applicant is of the age for a photo and has none."""
    return _lacking_photo(orders, _born_latest(today))


def _lacking_photo(orders: QuerySet[Order], born_latest: date) -> QuerySet[Order]:
    has = Exists(Photo.objects.filter(resident=OuterRef("resident_id")))
    of_age = Q(resident__birth_on__isnull=True) | Q(resident__birth_on__lte=born_latest)
    return orders.filter(of_age).exclude(has)


def people_lacking_photo(resident_ids: Sequence[int], today: date) -> int:
    """How many of these people are of the age for a photo and have none: their orders will wait for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM residents_resident r WHERE r.id = ANY(%s::bigint[]) "
            "AND (r.birth_on IS NULL OR r.birth_on <= %s) "
            "AND NOT EXISTS (SELECT 1 FROM cards_photo p WHERE p.resident_id = r.id)",
            [list(resident_ids), _born_latest(today)],
        )
        return int(cursor.fetchone()[0])


def waiting_for_photo(
    today: date, scope: Scope | None = None, limit: int = 50, offset: int = 0
) -> tuple[OrderRow, ...]:
    """缺照片: applications that cannot be sent on before their photo is there, the longest waiting first."""
    rows = lacking_photo(_submitted(scope), today).select_related("outlet", "batch")
    return tuple(map(order_row, rows.order_by("state_since", "id")[offset : offset + limit]))


def count_waiting_for_photo(today: date, scope: Scope | None = None) -> int:
    """How many those are."""
    (count,) = _lacking(_born_latest(today), scope).first() or (0,)
    return int(count)


@lru_cache(maxsize=64)
def _lacking(born_latest: date, scope: Scope | None) -> Prepared[Order]:
    return Prepared(
        lambda: (
            _lacking_photo(_submitted(scope), born_latest)
            .order_by()
            .values("state")
            .annotate(number_of=Count("id"))
            .values_list("number_of")
        )
    )


def _submitted(scope: Scope | None) -> QuerySet[Order]:
    rows = Order.objects.filter(state=SUBMITTED.code)
    return rows if scope is None else scope.narrow(rows, outlet="outlet__code")


def hand_over_of(card_id: int) -> HandOverRow | None:
    """What proves the hand-over of this card; None for cards that were never handed over here with proof."""
    row = HandOver.objects.filter(card=card_id).first()
    if row is None:
        return None
    return HandOverRow(
        row.card_id,
        Receiver(row.role),
        row.name,
        row.letter,
        row.signature_id is not None,
        row.unsigned_reason,
        row.photo_id is not None,
        row.no_photo_reason,
        row.at,
    )
