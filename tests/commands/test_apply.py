"""`cutover apply`, whole, in process: nothing is written before every check has passed, and what follows a refusal."""

import errno
import json
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

from cutover.adapters import journal
from cutover.commands.apply import ApplyOptions, apply
from cutover.commands.connect import ClusterFlags
from cutover.core.base.errors import LockedError, RefusedError, StaleError, UnreachableError
from cutover.core.base.outcomes import Cause, NoCause, Outcome, SpecState
from cutover.core.base.resources import Resource
from cutover.core.review.report import Report
from cutover.render.report_json import report_json
from tests.adapters.kube.server import Call
from tests.commands.api import PLANTED, REVIEWS, Api, Reply, serving
from tests.core.checks.documents import TEMPLATE, changed
from tests.core.engine.play import See, patched
from tests.core.engine.stage import AFTER, OTHERS, Stage, crash_looping, opening
from tests.runtime.test_lease_keeper import BOB, lease

PLAN: Final = """\
apiVersion: cutover.dev/v1alpha1
kind: CutoverPlan
metadata: {name: payments-to-b}
spec:
  target: {app: payments}
  promotion: auto
  watch: {readyWithin: 30s, adoptWithin: 60s, hold: 0s, bake: 0s}
  changes:
    - env:
        name: DATABASE_URL
        container: app
        secretKeyRef: {name: payments-db-b, key: url}
"""


LEASE: Final = "leases/cutover-payments"
ROLLOUT: Final = "PATCH rollouts/payments"
STATUS: Final = "PATCH rollouts/payments/status"
WARNED: Final = ["C043", "C056"]
"""What the checks say of the usual application: warnings, no refusal."""

Then = Callable[[], Iterable[See]]


def renewed_by_bob() -> Reply:
    """A Lease of somebody on another machine, who renews it."""
    seconds = iter(range(60))

    def reply(call: Call) -> None:
        document = lease(BOB)
        document["spec"]["renewTime"] = f"2026-11-23T06:30:{next(seconds):02d}.000000Z"
        call.reply(200, document)

    return reply


class Applied:
    """A plan in a folder, and an API server that shows the usual application."""

    def __init__(self, folder: Path, api: Api, kubeconfig: str) -> None:
        self.api = api
        self.folder = folder
        self.plan = folder / "plan.yaml"
        self.plan.write_text(PLAN)
        self._where = ClusterFlags(kubeconfig=kubeconfig)
        api.after = changed(api.stage.rollout, {"spec.template": AFTER})

    @property
    def dry_runs(self) -> list[str]:
        """The dry runs that were sent."""
        seen = (each for each in self.api.seen if "dryRun" in each.query)
        return [f"{each.method} {each.path.rpartition('/')[2]}" for each in seen]

    @property
    def reviews(self) -> int:
        """How many rights were asked for."""
        return sum(each.path == REVIEWS for each in self.api.seen)

    @property
    def marks(self) -> list[str]:
        """What stands of the run on the Rollout."""
        return [name for name in self.api.stage.rollout["metadata"]["annotations"] if name.startswith("cutover.dev/")]

    def kept(self, report: Report) -> str:
        """All that is left of the run: its report, its journal, and every request."""
        texts = [file.read_text() for file in self.folder.rglob("*.jsonl")]
        assert texts
        return "".join((repr(report), report_json(report), *texts, repr(self.api.bodies)))

    def locks(self, then: Callable[[], None] = lambda: None) -> None:
        """Let the Lease be made, patched and deleted as it is asked for; `then` happens once it is made."""

        def make(call: Call) -> None:
            body = json.loads(call.seen.body)
            body["metadata"] |= {"namespace": "payments", "uid": "uid-lease", "resourceVersion": "5"}
            self.api.others[Resource.LEASE] = (body,)
            then()
            call.reply(201, body)

        def patch(call: Call) -> None:
            left = patched(self.api.others[Resource.LEASE][0], json.loads(call.seen.body))
            self.api.others[Resource.LEASE] = (left,)
            call.reply(200, left)

        self.api.on["POST leases"] = make
        self.api.on[f"PATCH {LEASE}"] = patch
        self.api.on[f"DELETE {LEASE}"] = lambda call: call.reply(200, {"kind": "Status", "status": "Success"})

    def rollout_writes(self, *then: Then) -> None:
        """Store each patch of the Rollout; then the cluster is seen as these stages, one after the other."""
        self.api.on[ROLLOUT] = self._storing(then)

    def status_writes(self, *then: Then) -> None:
        """The same for patches of its status."""
        self.api.on[STATUS] = self._storing(then)

    def _storing(self, then: Iterable[Then]) -> Reply:
        left = iter(then)

        def store(call: Call) -> None:
            stages = next(left)
            stage = self.api.stores(call)
            for change in stages():
                stage = change(stage)
                self.api.shows(stage)

        return store

    def apply(self, *, dry_run: bool = False) -> Report:
        return apply(ApplyOptions(str(self.plan), self._where, dry_run=dry_run))


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Applied]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    api = Api()
    with serving(api, tmp_path) as kubeconfig:
        yield Applied(tmp_path, api, kubeconfig)


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def test_a_dry_run_asks_everything_and_writes_nothing(one: Applied) -> None:
    report = one.apply(dry_run=True)
    assert (report.outcome, codes(report)) == (Outcome.PLANNED, WARNED)
    assert one.api.writes == []
    assert sorted(one.dry_runs) == ["PATCH payments", "POST pods"]


