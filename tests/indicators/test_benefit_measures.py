"""XQ3, XL3 and XT3: what they count of payments onto the card."""

from decimal import Decimal

from tests.indicators.test_measures import YEAR, rows
from yikatong.benefits.facts import BATCH_COVERED, BATCH_REPLIED, BATCH_SETTLED, DEADLINE_MISSED, WITHDRAWN
from yikatong.indicators.queries import events


def settled(city, number, day, programme="pension", paid=10, insurance=True):
    about = {
        "batch": number,
        "programme": programme,
        "period": day[:7],
        "paid": paid,
        "fen": 1,
        "yuan": "0.01",
    }
    city.record(BATCH_SETTLED, day, f"benefit:{number}", insurance=insurance, **about)


def replied(city, number, day, due, *, insurance=True):
    city.record(
        BATCH_REPLIED,
        day,
        f"benefit:{number}",
        batch=number,
        programme="城乡居民养老",
        code="pension",
        period=due[:7],
        due_on=due,
        kept=day <= due,
        insurance=insurance,
    )


def missed(city, subject, day, due):
    about = {"programme": "城乡居民养老", "code": "pension", "period": due[:7], "due_on": due}
    city.record(
        DEADLINE_MISSED, day, subject, insurance=True, why="清册没有报送", why_en="no roster", **about
    )


def covered(city, number, day, region, due, paid, *, insurance=True):
    about = {"batch": number, "code": "pension", "period": day[:7], "due": due, "paid": paid, "fen": 1}
    city.record(BATCH_COVERED, day, f"benefit:{number}", region=region, insurance=insurance, **about)


def test_a_benefit_counts_once_a_year_and_only_where_somebody_was_paid(city, as_editor):
    settled(city, "G1", "2025-01-20")
    settled(city, "G2", "2025-02-20")
    settled(city, "G3", "2025-02-20", "injury")
    settled(city, "G4", "2025-02-20", "unemployment", paid=0)
    settled(city, "G5", "2025-02-20", "skills", insurance=False)
    settled(city, "G6", "2026-01-01", "maternity")
    assert rows(as_editor)["XQ3"].numerator == 2
    assert {each.subject for each in events("XQ3", YEAR)} == {"benefit:G1", "benefit:G3"}


def test_coverage_is_what_came_onto_cards_of_what_was_due_city_and_counties(city, as_editor):
    covered(city, "G1", "2025-01-20", "610402", 60, 57)
    covered(city, "G1", "2025-01-20", "610422", 40, 40)
    covered(city, "G2", "2025-02-20", "610402", 999, 0, insurance=False)
    covered(city, "G3", "2026-01-01", "610402", 999, 0)
    row = rows(as_editor)["XL3"]
    assert (row.numerator, row.denominator, row.actual) == (97, 100, Decimal("97.0000"))
    assert rows(as_editor, region="610402")["XL3"].actual == Decimal("95.0000")


def test_a_batch_that_was_opened_again_counts_as_it_was_settled_last(city, as_editor):
    covered(city, "G1", "2025-01-20", "610402", 60, 57)
    covered(city, "G1", "2025-02-20", "610402", 60, 56)
    row = rows(as_editor)["XL3"]
    assert (row.numerator, row.denominator) == (56, 60)


def test_a_batch_is_on_time_when_every_answer_came_by_its_day(city, as_editor):
    replied(city, "G1", "2025-03-20", "2025-03-20")
    missed(city, "benefit:G2", "2025-04-21", "2025-04-18")
    replied(city, "G2", "2025-04-22", "2025-04-18")  # noted as missed, then late: one batch
    missed(city, "benefit:G3", "2025-05-21", "2025-05-20")
    replied(city, "G4", "2025-05-21", "2025-05-20", insurance=False)
    row = rows(as_editor)["XT3"]
    assert (row.numerator, row.denominator) == (1, 3)


def test_a_batch_belongs_to_the_period_of_its_day_also_when_it_is_answered_earlier(city, as_editor):
    replied(city, "G1", "2024-12-30", "2025-01-20")
    replied(city, "G2", "2025-12-30", "2026-01-20")
    row = rows(as_editor)["XT3"]
    assert (row.numerator, row.denominator) == (1, 1)


def test_a_period_without_a_roster_counts_against_us_until_one_comes(city, as_editor):
    missed(city, "benefit_due:pension:2025-06", "2025-06-21", "2025-06-20")
    assert (rows(as_editor)["XT3"].numerator, rows(as_editor)["XT3"].denominator) == (0, 1)
    missed(city, "benefit:G6", "2025-06-26", "2025-06-20")
    assert rows(as_editor)["XT3"].denominator == 1
    city.record(WITHDRAWN, "2025-06-27", "benefit:G6", batch="G6")
    assert rows(as_editor)["XT3"].denominator == 0
    missed(city, "benefit:G7", "2025-06-28", "2025-06-20")
    replied(city, "G7", "2025-06-30", "2025-06-20")
    assert (rows(as_editor)["XT3"].numerator, rows(as_editor)["XT3"].denominator) == (0, 1)
