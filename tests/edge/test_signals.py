"""Signals of the operating system, really sent to this process."""

import os
import queue
import signal
import threading
import time

from cutover.core.observation import Wish
from cutover.edge.signals import wishes_from_signals


def test_the_first_signal_is_the_wish_to_abort_and_every_other_to_leave() -> None:
    wishes: queue.SimpleQueue[Wish] = queue.SimpleQueue()
    with wishes_from_signals(wishes.put):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.raise_signal(number)
    assert [wishes.get_nowait() for _ in range(3)] == [Wish.ABORT, Wish.LEAVE, Wish.LEAVE]


def test_a_signal_wakes_the_main_thread_where_it_waits() -> None:
    wishes: queue.SimpleQueue[Wish] = queue.SimpleQueue()
    with wishes_from_signals(wishes.put):
        threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
        began = time.monotonic()
        assert wishes.get(timeout=5) is Wish.ABORT
        assert time.monotonic() - began < 1


def test_handlers_are_put_back_and_what_was_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interrupt = signal.getsignal(signal.SIGINT)
    try:
        with wishes_from_signals(lambda _: None):
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGINT) is not interrupt
        assert signal.getsignal(signal.SIGINT) is interrupt
    finally:
        signal.signal(signal.SIGHUP, before)
