"""The folders of one checkout. All that the program makes for itself stands under `.yk`, which git ignores."""

from __future__ import annotations

import os
from pathlib import Path

from yikatong.basics.refused import Refused

ROOT = Path(__file__).resolve().parent.parent.parent
MADE = ROOT / ".yk"


def data_folder(named: Path | None = None) -> Path:
    """Where a city's data stands: the folder named on the command line, else YK_DATA, else `.yk/data`."""
    return (named or Path(os.environ.get("YK_DATA") or MADE / "data")).expanduser().absolute()


def writable(folder: Path) -> Path | Refused:
    """Make the folder where it is missing; refuse, naming it, where we may not write."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as trouble:
        return _not_writable(folder, trouble)
    probe = folder / f".yk-write-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as trouble:
        return _not_writable(folder, trouble)
    return folder


def _not_writable(folder: Path, trouble: OSError) -> Refused:
    why = trouble.strerror or type(trouble).__name__
    return Refused(
        "setup.folder",
        f"不能写入数据目录 {folder}（{why}）。请用 --data 另选一个能写的目录，或改变它的主人。",
        f"Cannot write in the data folder {folder} ({why}). Choose another by --data, or change its owner.",
    )
