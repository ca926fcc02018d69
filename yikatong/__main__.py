"""`python -m yikatong …`: what the script `yk` runs once everything is set up."""

from __future__ import annotations

if __name__ == "__main__":
    # Here and not above: a further process of ours (`basics/hands.py`) reads this file anew, and has no use for the rest.
    from yikatong.cli import main

    main()
