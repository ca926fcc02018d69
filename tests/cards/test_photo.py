"""采集照片: what the card's measure takes and what it does not, and who must have a photo."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Picture
from PIL import ImageChops, ImageDraw

from tests.cards.factories import CLERK, DESK, MORNING, acting, apply, code, entries, resident, states
from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.cards import album
from yikatong.cards.models import Image, Photo
from yikatong.cards.pictures import PhotoLimits, make_photo, watermarked
from yikatong.cards.services.match import send_to_match
from yikatong.cards.services.photo import look_at_photo, take_photo
from yikatong.office.models import Entry
from yikatong.simulation.portraits import portrait

LIMITS = PhotoLimits(358, 441, 350, 9, 20, 225, 90)


def a_picture(size=(716, 882), ground=(250, 250, 250), form="JPEG", mode="RGB", grain=True, **how) -> bytes:
    """The demo's silhouette enlarged onto a ground of this colour."""
    inside = Picture.open(io.BytesIO(portrait())).resize(size)
    mask = inside.convert("L").point([255 if value < 235 else 0 for value in range(256)])
    picture = Picture.new("RGB", size, ground)
    picture.paste(inside if grain else (90, 90, 90), mask=mask)
    out = io.BytesIO()
    picture.convert(mode).save(out, form, **how)
    return out.getvalue()


# --- the measure (pure) -----------------------------------------------------------------------------------------


def test_a_photo_comes_out_at_the_cards_measure():
    made = make_photo(a_picture(), None, LIMITS)
    assert isinstance(made, bytes) and 9 * 1024 <= len(made) <= 20 * 1024
    with Picture.open(io.BytesIO(made)) as picture:
        assert (picture.format, picture.size, picture.mode) == ("JPEG", (358, 441), "RGB")
        assert picture.info["dpi"] == (350, 350)
        assert "exif" not in picture.info


@settings(max_examples=25)
@given(st.integers(0, 120), st.integers(0, 60), st.integers(0, 250))
def test_any_part_of_the_right_shape_gives_the_right_size(left, top, more):
    width = 358 + more
    made = make_photo(a_picture((1000, 1232)), (left, top, width, round(width * 441 / 358)), LIMITS)
    if isinstance(made, bytes):
        assert Picture.open(io.BytesIO(made)).size == (358, 441) and 9216 <= len(made) <= 20480
    else:
        assert made.code in ("photo.background", "photo.nobody")  # part of a head, or a wall


