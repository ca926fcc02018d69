"""The journal keeps what it was given: append-only in the database, sealed in order, its head outside."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from yikatong.office import heads, journal
from yikatong.office.facts import EXPORTED
from yikatong.office.journal import prove
from yikatong.office.models import Entry, Seal

pytestmark = pytest.mark.django_db

SET = "SELECT 'card:' || n, n::bigint, '610402', '', '{}'::jsonb FROM generate_series(1, 3) AS n"


def whats(proof: journal.Proof) -> set[str]:
    return {finding.what for finding in proof.findings}


@pytest.fixture(autouse=True)
def no_patience(monkeypatch):
    monkeypatch.setattr(journal, "PATIENCE", 0)


@pytest.fixture
def written(acting, seal):
    """Three sealed entries, the second a set, in two sealings."""
    with acting() as act:
        act.record(EXPORTED, what="一", rows=1)
    with acting() as act:
        act.record_rows(EXPORTED, SET, {}, what="二")
    seal()
    with acting() as act:
        act.record(EXPORTED, what="三", rows=3)
    seal()
    return list(Entry.objects.order_by("id"))


@pytest.mark.parametrize("table", ["office_entry", "office_entryrow", "office_seal"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET {}"])
def test_the_database_refuses_to_change_remove_or_empty_the_journal(written, table, statement):
    column = "entry_id = entry_id" if table != "office_entry" else "kind = kind"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column))
    assert Entry.objects.count() == 3
    assert prove().sound


def test_an_untouched_journal_is_sound(written):
    proof = prove()
    assert proof.sound
    assert (proof.entries, proof.rows, proof.seals, proof.unsealed) == (3, 3, 3, 0)


def test_an_empty_journal_is_sound():
    assert prove().sound


def test_seals_follow_the_order_of_entries_and_chain_them(written):
    seals = list(Seal.objects.order_by("number"))
    assert [s.number for s in seals] == [1, 2, 3]
    assert [s.entry_id for s in seals] == [e.id for e in written]
    before = journal.FIRST
    for entry, seal in zip(written, seals, strict=True):
        before = journal.link(before, seal.number, bytes(entry.mac))
        assert bytes(seal.chain) == before


def test_each_sealing_writes_its_head_outside_the_database(written):
    chains = {s.number: {bytes(s.chain)} for s in Seal.objects.filter(number__in=(2, 3))}
    assert heads.read_heads() == chains
    assert heads.newest_head() == 3


def test_sealing_again_seals_nothing_twice(written, seal):
    before = settings.JOURNAL_HEAD.read_bytes()
    assert seal() == 0
    assert settings.JOURNAL_HEAD.read_bytes() == before


def test_an_entry_not_yet_sealed_is_counted_and_proved(written, acting, behind_our_back):
    with acting() as act:
        act.record(EXPORTED, what="四", rows=4)
    assert prove().unsealed == 1
    assert prove().sound
    behind_our_back("UPDATE office_entry SET subject = 'card:9' WHERE id = %s", Entry.objects.latest("id").id)
    assert whats(prove()) == {"changed"}


def test_a_changed_payload_is_found_by_its_entry(written, behind_our_back):
    behind_our_back(
        """UPDATE office_entry SET payload = '{"what": "一", "rows": 2}' WHERE id = %s""", written[0].id
    )
    (finding,) = prove().findings
    assert (finding.what, finding.where) == ("changed", f"entry {written[0].id}")


def test_a_changed_code_is_found(written, behind_our_back):
    behind_our_back("UPDATE office_entry SET mac = sha256(mac) WHERE id = %s", written[0].id)
    assert {"changed", "broken"} <= whats(prove())


def test_a_removed_entry_is_found_by_its_seal(written, behind_our_back):
    behind_our_back("DELETE FROM office_entry WHERE id = %s", written[0].id)
    (finding,) = prove().findings
    assert (finding.what, finding.where) == ("removed", f"entry {written[0].id}")


def test_an_entry_removed_from_the_middle_with_its_seal_is_found(written, behind_our_back):
    behind_our_back("DELETE FROM office_seal WHERE number = 1")
    behind_our_back("DELETE FROM office_entry WHERE id = %s", written[0].id)
    assert whats(prove()) == {"removed", "broken"}


def test_the_last_entry_removed_with_its_seal_is_found_by_the_head_outside(written, behind_our_back):
    behind_our_back("DELETE FROM office_seal WHERE number = 3")
    behind_our_back("DELETE FROM office_entry WHERE id = %s", written[2].id)
    (finding,) = prove().findings
    assert (finding.what, finding.where) == ("removed", "seal 3")


def test_removing_the_last_entry_still_shows_after_the_next_ones_are_sealed(
    written, behind_our_back, acting, seal
):
    behind_our_back("DELETE FROM office_seal WHERE number = 3")
    behind_our_back("DELETE FROM office_entry WHERE id = %s", written[2].id)
    with acting() as act:
        act.record(EXPORTED, what="别的", rows=1)
        act.record(EXPORTED, what="又一", rows=1)
    seal()
    assert whats(prove()) == {"head"}


def test_a_chain_that_was_made_anew_differs_from_the_heads_outside(written, behind_our_back, seal):
    behind_our_back("DELETE FROM office_entry WHERE id = %s", written[0].id)
    behind_our_back("DELETE FROM office_seal")
    seal()
    assert {"head", "removed"} <= whats(prove())


def test_an_invented_entry_is_found(written, behind_our_back, seal):
    behind_our_back(
        "INSERT INTO office_entry (act, ordinal, kind, occurred_at, actor, actor_name, door, purpose, region, outlet,"
        " subject, person, payload, rows, digest, mac) SELECT gen_random_uuid(), ordinal, kind, occurred_at, actor,"
        " actor_name, door, purpose, region, outlet, subject, person, payload, rows, digest, mac"
        " FROM office_entry WHERE id = %s",
        written[0].id,
    )
    assert whats(prove()) == {"changed"}
    seal()
    assert whats(prove()) == {"changed"}  # a seal does not make it true


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE office_entryrow SET person = 4 WHERE subject = 'card:3'",
        "DELETE FROM office_entryrow WHERE subject = 'card:3'",
        "INSERT INTO office_entryrow (entry_id, subject, region, outlet, payload)"
        " SELECT entry_id, 'card:4', region, outlet, payload FROM office_entryrow WHERE subject = 'card:3'",
    ],
)
def test_a_changed_removed_or_added_row_of_a_set_is_found(written, behind_our_back, sql):
    behind_our_back(sql)
    (finding,) = prove().findings
    assert (finding.what, finding.where) == ("changed", f"entry {written[1].id}")


def test_rows_hung_on_an_entry_that_is_no_set_are_found(written, behind_our_back):
    behind_our_back(
        "INSERT INTO office_entryrow (entry_id, subject, region, outlet, payload) VALUES (%s, 'card:9', '', '', '{}')",
        written[0].id,
    )
    assert whats(prove()) == {"added"}


def test_removed_head_lines_are_found(written):
    lines = settings.JOURNAL_HEAD.read_text().splitlines(keepends=True)
    settings.JOURNAL_HEAD.write_text("".join(lines[:-1]))
    assert whats(prove()) == {"head"}
    settings.JOURNAL_HEAD.unlink()
    assert whats(prove()) == {"head"}


def test_a_head_that_a_crash_kept_from_being_written_is_written_by_the_next_sealing(written, seal):
    lines = settings.JOURNAL_HEAD.read_text().splitlines(keepends=True)
    settings.JOURNAL_HEAD.write_text("".join(lines[:-1]))
    assert seal() == 0
    assert prove().sound


def test_a_head_torn_by_a_crash_harms_neither_the_proof_nor_the_next_head(written, acting, seal):
    text = settings.JOURNAL_HEAD.read_text()
    settings.JOURNAL_HEAD.write_text(text[:-30])
    with acting() as act:
        act.record(EXPORTED, what="四", rows=4)
    seal()
    assert heads.newest_head() == 4
    assert prove().sound


def test_a_gap_of_a_billion_seals_is_one_finding(written, behind_our_back):
    behind_our_back("UPDATE office_seal SET number = 1000000000 WHERE number = 3")
    assert [f.where for f in prove().findings if f.what == "removed"] == ["seal 3-999999999"]


def test_every_entry_is_proved_however_the_pages_fall(written):
    for chunk in (1, 2, 3, 4):
        proof = prove(chunk=chunk)
        assert proof.sound
        assert (proof.entries, proof.seals) == (3, 3)


def test_counts_name_each_row_of_a_set_once(written):
    at = written[0].occurred_at
    assert journal.counts(at, at.replace(year=2026)) == {"office.exported": 5}
    assert journal.counts(at.replace(year=2024), at) == {}
