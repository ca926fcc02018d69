"""How the commands talk: sentences go to stderr, Chinese first; stdout is kept for results."""

from __future__ import annotations

import sys
from typing import NoReturn, TypeVar

import typer
from rich.console import Console

from yikatong.basics.refused import Refused

T = TypeVar("T")
notes = Console(stderr=True, highlight=False, soft_wrap=True)
results = Console(highlight=False)


def say(zh: str, en: str) -> None:
    """One sentence for the person at the terminal, in both languages."""
    notes.print(f"{zh}  [dim]{en}[/dim]" if notes.is_terminal else f"{zh}  {en}", markup=notes.is_terminal)


def stop(refused: Refused, code: int = 1) -> NoReturn:
    """End the command with a refusal's sentence and this exit code."""
    print(f"\n{refused.zh}\n{refused.en}", file=sys.stderr)
    raise typer.Exit(code)


def or_stop(answer: T | Refused) -> T:
    """The answer, or the end of the command where it is a refusal."""
    if isinstance(answer, Refused):
        stop(answer)
    return answer
