"""Pure, over bytes: the holder's photo made to the card's measure, signatures, photos of receivers, watermarks.

Nothing is kept of an upload but its pixels: what leaves here was decoded and encoded anew, so that neither a camera's
notes (place, device) nor anything hidden in a file comes into the house. Originals are kept as they came, sealed.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

from yikatong.basics.refused import Refused

LARGEST_FILE = 12 * 1024 * 1024  # bytes; a good camera's JPEG has less
MOST_PIXELS = 60_000_000  # judged by the head of the file, before anything is unpacked
LEAST_INK = 60  # dark pixels; fewer are a slip of the hand, no signature
COLOUR_CAST = 24  # a white wall's channels differ by less
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class PhotoLimits:
    """A city's measure of a photo, from its dated rules: pixels, dots per inch, kilobytes (1,024 bytes), and how
    light a background pixel must be (0-255) in how many of 100 places."""

    width: int
    height: int
    dpi: int
    least_kb: int
    most_kb: int
    white_level: int
    white_percent: int


def make_photo(original: bytes, crop: Box | None, limits: PhotoLimits) -> bytes | Refused:
    """A JPEG of exactly the limits' pixels, 24-bit RGB, within their kilobytes, from the part `crop` of the original.

    `crop` is (left, top, width, height) in pixels of the upright picture; without one the largest middle part of the
    right shape is taken. Refused: `photo.*` with what to do. Sources: domain.md 1.9 (GA 461-2004).
    """
    picture = opened(original, ("JPEG",), "photo")
    if isinstance(picture, Refused):
        return picture
    if picture.mode != "RGB":
        return Refused(
            "photo.not_colour", "照片应为24位彩色。", "The photo must be in 24-bit colour.", at="photo"
        )
    part = crop or _middle(picture.size, limits)
    refused = _part_wrong(part, picture.size, limits)
    if refused is not None:
        return refused
    left, top, width, height = part
    cut = picture.resize(
        (limits.width, limits.height), Image.Resampling.LANCZOS, (left, top, left + width, top + height)
    )
    refused = _background(cut, limits)
    return refused if refused is not None else _within(cut, limits)


def opened(content: bytes, formats: tuple[str, ...], field: str) -> Image.Image | Refused:
    """The whole picture, upright and decoded; refused where it is too large, broken or none of `formats`."""
    if not content:
        return Refused("photo.missing", "请选择照片文件。", "Choose a picture.", at=field)
    if len(content) > LARGEST_FILE:
        most = LARGEST_FILE // 1024 // 1024
        return Refused(
            "photo.too_large", f"文件超过 {most} MB。", f"The file is larger than {most} MB.", at=field
        )
    try:
        picture = Image.open(io.BytesIO(content), formats=formats)
        if picture.width * picture.height > MOST_PIXELS:
            return _too_many_pixels(field)
        picture.load()
        return ImageOps.exif_transpose(picture)
    except Image.DecompressionBombError:
        return _too_many_pixels(field)
    except (OSError, SyntaxError, ValueError):
        names = "、".join(formats)
        return Refused(
            "photo.broken",
            f"文件不是完好的 {names} 图片，请重拍或换一张。",
            f"This is no sound {names} picture; take another.",
            at=field,
        )


def _too_many_pixels(field: str) -> Refused:
    return Refused(
        "photo.too_many_pixels",
        "照片像素过多，请缩小后再传。",
        "The picture has too many pixels; make it smaller.",
        at=field,
    )


def _middle(size: tuple[int, int], limits: PhotoLimits) -> Box:
    width, height = size
    wide = min(width, height * limits.width // limits.height)
    high = min(height, width * limits.height // limits.width)
    return (width - wide) // 2, (height - high) // 2, wide, high


def _part_wrong(part: Box, size: tuple[int, int], limits: PhotoLimits) -> Refused | None:
    left, top, width, height = part
    if left < 0 or top < 0 or left + width > size[0] or top + height > size[1]:
        return Refused(
            "photo.crop_outside", "裁剪框超出照片。", "The frame lies outside the picture.", at="photo"
        )
    if width < limits.width or height < limits.height:
        return Refused(
            "photo.too_small",
            f"所选部分不足 {limits.width}×{limits.height} 像素，放大会模糊；请用更清晰的照片或选大一些。",
            f"The part chosen is smaller than {limits.width}×{limits.height} pixels; use a sharper picture.",
            at="photo",
        )
    # Whole pixels: one more or less on either side is no distortion.
    if abs(width * limits.height - height * limits.width) > limits.width + limits.height:
        return Refused(
            "photo.shape",
            f"所选部分的长宽比应为 {limits.width}:{limits.height}。",
            f"The part chosen must have the shape {limits.width}:{limits.height}.",
            at="photo",
        )
    return None


def white_percent(picture: Image.Image, box: Box, level: int) -> int:
    """How many of 100 pixels of the box (left, top, right, bottom) are white: light enough and without a cast."""
    red, green, blue = picture.crop(box).split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    lightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    light = darkest.point([255 if value >= level else 0 for value in range(256)])
    grey = ImageChops.subtract(lightest, darkest).point(
        [255 if value <= COLOUR_CAST else 0 for value in range(256)]
    )
    white = ImageChops.darker(light, grey).histogram()[255]
    return white * 100 // (darkest.width * darkest.height)


def _background(picture: Image.Image, limits: PhotoLimits) -> Refused | None:
    """White along the top and beside the head; a person in the middle."""
    width, height = picture.size
    edges = (
        (0, 0, width, height * 6 // 100),
        (0, 0, width * 8 // 100, height // 2),
        (width - width * 8 // 100, 0, width, height // 2),
    )
    worst = min(white_percent(picture, edge, limits.white_level) for edge in edges)
    if worst < limits.white_percent:
        return Refused(
            "photo.background",
            f"背景不是白色（边缘白色占 {worst}%，要求 {limits.white_percent}%），请在白墙前重拍或调整裁剪框。",
            f"The background is not white ({worst} % of an edge, {limits.white_percent} % needed).",
            at="photo",
        )
    middle = (width * 3 // 10, height // 4, width * 7 // 10, height * 3 // 4)
    if white_percent(picture, middle, limits.white_level) > 50:
        return Refused(
            "photo.nobody",
            "照片中间没有人像，请检查是否选错了文件。",
            "There is nobody in the middle of the picture.",
            at="photo",
        )
    return None


def _within(picture: Image.Image, limits: PhotoLimits) -> bytes | Refused:
    """The best quality that fits. A higher quality is never smaller, so halving finds it in seven tries."""
    low, high, best = 20, 100, b""
    while low <= high:
        quality = (low + high) // 2
        content = _jpeg(picture, quality, limits.dpi)
        if len(content) <= limits.most_kb * 1024:
            low, best = quality + 1, content
        else:
            high = quality - 1
    if len(best) < limits.least_kb * 1024:
        return Refused(
            "photo.not_a_portrait",
            f"照片无法做成 {limits.least_kb}–{limits.most_kb} KB，不像实拍人像，请换一张。",
            f"This cannot be made {limits.least_kb}-{limits.most_kb} KB; it does not look like a real portrait.",
            at="photo",
        )
    return best


def _jpeg(picture: Image.Image, quality: int, dpi: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, subsampling=0, dpi=(dpi, dpi))
    return out.getvalue()


def tidy_receiver(content: bytes) -> bytes | Refused:
    """A receiver's photo as a JPEG of at most 800 pixels a side. Refused: `photo.*`."""
    picture = opened(content, ("JPEG", "PNG"), "receiver_photo")
    if isinstance(picture, Refused):
        return picture
    plain = picture.convert("RGB")
    plain.thumbnail((800, 800))
    return _jpeg(plain, 80, 96)


