"""Every lock of the house lets foreign keys through, so that two acts never wait for each other at their ends."""

from __future__ import annotations

import ast
import re

from tests.house.sources import text_of, trees


def test_no_lock_stands_in_the_way_of_a_foreign_key():
    found = []
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "select_for_update":
                keys = {keyword.arg for keyword in node.keywords}
                found += [] if "no_key" in keys else [f"{path}:{node.lineno}"]
            text = text_of(node) or ""
            if re.search(r"\bFOR UPDATE\b", text):
                found.append(f"{path}: {text.strip()[-60:]}")
    assert not found, found
