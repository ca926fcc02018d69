"""The only state-machine code of the house.

A `Machine` is a table: states, and moves between them. Services, pages, documents, the database's CHECK
constraint and its trigger are all made from this one table, so a step that is not in it cannot be taken by
anyone, not even in SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """`code` is what is stored and exchanged (domain codes such as `4`); `zh`/`en` are what people read."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Move:
    """One event: from any of `froms` to `to`."""

    event: str
    froms: tuple[State, ...]
    to: State


@dataclass(frozen=True)
class Machine:
    """A named state machine. `firsts` are the states in which a row may be born."""

    name: str
    zh: str
    states: tuple[State, ...]
    firsts: tuple[State, ...]
    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        codes = [state.code for state in self.states]
        if len(set(codes)) != len(codes):
            raise ValueError(f"machine {self.name} names a state code twice")
        used = {state for move in self.moves for state in (*move.froms, move.to)} | set(self.firsts)
        strangers = used - set(self.states)
        if strangers:
            raise ValueError(f"machine {self.name} uses states it does not list: {strangers}")
        seen: set[tuple[str, str]] = set()
        for move in self.moves:
            for state in move.froms:
                if (move.event, state.code) in seen:
                    raise ValueError(f"machine {self.name}: {move.event} from {state.code} leads two ways")
                seen.add((move.event, state.code))

    def __iter__(self) -> Iterator[State]:
        return iter(self.states)

    def state(self, code: str) -> State:
        """The state with this code; KeyError for a stranger."""
        for state in self.states:
            if state.code == code:
                return state
        raise KeyError(f"{self.name} has no state {code!r}")

    def events(self) -> tuple[str, ...]:
        """All event names, in table order, each once."""
        return tuple(dict.fromkeys(move.event for move in self.moves))

    def target(self, event: str, code: str) -> State | None:
        """Where `event` leads from `code`, or None where it may not happen."""
        for move in self.moves:
            if move.event == event and any(state.code == code for state in move.froms):
                return move.to
        return None

    def routes(self, event: str) -> tuple[tuple[str, str], ...]:
        """(from, to) code pairs of one event. KeyError for an unknown event."""
        pairs = tuple((s.code, m.to.code) for m in self.moves if m.event == event for s in m.froms)
        if not pairs:
            raise KeyError(f"{self.name} has no event {event!r}")
        return pairs

    def steps(self) -> frozenset[tuple[str, str]]:
        """All legal (from, to) code pairs, whatever the event."""
        return frozenset((s.code, m.to.code) for m in self.moves for s in m.froms)
