"""The orders that are explored: the usual plan on the usual application, with the model's steps."""

from dataclasses import replace
from typing import Final

from cutover.core.engine.run_spec import RunSpec, RunStart, run_spec_of
from cutover.core.engine.state import NEVER
from cutover.core.plan.model import OnFailure, PointOfNoReturn, Promotion
from tests.core.engine.explore.canon import CAPS
from tests.core.engine.play import run_spec
from tests.core.engine.stage import ClusterStage, edits_of, opening, plan
from tests.core.engine.worlds import STEPS

STAGE: Final[ClusterStage] = opening().spec(strategy__canary__steps=list(STEPS))
OWNER: Final = "this process"


def order(
    promotion: Promotion = Promotion.AUTO, on_failure: OnFailure = OnFailure.RESTORE, *, follow: bool = False
) -> RunSpec:
    """The order of a run of this promotion and policy that leaves no marks."""
    return _known(run_spec(plan(promotion, on_failure), follow=follow, stage=STAGE))


def marked(
    promotion: Promotion = Promotion.AUTO,
    *,
    deadman: int | None = None,
    point: PointOfNoReturn = PointOfNoReturn.NONE,
) -> RunSpec:
    """The order of a run that marks the Rollout as its own, and may arm the dead-man."""
    intent = replace(plan(promotion, OnFailure.RESTORE), deadman=deadman, point_of_no_return=point)
    begun = RunStart(OWNER, 0.0)
    edits = edits_of(intent)
    return _known(run_spec_of("run-1", intent, STAGE.snapshot(), edits, timeout=NEVER, follow=False, begun=begun))


def _known(made: RunSpec) -> RunSpec:
    """The order, if its limits are those that `canon` knows."""
    deadlines = made.deadlines
    assert deadlines.hold <= CAPS["steady_since"]
    assert deadlines.stable_within <= CAPS["stable_short_since"]
    assert deadlines.ready_within + deadlines.relapse_within <= CAPS["pods_asked_at"]
    return made
