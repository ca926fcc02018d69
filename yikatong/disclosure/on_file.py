"""The goals that are on file for a unit's year: targets from the indicators, words and funds from the centre's projects."""

from __future__ import annotations

from yikatong.disclosure.aims import WORDS, Aim, Goals
from yikatong.disclosure.family import families
from yikatong.disclosure.form import WHOLE
from yikatong.disclosure.models import Project
from yikatong.indicators import queries as indicators
from yikatong.office.queries import centre


def goals_on_file(unit_name: str, year: int, family: str) -> tuple[Goals, ...] | None:
    """The goals behind the family's sheets, None where there are none: another unit's document, or a year without targets.

    A sheet of a project wants the project on file too; what is to be said of the whole unit, people tell with the words.
    """
    here = centre()
    if here is None or here.name != unit_name:
        return None
    tables = {each.code: each for each in indicators.tables(year)}
    projects = {
        each.table: each
        for each in Project.objects.filter(centre=here.code, year=year).prefetch_related("funds")
    }
    found = []
    for form in families()[family].sheets:
        table, project = tables.get(form.table), projects.get(form.table)
        if table is None or (project is None and form.kind != WHOLE):
            continue
        aims = tuple(map(Aim.of, table.targets))
        if project is None:
            found.append(Goals(form.kind, "", {}, {}, aims))
            continue
        words = {name: getattr(project, name) for name in WORDS if getattr(project, name)}
        funds: dict[str, dict[str, int]] = {}
        for fund in project.funds.all():
            funds.setdefault(fund.span, {})[fund.source] = fund.amount_fen
        found.append(Goals(form.kind, project.name, words, funds, aims))
    return tuple(found) or None
