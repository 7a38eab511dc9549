"""From what stands to the order and the state of an abort that a person asked for."""

from dataclasses import replace
from typing import Final

from cutover.core.base.causes import Course, rule
from cutover.core.base.outcomes import Cause
from cutover.core.engine.run_spec import Brief
from cutover.core.engine.state import Phase, State, Verdict, start
from cutover.core.objects.snapshot import Snapshot
from cutover.core.plan.deadlines import slowest_start, verification_of
from cutover.core.plan.limits import Timing
from cutover.core.plan.model import OnFailure, Promotion

_UNUSED: Final = 60.0
"""A limit of a phase that an abort never enters."""


def asked_by(who: str, reason: str) -> Cause:
    """The cause of an abort that a person asked for."""
    why = f": {reason}" if reason else ""
    return Cause(rule("abort-asked").attribution, "abort-asked", f"{who} asked for the abort{why}")


def brief_of_theirs(snapshot: Snapshot) -> Brief:
    """The order to abort a canary that no run of ours began: what it came from is not known, so its value stays."""
    rollout = snapshot.rollout
    verify = verification_of(rollout, slowest_start(rollout, snapshot.stable_pods()))
    return Brief(
        run="",
        target=snapshot.target,
        uid=rollout.meta.uid,
        base_hash=rollout.status.stable_rs,
        base_revision=rollout.meta.revision,
        before={},
        after=rollout.template,
        strategy=rollout.strategy,
        edits=(),
        cutover=(),
        promotion=Promotion.STEPS,
        on_failure=OnFailure.ABORT,
        timing=Timing(_UNUSED, _UNUSED, _UNUSED, _UNUSED, _UNUSED, verify),
    )


def state_of_theirs(brief: Brief, snapshot: Snapshot, cause: Cause, now: float) -> State:
    """The state in which the abort of somebody else's canary begins, `now` in monotonic seconds."""
    rollout = snapshot.rollout
    return replace(
        start(brief, now),
        phase=Phase.CANARY,
        standing=brief.after,
        generation=rollout.meta.generation,
        written_at=now,
        adopted_at=now,
        canary_hash=rollout.status.current_pod_hash,
        sent=frozenset({"begun by somebody else"}),
        verdict=Verdict(Course.FAIL, cause, now),
    )
