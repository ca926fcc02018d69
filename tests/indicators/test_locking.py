"""A period's life: computed, prepared, locked by another person, and proved again to the same digit."""

import pytest
from django.db import Error, IntegrityError, connection, transaction

from tests.indicators.happenings import granted
from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.indicators.queries import board, events, period_of, periods, recheck, tables
from yikatong.indicators.rules import LOCKED, OPEN, PREPARED
from yikatong.indicators.services import fill, load_targets, lock, prepare
from yikatong.office import journal, rulebook

YEAR = Period.parse("2025")


@pytest.fixture
def year(city, as_editor):
    """A year in which three cards were handed over, one of them wrong."""
    as_editor(load_targets, "xianyang")
    for card in (1, 2, 3):
        city.collected(card, "2025-03-01")
    city.error(3, "2025-03-20")
    return city


def test_a_period_is_filled_prepared_and_locked_by_another(year, as_editor, as_reviewer):
    assert as_editor(fill, YEAR).state is OPEN
    assert as_editor(prepare, YEAR).state is PREPARED
    row = as_reviewer(lock, YEAR)
    assert (row.state, row.prepared_by, row.locked_by) == (LOCKED, "staff:901", "staff:902")
    assert len(row.digest) == 64
    assert periods()[0] == row


def test_the_preparer_may_not_lock(year, as_editor):
    as_editor(prepare, YEAR)
    assert as_editor(lock, YEAR).code == "period.same_person"
    assert granted(period_of(YEAR)).state is PREPARED


def test_a_running_or_coming_period_is_not_prepared(city, as_editor):
    assert as_editor(prepare, YEAR, at="2025-12-31").code == "period.not_over"
    assert as_editor(fill, YEAR, at="2024-12-31").code == "period.not_begun"
    assert periods() == ()


def test_what_is_not_prepared_is_not_locked(year, as_editor, as_reviewer):
    assert as_reviewer(lock, YEAR).code == "period.not_prepared"
    as_editor(fill, YEAR)
    assert as_reviewer(lock, YEAR).code == "period.not_prepared"


def test_preparing_twice_is_refused_while_nothing_changed(year, as_editor):
    as_editor(prepare, YEAR)
    assert as_editor(prepare, YEAR).code == "period.already_prepared"


def test_late_events_refuse_the_lock_and_reopen_the_period(year, as_editor, as_reviewer):
    as_editor(prepare, YEAR)
    year.collected(4, "2025-06-01")
    assert as_reviewer(lock, YEAR).code == "period.late_events"
    assert granted(period_of(YEAR)).state is PREPARED
    assert as_editor(fill, YEAR).state is OPEN
    assert as_editor(prepare, YEAR).state is PREPARED
    assert as_reviewer(lock, YEAR).state is LOCKED


def test_events_of_another_year_do_not_reopen(year, as_editor):
    as_editor(prepare, YEAR)
    year.collected(4, "2026-01-04")
    assert as_editor(fill, YEAR).state is PREPARED


def test_a_locked_period_stays_and_computes_again_to_the_same_digits(year, as_editor, as_reviewer):
    as_editor(prepare, YEAR)
    as_reviewer(lock, YEAR)
    before = board(YEAR)
    year.collected(4, "2025-06-01")
    year.error(1, "2025-04-01")
    for service in (fill, prepare, lock):
        assert as_editor(service, YEAR).code == "period.locked"
    again = granted(recheck(YEAR))
    assert again.same and again.digest == granted(period_of(YEAR)).digest
    assert again.late == ("XL1", "XQ1")
    assert board(YEAR) == before
    assert len(granted(events("XQ1", YEAR))) == 3


def test_a_locked_period_keeps_its_rules_and_targets(year, as_editor, as_reviewer):
    as_editor(prepare, YEAR)
    as_reviewer(lock, YEAR)
    kept = tables(2025)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE office_rule SET value = '5' WHERE code = 'indicator.error_window_days'")
        cursor.execute("UPDATE indicators_target SET weight = 9")
        cursor.execute("UPDATE office_population SET residents = 1")
    rulebook.forget()
    assert granted(recheck(YEAR)).same
    assert tables(2025) == kept
    rulebook.forget()


def test_a_frozen_copy_changed_behind_our_back_is_found(year, as_editor, as_reviewer):
    as_editor(prepare, YEAR)
    as_reviewer(lock, YEAR)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE indicators_reportperiod DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE indicators_reportperiod SET frozen = replace(frozen, '\"numerator\":2', '\"numerator\":3')"
        )
        cursor.execute("ALTER TABLE indicators_reportperiod ENABLE TRIGGER USER")
    assert granted(recheck(YEAR)).differences == ("digest", "XL1")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE indicators_reportperiod SET digest = ''",
        "UPDATE indicators_reportperiod SET state = 'open'",
        "DELETE FROM indicators_reportperiod",
        "UPDATE indicators_filling SET numerator = 9",
        "DELETE FROM indicators_filling",
        "INSERT INTO indicators_filling (period_id, measure, version, region, outlet, events, sources) "
        "SELECT id, 'XX', 1, '', '', 0, '' FROM indicators_reportperiod",
    ],
)
def test_not_even_sql_changes_a_locked_period(year, as_editor, as_reviewer, statement):
    as_editor(prepare, YEAR)
    as_reviewer(lock, YEAR)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert granted(recheck(YEAR)).same


def test_the_database_refuses_one_person_as_preparer_and_locker(year, as_editor):
    as_editor(prepare, YEAR)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE indicators_reportperiod SET state = 'locked', locked_by = prepared_by, frozen = 'x', digest = 'x'"
        )


def test_an_entry_in_flight_at_the_lock_does_not_change_the_locked_figure(year, as_editor, as_reviewer):
    """An entry with a lower number that is committed later gets a later seal, so the cut leaves it out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('office_entry', 'id'))")
        taken = cursor.fetchone()[0]
    as_editor(prepare, YEAR)
    as_reviewer(lock, YEAR)
    year.collected(77, "2025-06-01")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE office_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE office_entry SET id = %s WHERE subject = 'card:77'", [taken])
        cursor.execute("ALTER TABLE office_entry ENABLE TRIGGER USER")
    journal.seal()
    assert granted(recheck(YEAR)).same


def test_recheck_is_for_locked_periods(year, as_editor):
    as_editor(prepare, YEAR)
    refused = recheck(YEAR)
    assert isinstance(refused, Refused) and refused.code == "period.not_locked"


@pytest.mark.parametrize("service", [fill, prepare, lock, load_targets])
def test_when_the_journal_refuses_nothing_happened(year, as_editor, as_reviewer, journal_refuses, service):
    as_editor(fill, YEAR)
    if service is lock:
        as_editor(prepare, YEAR)
    before = (period_of(YEAR), board(YEAR), tables(2025))
    with journal_refuses():
        as_reviewer(service, "xianyang" if service is load_targets else YEAR)
    assert (period_of(YEAR), board(YEAR), tables(2025)) == before
