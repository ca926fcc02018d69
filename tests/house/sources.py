"""The house's own source files, read as syntax trees, and its floors as pyproject.toml names them."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "yikatong"


@cache
def trees() -> dict[str, ast.Module]:
    """Syntax tree by path from the root, of every module but the migrations."""
    found = {}
    for path in sorted(HOUSE.rglob("*.py")):
        if "migrations" not in path.parts:
            found[path.relative_to(ROOT).as_posix()] = ast.parse(path.read_text("utf-8"), filename=str(path))
    return found


@cache
def floors() -> tuple[tuple[str, ...], ...]:
    """The packages of each floor, from the roof down, as the import contract has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers" and c["containers"] == ["yikatong"])
    return tuple(tuple(re.findall(r"\w+", layer)) for layer in layers)


def floor_of(package: str) -> int:
    """How far below the roof a package stands."""
    return next(number for number, names in enumerate(floors()) if package in names)


def packages() -> list[str]:
    """Every package that stands on a floor and is there."""
    return [name for names in floors() for name in names if (HOUSE / name / "__init__.py").exists()]


def names_in(node: ast.AST) -> set[str]:
    """Every name, attribute and plain word in quotes that is spoken of below this node."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            found.add(each.id)
        elif isinstance(each, ast.Attribute):
            found.add(each.attr)
        elif isinstance(each, ast.arg):
            found.add(each.arg)
        elif isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value.isidentifier():
            found.add(each.value)
    return found


def text_of(node: ast.AST) -> str | None:
    """The text of a string or f-string literal, its blanks as `{}`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return None


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions that stand in a module's own space."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node
