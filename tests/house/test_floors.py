"""What stands above leans on what stands below, in keys as in imports."""

from __future__ import annotations

import ast

import pytest
from django.apps import apps
from django.db import models

from tests.house.sources import HOUSE, floor_of, floors, packages, trees

OF_DJANGO = {("office.Staff", "auth.Group"), ("office.Staff", "auth.Permission")}  # AbstractUser brings them
# Modules with which a program reaches another machine, and who may.
CONNECTING = {
    "socket",
    "ssl",
    "http",
    "urllib",
    "smtplib",
    "ftplib",
    "imaplib",
    "poplib",
    "telnetlib",
    "xmlrpc",
    "socketserver",
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "paramiko",
    "websockets",
}
HARMLESS = {"urllib.parse", "http.HTTPStatus"}
MAY_CONNECT = {
    "yikatong/setup/processes.py": "asks whether the port it wants to serve on is free",
    "yikatong/bench/": "plays the browsers of a busy counter",
}


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("yikatong.")]


def package_of(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


def domains() -> list[str]:
    """The packages that have tables."""
    return [name for name in packages() if any(package_of(model) == name for model in own_models())]


def test_the_floors_are_those_of_the_import_contract():
    assert floors()[-1] == ("basics",)
    assert {package_of(model) for model in own_models()} <= {name for names in floors() for name in names}


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_every_key_points_at_the_same_floor_or_one_below(model):
    for field in model._meta.get_fields():
        if not field.is_relation or field.auto_created:
            continue
        target = field.related_model
        assert isinstance(target, type), f"{field}: a key to anything at all"
        if not target.__module__.startswith("yikatong."):
            assert (model._meta.label, target._meta.label) in OF_DJANGO, f"{field} points out of the house"
            continue
        same = package_of(target) == package_of(model)
        assert same or floor_of(package_of(target)) > floor_of(package_of(model)), f"{field} points upward"


def test_the_journal_has_no_keys():
    for name in ("Entry", "EntryRow", "Seal"):
        model = apps.get_model("office", name)
        assert not any(field.is_relation for field in model._meta.get_fields()), name


def test_money_and_measures_are_stored_without_floats():
    for model in own_models():
        for field in model._meta.concrete_fields:
            assert not isinstance(field, models.FloatField), field
            if field.name.endswith("_fen"):
                assert isinstance(field, models.IntegerField), field


SOLVERS = ("yikatong/disclosure/audit/feasible.py", "yikatong/disclosure/audit/solving.py")
"""The solver of linear programs knows no other numbers; what comes back is whole yuan again."""


def test_no_code_speaks_of_floats():
    """Ratios are fractions or pairs of integers; what must be printed with places is Decimal."""
    counting = (
        "yikatong/cards/",
        "yikatong/indicators/",
        "yikatong/disclosure/",
        "yikatong/office/journal.py",
    )
    found = []
    for path, tree in trees().items():
        if path.startswith(counting) and path not in SOLVERS:
            for node in ast.walk(tree):
                called = (
                    isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
                )
                literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
                if called or (literal and not path.endswith("journal.py")):
                    found.append(f"{path}:{node.lineno}")
    assert found == []


def imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_only_the_wires_open_connections():
    found = []
    for path, tree in trees().items():
        if path.startswith(("yikatong/office/wires/", *MAY_CONNECT)):
            continue
        for name in imported(tree):
            if name.split(".")[0] in CONNECTING and not name.startswith(tuple(HARMLESS)):
                found.append(f"{path}: {name}")
    assert found == []


def test_rules_and_facts_are_pure():
    for path, tree in trees().items():
        if path.endswith(("/rules.py", "/facts.py")) or path.startswith("yikatong/basics/"):
            heads = {name.split(".")[0] for name in imported(tree)}
            assert not heads & {"django", "psycopg", "procrastinate", "pgtrigger"}, path


def test_tables_are_private_to_their_package():
    """A foreign key may name the class it points at; everybody else asks queries and services."""
    found = []
    for path, tree in trees().items():
        own = path.split("/")[1]
        at_home = path.endswith("/models.py") or "/models/" in path
        for name in imported(tree):
            parts = name.split(".")
            if parts[0] == "yikatong" and parts[2:3] == ["models"] and parts[1] != own and not at_home:
                found.append(f"{path}: {name}")
    assert found == []


@pytest.mark.parametrize("package", domains())
def test_every_package_says_on_one_page_what_it_is_for(package):
    page = HOUSE / package / "README.md"
    assert page.exists(), f"yikatong/{package}/README.md is missing"
    lines = page.read_text("utf-8").splitlines()
    assert 3 <= len(lines) <= 80, f"{len(lines)} lines"


def test_no_module_is_called_after_nothing():
    empty = {"utils", "util", "helpers", "helper", "managers", "signals", "common", "misc"}
    assert [path for path in trees() if path.rsplit("/", 1)[-1].removesuffix(".py") in empty] == []


def test_no_file_is_much_longer_than_400_lines_and_no_function_than_70():
    found = []
    for path, tree in trees().items():
        lines = len((HOUSE.parent / path).read_text("utf-8").splitlines())
        if lines > 420:
            found.append(f"{path}: {lines} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno + 1
                if length > 70:
                    found.append(f"{path}:{node.lineno} {node.name}: {length} lines")
    assert found == []
