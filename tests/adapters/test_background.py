"""Work done side by side."""

import threading

import pytest

from cutover.adapters.background import Background


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
