"""更换手机号: a resident who is signed in gives a new number and proves that it is theirs by a code sent to it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.residents.facts import PHONE_CODE_SENT, PHONE_CODE_WRONG
from yikatong.residents.models import Resident
from yikatong.residents.queries import Person
from yikatong.residents.rules import Trust, may_overwrite, read_mobile
from yikatong.residents.services import codes
from yikatong.residents.services.codes import VALID, WAIT
from yikatong.residents.services.locked import locked, unknown
from yikatong.residents.services.register import change, standing_value, trusted_more
from yikatong.residents.services.sign_in import SentCode

SOURCE = "本人网上变更"


def send_phone_code(act: Act, resident_id: int, *, phone: str) -> SentCode | Refused:
    """Send a six-digit code to the number somebody wants to be reached at from now on.

    Refused: resident.unknown; phone.mobile (a code reaches a mobile number only); phone.same; attribute.trusted_more;
    code.too_soon, code.too_many as for signing in.
    """
    row = locked(resident_id)
    if row is None:
        return unknown()
    number = _wanted(row, phone)
    if isinstance(number, Refused):
        return number
    pair_key = codes.key("new_phone", str(row.pk))
    refused = codes.too_often(act, pair_key)
    if refused is not None:
        return refused
    code = codes.new_code(act, pair_key, pair_key, _of(row, number), row)
    text = _("您正在登记新手机号，验证码是 %(code)s，10分钟内有效，请勿告诉他人。") % {"code": code}
    post.queue_message(act, to=number, text=text, person=row.pk, subject=f"resident:{row.pk}")
    act.record(PHONE_CODE_SENT, subject=f"resident:{row.pk}", person=row.pk, region=row.region)
    return SentCode(act.at, act.at + VALID, act.at + WAIT)


def change_phone(act: Act, resident_id: int, *, phone: str, code: str) -> Person | Refused:
    """Take the new number once its code has come back; the former number is told, in case it was not its owner.

    Refused: resident.unknown, phone.mobile, phone.same, attribute.trusted_more, code.none, code.tries, code.wrong. A
    wrong code leaves something behind on purpose, as in signing in: the try is counted and recorded.
    """
    row = locked(resident_id)
    if row is None:
        return unknown()
    number = _wanted(row, phone)
    if isinstance(number, Refused):
        return number
    sent = codes.latest(act, codes.key("new_phone", str(row.pk)))
    if sent is None:
        return codes.NONE
    if sent.tries >= codes.MOST_TRIES:
        return codes.TRIES
    if not codes.fits(sent, _of(row, number), code):
        sent.tries += 1
        sent.save(update_fields=["tries"])
        act.record(PHONE_CODE_WRONG, subject=f"resident:{row.pk}", person=row.pk, region=row.region)
        return codes.WRONG
    sent.used_at = act.at
    sent.save(update_fields=["used_at"])
    former = row.phone
    changed = change(act, row.pk, field="phone", value=number, source=SOURCE, trust=Trust.SELF)
    if isinstance(changed, Refused):
        raise RuntimeError(f"resident {row.pk}: the number was wanted and is refused: {changed.code}")
    text = _("您登记的手机号已更换为 %(phone)s。如非本人办理请立即致电12333。") % {
        "phone": mask(Sensitive.PHONE, number)
    }
    post.queue_message(act, to=former, text=text, person=row.pk, subject=f"resident:{row.pk}")
    return changed


def _of(row: Resident, number: str) -> tuple[str, ...]:
    return ("phone_code", str(row.pk), number)


def _wanted(row: Resident, phone: str) -> str | Refused:
    number = read_mobile(phone)
    if isinstance(number, Refused):
        return number
    if number == row.phone:
        return Refused("phone.same", "这就是现在登记的手机号。", "That is the number on record.", at="phone")
    _value, trust = standing_value(row, "phone")
    return number if may_overwrite(Trust.SELF, trust) or trust is None else trusted_more("phone", trust)