# -- refused before the first write ------------------------------------------------------------------------------------


def test_a_check_that_refuses_ends_the_run_before_anything_is_asked(one: Applied) -> None:
    one.api.shows(opening().spec(paused=True))
    report = one.apply()
    assert (report.outcome, "C007" in codes(report)) == (Outcome.REFUSED, True)
    assert (one.api.writes, one.dry_runs, one.reviews) == ([], [], 0)


def test_a_missing_right_ends_it_before_a_dry_run(one: Applied) -> None:
    one.api.denied = frozenset({"patch rollouts"})
    report = one.apply()
    assert (report.outcome, "C093" in codes(report)) == (Outcome.REFUSED, True)
    assert (one.api.writes, one.dry_runs) == ([], [])


def test_what_admission_would_refuse_is_not_written(one: Applied) -> None:
    one.api.dry = lambda call: call.refuse(403, "Forbidden", f"policy says no to {PLANTED}")
    report = one.apply()
    assert (report.outcome, "C090" in codes(report), one.api.writes) == (Outcome.REFUSED, True, [])
    assert PLANTED not in repr(report)


def test_what_would_be_stored_differently_is_not_written(one: Applied) -> None:
    one.api.after = changed(one.api.stage.rollout, {"spec.template": OTHERS})
    report = one.apply()
    assert (report.outcome, "C091" in codes(report), one.api.writes) == (Outcome.REFUSED, True, [])


def test_a_template_of_which_no_pod_would_be_taken_is_not_written(one: Applied) -> None:
    one.api.pod = lambda call: call.refuse(422, "Invalid", "spec.containers[0]: no")
    report = one.apply()
    assert (report.outcome, "C096" in codes(report), one.api.writes) == (Outcome.REFUSED, True, [])


def test_a_rollout_that_moved_since_it_was_read_is_stale(one: Applied) -> None:
    def moves(call: Call) -> None:
        one.api.shows(opening().spec(template=OTHERS))
        call.refuse(422, "Invalid", "the test failed")

    one.api.dry = moves
    with pytest.raises(StaleError):
        one.apply()
    assert one.api.writes == []


def test_a_live_run_of_somebody_else_is_named_first(one: Applied) -> None:
    one.api.instead[f"GET {LEASE}"] = renewed_by_bob()
    with pytest.raises(LockedError) as locked:
        one.apply()
    assert "run run-2 of bob@laptop" in locked.value.problems[0].message
    assert (one.api.writes, one.dry_runs, one.reviews) == ([], [], 0)


def test_an_api_server_that_goes_away_is_unreachable(one: Applied) -> None:
    one.api.instead["GET pods"] = Call.cut
    with pytest.raises(UnreachableError):
        one.apply()
    assert one.api.writes == []


def test_a_plan_that_is_done_already_is_unchanged(one: Applied) -> None:
    one.api.shows(opening().spec(template=AFTER).observed())
    report = one.apply()
    assert (report.outcome, one.api.writes) == (Outcome.UNCHANGED, [])


