"""Work done side by side."""

import threading
import time
from functools import partial

import pytest

from cutover.adapters.background import Background, together


def test_work_is_done_side_by_side_and_errors_come_with_the_result() -> None:
    meeting = threading.Barrier(2)
    both = [Background(lambda: meeting.wait(timeout=5)) for _ in range(2)]
    assert sorted(one.result() for one in both) == [0, 1]
    failing = Background(lambda: int("x"))
    with pytest.raises(ValueError, match="invalid literal"):
        failing.result()


def test_work_that_hangs_does_not_keep_the_program_from_ending() -> None:
    before, go = set(threading.enumerate()), threading.Event()
    hanging = Background(go.wait)
    (thread,) = set(threading.enumerate()) - before
    go.set()
    assert (hanging.result(), thread.daemon) == (True, True)


def test_so_many_calls_are_made_at_once_and_no_more() -> None:
    running, most, lock = [0], [0], threading.Lock()

    def call(number: int) -> int:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.005)
        with lock:
            running[0] -= 1
        return number

    assert together([partial(call, number) for number in range(20)], at_most=4) == tuple(range(20))
    assert most[0] == 4
    assert together([], at_most=4) == ()
    with pytest.raises(ValueError, match="invalid literal"):
        together([lambda: 1, lambda: int("x")], at_most=4)
