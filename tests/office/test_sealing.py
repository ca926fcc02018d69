"""Sensitive values at rest: what is kept cannot be read without keys from outside, and the keys change under way."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.base import ServerBindingCursor
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics import sealing as pure
from yikatong.basics.masking import Sensitive
from yikatong.office import clock, keys, sealing
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.models import DataKey, Entry, Message, WireFile
from yikatong.office.sealing_over import seal_over
from yikatong.office.tasks import move_to_new_key

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


def acting_system() -> Any:
    return open_act(Actor.system("keys"), door=Door.TASK)


def a_message(to: str) -> Message:
    return Message.objects.create(to=to, text="", act=UUID(int=0), queued_at=clock.machine_now())


@pytest.mark.django_db(transaction=True)
def test_keys_change_while_others_write_and_read_and_nothing_is_lost(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, written, wrong = threading.Event(), [0], []

    def counter() -> None:
        try:
            while not stop.is_set():
                phone = f"138{written[0]:08d}"
                made = a_message(phone)
                if Message.objects.get(pk=made.pk).to != phone:
                    wrong.append(phone)
                written[0] += 1
        finally:
            connection.close()

    thread = threading.Thread(target=counter)
    thread.start()
    envelopes = settings.ENVELOPE_KEYS
    try:
        for turn in range(4):
            seen = written[0]
            with acting_system() as act:
                keys.make_key(act)
            move_to_new_key.func()
            # The old name stays until every process knows the new one.
            envelopes = f"turn{turn}:secret-{turn},{envelopes}"
            settings.ENVELOPE_KEYS = envelopes
            with acting_system() as act:
                keys.rewrap_keys(act)
            while written[0] < seen + 10 and thread.is_alive():
                time.sleep(0.01)
    finally:
        stop.set()
        thread.join()
    assert not wrong and written[0] >= 40
    move_to_new_key.func()
    assert len(keys.data_keys()) == 6, "a key that is young may still seal what an open act holds"
    monkeypatch.setattr(sealing, "SETTLED", timedelta(0))
    with acting_system() as act:
        assert keys.finish_move(act, moved=0, left=0) == 4
    sealing.forget()
    assert [row.purpose for row in keys.data_keys()] == ["lookup", "seal"]
    assert sorted(Message.objects.values_list("to", flat=True)) == [f"138{n:08d}" for n in range(written[0])]
    said = set(Entry.objects.values_list("kind", flat=True))
    assert said >= {
        "office.data_key_made",
        "office.data_keys_rewrapped",
        "office.values_resealed",
        "office.data_keys_dropped",
    }


@pytest.mark.django_db
def test_a_key_that_still_seals_something_is_not_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "SETTLED", timedelta(0))
    a_message("13800000001")
    sealing.new_key()
    sealing.forget()
    assert sealing.left_to_reseal() == 1 and sealing.retire() == 0
    assert sealing.reseal() == (1, 0) and sealing.retire() == 1
    assert Message.objects.get().to == "13800000001"


def finish_move(act: Any) -> int:
    return keys.finish_move(act, moved=1, left=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [keys.make_key, keys.rewrap_keys, finish_move])
def test_without_its_entry_no_key_changes(
    change: Any, journal_refuses: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "SETTLED", timedelta(0))
    sealing.new_key()
    settings.ENVELOPE_KEYS = f"next:another,{settings.ENVELOPE_KEYS}"
    before = keys.data_keys()
    with journal_refuses(), acting_system() as act:
        change(act)
    assert keys.data_keys() == before


@pytest.mark.django_db(transaction=True)
def test_a_copy_seals_with_the_keys_at_hand_and_says_where_there_are_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealing, "LOOK_AGAIN", -1.0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copied (v bytea)")
        sealing.ready()
        with cursor.copy("COPY copied FROM STDIN") as copy:
            copy.write_row((sealing.seal(Sensitive.PHONE, "1"),))
        sealing.forget()
        with pytest.raises(sealing.NoKey, match="ready"), cursor.copy("COPY copied FROM STDIN") as copy:
            copy.write_row((sealing.seal(Sensitive.PHONE, "1"),))


@pytest.mark.django_db
def test_what_stood_in_the_clear_is_sealed_over() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE old (id bigint, phone bytea, phone_key bytea, phone_tail4 bytea)")
        cursor.execute(
            "INSERT INTO old SELECT i, convert_to((13800000000 + i)::text, 'UTF8') FROM generate_series(1, 5) i"
        )
        cursor.execute("INSERT INTO old VALUES (6, '')")
        found = seal_over(
            "old", {"phone": "phone"}, [("phone_key", "phone", 0), ("phone_tail4", "phone", 4)], 2
        )
        cursor.execute("SELECT phone, phone_key, phone_tail4 FROM old ORDER BY id")
        rows = cursor.fetchall()
    assert found == 6
    for number, (phone, key, tail) in enumerate(rows[:5], start=1):
        text = str(13800000000 + number)
        assert sealing.unseal(Sensitive.PHONE, phone) == text
        assert (key, tail) == (
            sealing.lookup(Sensitive.PHONE, text),
            sealing.lookup(Sensitive.PHONE, text, 4),
        )
    assert rows[5] == (b"", b"", b"")


@pytest.mark.django_db
def test_keys_are_saved_with_their_texts_even_where_one_field_is_named() -> None:
    from yikatong.residents.models import Resident

    row = Resident.objects.create(
        number="610499199003070011", phone="13800000001", registered_at=clock.machine_now()
    )
    row.number, row.phone = "610499198005170011", ""
    row.save(update_fields=["number"])
    row.refresh_from_db()
    assert row.phone == "13800000001"
    assert row.number_key == sealing.lookup(Sensitive.IDENTITY_NUMBER, "610499198005170011")
    assert row.number_tail6 == sealing.lookup(Sensitive.IDENTITY_NUMBER, "170011", 6)
    with pytest.raises(TypeError, match="look it up by its key"):
        Resident.objects.filter(number="610499198005170011")


@pytest.mark.django_db
def test_a_file_goes_beside_its_statement_and_what_comes_after_does_not() -> None:
    sent: list[tuple[str, bool]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        line = context["connection"].connection
        sent.append((sql.split()[0], line.cursor_factory is ServerBindingCursor))
        return execute(sql, params, many, context)

    content = bytes(range(256)) * 50
    with connection.execute_wrapper(note):
        row = WireFile.objects.create(
            counterpart="maker",
            name="R1",
            outgoing=True,
            content=content,
            digest=b"",
            at=clock.machine_now(),
            state="queued",
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            WireFile.objects.create(
                counterpart="maker",
                name="R1",
                outgoing=True,
                content=content,
                digest=b"",
                at=row.at,
                state="queued",
            )
        assert WireFile.objects.get().content == content
    assert [beside for verb, beside in sent if verb == "INSERT"] == [True, True]
    assert sent[-1] == ("SELECT", False)
