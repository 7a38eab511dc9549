"""Signals of the operating system, really sent to this process."""

import os
import queue
import signal
import threading
import time

import pytest

from cutover.adapters.os_signals import requests_from_signals
from cutover.core.engine.observation import OperatorRequest


def wished(
    monkeypatch: pytest.MonkeyPatch, *signals: tuple[float, signal.Signals], asks: bool = False
) -> list[OperatorRequest]:
    """What these signals, each at its moment, are taken for."""
    requests: list[OperatorRequest] = []
    with requests_from_signals(requests.append, asks=asks):
        for moment, number in signals:
            monkeypatch.setattr(time, "monotonic", lambda moment=moment: moment)
            signal.raise_signal(number)
    return requests


def test_the_first_signal_is_the_wish_to_abort_and_every_other_to_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = wished(monkeypatch, (5.0, signal.SIGTERM), (5.1, signal.SIGINT), (7.0, signal.SIGTERM))
    assert seen == [OperatorRequest.ABORT, OperatorRequest.LEAVE, OperatorRequest.LEAVE]


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGHUP])
def test_one_stop_that_arrives_twice_is_one_stop(monkeypatch: pytest.MonkeyPatch, second: signal.Signals) -> None:
    assert wished(monkeypatch, (5.0, signal.SIGHUP), (5.3, second)) == [OperatorRequest.ABORT]


def test_a_hang_up_never_means_to_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wished(monkeypatch, (5.0, signal.SIGTERM), (60.0, signal.SIGHUP)) == [OperatorRequest.ABORT]


INT, TERM, HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
AT_A_TERMINAL = {
    "a person asked, and wished it": ((INT, INT), [OperatorRequest.ASK, OperatorRequest.ABORT]),
    "the connection breaks while asked": ((INT, HUP), [OperatorRequest.ASK, OperatorRequest.ABORT]),
    "the connection breaks after it was wished": ((INT, INT, HUP), [OperatorRequest.ASK, OperatorRequest.ABORT]),
    "a person who wants to go": ((INT, INT, INT), [OperatorRequest.ASK, OperatorRequest.ABORT, OperatorRequest.LEAVE]),
    "told to stop while asked": ((INT, TERM), [OperatorRequest.ASK, OperatorRequest.ABORT]),
    "nobody is asked after a stop": ((HUP, INT), [OperatorRequest.ABORT, OperatorRequest.LEAVE]),
    "told to stop long after it was wished": (
        (INT, INT, TERM),
        [OperatorRequest.ASK, OperatorRequest.ABORT, OperatorRequest.LEAVE],
    ),
}


@pytest.mark.parametrize("case", AT_A_TERMINAL)
def test_a_person_at_a_terminal_is_asked_first(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    numbers, requests = AT_A_TERMINAL[case]
    apart = ((10.0 * place, number) for place, number in enumerate(numbers))
    assert wished(monkeypatch, *apart, asks=True) == requests


def test_a_signal_wakes_the_main_thread_where_it_waits() -> None:
    requests: queue.SimpleQueue[OperatorRequest] = queue.SimpleQueue()
    with requests_from_signals(requests.put):
        threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
        began = time.monotonic()
        assert requests.get(timeout=5) is OperatorRequest.ABORT
        assert time.monotonic() - began < 1


def test_handlers_are_put_back_and_what_was_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interrupt = signal.getsignal(signal.SIGINT)
    try:
        with requests_from_signals(lambda _: None):
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGINT) is not interrupt
        assert signal.getsignal(signal.SIGINT) is interrupt
    finally:
        signal.signal(signal.SIGHUP, before)
