"""Turns the English of the pages, kept as text (`django.po`), into the tables gettext reads (`django.mo`).

A bare machine has no msgfmt, and a made file has no place in the repository: it is made where it is missing or older
than its text. Chinese needs no table, as the texts in the pages are Chinese.
"""

from __future__ import annotations

import ast
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path

MAGIC = 0x950412DE


def compile_stale(locale: Path) -> int:
    """Make every table below `locale` that is missing or older than its text; returns how many were made.

    ValueError, naming file and line, where a text cannot be read.
    """
    made = 0
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        content = table(read(source.read_text(encoding="utf-8"), str(source)))
        # Written aside and renamed: several processes may start at once.
        with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".new", delete=False) as beside:
            beside.write(content)
        Path(beside.name).chmod(0o644)
        Path(beside.name).replace(target)
        made += 1
    return made


def read(text: str, name: str = "") -> dict[str, str]:
    """Messages by their key as gettext keeps them: singular and plural are divided by NUL; untranslated ones left out."""
    messages: dict[str, str] = {}
    for parts in _entries(text, name):
        key = parts["msgid"] + ("\0" + parts["msgid_plural"] if "msgid_plural" in parts else "")
        value = "\0".join(parts[part] for part in sorted(parts) if part.startswith("msgstr"))
        if value.strip("\0"):
            messages[key] = value
    return messages


def _entries(text: str, name: str) -> Iterator[dict[str, str]]:
    parts: dict[str, str] = {}
    word = ""
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if not line.startswith('"'):
            word, _, line = line.partition(" ")
            if word == "msgid" and parts:
                yield parts
                parts = {}
            if word not in ("msgid", "msgid_plural", "msgstr") and not word.startswith("msgstr["):
                raise ValueError(f"{name} line {number}: {word!r} is no part of a message")
            parts[word] = ""
        try:
            parts[word] += str(ast.literal_eval(line.strip()))
        except (SyntaxError, ValueError, KeyError) as error:
            raise ValueError(f"{name} line {number}: not a quoted text") from error
    if parts:
        yield parts


def table(messages: dict[str, str]) -> bytes:
    """The messages in gettext's binary form, little-endian, without a hash table."""
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    head, entry = 7 * 4, 8
    keys_at, values_at = head, head + entry * len(pairs)
    texts_at = values_at + entry * len(pairs)
    places: list[list[tuple[int, int]]] = [[], []]
    texts = b""
    for column in (0, 1):
        for pair in pairs:
            places[column].append((len(pair[column]), texts_at + len(texts)))
            texts += pair[column] + b"\0"
    index = b"".join(struct.pack("<II", *place) for column in places for place in column)
    return struct.pack("<7I", MAGIC, 0, len(pairs), keys_at, values_at, 0, texts_at) + index + texts
