"""The time of a run's lock: its clock goes on, and its pauses end, when the test says."""

import time
from functools import partial

import pytest

from cutover.adapters.background import Background
from cutover.commands import run_setup
from cutover.core.engine.observation import Observation
from cutover.core.writes.lease import LASTS, RENEWED_EVERY
from cutover.core.writes.lock_state import Overdue
from cutover.runtime.lease_keeper import TRY_AGAIN_AFTER, LeaseKeeper
from tests.adapters.kube.server import Call
from tests.commands.application import LEASE, UsualApplication, renewed_by_bob
from tests.commands.heard import Heard, is_adopted, rollouts
from tests.core.engine.play import See
from tests.runtime.leases import Waits


class LockTime:
    """The clock and the pauses of the keeper of a command's lock, and how the API answers it.

    Not for the answer to a request: the keeper may wait for the very connection that is answered.
    """

    def __init__(self, one: UsualApplication, monkeypatch: pytest.MonkeyPatch) -> None:
        self._one = one
        self._api = one.api
        self._at = 5000.0
        self._waits = Waits()
        keeper = partial(LeaseKeeper, clock=lambda: self._at, wait=self._waits)
        monkeypatch.setattr(run_setup, "LeaseKeeper", keeper)

    def is_lost_at_the_pause(self, heard: Heard, *to_the_pause: See) -> Background[float]:
        """Let the lock run out before the canary comes to its pause, and be another's once the engine was shown both.

        Nothing else wakes the engine by then. The result is the monotonic moment at which the keeper saw that.
        """

        def story() -> float:
            heard.awaits(is_adopted)
            self.is_overdue()
            self._one.becomes(*to_the_pause)
            heard.awaits(_stands_overdue_at_the_pause)
            heard.awaits_silence()
            self.is_bobs()
            return time.monotonic()

        return Background(story)

    def is_overdue(self) -> None:
        """From here on the API server answers no renewal; time passes until the lock is good no more."""
        self._waits.asked.get(timeout=5)
        self._api.on[f"PATCH {LEASE}"] = self._api.instead[f"GET {LEASE}"] = _out_of_order
        self._renewal(RENEWED_EVERY)
        self._renewal(LASTS)

    def is_bobs(self) -> None:
        """The next time that the keeper looks, somebody else holds the lock."""
        self._api.instead[f"GET {LEASE}"] = renewed_by_bob()
        self._renewal(TRY_AGAIN_AFTER)

    def _renewal(self, after: float) -> None:
        """Let the pause end that is under way, so long after it began; return once the next begins."""
        self._at += after
        self._waits.go()
        self._waits.asked.get(timeout=5)


def _out_of_order(call: Call) -> None:
    call.refuse(503, "ServiceUnavailable", "etcd is out of order")


def _stands_overdue_at_the_pause(observation: Observation) -> bool:
    """Whether the engine is shown the Rollout at its pause, and a lock that could not be renewed in time."""
    paused = any(rollout.status.pauses for rollout in rollouts(observation))
    return paused and isinstance(observation.lock, Overdue)
