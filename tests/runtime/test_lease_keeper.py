"""The lock of a run: taken once, renewed in time, lost when it is somebody else's, and released at the end."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from threading import enumerate as enumerate_threads
from typing import Any, Final

import pytest

from cutover.adapters.journal import Journal
from cutover.adapters.kube.session import connect
from cutover.adapters.process_identity import this_process
from cutover.core.base.errors import LockedError, RefusedError
from cutover.core.base.redaction import Redactor
from cutover.core.engine.facts import Answered, Intent, Note
from cutover.core.writes.lease import LASTS, RENEWED_EVERY, VERDICT
from cutover.core.writes.lock_state import HELD, UNSURE, Lock, Overdue, TakenOver
from cutover.core.writes.run_annotations import OWNER
from cutover.core.writes.write import WriteName
from cutover.runtime.lease_keeper import ASKED_WITHIN, LOOK_EVERY, TRY_AGAIN_AFTER, LeaseKeeper
from cutover.runtime.performer import Performer
from cutover.runtime.record import Record
from tests.adapters.kube.server import ApiServer, Call, Reply, rollout_document
from tests.core.engine.stage import TARGET
from tests.quotations import unmasked
from tests.runtime.leases import BOB, US, Waits, lease
from tests.runtime.ports import MovedClock

GONE: Final[Reply] = lambda call: call.refuse(404, "NotFound")  # noqa: E731 -- a row like the others
DOWN: Final[Reply] = Call.cut
BEGAN: Final = 5000.0


def stored(**changes: Any) -> Reply:
    return lambda call: call.reply(200, lease(**changes))


def owned_by(owner: str) -> Reply:
    document = rollout_document()
    document["metadata"]["annotations"] = {OWNER: owner}
    return lambda call: call.reply(200, document)


class LeaseApi:
    """What the API answers, by method and kind; `asked` has what it was asked, shortly."""

    def __init__(self) -> None:
        self.get: Reply = GONE
        self.create: Reply = stored()
        self.patch: Reply = stored()
        self.delete: Reply = lambda call: call.reply(200, {"kind": "Status", "status": "Success"})
        self.rollout: Reply = owned_by(US.name)
        self.asked: list[str] = []
        self.bodies: list[Any] = []

    def __call__(self, call: Call) -> None:
        kind = "rollout" if "/rollouts/" in call.seen.path else "lease"
        self.asked.append(f"{call.seen.method} {kind}")
        self.bodies.append(json.loads(call.seen.body or b"null"))
        if kind == "rollout":
            self.rollout(call)
        else:
            by_method = {"GET": self.get, "POST": self.create, "PATCH": self.patch, "DELETE": self.delete}
            by_method[call.seen.method](call)


class Kept:
    """A keeper of the lock, with the world that the test tells it."""

    def __init__(self, folder: Path, server: ApiServer, api: LeaseApi) -> None:
        self.api = api
        self.at = BEGAN
        self.waits = Waits()
        self.posted: SimpleQueue[Lock] = SimpleQueue()
        clock = MovedClock()
        self.record = Record(Redactor(b"k" * 32), clock, clock())
        session = connect(server.kubeconfig(folder))
        performer = Performer(session, self.record, Journal("session"))
        self.keeper = LeaseKeeper(session, TARGET, US, performer, self.record, clock=lambda: self.at, wait=self._wait)

    def _wait(self, over: Event, seconds: float) -> bool:
        """Between two looks at another holder's Lease time passes by itself; all other pauses are the test's."""
        if seconds != LOOK_EVERY:
            return self.waits(over, seconds)
        self.at += seconds
        assert self.at <= BEGAN + LASTS, "the silence has no end"
        return over.is_set()

    def posted_by_a_renewal(self, after: float = RENEWED_EVERY) -> Lock:
        """Let the first pause end, so long after it began; return what the renewal posts."""
        self.waits.asked.get(timeout=10)
        self.at += after
        self.waits.go()
        return self.posted.get(timeout=10)

    def renewal(self, after: float = RENEWED_EVERY) -> float:
        """Let the pause end that is under way, so long after; return how long the next one is to be."""
        self.at += after
        self.waits.go()
        return self.waits.asked.get(timeout=10)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    api = LeaseApi()
    with ApiServer(api) as server:
        yield Kept(tmp_path, server, api)


def no_keeper_is_left() -> bool:
    """Whether the threads that renew end within some seconds."""
    threads = [each for each in enumerate_threads() if each.name == "lock"]
    for thread in threads:
        thread.join(2)
    return not any(thread.is_alive() for thread in threads)


# -- taking it ---------------------------------------------------------------------------------------------------------


def test_a_free_target_is_taken_by_making_its_lease(kept: Kept) -> None:
    kept.keeper.take()
    assert kept.api.asked == ["GET lease", "POST lease"]
    assert kept.api.bodies[-1]["spec"]["holderIdentity"] == US.name
    assert kept.keeper.state() == HELD


def test_a_lease_that_nobody_holds_is_taken_over_if_it_is_unchanged(kept: Kept) -> None:
    kept.api.get = stored(holder=None, version="77")
    kept.keeper.take()
    assert kept.api.asked == ["GET lease", "PATCH lease"]
    assert kept.api.bodies[-1][0] == {"op": "test", "path": "/metadata/resourceVersion", "value": "77"}


def test_a_lease_that_is_renewed_is_not_touched(kept: Kept) -> None:
    versions = iter(range(100))

    def renewed(call: Call) -> None:
        document = lease(BOB)
        document["spec"]["renewTime"] = f"2026-11-23T06:30:{next(versions):02d}.000000Z"
        call.reply(200, document)

    kept.api.get = renewed
    with pytest.raises(LockedError) as refused:
        kept.keeper.take()
    assert "run run-2 of bob@laptop; it was renewed just now" in unmasked(refused.value.problems[0].message)
    assert set(kept.api.asked) == {"GET lease"}


def test_a_holder_that_is_silent_as_long_as_a_renewal_is_good_counts_as_gone(kept: Kept) -> None:
    kept.api.get = stored(holder=BOB, version="77")
    kept.keeper.take()
    assert kept.at == BEGAN + LASTS
    assert (set(kept.api.asked[:-1]), kept.api.asked[-1]) == ({"GET lease"}, "PATCH lease")
    assert kept.api.bodies[-1][0] == {"op": "test", "path": "/metadata/resourceVersion", "value": "77"}
    notes = [recorded.fact.text for recorded in kept.record.facts if isinstance(recorded.fact, Note)]
    assert notes[0] == "run run-2 of bob@laptop holds the lock; if it is not heard of, it is gone in 30 s"
    assert notes[-1] == "run run-2 of bob@laptop held the lock and is gone"


def test_a_lock_is_good_from_when_it_was_taken_and_not_from_when_it_was_waited_for(kept: Kept) -> None:
    kept.api.get = stored(holder=BOB)
    kept.keeper.take()
    assert kept.keeper.state() == HELD
    kept.at += LASTS - 1
    assert kept.keeper.state() == HELD


def test_a_lock_is_good_from_when_it_was_asked_for_and_not_from_its_answer(kept: Kept) -> None:
    def slow(call: Call) -> None:
        kept.at += 9.0
        call.reply(201, lease())

    kept.api.create = slow
    kept.keeper.take()
    kept.at += LASTS - 9.0 - 0.5
    assert kept.keeper.state() == HELD
    kept.at += 1.0
    assert kept.keeper.state() != HELD


def test_the_lock_of_a_process_of_this_machine_that_is_gone_is_taken_without_waiting(kept: Kept) -> None:
    us = this_process("run-2")
    kept.api.get = stored(holder=replace(us, born=us.born + 1))
    kept.keeper.take()
    assert kept.api.asked == ["GET lease", "PATCH lease"]
    assert kept.at == BEGAN


def test_the_lock_of_a_process_of_this_machine_that_runs_is_left_alone_without_waiting(kept: Kept) -> None:
    kept.api.get = stored(holder=this_process("run-2"))
    with pytest.raises(LockedError) as refused:
        kept.keeper.take()
    assert "its process on this machine is running" in unmasked(refused.value.problems[0].message)
    assert kept.api.asked == ["GET lease"]


def test_whoever_is_quicker_has_it_and_after_three_times_the_run_is_refused(kept: Kept) -> None:
    kept.api.create = lambda call: call.refuse(409, "AlreadyExists", "leases already exists")
    with pytest.raises(RefusedError) as refused:
        kept.keeper.take()
    assert "nothing was written to the Rollout" in unmasked(refused.value.problems[0].message)
    assert kept.api.asked.count("POST lease") == 3


# -- keeping it --------------------------------------------------------------------------------------------------------


def test_it_is_renewed_three_times_in_the_time_for_which_a_renewal_is_good(kept: Kept) -> None:
    assert RENEWED_EVERY * 3 <= LASTS
    kept.keeper.take()
    kept.api.asked.clear()
    with kept.keeper.kept(kept.posted.put):
        waits = [kept.waits.asked.get(timeout=10), *(kept.renewal() for _ in range(3))]
        kept.api.get = stored()
    assert waits == [RENEWED_EVERY] * 4
    assert kept.api.asked[:3] == ["PATCH lease"] * 3
    assert kept.api.bodies[-3][0] == {"op": "test", "path": "/spec/holderIdentity", "value": US.name}
    assert kept.posted.empty()


def test_a_renewal_counts_from_when_it_was_asked_for(kept: Kept) -> None:
    def slow(call: Call) -> None:
        kept.at += 9.0
        call.reply(200, lease())

    kept.keeper.take()
    kept.api.patch = slow
    with kept.keeper.kept(kept.posted.put):
        kept.waits.asked.get(timeout=10)
        kept.renewal()
        kept.at += LASTS - 9.0 - 0.5
        assert kept.keeper.state() == HELD
        kept.at += 1.0
        assert kept.keeper.state() != HELD


def test_a_renewal_that_fails_is_tried_again_soon_and_then_the_lock_is_overdue(kept: Kept) -> None:
    kept.keeper.take()
    kept.api.patch = kept.api.get = DOWN
    with kept.keeper.kept(kept.posted.put):
        kept.waits.asked.get(timeout=10)
        assert kept.renewal() == TRY_AGAIN_AFTER
        assert kept.keeper.state() == HELD
        kept.at += LASTS - RENEWED_EVERY
        state = kept.keeper.state()
        assert isinstance(state, Overdue)
        assert state.reason
        kept.api.get = kept.api.patch = stored()
        assert kept.renewal(TRY_AGAIN_AFTER) == RENEWED_EVERY
        assert kept.posted.get(timeout=10) == HELD


def test_a_process_that_slept_asks_before_it_renews_and_is_unsure_meanwhile(kept: Kept) -> None:
    kept.keeper.take()
    with kept.keeper.kept(kept.posted.put):
        kept.waits.asked.get(timeout=10)
        kept.at += LASTS + 1
        assert kept.keeper.state() == UNSURE
        kept.at += ASKED_WITHIN
        assert isinstance(kept.keeper.state(), Overdue)
        kept.api.asked.clear()
        kept.api.get = stored(holder=BOB)
        kept.waits.go()
        assert kept.posted.get(timeout=10) == TakenOver("run run-2 of bob@laptop")
    assert "PATCH lease" not in kept.api.asked


def test_after_each_renewal_a_process_that_sleeps_is_unsure_anew(kept: Kept) -> None:
    kept.keeper.take()
    kept.api.get = stored()
    with kept.keeper.kept(kept.posted.put):
        kept.waits.asked.get(timeout=10)
        for _ in range(2):
            kept.at += LASTS + 1
            assert kept.keeper.state() == UNSURE
            assert kept.renewal(after=1.0) == RENEWED_EVERY
            assert kept.keeper.state() == HELD


@pytest.mark.parametrize("mended", [stored(), GONE], ids=["renewed", "made anew"])
def test_what_was_wrong_before_a_renewal_is_no_reason_after_it(mended: Reply, kept: Kept) -> None:
    kept.keeper.take()
    kept.api.patch = kept.api.get = DOWN
    with kept.keeper.kept(kept.posted.put):
        kept.waits.asked.get(timeout=10)
        assert kept.renewal() == TRY_AGAIN_AFTER
        kept.api.patch = kept.api.get = mended
        kept.renewal(TRY_AGAIN_AFTER)
        kept.at += LASTS + 1
        assert kept.keeper.state() == UNSURE


def test_a_renewal_that_meets_another_holder_says_who_and_is_never_sent_again(kept: Kept) -> None:
    kept.keeper.take()
    kept.api.patch = lambda call: call.refuse(422, "Invalid", "the test failed")
    kept.api.get = stored(holder=BOB)
    with kept.keeper.kept(kept.posted.put):
        assert kept.posted_by_a_renewal() == TakenOver("run run-2 of bob@laptop")
        asked = tuple(kept.api.asked)
        kept.api.get = kept.api.patch = stored()
        kept.waits.go()
        assert no_keeper_is_left()
        assert tuple(kept.api.asked) == asked
    assert kept.api.asked.count("PATCH lease") == 1


def test_a_lease_that_somebody_deleted_is_made_anew_for_a_run_that_is_still_ours(kept: Kept) -> None:
    kept.keeper.take()
    kept.api.patch = kept.api.get = GONE
    with kept.keeper.kept(kept.posted.put):
        kept.waits.asked.get(timeout=10)
        kept.renewal()
        assert kept.api.asked[2:] == ["PATCH lease", "GET lease", "GET rollout", "POST lease"]
        kept.at += LASTS - 1
        assert kept.keeper.state() == HELD


def test_a_lease_that_is_made_anew_is_good_from_when_it_was_asked_for(kept: Kept) -> None:
    kept.keeper.take()
    kept.api.patch = kept.api.get = GONE

    def slow(call: Call) -> None:
        kept.at += 9.0
        call.reply(201, lease())

    kept.api.create = slow
    with kept.keeper.kept(kept.posted.put):
        kept.waits.asked.get(timeout=10)
        kept.renewal()
        kept.at += LASTS - 9.0 - 0.5
        assert kept.keeper.state() == HELD
        kept.at += 1.0
        assert kept.keeper.state() != HELD


def test_a_process_that_slept_and_finds_its_lease_deleted_is_sure_again_once_it_is_made_anew(kept: Kept) -> None:
    kept.keeper.take()
    kept.api.get = GONE
    with kept.keeper.kept(kept.posted.put):
        kept.waits.asked.get(timeout=10)
        for _ in range(2):
            kept.at += LASTS + 1
            assert kept.keeper.state() == UNSURE
            kept.renewal(after=1.0)
            assert kept.keeper.state() == HELD
    assert "PATCH lease" not in kept.api.asked


def test_a_lease_that_is_gone_is_not_made_anew_while_the_marks_cannot_be_read(kept: Kept) -> None:
    kept.keeper.take()
    kept.api.patch = kept.api.get = GONE
    kept.api.rollout = DOWN
    with kept.keeper.kept(kept.posted.put):
        kept.waits.asked.get(timeout=10)
        assert kept.renewal() == TRY_AGAIN_AFTER
        assert kept.keeper.state() == HELD
        kept.at += LASTS
        assert kept.keeper.state() != HELD
    assert kept.api.asked.count("POST lease") == 1


def test_a_lease_that_is_gone_with_our_name_in_the_marks_ends_the_run(kept: Kept) -> None:
    kept.keeper.take()
    kept.api.patch = kept.api.get = GONE
    kept.api.rollout = owned_by(BOB.name)
    with kept.keeper.kept(kept.posted.put):
        assert kept.posted_by_a_renewal() == TakenOver("somebody who ended it")
    assert kept.api.asked.count("POST lease") == 1


# -- its end -----------------------------------------------------------------------------------------------------------


def ended(kept: Kept, *, finished: bool, left: Reply) -> list[str]:
    kept.keeper.take()
    kept.api.asked.clear()
    kept.api.get = left
    with kept.keeper.kept(kept.posted.put):
        kept.keeper.finished = finished
    return kept.api.asked


def test_a_run_that_is_over_deletes_its_lease_as_it_read_it(kept: Kept) -> None:
    assert ended(kept, finished=True, left=stored(version="9", **{VERDICT: "{}"})) == ["GET lease", "DELETE lease"]
    assert kept.api.bodies[-1]["preconditions"] == {"uid": "uid-lease", "resourceVersion": "9"}


def test_a_run_that_is_not_finished_leaves_its_verdict_for_the_next_process(kept: Kept) -> None:
    assert ended(kept, finished=False, left=stored(**{VERDICT: "{}"})) == ["GET lease", "PATCH lease"]
    assert kept.api.bodies[-1][-1] == {"op": "replace", "path": "/spec/holderIdentity", "value": ""}


@pytest.mark.parametrize("left", [stored(holder=BOB), GONE, DOWN])
def test_a_lease_that_is_not_ours_is_left_alone(left: Reply, kept: Kept) -> None:
    assert set(ended(kept, finished=True, left=left)) == {"GET lease"}


def test_every_write_of_the_lock_is_recorded(kept: Kept) -> None:
    ended(kept, finished=True, left=stored())
    writes = [r.fact.write for r in kept.record.facts if isinstance(r.fact, Intent | Answered)]
    assert writes == [WriteName.LOCK, WriteName.LOCK, WriteName.RELEASE, WriteName.RELEASE]
    with pytest.raises(Empty):
        kept.posted.get_nowait()


def test_after_its_end_nothing_is_renewed(kept: Kept) -> None:
    ended(kept, finished=True, left=stored())
    assert no_keeper_is_left()
    assert "PATCH lease" not in kept.api.asked


def test_a_defect_in_renewing_is_an_overdue_lock_and_the_next_renewal_is_tried(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.keeper.take()
    with kept.keeper.kept(kept.posted.put):
        kept.waits.asked.get(timeout=10)
        with monkeypatch.context() as patch:
            patch.setattr(LeaseKeeper, "_seen", raising)
            patch.setattr(LeaseKeeper, "_sent", raising)
            assert kept.renewal() == TRY_AGAIN_AFTER
            kept.at += LASTS
            assert kept.keeper.state() == Overdue("a defect in cutover (RuntimeError)")
        kept.renewal(after=1.0)
        assert kept.keeper.state() == HELD


def raising(*_: object, **__: object) -> None:
    raise RuntimeError("a defect")
