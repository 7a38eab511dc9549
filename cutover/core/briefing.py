"""From a checked plan and its snapshot to the order of a run."""

from typing import Final

from cutover.core.canonical import digest
from cutover.core.edit import Edits
from cutover.core.frozen import frozen
from cutover.core.limits import Timing
from cutover.core.machine.brief import Brief, Probe, StablePod
from cutover.core.marks import ArmedMark, Deadlines, EditMark, Marks, annotations_of
from cutover.core.plan.model import Plan
from cutover.core.template.differing import Difference, differing
from cutover.core.template.env import Container, containers
from cutover.core.template.places import Value, part_at
from cutover.core.template.shape import shape_of
from cutover.core.template.spelling import common
from cutover.core.timing import timing_of
from cutover.core.views.fields import Json, at, objects, text, whole
from cutover.core.views.pod import PodView
from cutover.core.world import Snapshot
from cutover.core.writes.arming import armed_mark
from cutover.core.writes.cutover import UNMARKED, cutover_write


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


def marks_for(
    plan: Plan, snapshot: Snapshot, edits: Edits, *, run: str, timing: Timing, armed: tuple[ArmedMark, ...], at: float
) -> Marks:
    """The marks of a run."""
    rollout, edited = snapshot.rollout, marked_edits(edits)
    return Marks(
        run=run,
        plan=plan.name,
        plan_digest=plan.digest,
        before_digest=digest(edits.before),
        after_digest=digest(common(edits.after, (mark.place for mark in edited))),
        strategy_digest=digest(rollout.strategy),
        base=rollout.status.stable_rs,
        base_revision=rollout.meta.revision,
        edits=edited,
        promotion=plan.promotion.value,
        on_failure=plan.on_failure.value,
        point_of_no_return=plan.point_of_no_return.value,
        deadlines=_deadlines(timing),
        began=at,
        armed=armed,
    )


def marked_edits(edits: Edits) -> tuple[EditMark, ...]:
    """Every place that the edits change, with the shape of what stood there: all that the way back takes."""
    return tuple(_edit_mark(found, edits.before) for found in differing(edits.before, edits.after))


def _edit_mark(found: Difference, before: Json) -> EditMark:
    old = part_at(before, found.place)
    shape = shape_of(old.document) if isinstance(old, Value) else ""
    return EditMark(found.place, found.way, found.index, shape)


def _deadlines(timing: Timing) -> Deadlines:
    return Deadlines(
        adopt=timing.adopt_within,
        ready=timing.ready_within,
        hold=timing.hold,
        bake=timing.bake,
        relapse=timing.relapse_within,
        verify=timing.verify_within,
    )


# -- what the application is like --------------------------------------------------------------------------------------


def start_exits(stable: tuple[PodView, ...], changed: frozenset[str], start_within: float) -> int:
    """How often the changed containers of stable pods were restarted while starting: normal for this application.

    A container that was last started later than any start may take was restarted for other reasons.
    """
    starts = ((pod, c) for pod in stable for c in pod.containers if c.name in changed)
    return max((c.restarts for pod, c in starts if c.running_since - pod.started <= start_within), default=0)


def probes(template: Json, changed: frozenset[str]) -> tuple[Probe, ...]:
    """Where the changed containers answer their readiness probes."""
    return tuple(_probe(container) for container in containers(template) if container.name in changed)


def _probe(container: Container) -> Probe:
    http = at(container.document, "readinessProbe", "httpGet")
    return Probe(container.name, _port(container.document, at(http, "port")), text(http, "path") or "/")


def _port(container: Json, port: object) -> int:
    """The number of a probe's port, which may be given by the name of a container port; 0 where there is none."""
    if isinstance(port, int):
        return whole(port)
    named = (entry for entry in objects(container, "ports") if text(entry, "name") == port)
    return next((whole(entry, "containerPort") for entry in named), 0)
