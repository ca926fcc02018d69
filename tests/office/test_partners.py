"""Partners and their keys: shown once, kept as a digest, good until their day."""

from __future__ import annotations

from datetime import date

import pytest

from yikatong.basics.refused import Refused
from yikatong.office.appointments import admit_partner, dismiss, partner_of_key, withdraw_partner
from yikatong.office.models import Entry, Partner, Staff

pytestmark = pytest.mark.django_db

LAST = date(2025, 12, 31)


@pytest.fixture
def admitted(acting):
    with acting() as act:
        return admit_partner(act, code="medical", name="医保局", purposes=["就医"], expires_on=LAST)


def test_a_key_opens_until_its_last_day(admitted):
    partner, key = admitted
    assert partner_of_key(key, LAST) == partner
    assert partner_of_key(key, date(2026, 1, 1)) is None


def test_the_key_itself_is_kept_nowhere(admitted):
    _, key = admitted
    secret = key.split("_", 2)[2]
    row = Partner.objects.get()
    assert secret.encode() not in bytes(row.key_digest)
    assert secret not in str(Entry.objects.values_list())


@pytest.mark.parametrize(
    "key",
    ["", "yk", "yk_", "yk__", "yk_0_0", "ak_{prefix}_{secret}", "yk_{prefix}_{secret}x", "yk_{prefix}_"],
)
def test_a_key_that_is_not_quite_it_opens_nothing(admitted, key):
    _, whole = admitted
    _, prefix, secret = whole.split("_", 2)
    assert partner_of_key(key.format(prefix=prefix, secret=secret), LAST) is None


def test_a_partner_who_was_shut_out_stays_out(admitted, acting):
    _, key = admitted
    with acting() as act:
        withdrawn = withdraw_partner(act, "medical", reason="密钥泄露")
    assert isinstance(withdrawn, Partner)
    assert partner_of_key(key, LAST) is None
    assert Entry.objects.get(kind="office.partner_withdrawn").payload["reason"] == "密钥泄露"
    with acting() as act:
        again = withdraw_partner(act, "medical", reason="")
        stranger = withdraw_partner(act, "nobody", reason="")
    assert isinstance(again, Refused) and again.code == "partner.withdrawn"
    assert isinstance(stranger, Refused) and stranger.code == "partner.unknown"


def test_when_the_journal_refuses_no_partner_is_admitted(acting, journal_refuses):
    with journal_refuses(), acting() as act:
        admit_partner(act, code="medical", name="医保局", purposes=["就医"], expires_on=LAST)
    assert not Partner.objects.exists()


def test_when_the_journal_refuses_nobody_is_shut_out(admitted, acting, journal_refuses):
    with journal_refuses(), acting() as act:
        withdraw_partner(act, "medical", reason="密钥泄露")
    assert Partner.objects.get().active


def test_when_the_journal_refuses_nobody_is_dismissed(acting, journal_refuses):
    Staff.objects.create(pk=77, username="wang", full_name="王")
    with journal_refuses(), acting() as act:
        dismiss(act, "wang", reason="调离")
    assert Staff.objects.get().is_active