def test_a_journal_that_cannot_be_written_forbids_every_write(
    one: Applied, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "full").write_text("no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "full"))
    with pytest.raises(RefusedError) as refused:
        one.apply()
    assert "the journal cannot be written" in refused.value.problems[0].message
    assert one.api.writes == []


def test_a_disk_that_is_full_forbids_every_write(one: Applied, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(journal.os, "write", full)
    with pytest.raises(RefusedError) as refused:
        one.apply()
    assert "No space left on device" in refused.value.problems[0].message
    assert one.api.writes == []


def test_a_lock_that_cannot_be_taken_refuses_and_the_rollout_is_not_written(one: Applied) -> None:
    one.api.on["POST leases"] = lambda call: call.refuse(403, "Forbidden", "no")
    with pytest.raises(RefusedError) as refused:
        one.apply()
    assert "nothing was written to the Rollout" in refused.value.problems[0].message
    assert set(one.api.writes) == {"POST leases"}


# -- refused after the lock --------------------------------------------------------------------------------------------


def test_what_became_refusable_while_the_lock_was_taken_refuses_after_all(one: Applied) -> None:
    one.locks(lambda: one.api.shows(opening().spec(paused=True)))
    report = one.apply()
    assert (report.outcome, "C007" in codes(report)) == (Outcome.REFUSED, True)
    assert one.api.writes == ["POST leases", f"DELETE {LEASE}"]


def test_a_write_that_is_refused_leaves_nothing_behind(one: Applied) -> None:
    one.locks()
    one.api.on[ROLLOUT] = lambda call: call.refuse(403, "Forbidden", "a webhook changed its mind")
    report = one.apply()
    assert (report.outcome, report.spec) == (Outcome.REFUSED, SpecState.UNCHANGED)
    assert one.api.writes == ["POST leases", ROLLOUT, f"DELETE {LEASE}"]


# -- runs --------------------------------------------------------------------------------------------------------------


def test_a_good_plan_is_written_once_promoted_and_leaves_nothing_behind(one: Applied) -> None:
    one.locks()
    one.rollout_writes(
        lambda: (Stage.adopted, Stage.canary, Stage.canary_ready, lambda stage: stage.paused_at(1)),
        lambda: (),
    )
    one.status_writes(lambda: (lambda stage: stage.at_step(2), Stage.promoted))
    report = one.apply()
    assert (report.outcome, report.unproven, report.cause) == (Outcome.PROMOTED, (), NoCause())
    assert one.api.writes == ["POST leases", ROLLOUT, STATUS, ROLLOUT, f"DELETE {LEASE}"]
    assert one.api.stage.rollout["spec"]["template"] == AFTER
    assert one.marks == []
    assert PLANTED not in one.kept(report)


def test_a_bad_plan_is_aborted_undone_and_proven(one: Applied) -> None:
    one.locks()
    one.rollout_writes(
        lambda: (Stage.adopted, lambda stage: stage.canary().canary_pod(**crash_looping(1, 3, f"bad {PLANTED}"))),
        lambda: (Stage.restored_and_healthy,),
        lambda: (),
    )
    one.status_writes(lambda: (Stage.aborted,))
    report = one.apply()
    assert (report.outcome, report.unproven, report.spec) == (Outcome.HELD, (), SpecState.RESTORED)
    assert isinstance(report.cause, Cause)
    assert report.cause.code == "crash-loop"
    assert one.api.writes == ["POST leases", ROLLOUT, f"PATCH {LEASE}", STATUS, ROLLOUT, ROLLOUT, f"DELETE {LEASE}"]
    assert one.api.stage.rollout["spec"]["template"] == TEMPLATE
    assert one.marks == []
    assert PLANTED not in one.kept(report)


def test_a_signal_in_the_middle_takes_the_plan_back(one: Applied) -> None:
    one.locks()

    def interrupted() -> Iterable[See]:
        os.kill(os.getpid(), signal.SIGTERM)
        return (Stage.adopted,)

    one.rollout_writes(interrupted, lambda: (Stage.restored_and_healthy,), lambda: ())
    one.status_writes(lambda: (Stage.aborted,))
    report = one.apply()
    assert (report.outcome, report.unproven, report.spec) == (Outcome.INTERRUPTED, (), SpecState.RESTORED)
    assert one.api.stage.rollout["spec"]["template"] == TEMPLATE
