"""The reference page, read off the code: machines, roles, settings, measures, dated rules, journal kinds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator

from django.apps import apps

from yikatong.basics.states import Machine
from yikatong.office.duties import ROLES, Duty
from yikatong.office.kinds import all_kinds
from yikatong.office.opening import FOLDER, known_centres
from yikatong.setup.places import ROOT

HEAD = """# Reference

Written by `./yk docs` from the code; do not edit by hand.
"""
SETTING = re.compile(r"\b(DATABASE_URL|YK_[A-Z_]+)\b")


def reference() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_machines(), *_roles(), *_settings(), *_measures(), *_rules(), *_kinds()]) + "\n"


def machines() -> Iterator[Machine]:
    """Every state machine of the house, by the package that owns it."""
    for config in apps.get_app_configs():
        if config.name.startswith("yikatong."):
            rules = (
                __import__(f"{config.name}.rules", fromlist=["rules"]) if _has_rules(config.path) else None
            )
            for value in vars(rules).values() if rules else ():
                if isinstance(value, Machine):
                    yield value


def _has_rules(path: str) -> bool:
    return (ROOT.__class__(path) / "rules.py").exists()


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = list(heads)
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""


def _machines() -> Iterator[str]:
    yield "## Machines\n"
    for machine in machines():
        yield f"### `{machine.name}` {machine.zh}\n"
        yield from _table(("State", "中文", "English"), ((f"`{s.code}`", s.zh, s.en) for s in machine.states))
        yield from _table(
            ("Event", "From", "To"),
            ((f"`{m.event}`", "、".join(s.zh for s in m.froms), m.to.zh) for m in machine.moves),
        )


def _roles() -> Iterator[str]:
    yield "## Duties and roles\n"
    yield from _table(
        ("Duty", "Step", "中文", "English", "Roles"),
        (
            (f"`{d.code}`", d.step, d.zh, d.en, "、".join(r.zh for r in ROLES.values() if d in r.duties))
            for d in Duty
        ),
    )


def _settings() -> Iterator[str]:
    yield "## Settings (environment)\n"
    text = "\n".join(
        path.read_text("utf-8")
        for path in sorted((ROOT / "yikatong").rglob("*.py"))
        if path.name != "reference.py"
    )
    yield from _table(("Name",), ((f"`{name}`",) for name in sorted(set(SETTING.findall(text)))))


def _measures() -> Iterator[str]:
    from yikatong.indicators.queries import definitions

    yield "## Measures\n"
    yield from _table(
        ("Id", "Version", "中文", "Definition"),
        ((f"`{m.id}`", str(m.version), m.name_zh, m.definition_en) for m in definitions()),
    )


def _rules() -> Iterator[str]:
    yield "## Dated rules\n"
    for centre in known_centres():
        book = tomllib.loads((FOLDER / f"{centre}.toml").read_text("utf-8"))
        yield f"### {book['name']}\n"
        yield from _table(
            ("Rule", "Value", "Unit", "From", "Document"),
            (
                (
                    f"`{r['code']}`",
                    str(r["value"]),
                    r.get("unit", ""),
                    str(r["valid_from"]),
                    r.get("document", "") + ("(assumed)" if r.get("assumed") else ""),
                )
                for r in book["rules"]
            ),
        )


def _kinds() -> Iterator[str]:
    yield "## What the journal records\n"
    yield from _table(
        ("Kind", "中文", "English", "Kept"),
        ((f"`{k.code}`", k.zh, k.en, k.erasure) for k in sorted(all_kinds().values(), key=lambda k: k.code)),
    )
