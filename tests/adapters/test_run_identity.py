"""What is random about a run, and the two clocks."""

import re
import time

from cutover.adapters.clock import now
from cutover.adapters.run_identity import run_id, run_key


def test_a_run_has_a_name_and_a_key_of_its_own() -> None:
    names = {run_id() for _ in range(50)}
    assert len(names) == 50
    assert all(re.fullmatch(r"\d{8}-\d{6}-[0-9a-f]{8}", name) for name in names)
    assert len(run_key()) == 32
    assert run_key() != run_key()


def test_the_clock_tells_both_times() -> None:
    assert abs(now().utc - time.time()) < 1
    assert abs(now().mono - time.monotonic()) < 1
