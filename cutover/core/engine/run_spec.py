"""The run spec: what a run knows from the start and never changes, and how it is made from a checked plan."""

from dataclasses import field, replace
from typing import Final

from cutover.core.base.documents import Json
from cutover.core.base.frozen import frozen
from cutover.core.base.target import Target
from cutover.core.objects.pod import PodView
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.edit import Edit, Edits
from cutover.core.plan.deadlines import Deadlines, deadlines_of, slowest_start, verification_deadline
from cutover.core.plan.model import OnFailure, Plan, PointOfNoReturn, Promotion
from cutover.core.podtemplate.field_paths import FieldPath
from cutover.core.podtemplate.probes import Probe, probes
from cutover.core.writes.cutover import UNMARKED, cutover_write
from cutover.core.writes.deadman import armed_mark
from cutover.core.writes.make_marks import marks_for
from cutover.core.writes.run_annotations import ArmedMark, annotations_of
from cutover.core.writes.write import Write


@frozen
class StablePod:
    """A pod of stable as it was before the write, to tell at the end whether it was replaced or restarted."""

    uid: str
    name: str
    restarts: int


@frozen
class RunSpec:
    """What a run is to do, from which state, within which time limits.

    `before` and `after` are T0 and T1; `base_hash` is h0, which is also s0, and `base_revision` Argo's number for it.
    `start_exits` is how often the changed containers of stable pods exited while starting, which is normal for this
    application. `cutover` is the write with which the run begins; a run that is resumed has none. `owner` is this
    process's name in the marks and on the Lease, empty for a run that has neither.
    """

    run: str
    target: Target
    uid: str
    base_hash: str
    base_revision: str
    before: Json = field(repr=False)
    after: Json = field(repr=False)
    strategy: Json = field(repr=False)
    edits: tuple[Edit, ...]
    cutover: tuple[Write, ...]
    promotion: Promotion
    on_failure: OnFailure
    deadlines: Deadlines
    stable_pods: tuple[StablePod, ...] = ()
    start_exits: int = 0
    probes: tuple[Probe, ...] = ()
    follow: bool = False
    owner: str = ""
    armed: ArmedMark | None = None
    point_of_no_return: PointOfNoReturn = PointOfNoReturn.NONE

    @property
    def changes(self) -> bool:
        """Whether the run is known to change the template; false where the marks are unreadable and T0 is there."""
        return self.before != self.after

    @property
    def changed_containers(self) -> frozenset[str]:
        """The names of the containers that any edit touches, init containers included."""
        return frozenset(name for edit in self.edits for name in edit.containers)

    @property
    def places(self) -> tuple[FieldPath, ...]:
        """The field path of each edit, in the order of `edits`."""
        return tuple(edit.place for edit in self.edits)

    @property
    def exits_allowed(self) -> int:
        """How many non-zero exits of a changed container still count as a slow start: stable's own and two more."""
        return max(2, self.start_exits + 2)


# -- making a run spec -------------------------------------------------------------------------------------------------


@frozen
class RunStart:
    """The owner for marks and Lease, and when the run begins (epoch seconds); without an owner there are no marks."""

    owner: str = ""
    at: float = 0.0


NOBODY: Final = RunStart()


def run_spec_of(
    run: str,
    plan: Plan,
    snapshot: Snapshot,
    edits: Edits,
    *,
    timeout: float,
    follow: bool,
    begun: RunStart = NOBODY,
) -> RunSpec:
    """Return the run spec of a plan that was checked on this snapshot, with the write that begins the run."""
    rollout = snapshot.rollout
    changed = edits.containers
    stable, deadlines = snapshot.stable_pods(), deadlines_of(plan, snapshot, changed, timeout)
    armed = None if plan.deadman is None else armed_mark(plan.deadman, rollout)
    marks = marks_for(plan, snapshot, edits, run=run, deadlines=deadlines, armed=armed, at=begun.at)
    noted = annotations_of(marks, begun.owner) if begun.owner else UNMARKED
    return RunSpec(
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
        deadlines=deadlines,
        stable_pods=tuple(StablePod(pod.meta.uid, pod.meta.name, pod.restarts) for pod in stable if not pod.over),
        start_exits=start_exits(stable, changed, rollout.progress_deadline_seconds),
        probes=probes(edits.after, changed),
        follow=follow,
        owner=begun.owner,
        armed=armed,
        point_of_no_return=plan.point_of_no_return,
    )


def start_exits(stable: tuple[PodView, ...], changed: frozenset[str], start_within: float) -> int:
    """Return how often changed containers of stable pods were restarted while starting: normal for this application.

    A container that was last started later than `start_within` seconds after its pod was restarted for other reasons.
    """
    starts = ((pod, c) for pod in stable for c in pod.containers if c.name in changed)
    return max((c.restarts for pod, c in starts if c.running_since - pod.started <= start_within), default=0)


def spec_without_plan(
    snapshot: Snapshot, deadlines: Deadlines, on_failure: OnFailure, *, run: str, before: Json, owner: str
) -> RunSpec:
    """Return the run spec to go back to stable from the template in the spec, for a run whose plan is not known.

    `verify_within` of the deadlines is replaced by that of the target.
    """
    rollout = snapshot.rollout
    verify_within = verification_deadline(rollout, slowest_start(rollout, snapshot.stable_pods()))
    return RunSpec(
        run=run,
        target=snapshot.target,
        uid=rollout.meta.uid,
        base_hash=rollout.status.stable_rs,
        base_revision=rollout.meta.revision,
        before=before,
        after=rollout.template,
        strategy=rollout.strategy,
        edits=(),
        cutover=(),
        promotion=Promotion.STEPS,
        on_failure=on_failure,
        deadlines=replace(deadlines, verify_within=verify_within),
        owner=owner,
    )
