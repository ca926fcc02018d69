"""Sensitive values at rest: what is kept cannot be read without keys from outside, and the keys change under way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics import sealing as pure
from yikatong.basics.masking import Sensitive
from yikatong.office import sealing
from yikatong.office.models import DataKey

KEY = bytes(range(16))
KINDS = st.sampled_from([kind.value for kind in Sensitive])


@given(st.binary(max_size=200), KINDS, st.integers(0, 65_535))
def test_what_was_sealed_comes_back_and_names_its_key(plain: bytes, kind: str, number: int) -> None:
    sealed = pure.seal(KEY, number, kind, plain)
    assert pure.unseal(KEY, kind, sealed) == plain
    assert not plain or pure.key_number(sealed) == number


@given(st.binary(min_size=1, max_size=60), st.data())
def test_one_changed_bit_is_found(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(pure.seal(KEY, 7, "phone", plain))
    # The key's number only says where to look; every bit after it is under the tag.
    place = data.draw(st.integers(16, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises(pure.NotSealedByUs):
        pure.unseal(KEY, "phone", bytes(sealed))


def test_a_phone_cannot_be_read_as_an_account() -> None:
    with pytest.raises(pure.NotSealedByUs):
        pure.unseal(KEY, "account", pure.seal(KEY, 1, "phone", b"13800000000"))


def test_the_same_text_is_never_sealed_alike_but_always_found_alike() -> None:
    assert pure.seal(KEY, 1, "phone", b"1") != pure.seal(KEY, 1, "phone", b"1")
    assert pure.lookup(KEY, "phone", "1") == pure.lookup(KEY, "phone", "1")
    assert pure.lookup(KEY, "phone", "1") != pure.lookup(KEY, "account", "1")
    assert pure.lookup(KEY, "phone", "") == b""


@pytest.mark.django_db
def test_a_new_data_key_seals_and_the_old_one_still_opens() -> None:
    before = sealing.seal(Sensitive.PHONE, "13800000000")
    with_first = pure.key_number(before)
    sealing.new_key()
    sealing.forget()
    after = sealing.seal(Sensitive.PHONE, "13800000000")
    assert pure.key_number(after) == with_first + 2  # between them stands the lookup key
    assert sealing.unseal(Sensitive.PHONE, before) == sealing.unseal(Sensitive.PHONE, after)


@pytest.mark.django_db
def test_a_new_envelope_key_wraps_anew_and_the_old_one_can_go(settings: pytest.FixtureRequest) -> None:
    sealed, found = sealing.seal(Sensitive.PHONE, "1"), sealing.lookup(Sensitive.PHONE, "1")
    settings.ENVELOPE_KEYS = "next:another-secret,demo:demo-envelope"  # type: ignore[attr-defined]
    assert sealing.rewrap() == DataKey.objects.count() == 2
    settings.ENVELOPE_KEYS = "next:another-secret"  # type: ignore[attr-defined]
    sealing.forget()
    assert sealing.unseal(Sensitive.PHONE, sealed) == "1"
    assert sealing.lookup(Sensitive.PHONE, "1") == found


@pytest.mark.django_db
def test_without_the_envelope_key_the_database_opens_nothing(settings: pytest.FixtureRequest) -> None:
    sealed = sealing.seal(Sensitive.PHONE, "1")
    settings.ENVELOPE_KEYS = "thief:guess"  # type: ignore[attr-defined]
    sealing.forget()
    with pytest.raises(sealing.NoKey, match="demo"):
        sealing.unseal(Sensitive.PHONE, sealed)
    settings.ENVELOPE_KEYS = "demo:guess"  # type: ignore[attr-defined]
    with pytest.raises(pure.NotSealedByUs):
        sealing.unseal(Sensitive.PHONE, sealed)


@pytest.mark.parametrize("wrong", ["", "secret", ":x", "a:", "a:1,a:2"])
def test_settings_that_name_no_key_are_refused(settings: pytest.FixtureRequest, wrong: str) -> None:
    settings.ENVELOPE_KEYS = wrong  # type: ignore[attr-defined]
    with pytest.raises(sealing.NoKey):
        sealing.envelopes()
