"""Asking the person at the terminal, if there is one, whether to stop the run."""

import sys
from collections.abc import Callable
from threading import Thread
from typing import Final

from cutover.core.engine.observation import OperatorRequest

QUESTION: Final = "\nStop, and put the old values back? Nothing is promoted meanwhile. [Y/n, yes in 10 s] "


def somebody_is_there() -> bool:
    """Whether standard input and error are a terminal, so that a person can read and answer a question."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_whether_to_stop(post: Callable[[OperatorRequest], None]) -> None:
    """Ask on standard error in a background thread, and post the answer as an operator request.

    Nothing waits for the answer, nor for the question to be written: a terminal that is stopped (Ctrl-S) takes no
    output.
    """
    Thread(target=lambda: post(_asked()), daemon=True, name="question").start()


def _asked() -> OperatorRequest:
    """Ask, and read the answer; a terminal that hangs up meanwhile means yes."""
    try:
        sys.stderr.write(QUESTION)
        sys.stderr.flush()
        return _request(sys.stdin.readline())
    except (OSError, ValueError):  # ValueError: standard input is closed
        return OperatorRequest.ABORT


def _request(answer: str) -> OperatorRequest:
    """The request that an answer means: only a clear no means GO_ON, everything else ABORT."""
    return OperatorRequest.GO_ON if answer.strip().lower() in {"n", "no"} else OperatorRequest.ABORT