def tidy_signature(content: bytes) -> bytes | Refused:
    """A signature, drawn or scanned, as a grey PNG of at most 800 pixels a side.

    Refused: `photo.*`, `signature.blank` where hardly anything is drawn.
    """
    picture = opened(content, ("PNG", "JPEG"), "signature")
    if isinstance(picture, Refused):
        return picture
    ground = Image.new("RGBA", picture.size, "white")
    grey = Image.alpha_composite(ground, picture.convert("RGBA")).convert("L")
    grey.thumbnail((800, 800))
    if sum(grey.histogram()[:128]) < LEAST_INK:
        return Refused(
            "signature.blank",
            "签名是空白的，请重新签名；不能签名的请选择原因。",
            "The signature is blank: sign again, or say why it cannot be signed.",
            at="signature",
        )
    out = io.BytesIO()
    grey.save(out, "PNG", optimize=True)
    return out.getvalue()


def watermarked(content: bytes, text: str, font_file: str) -> bytes:
    """A JPEG of a picture of ours with `text` (who looks, when) across it, where it cannot be cut away."""
    with Image.open(io.BytesIO(content)) as opened_picture:
        picture = opened_picture.convert("RGB")
    if picture.width < 360:
        picture = picture.resize((360, picture.height * 360 // picture.width))
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    pen, font = ImageDraw.Draw(layer), ImageFont.truetype(font_file, 15)
    step = int(pen.textlength(text, font=font)) + 30
    for line, height in enumerate(range(10, picture.height, 56)):
        for left in range(-(line % 2) * step // 2, picture.width, step):
            pen.text(
                (left, height),
                text,
                font=font,
                fill=(150, 0, 0, 120),
                stroke_width=1,
                stroke_fill=(255, 255, 255, 90),
            )
    return _jpeg(Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB"), 85, 96)


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height of a picture of ours."""
    with Image.open(io.BytesIO(content)) as picture:
        return picture.size
