"""`./yk docs`: writes docs/reference.md from the code, so that it cannot go stale (a test compares the two)."""

from __future__ import annotations

import os

from yikatong.cli.speak import say
from yikatong.setup.places import ROOT

PAGE = ROOT / "docs" / "reference.md"


def docs() -> None:
    """由代码生成 docs/reference.md。 Write docs/reference.md from the code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yikatong.settings")
    os.environ.setdefault("YK_DEMO", "1")
    import django

    django.setup()
    from yikatong.cli.reference import reference

    PAGE.write_text(reference(), encoding="utf-8")
    say(f"已写入 {PAGE.relative_to(ROOT)}。", f"Wrote {PAGE.relative_to(ROOT)}.")
