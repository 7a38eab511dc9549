"""Signals of the operating system as wishes: nothing is interrupted by them, the machine decides what follows."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from types import FrameType
from typing import Final

from cutover.core.observation import Wish

HANDLED: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def wishes_from_signals(post: Callable[[Wish], None], *, asks: bool = False) -> Iterator[None]:
    """While this lasts, a first SIGINT, SIGTERM or SIGHUP is the wish to abort, every further one the wish to leave.

    With `asks`, where a person sits at a terminal, a first SIGINT is the wish to be asked.

    `post` runs between any two instructions of the main thread, so it may only do what is safe there
    (`queue.SimpleQueue.put` is). A signal that was ignored before stays ignored: `nohup` means what it says.
    For the main thread only.
    """
    wishes = chain((Wish.ABORT,), repeat(Wish.LEAVE))

    questions = chain((Wish.ASK,) if asks else (), wishes)

    def take(number: int, _frame: FrameType | None) -> None:
        post(next(questions if number == signal.SIGINT else wishes))

    before = {number: signal.getsignal(number) for number in HANDLED}
    ours = tuple(number for number, handler in before.items() if handler is not signal.SIG_IGN)
    for number in ours:
        signal.signal(number, take)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])
