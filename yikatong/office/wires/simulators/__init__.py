"""Counterparts played: a province, banks and a card maker that read our files and answer in theirs.

Each is a pure function from a file's bytes to the answer's bytes, the same for the same seed, and a `step` that
does what the counterpart's own nightly program does: take what lies in `out`, lay the answers into `in`.
"""