def test_a_photo_lying_on_its_side_is_set_upright():
    sideways = Picture.open(io.BytesIO(a_picture())).rotate(90, expand=True)
    notes = Picture.Exif()
    notes[0x0112] = 6  # "turn me clockwise"
    out = io.BytesIO()
    sideways.save(out, "JPEG", exif=notes, quality=95)
    assert isinstance(make_photo(out.getvalue(), (0, 0, 716, 882), LIMITS), bytes)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "photo.missing"),
        (b"GIF89a", "photo.broken"),
        (a_picture()[:9000], "photo.broken"),
        (b"\xff\xd8\xff" + bytes(100), "photo.broken"),
        (a_picture(form="PNG"), "photo.broken"),
        (a_picture(mode="L"), "photo.not_colour"),
        (a_picture(mode="CMYK"), "photo.not_colour"),
        (a_picture((357, 441)), "photo.too_small"),
        (a_picture(ground=(120, 150, 220)), "photo.background"),
        (a_picture(ground=(250, 250, 200)), "photo.background"),
        (b"\xff" * (13 * 1024 * 1024), "photo.too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_photo_for_a_card_is_refused_with_its_reason(content, reason):
    result = make_photo(content, None, LIMITS)
    assert code(result) == reason and result.zh and result.en


def test_a_white_sheet_is_nobody():
    out = io.BytesIO()
    Picture.new("RGB", (716, 882), "white").save(out, "JPEG")
    assert code(make_photo(out.getvalue(), None, LIMITS)) == "photo.nobody"


def test_a_drawing_without_grain_is_no_portrait():
    strict = replace(LIMITS, least_kb=19)
    assert code(make_photo(a_picture(grain=False, quality=100), None, strict)) == "photo.not_a_portrait"


def test_a_head_that_claims_more_pixels_than_anyone_has_is_not_unpacked():
    content = bytearray(a_picture())
    at = content.index(b"\xff\xc0") + 5  # the frame's height and width
    content[at : at + 4] = b"\xff\xff\xff\xff"
    assert code(make_photo(bytes(content), None, LIMITS)) == "photo.too_many_pixels"


@pytest.mark.parametrize(
    ("crop", "reason"),
    [
        ((400, 0, 358, 441), "photo.crop_outside"),
        ((0, 500, 358, 441), "photo.crop_outside"),
        ((0, 0, 200, 246), "photo.too_small"),
        ((0, 0, 700, 450), "photo.shape"),
    ],
)
def test_the_frame_is_judged_again_whatever_the_page_sent(crop, reason):
    assert code(make_photo(a_picture(), crop, LIMITS)) == reason


def test_a_watermark_covers_the_picture_and_keeps_nothing_behind_it_whole():
    from django.conf import settings as house

    plain = make_photo(a_picture(), None, LIMITS)
    marked = watermarked(plain, "何敏 2025-03-10 09:00", str(house.FONTS_FOLDER / "NotoSansSC-Regular.ttf"))
    before = Picture.open(io.BytesIO(plain)).convert("RGB").resize((358, 441))
    after = Picture.open(io.BytesIO(marked)).convert("RGB").resize((358, 441))
    for box in ((0, y, 358, y + 63) for y in range(0, 441, 63)):  # every strip of it
        darker = ImageChops.subtract(before.crop(box), after.crop(box)).getextrema()[1][1]
        assert darker > 60, box


# --- kept, looked at, waited for --------------------------------------------------------------------------------


def take(person, content=None, actor=CLERK, **how):
    with acting(actor) as act:
        return take_photo(
            act, resident_id=person.pk, original=content or a_picture(), channel="window", **how
        )


@pytest.mark.usefixtures("centre")
class TestKept:
    def test_the_original_is_kept_beside_the_photo_and_both_are_sealed(self):
        person, original = resident(photo=False), a_picture()
        row = take(person, original)
        photo = Photo.objects.get()
        assert (row.width, row.height) == (358, 441) and 9216 <= row.bytes <= 20480
        assert photo.original.content == original and photo.image.content.startswith(b"\xff\xd8")
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM cards_image")
            kept = [bytes(content) for (content,) in cursor.fetchall()]
        assert len(kept) == 2 and not any(b"JFIF" in content for content in kept)

    def test_the_entry_carries_the_digest_and_not_the_picture(self):
        row = take(resident(photo=False))
        entry = Entry.objects.get(kind="card.photo_taken")
        photo = Photo.objects.get(pk=row.id)
        assert entry.payload["digest"] == sm3(photo.image.content).hex()
        assert entry.person == row.resident_id

    def test_the_same_bytes_are_one_row_and_the_latest_photo_stands(self):
        person = resident(photo=False)
        take(person)
        take(person)
        other = take(person, a_picture((800, 986)))
        assert Photo.objects.count() == 3 and Image.objects.count() == 4
        assert album.photo_of(person.pk).id == other.id

    def test_nobody_photographs_the_dead(self):
        assert code(take(resident(photo=False, state="dead"))) == "order.deceased"

    def test_a_refused_photo_leaves_nothing(self):
        assert code(take(resident(photo=False), b"nothing")) == "photo.broken"
        assert not Photo.objects.exists() and not Image.objects.exists()

    def test_the_city_says_how_large(self):
        from tests.cards.in_hand import set_rule

        set_rule("card.photo_kb", [14, 40])
        assert 14 * 1024 <= take(resident(photo=False)).bytes <= 40 * 1024

    def test_a_look_is_journalled_with_its_purpose_and_none_happens_without_one(self):
        person = resident(photo=False)
        take(person)
        with acting() as act:
            assert code(look_at_photo(act, resident_id=person.pk, purpose=" ")) == "look.purpose_missing"
        with acting() as act:
            shown = look_at_photo(act, resident_id=person.pk, purpose="发卡")
        assert shown.startswith(b"\xff\xd8")
        entry = Entry.objects.get(kind="card.photo_looked")
        assert (entry.person, entry.payload["purpose"]) == (person.pk, "发卡")


@pytest.mark.usefixtures("centre")
def test_nothing_is_kept_when_the_journal_refuses(journal_refuses):
    person = resident(photo=False)
    with journal_refuses():
        take(person)
    assert not Photo.objects.exists() and not Image.objects.exists()


@pytest.mark.usefixtures("centre")
def test_nothing_is_shown_when_the_journal_refuses(journal_refuses):
    person = resident(photo=False)
    take(person)
    with journal_refuses(), acting() as act:
        look_at_photo(act, resident_id=person.pk, purpose="发卡")
    assert entries("card.photo_looked") == 0


@pytest.mark.usefixtures("centre")
class TestWaitedFor:
    def send(self) -> int:
        with acting(DESK) as act:
            return send_to_match(act)

    def test_an_application_without_its_photo_waits_and_goes_once_it_is_there(self):
        person = resident(photo=False)
        order = apply(person)
        assert self.send() == 0 and states([order]) == ["submitted"]
        assert [row.number for row in album.waiting_for_photo(MORNING.date())] == [order.number]
        take(person)
        assert not album.waiting_for_photo(MORNING.date())
        assert self.send() == 1 and states([order]) == ["checking"]

    def test_the_others_are_not_held_up(self):
        with_photo, without = apply(resident()), apply(resident(photo=False))
        assert self.send() == 1
        assert states([with_photo, without]) == ["checking", "submitted"]

    @pytest.mark.parametrize(
        ("born", "needs"),
        [(date(2018, 3, 10), True), (date(2018, 3, 11), False), (date(2025, 1, 1), False), (None, True)],
    )
    def test_the_photo_is_owed_from_the_seventh_birthday(self, born, needs):
        assert album.needs_photo(born, date(2025, 3, 10)) is needs
        if born is not None:
            person = resident(birth=born, photo=False, guardian=True)
            apply(person)
            assert self.send() == (0 if needs else 1)

    def test_a_leap_days_child_counts_years_on_the_28th(self):
        assert album.needs_photo(date(2017, 2, 28), date(2024, 2, 29))
        assert not isinstance(album.needs_photo(None, date(2024, 2, 29)), Refused)


def test_the_demos_portrait_fits_every_centre():
    """What the demo's people show must be good enough for the rule, or the whole city waits."""
    picture = Picture.open(io.BytesIO(portrait()))
    ImageDraw.Draw(picture)  # decodes
    assert isinstance(make_photo(portrait(), None, LIMITS), bytes)
