"""The documents tell of everything there is, and lead where they say."""

from __future__ import annotations

import re

import pytest
from django.apps import apps

from tests.house.sources import ROOT, packages, trees
from tests.house.test_machines import machines
from yikatong.office.duties import ROLES

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "yikatong").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
SETTING = re.compile(r"\b(?:YK_[A-Z]+(?:_[A-Z]+)*|DATABASE_URL)\b")


def page(name: str) -> str:
    path = DOCS / name
    assert path.exists(), f"docs/{name} is missing"
    return path.read_text("utf-8")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path):
    dead = [link for link in LINK.findall(path.read_text("utf-8")) if not (path.parent / link).exists()]
    assert dead == []


def test_the_reference_is_what_the_code_says_today():
    from yikatong.cli.reference import reference

    assert page("reference.md") == reference(), "run ./yk docs"


def test_the_reference_names_every_machine_duty_role_rule_setting_and_measure():
    from yikatong.basics.registry import entries
    from yikatong.indicators.measure import Measure

    text = page("reference.md")
    for machine in machines().values():
        assert f"`{machine.name}` {machine.zh}" in text
    for role in ROLES.values():
        assert role.zh in text
        assert all(f"`{duty.code}`" in text for duty in role.duties)
    for setting in settings_read():
        assert f"`{setting}`" in text, setting
    for measure in entries("yikatong.indicators.catalogue", Measure).values():
        assert f"`{measure.id}`" in text, measure.id


def test_the_database_holds_what_the_proof_of_payments_says_it_holds():
    told = {
        name
        for row in re.findall(r"^\|.*\|.*\| ([^|]+) \|$", page("payments.md"), re.MULTILINE)
        for name in re.findall(r"`([a-z_]+)`", row)
    }
    held = {
        each.name
        for model in apps.get_app_config("benefits").get_models()
        for each in (*model._meta.constraints, *model._meta.indexes, *getattr(model._meta, "triggers", ()))
    }
    assert len(told) > 15 and told - held == set()


def settings_read() -> set[str]:
    """Settings that the code asks the environment for."""
    return set().union(*(SETTING.findall((ROOT / path).read_text("utf-8")) for path in trees()))


def test_the_glossary_has_every_machine_and_each_term_once():
    rows = re.findall(r"^\| ([^|]+?) \| [^|]+ \| [^|]+ \|$", page("glossary.md"), re.MULTILINE)[1:]
    terms = [term for term in rows if not set(term) <= {"-"}]
    assert len(terms) == len(set(terms)), {term for term in terms if terms.count(term) > 1}
    text = "\n".join(terms)
    assert [m.zh for m in machines().values() if m.zh not in text] == []


def test_the_map_leads_to_every_package_and_every_plug_in_folder():
    text = page("map.md")
    folders = {
        path.rsplit("/", 1)[0]
        for path, tree in trees().items()
        if "ENTRY = " in (ROOT / path).read_text("utf-8")
    }
    folders = {
        folder for folder in folders if (ROOT / folder / "__init__.py").exists() and folder.count("/") == 2
    }
    wanted = {f"yikatong/{name}" for name in packages()} | {f for f in folders if "/basics" not in f}
    assert [folder for folder in sorted(wanted) if f"../{folder}" not in text] == []


def test_the_map_leads_to_every_service_of_the_cards():
    text = page("map.md")
    services = [p for p in trees() if p.startswith("yikatong/cards/services/")]
    offering = [
        p
        for p in services
        if re.search(r"^def [a-z]\w+\(\s*act: Act", (ROOT / p).read_text("utf-8"), re.MULTILINE)
    ]
    inner = {"admission", "answers", "keeping", "locked", "staging"}  # what several of them share
    assert [p for p in offering if f"../{p}" not in text and p.rsplit("/", 1)[-1][:-3] not in inner] == []


def test_decisions_are_numbered_without_gap():
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "adr").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "README.zh-CN.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
        "LICENSE",
        "docs/benchmarks.md",
    ],
)
def test_what_people_look_for_first_is_there(name):
    assert (ROOT / name).exists(), f"{name} is missing"
