"""Opening a centre: its regions, outlets, calendar, population and dated rules, from one file.

`centres/<code>.toml` is all that differs between two cities here; `centres/calendar.csv` holds the State Council's
holiday notices, which are the same for all.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from yikatong.basics import regions
from yikatong.basics.refused import Refused
from yikatong.office import clock, rulebook
from yikatong.office.act import Act
from yikatong.office.facts import CENTRE_OPENED, POPULATION_ENTERED, RULES_ADDED
from yikatong.office.models import CalendarDay, Centre, Outlet, Population, Region, Rule

FOLDER = Path(__file__).with_name("centres")


@dataclass(frozen=True)
class Added:
    """What a newer version's files brought to a centre that was open before: codes of rules, years of the calendar.

    `left` are rows of the files that were not added because the centre has that rule with dates of its own.
    """

    rules: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    left: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rules or self.years)


def known_centres() -> tuple[str, ...]:
    """Codes of the centres that have a file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def target_year(code: str) -> int:
    """The year whose targets the centre's file is about."""
    return int(_book(code)["target_year"])


def _book(code: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8"))


def open_centre(act: Act, code: str, *, demo: bool = False) -> Centre | Refused:
    """Open the centre `code` in this empty database."""
    if code not in known_centres():
        names = "、".join(known_centres())
        return Refused(
            "centre.unknown",
            f"没有 {code} 的中心文件，可选：{names}",
            f"No centre {code}; choose from {names}",
        )
    if Centre.objects.exists():
        return Refused("centre.already_open", "本库已开办中心。", "This database already has its centre.")
    book = _book(code)
    centre = Centre.objects.create(
        code=book["code"],
        name=book["name"],
        region=book["region"],
        department=book["department"],
        target_year=book["target_year"],
        demo=demo,
    )
    _regions(book["region"])
    Population.objects.bulk_create(
        Population(
            region_id=p["region"], valid_from=p["valid_from"], residents=p["residents"], source=p["source"]
        )
        for p in book["population"]
    )
    Outlet.objects.bulk_create(Outlet(**_renamed(row)) for row in book["outlets"])
    Rule.objects.bulk_create(Rule(**row) for row in book["rules"])
    CalendarDay.objects.bulk_create(_calendar())
    rulebook.forget()
    act.record(CENTRE_OPENED, centre=centre.name, region=centre.region)
    return centre


def add_missing_rules(act: Act) -> Added:
    """Add the rules of the centre's file that this centre, opened by an earlier version, does not have at all, and the
    years of the calendar of which it has no day. What is there is never changed: a rule that people have dated is
    theirs, so of a rule that is there no further row is added either (it is named in `left`). A second run adds nothing.
    """
    centre = Centre.objects.select_for_update(no_key=True).first()
    if centre is None or centre.code not in known_centres():
        return Added()
    has = set(Rule.objects.values_list("code", "valid_from"))
    codes = {code for code, _ in has}
    rows = [row for row in _book(centre.code)["rules"] if (row["code"], row["valid_from"]) not in has]
    rules = [Rule(**row) for row in rows if row["code"] not in codes]
    years = set(CalendarDay.objects.values_list("day__year", flat=True))
    days = [day for day in _calendar() if day.day.year not in years]
    added = Added(
        rules=tuple(rule.code for rule in rules),
        years=tuple(sorted({day.day.year for day in days})),
        left=tuple(f"{row['code']} {row['valid_from']}" for row in rows if row["code"] in codes),
    )
    if added:
        Rule.objects.bulk_create(rules)
        CalendarDay.objects.bulk_create(days)
        rulebook.forget()
        act.record(RULES_ADDED, rules=len(rules), codes=list(added.rules), years=list(added.years))
    return added


def count_population(act: Act, *, region: str, residents: int, source: str) -> None:
    """Enter a bulletin's resident population of a region, valid from the act's day."""
    Population.objects.create(region_id=region, valid_from=act.today, residents=residents, source=source)
    act.record(POPULATION_ENTERED, region=region, residents=residents, source=source)


def let_demo_go_on(act: Act, options: dict[str, object]) -> None:
    """The demo city has lived its year: from here its clock goes on from the act's moment."""
    Centre.objects.filter(demo=True).update(clock_offset=act.at - clock.machine_now(), demo_options=options)
    clock.offset.cache_clear()


def demo_options() -> dict[str, object] | None:
    """What the demo city was made with; None where there is none that has lived its year."""
    centre = Centre.objects.filter(demo=True).first()
    return centre.demo_options if centre else None


def _regions(city: str) -> None:
    rows = [Region(code=city, name=_name(city))]
    rows += [Region(code=r.code, name=r.name, parent=city) for r in regions.counties_of(city)]
    Region.objects.bulk_create(rows)


def _name(code: str) -> str:
    found = regions.region(code)
    return found.name if found else code


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    return {("region_id" if key == "region" else key): value for key, value in row.items()}


def _calendar() -> Iterator[CalendarDay]:
    with (FOLDER / "calendar.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield CalendarDay(
                day=date.fromisoformat(row["day"]),
                working=row["working"] == "1",
                name=row["name"],
                document=row["document"],
            )
