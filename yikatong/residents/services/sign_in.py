"""A resident opens the portal: number and name, then a code by short message.

No answer tells whether a person is known here: strangers meet the same waits, limits and sentences.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from yikatong.basics import names
from yikatong.basics.crypto import hmac_sm3, same
from yikatong.basics.ids import DocumentType, Identity, read_identity_number
from yikatong.basics.refused import Refused
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.residents.facts import CODE_SENT, SIGN_IN_FAILED, SIGNED_IN
from yikatong.residents.models import Resident, SignInCode
from yikatong.residents.queries import Person, by_number, person_of
from yikatong.residents.rules import DEAD

WAIT = timedelta(seconds=60)
MOST_A_DAY = 5
VALID = timedelta(minutes=10)
MOST_TRIES = 5


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
    pair_key = _key("pair", identity.number, names.fold(name))
    refused = _limits(act, pair_key)
    if refused is not None:
        return refused
    row = _person_of_pair(identity, name)
    code = f"{secrets.randbelow(1_000_000):06d}"
    SignInCode.objects.create(
        number_key=_key("number", identity.number),
        pair_key=pair_key,
        resident=row,
        digest=_key("code", identity.number, _moment(act.at), code),
        sent_at=act.at,
    )
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
    sent = _latest(act, identity.number)
    if sent is None:
        return Refused(
            "code.none",
            "没有有效的验证码，请重新获取。",
            "There is no valid code; ask for a new one.",
            at="code",
        )
    if sent.tries >= MOST_TRIES:
        return Refused(
            "code.tries",
            "验证码输错次数过多，请重新获取。",
            "Too many wrong codes; ask for a new one.",
            at="code",
        )
    right = same(bytes(sent.digest), _key("code", identity.number, _moment(sent.sent_at), code.strip()))
    row = sent.resident
    if not right or row is None:
        sent.tries += 1
        sent.save(update_fields=["tries"])
        act.record(
            SIGN_IN_FAILED,
            subject=f"resident:{row.pk}" if row else "stranger",
            person=row.pk if row else None,
        )
        return Refused(
            "code.wrong",
            "验证码不正确，请核对短信后重新输入。",
            "The code is not right; compare the message.",
            at="code",
        )
    sent.used_at = act.at
    sent.save(update_fields=["used_at"])
    act.record(SIGNED_IN, subject=f"resident:{row.pk}", person=row.pk, region=row.region)
    return person_of(row)


def _key(use: str, *parts: str) -> bytes:
    secret = settings.SECRET_KEY.encode()
    return hmac_sm3(secret, "\x1f".join(("residents.sign_in", use, *parts)).encode())


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _limits(act: Act, pair_key: bytes) -> Refused | None:
    with connection.cursor() as cursor:
        # Two requests at once for one pair wait for each other, so that both limits hold.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || %s))", [pair_key.hex()])
    midnight = timezone.localtime(act.at).replace(hour=0, minute=0, second=0, microsecond=0)
    times = list(
        SignInCode.objects.filter(pair_key=pair_key, sent_at__gte=min(midnight, act.at - WAIT))
        .order_by("-id")
        .values_list("sent_at", flat=True)
    )
    if times and times[0] > act.at - WAIT:
        left = int((times[0] + WAIT - act.at).total_seconds()) + 1
        return Refused(
            "code.too_soon",
            f"验证码刚刚发送过，请{left}秒后再试。",
            f"A code was sent a moment ago; try again in {left} seconds.",
        )
    if sum(moment >= midnight for moment in times) >= MOST_A_DAY:
        return Refused(
            "code.too_many",
            f"今天已发送{MOST_A_DAY}次验证码，请明天再试，或到窗口办理。",
            f"{MOST_A_DAY} codes were sent today; try again tomorrow, or come to a counter.",
        )
    return None


def _person_of_pair(identity: Identity, name: str) -> Resident | None:
    row = by_number(identity.number).exclude(state=DEAD.code).first()
    return row if row is not None and names.same_name(row.name, name) else None


def _phone_of(row: Resident) -> str:
    phones: list[str] = [row.phone, *(guardian.phone for guardian in row.guardians.order_by("id"))]
    return next(filter(None, phones), "")


def _latest(act: Act, number: str) -> SignInCode | None:
    """The latest code for this number, if still young and unused; one really sent goes before a stranger's."""
    sent = (
        SignInCode.objects.select_for_update(no_key=True, of=("self",))
        .select_related("resident")
        .filter(number_key=_key("number", number), sent_at__gt=act.at - VALID)
        .order_by("resident_id", "-id")
        .first()
    )
    return sent if sent is not None and sent.used_at is None else None
