"""The person at the terminal, if there is one."""

import sys
from collections.abc import Callable
from threading import Thread
from typing import Final

from cutover.core.engine.observation import OperatorRequest

QUESTION: Final = "\nStop, and put the old values back? Nothing is promoted meanwhile. [Y/n, yes in 10 s] "


def somebody_is_there() -> bool:
    """Whether a question would be seen and could be answered."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_whether_to_stop(post: Callable[[OperatorRequest], None]) -> None:
    """Ask on standard error and post the answer as a wish, in the background: nothing waits for it.

    Not even for the question: a terminal that is stopped (Ctrl-S) takes none.
    """
    Thread(target=lambda: post(_asked()), daemon=True, name="question").start()


def _asked() -> OperatorRequest:
    sys.stderr.write(QUESTION)
    sys.stderr.flush()
    return _wish(sys.stdin.readline())


def _wish(answer: str) -> OperatorRequest:
    """Only a clear no is a no."""
    return OperatorRequest.GO_ON if answer.strip().lower() in {"n", "no"} else OperatorRequest.ABORT
