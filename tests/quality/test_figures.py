"""The five figures: each a share, each followed down to the rows behind it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.quality.lists import COUNTY, NAMES, REVIEWER, compared, line, person
from tests.residents.people import CLERK, MORNING, acting, number_of
from yikatong.office import clock
from yikatong.office.models import Entry
from yikatong.office.scope import EVERYWHERE, Scope
from yikatong.quality import measuring, queries
from yikatong.quality.figure import figures
from yikatong.quality.models import Difference, FigureValue
from yikatong.quality.rules import Claim, Verdict
from yikatong.quality.services.counting import count_figures
from yikatong.quality.services.deaths import approve_deaths
from yikatong.quality.services.verdicts import decide_difference, take_difference
from yikatong.residents import services as registry
from yikatong.residents.models import Resident

pytestmark = pytest.mark.usefixtures("centre")
TODAY = MORNING.date()


def shares(moment=MORNING) -> dict[str, tuple[int, int]]:
    with acting(moment) as act:
        return count_figures(act)


def faults(code: str, today: date = TODAY, **asked: object) -> list[tuple[str, tuple[str, ...]]]:
    rows = measuring.faults(figures()[code], EVERYWHERE, today, **asked)  # type: ignore[arg-type]
    return [(row.subject, row.reasons) for row in rows]


def test_there_are_five_in_the_order_in_which_the_centre_names_them():
    assert [each.zh for each in figures().values()] == ["完整", "正确", "统一", "及时", "安全"]


def test_complete_counts_the_living_with_phone_address_county_and_for_minors_a_guardian():
    whole = person(1)
    bare = person(2, address="", phone="")
    away = person(3, region="620000")
    dead = person(4, address="")
    with acting() as act:
        registry.record_death(act, dead, on=date(2025, 3, 1), source="死亡医学证明")
    child = person(
        5,
        date(2016, 2, 29),
        guardian=registry.GuardianInput("林大满", number_of(1), "父亲", "", "居民户口簿"),
    )
    assert shares()["complete"] == (2, 4)
    assert faults("complete") == [
        (f"resident:{bare}", ("phone", "address")),
        (f"resident:{away}", ("region",)),
    ]
    Resident.objects.get(pk=child).guardians.all().delete()
    assert faults("complete", reason="guardian") == [(f"resident:{child}", ("guardian",))]
    assert whole not in [key for key, _ in faults("complete")]


def test_correct_counts_who_was_confirmed_not_too_long_ago_and_is_contradicted_by_nobody():
    one, two = person(1), person(2)
    person(3)
    compared(line(1), line(2), claim=Claim.CHANGES)
    assert shares()["correct"] == (2, 2)  # the third was never confirmed: not counted
    compared(line(1), line(2, name="孙三墙"), claim=Claim.CHANGES, as_of=TODAY)
    assert faults("correct") == [(f"resident:{two}", ("name",))]
    late = TODAY + timedelta(days=366)
    assert faults("correct", late) == [
        (f"resident:{one}", ("expired",)),
        (f"resident:{two}", ("name", "expired")),
    ]


def test_consistent_falls_with_every_open_difference_of_number_region_or_record():
    person(1)
    moved = person(2)
    compared(line(1), line(2, region="610404"))
    assert shares()["consistent"] == (1, 2)
    assert faults("consistent") == [(f"resident:{moved}", ("region",))]


def test_timely_counts_differences_settled_by_their_deadline_and_deaths_recorded_soon():
    key_of = {serial: person(serial) for serial in (1, 2, 3)}
    compared(line(1, name="甲"), line(2, name="乙"), line(3), claim=Claim.CHANGES)
    assert "timely" not in shares()
    settle(key_of[1], MORNING + timedelta(days=1))
    assert shares(MORNING + timedelta(days=2))["timely"] == (1, 1)
    late = MORNING + timedelta(days=60)
    assert shares(late)["timely"] == (1, 2)
    key = Difference.objects.get(resident_id=key_of[2]).pk
    assert faults("timely", late.date()) == [(f"difference:{key}", ("overdue",))]
    settle(key_of[2], late)
    assert faults("timely", late.date()) == [(f"difference:{key}", ("late",))]
    with acting(late) as act:
        registry.record_death(act, key_of[3], on=date(2025, 3, 1), source="死亡医学证明")
    assert (f"resident:{key_of[3]}", ("death_late",)) in faults("timely", late.date())


def settle(resident_id: int, moment) -> None:
    key = Difference.objects.get(resident_id=resident_id).pk
    with acting(moment) as act:
        take_difference(act, key, scope=EVERYWHERE)
        decide_difference(act, key, verdict=Verdict.KEEP, proof="电话核实", scope=EVERYWHERE)


def test_deaths_approved_from_a_list_count_in_time():
    person(1)
    row = compared((number_of(1), NAMES[1], "", "20250301"), claim=Claim.DEATHS)
    with acting(actor=REVIEWER) as act:
        approve_deaths(act, number=row.number, digest=queries.certain_deaths(row.id).digest, scope=EVERYWHERE)
    assert shares()["timely"] == (2, 2)  # the difference and the death


def test_secure_counts_people_sealed_under_the_current_key_and_staff_with_two_factors():
    from tests.web.console.desks import appointed
    from yikatong.office import sealing

    kept = person(1)
    staff = appointed("outlet_clerk", region=COUNTY)
    assert shares()["secure"] == (1, 2)
    assert faults("secure") == [(f"staff:{staff.pk}", ("one_factor",))]
    sealing.new_key()
    sealing.forget()
    assert faults("secure", reason="old_key") == [(f"resident:{kept}", ("old_key",))]
    sealing.reseal()
    assert faults("secure", reason="old_key") == []


def test_a_look_without_a_purpose_makes_a_person_insecure():
    key = person(1)
    with acting() as act:
        registry.look(act, key, purpose="咨询答复")
    assert faults("secure") == []
    with acting() as act:
        from yikatong.residents.facts import LOOKED_UP

        act.record(LOOKED_UP, subject=f"resident:{key}", person=key, region=COUNTY)
    assert faults("secure") == [(f"resident:{key}", ("no_purpose",))]


def test_a_merged_person_counts_once_in_every_figure_with_what_is_known_of_both():
    survivor, second = person(1), person(2, name=NAMES[1], phone="13800000001")
    compared(line(2, name=NAMES[1], region="610404"), claim=Claim.CHANGES)
    before = shares()
    assert {code: before[code][1] for code in ("complete", "correct", "consistent", "secure")} == {
        "complete": 2,
        "correct": 1,
        "consistent": 2,
        "secure": 2,
    }
    Resident.objects.filter(pk=second).update(merged_into=survivor)
    after = shares()
    assert (after["complete"], after["correct"], after["secure"]) == ((1, 1), (1, 1), (1, 1))
    assert faults("consistent") == [(f"resident:{survivor}", ("region",))]


def test_figures_are_kept_by_day_and_county_and_shown_by_month_against_their_target():
    person(1)
    person(2, region="610481", address="")
    february = MORNING - timedelta(days=20)
    for moment in (february, MORNING):
        shares(moment)
        shares(moment)
    assert FigureValue.objects.filter(figure="complete").count() == 4
    with clock.fixed(MORNING):
        standing = measuring.standings(EVERYWHERE)[0]
        county = measuring.standings(Scope("610481"))[0]
    assert (standing.figure.code, standing.share.percent, standing.target, standing.met) == (
        "complete",
        "50.0",
        950,
        False,
    )
    assert [month for month, _ in standing.months] == [date(2025, 2, 1), date(2025, 3, 1)]
    assert [region for region, _ in standing.counties] == ["610402", "610481"]
    assert (county.share.numerator, county.share.denominator) == (0, 1)
    assert timezone.localtime(MORNING).date() == standing.day


def test_reasons_are_counted_for_the_readers_region_only():
    person(1, address="")
    person(2, region="610481", address="")
    figure = figures()["complete"]
    assert measuring.reason_counts(figure, EVERYWHERE, TODAY) == {"address": 2}
    assert measuring.reason_counts(figure, Scope("610481"), TODAY) == {"address": 1}
    assert measuring.reason_counts(figure, Scope(""), TODAY) == {}


@pytest.mark.parametrize("figure", figures().values(), ids=lambda figure: figure.code)
def test_every_reason_a_figure_gives_has_its_words(figure):
    assert all(f"'{code}'" in figure.select for code in figure.reasons)
    assert all(zh and en for zh, en in figure.reasons.values())


def test_when_the_journal_refuses_nothing_is_counted(journal_refuses):
    person(1)
    entries = Entry.objects.count()
    with journal_refuses(), acting(actor=CLERK) as act:
        count_figures(act)
    assert not FigureValue.objects.exists() and Entry.objects.count() == entries
