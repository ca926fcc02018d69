"""领卡凭证: no hand-over without signature and photo or the reason why not, and no look without a purpose."""

from __future__ import annotations

import io

import pytest
from django.db import IntegrityError, connection, transaction
from PIL import Image as Picture

from tests.cards import in_hand
from tests.cards.in_hand import ON_PAPER, WEICHENG, a_card, at, got
from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.cards import album
from yikatong.cards.agents import Agent, Role
from yikatong.cards.models import Card, HandOver, Image
from yikatong.cards.services.hand_over import hand_over
from yikatong.cards.services.proof import Proof, look_at_proof
from yikatong.office.models import Entry
from yikatong.office.scope import Scope
from yikatong.simulation.portraits import portrait, signature

pytestmark = pytest.mark.django_db
AGENT = in_hand.identity_number(in_hand.NOON.date().replace(year=1985), 322)
BOTH = Proof(signature=signature(), photo=portrait())


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def give(proof: Proof, card: Card | None = None, **changes):
    card = card or a_card(None, "0", "inactive", collected=False)
    wanted = {"shown_name": "张三丰", **changes}
    with at() as act:
        result = hand_over(act, order_number=got(card.order).number, proof=proof, **wanted)
    return card, result


def look(card: Card, purpose: str = "投诉处理", **changes):
    with at() as act:
        return look_at_proof(act, card_no=card.card_no, purpose=purpose, **changes)


def refused(result: object, code: str) -> None:
    assert isinstance(result, Refused) and result.code == code, result


def test_signature_and_photo_are_kept_with_the_hand_over_and_their_digests_in_the_journal():
    card, _ = give(BOTH)
    row = HandOver.objects.get(card=card)
    payload = Entry.objects.get(kind="card.collected").payload
    assert payload["signature"] == sm3(row.signature.content).hex()
    assert payload["receiver_photo"] == sm3(row.photo.content).hex()
    assert Picture.open(io.BytesIO(row.signature.content)).format == "PNG"


def test_an_agents_number_is_kept_sealed_and_the_letter_by_its_number():
    came = Agent(
        Role.AGENT,
        "李四光",
        AGENT,
        letter_number="委7号",
        letter_on=in_hand.NOON.date(),
        reason="住院",
        proof="授权委托书",
    )
    card, _ = give(BOTH, by=came)
    row = HandOver.objects.get(card=card)
    assert (row.number, row.letter, row.name) == (AGENT, "委7号", "李四光")
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM cards_handover")
        assert AGENT.encode() not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (Proof(), "signature.missing"),
        (Proof(signature=signature()), "receiver_photo.missing"),
        (Proof(photo=portrait()), "signature.missing"),
        (Proof(unsigned_reason=" ", no_photo_reason="坏了"), "signature.missing"),
        (Proof(signature=b"nothing", no_photo_reason="坏了"), "photo.broken"),
        (Proof(signature=signature(), photo=b"nothing"), "photo.broken"),
    ],
)
def test_nothing_is_handed_over_without_proof(proof, code):
    card, result = give(proof)
    refused(result, code)
    assert not HandOver.objects.exists() and Card.objects.get(pk=card.pk).collected_at is None


def test_an_empty_pad_is_no_signature():
    out = io.BytesIO()
    Picture.new("RGBA", (640, 220), (255, 255, 255, 0)).save(out, "PNG")
    refused(give(Proof(signature=out.getvalue(), no_photo_reason="坏了"))[1], "signature.blank")


def test_a_reason_stands_in_the_place_of_what_is_missing():
    card, _ = give(ON_PAPER)
    row = album.hand_over_of(card.pk)
    assert (row.signed, row.unsigned_reason, row.photographed) == (False, "纸质签名存档", False)
    assert Entry.objects.get(kind="card.collected").payload["signature"] == "纸质签名存档"


def test_a_city_may_do_without_photos():
    in_hand.set_rule("card.hand_over_photo", False)
    card, _ = give(Proof(signature=signature()))
    assert album.hand_over_of(card.pk).no_photo_reason == "本地不要求"


def test_the_table_refuses_a_hand_over_without_proof_and_an_agent_without_letter():
    card, _ = give(BOTH)
    for change in ("signature_id = NULL", "photo_id = NULL", "role = 'agent'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE cards_handover SET {change} WHERE card_id = %s", [card.pk])


def test_the_same_picture_is_kept_once():
    give(BOTH)
    give(BOTH)
    assert Image.objects.count() == 2


def test_a_look_needs_a_purpose_is_journalled_and_bears_a_mark():
    card, _ = give(BOTH)
    refused(look(card, " "), "look.purpose_missing")
    shown = look(card)
    row = HandOver.objects.get(card=card)
    assert shown.photo.startswith(b"\xff\xd8") and shown.photo != row.photo.content
    assert shown.signature.startswith(b"\xff\xd8")
    entry = Entry.objects.get(kind="card.proof_looked")
    assert (entry.person, entry.payload["purpose"]) == (card.resident_id, "投诉处理")


def test_another_county_does_not_look():
    card, _ = give(BOTH)
    refused(look(card, scope=Scope(WEICHENG)), "scope.outside")
    assert "card.proof_looked" not in in_hand.kinds()


def test_a_card_from_before_has_no_proof():
    refused(look(a_card()), "proof.none")


def test_nothing_is_shown_when_the_journal_refuses(journal_refuses):
    card, _ = give(BOTH)
    with journal_refuses():
        look_at = look_at_proof
        with at() as act:
            look_at(act, card_no=card.card_no, purpose="投诉处理")
    assert "card.proof_looked" not in in_hand.kinds()
