"""Six-digit codes by short message: kept as keyed digests, limited, open once. For the services of this folder."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from yikatong.basics.crypto import hmac_sm3, same
from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.turns import take_turn
from yikatong.residents.models import Resident, SignInCode

WAIT = timedelta(seconds=60)
MOST_A_DAY = 5
VALID = timedelta(minutes=10)
MOST_TRIES = 5

NONE = Refused(
    "code.none",
    "没有有效的验证码，请重新获取。",
    "There is no valid code; ask for a new one.",
    at="code",
)
TRIES = Refused(
    "code.tries",
    "验证码输错次数过多，请重新获取。",
    "Too many wrong codes; ask for a new one.",
    at="code",
)
WRONG = Refused(
    "code.wrong",
    "验证码不正确，请核对短信后重新输入。",
    "The code is not right; compare the message.",
    at="code",
)


def key(use: str, *parts: str) -> bytes:
    """The keyed digest under which something is kept or looked for."""
    secret = settings.SECRET_KEY.encode()
    return hmac_sm3(secret, "\x1f".join(("residents.sign_in", use, *parts)).encode())


def new_code(act: Act, number_key: bytes, pair_key: bytes, of: tuple[str, ...], row: Resident | None) -> str:
    """A new code for what is named by `of`; the caller has asked `too_often` and sends it."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    SignInCode.objects.create(
        number_key=number_key,
        pair_key=pair_key,
        resident=row,
        digest=key(*of, _moment(act.at), code),
        sent_at=act.at,
    )
    return code


def latest(act: Act, number_key: bytes) -> SignInCode | None:
    """The latest code under this key, if still young and unused; one really sent goes before a stranger's."""
    sent = (
        SignInCode.objects.select_for_update(no_key=True, of=("self",))
        .select_related("resident")
        .filter(number_key=number_key, sent_at__gt=act.at - VALID)
        .order_by("resident_id", "-id")
        .first()
    )
    return sent if sent is not None and sent.used_at is None else None


def fits(sent: SignInCode, of: tuple[str, ...], code: str) -> bool:
    """Whether this is the code that was sent for what is named by `of`."""
    return same(bytes(sent.digest), key(*of, _moment(sent.sent_at), code.strip()))


def too_often(act: Act, pair_key: bytes) -> Refused | None:
    """`code.too_soon` (60 seconds between two), `code.too_many` (five a day)."""
    # Two requests at once for one pair wait for each other, so that both limits hold.
    take_turn(f"sign-in.{pair_key.hex()}")
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


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
