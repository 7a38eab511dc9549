"""Turning signals of the operating system into operator requests: they interrupt nothing, the engine decides."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from cutover.core.engine.observation import OperatorRequest

SAME_STOP_WITHIN: Final = 1.0
"""Seconds within which a further SIGTERM counts as a repetition of the first signal."""

HANDLED: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def requests_from_signals(post: Callable[[OperatorRequest], None], *, asks: bool = False) -> Iterator[None]:
    """Within this context, post ABORT for the first SIGINT, SIGTERM or SIGHUP, and LEAVE for those that follow.

    With `asks` (a person is at the terminal), a SIGINT that comes before all others posts ASK instead.

    One stop often arrives twice: a shell passes on a hang-up that the kernel sends as well, and `timeout` signals its
    child and then the child's group. So a SIGTERM within `SAME_STOP_WITHIN` of the first signal posts nothing, and
    neither does a further SIGHUP at any time.

    `post` runs between any two instructions of the main thread, so it may only do what is safe there
    (`queue.SimpleQueue.put` is). A signal that was ignored before stays ignored, as `nohup` demands.
    For the main thread only.
    """
    asked: list[float] = []
    stopped: list[float] = []

    def take(number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if number == signal.SIGINT and asks and not asked and not stopped:
            asked.append(now)
            post(OperatorRequest.ASK)
        elif not stopped:
            stopped.append(now)
            post(OperatorRequest.ABORT)
        elif number == signal.SIGINT or (number == signal.SIGTERM and now > stopped[0] + SAME_STOP_WITHIN):
            post(OperatorRequest.LEAVE)

    before = {number: signal.getsignal(number) for number in HANDLED}
    ours = tuple(number for number, handler in before.items() if handler is not signal.SIG_IGN)
    for number in ours:
        signal.signal(number, take)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])
