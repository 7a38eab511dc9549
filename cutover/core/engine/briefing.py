"""From a checked plan and its snapshot to the order of a run."""

from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.engine.run_spec import Brief, StablePod
from cutover.core.objects.pod import PodView
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.edit import Edits
from cutover.core.plan.deadlines import timing_of
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.probes import probes
from cutover.core.writes.arming import armed_mark
from cutover.core.writes.cutover import UNMARKED, cutover_write
from cutover.core.writes.run_annotations import annotations_of
from cutover.core.writes.run_marks import marks_for


@frozen
class Begun:
    """Who begins the run (the name in marks and Lease), and when (seconds since the epoch); nobody leaves no marks."""

    owner: str = ""
    at: float = 0.0


NOBODY: Final = Begun()


def brief_of(
    run: str,
    plan: Plan,
    snapshot: Snapshot,
    edits: Edits,
    *,
    timeout: float,
    follow: bool,
    begun: Begun = NOBODY,
) -> Brief:
    """The order of a run: everything that it has to know and that does not change."""
    rollout = snapshot.rollout
    changed = edits.containers
    stable, timing = snapshot.stable_pods(), timing_of(plan, snapshot, changed, timeout)
    armed = tuple(armed_mark(seconds, rollout) for seconds in plan.deadman)
    marks = marks_for(plan, snapshot, edits, run=run, timing=timing, armed=armed, at=begun.at)
    noted = annotations_of(marks, begun.owner) if begun.owner else UNMARKED
    return Brief(
        run=run,
        target=snapshot.target,
        uid=rollout.meta.uid,
        base_hash=rollout.status.stable_rs,
        base_revision=rollout.meta.revision,
        before=edits.before,
        after=edits.after,
        strategy=rollout.strategy,
        edits=edits.edits,
        cutover=(cutover_write(snapshot.target, rollout, edits, noted, armed),),
        promotion=plan.promotion,
        on_failure=plan.on_failure,
        timing=timing,
        stable_pods=tuple(StablePod(pod.meta.uid, pod.meta.name, pod.restarts) for pod in stable if not pod.over),
        start_exits=start_exits(stable, changed, rollout.progress_deadline_seconds),
        probes=probes(edits.after, changed),
        follow=follow,
        owner=begun.owner,
        armed=armed,
        point_of_no_return=plan.point_of_no_return,
    )


# -- what another machine needs to go on -------------------------------------------------------------------------------


# -- what the application is like --------------------------------------------------------------------------------------


def start_exits(stable: tuple[PodView, ...], changed: frozenset[str], start_within: float) -> int:
    """How often the changed containers of stable pods were restarted while starting: normal for this application.

    A container that was last started later than any start may take was restarted for other reasons.
    """
    starts = ((pod, c) for pod in stable for c in pod.containers if c.name in changed)
    return max((c.restarts for pod, c in starts if c.running_since - pod.started <= start_within), default=0)
