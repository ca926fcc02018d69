"""Services: the act comes first, they write nothing without it, and each has its twin test."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any

import pytest

from tests.house.sources import HOUSE, ROOT, functions, names_in, text_of, trees

# The office's own services; those of the floors above stand in `services`.
OFFICE = (
    "yikatong/office/appointments.py",
    "yikatong/office/exports/approvals.py",
    "yikatong/office/keys.py",
    "yikatong/office/opening.py",
    "yikatong/office/subscribing.py",
)
# Ways to write: methods of rows and querysets, steps of a machine, and facts.
WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "update",
    "delete",
    "get_or_create",
    "update_or_create",
    "advance",
    "advance_all",
    "record",
    "record_rows",
    "queue_file",
    "queue_message",
    "queue_messages",
    "settle",
}
NO_TWIN = {
    "stage_rows": "lays a list's rows out to be judged and says how far it is; what comes of them is the fact",
    "let_demo_go_on": "sets the demo city's clock, which is no fact of the centre; nothing is recorded",
}


def service_files() -> list[str]:
    return [path for path in trees() if "/services/" in path or path.endswith("/services.py")] + list(OFFICE)


def offered(path: str) -> Iterator[tuple[ast.FunctionDef, Callable[..., Any]]]:
    """The public functions that a module itself makes."""
    module = import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    for node in functions(trees()[path]):
        if not node.name.startswith("_"):
            yield node, inspect.unwrap(getattr(module, node.name))


def takes_act(function: Callable[..., Any]) -> bool:
    return next(iter(inspect.signature(function).parameters), "") == "act"


@cache
def services() -> dict[str, str]:
    """File by name of each service: a public function that takes an act and is there for the windows.

    What only other services of the same folder use is part of them, and of their twins.
    """
    return {
        node.name: path
        for path in service_files()
        for node, made in offered(path)
        if takes_act(made)
        and not (used(path, node.name, inside=True) and not used(path, node.name, inside=False))
    }


def used(path: str, name: str, *, inside: bool) -> bool:
    """Whether another file of the same folder (`inside`), or one outside of it, takes this function from here."""
    folder, module = path.rsplit("/", 1)
    dotted = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for other, tree in trees().items():
        if (
            other == path
            or other.endswith("/__init__.py")
            or (other.rsplit("/", 1)[0] == folder) is not inside
        ):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or node.module is None:
                continue
            taken = {alias.name for alias in node.names}
            if node.module in (dotted, dotted.rsplit(".", 1)[0]) and name in taken:
                return True
            whole = module.removesuffix(".py") if dotted.rsplit(".", 1)[0] == node.module else "services"
            if whole in taken and dotted.startswith(node.module) and name in names_in(tree):
                return True
    return False


def test_there_are_services_on_every_floor_that_has_tables():
    found = {path.split("/")[1] for path in services().values()}
    assert found >= {"office", "residents", "cards", "indicators"}
    assert len(services()) >= 30


@pytest.mark.parametrize("path", service_files())
def test_whatever_writes_takes_the_act_first(path):
    for node, made in offered(path):
        parameters = list(inspect.signature(made).parameters)
        assert "act" not in parameters[1:], f"{node.name}: the act comes first"
        called = {
            each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
            for each in ast.walk(node)
            if isinstance(each, ast.Call)
        }
        # A set's or a dict's own `update` is no write, but nobody here has needed one.
        if called & WRITES:
            assert takes_act(made), f"{path}: {node.name} writes ({called & WRITES}) without an act"


@pytest.mark.parametrize("path", service_files())
def test_an_act_is_named_so_that_it_cannot_be_mixed_up(path):
    """What follows the act's first one or two subjects is named by the caller: `reissue(act, card_no=…)`."""
    for node, made in offered(path):
        if takes_act(made):
            free = [
                p
                for p in inspect.signature(made).parameters.values()
                if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
            ]
            assert len(free) <= 5, f"{path}: {node.name}"
            assert all(p.annotation is not p.empty for p in free), f"{path}: {node.name}"
            assert ast.get_docstring(node), f"{path}: {node.name} does not say what it does and refuses"


@pytest.mark.parametrize("path", service_files())
def test_no_service_opens_an_act_or_reads_a_clock(path):
    tree = trees()[path]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            said = ast.unparse(node.func)
            assert not said.endswith("open_act"), f"{path}:{node.lineno} opens an act"
            clock = said.split("(")[0] in {
                "clock.now",
                "clock.today",
                "timezone.now",
                "datetime.now",
                "date.today",
                "time.time",
            }
            excused = path.endswith(
                "office/opening.py"
            )  # the offset between the city's clock and the machine's
            assert excused or not clock, f"{path}:{node.lineno} asks {said}; the time comes from the act"
        text = text_of(node)
        if text is not None:
            assert "current_timestamp" not in text.lower() and " now()" not in text.lower(), (
                f"{path}: {text[:60]}"
            )


# --- twins ------------------------------------------------------------------------------------------------------


@cache
def spoken_of_with_a_refusing_journal() -> set[str]:
    """Every name that a test with a refusing journal speaks of, itself or through what stands in its own module."""
    found: set[str] = set()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text("utf-8")
        if "journal_refuses" not in text or path.parent == HOUSE.parent / "tests" / "house":
            continue
        own = dict(_named(ast.parse(text)))
        for name, node in own.items():
            if isinstance(node, ast.FunctionDef) and name.startswith("test_") and _asks_for_it(node):
                found |= _closure(node, own)
    return found


def _asks_for_it(node: ast.FunctionDef) -> bool:
    return any(argument.arg == "journal_refuses" for argument in node.args.args)


def _named(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node


def _closure(node: ast.AST, own: dict[str, ast.AST]) -> set[str]:
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        for name in names_in(waiting.pop()) - seen:
            seen.add(name)
            if name in own:
                waiting.append(own[name])
    return seen


@pytest.mark.parametrize("service", sorted(services()))
def test_every_service_has_its_twin_the_journal_refuses_so_nothing_happened(service):
    if service in NO_TWIN:
        pytest.skip(NO_TWIN[service])
    assert service in spoken_of_with_a_refusing_journal(), (
        f"{services()[service]}: {service} has no twin test"
    )


def test_no_excuse_outlives_its_service():
    assert set(NO_TWIN) <= set(services())
