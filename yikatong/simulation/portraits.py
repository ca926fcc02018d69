"""A face nobody has, and a signature nobody wrote: what the demo city's people show where a camera would look."""

from __future__ import annotations

import io
from functools import cache
from random import Random

from PIL import Image, ImageDraw


@cache
def portrait() -> bytes:
    """A grey silhouette before a white wall, 358 by 441 pixels, JPEG; always the same bytes.

    The grain is that of a camera: without it the photo could not be made as large as the rule wants it.
    """
    picture = Image.new("RGB", (716, 882), (250, 250, 250))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((90, 600, 626, 1200), fill=(70, 84, 110))
    pen.rectangle((298, 520, 418, 680), fill=(176, 150, 132))
    pen.ellipse((223, 190, 493, 580), fill=(196, 170, 152))
    pen.pieslice((213, 160, 503, 520), 180, 360, fill=(40, 38, 40))
    grain = Image.frombytes("L", (358, 441), Random(358).randbytes(358 * 441)).resize(picture.size)
    coarse = Image.merge("RGB", (grain, grain, grain))
    inside = picture.convert("L").point([255 if value < 230 else 0 for value in range(256)])
    picture.paste(Image.blend(picture, coarse, 0.06), mask=inside)
    out = io.BytesIO()
    # Smaller than a camera's picture, so that three hundred of them do not hold up the demo.
    picture.resize((358, 441)).save(out, "JPEG", quality=95, subsampling=0)
    return out.getvalue()


@cache
def signature() -> bytes:
    """A few strokes, PNG; always the same bytes."""
    picture = Image.new("L", (600, 200), 255)
    pen = ImageDraw.Draw(picture)
    pen.line(
        [(60, 120), (140, 60), (150, 150), (240, 70), (300, 140), (420, 80), (520, 120)], fill=0, width=5
    )
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
