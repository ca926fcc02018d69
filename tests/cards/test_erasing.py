"""照片期满: a photo goes when nothing of its person's cards lives any more, and nobody else's with it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.cards import in_hand
from tests.cards.factories import give_photo
from tests.cards.in_hand import NOON, a_card, a_person, an_order, at, got
from yikatong.cards.models import Agency, Card, HandOver, Image, Order, Photo, Posting
from yikatong.cards.services import posting
from yikatong.cards.services.cancel import cancel_card
from yikatong.cards.services.erasing import erase_closed_cards, erase_photos
from yikatong.cards.services.hand_over import hand_over
from yikatong.cards.services.proof import Proof
from yikatong.cards.standing import EndReason
from yikatong.office.models import Entry
from yikatong.residents.models import Resident
from yikatong.simulation.portraits import signature

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


# --- ten years after the end ------------------------------------------------------------------------------------

AFTER_TEN_YEARS = NOON + timedelta(days=3_700)


def a_life(card_state: str = "9") -> Card:
    """A card that was posted after an agent had applied, collected and ended (or lives on)."""
    order = an_order(a_person(), "at_outlet")
    card = a_card(order=order, state="0", bank="inactive", collected=False)
    with at() as act:
        assert (
            posting.wish_post(
                act, order.number, name="张三丰", phone="13900000009", address="咸阳市秦都区某路九号"
            )
            is None
        )
    paper = Proof(signature=signature(), no_photo_reason="摄像头故障")
    with at() as act:
        got(hand_over(act, order_number=order.number, proof=paper, shown_name=order.resident.name))
    Agency.objects.create(
        act=uuid4(),
        service="apply",
        subject=f"order:{order.pk}",
        resident=order.resident,
        role="guardian",
        name="张父",
        number=in_hand.identity_number(NOON.date().replace(year=1960), 7),
        at=NOON,
    )
    card.refresh_from_db()
    if card_state == "9":
        with at() as act:
            got(cancel_card(act, card_no=card.card_no, reason=EndReason.WISH))
    return card


def closed_erased(moment=AFTER_TEN_YEARS) -> int:
    with at(moment) as act:
        return erase_closed_cards(act)


def left() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (HandOver, Agency, Posting, Image))


def test_ten_years_after_its_end_a_card_tells_of_nobody_and_what_lives_is_left_alone():
    ended, living = a_life(), a_life("0")
    assert closed_erased(NOON + timedelta(days=3_600)) == 0
    assert closed_erased() == 5
    assert (HandOver.objects.get().card_id, Posting.objects.get().order_id) == (living.pk, living.order_id)
    assert Agency.objects.get().subject == f"order:{living.order_id}"
    gone, stays = Card.objects.get(pk=ended.pk), Card.objects.get(pk=living.pk)
    assert (gone.bank_pan, gone.collected_by, gone.card_no) == ("", "", ended.card_no)
    assert stays.bank_pan and Order.objects.get(pk=living.order_id).bank_pan
    assert Order.objects.get(pk=ended.order_id).bank_pan == ""
    fact = Entry.objects.get(kind="card.closed_erased")
    assert {
        what: fact.payload[what] for what in ("cards", "orders", "proofs", "agents", "postings")
    } == dict.fromkeys(("cards", "orders", "proofs", "agents", "postings"), 1)
    assert closed_erased() == 0, "twice is once"


def test_when_the_journal_refuses_no_closed_card_is_erased(journal_refuses):
    a_life()
    before = left()
    with journal_refuses(), at(AFTER_TEN_YEARS) as act:
        erase_closed_cards(act)
    assert left() == before
