"""A bench makes its own ground, and never on somebody's city."""

from __future__ import annotations

import os
import subprocess
import sys

from yikatong.setup.places import ROOT


def test_a_bench_never_runs_on_a_named_database():
    done = subprocess.run(
        [sys.executable, "-m", "yikatong", "bench", "journal"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgresql://city.example/yikatong"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "DATABASE_URL" in done.stdout + done.stderr
