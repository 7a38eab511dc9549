"""Make the cause of an abort that a person requested, and the start of one whose canary no run began.

That start is a run spec and a state, as `resume` makes them from a run's marks.
"""

from dataclasses import replace
from typing import Final

from cutover.core.base.causes import Reaction, rule
from cutover.core.base.outcomes import Cause
from cutover.core.engine.run_spec import RunSpec, spec_without_plan
from cutover.core.engine.state import Phase, State, Verdict, start
from cutover.core.objects.snapshot import Snapshot
from cutover.core.plan.deadlines import Deadlines
from cutover.core.plan.model import OnFailure

_UNUSED: Final = Deadlines(60.0, 60.0, 60.0, 60.0, 60.0, 60.0)
"""The deadlines of phases that an abort never enters."""


def requested_abort(who: str, reason: str) -> Cause:
    """Return the cause `abort-asked` of an abort by a person; `who` and `reason` are its message."""
    why = f": {reason}" if reason else ""
    return Cause(rule("abort-asked").attribution, "abort-asked", f"{who} asked for the abort{why}")


def spec_of_foreign_canary(snapshot: Snapshot) -> RunSpec:
    """Return the run spec to abort a canary that no run began: its old template is not known, so the spec stays."""
    return spec_without_plan(snapshot, _UNUSED, OnFailure.ABORT, run="", before={}, owner="")


def state_of_foreign_canary(run_spec: RunSpec, snapshot: Snapshot, cause: Cause, now: float) -> State:
    """Return the state in which the abort of somebody else's canary begins; `now` in monotonic seconds."""
    rollout = snapshot.rollout
    return replace(
        start(run_spec, now),
        phase=Phase.CANARY,
        stored_template=run_spec.after,
        generation=rollout.meta.generation,
        written_at=now,
        adopted_at=now,
        canary_hash=rollout.status.current_pod_hash,
        sent_writes=frozenset({"begun by somebody else"}),
        verdict=Verdict(Reaction.FAIL, cause, now),
    )
