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
