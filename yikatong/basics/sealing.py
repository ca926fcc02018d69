"""Sealed values: SM4-GCM (GB/T 32907-2016, GB/T 17964-2021) and the keyed index by which they are found again.

A sealed value is `key number (2 bytes) | nonce (12) | ciphertext | tag (16)`. Its kind is authenticated with it, so
a phone cannot be read as an account; it is not bound to its row, so that a set of values can move from one table to
another inside the database without ever being opened. The empty text stays empty: that nothing is known is no secret.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC

from yikatong.basics.crypto import begun_hmac_sm3, sm3

KEY_BYTES = 16
LOOKUP_BYTES = 16
_NUMBER, _NONCE, _TAG = 2, 12, 16
SHORTEST = _NUMBER + _NONCE + _TAG


class NotSealedByUs(ValueError):
    """The bytes are no sealed value of this kind under this key: damaged, swapped, or another key's."""


def key_from(secret: str) -> bytes:
    """An SM4 key of 16 bytes from a secret of any length. Refuses an empty secret."""
    if not secret:
        raise ValueError("an empty secret protects nothing")
    return sm3(b"yikatong envelope", secret.encode())[:KEY_BYTES]


def seal(key: bytes, number: int, kind: str, plain: bytes) -> bytes:
    """`plain` sealed under `key`, whose number (0-65535) goes before it; empty stays empty."""
    if not plain:
        return b""
    nonce = os.urandom(_NONCE)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(kind.encode())
    return (
        number.to_bytes(_NUMBER, "big")
        + nonce
        + encryptor.update(plain)
        + encryptor.finalize()
        + encryptor.tag
    )


def key_number(sealed: bytes) -> int:
    """The number of the key a value is sealed under. Refuses (NotSealedByUs) what is too short to be one."""
    if len(sealed) < SHORTEST:
        raise NotSealedByUs("too short for a sealed value")
    return int.from_bytes(sealed[:_NUMBER], "big")


def unseal(key: bytes, kind: str, sealed: bytes) -> bytes:
    """What was sealed. Refuses (NotSealedByUs) what was not sealed as this kind under this key."""
    if not sealed:
        return b""
    if len(sealed) < SHORTEST:
        raise NotSealedByUs("too short for a sealed value")
    nonce = sealed[_NUMBER : _NUMBER + _NONCE]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
    decryptor.authenticate_additional_data(kind.encode())
    try:
        return decryptor.update(sealed[_NUMBER + _NONCE : -_TAG]) + decryptor.finalize()
    except InvalidTag as wrong:
        raise NotSealedByUs(f"no {kind} sealed under this key") from wrong


def lookup(key: bytes, kind: str, text: str, tail: int = 0) -> bytes:
    """The 16 bytes by which a value of this kind is found (HMAC-SM3, GB/T 15852.2); empty stays empty.

    With `tail` they find every value that ends in the same `tail` characters; of a shorter text there are none.
    """
    if len(text) < max(tail, 1):
        return b""
    mac = _begun(key, f"{kind}/{tail}" if tail else kind).copy()
    mac.update(text[-tail:].encode())
    return mac.finalize()[:LOOKUP_BYTES]


def lookups(key: bytes, kind: str, texts: Iterable[str]) -> list[bytes]:
    """`lookup` of many whole values, for less than two thirds of its price."""
    begun, found = _begun(key, kind), []
    for text in texts:
        mac = begun.copy()
        mac.update(text.encode())
        found.append(mac.finalize()[:LOOKUP_BYTES] if text else b"")
    return found


@lru_cache(maxsize=64)
def _begun(key: bytes, of: str) -> HMAC:
    # Never ended itself, only copied; the key it holds is one that this process holds anyway.
    return begun_hmac_sm3(key, of.encode(), b"\0")
