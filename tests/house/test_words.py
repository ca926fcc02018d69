"""What the house says in Chinese is set in Chinese type: full-width punctuation beside Han characters."""

from __future__ import annotations

import ast
import re
from pathlib import Path

HALF = re.compile("[一-鿿”）][,;:!?(]|[,;:!?)][一-鿿“（]")


def sentences(path: Path) -> list[tuple[int, str]]:
    """The Chinese of every refusal in a file, with its line; what is filled in at run time is left out."""
    found = []
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Refused" and len(call.args) > 1:
            parts = [each.value for each in ast.walk(call.args[1]) if isinstance(each, ast.Constant)]
            found.append((call.lineno, "…".join(str(each) for each in parts)))
    return found


def test_refusals_use_the_full_width_signs_of_chinese():
    said = [(path, *each) for path in Path("yikatong").rglob("*.py") for each in sentences(path)]
    assert len(said) > 300
    assert not [f"{path}:{line} {words}" for path, line, words in said if HALF.search(words)]
