"""SM3 (GB/T 32905-2016) digests and keyed digests, by the `cryptography` wheel's OpenSSL."""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.constant_time import bytes_eq


def sm3(*parts: bytes) -> bytes:
    """32-byte SM3 digest of the parts laid end to end."""
    digest = hashes.Hash(hashes.SM3())
    for part in parts:
        digest.update(part)
    return digest.finalize()


def hmac_sm3(key: bytes, *parts: bytes) -> bytes:
    """32-byte HMAC-SM3 of the parts laid end to end. Refuses an empty key."""
    return begun_hmac_sm3(key, *parts).finalize()


def begun_hmac_sm3(key: bytes, *parts: bytes) -> hmac.HMAC:
    """An HMAC-SM3 over these parts, to be copied and ended for each of many texts: half the price of a new one."""
    if not key:
        raise ValueError("an empty key protects nothing")
    mac = hmac.HMAC(key, hashes.SM3())
    for part in parts:
        mac.update(part)
    return mac


def same(left: bytes, right: bytes) -> bool:
    """Equality that takes the same time wherever the first difference stands."""
    return bytes_eq(left, right)
