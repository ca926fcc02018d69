"""领卡凭证: the receiver's signature and photo, kept with the hand-over and shown again only for a purpose."""

from __future__ import annotations

from dataclasses import dataclass

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.models import Card, HandOver, Image
from yikatong.cards.pictures import tidy_receiver, tidy_signature
from yikatong.cards.services.keeping import keep
from yikatong.cards.services.locked import locked_card, place
from yikatong.cards.services.photo import marked, purpose_missing
from yikatong.cards.standing import Receiver
from yikatong.office.act import Act
from yikatong.office.rulebook import ruling
from yikatong.office.scope import Scope

NOT_WANTED = "本地不要求"


@dataclass(frozen=True)
class Proof:
    """What a receiver leaves behind: a signature (PNG or JPEG) and a photo (JPEG or PNG), or why there is none."""

    signature: bytes = b""
    unsigned_reason: str = ""
    photo: bytes = b""
    no_photo_reason: str = ""


@dataclass(frozen=True)
class Shown:
    """A hand-over's pictures with who looks and when across them; empty where there is none."""

    signature: bytes
    photo: bytes


def judged(act: Act, proof: Proof) -> Proof | Refused:
    """The proof with its pictures encoded anew, reasons filled in where the city does not want a picture.

    Refused: `signature.*`, `receiver_photo.*`, `photo.*`.
    """
    signature: bytes | Refused = proof.signature and tidy_signature(proof.signature)
    if isinstance(signature, Refused):
        return signature
    photo: bytes | Refused = proof.photo and tidy_receiver(proof.photo)
    if isinstance(photo, Refused):
        return photo
    unsigned = _why_not(act, signature, proof.unsigned_reason, "card.hand_over_signature")
    if unsigned is None:
        return Refused(
            "signature.missing",
            "请领卡人签名；不能在屏幕上签名的，请上传纸质签名或写明原因。",
            "Let the receiver sign; where they cannot, upload the paper or say why.",
            at="signature",
        )
    missing = _why_not(act, photo, proof.no_photo_reason, "card.hand_over_photo")
    if missing is None:
        return Refused(
            "receiver_photo.missing",
            "请拍摄或上传领卡人照片；不能拍摄的请写明原因。",
            "Take or upload a photo of the receiver, or say why there is none.",
            at="receiver_photo",
        )
    return Proof(signature, unsigned, photo, missing)


def _why_not(act: Act, picture: bytes, reason: str, rule: str) -> str | None:
    """The reason to write down: none with a picture, the clerk's or the rule's without; None where one is owed."""
    if picture:
        return ""
    given = reason.strip()[:60]
    if given:
        return given
    return None if ruling(rule, act.today).value else NOT_WANTED


def keep_proof(
    act: Act, card: Card, *, role: Receiver, name: str, number: str, letter: str, proof: Proof
) -> dict[str, str]:
    """Keep a judged proof with its card; returns what the entry of the hand-over says of it."""
    signature = keep(act, proof.signature) if proof.signature else None
    photo = keep(act, proof.photo) if proof.photo else None
    HandOver.objects.create(
        card=card,
        role=role.value,
        name=name,
        number=number,
        letter=letter,
        signature=signature,
        unsigned_reason=proof.unsigned_reason,
        photo=photo,
        no_photo_reason=proof.no_photo_reason,
        at=act.at,
        by=act.actor.code,
    )
    return {
        "signature": _said(signature, proof.unsigned_reason),
        "receiver_photo": _said(photo, proof.no_photo_reason),
        "letter": letter,
    }


def _said(image: Image | None, reason: str) -> str:
    return bytes(image.digest).hex() if image is not None else reason


def look_at_proof(act: Act, *, card_no: str, purpose: str, scope: Scope | None = None) -> Shown | Refused:
    """Signature and photo of whoever took this card, marked with who looks and when. The look is recorded.

    Refused: `look.purpose_missing`, `card.unknown`, `scope.outside`, `proof.none`.
    """
    if not purpose.strip():
        return purpose_missing()
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    row = HandOver.objects.select_related("signature", "photo").filter(card=card).first()
    if row is None:
        return Refused(
            "proof.none",
            "该卡没有留存的领卡签名和照片。",
            "No signature or photo was kept with this card.",
            at="card_no",
        )
    act.record(
        facts.PROOF_LOOKED,
        subject=f"card:{card.pk}",
        person=card.resident_id,
        **place(act, card),
        purpose=purpose.strip()[:60],
    )
    return Shown(
        marked(act, row.signature.content) if row.signature else b"",
        marked(act, row.photo.content) if row.photo else b"",
    )
