"""A resident opens the portal: number and name, then a code by short message.

No answer tells whether a person is known here: strangers meet the same waits, limits and sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yikatong.basics import names
from yikatong.basics.ids import DocumentType, Identity, read_identity_number
from yikatong.basics.refused import Refused
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.residents.facts import CODE_SENT, SIGN_IN_FAILED, SIGNED_IN
from yikatong.residents.models import Resident
from yikatong.residents.queries import Person, by_number, person_of
from yikatong.residents.rules import DEAD
from yikatong.residents.services import codes
from yikatong.residents.services.codes import VALID, WAIT


@dataclass(frozen=True)
class SentCode:
    """A code was sent, if somebody has this number and name. `again_at` is when another may be asked for."""

    sent_at: datetime
    valid_until: datetime
    again_at: datetime


def send_code(
    act: Act, *, number: str, name: str, document: DocumentType | None = None
) -> SentCode | Refused:
    """Send a six-digit code to the phone of the person with this number and name (or their guardian's).

    Refused: id.* and name.empty for what cannot be anybody's; code.too_soon (60 seconds between two);
    code.too_many (five a day). A stranger, a wrong name, a person without a phone and a dead one get the same answer
    as everybody else, and no message.
    """
    identity = read_identity_number(number, act.today, document)
    if isinstance(identity, Refused):
        return identity
    if not names.fold(name):
        return Refused("name.empty", "请填写姓名。", "Enter the name.", at="name")
    pair_key = codes.key("pair", identity.number, names.fold(name))
    refused = codes.too_often(act, pair_key)
    if refused is not None:
        return refused
    row = _person_of_pair(identity, name)
    number_key = codes.key("number", identity.number)
    code = codes.new_code(act, number_key, pair_key, ("code", identity.number), row)
    if row is not None:
        text = _("您的登录验证码是 %(code)s，10分钟内有效，请勿告诉他人。") % {"code": code}
        post.queue_message(act, to=_phone_of(row), text=text, person=row.pk, subject=f"resident:{row.pk}")
        act.record(CODE_SENT, subject=f"resident:{row.pk}", person=row.pk, region=row.region)
    return SentCode(act.at, act.at + VALID, act.at + WAIT)


def sign_in(act: Act, *, number: str, code: str, document: DocumentType | None = None) -> Person | Refused:
    """The person whose latest code this is. A code opens once, for ten minutes, and bears five tries.

    Refused: id.*; code.none (none asked for, used, or too old); code.tries; code.wrong. Here alone a refusal leaves
    something behind on purpose: the try is counted and recorded, so the door must let the act come to its end.
    """
    identity = read_identity_number(number, act.today, document)
    if isinstance(identity, Refused):
        return identity
    sent = codes.latest(act, codes.key("number", identity.number))
    if sent is None:
        return codes.NONE
    if sent.tries >= codes.MOST_TRIES:
        return codes.TRIES
    right = codes.fits(sent, ("code", identity.number), code)
    row = sent.resident
    if not right or row is None:
        sent.tries += 1
        sent.save(update_fields=["tries"])
        act.record(
            SIGN_IN_FAILED,
            subject=f"resident:{row.pk}" if row else "stranger",
            person=row.pk if row else None,
        )
        return codes.WRONG
    sent.used_at = act.at
    sent.save(update_fields=["used_at"])
    act.record(SIGNED_IN, subject=f"resident:{row.pk}", person=row.pk, region=row.region)
    return person_of(row)


def _person_of_pair(identity: Identity, name: str) -> Resident | None:
    row = by_number(identity.number).exclude(state=DEAD.code).first()
    return row if row is not None and names.same_name(row.name, name) else None


def _phone_of(row: Resident) -> str:
    phones: list[str] = [row.phone, *(guardian.phone for guardian in row.guardians.order_by("id"))]
    return next(filter(None, phones), "")
