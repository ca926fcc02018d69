"""Ties a child process to its parent: when the parent dies, even by kill -9, the child is told to stop.

Without it a killed demo would leave a web server holding the port and a database nobody stops. Linux has this in
the kernel (prctl, PR_SET_PDEATHSIG); elsewhere children of a killed parent go on until they are stopped by hand.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def tether(tell: signal.Signals) -> Callable[[], None] | None:
    """A function for Popen's `preexec_fn`; None where the system has no such tie. Call it in the parent."""
    if not sys.platform.startswith("linux"):
        return None
    # Everything that could take a lock is done here, before the fork.
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(tell))
        if os.getppid() != parent:  # it died between the fork and the line above
            os._exit(1)

    return tie
