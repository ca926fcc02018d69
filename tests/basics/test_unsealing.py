"""Many values opened at once are the same as each by itself, and what was altered is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yikatong.basics.sealing import NotSealedByUs, seal, unseal
from yikatong.basics.unsealing import FEW, LONGEST, unseal_all

KEYS = {1: b"k" * 16, 7: b"another key of16"}
_plain = st.binary(max_size=LONGEST + 10)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(KEYS)), _plain), max_size=30),
    st.sampled_from(["account", "phone"]),
)
@settings(max_examples=60)
def test_opened_together_is_opened_one_by_one(values: list[tuple[int, bytes]], kind: str):
    repeated = values * FEW  # so that values of one length are many
    sealed = [seal(KEYS[number], number, kind, plain) for number, plain in repeated]
    assert unseal_all(KEYS, kind, sealed) == [plain for _, plain in repeated]
    assert [unseal(KEYS[number], kind, each) for (number, _), each in zip(repeated, sealed, strict=True)] == [
        plain for _, plain in repeated
    ]


@given(st.integers(1, LONGEST), st.data())
@settings(max_examples=80)
def test_one_altered_bit_anywhere_is_refused(length: int, data: st.DataObject):
    sealed = [seal(KEYS[1], 1, "account", bytes([place]) * length) for place in range(FEW + 2)]
    which = data.draw(st.integers(0, len(sealed) - 1))
    bit = data.draw(st.integers(2 * 8, len(sealed[which]) * 8 - 1))
    altered = bytearray(sealed[which])
    altered[bit // 8] ^= 1 << bit % 8
    sealed[which] = bytes(altered)
    with pytest.raises(NotSealedByUs):
        unseal_all(KEYS, "account", sealed)


def test_another_kind_another_key_and_too_short_a_value_are_refused():
    sealed = [seal(KEYS[1], 1, "phone", b"13800000000") for _ in range(FEW)]
    with pytest.raises(NotSealedByUs):
        unseal_all(KEYS, "account", sealed)
    with pytest.raises(NotSealedByUs):
        unseal_all({1: KEYS[7]}, "phone", sealed)
    with pytest.raises(NotSealedByUs):
        unseal_all({2: KEYS[1]}, "phone", sealed)
    with pytest.raises(NotSealedByUs):
        unseal_all(KEYS, "phone", [b"short"])
    assert unseal_all(KEYS, "phone", []) == [] and unseal_all(KEYS, "phone", [b"", b""]) == [b"", b""]
