"""Pictures on their way in: kept once, sealed."""

from __future__ import annotations

from yikatong.basics.crypto import sm3
from yikatong.cards.models import Image
from yikatong.cards.pictures import size_of
from yikatong.office.act import Act


def keep(act: Act, content: bytes) -> Image:
    """The row of these bytes, a new one where nobody has shown them before. `act` is whose transaction it is."""
    digest = sm3(content)
    found = Image.objects.filter(digest=digest).first()
    if found is not None:
        return found
    width, height = size_of(content)
    # Two counters with the same bytes at once: one row is kept, both find it.
    Image.objects.bulk_create(
        [Image(digest=digest, content=content, bytes=len(content), width=width, height=height)],
        ignore_conflicts=True,
    )
    return Image.objects.get(digest=digest)
