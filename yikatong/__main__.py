"""`python -m yikatong …`: what the script `yk` runs once everything is set up."""

from __future__ import annotations

from yikatong.cli import main

if __name__ == "__main__":
    main()
