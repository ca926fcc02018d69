"""照片期满: a photo goes when nothing of its person's cards lives any more, and nobody else's with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cards import in_hand
from tests.cards.factories import give_photo
from tests.cards.in_hand import NOON, a_card, a_person, an_order, at
from yikatong.cards.models import Image, Photo
from yikatong.cards.services.erasing import erase_photos
from yikatong.office.models import Entry
from yikatong.residents.models import Resident

LATER = NOON + timedelta(days=91)


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def with_photo(state: str = "9") -> Resident:
    card = a_card(state=state, bank="closed" if state == "9" else "normal")
    give_photo(card.resident)
    return card.resident


def erased(moment=LATER) -> int:
    with at(moment) as act:
        return erase_photos(act)


def test_a_photo_is_kept_as_long_as_a_card_lives_and_a_while_after():
    holder, former = with_photo("1"), with_photo()
    assert erased(NOON + timedelta(days=89)) == 0
    assert erased() == 1
    assert list(Photo.objects.values_list("resident", flat=True)) == [holder.pk]
    assert Image.objects.exists(), "the same bytes are the other's photo, too"
    fact = Entry.objects.get(kind="card.photos_erased")
    assert (fact.payload["photos"], fact.payload["people"]) == (1, 1)
    Photo.objects.all().delete()
    give_photo(former)
    assert erased() == 1 and not Image.objects.exists()


def test_an_open_application_or_another_record_of_the_person_keeps_it():
    applicant, second = with_photo(), with_photo()
    an_order(applicant, "submitted")
    Resident.objects.filter(pk=second.pk).update(merged_into=with_photo("1"))
    photos = Photo.objects.count()
    assert erased() == 0 and Photo.objects.count() == photos


def test_whoever_never_had_a_card_keeps_no_photo_for_ever():
    give_photo(a_person())
    assert erased() == 1


def test_when_the_journal_refuses_nothing_is_erased(journal_refuses):
    with_photo()
    with journal_refuses(), at(LATER) as act:
        erase_photos(act)
    assert Photo.objects.count() == 1
