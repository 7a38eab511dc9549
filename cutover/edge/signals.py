"""Signals of the operating system as news: nothing is interrupted by them, the loop decides what they mean."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

HANDLED: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def forwarded(post: Callable[[signal.Signals], None]) -> Iterator[None]:
    """While this lasts, signals that would end the program are handed to `post` instead.

    `post` runs between any two instructions of the main thread, so it may only do what is safe there
    (`queue.SimpleQueue.put` is). A signal that the caller had ignored stays ignored: `nohup` means what it says.
    To be used in the main thread.
    """
    before = {number: signal.getsignal(number) for number in HANDLED}
    ours = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in ours:
        signal.signal(number, lambda caught, _frame: post(signal.Signals(caught)))
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])
