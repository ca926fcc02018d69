"""采集照片: the holder's photo is taken, judged, made to the card's measure and kept beside its original."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.album import PhotoRow, photo_limits, photo_row
from yikatong.cards.models import Photo
from yikatong.cards.pictures import Box, make_photo, watermarked
from yikatong.cards.services.admission import not_alive
from yikatong.cards.services.keeping import keep
from yikatong.office.act import Act
from yikatong.residents.queries import person

FONT = "NotoSansSC-Regular.ttf"


def take_photo(
    act: Act, *, resident_id: int, original: bytes, channel: str, crop: Box | None = None
) -> PhotoRow | Refused:
    """Keep a photo of this person; `crop` is (left, top, width, height) in the upright original.

    The server makes the photo itself from the original, whatever the page showed. It stands from now on; photos of
    before stay. Refused: `order.unknown_person`, `order.deceased`, `photo.*` (`pictures.make_photo`).
    """
    refused = not_alive(person(resident_id))
    if refused is not None:
        return refused
    made = make_photo(original, crop, photo_limits(act.today))
    if isinstance(made, Refused):
        return made
    image = keep(act, made)
    photo = Photo.objects.create(
        resident_id=resident_id,
        image=image,
        original=keep(act, original),
        crop=",".join(map(str, crop or ())),
        channel=channel,
        taken_at=act.at,
        taken_by=act.actor.code,
    )
    act.record(
        facts.PHOTO_TAKEN,
        subject=f"photo:{photo.pk}",
        person=resident_id,
        channel=channel,
        digest=bytes(image.digest).hex(),
        bytes=image.bytes,
    )
    return photo_row(photo)


def look_at_photo(act: Act, *, resident_id: int, purpose: str) -> bytes | Refused:
    """The photo that stands for this person, as a JPEG with who looks and when across it. The look is recorded.

    Refused: `look.purpose_missing`, `photo.none`.
    """
    if not purpose.strip():
        return purpose_missing()
    photo = Photo.objects.select_related("image").filter(resident=resident_id).order_by("-id").first()
    if photo is None:
        return Refused("photo.none", "还没有照片。", "There is no photo yet.")
    act.record(
        facts.PHOTO_LOOKED,
        subject=f"photo:{photo.pk}",
        person=resident_id,
        purpose=purpose.strip()[:60],
        digest=bytes(photo.image.digest).hex(),
    )
    return marked(act, photo.image.content)


def purpose_missing() -> Refused:
    return Refused("look.purpose_missing", "请填写查看用途。", "Say what you look for.", at="purpose")


def marked(act: Act, content: bytes) -> bytes:
    """A picture with who looks and when across it."""
    text = f"{act.actor.name} {timezone.localtime(act.at):%Y-%m-%d %H:%M}"
    return watermarked(content, text, str(settings.FONTS_FOLDER / FONT))
