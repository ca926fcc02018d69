"""`./yk check`: lint, layout, types, the floors of the house, and Django's own checks."""

from __future__ import annotations

import os
import subprocess
import sys

import typer

from yikatong.cli.speak import notes, or_stop
from yikatong.setup.cluster import TESTING
from yikatong.setup.places import MADE, ROOT
from yikatong.setup.postgres import embedded

STEPS: dict[str, list[str]] = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format --check": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "lint-imports": ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
    "manage check": ["-m", "django", "check"],
    "manage makemigrations --check": ["-m", "django", "makemigrations", "--check", "--dry-run"],
}


def check() -> None:
    """检查代码：格式、类型、层次、迁移。 Lint, types, import contracts, migrations."""
    failed = []
    # The check of migrations asks a database; not the demo's, which may be in use.
    server = or_stop(embedded(MADE / "test-pg", TESTING, shared=True))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "yikatong.settings",
        "DATABASE_URL": server.url,
        "YK_DEMO": "1",
        "YK_DATA": str(MADE / "check"),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
    }
    try:
        for name, command in STEPS.items():
            notes.rule(name, align="left")
            if subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=False).returncode:
                failed.append(name)
    finally:
        server.stop()
    notes.rule(align="left")
    if failed:
        notes.print(f"没有通过 not passed: {', '.join(failed)}")
        raise typer.Exit(1)
    notes.print("全部通过 all passed")
