"""`./yk test`: the whole suite, or what is named."""

from __future__ import annotations

import subprocess
import sys

import typer

from yikatong.cli.speak import or_stop
from yikatong.setup import assets
from yikatong.setup.places import ROOT


def test(context: typer.Context) -> None:
    """运行测试（后面的参数交给 pytest）。 Run the tests; further arguments go to pytest."""
    or_stop(assets.place())
    # Two at a time unless something is named: on the smallest machine we promise that is the number of cores.
    arguments = context.args or ["-n", "2", "--dist", "loadfile"]
    ended = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, check=False)
    raise typer.Exit(ended.returncode)
